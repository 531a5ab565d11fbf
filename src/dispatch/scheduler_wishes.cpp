// What people ask of the queue.

#include <fmt/format.h>

#include <algorithm>
#include <utility>

#include "dispatch/scheduler.hpp"

namespace farmwall::dispatch {
namespace {

constexpr std::string_view accepted_kinds = "Accepted are .gcode.3mf and a sliced .3mf.";
constexpr std::string_view plain_gcode =
    "Plain G-code does not say which tray it takes its filament from: export it as .gcode.3mf.";

template <class... Kinds>
bool is_one_of(const Wish& wish) {
    return (std::holds_alternative<Kinds>(wish) || ...);
}

std::string plates_text(const SlicedFile& file) {
    std::string text;
    for (const SlicedPlate& plate : file.plates)
        text += fmt::format("{}{}", text.empty() ? "" : ", ", plate.index);
    return text;
}

// What is wrong with a request by itself; empty: nothing.
std::string objection(const JobRequest& request) {
    if (request.plate < 1) return "Plates are counted from 1.";
    if (request.copies < 1 || request.copies > most_copies)
        return fmt::format("1 to {} copies can be asked for.", most_copies);
    if (request.priority < -highest_priority || request.priority > highest_priority)
        return fmt::format("The priority is {} to {}.", -highest_priority, highest_priority);
    if (!request.auto_assign && !request.printer)
        return "Without automatic assignment a printer must be named.";
    if (request.start_after && request.start_before && *request.start_before <= *request.start_after)
        return "The end of the time window lies before its beginning.";
    return "";
}

Job made_of(const JobRequest& request, const AddJob& wish) {
    Job job;
    job.file_name = wish.file_name;
    job.plate = request.plate;
    job.printer = request.printer;
    job.auto_assign = request.auto_assign;
    job.tag = request.tag;
    job.priority = request.priority;
    job.options = request.options;
    job.start_after = request.start_after;
    job.start_before = request.start_before;
    job.origin = wish.origin;
    if (request.hold) {
        job.phase = JobPhase::held;
        job.error = "Held by a person.";
    }
    return job;
}

}  // namespace

bool Scheduler::concerns(const Wish& wish) const {
    return is_one_of<AddJob, OrderJob, MoveJob, EditJob, PlateCleared, UnflagPrinter, DispatchNow>(wish);
}

SchedulerEffects Scheduler::wish(std::optional<std::size_t> printer, const Wish& wish, TimePoint now,
                                 WallTime wall) {
    Call call{now, wall, {}};
    if (const auto* one = std::get_if<AddJob>(&wish)) {
        add(call, *one);
    } else if (const auto* asked = std::get_if<OrderJob>(&wish)) {
        order(call, *asked);
    } else if (const auto* moved = std::get_if<MoveJob>(&wish)) {
        move(*moved);
    } else if (const auto* edited = std::get_if<EditJob>(&wish)) {
        edit(call, *edited);
    } else if (const auto* cleared = std::get_if<PlateCleared>(&wish)) {
        if (printer) plate_cleared(call, *printer, *cleared);
    } else if (std::holds_alternative<UnflagPrinter>(wish)) {
        if (printer) {
            printers_[*printer].desk.flagged.clear();
            forget_space(*printer);
            desk_changed(*printer);
        }
    }
    next_dispatch_ = now;  // DispatchNow is just that
    dispatch_wanted_ = true;
    return finish(call);
}

void Scheduler::answer(AddAnswer answer) {
    if (answers_.size() >= QueueState::most_answers) answers_.erase(answers_.begin());
    answers_.push_back(std::move(answer));
    ++published_revision_;
}

void Scheduler::add(Call& call, const AddJob& wish) {
    std::string error = objection(wish.request);
    const JobFileKind kind = job_file_kind(wish.file_name);
    if (error.empty() && kind == JobFileKind::unknown)
        error = fmt::format("This kind of file cannot be printed. {}", accepted_kinds);
    if (error.empty() && kind == JobFileKind::model && settings_.slicer_obstacle)
        error = settings_.slicer_obstacle();
    if (error.empty() && wish.request.printer && !index_of(*wish.request.printer))
        error = fmt::format("There is no printer \"{}\".", wish.request.printer->value);
    if (!error.empty()) {
        answer({wish.ticket, {}, std::move(error)});
        return;
    }
    intakes_.push_back({++last_intake_, wish, new_id()});
    call.effects.emplace_back(TakeFile{last_intake_, wish.source, wish.file_name, intakes_.back().first_id});
}

void Scheduler::added(Call& call, const queue::FilesEvent& event) {
    const auto found =
        std::ranges::find_if(intakes_, [&](const Intake& intake) { return intake.ticket == event.ticket; });
    if (found == intakes_.end()) return;
    const Intake intake = std::move(*found);
    intakes_.erase(found);
    if (event.kind == queue::FilesEvent::Kind::not_taken) {
        answer({intake.wish.ticket, {}, event.text});
        return;
    }
    Job job = made_of(intake.wish.request, intake.wish);
    job.file_path = event.path;
    job.sliced = event.sliced;
    job.created = call.wall;
    std::string error;
    if (job.sliced == nullptr && settings_.slicer_obstacle) error = settings_.slicer_obstacle();
    if (job.sliced != nullptr && job.sliced->kind == SlicedFile::Kind::gcode) error = plain_gcode;
    if (error.empty() && job.sliced != nullptr && plate_of(job) == nullptr)
        error = fmt::format("The file has no plate {}; it has {}.", job.plate, plates_text(*job.sliced));
    if (!error.empty()) {
        forget_file(call, event.path);
        answer({intake.wish.ticket, {}, std::move(error)});
        return;
    }
    AddAnswer done{intake.wish.ticket, {}, {}};
    for (int copy = 0; copy < intake.wish.request.copies; ++copy) {
        job.id = copy == 0 ? intake.first_id : new_id();
        done.jobs.push_back(job.id);
        entries_.emplace_back().job = job;
        changed(entries_.back());
    }
    unsaved_answers_.emplace_back(revision_ + 1, std::move(done));
    next_dispatch_ = call.now;
    dispatch_wanted_ = true;
}

void Scheduler::give_saved_answers() {
    const auto saved =
        std::stable_partition(unsaved_answers_.begin(), unsaved_answers_.end(),
                              [&](const auto& waiting) { return waiting.first > saved_revision_; });
    for (auto waiting = saved; waiting != unsaved_answers_.end(); ++waiting)
        answer(std::move(waiting->second));
    unsaved_answers_.erase(saved, unsaved_answers_.end());
}

void Scheduler::order(Call& call, const OrderJob& wish) {
    Entry* entry = find(wish.job);
    if (entry == nullptr) return;
    const JobPhase phase = entry->job.phase;
    switch (wish.order) {
        case JobOrder::cancel:
            cancel(call, *entry, wish.origin);
            return;
        case JobOrder::complete:
            complete(call, *entry);
            return;
        case JobOrder::remove:
            if (!holds_printer(phase)) remove(call, wish.job);
            return;
        case JobOrder::retry:
            if (phase == JobPhase::held || phase == JobPhase::failed || phase == JobPhase::canceled)
                requeue(call, *entry);
            return;
        case JobOrder::hold:
            if (phase == JobPhase::slicing) call.effects.emplace_back(CancelSlice{wish.job});
            if (phase == JobPhase::queued || phase == JobPhase::slicing)
                hold(call, *entry, "Held by a person.");
            return;
        case JobOrder::release:
            if (phase == JobPhase::held) requeue(call, *entry);
            return;
        case JobOrder::again:
            again(call, *entry);
            return;
    }
}

void Scheduler::cancel(Call& call, Entry& entry, Origin origin) {
    const auto printer = printer_of(entry);
    switch (entry.job.phase) {
        case JobPhase::completed:
        case JobPhase::failed:
        case JobPhase::canceled:
            return;
        case JobPhase::slicing:
            call.effects.emplace_back(CancelSlice{entry.job.id});
            end(call, entry, JobPhase::canceled, "Canceled by a person.");
            return;
        case JobPhase::queued:
        case JobPhase::held:
        case JobPhase::claimed:
        case JobPhase::uploading:
            end(call, entry, JobPhase::canceled, "Canceled by a person.");
            return;
        case JobPhase::starting:
            if (printer && printers_[*printer].start && !printers_[*printer].start->sent) {
                end(call, entry, JobPhase::canceled, "Canceled by a person.");
                return;
            }
            break;
        case JobPhase::running:
            if (printer && printers_[*printer].state)
                call.effects.emplace_back(
                    StopPrint{*printer, job_identity(printers_[*printer].state->report), origin});
            break;
    }
    entry.cancel_wanted = true;
    entry.cancel_origin = origin;
    entry.waiting = "Is being canceled: the printer was asked to stop, or is as soon as it begins.";
    changed(entry, false);
}

void Scheduler::complete(Call& call, Entry& entry) {
    if (entry.job.phase == JobPhase::completed) return;
    if (entry.job.phase == JobPhase::slicing) call.effects.emplace_back(CancelSlice{entry.job.id});
    end(call, entry, JobPhase::completed, "");
}

void Scheduler::remove(Call& call, const JobId& id) {
    Entry* entry = find(id);
    if (entry->job.phase == JobPhase::slicing) call.effects.emplace_back(CancelSlice{id});
    const std::string path = entry->job.file_path;
    std::erase_if(entries_, [&](const Entry& one) { return one.job.id == id; });
    forget_file(call, path);
    unsaved_ = true;
    ++published_revision_;
}

void Scheduler::requeue(Call& call, Entry& entry) {
    Job& job = entry.job;
    tell(call, entry, "queued again by a person.");
    job.phase = JobPhase::queued;
    job.error.clear();
    job.assigned.reset();
    job.attempt = {};
    job.attempts = 0;
    job.started.reset();
    job.finished.reset();
    entry.waiting.clear();
    entry.progress = 0;
    entry.upload_failures = 0;
    entry.cancel_wanted = false;
    // A window that is over would hold it again at once.
    if (job.start_before && *job.start_before <= call.wall) job.start_before.reset();
    changed(entry);
}

void Scheduler::again(Call& call, const Entry& entry) {
    Job job = entry.job;
    job.id = new_id();
    job.phase = JobPhase::queued;
    job.error.clear();
    job.created = call.wall;
    job.started.reset();
    job.finished.reset();
    job.assigned.reset();
    job.attempt = {};
    job.attempts = 0;
    job.start_after.reset();
    job.start_before.reset();
    entries_.emplace_back().job = std::move(job);
    changed(entries_.back());
}

void Scheduler::move(const MoveJob& wish) {
    const auto at = [&](const JobId& id) {
        return std::ranges::find_if(entries_, [&](const Entry& entry) { return entry.job.id == id; });
    };
    const auto from = at(wish.job);
    if (from == entries_.end() || wish.job == wish.before) return;
    if (!wish.before.empty() && at(wish.before) == entries_.end()) return;
    Entry moved = std::move(*from);
    entries_.erase(from);
    const auto to = wish.before.empty() ? entries_.end() : at(wish.before);
    // A place by hand counts among jobs of one priority.
    if (to != entries_.end()) moved.job.priority = to->job.priority;
    changed(*entries_.insert(to, std::move(moved)));
}

void Scheduler::edit(Call& call, const EditJob& wish) {
    Entry* entry = find(wish.job);
    if (entry == nullptr || holds_printer(entry->job.phase) || is_over(entry->job.phase)) return;
    Job& job = entry->job;
    if (wish.priority) job.priority = std::clamp(*wish.priority, -highest_priority, highest_priority);
    if (wish.plate && (job.sliced == nullptr || find_plate(*job.sliced, *wish.plate) != nullptr))
        job.plate = *wish.plate;
    if (wish.printer && wish.printer->empty()) {
        job.printer.reset();
        job.auto_assign = true;
    } else if (wish.printer && index_of(*wish.printer)) {
        job.printer = wish.printer;
    }
    if (wish.tag) job.tag = *wish.tag;
    if (job.phase == JobPhase::slicing) {
        // It may need to be sliced for another model now.
        call.effects.emplace_back(CancelSlice{job.id});
        job.phase = JobPhase::queued;
    }
    changed(*entry);
}

void Scheduler::plate_cleared(Call& call, std::size_t printer, const PlateCleared& wish) {
    Printer& one = printers_[printer];
    // Nobody clears a plate while the printer works on it, or is being told to.
    const bool active = one.state && one.state->report.state && is_active(*one.state->report.state);
    if (active || one.start) return;
    PlateRecord& plate = one.desk.plate;
    plate.state = PlateState::clear;
    plate.since = call.wall;
    plate.last_good = wish.good;
    plate.last_reason = wish.good ? std::string{} : wish.reason;
    plate.last_seen = one.state && one.state->full_report_seen ? seen_mark(one.state->report) : std::string{};
    const auto job = std::exchange(plate.job, std::nullopt);
    desk_changed(printer);
    call.effects.emplace_back(
        TellJob{printer, wish.good ? "Plate cleared, the print is good."
                                   : fmt::format("Plate cleared, the print is bad: {}.", wish.reason)});
    Entry* entry = job && !wish.good && wish.requeue ? find(*job) : nullptr;
    if (entry != nullptr) again(call, Entry{*entry});
}

}  // namespace farmwall::dispatch
