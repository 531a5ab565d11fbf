// From the claim of a printer to the end of the print (protocol 7.4, 12).

#include <fmt/format.h>

#include <algorithm>
#include <utility>

#include "dispatch/scheduler.hpp"
#include "model/availability.hpp"
#include "model/errors.hpp"

namespace farmwall::dispatch {
namespace {

using namespace std::chrono_literals;

constexpr int most_upload_failures = 3;
constexpr int most_unsent_starts = 3;
// A printer that left for a moment is waited for before its upload is given up.
constexpr auto patience = 2min;

bool at_rest(const PrinterState& printer) {
    return is_connected(printer) && printer.full_report_seen && printer.report.state &&
           (*printer.report.state == JobState::idle || *printer.report.state == JobState::finish ||
            *printer.report.state == JobState::failed);
}

bool works(const PrinterState& printer) {
    return is_connected(printer) && printer.full_report_seen && printer.report.state &&
           is_active(*printer.report.state);
}

// Something about the printer that stays until a person looks; empty: only this upload went wrong.
std::string flag_text(const UploadEvent& event) {
    switch (event.problem) {
        case UploadProblem::bad_access_code:
        case UploadProblem::certificate:
        case UploadProblem::no_storage:
        case UploadProblem::storage_error:
            return event.text;
        case UploadProblem::storage_full:
            return event.free_bytes ? std::string{} : event.text;
        case UploadProblem::none:
        case UploadProblem::unreachable:
        case UploadProblem::connection_lost:
        case UploadProblem::too_slow:
        case UploadProblem::wrong_size:
        case UploadProblem::local_file:
        case UploadProblem::canceled:
            return "";
    }
    return "";
}

}  // namespace

void Scheduler::begin_upload(Call& call, Entry& entry, std::size_t printer) {
    entry.job.phase = JobPhase::uploading;
    entry.progress = 0;
    entry.bytes_per_second = 0;
    printers_[printer].upload = ++last_upload_;
    printers_[printer].uploaded.reset();
    call.effects.emplace_back(
        BeginUpload{last_upload_, printer, entry.job.file_path, entry.job.attempt.remote_name});
}

SchedulerEffects Scheduler::upload_event(const UploadEvent& event, TimePoint now, WallTime wall) {
    Call call{now, wall, {}};
    if (event.printer >= printers_.size()) return finish(call);
    Printer& printer = printers_[event.printer];
    if (event.free_bytes) printer.space_known_at = now;
    if (event.free_bytes && printer.desk.free_bytes != event.free_bytes) {
        printer.desk.free_bytes = event.free_bytes;
        desk_changed(event.printer, false);
    }
    Entry* entry = job_at(event.printer);
    if (printer.upload != event.upload || entry == nullptr) return finish(call);
    switch (event.kind) {
        case UploadEvent::Kind::progress:
            entry->progress = event.total_bytes == 0 ? 0
                                                     : static_cast<double>(event.sent_bytes) /
                                                           static_cast<double>(event.total_bytes);
            entry->bytes_per_second = event.bytes_per_second;
            changed(*entry, false);
            break;
        case UploadEvent::Kind::done:
            printer.upload.reset();
            printer.uploaded = now;
            entry->progress = 1;
            entry->bytes_per_second = 0;
            changed(*entry, false);
            try_start(call, event.printer);
            break;
        case UploadEvent::Kind::failed:
            upload_failed(call, *entry, event.printer, event);
            break;
    }
    return finish(call);
}

void Scheduler::upload_failed(Call& call, Entry& entry, std::size_t printer, const UploadEvent& event) {
    printers_[printer].upload.reset();
    if (event.problem == UploadProblem::local_file) {
        hold(call, entry, event.text);
        return;
    }
    if (const std::string flag = flag_text(event); !flag.empty()) {
        printers_[printer].desk.flagged = flag;
        desk_changed(printer);
    }
    if (++entry.upload_failures >= most_upload_failures) {
        hold(call, entry, fmt::format("The upload failed {} times. {}", entry.upload_failures, event.text));
    } else {
        back_to_queue(call, entry, event.text);
    }
}

// What heats now, and what was told to start and does not show it yet. W.
int Scheduler::heating_now() const {
    int watts = 0;
    for (const Printer& printer : printers_) {
        if (!printer.state) continue;
        const int reported = heating_watts(*printer.state);
        watts += printer.start ? std::max(reported, heat_up_watts(printer.state->model.model)) : reported;
    }
    return watts;
}

// The file is there: the start follows when the printer still matches and there is power to heat it.
void Scheduler::try_start(Call& call, std::size_t index) {
    Printer& printer = printers_[index];
    Entry* entry = job_at(index);
    if (entry == nullptr || printer.start || !printer.uploaded) return;
    Job& job = entry->job;
    const Match verdict = match(job, place(index), settings_.rules, call.now);
    if (!verdict.possible()) {
        constexpr auto absent =
            1U << static_cast<unsigned>(CheckKind::online) | 1U << static_cast<unsigned>(CheckKind::report);
        if ((verdict.refused & ~absent) == 0 && call.now < *printer.uploaded + patience) {
            set_waiting(*entry, "Waits for the printer to be connected again.");
            return;
        }
        for (const Check& check : explain(job, place(index), settings_.rules, call.now)) {
            if (check.verdict != Verdict::refuse) continue;
            back_to_queue(call, *entry, "It could not be started on its printer: " + check.reason);
            return;
        }
    }
    const int watts = heating_now();
    const int more = heat_up_watts(printer.state->model.model);
    if (settings_.max_heating_watts > 0 && watts > 0 && watts + more > settings_.max_heating_watts) {
        set_waiting(*entry, fmt::format("Waits for heating power: {} of {} W are in use, it needs {} W.",
                                        watts, settings_.max_heating_watts, more));
        return;
    }
    const SlicedPlate* plate = plate_of(job);
    const auto filaments =
        plan_filaments(*plate, job.sliced->project_filaments, *printer.state, printer.selected);
    if (!filaments) {
        back_to_queue(call, *entry, "Its printer lacks the filament.");
        return;
    }
    Start start;
    start.command = ++last_start_;
    start.print.task_id = job.attempt.task_id;
    start.print.remote_name = job.attempt.remote_name;
    start.print.subtask_name = subtask_name_of(job);
    start.print.plate = job.plate;
    start.print.plate_type = plate->plate_type;
    start.print.options = job.options;
    start.print.filaments = *filaments;
    start.plate_before = printer.desk.plate;
    // finish() writes it with the next revision.
    start.needs_saved = revision_ + 1;
    printer.start = std::move(start);
    job.phase = JobPhase::starting;
    entry->waiting.clear();
    occupy_plate(call, index, job.file_name, job.id);
    changed(*entry);
}

void Scheduler::occupy_plate(const Call& call, std::size_t index, const std::string& print,
                             const std::optional<JobId>& job) {
    PlateRecord& plate = printers_[index].desk.plate;
    plate.state = PlateState::occupied;
    plate.since = call.wall;
    plate.print = print;
    plate.job = job;
    desk_changed(index);
}

// The plate counts as it was: the intent has made it occupied.
bool Scheduler::still_matches(const Call& call, std::size_t index, const Entry& entry) const {
    const Printer& printer = printers_[index];
    if (!printer.state) return false;
    PrinterDesk desk = printer.desk;
    desk.plate = printer.start->plate_before;
    const Place now{*printer.state, desk, settings_.places[index], printer.selected};
    if (!match(entry.job, now, settings_.rules, call.now).possible()) return false;
    return plan_filaments(*plate_of(entry.job), entry.job.sliced->project_filaments, *printer.state,
                          printer.selected) == printer.start->print.filaments;
}

void Scheduler::send_saved_starts(Call& call) {
    for (std::size_t i = 0; i < printers_.size(); ++i) {
        Printer& printer = printers_[i];
        if (!printer.start || printer.start->sent || saved_revision_ < printer.start->needs_saved) continue;
        Entry* entry = job_at(i);
        if (entry == nullptr) continue;
        // What was so when the intent was written may have changed meanwhile.
        if (!still_matches(call, i, *entry)) {
            back_to_queue(call, *entry, "Its printer changed at the moment of the start.");
            continue;
        }
        printer.start->sent = true;
        const bool slow = printer.state && model_info(printer.state->model.model).slow_controller;
        printer.start->deadline = call.now + (slow ? settings_.times.landed_slow : settings_.times.landed);
        printer.desk.last_used = call.wall;
        ++entry->job.attempts;
        desk_changed(i);
        changed(*entry);
        call.effects.emplace_back(
            SendStart{i, printer.start->command, printer.start->print, job_identity(printer.state->report)});
    }
}

SchedulerEffects Scheduler::start_event(const LinkEvent& event, TimePoint now, WallTime wall) {
    Call call{now, wall, {}};
    if (event.printer >= printers_.size()) return finish(call);
    Printer& printer = printers_[event.printer];
    Entry* entry = job_at(event.printer);
    if (!printer.start || printer.start->command != event.command || entry == nullptr ||
        entry->job.phase != JobPhase::starting)
        return finish(call);
    const bool refused = event.kind == LinkEvent::Kind::answered && event.failed;
    if (event.kind != LinkEvent::Kind::not_sent && !refused) return finish(call);
    // Nothing was begun: the plate is what it was, unless the printer works on something after all.
    printer.start->sent = false;
    if (printer.state && works(*printer.state)) printer.start->plate_before = printer.desk.plate;
    const std::string why = event.text.empty() ? "The printer refused the start." : event.text;
    if (entry->cancel_wanted) {
        end(call, *entry, JobPhase::canceled, "Canceled by a person.");
    } else if ((event.kind == LinkEvent::Kind::not_sent && entry->job.attempts < most_unsent_starts) ||
               event.unsigned_refused) {
        back_to_queue(call, *entry, why);
    } else {
        hold(call, *entry, why);
    }
    return finish(call);
}

SchedulerEffects Scheduler::look(std::size_t index, std::shared_ptr<const PrinterState> state,
                                 const std::optional<TraySource>& selected, bool own_stop, TimePoint now,
                                 WallTime wall) {
    Call call{now, wall, {}};
    const bool was_free = printers_[index].state && at_rest(*printers_[index].state);
    printers_[index].state = std::move(state);
    printers_[index].selected = selected;
    printers_[index].own_stop = own_stop;
    follow_plate(call, index);
    follow_print(call, index);
    if (printers_[index].uploaded && !printers_[index].start) try_start(call, index);
    if (!was_free && at_rest(*printers_[index].state)) dispatch_wanted_ = true;
    return finish(call);
}

// Any print that is seen occupies the plate, whoever started it.
void Scheduler::follow_plate(Call& call, std::size_t index) {
    Printer& printer = printers_[index];
    const PrinterState& state = *printer.state;
    PlateRecord& plate = printer.desk.plate;
    const std::string mark = print_mark(state.report);
    if (works(state)) {
        const Entry* entry = job_at(index);
        const bool ours = entry != nullptr && (entry->job.phase == JobPhase::running || printer.start);
        if (plate.state != PlateState::occupied || (!printer.was_active && !ours)) {
            occupy_plate(call, index, ours ? entry->job.file_name : state.report.subtask_name.value_or(""),
                         ours ? std::optional{entry->job.id} : std::nullopt);
        }
        if (plate.last_seen != mark) {
            plate.last_seen = mark;
            desk_changed(index);
        }
        printer.was_active = true;
        return;
    }
    if (!at_rest(state)) return;
    const bool ended = std::exchange(printer.was_active, false);
    if (ended && settings_.places[index].auto_clear && *state.report.state == JobState::finish) {
        plate.state = PlateState::clear;
        plate.since = call.wall;
        plate.last_seen = mark;
        desk_changed(index);
    } else if (plate.state == PlateState::clear && !mark.empty() && mark != plate.last_seen) {
        // It printed while nobody looked, or shows what was there when the plate was cleared without it.
        if (is_other_print(plate.last_seen, mark))
            occupy_plate(call, index, state.report.subtask_name.value_or(""), {});
        plate.last_seen = mark;
        desk_changed(index);
    }
}

void Scheduler::follow_print(Call& call, std::size_t index) {
    Entry* entry = job_at(index);
    if (entry == nullptr) {
        adopt(call, index);
        return;
    }
    const Sighting sighting = sight(*printers_[index].state, entry->job.attempt, subtask_name_of(entry->job));
    if (entry->job.phase == JobPhase::starting) {
        follow_start(call, index, *entry, sighting);
    } else if (entry->job.phase == JobPhase::running) {
        follow_running(call, index, *entry, sighting);
    } else if (sighting == Sighting::other_active) {
        back_to_queue(call, *entry, "Its printer was given another print by somebody else.");
    }
}

// A job that was held because nobody knew whether it had started: the printer says so.
void Scheduler::adopt(Call& call, std::size_t index) {
    const PrinterState& state = *printers_[index].state;
    if (!works(state)) return;
    for (Entry& entry : entries_) {
        if (entry.job.phase != JobPhase::held || entry.job.attempt.task_id == 0 || printer_of(entry) != index)
            continue;
        if (sight(state, entry.job.attempt, subtask_name_of(entry.job)) != Sighting::ours_active) continue;
        printers_[index].desk.job = entry.job.id;
        began_running(call, index, entry);
        return;
    }
}

void Scheduler::follow_start(Call& call, std::size_t index, Entry& entry, Sighting sighting) {
    Printer& printer = printers_[index];
    if (!printer.start || !printer.start->sent) {
        if (sighting == Sighting::other_active)
            back_to_queue(call, entry, "Its printer was given another print by somebody else.");
        return;
    }
    switch (sighting) {
        case Sighting::ours_active:
            began_running(call, index, entry);
            return;
        case Sighting::landed:
        case Sighting::ours_finished:
        case Sighting::ours_ended:
            if (!std::exchange(printer.start->landed, true)) {
                printer.start->deadline = call.now + settings_.times.active;
                desk_changed(index, false);
            }
            return;
        case Sighting::other_active:
            hold(call, entry, "The printer works on another print: whether this one was begun is not known.");
            return;
        case Sighting::unknown:
        case Sighting::nothing:
            return;
    }
}

void Scheduler::start_deadline(Call& call, std::size_t index) {
    Entry* entry = job_at(index);
    if (entry == nullptr) return;
    const bool landed = printers_[index].start->landed;
    if (landed) {
        printers_[index].desk.flagged = "It took over a print and did not begin it: look at its screen.";
        desk_changed(index);
    }
    if (entry->cancel_wanted) {
        end(call, *entry, JobPhase::canceled, "Canceled by a person while it was being started.");
        return;
    }
    const auto error = printers_[index].state ? shown_error(printers_[index].state->report) : std::nullopt;
    const std::string code = error ? fmt::format(" It shows the error {}.", error_code_text(*error)) : "";
    hold(call, *entry,
         (landed ? "The printer took the job and did not begin it."
                 : "The printer did not show that it took the job: look whether its screen asks something.") +
             code);
}

void Scheduler::began_running(Call& call, std::size_t index, Entry& entry) {
    Printer& printer = printers_[index];
    printer.start.reset();
    printer.uploaded.reset();
    printer.ended_since.reset();
    printer.saw_filament = shows_filament(printer.state->report).value_or(true);
    entry.job.phase = JobPhase::running;
    entry.job.error.clear();
    if (!entry.job.started) entry.job.started = call.wall;
    entry.progress = 0;
    entry.waiting.clear();
    tell(call, entry, "printing.");
    desk_changed(index);
    changed(entry);
    if (entry.cancel_wanted)
        call.effects.emplace_back(StopPrint{index, job_identity(printer.state->report), entry.cancel_origin});
}

void Scheduler::follow_running(Call& call, std::size_t index, Entry& entry, Sighting sighting) {
    Printer& printer = printers_[index];
    switch (sighting) {
        case Sighting::ours_active: {
            printer.ended_since.reset();
            printer.saw_filament =
                printer.saw_filament || shows_filament(printer.state->report).value_or(true);
            const double progress = printer.state->report.percent.value_or(0) / 100.0;
            if (entry.progress != progress) {
                entry.progress = progress;
                changed(entry, false);
            }
            return;
        }
        case Sighting::other_active:
            hold(call, entry, "How this print ended is not known: the printer works on another one now.");
            return;
        case Sighting::ours_finished:
        case Sighting::ours_ended:
        case Sighting::nothing:
            if (!printer.ended_since) printer.ended_since = call.now;
            // The codes that tell a failure from a stop may come with the next report.
            if (call.now >= *printer.ended_since + settings_.times.settle) print_ended(call, index, entry);
            return;
        case Sighting::landed:
        case Sighting::unknown:
            return;
    }
}

void Scheduler::print_ended(Call& call, std::size_t index, Entry& entry) {
    Printer& printer = printers_[index];
    const Report& report = printer.state->report;
    const bool others =
        sight(*printer.state, entry.job.attempt, subtask_name_of(entry.job)) == Sighting::nothing &&
        !print_mark(report).empty();
    if (others) {
        hold(call, entry, "How this print ended is not known: the printer shows another one.");
        return;
    }
    switch (job_outcome(report, printer.own_stop || entry.cancel_wanted)) {
        case JobOutcome::completed:
            if (printer.saw_filament) {
                end(call, entry, JobPhase::completed, "");
            } else {
                end(call, entry, JobPhase::failed,
                    "The printer reported the end, and filament was never loaded: look at the plate.");
            }
            return;
        case JobOutcome::canceled:
            end(call, entry, JobPhase::canceled,
                entry.cancel_wanted ? "Canceled by a person." : "Stopped at the printer.");
            return;
        case JobOutcome::failed: {
            const auto error = shown_error(report);
            end(call, entry, JobPhase::failed,
                error ? fmt::format("The print failed with error {}.", error_code_text(*error))
                      : std::string{"The print failed."});
            return;
        }
    }
}

}  // namespace farmwall::dispatch
