#include "sim/machine/reports.hpp"

#include <fmt/format.h>

#include <array>
#include <boost/json/value.hpp>
#include <cmath>

#include "base/text.hpp"

namespace farmwall::sim {

namespace json = boost::json;

namespace {

std::uint32_t address_number(const std::string& address) {
    std::uint32_t number = 0;
    int shift = 0;
    std::uint32_t octet = 0;
    for (const char c : address + '.') {
        if (c != '.') {
            octet = octet * 10 + static_cast<std::uint32_t>(c - '0');
            continue;
        }
        number |= octet << shift;  // first octet in the low byte (protocol 4.7)
        shift += 8;
        octet = 0;
    }
    return number;
}

}  // namespace

namespace parts {

double reading(const Machine& machine, const Heater& heater, std::uint32_t noise) {
    const bool holding = heater.target > 0 && std::abs(heater.celsius - heater.target) < 0.5;
    const bool small = is_small_controller(machine.spec().model);
    const double shift = holding ? (static_cast<double>(noise % 13) - 6) / 32 : 0;
    const double shown = heater.celsius + (small ? shift : shift * 3);
    return small ? std::round(shown * 32) / 32 : std::round(shown);
}

std::int64_t packed(const Heater& heater) {
    return (static_cast<std::int64_t>(std::lround(heater.target)) << 16) | std::lround(heater.celsius);
}

std::int64_t home_flag(const Machine& machine) {
    const auto& s = machine.state();
    const auto& spec = machine.spec();
    const bool small = is_small_controller(spec.model);
    std::uint32_t flag = 0;
    auto put = [&flag](int bit, bool on) {
        if (on) flag |= 1U << bit;
    };
    for (int axis = 0; axis < 3; ++axis)
        put(axis, s.homed[static_cast<std::size_t>(axis)]);
    put(4, s.step_loss_recovery);
    put(5, s.recording && s.storage && is_active(s.state));
    put(7, true);
    put(8, s.storage);
    put(10, s.auto_refill);
    put(12, spec.bit_fields && spec.model != Model::x1c);
    put(14, true);
    put(15, true);
    put(16, true);
    put(17, s.sound && small);
    put(18, small);
    put(19, true);
    put(20, s.tangle_detection);
    put(22, true);
    put(23, s.door_open && spec.door);
    put(24, s.clump_detection);
    put(25, true);
    put(28, s.air_print_detection);
    put(29, small);
    put(31, spec.bit_fields);
    return static_cast<std::int32_t>(flag);
}

void add_job(json::object& print, const Machine& machine) {
    const auto& s = machine.state();
    const bool small = is_small_controller(machine.spec().model);
    const bool active = is_active(s.state);
    print["gcode_state"] = text_of(s.state);
    print["mc_percent"] = s.percent;
    print["mc_remaining_time"] = s.remaining_minutes;
    print["layer_num"] = s.layer;
    print["total_layer_num"] = s.job.name.empty() ? 0 : s.job.layers;
    print["gcode_file_prepare_percent"] =
        s.state == GcodeState::prepare ? "50" : (s.job.name.empty() ? "0" : "100");
    print["subtask_name"] = s.job.name;
    const std::string plate = fmt::format("/data/Metadata/plate_{}.gcode", s.job.plate);
    print["gcode_file"] = s.job.name.empty() ? std::string{} : small ? s.job.file : plate;
    print["project_id"] = s.job.project_id;
    print["profile_id"] = s.job.profile_id;
    print["task_id"] = s.job.task_id;
    print["subtask_id"] = s.job.subtask_id;
    print["print_type"] = active ? std::string_view{s.job.print_type} : (small ? "idle" : "");
    print["mc_print_stage"] = active ? "2" : "1";
    print["mc_print_sub_stage"] = 0;
    json::array queue;
    if (active)
        for (const int stage : s.job.stages)
            queue.emplace_back(stage);
    print["stg"] = queue;
    print["stg_cur"] = machine.reported_stage();
    constexpr std::array<int, 4> magnitudes = {50, 100, 124, 166};
    print["spd_lvl"] = s.speed_level;
    print["spd_mag"] = magnitudes[static_cast<std::size_t>(s.speed_level - 1)];
    json::array skipped;
    for (const int id : s.skipped_objects)
        skipped.emplace_back(id);
    print["s_obj"] = skipped;
}

void add_common(json::object& print, const Machine& machine) {
    const auto& s = machine.state();
    auto fifteenth = [](int speed) { return fmt::format("{}", speed * 15 / 255); };
    // Bed slingers have one fan; the other two readings mirror it (protocol 4.6).
    const bool mirror = machine.spec().bed_slinger;
    const int aux = mirror ? s.part_fan : s.aux_fan;
    const int chamber = mirror ? s.part_fan : s.chamber_fan;
    print["cooling_fan_speed"] = fifteenth(s.part_fan);
    print["big_fan1_speed"] = fifteenth(aux);
    print["big_fan2_speed"] = fifteenth(chamber);
    print["heatbreak_fan_speed"] = s.nozzles[0].celsius > 50 || s.nozzles[1].celsius > 50 ? "15" : "0";
    print["fan_gear"] = s.part_fan | (s.aux_fan << 8) | (s.chamber_fan << 16);
    print["wifi_signal"] = fmt::format("{}dBm", s.wifi_dbm);
    print["print_error"] = s.print_error;
    json::array hms;
    for (const auto& entry : s.hms)
        hms.push_back(json::object{{"attr", entry.attr}, {"code", entry.code}});
    print["hms"] = hms;
    json::array lights{json::object{{"node", "chamber_light"}, {"mode", s.chamber_light}}};
    if (machine.spec().work_light)
        lights.push_back(json::object{{"node", "work_light"}, {"mode", s.work_light}});
    if (machine.spec().chamber_heater)
        lights.push_back(json::object{{"node", "chamber_light2"}, {"mode", s.chamber_light2}});
    print["lights_report"] = lights;
    print["ams_status"] = machine.ams_status();
    print["ams_rfid_status"] = 0;
    const Source now = s.loaded[static_cast<std::size_t>(s.active_extruder)];
    print["hw_switch_state"] = now.none() ? 0 : 1;
    print["home_flag"] = home_flag(machine);
    print["sdcard"] = s.storage;
    print["nozzle_diameter"] = s.nozzle_diameter;
    print["force_upgrade"] = false;
    if (machine.spec().model != Model::p1s)  // older P1 firmware has no such key
        print["net"] =
            json::object{{"conf", 16},
                         {"info", json::array{json::object{{"ip", address_number(s.address)}, {"mask", 255}},
                                              json::object{{"ip", 0}, {"mask", 0}}}}};
    print["cali_version"] = 0;
}

}  // namespace parts

json::object full_report(const Machine& machine, std::uint32_t noise) {
    json::object print;
    parts::add_job(print, machine);
    parts::add_common(print, machine);
    if (is_small_controller(machine.spec().model)) {
        parts::add_p1(print, machine, noise);
    } else if (machine.spec().bit_fields) {
        parts::add_modern(print, machine, noise);
    } else {
        parts::add_x1_old(print, machine, noise);
    }
    return print;
}

namespace {

// Units that differ, of each only the trays that differ.
json::array changed_units(const json::array& before, const json::array& now) {
    json::array units;
    for (std::size_t i = 0; i < now.size(); ++i) {
        if (i < before.size() && before[i] == now[i]) continue;
        json::object unit = now[i].as_object();
        if (i < before.size()) {
            const auto& old_trays = before[i].at("tray").as_array();
            json::array trays;
            for (const auto& tray : now[i].at("tray").as_array()) {
                const bool known = std::find(old_trays.begin(), old_trays.end(), tray) != old_trays.end();
                if (!known) trays.push_back(tray);
            }
            unit["tray"] = trays;
        }
        units.push_back(unit);
    }
    return units;
}

json::object changed_ams(const json::object& before, const json::object& now) {
    json::object result;
    for (const auto& [key, value] : now) {
        const auto* old = before.if_contains(key);
        if (old != nullptr && *old == value) continue;
        if (key == "ams" && old != nullptr && old->is_array()) {
            result[key] = changed_units(old->as_array(), value.as_array());
        } else {
            result[key] = value;
        }
    }
    return result;
}

}  // namespace

json::object changes(const json::object& before, const json::object& now) {
    json::object result;
    for (const auto& [key, value] : now) {
        const auto* old = before.if_contains(key);
        if (old != nullptr && *old == value) continue;
        if (key == "ams" && old != nullptr && old->is_object()) {
            result[key] = changed_ams(old->as_object(), value.as_object());
        } else {
            result[key] = value;
        }
    }
    return result;
}

}  // namespace farmwall::sim
