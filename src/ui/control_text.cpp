#include "ui/control_text.hpp"

#include <fmt/format.h>

#include <algorithm>

#include "model/errors.hpp"
#include "ui/text_format.hpp"

namespace farmwall::ui {
namespace {

using namespace std::chrono_literals;

constexpr auto foreign_is_news = 10min;

bool about_one_print(const Action& action) {
    return std::holds_alternative<Pause>(action) || std::holds_alternative<Resume>(action) ||
           std::holds_alternative<Stop>(action) || std::holds_alternative<SkipObjects>(action);
}

std::string joined(const std::vector<std::string>& words) {
    std::string text;
    for (const std::string& word : words)
        text += (text.empty() ? "" : ", ") + word;
    return text;
}

}  // namespace

std::string_view phase_word(Phase phase) { return phase == Phase::unknown ? "no answer" : name(phase); }

std::string phase_text(const CommandStatus& status) {
    std::string text{phase_word(status.phase)};
    const bool told =
        status.phase == Phase::failed || status.phase == Phase::refused || status.phase == Phase::unknown;
    if (!told) return text;
    std::string reason = status.reason;
    if (reason.empty() && status.refusal) reason = sentence(*status.refusal);
    return reason.empty() ? text : text + ": " + reason;
}

Standing standing(const Action& action, const PrinterState& printer, const PrinterControl& control,
                  TimePoint now) {
    Standing found;
    found.refusal = gate(action, printer, control.position, now);
    if (found.refusal) found.why = explain(*found.refusal, action, printer);
    found.beside = command_beside(control, action, now);
    if (found.beside == nullptr || std::holds_alternative<Stop>(action)) return found;
    const bool ended = is_over(found.beside->phase) ||
                       (found.beside->phase == Phase::accepted && !found.beside->can_be_confirmed);
    found.under_way = !ended;
    return found;
}

void Notes::add(std::string_view label, const Standing& standing) {
    ++added_;
    if (standing.refusal) {
        auto same = std::find_if(refused_.begin(), refused_.end(),
                                 [&](const Refused& entry) { return entry.why == standing.why; });
        if (same == refused_.end()) same = refused_.insert(same, {standing.why, {}, 0});
        ++same->count;
        if (same->labels.empty() || same->labels.back() != label) same->labels.emplace_back(label);
    }
    if (standing.beside == nullptr) return;
    const CommandStatus& status = *standing.beside;
    if (status.phase != Phase::failed && status.phase != Phase::unknown && status.phase != Phase::refused)
        return;
    std::string line = describe(status.action) + " " + phase_text(status);
    if (std::find(troubles_.begin(), troubles_.end(), line) == troubles_.end())
        troubles_.push_back(std::move(line));
}

std::vector<std::string> Notes::lines() const {
    std::vector<std::string> found = troubles_;
    for (const Refused& each : refused_)
        found.push_back(each.count == added_ ? each.why : joined(each.labels) + ": " + each.why);
    return found;
}

Command screen_command(const Action& action, const PrinterState& printer, std::string fleet_action) {
    Command command{action, Origin::screen, std::move(fleet_action), {}};
    if (about_one_print(action)) command.seen_job = job_identity(printer.report);
    return command;
}

std::optional<int> number_of(const Action& action) {
    if (const auto* nozzle = std::get_if<SetNozzleTarget>(&action)) return nozzle->celsius;
    if (const auto* bed = std::get_if<SetBedTarget>(&action)) return bed->celsius;
    if (const auto* chamber = std::get_if<SetChamberTarget>(&action)) return chamber->celsius;
    if (const auto* fan = std::get_if<SetFan>(&action)) return fan->percent;
    if (const auto* speed = std::get_if<SetSpeed>(&action)) return speed->level;
    return std::nullopt;
}

std::string foreign_text(const std::optional<ForeignCommand>& foreign, WallTime now) {
    if (!foreign || now - foreign->when >= foreign_is_news) return {};
    const auto since = std::max<Duration>(std::chrono::duration_cast<Duration>(now - foreign->when), 0s);
    return fmt::format("Another client sent {} {} ago.", foreign->command, waited_text(since));
}

std::string position_text(const std::optional<Position>& position) {
    if (!position) return "Position unknown: printers do not report it. Home first to reckon it.";
    return fmt::format("X {:.1f}   Y {:.1f}   Z {:.1f} mm", position->x, position->y, position->z);
}

std::string_view soft_fail_text(const Report& report) {
    if (!is_soft_fail(report)) return {};
    return "The printer says FAILED without any error code: that is what a print stopped by hand leaves "
           "behind. "
           "To clear it may change nothing; the next print does.";
}

std::string waited_text(Duration since) {
    const auto whole = std::chrono::duration_cast<std::chrono::seconds>(since).count();
    if (whole < 60) return fmt::format("{} s", std::max<long long>(whole, 0));
    return minutes_text(static_cast<int>(whole / 60));
}

bool is_ringing(const Alarm& alarm, TimePoint now) {
    const bool snoozed = alarm.snoozed_until && now < *alarm.snoozed_until;
    return rings(alarm.key.kind) && !alarm.acknowledged && !snoozed;
}

std::string alarm_text(const Alarm& alarm, TimePoint now) {
    std::string text = "waiting " + waited_text(now - alarm.since);
    if (alarm.times > 1) text += fmt::format(" · {} times", alarm.times);
    if (alarm.level > 0) text += fmt::format(" · level {}", alarm.level);
    if (alarm.acknowledged) text += " · acknowledged";
    if (alarm.snoozed_until && now < *alarm.snoozed_until)
        text += " · snoozed for " + waited_text(*alarm.snoozed_until - now);
    if (!alarm.cause_present) text += " · over by itself";
    return text;
}

EventGroup group_of(EventKind kind) {
    switch (kind) {
        case EventKind::print_started:
        case EventKind::paused:
        case EventKind::resumed:
        case EventKind::print_finished:
        case EventKind::print_failed:
        case EventKind::print_canceled:
        case EventKind::job:
            return EventGroup::prints;
        case EventKind::runout:
        case EventKind::error_raised:
        case EventKind::error_cleared:
        case EventKind::hms_raised:
        case EventKind::hms_cleared:
        case EventKind::alarm:
            return EventGroup::errors;
        case EventKind::link_up:
        case EventKind::link_down:
        case EventKind::refused:
        case EventKind::half_dead:
        case EventKind::certificate_changed:
        case EventKind::developer_mode_off:
        case EventKind::firmware_changed:
        case EventKind::address_changed:
            return EventGroup::links;
        case EventKind::command:
        case EventKind::foreign_command:
            return EventGroup::commands;
    }
    return EventGroup::all;
}

std::string_view name(EventGroup group) {
    switch (group) {
        case EventGroup::all:
            return "All";
        case EventGroup::prints:
            return "Prints";
        case EventGroup::errors:
            return "Errors";
        case EventGroup::links:
            return "Links";
        case EventGroup::commands:
            return "Commands";
    }
    return "All";
}

}  // namespace farmwall::ui
