#include "dispatch/print_log.hpp"

#include <algorithm>

#include "model/availability.hpp"
#include "model/errors.hpp"

namespace farmwall::dispatch {
namespace {

bool is_same_print(const queue::PrintRecord& record, const Report& report) {
    const JobIdentity now = job_identity(report);
    // Local jobs of others have "0" or nothing for an id; a name may come after the start.
    const auto telling = [](const std::string& id) { return !id.empty() && id != "0"; };
    if (telling(record.subtask_id) && telling(now.subtask_id)) return record.subtask_id == now.subtask_id;
    return record.name.empty() || now.name.empty() || record.name == now.name;
}

queue::PrintRecord begun(const PrinterState& state, WallTime now) {
    const JobIdentity job = job_identity(state.report);
    queue::PrintRecord record;
    record.printer = state.id;
    record.printer_name = state.name;
    record.name = job.name;
    record.file = state.report.gcode_file.value_or("");
    record.subtask_id = job.subtask_id;
    record.started = now;
    return record;
}

// What a finished job leaves may be reset at once: the last numbers of the running one count.
void follow(queue::PrintRecord& record, const Report& report) {
    record.percent = report.percent.value_or(record.percent);
    record.layers = report.layer.value_or(record.layers);
    if (record.name.empty()) record.name = report.subtask_name.value_or("");
    if (record.file.empty()) record.file = report.gcode_file.value_or("");
    if (record.subtask_id.empty()) record.subtask_id = report.subtask_id.value_or("");
}

}  // namespace

void PrintLog::resume(std::size_t printer, const queue::PrintRecord& unfinished) {
    open_[printer] = unfinished;
}

std::vector<queue::PrintRecord> PrintLog::look(std::size_t printer, const PrinterState& state, bool own_stop,
                                               WallTime now) {
    std::vector<queue::PrintRecord> out;
    if (!is_connected(state) || !state.full_report_seen || !state.report.state) return out;
    std::optional<queue::PrintRecord>& open = open_[printer];
    const Report& report = state.report;
    const bool active = is_active(*report.state);
    const bool known = active || *report.state == JobState::idle || *report.state == JobState::finish ||
                       *report.state == JobState::failed;
    if (!known) return out;
    if (open && (!active || !is_same_print(*open, report))) {
        queue::PrintRecord& record = *open;
        record.ended = now;
        if (!active && is_same_print(record, report)) {
            record.outcome = job_outcome(report, own_stop);
            if (record.outcome == JobOutcome::completed) record.percent = 100;
            if (record.outcome == JobOutcome::failed) record.error = shown_error(report).value_or(0);
        }
        out.push_back(record);
        open.reset();
    }
    if (!active) return out;
    const bool begins = !open;
    if (begins) open = begun(state, now);
    follow(*open, report);
    if (begins) out.push_back(*open);
    return out;
}

}  // namespace farmwall::dispatch
