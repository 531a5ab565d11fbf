#include "model/gate.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>

#include "model/availability.hpp"
#include "model/errors.hpp"

namespace farmwall {
namespace {

using Verdict = std::optional<Refusal>;
constexpr Verdict allowed = std::nullopt;

struct Context {
    const PrinterState& printer;
    const Report& report;
    const Controls& fitted;
    const std::optional<Position>& position;
    JobState state = JobState::unknown;
};

enum class Activity { at_rest, active, unknown };
Activity activity(JobState state) {
    switch (state) {
        case JobState::idle:
        case JobState::finish:
        case JobState::failed:
            return Activity::at_rest;
        case JobState::prepare:
        case JobState::slicing:
        case JobState::running:
        case JobState::pause:
            return Activity::active;
        case JobState::unknown:
        case JobState::init:
        case JobState::offline:
            return Activity::unknown;
    }
    return Activity::unknown;
}

// What moves the machine or its filament waits until nothing else does.
Verdict at_rest(const Context& now) {
    switch (activity(now.state)) {
        case Activity::active:
            return Refusal::busy;
        case Activity::unknown:
            return Refusal::unknown_state;
        case Activity::at_rest:
            break;
    }
    return changes_filament(now.report) ? Verdict{Refusal::busy} : allowed;
}

Verdict in_range(int celsius, const TargetRange& range) {
    if (celsius == 0) return allowed;
    const bool fits = celsius >= std::max(1, range.least_above_zero_celsius) && celsius <= range.most_celsius;
    return fits ? allowed : Verdict{Refusal::out_of_range};
}

template <class Value>
bool contains(const std::vector<Value>& values, const Value& value) {
    return std::ranges::find(values, value) != values.end();
}

Verdict check(const Pause&, const Context& now) {
    const bool runs = now.state == JobState::running || now.state == JobState::prepare;
    return runs ? allowed : Verdict{Refusal::nothing_to_pause};
}
Verdict check(const Resume&, const Context& now) {
    return now.state == JobState::pause ? allowed : Verdict{Refusal::nothing_to_resume};
}
Verdict check(const Stop&, const Context& now) {
    return activity(now.state) == Activity::active ? allowed : Verdict{Refusal::nothing_to_stop};
}
Verdict check(const ClearFault&, const Context& now) {
    const bool error = now.report.print_error.value_or(0) != 0 ||
                       now.report.mc_print_error_code.value_or(0) != 0 || now.state == JobState::failed;
    return error ? allowed : Verdict{Refusal::nothing_to_clear};
}
Verdict check(const SetLight& action, const Context& now) {
    const bool fitted = action.lamp ? contains(now.fitted.lamps, *action.lamp) : !now.fitted.lamps.empty();
    return fitted ? allowed : Verdict{Refusal::not_fitted};
}
Verdict check(const SetFan& action, const Context& now) {
    if (!contains(now.fitted.fans, action.fan)) return Refusal::not_fitted;
    return action.percent >= 0 && action.percent <= 100 ? allowed : Verdict{Refusal::out_of_range};
}
Verdict check(const SetAirMode&, const Context& now) {
    if (!now.fitted.air_mode) return Refusal::not_fitted;
    // The G-code of a print chooses for itself.
    return activity(now.state) == Activity::at_rest ? allowed : Verdict{Refusal::busy};
}
Verdict check(const SetNozzleTarget& action, const Context& now) {
    if (action.extruder < 0 || action.extruder >= now.fitted.extruders) return Refusal::not_fitted;
    return in_range(action.celsius, now.fitted.nozzle);
}
Verdict check(const SetBedTarget& action, const Context& now) {
    return in_range(action.celsius, now.fitted.bed);
}
Verdict check(const SetChamberTarget& action, const Context& now) {
    if (!now.fitted.chamber) return Refusal::not_fitted;
    return in_range(action.celsius, *now.fitted.chamber);
}
Verdict check(const CoolDown&, const Context& now) {
    return activity(now.state) == Activity::active ? Verdict{Refusal::busy} : allowed;
}
Verdict check(const SetSpeed& action, const Context& now) {
    if (action.level < 1 || action.level > 4) return Refusal::out_of_range;
    return now.state == JobState::running ? allowed : Verdict{Refusal::not_printing};
}
Verdict check(const Home&, const Context& now) { return at_rest(now); }

bool inside(double at, int size) { return at >= 0 && at <= size; }

Verdict check(const Jog& action, const Context& now) {
    if (const Verdict moving = at_rest(now)) return moving;
    if (now.printer.model.model == PrinterModel::unknown) return Refusal::unknown_model;
    if (!homed(now.report).value_or(false)) return Refusal::not_homed;
    for (const double mm : {action.x, action.y, action.z}) {
        if (!std::isfinite(mm)) return Refusal::out_of_range;
        if (std::abs(mm) > longest_jog_mm) return Refusal::step_too_long;
    }
    if (action.x == 0 && action.y == 0 && action.z == 0) return Refusal::out_of_range;
    const bool feed =
        action.feed_mm_per_min >= slowest_jog_mm_per_min && action.feed_mm_per_min <= fastest_jog_mm_per_min;
    if (!feed) return Refusal::out_of_range;
    if (!now.position) return allowed;  // homed, but not by us: the printer's own end stops are switched on
    const Millimetres3& volume = now.fitted.build_volume;
    const bool stays = inside(now.position->x + action.x, volume.x) &&
                       inside(now.position->y + action.y, volume.y) &&
                       inside(now.position->z + action.z, volume.z);
    return stays ? allowed : Verdict{Refusal::outside_volume};
}

Verdict tray_there(const TraySource& tray, const Context& now) {
    if (!contains(tray_sources(now.printer), tray)) return Refusal::no_such_tray;
    switch (presence(now.report, tray)) {
        case Presence::present:
            return allowed;
        case Presence::empty:
            return Refusal::tray_empty;
        case Presence::unknown:
            return Refusal::no_such_tray;
    }
    return Refusal::no_such_tray;
}

// Loading and unloading: at rest, or while the print waits (protocol 6.5).
Verdict filament_free(const Context& now) {
    if (changes_filament(now.report)) return Refusal::busy;
    if (now.state == JobState::pause) return allowed;
    return at_rest(now);
}

Verdict check(const SelectTray& action, const Context& now) { return tray_there(action.tray, now); }
Verdict check(const LoadTray& action, const Context& now) {
    if (const Verdict missing = tray_there(action.tray, now)) return missing;
    return filament_free(now);
}
Verdict check(const UnloadFilament&, const Context& now) {
    if (const Verdict busy = filament_free(now)) return busy;
    return active_tray(now.report) ? allowed : Verdict{Refusal::nothing_loaded};
}
Verdict check(const AnswerDialog&, const Context& now) {
    const bool asks = now.state == JobState::pause || changes_filament(now.report);
    return asks ? allowed : Verdict{Refusal::no_dialog};
}
Verdict check(const SkipObjects& action, const Context& now) {
    if (now.state != JobState::running && now.state != JobState::pause) return Refusal::not_printing;
    if (action.ids.empty()) return Refusal::out_of_range;
    const auto& skipped = now.report.skipped_objects;
    const bool again =
        skipped && std::ranges::all_of(action.ids, [&](int id) { return contains(*skipped, id); });
    return again ? Verdict{Refusal::already_skipped} : allowed;
}
Verdict check(const SetTimelapse&, const Context& now) {
    return now.fitted.timelapse ? allowed : Verdict{Refusal::not_fitted};
}

const DryingUnit* drying_unit(int unit, const Context& now) {
    const auto found = std::ranges::find(now.fitted.drying, unit, &DryingUnit::unit);
    return found == now.fitted.drying.end() ? nullptr : &*found;
}
constexpr int longest_drying_hours = 24;
Verdict check(const StartDrying& action, const Context& now) {
    const DryingUnit* unit = drying_unit(action.unit, now);
    if (unit == nullptr) return Refusal::nothing_to_dry;
    if (action.celsius == 0 || action.hours < 1 || action.hours > longest_drying_hours)
        return Refusal::out_of_range;
    return in_range(action.celsius, unit->celsius);
}
Verdict check(const StopDrying& action, const Context& now) {
    if (drying_unit(action.unit, now) == nullptr) return Refusal::nothing_to_dry;
    for (const AmsUnit& unit : *now.report.ams) {
        if (unit.id == action.unit && drying(unit) == Drying::off) return Refusal::not_drying;
    }
    return allowed;
}

// Commands of the family `print` need Developer Mode; the others are said not to (protocol 8.2).
bool checked_for_signature(const Action& action) {
    if (const auto* light = std::get_if<SetLight>(&action)) return light->lamp == Lamp::logo;
    return !std::holds_alternative<SetTimelapse>(action) && !std::holds_alternative<SelectTray>(action);
}

bool is_stale(const PrinterState& printer, TimePoint now) {
    return !printer.last_report || !printer.last_message || now - *printer.last_message > stale_after;
}

}  // namespace

std::optional<Refusal> gate(const Action& action, const PrinterState& printer,
                            const std::optional<Position>& position, TimePoint now) {
    const bool safer = makes_safer(action);
    // A half-dead session has a way to the printer that may work: to try to stop costs nothing.
    if (printer.link.link == Link::half_dead) {
        if (!safer) return Refusal::half_dead;
    } else if (!is_connected(printer)) {
        return Refusal::offline;
    }
    if (!printer.full_report_seen || !printer.report.state) return Refusal::no_report_yet;
    if (!safer && is_stale(printer, now)) return Refusal::stale_report;
    if (checked_for_signature(action) && developer_mode(printer) == DeveloperMode::off)
        return Refusal::needs_developer_mode;
    const Controls fitted = controls(printer);
    const Context context{printer, printer.report, fitted, position, *printer.report.state};
    return std::visit([&](const auto& a) { return check(a, context); }, action);
}

Position home_position(const Millimetres3& volume) { return {volume.x / 2.0, volume.y / 2.0, 0}; }

JobIdentity job_identity(const Report& report) {
    return {report.subtask_id.value_or(""), report.subtask_name.value_or("")};
}

std::string_view sentence(Refusal refusal) {
    switch (refusal) {
        case Refusal::offline:
            return "The printer is not connected.";
        case Refusal::half_dead:
            return "The printer does not answer commands at the moment; a new session is being opened.";
        case Refusal::no_report_yet:
            return "The printer has not reported its state yet.";
        case Refusal::stale_report:
            return "The printer has said nothing for too long; what it does now is not known.";
        case Refusal::needs_developer_mode:
            return "The printer takes commands only in Developer Mode: switch on LAN Only Mode and Developer "
                   "Mode at its screen, then enter its new access code here.";
        case Refusal::busy:
            return "The printer is busy.";
        case Refusal::unknown_model:
            return "The model of this printer is not known, and so not how far it may move.";
        case Refusal::unknown_state:
            return "What the printer does now is not known.";
        case Refusal::not_fitted:
            return "This printer has no such thing.";
        case Refusal::out_of_range:
            return "The value is outside what this printer allows.";
        case Refusal::nothing_to_pause:
            return "No print is running.";
        case Refusal::nothing_to_resume:
            return "No print is paused.";
        case Refusal::nothing_to_stop:
            return "Nothing is printing.";
        case Refusal::nothing_to_clear:
            return "The printer shows no error.";
        case Refusal::not_printing:
            return "Only while a print runs.";
        case Refusal::not_homed:
            return "The axes are not homed; home first.";
        case Refusal::step_too_long:
            return "One move is at most 50 mm.";
        case Refusal::outside_volume:
            return "The move would leave the build volume.";
        case Refusal::no_such_tray:
            return "The printer has no such tray.";
        case Refusal::tray_empty:
            return "The tray is empty.";
        case Refusal::nothing_loaded:
            return "No filament is loaded.";
        case Refusal::no_dialog:
            return "The printer asks nothing.";
        case Refusal::nothing_to_dry:
            return "The printer has no such unit that can dry filament.";
        case Refusal::not_drying:
            return "The unit is not drying.";
        case Refusal::already_skipped:
            return "These objects are skipped already.";
        case Refusal::maintenance:
            return "The printer is taken out of service.";
        case Refusal::shows_error:
            return "The printer shows an error; somebody must look at it.";
        case Refusal::not_fdm:
            return "The printer is set up as a laser or cutter, not to print.";
        case Refusal::no_storage:
            return "The printer has no storage that it can print from.";
        case Refusal::storage_read_only:
            return "The printer's storage is write-protected.";
        case Refusal::under_way:
            return "The same command waits for the printer's answer.";
        case Refusal::another_job:
            return "Another print runs by now than the one that was looked at.";
        case Refusal::too_many:
            return "Too many commands wait for this printer's answers.";
    }
    return "Refused.";
}

std::string_view name(Refusal refusal) {
    switch (refusal) {
        case Refusal::offline:
            return "offline";
        case Refusal::half_dead:
            return "half_dead";
        case Refusal::no_report_yet:
            return "no_report_yet";
        case Refusal::stale_report:
            return "stale_report";
        case Refusal::needs_developer_mode:
            return "needs_developer_mode";
        case Refusal::busy:
            return "busy";
        case Refusal::unknown_model:
            return "unknown_model";
        case Refusal::unknown_state:
            return "unknown_state";
        case Refusal::not_fitted:
            return "not_fitted";
        case Refusal::out_of_range:
            return "out_of_range";
        case Refusal::nothing_to_pause:
            return "nothing_to_pause";
        case Refusal::nothing_to_resume:
            return "nothing_to_resume";
        case Refusal::nothing_to_stop:
            return "nothing_to_stop";
        case Refusal::nothing_to_clear:
            return "nothing_to_clear";
        case Refusal::not_printing:
            return "not_printing";
        case Refusal::not_homed:
            return "not_homed";
        case Refusal::step_too_long:
            return "step_too_long";
        case Refusal::outside_volume:
            return "outside_volume";
        case Refusal::no_such_tray:
            return "no_such_tray";
        case Refusal::tray_empty:
            return "tray_empty";
        case Refusal::nothing_loaded:
            return "nothing_loaded";
        case Refusal::no_dialog:
            return "no_dialog";
        case Refusal::nothing_to_dry:
            return "nothing_to_dry";
        case Refusal::not_drying:
            return "not_drying";
        case Refusal::already_skipped:
            return "already_skipped";
        case Refusal::maintenance:
            return "maintenance";
        case Refusal::shows_error:
            return "shows_error";
        case Refusal::not_fdm:
            return "not_fdm";
        case Refusal::no_storage:
            return "no_storage";
        case Refusal::storage_read_only:
            return "storage_read_only";
        case Refusal::under_way:
            return "under_way";
        case Refusal::another_job:
            return "another_job";
        case Refusal::too_many:
            return "too_many";
    }
    return "refused";
}

namespace {

std::string range_text(std::string_view heater, const TargetRange& range) {
    if (range.most_celsius == 0)
        return fmt::format("How hot the {} may get is not known of this model.", heater);
    if (range.least_above_zero_celsius == 0)
        return fmt::format("The {} goes up to {} °C.", heater, range.most_celsius);
    return fmt::format("The {} takes 0 (off) or {} to {} °C.", heater, range.least_above_zero_celsius,
                       range.most_celsius);
}

}  // namespace

std::string explain(Refusal refusal, const Action& action, const PrinterState& printer) {
    if (refusal != Refusal::out_of_range) return std::string{sentence(refusal)};
    const Controls fitted = controls(printer);
    if (std::holds_alternative<SetNozzleTarget>(action)) return range_text("nozzle", fitted.nozzle);
    if (std::holds_alternative<SetBedTarget>(action)) return range_text("bed", fitted.bed);
    if (std::holds_alternative<SetChamberTarget>(action) && fitted.chamber)
        return range_text("chamber", *fitted.chamber);
    if (std::holds_alternative<SetFan>(action)) return "A fan runs at 0 to 100 %.";
    if (std::holds_alternative<SetSpeed>(action)) return "The speed levels are 1 to 4.";
    if (std::holds_alternative<Jog>(action))
        return fmt::format("A move needs a distance and a feed of {} to {} mm/min.", slowest_jog_mm_per_min,
                           fastest_jog_mm_per_min);
    if (std::holds_alternative<SkipObjects>(action)) return "No object is named.";
    if (const auto* dry = std::get_if<StartDrying>(&action)) {
        for (const DryingUnit& unit : fitted.drying) {
            if (unit.unit == dry->unit)
                return fmt::format("Drying takes {} to {} °C and 1 to {} hours.",
                                   unit.celsius.least_above_zero_celsius, unit.celsius.most_celsius,
                                   longest_drying_hours);
        }
    }
    return std::string{sentence(refusal)};
}

}  // namespace farmwall
