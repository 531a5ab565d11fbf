#include "model/events.hpp"

#include <fmt/format.h>

#include <algorithm>

#include "model/availability.hpp"
#include "model/errors.hpp"
#include "model/facts.hpp"

namespace farmwall {
namespace {

class Recorder {
public:
    Recorder(WallTime when, const PrinterId& printer) : when_{when}, printer_{printer} {}
    void add(EventKind kind, std::string text) {
        events_.push_back({when_, printer_, kind, std::move(text)});
    }
    [[nodiscard]] std::vector<Event> take() { return std::move(events_); }

private:
    WallTime when_;
    PrinterId printer_;
    std::vector<Event> events_;
};

std::string job_name(const Report& report) {
    if (report.subtask_name && !report.subtask_name->empty()) return *report.subtask_name;
    if (report.gcode_file && !report.gcode_file->empty()) return *report.gcode_file;
    return "a job without a name";
}

void link_events(const PrinterState& before, const PrinterState& after, Recorder& out) {
    if (before.link.address != after.link.address && !before.link.address.empty()) {
        out.add(EventKind::address_changed,
                fmt::format("Address changed from {} to {}.", before.link.address, after.link.address));
    }
    if (before.link.link == after.link.link && before.link.problem == after.link.problem) return;
    const std::string why{sentence(after.link.problem)};
    if (after.link.problem == LinkProblem::certificate_changed) {
        out.add(EventKind::certificate_changed, why);
    } else if (after.link.link == Link::refused) {
        out.add(EventKind::refused, why);
    } else if (after.link.link == Link::half_dead) {
        out.add(EventKind::half_dead, why);
    } else if (after.link.link == Link::offline && before.link.link != Link::offline) {
        out.add(EventKind::link_down, why.empty() ? "Connection lost." : why);
    } else if (is_connected(after) && !is_connected(before)) {
        out.add(EventKind::link_up, "Connected.");
    }
}

std::string runout_text(const Runout& where) {
    if (where.unit == 255) return "Filament ran out on the external spool.";
    if (where.unit == 254) return "Filament ran out on the left external spool.";
    if (!where.unit) return "Filament ran out.";
    const int unit = *where.unit;
    if (unit >= 128) return fmt::format("Filament ran out in AMS HT {}.", unit - 127);
    const std::string name =
        unit <= 3 ? fmt::format("AMS {}", static_cast<char>('A' + unit)) : fmt::format("AMS {}", unit);
    if (!where.slot) return fmt::format("Filament ran out in {}.", name);
    return fmt::format("Filament ran out in {}, slot {}.", name, *where.slot + 1);
}

std::string pause_text(const Report& report) {
    if (const auto error = shown_error(report))
        return fmt::format("Paused by error {}.", error_code_text(*error));
    if (const auto stage = shown_stage(report); stage && is_pause_stage(*stage)) {
        return fmt::format("Print {}.", stage_name(*stage));
    }
    return "Print paused.";
}

void ended(const Report& before, const Report& after, bool own_stop, Recorder& out) {
    // Percent and layers may be reset by now; the name of the job that ended is the old one.
    const std::string name = job_name(before);
    switch (job_outcome(after, own_stop)) {
        case JobOutcome::completed:
            out.add(EventKind::print_finished, fmt::format("Finished: {}.", name));
            break;
        case JobOutcome::canceled:
            out.add(EventKind::print_canceled, fmt::format("Stopped: {}.", name));
            break;
        case JobOutcome::failed: {
            const auto error = shown_error(after);
            out.add(EventKind::print_failed,
                    error ? fmt::format("Failed with {}: {}.", error_code_text(*error), name)
                          : fmt::format("Failed: {}.", name));
            break;
        }
    }
}

bool same_job(const Report& before, const Report& after) {
    const auto meaningful = [](const std::optional<std::string>& id) {
        return id && !id->empty() && *id != "0";
    };
    if (meaningful(before.subtask_id) && meaningful(after.subtask_id))
        return before.subtask_id == after.subtask_id;
    return true;
}

void job_events(const Report& before, const Report& after, bool own_stop, Recorder& out) {
    const JobState was = before.state.value_or(JobState::unknown);
    const JobState is = after.state.value_or(JobState::unknown);
    const bool was_active = is_active(was);
    const bool now_active = is_active(is);
    const bool replaced = was_active && now_active && !same_job(before, after);
    if (replaced) out.add(EventKind::print_canceled, fmt::format("Ended unseen: {}.", job_name(before)));
    if ((!was_active && now_active) || replaced) {
        out.add(EventKind::print_started, fmt::format("Started: {}.", job_name(after)));
    }
    // A text this program does not know is no end: wait for one it knows.
    const bool known_end = is == JobState::finish || is == JobState::failed || is == JobState::idle;
    if (was_active && known_end) ended(before, after, own_stop, out);

    const auto ran_out = runout(after);
    if (ran_out && !runout(before)) {
        out.add(EventKind::runout, runout_text(*ran_out));
    } else if (is == JobState::pause && was != JobState::pause) {
        out.add(EventKind::paused, pause_text(after));
    }
    if (was == JobState::pause && is == JobState::running) out.add(EventKind::resumed, "Print resumed.");
}

void error_events(const Report& before, const Report& after, Recorder& out) {
    const auto old_error = shown_error(before);
    const auto new_error = shown_error(after);
    if (new_error && new_error != old_error) {
        out.add(EventKind::error_raised, fmt::format("Error {}.", error_code_text(*new_error)));
    } else if (old_error && !new_error) {
        out.add(EventKind::error_cleared, fmt::format("Error {} cleared.", error_code_text(*old_error)));
    }
    const auto old_hms = explain_all(before);
    const auto new_hms = explain_all(after);
    const auto lacks = [](const std::vector<HmsMeaning>& list, const HmsMeaning& one) {
        return std::none_of(list.begin(), list.end(),
                            [&](const HmsMeaning& other) { return other.key == one.key; });
    };
    for (const HmsMeaning& one : new_hms) {
        if (lacks(old_hms, one)) {
            out.add(EventKind::hms_raised,
                    fmt::format("{} ({}, {}).", one.code, one.module, severity_name(one.severity)));
        }
    }
    for (const HmsMeaning& one : old_hms) {
        if (lacks(new_hms, one)) out.add(EventKind::hms_cleared, fmt::format("{} cleared.", one.code));
    }
}

}  // namespace

std::string_view name(EventKind kind) {
    switch (kind) {
        case EventKind::link_up:
            return "link_up";
        case EventKind::link_down:
            return "link_down";
        case EventKind::refused:
            return "refused";
        case EventKind::half_dead:
            return "half_dead";
        case EventKind::certificate_changed:
            return "certificate_changed";
        case EventKind::print_started:
            return "print_started";
        case EventKind::paused:
            return "paused";
        case EventKind::resumed:
            return "resumed";
        case EventKind::print_finished:
            return "print_finished";
        case EventKind::print_failed:
            return "print_failed";
        case EventKind::print_canceled:
            return "print_canceled";
        case EventKind::runout:
            return "runout";
        case EventKind::error_raised:
            return "error_raised";
        case EventKind::error_cleared:
            return "error_cleared";
        case EventKind::hms_raised:
            return "hms_raised";
        case EventKind::hms_cleared:
            return "hms_cleared";
        case EventKind::developer_mode_off:
            return "developer_mode_off";
        case EventKind::firmware_changed:
            return "firmware_changed";
        case EventKind::address_changed:
            return "address_changed";
        case EventKind::command:
            return "command";
        case EventKind::foreign_command:
            return "foreign_command";
        case EventKind::job:
            return "job";
        case EventKind::alarm:
            return "alarm";
    }
    return "unknown";
}

std::vector<Event> derive_events(const PrinterState& before, const PrinterState& after, WallTime now,
                                 bool own_stop) {
    Recorder out{now, after.id};
    link_events(before, after, out);
    if (developer_mode(after) == DeveloperMode::off && developer_mode(before) == DeveloperMode::on) {
        out.add(EventKind::developer_mode_off,
                "The printer refuses commands: Developer Mode was switched off.");
    } else if (after.learnt_developer_mode == DeveloperMode::off &&
               before.learnt_developer_mode != DeveloperMode::off && !after.report.fun) {
        out.add(EventKind::developer_mode_off, "The printer refused a command: Developer Mode is off.");
    }
    const auto old_firmware = printer_firmware(before.modules);
    const auto new_firmware = printer_firmware(after.modules);
    if (old_firmware && new_firmware && old_firmware != new_firmware) {
        out.add(EventKind::firmware_changed,
                fmt::format("Firmware changed from {} to {}.", *old_firmware, *new_firmware));
    }
    if (before.full_report_seen && after.full_report_seen) {
        job_events(before.report, after.report, own_stop, out);
        error_events(before.report, after.report, out);
    }
    return out.take();
}

}  // namespace farmwall
