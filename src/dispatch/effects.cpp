#include "dispatch/effects.hpp"

#include <algorithm>
#include <cmath>
#include <cstdlib>

#include "model/controls.hpp"
#include "model/facts.hpp"

namespace farmwall::dispatch {
namespace {

// Fans are reported in fifteenths (protocol 4.6).
constexpr int fan_step_percent = 7;

bool is_at_rest(const Report& report) {
    return report.state == JobState::idle || report.state == JobState::finish ||
           report.state == JobState::failed;
}

bool target_is(const std::optional<double>& target, int celsius) {
    return std::lround(target.value_or(0)) == celsius;
}

std::optional<double> target_of(const std::optional<Temperature>& temperature) {
    return temperature ? temperature->target_celsius : std::nullopt;
}

std::optional<double> nozzle_target(const PrinterState& printer, int extruder) {
    for (const NozzleTemperature& nozzle : nozzle_temperatures(printer)) {
        if (nozzle.extruder == extruder) return nozzle.temperature.target_celsius;
    }
    return std::nullopt;
}

std::optional<int> fan_percent(const PrinterState& printer, Fan fan) {
    const Fans blowing = fans(printer);
    switch (fan) {
        case Fan::part:
            return blowing.part_percent;
        case Fan::aux:
            return blowing.aux_percent;
        case Fan::chamber:
            return blowing.chamber_percent;
        case Fan::second_aux:
            return second_aux_percent(printer.report);
    }
    return std::nullopt;
}

bool lit(const std::optional<LightMode>& mode, bool on) { return mode && (*mode != LightMode::off) == on; }

const AmsUnit* find_unit(const Report& report, int id) {
    if (!report.ams) return nullptr;
    const auto found = std::ranges::find(*report.ams, id, &AmsUnit::id);
    return found == report.ams->end() ? nullptr : &*found;
}

struct Shows {
    const PrinterState& printer;
    const Report& report = printer.report;

    bool operator()(const Pause&) const { return report.state == JobState::pause; }
    bool operator()(const Resume&) const {
        return report.state == JobState::running || report.state == JobState::prepare;
    }
    bool operator()(const Stop&) const { return is_at_rest(report); }
    bool operator()(const ClearFault&) const {
        return report.print_error.value_or(0) == 0 && report.mc_print_error_code.value_or(0) == 0;
    }
    bool operator()(const SetLight& a) const {
        if (a.lamp == Lamp::work) return lit(light(report, "work_light"), a.on);
        return a.lamp != Lamp::logo && lit(chamber_light(report), a.on);
    }
    bool operator()(const SetFan& a) const {
        const auto percent = fan_percent(printer, a.fan);
        return percent && std::abs(*percent - a.percent) <= fan_step_percent;
    }
    bool operator()(const SetAirMode& a) const { return report.airduct_mode == static_cast<int>(a.mode); }
    bool operator()(const SetNozzleTarget& a) const {
        return target_is(nozzle_target(printer, a.extruder), a.celsius);
    }
    bool operator()(const SetBedTarget& a) const { return target_is(target_of(bed(printer)), a.celsius); }
    bool operator()(const SetChamberTarget& a) const {
        return target_is(target_of(chamber(printer)), a.celsius);
    }
    bool operator()(const CoolDown&) const {
        const auto nozzles = nozzle_temperatures(printer);
        const bool cold = std::ranges::all_of(
            nozzles, [](const auto& nozzle) { return target_is(nozzle.temperature.target_celsius, 0); });
        return cold && target_is(target_of(bed(printer)), 0) && target_is(target_of(chamber(printer)), 0);
    }
    bool operator()(const SetSpeed& a) const { return report.speed_level == a.level; }
    bool operator()(const Home&) const { return homed(report).value_or(false); }
    bool operator()(const Jog&) const { return false; }
    bool operator()(const SelectTray& a) const { return loaded(a.tray); }
    bool operator()(const LoadTray& a) const { return loaded(a.tray); }
    bool operator()(const UnloadFilament&) const { return !changes_filament(report) && !active_tray(report); }
    bool operator()(const AnswerDialog&) const { return false; }
    bool operator()(const SkipObjects& a) const {
        const auto& skipped = report.skipped_objects;
        return skipped && std::ranges::all_of(a.ids, [&](int id) {
                   return std::ranges::find(*skipped, id) != skipped->end();
               });
    }
    bool operator()(const SetTimelapse& a) const { return report.timelapse == a.on; }
    bool operator()(const StartDrying& a) const {
        const AmsUnit* unit = find_unit(report, a.unit);
        const Drying state = unit == nullptr ? Drying::unknown : drying(*unit);
        return state == Drying::checking || state == Drying::drying;
    }
    bool operator()(const StopDrying& a) const {
        const AmsUnit* unit = find_unit(report, a.unit);
        const Drying state = unit == nullptr ? Drying::unknown : drying(*unit);
        return state == Drying::off || state == Drying::cooling;
    }

    bool loaded(const TraySource& tray) const {
        return !changes_filament(report) && active_tray(report) == tray;
    }
};

}  // namespace

bool shows_effect(const Action& action, const PrinterState& printer) {
    return std::visit(Shows{printer}, action);
}

bool can_show_effect(const Action& action, const PrinterState& before) {
    if (std::holds_alternative<Jog>(action) || std::holds_alternative<AnswerDialog>(action)) return false;
    // Homed stays homed: homing once more shows nothing.
    if (std::holds_alternative<Home>(action)) return !homed(before.report).value_or(false);
    if (const auto* light = std::get_if<SetLight>(&action)) {
        if (light->lamp == Lamp::logo) return false;
        return light->lamp == Lamp::work || chamber_light(before.report).has_value();
    }
    if (const auto* dry = std::get_if<StartDrying>(&action)) {
        const AmsUnit* unit = find_unit(before.report, dry->unit);
        return unit != nullptr && drying(*unit) != Drying::unknown;
    }
    return true;
}

}  // namespace farmwall::dispatch
