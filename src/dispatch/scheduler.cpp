#include "dispatch/scheduler.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <utility>

#include "model/availability.hpp"

namespace farmwall::dispatch {

Scheduler::Scheduler(SchedulerSettings settings)
    : settings_{std::move(settings)}, printers_(settings_.printers.size()) {
    settings_.places.resize(printers_.size());
}

void Scheduler::load(const queue::QueueContent& content, std::string problem, WallTime wall) {
    load_problem_ = std::move(problem);
    for (const auto& [id, desk] : content.desks) {
        if (const auto index = index_of(id)) {
            printers_[*index].desk = desk;
            printers_[*index].desk.job.reset();
        } else {
            strangers_.emplace_back(id, desk);
        }
    }
    for (const Job& job : content.jobs) {
        Entry& entry = entries_.emplace_back();
        entry.job = job;
        if (holds_printer(job.phase) || job.phase == JobPhase::slicing) resume(entry, wall);
    }
    unsaved_ = true;
    ++published_revision_;
}

// What was under way when the program ended.
void Scheduler::resume(Entry& entry, WallTime wall) {
    Job& job = entry.job;
    const auto printer = printer_of(entry);
    switch (job.phase) {
        case JobPhase::slicing:
            job.phase = JobPhase::queued;
            return;
        case JobPhase::claimed:
        case JobPhase::uploading:
            if (printer && !job.attempt.remote_name.empty())
                leftovers_.emplace_back(*printer, job.attempt.remote_name);
            job.phase = JobPhase::queued;
            job.assigned.reset();
            job.attempt = {};
            return;
        case JobPhase::starting:
            job.phase = JobPhase::held;
            job.error =
                "The program ended while this job was being started: look whether the printer prints it.";
            if (printer) {
                PlateRecord& plate = printers_[*printer].desk.plate;
                plate.state = PlateState::occupied;
                if (!plate.since) plate.since = wall;
            }
            return;
        case JobPhase::running:
            if (!printer || printers_[*printer].desk.job) {
                job.phase = JobPhase::held;
                job.error = "How this print ended is not known: its printer is not configured any more.";
                return;
            }
            printers_[*printer].desk.job = job.id;
            printers_[*printer].saw_filament = true;  // nobody looked for a while
            return;
        case JobPhase::queued:
        case JobPhase::held:
        case JobPhase::completed:
        case JobPhase::failed:
        case JobPhase::canceled:
            return;
    }
}

void Scheduler::changed(Entry& entry, bool persistent) {
    entry.view.reset();
    unsaved_ = unsaved_ || persistent;
    ++published_revision_;
}

void Scheduler::desk_changed(std::size_t printer, bool persistent) {
    printers_[printer].published.reset();
    unsaved_ = unsaved_ || persistent;
    ++published_revision_;
}

SchedulerEffects Scheduler::finish(Call& call) {
    if (dispatch_wanted_ && call.now >= next_dispatch_) dispatch(call);
    if (unsaved_) {
        unsaved_ = false;
        call.effects.emplace_back(
            SaveQueue{++revision_, std::make_shared<const queue::QueueContent>(content())});
    }
    return std::move(call.effects);
}

queue::QueueContent Scheduler::content() const {
    queue::QueueContent content;
    content.jobs.reserve(entries_.size());
    for (const Entry& entry : entries_)
        content.jobs.push_back(entry.job);
    for (std::size_t i = 0; i < printers_.size(); ++i)
        content.desks.emplace_back(settings_.printers[i], printers_[i].desk);
    content.desks.insert(content.desks.end(), strangers_.begin(), strangers_.end());
    return content;
}

bool Scheduler::started(const std::string& subtask_id) const {
    return std::ranges::any_of(entries_, [&](const Entry& entry) {
        return entry.job.attempt.task_id != 0 && std::to_string(entry.job.attempt.task_id) == subtask_id;
    });
}

Scheduler::Entry* Scheduler::find(const JobId& id) {
    const auto found = std::ranges::find_if(entries_, [&](const Entry& entry) { return entry.job.id == id; });
    return found == entries_.end() ? nullptr : &*found;
}

Scheduler::Entry* Scheduler::job_at(std::size_t printer) {
    const auto& job = printers_[printer].desk.job;
    return job ? find(*job) : nullptr;
}

std::optional<std::size_t> Scheduler::index_of(const PrinterId& id) const {
    const auto found = std::ranges::find(settings_.printers, id);
    if (found == settings_.printers.end()) return std::nullopt;
    return static_cast<std::size_t>(found - settings_.printers.begin());
}

std::optional<std::size_t> Scheduler::printer_of(const Entry& entry) const {
    return entry.job.assigned ? index_of(*entry.job.assigned) : std::nullopt;
}

Place Scheduler::place(std::size_t printer) const {
    static const PrinterState nothing_known;
    const Printer& one = printers_[printer];
    return {one.state ? *one.state : nothing_known, one.desk, settings_.places[printer], one.selected};
}

JobId Scheduler::new_id() {
    while (true) {
        JobId id{fmt::format("{:012x}", settings_.random() & 0xFFFF'FFFF'FFFFU)};
        const bool coming =
            std::ranges::any_of(intakes_, [&](const Intake& intake) { return intake.first_id == id; });
        if (!coming && find(id) == nullptr) return id;
    }
}

void Scheduler::tell(Call& call, const Entry& entry, const std::string& text) {
    const auto printer = printer_of(entry);
    if (printer)
        call.effects.emplace_back(TellJob{*printer, fmt::format("{}: {}", entry.job.file_name, text)});
}

void Scheduler::release_printer(Call& call, Entry& entry) {
    const auto index = printer_of(entry);
    if (!index || printers_[*index].desk.job != entry.job.id) return;
    Printer& printer = printers_[*index];
    if (printer.upload) call.effects.emplace_back(CancelUpload{*printer.upload});
    // Nothing was begun.
    if (printer.start && !printer.start->sent) printer.desk.plate = printer.start->plate_before;
    // What may be printing at this moment keeps its file.
    const bool uncertain = printer.start && printer.start->sent && entry.job.phase == JobPhase::starting;
    if (settings_.delete_after_print && !uncertain && !entry.job.attempt.remote_name.empty())
        call.effects.emplace_back(RemoveRemote{*index, entry.job.attempt.remote_name});
    printer.upload.reset();
    printer.uploaded.reset();
    printer.start.reset();
    printer.ended_since.reset();
    printer.desk.job.reset();
    desk_changed(*index);
    dispatch_wanted_ = true;
}

void Scheduler::forget_space(std::size_t printer) {
    if (!printers_[printer].desk.free_bytes) return;
    printers_[printer].desk.free_bytes.reset();
    desk_changed(printer, false);
}

void Scheduler::end(Call& call, Entry& entry, JobPhase phase, std::string why) {
    tell(call, entry, why.empty() ? std::string{name(phase)} + "." : why);
    // Its file is removed: how much room there is then is not known.
    if (const auto printer = printer_of(entry)) forget_space(*printer);
    release_printer(call, entry);
    entry.job.phase = phase;
    entry.job.error = phase == JobPhase::completed ? std::string{} : std::move(why);
    entry.job.finished = call.wall;
    entry.waiting.clear();
    entry.cancel_wanted = false;
    entry.progress = phase == JobPhase::completed ? 1 : entry.progress;
    changed(entry);
}

void Scheduler::hold(Call& call, Entry& entry, std::string why) {
    tell(call, entry, "held. " + why);
    release_printer(call, entry);
    entry.job.phase = JobPhase::held;
    entry.job.error = std::move(why);
    entry.waiting.clear();
    entry.progress = 0;
    changed(entry);
}

void Scheduler::back_to_queue(Call& call, Entry& entry, const std::string& why) {
    tell(call, entry, "back in the queue. " + why);
    release_printer(call, entry);
    entry.job.phase = JobPhase::queued;
    entry.job.assigned.reset();
    entry.job.attempt = {};
    entry.waiting = why;
    entry.progress = 0;
    entry.bytes_per_second = 0;
    changed(entry);
    dispatch_wanted_ = true;
}

void Scheduler::forget_file(Call& call, const std::string& path) {
    const bool needed =
        std::ranges::any_of(entries_, [&](const Entry& entry) { return entry.job.file_path == path; });
    if (!needed && !path.empty()) call.effects.emplace_back(RemoveFile{path});
}

SchedulerEffects Scheduler::tick(TimePoint now, WallTime wall) {
    Call call{now, wall, {}};
    for (const auto& [printer, remote_name] : std::exchange(leftovers_, {}))
        call.effects.emplace_back(RemoveRemote{printer, remote_name});
    for (std::size_t i = 0; i < printers_.size(); ++i) {
        if (printers_[i].start && printers_[i].start->deadline && now >= *printers_[i].start->deadline)
            start_deadline(call, i);
        if (printers_[i].ended_since) follow_print(call, i);
        if (printers_[i].uploaded && !printers_[i].start) try_start(call, i);
    }
    if (now >= next_dispatch_) dispatch_wanted_ = true;
    return finish(call);
}

std::optional<TimePoint> Scheduler::next_due() const {
    TimePoint due = next_dispatch_;
    for (const Printer& printer : printers_) {
        if (printer.start && printer.start->deadline) due = std::min(due, *printer.start->deadline);
        if (printer.ended_since) due = std::min(due, *printer.ended_since + settings_.times.settle);
    }
    return due;
}

SchedulerEffects Scheduler::files_event(const queue::FilesEvent& event, TimePoint now, WallTime wall) {
    Call call{now, wall, {}};
    using Kind = queue::FilesEvent::Kind;
    switch (event.kind) {
        case Kind::taken:
        case Kind::not_taken:
            added(call, event);
            break;
        case Kind::saved:
            saved_revision_ = std::max(saved_revision_, event.revision);
            if (!problem_.empty()) {
                problem_.clear();
                ++published_revision_;
            }
            send_saved_starts(call);
            give_saved_answers();
            break;
        case Kind::not_saved:
            problem_ = event.text;
            ++published_revision_;
            break;
    }
    return finish(call);
}

std::shared_ptr<const QueueState> Scheduler::published(TimePoint now, WallTime wall) {
    if (now >= next_forecast_ || forecast_ == nullptr) make_forecast(Call{now, wall, {}});
    auto state = std::make_shared<QueueState>();
    state->jobs.reserve(entries_.size());
    for (Entry& entry : entries_) {
        if (entry.view == nullptr)
            entry.view = std::make_shared<const JobView>(JobView{std::make_shared<const Job>(entry.job),
                                                                 entry.waiting, entry.progress,
                                                                 entry.bytes_per_second, entry.slicer_line});
        state->jobs.push_back(entry.view);
    }
    for (Printer& printer : printers_) {
        if (printer.published == nullptr)
            printer.published = std::make_shared<const PrinterDesk>(printer.desk);
        state->desks.push_back(printer.published);
    }
    state->places = settings_.places;
    state->rules = settings_.rules;
    state->forecast = forecast_;
    state->last_dispatch = last_dispatch_;
    state->last_result = last_result_;
    state->dispatches = dispatches_;
    state->problem = problem_.empty() ? load_problem_ : problem_;
    state->answers = answers_;
    state->interval_sec =
        static_cast<int>(std::chrono::duration_cast<std::chrono::seconds>(settings_.interval).count());
    return state;
}

}  // namespace farmwall::dispatch
