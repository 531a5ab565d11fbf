#include <fmt/format.h>

#include <array>
#include <boost/json/value.hpp>
#include <cmath>

#include "sim/machine/reports.hpp"

namespace farmwall::sim::parts {

namespace json = boost::json;

namespace {

// Firmware of the small controllers calls the drying values tray_temp and tray_time and has no state.
json::object tray(const Machine& machine, const Spool& spool, int id) {
    const bool small = is_small_controller(machine.spec().model);
    json::object tray;
    tray["id"] = fmt::format("{}", id);
    if (machine.spec().bit_fields && id < 254) tray["state"] = spool.type.empty() ? 9 : 11;
    tray["remain"] = spool.remain_percent;
    if (small) {
        tray["k"] = 0.02;
        tray["n"] = 1;
    }
    tray["cali_idx"] = -1;
    tray["tag_uid"] = spool.tag.empty() ? std::string(16, '0') : spool.tag;
    tray["tray_uuid"] = spool.uuid.empty() ? std::string(32, '0') : spool.uuid;
    tray["tray_id_name"] = "";
    tray["tray_info_idx"] = spool.preset;
    tray["tray_type"] = spool.type;
    tray["tray_sub_brands"] = spool.brand;
    tray["tray_color"] = spool.color;
    tray["cols"] = json::array{spool.color};
    tray["ctype"] = 0;
    tray["tray_weight"] = fmt::format("{}", spool.weight_g);
    tray["tray_diameter"] = spool.weight_g > 0 || !small ? "1.75" : "0.00";
    tray[small ? "tray_temp" : "drying_temp"] = fmt::format("{}", spool.dry_celsius);
    tray[small ? "tray_time" : "drying_time"] = fmt::format("{}", spool.dry_hours);
    tray["bed_temp"] = "0";
    tray["bed_temp_type"] = "0";
    tray["nozzle_temp_min"] = fmt::format("{}", spool.type.empty() ? 0 : spool.nozzle_min);
    tray["nozzle_temp_max"] = fmt::format("{}", spool.type.empty() ? 0 : spool.nozzle_max);
    tray["xcam_info"] = std::string(24, '0');
    if (machine.spec().bit_fields) tray["total_len"] = 330000;
    return tray;
}

json::object empty_tray(const Machine& machine, const AmsUnit& unit, int slot) {
    json::object tray{{"id", fmt::format("{}", slot)}};
    // Newer firmware adds a state without the "spool present" bit; which one varies.
    constexpr std::array<int, 3> absent_states = {0, 8, 10};
    if (machine.spec().bit_fields)
        tray["state"] = absent_states[static_cast<std::size_t>(unit.id + slot) % absent_states.size()];
    return tray;
}

json::object unit_object(const Machine& machine, const AmsUnit& unit) {
    json::object object{{"id", fmt::format("{}", unit.id)}};
    const bool sensors = unit.kind != AmsKind::lite;
    const bool new_form = machine.spec().bit_fields || unit.kind == AmsKind::pro || unit.kind == AmsKind::ht;
    const int index = unit.humidity_percent < 15 ? 5 : unit.humidity_percent < 25 ? 4 : 3;
    object["humidity"] = unit.kind == AmsKind::ht ? "0" : fmt::format("{}", sensors ? index : 5);
    if (new_form) {
        object["humidity_raw"] = fmt::format("{}", unit.humidity_percent);
        const int family = unit.kind == AmsKind::pro || unit.kind == AmsKind::ht ? 0x2000 : 0x1000;
        const int drying = unit.dry_minutes > 0 ? 2 : 0;
        object["info"] =
            fmt::format("{:x}", family | (unit.extruder << 8) | (drying << 4) | static_cast<int>(unit.kind));
        object["dry_time"] = static_cast<int>(std::ceil(unit.dry_minutes));
    }
    object["temp"] = sensors ? fmt::format("{:.1f}", unit.dry_minutes > 0 ? 55.0 : unit.celsius) : "0.0";
    json::array trays;
    for (std::size_t slot = 0; slot < unit.slots.size(); ++slot) {
        const int id = static_cast<int>(slot);
        trays.push_back(unit.slots[slot] ? tray(machine, *unit.slots[slot], id)
                                         : empty_tray(machine, unit, id));
    }
    object["tray"] = trays;
    return object;
}

struct Bits {
    std::uint64_t units = 0;
    std::uint64_t trays = 0;
    std::uint64_t tagged = 0;
};

Bits presence(const Machine& machine) {
    Bits bits;
    for (const auto& unit : machine.state().ams) {
        bits.units |= 1ULL << (unit.id >= 128 ? 4 + unit.id - 128 : unit.id);
        for (std::size_t slot = 0; slot < unit.slots.size(); ++slot) {
            if (!unit.slots[slot]) continue;
            const int place = unit.id >= 128 ? 16 + unit.id - 128 : 4 * unit.id + static_cast<int>(slot);
            bits.trays |= 1ULL << place;
            if (unit.slots[slot]->tagged()) bits.tagged |= 1ULL << place;
        }
    }
    return bits;
}

}  // namespace

json::object external_tray(const Machine& machine, const Spool& spool, int id) {
    json::object object = tray(machine, spool, id);
    object["remain"] = 0;
    return object;
}

json::object ams(const Machine& machine) {
    json::array units;
    for (const auto& unit : machine.state().ams)
        units.push_back(unit_object(machine, unit));
    const Bits bits = presence(machine);
    json::object object{{"ams", units}};
    object["ams_exist_bits"] = fmt::format("{:x}", bits.units);
    object["tray_exist_bits"] = fmt::format("{:x}", bits.trays);
    object["tray_is_bbl_bits"] = fmt::format("{:x}", bits.tagged);
    object["tray_read_done_bits"] = fmt::format("{:x}", bits.trays);
    object["tray_reading_bits"] = "0";
    const std::string now = fmt::format("{}", machine.tray_now());
    object["tray_now"] = now;
    object["tray_pre"] = now;
    object["tray_tar"] = now;
    object["version"] = 7;
    object["insert_flag"] = true;
    object["power_on_flag"] = false;
    return object;
}

}  // namespace farmwall::sim::parts
