#include "model/facts.hpp"

#include <algorithm>
#include <cmath>

namespace farmwall {
namespace {

Temperature unpacked(const PackedTemperature& packed) {
    return {static_cast<double>(packed.current_celsius), static_cast<double>(packed.target_celsius)};
}

std::optional<Temperature> plain(const std::optional<double>& celsius, const std::optional<double>& target) {
    if (!celsius) return std::nullopt;
    return Temperature{*celsius, target};
}

std::optional<bool> bit(const std::optional<std::uint64_t>& field, int number) {
    if (!field) return std::nullopt;
    return ((*field >> number) & 1U) != 0;
}

std::optional<bool> bit(const std::optional<std::uint32_t>& field, int number) {
    if (!field) return std::nullopt;
    return ((*field >> number) & 1U) != 0;
}

// All four bit fields of the newer protocol: then they win over home_flag (protocol 4.9).
bool has_new_bits(const Report& report) { return report.cfg && report.fun && report.aux && report.stat; }

const Extruder* find_extruder(const Report& report, int id) {
    if (!report.extruders) return nullptr;
    for (const Extruder& extruder : *report.extruders) {
        if (extruder.id == id) return &extruder;
    }
    return nullptr;
}

}  // namespace

std::optional<int> active_extruder(const Report& report) {
    if (!report.extruder_state) return 0;
    const int current = (*report.extruder_state >> 4) & 0xF;
    if (current == 0xF) return std::nullopt;  // changing
    return current;
}

int extruder_count(const PrinterState& printer) {
    const Report& report = printer.report;
    if (report.extruders && report.extruders->size() == 2) return 2;
    if (report.extruder_state && (*report.extruder_state & 0xF) == 2) return 2;
    if (report.extruders || report.extruder_state) return 1;
    return model_info(printer.model.model).extruders;
}

std::vector<NozzleTemperature> nozzle_temperatures(const PrinterState& printer) {
    std::vector<NozzleTemperature> out;
    const Report& report = printer.report;
    if (report.extruders) {
        for (const Extruder& extruder : *report.extruders) {
            if (extruder.temperature) out.push_back({extruder.id, unpacked(*extruder.temperature)});
        }
        std::sort(out.begin(), out.end(),
                  [](const auto& a, const auto& b) { return a.extruder < b.extruder; });
    }
    if (extruder_count(printer) == 1) {
        // One nozzle: the plain field has fractions, the packed one has not.
        if (const auto nozzle = plain(report.nozzle_celsius, report.nozzle_target_celsius))
            out = {{0, *nozzle}};
    }
    return out;
}

std::optional<Temperature> active_nozzle(const PrinterState& printer) {
    const auto nozzles = nozzle_temperatures(printer);
    const int wanted = active_extruder(printer.report).value_or(0);
    for (const NozzleTemperature& nozzle : nozzles) {
        if (nozzle.extruder == wanted) return nozzle.temperature;
    }
    return std::nullopt;
}

std::optional<Temperature> bed(const PrinterState& printer) {
    const Report& report = printer.report;
    if (const auto shown = plain(report.bed_celsius, report.bed_target_celsius)) return shown;
    if (report.bed_packed) return unpacked(*report.bed_packed);
    return std::nullopt;
}

std::optional<Temperature> chamber(const PrinterState& printer) {
    const Report& report = printer.report;
    const ModelInfo& info = model_info(printer.model.model);
    const auto& packed = report.chamber_packed ? report.chamber_packed : report.info_packed;
    std::optional<Temperature> shown;
    if (packed) {
        shown = unpacked(*packed);
    } else if (info.chamber_sensor && report.chamber_celsius) {
        shown = Temperature{*report.chamber_celsius, report.chamber_target_celsius};
    }
    // A high word of 0 on a machine without a heater means "no target" (protocol 4.5).
    if (shown && !info.chamber_heater) shown->target_celsius.reset();
    return shown;
}

Fans fans(const PrinterState& printer) {
    const Report& report = printer.report;
    const ModelInfo& info = model_info(printer.model.model);
    const auto step = [](const std::optional<int>& steps) -> std::optional<int> {
        if (!steps) return std::nullopt;
        return static_cast<int>(std::lround(*steps * 100.0 / 15.0));
    };
    Fans out{step(report.part_fan_step), step(report.aux_fan_step), step(report.chamber_fan_step),
             step(report.heatbreak_fan_step)};
    if (report.fan_gear && *report.fan_gear != 0) {
        const auto gear = [&](int shift) {
            return static_cast<int>(std::lround(((*report.fan_gear >> shift) & 0xFFU) * 100.0 / 255.0));
        };
        out.part_percent = gear(0);
        out.aux_percent = gear(8);
        out.chamber_percent = gear(16);
    }
    if (report.airduct_parts) {
        for (const AirductPart& part : *report.airduct_parts) {
            if (part.id == 16) out.part_percent = part.percent;
            if (part.id == 32) out.aux_percent = part.percent;
            if (part.id == 48) out.chamber_percent = part.percent;
        }
    }
    const bool known = printer.model.model != PrinterModel::unknown;
    // A P1P with the enclosure kit (home_flag bit 26) has the fans of a P1S (protocol 1.1).
    const bool kit = printer.model.model == PrinterModel::p1p && bit(report.home_flag, 26).value_or(false);
    if (known && !info.aux_fan && !kit && !report.aux_fan_fitted.value_or(false)) out.aux_percent.reset();
    if (known && !info.chamber_fan && !kit) out.chamber_percent.reset();
    return out;
}

std::optional<int> second_aux_percent(const Report& report) {
    constexpr int second_aux_part = 160;
    if (!report.airduct_parts) return std::nullopt;
    for (const AirductPart& part : *report.airduct_parts) {
        if (part.id == second_aux_part) return part.percent;
    }
    return std::nullopt;
}

std::optional<LightMode> light(const Report& report, std::string_view node) {
    if (!report.lights) return std::nullopt;
    for (const Light& one : *report.lights) {
        if (one.node == node) return one.mode;
    }
    return std::nullopt;
}

std::optional<LightMode> chamber_light(const Report& report) {
    const auto first = light(report, "chamber_light");
    const auto second = light(report, "chamber_light2");
    if (first && *first != LightMode::off) return first;
    return second ? second : first;
}

Presence tray_presence(const Report& report, const AmsUnit& unit, int slot) {
    const auto tray =
        std::find_if(unit.trays.begin(), unit.trays.end(), [&](const Tray& t) { return t.id == slot; });
    const bool described = tray != unit.trays.end() && tray->material && !tray->material->empty();
    const bool not_read_yet =
        report.tray_exist_bits.value_or(1) == 0 && !report.ams_powered.value_or(true) && described;
    if (report.tray_exist_bits && !not_read_yet) {
        int number = -1;
        if (unit.id >= 0 && unit.id <= 3) number = unit.id * 4 + slot;
        if (unit.id == 16) number = 24 + slot;
        if (unit.id >= 128 && unit.id <= 135) number = 16 + (unit.id - 128);
        if (number >= 0)
            return ((*report.tray_exist_bits >> number) & 1U) != 0 ? Presence::present : Presence::empty;
    }
    if (tray == unit.trays.end()) return Presence::unknown;
    if (described) return Presence::present;
    // Bit 1 of the newer state mask: a spool is there (protocol 4.12).
    if (tray->state) return (*tray->state & 1) != 0 ? Presence::present : Presence::empty;
    return Presence::empty;
}

AmsKind ams_kind(const PrinterState& printer, const AmsUnit& unit) {
    if (unit.info) {
        const auto type = *unit.info & 0xFU;
        if (type >= 1 && type <= 5) return static_cast<AmsKind>(type);
    }
    const AmsKind listed = ams_kind_from_modules(printer.modules, unit.id);
    if (listed != AmsKind::unknown) return listed;
    return unit.id >= 128 ? AmsKind::ams_ht : AmsKind::unknown;
}

Drying drying(const AmsUnit& unit) {
    if (!unit.info) return Drying::unknown;
    switch ((*unit.info >> 4) & 0xFU) {
        case 0:
            return Drying::off;
        case 1:
            return Drying::checking;
        case 2:
            return Drying::drying;
        case 3:
            return Drying::cooling;
        default:
            return Drying::other;
    }
}

std::optional<int> fed_extruder(const AmsUnit& unit) {
    if (!unit.info) return std::nullopt;
    const auto fed = (*unit.info >> 8) & 0xFU;
    if (fed > 1) return std::nullopt;
    return static_cast<int>(fed);
}

namespace {

// `ams << 8 | slot` of device.extruder (protocol 4.14).
std::optional<TraySource> from_snow(int snow) {
    const int unit = (snow >> 8) & 0xFF;
    const int slot = snow & 0xFF;
    if (slot == 0xFF) return std::nullopt;
    if (unit == 0xFF) return TraySource{TraySource::Kind::external, 0, 0};
    if (unit == 0xFE) return TraySource{TraySource::Kind::external_left, 0, 0};
    return TraySource{TraySource::Kind::ams, unit, slot};
}

}  // namespace

std::optional<TraySource> active_tray(const Report& report) {
    const auto current = active_extruder(report);
    if (report.extruders && current) {
        const Extruder* extruder = find_extruder(report, *current);
        if (extruder != nullptr && extruder->tray_now) return from_snow(*extruder->tray_now);
    }
    if (!report.tray_now) return std::nullopt;
    const int now = *report.tray_now;
    if (now == 254) return TraySource{TraySource::Kind::external, 0, 0};
    if (now >= 128 && now <= 135) return TraySource{TraySource::Kind::ams, now, 0};
    if (now >= 0 && now < 16) return TraySource{TraySource::Kind::ams, now / 4, now % 4};
    return std::nullopt;
}

bool changes_filament(const Report& report) {
    const int main_status = (report.ams_status.value_or(0) >> 8) & 0xFF;
    return main_status == 1;
}

const Tray* find_tray(const Report& report, const TraySource& source) {
    if (source.kind == TraySource::Kind::ams) {
        if (!report.ams) return nullptr;
        for (const AmsUnit& unit : *report.ams) {
            if (unit.id != source.unit) continue;
            for (const Tray& tray : unit.trays) {
                if (tray.id == source.slot) return &tray;
            }
        }
        return nullptr;
    }
    if (report.external_slots) {
        const int wanted = source.kind == TraySource::Kind::external ? 255 : 254;
        for (const Tray& tray : *report.external_slots) {
            if (tray.id == wanted) return &tray;
        }
        return nullptr;
    }
    return report.external && source.kind == TraySource::Kind::external ? &*report.external : nullptr;
}

std::vector<Tray> external_spools(const Report& report) {
    if (report.external_slots) {
        auto spools = *report.external_slots;
        std::sort(spools.begin(), spools.end(), [](const Tray& a, const Tray& b) { return a.id > b.id; });
        return spools;
    }
    if (report.external) return {*report.external};
    return {};
}

CameraKind camera_kind(const PrinterState& printer) {
    if (printer.report.camera_present == false) return CameraKind::unknown;
    if (printer.report.liveview.has_value()) return CameraKind::rtsps;  // only those printers send rtsp_url
    return model_info(printer.model.model).camera;
}

std::string_view camera_obstacle(const PrinterState& printer) {
    if (!printer.camera_enabled) return "Camera switched off in the configuration";
    if (printer.report.camera_present == false) return "The printer reports no camera";
    if (printer.report.liveview == false) return "LAN liveview is off at the printer";
    return "";
}

DeveloperMode developer_mode(const PrinterState& printer) {
    if (const auto must_sign = bit(printer.report.fun, 29))
        return *must_sign ? DeveloperMode::off : DeveloperMode::on;
    return printer.learnt_developer_mode;
}

Storage storage(const Report& report) {
    std::optional<std::uint64_t> state;
    if (has_new_bits(report)) {
        state = (*report.aux >> 12) & 3U;
    } else if (report.home_flag) {
        state = (*report.home_flag >> 8) & 3U;
    }
    if (state) {
        switch (*state) {
            case 0:
                return Storage::none;
            case 1:
                return Storage::normal;
            case 2:
                return Storage::abnormal;
            default:
                return Storage::read_only;
        }
    }
    if (report.storage_present) return *report.storage_present ? Storage::normal : Storage::none;
    return Storage::unknown;
}

std::optional<bool> door_open(const PrinterState& printer) {
    if (!model_info(printer.model.model).door_sensor) return std::nullopt;
    if (const auto open = bit(printer.report.stat, 23)) return open;
    return bit(printer.report.home_flag, 23);
}

std::optional<bool> homed(const Report& report) {
    if (!report.home_flag) return std::nullopt;
    return (*report.home_flag & 7U) == 7U;
}

std::optional<bool> wired_network(const Report& report) {
    if (!report.net_conf) return std::nullopt;
    return (*report.net_conf & 1) != 0;
}

}  // namespace farmwall
