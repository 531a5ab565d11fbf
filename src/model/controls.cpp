#include "model/controls.hpp"

#include <algorithm>

namespace farmwall {
namespace {

constexpr int least_chamber_celsius = 40;  // protocol 6.2: targets are 0 or from here on
constexpr int least_drying_celsius = 45;   // protocol 6.5: below it is ignored in silence
constexpr int most_drying_celsius = 65;
constexpr int most_drying_celsius_ht = 85;
constexpr int x1_bed_celsius_at_220_volts = 110;

bool has_bit(const std::optional<std::uint64_t>& field, int number) {
    return field && ((*field >> number) & 1U) != 0;
}

bool mains_220_volts(const Report& report) {
    if (report.fun) return has_bit(report.fun, 2);
    return report.home_flag && ((*report.home_flag >> 3U) & 1U) != 0;
}

bool is_x1(PrinterModel model) { return model == PrinterModel::x1c || model == PrinterModel::x1; }

// P1 and A1 answer "success" and dry nothing (protocol 6.5).
bool dries(PrinterModel model) {
    const ModelInfo& info = model_info(model);
    return model != PrinterModel::unknown && !info.slow_controller && model != PrinterModel::a1 &&
           model != PrinterModel::a1_mini;
}

std::vector<Lamp> lamps_of(const PrinterState& printer, const ModelInfo& info) {
    std::vector<Lamp> lamps;
    if (info.chamber_light || chamber_light(printer.report)) lamps.push_back(Lamp::chamber);
    if (light(printer.report, "work_light")) lamps.push_back(Lamp::work);
    // Known of the X1 alone; others accept the G-code and have no logo to light.
    if (is_x1(info.model) || info.model == PrinterModel::x1e) lamps.push_back(Lamp::logo);
    return lamps;
}

std::vector<Fan> fans_of(const PrinterState& printer) {
    std::vector<Fan> fitted;
    const Fans reported = fans(printer);
    if (reported.part_percent) fitted.push_back(Fan::part);
    if (reported.aux_percent) fitted.push_back(Fan::aux);
    if (reported.chamber_percent) fitted.push_back(Fan::chamber);
    if (second_aux_percent(printer.report)) fitted.push_back(Fan::second_aux);
    return fitted;
}

}  // namespace

Controls controls(const PrinterState& printer) {
    const ModelInfo& info = model_info(printer.model.model);
    const Report& report = printer.report;
    Controls found;
    found.lamps = lamps_of(printer, info);
    found.fans = fans_of(printer);
    found.air_mode = report.airduct_mode.has_value();
    found.extruders = extruder_count(printer);
    found.nozzle = {0, info.nozzle_max_celsius};
    found.bed = {0, info.bed_max_celsius};
    if (is_x1(info.model) && mains_220_volts(report))
        found.bed.most_celsius = std::min(found.bed.most_celsius, x1_bed_celsius_at_220_volts);
    if (info.chamber_heater && info.chamber_max_celsius > 0)
        found.chamber = TargetRange{least_chamber_celsius, info.chamber_max_celsius};
    found.timelapse = report.timelapse.has_value();
    if (report.ams && dries(info.model)) {
        for (const AmsUnit& unit : *report.ams) {
            const AmsKind kind = ams_kind(printer, unit);
            if (kind == AmsKind::ams_2_pro)
                found.drying.push_back({unit.id, {least_drying_celsius, most_drying_celsius}});
            if (kind == AmsKind::ams_ht)
                found.drying.push_back({unit.id, {least_drying_celsius, most_drying_celsius_ht}});
        }
    }
    found.build_volume = info.build_volume;
    return found;
}

std::vector<TraySource> tray_sources(const PrinterState& printer) {
    std::vector<TraySource> sources;
    const Report& report = printer.report;
    if (report.ams) {
        for (const AmsUnit& unit : *report.ams) {
            const int slots = unit.id >= 128 ? 1 : 4;
            for (int slot = 0; slot < slots; ++slot)
                sources.push_back({TraySource::Kind::ams, unit.id, slot});
        }
    }
    for (const Tray& spool : external_spools(report)) {
        const bool left = spool.id == 254 && extruder_count(printer) == 2;
        sources.push_back({left ? TraySource::Kind::external_left : TraySource::Kind::external, 0, 0});
    }
    return sources;
}

Presence presence(const Report& report, const TraySource& tray) {
    if (tray.kind != TraySource::Kind::ams) return Presence::present;
    if (!report.ams) return Presence::unknown;
    for (const AmsUnit& unit : *report.ams) {
        if (unit.id == tray.unit) return tray_presence(report, unit, tray.slot);
    }
    return Presence::unknown;
}

}  // namespace farmwall
