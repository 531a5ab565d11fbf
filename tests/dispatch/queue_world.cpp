#include "queue_world.hpp"

#include <algorithm>
#include <array>

#include "job_printer.hpp"

namespace farmwall::testing {

using namespace dispatch;

namespace {

constexpr std::array materials{"PLA", "PETG"};
constexpr std::array models{PrinterModel::p1s, PrinterModel::x1c, PrinterModel::a1};

}  // namespace

WorldPrinter QueueWorld::new_printer(std::size_t index) {
    WorldPrinter printer;
    printer.state = job_printer(index, models[index % models.size()], materials[index % materials.size()]);
    printer.state.report.nozzle_type = "stainless_steel";
    printer.state.report.subtask_name = "";
    printer.state.report.gcode_file = "";
    return printer;
}

// A program begins with what is on the disk.
void QueueWorld::live() {
    SchedulerSettings settings;
    for (const WorldPrinter& printer : printers_)
        settings.printers.push_back(printer.state.id);
    settings.places.resize(printers_.size());
    settings.random = [this] { return random_(); };
    scheduler_ = std::make_unique<Scheduler>(std::move(settings));
    scheduler_->load(disk_, "", wall_);
    take(scheduler_->tick(now_, wall_));
}

void QueueWorld::crash() {
    ++crashes_;
    // What was being written has either reached the disk or not.
    while (!saves_.empty() && chance(50)) {
        disk_ = *saves_.front().content;
        saves_.erase(saves_.begin());
    }
    saves_.clear();
    files_.clear();
    uploads_.clear();
    heard_answers_.clear();
    if (chance(50)) starts_.clear();  // else it was on the wire already
    for (WorldPrinter& printer : printers_) {
        printer.said.clear();
        printer.heard.reset();
    }
    live();
    for (std::size_t i = 0; i < printers_.size(); ++i)
        if (chance(80)) say(i);
}

void QueueWorld::take(SchedulerEffects effects) {
    for (SchedulerEffect& effect : effects) {
        if (auto* save = std::get_if<SaveQueue>(&effect)) {
            REQUIRE((saves_.empty() || saves_.back().revision < save->revision));
            saves_.push_back({save->revision, save->content});
        } else if (auto* file = std::get_if<TakeFile>(&effect)) {
            files_.push_back(*file);
        } else if (auto* upload = std::get_if<BeginUpload>(&effect)) {
            for (const Upload& other : uploads_)
                REQUIRE((other.printer != upload->printer || other.canceled));
            uploads_.push_back({upload->upload, upload->printer, false});
        } else if (auto* cancel = std::get_if<CancelUpload>(&effect)) {
            for (Upload& one : uploads_)
                if (one.id == cancel->upload) one.canceled = true;
        } else if (auto* sent = std::get_if<SendStart>(&effect)) {
            start(*sent);
        } else if (auto* stop = std::get_if<StopPrint>(&effect)) {
            WorldPrinter& printer = printers_[stop->printer];
            if (printer.state.report.state && is_active(*printer.state.report.state) &&
                job_identity(printer.state.report) == stop->job && chance(80)) {
                printer.state.report.state = JobState::failed;
                say(stop->printer);
            }
        }
    }
}

// Where the harm would be done.
void QueueWorld::start(const SendStart& effect) {
    WorldPrinter& printer = printers_[effect.printer];
    REQUIRE(printer.heard != nullptr);
    const PrinterState& known = *printer.heard;
    REQUIRE(is_connected(known));
    REQUIRE(known.full_report_seen);
    REQUIRE_FALSE(is_active(*known.report.state));
    REQUIRE(availability(known) == Availability::available);
    // A print that began this moment is not heard of yet; the session knows it, and refuses.
    REQUIRE((!printer.dirty || !printer.said.empty()));
    REQUIRE(task_ids_.insert(effect.start.task_id).second);
    // The intent is on the disk, with this very attempt.
    const auto job = std::ranges::find_if(disk_.jobs, [&](const Job& one) {
        return one.attempt.task_id == effect.start.task_id && one.phase == JobPhase::starting;
    });
    REQUIRE(job != disk_.jobs.end());
    REQUIRE(job->assigned == known.id);
    const SlicedPlate* plate = plate_of(*job);
    REQUIRE(plate != nullptr);
    REQUIRE(same_print_group(plate->model, known.model.model));
    REQUIRE(known.report.ams->at(0).trays.at(0).material == plate->filaments[0].material);
    for (const Job& other : disk_.jobs)
        REQUIRE((other.id == job->id || other.assigned != known.id || !holds_printer(other.phase)));
    starts_.push_back(effect);
}

void QueueWorld::say(std::size_t index) {
    auto& printer = printers_[index];
    printer.said.push_back(std::make_shared<const PrinterState>(printer.state));
    if (printer.said.size() > 6) printer.said.pop_front();
}

bool QueueWorld::deliver_report() {
    std::vector<std::size_t> waiting;
    for (std::size_t i = 0; i < printers_.size(); ++i)
        if (!printers_[i].said.empty()) waiting.push_back(i);
    if (waiting.empty()) return false;
    const std::size_t index = waiting[below(waiting.size())];
    WorldPrinter& printer = printers_[index];
    auto state = *printer.said.front();
    printer.said.pop_front();
    state.last_report = now_;
    state.last_message = now_;
    printer.heard = std::make_shared<const PrinterState>(std::move(state));
    take(scheduler_->look(index, printer.heard, std::nullopt, chance(5), now_, wall_));
    return true;
}

// The session asks the gate with what it knows itself, which is what was said last.
void QueueWorld::deliver_start() {
    if (starts_.empty()) return;
    const SendStart effect = starts_.front();
    starts_.erase(starts_.begin());
    WorldPrinter& printer = printers_[effect.printer];
    Report& report = printer.state.report;
    LinkEvent event;
    event.printer = effect.printer;
    event.command = effect.command;
    const bool busy =
        is_active(*report.state) || !is_connected(printer.state) || job_identity(report) != effect.seen;
    if (busy || chance(8)) {
        event.kind = LinkEvent::Kind::not_sent;
        event.text = "The printer is busy.";
        take(scheduler_->start_event(event, now_, wall_));
        return;
    }
    event.kind = LinkEvent::Kind::sent;
    if (chance(90)) take(scheduler_->start_event(event, now_, wall_));
    if (chance(8)) {
        event.kind = LinkEvent::Kind::answered;
        event.failed = true;
        event.unsigned_refused = chance(30);
        event.text = "The printer refused it.";
        take(scheduler_->start_event(event, now_, wall_));
        return;
    }
    if (chance(10)) return;  // it vanishes
    REQUIRE_FALSE(printer.dirty);
    printer.dirty = true;
    printer.working_on = std::to_string(effect.start.task_id);
    report.subtask_id = printer.working_on;
    report.subtask_name = effect.start.subtask_name;
    report.gcode_file = effect.start.remote_name;
    if (chance(90)) report.state = JobState::prepare;  // else it takes it over and never begins
    if (chance(85)) say(effect.printer);
    event.kind = LinkEvent::Kind::answered;
    if (chance(70)) take(scheduler_->start_event(event, now_, wall_));
    if (chance(10)) take(scheduler_->start_event(event, now_, wall_));
}

void QueueWorld::foreign_start(std::size_t index) {
    WorldPrinter& printer = printers_[index];
    printer.dirty = true;
    printer.state.report.state = JobState::running;
    printer.state.report.subtask_id = std::to_string(3'000'000'000U + ++foreign_prints_);
    printer.state.report.subtask_name = "somebody's";
    say(index);
}

void QueueWorld::machine(std::size_t index) {
    WorldPrinter& printer = printers_[index];
    Report& report = printer.state.report;
    const bool active = is_active(*report.state);
    switch (below(8)) {
        case 0:
            printer.state.link.link = chance(75) ? Link::online : Link::offline;
            break;
        case 1:
            if (!active && chance(15)) foreign_start(index);
            break;
        case 2:
        case 3:
            if (active) report.state = JobState::running;
            break;
        case 4:
        case 5:
            // No print is over before it was heard of.
            if (active && printer.said.empty())
                report.state = chance(80) ? JobState::finish : JobState::failed;
            if (report.state == JobState::failed) report.print_error = chance(50) ? 0 : 0x03004000;
            break;
        case 6:
            if (report.state == JobState::failed || report.state == JobState::finish) {
                report.state = JobState::idle;
                report.print_error = 0;
            }
            break;
        default:
            if (chance(10)) report.ams->at(0).trays.at(0).material = materials[below(materials.size())];
            break;
    }
    if (chance(90)) say(index);
}

JobId QueueWorld::any_job() {
    const auto content = scheduler_->content();
    if (content.jobs.empty()) return JobId{"nothing"};
    return content.jobs[below(content.jobs.size())].id;
}

void QueueWorld::order() {
    static constexpr std::array all{JobOrder::cancel, JobOrder::complete, JobOrder::remove, JobOrder::retry,
                                    JobOrder::hold,   JobOrder::release,  JobOrder::again};
    const OrderJob wish{any_job(), all[below(all.size())], Origin::screen};
    if (wish.order == JobOrder::again && scheduler_->content().jobs.size() > 25) return;
    take(scheduler_->wish(std::nullopt, wish, now_, wall_));
    const auto content = scheduler_->content();
    const bool there = std::ranges::any_of(content.jobs, [&](const Job& job) { return job.id == wish.job; });
    if (wish.order != JobOrder::remove || there) return;
    removed_.insert(wish.job.value);
    kept_.erase(wish.job.value);
}

void QueueWorld::person() {
    const std::size_t index = below(printers_.size());
    switch (below(4)) {
        case 0: {
            if (scheduler_->content().jobs.size() > 20) return;
            AddJob add;
            add.ticket = ++last_ticket_;
            add.source = "/somewhere";
            add.file_name = "part.gcode.3mf";
            add.request.copies = 1 + static_cast<int>(below(3));
            add.request.priority = static_cast<int>(below(3));
            if (chance(20)) add.request.printer = printers_[index].state.id;
            take(scheduler_->wish(std::nullopt, add, now_, wall_));
            return;
        }
        case 1:
        case 2: {
            WorldPrinter& printer = printers_[index];
            // A person looks at the machine itself, takes away what lies there and says so.
            if (is_active(*printer.state.report.state) || !printer.said.empty()) return;
            const bool start_comes =
                std::ranges::any_of(starts_, [&](const SendStart& start) { return start.printer == index; });
            if (start_comes) return;
            printer.dirty = false;
            PlateCleared cleared;
            cleared.good = chance(80);
            cleared.reason = "warped";
            cleared.requeue = chance(50) && scheduler_->content().jobs.size() < 25;
            take(scheduler_->wish(index, cleared, now_, wall_));
            take(scheduler_->wish(index, UnflagPrinter{}, now_, wall_));
            return;
        }
        default:
            order();
    }
}

void QueueWorld::finish_file() {
    if (files_.empty()) return;
    queue::FilesEvent event;
    event.ticket = files_.front().ticket;
    event.kind = chance(90) ? queue::FilesEvent::Kind::taken : queue::FilesEvent::Kind::not_taken;
    event.path = "/jobs/files/" + files_.front().first_id.value;
    event.text = "The file is broken.";
    event.sliced = sliced_for(models[below(models.size())], materials[below(materials.size())]);
    files_.erase(files_.begin());
    take(scheduler_->files_event(event, now_, wall_));
}

void QueueWorld::finish_save() {
    if (saves_.empty()) return;
    queue::FilesEvent event;
    event.revision = saves_.back().revision;
    event.kind = chance(90) ? queue::FilesEvent::Kind::saved : queue::FilesEvent::Kind::not_saved;
    event.text = "The disk is full.";
    if (event.kind == queue::FilesEvent::Kind::saved) {
        disk_ = *saves_.back().content;
        saves_.clear();
    }
    take(scheduler_->files_event(event, now_, wall_));
}

void QueueWorld::finish_upload() {
    if (uploads_.empty()) return;
    const std::size_t place = below(uploads_.size());
    const Upload upload = uploads_[place];
    UploadEvent event;
    event.upload = upload.id;
    event.printer = upload.printer;
    event.total_bytes = 1000;
    if (!upload.canceled && chance(40)) {
        event.sent_bytes = below(1000);
        take(scheduler_->upload_event(event, now_, wall_));
        return;
    }
    uploads_.erase(uploads_.begin() + static_cast<std::ptrdiff_t>(place));
    event.kind = upload.canceled || chance(10) ? UploadEvent::Kind::failed : UploadEvent::Kind::done;
    static constexpr std::array problems{UploadProblem::connection_lost, UploadProblem::storage_full,
                                         UploadProblem::no_storage, UploadProblem::local_file};
    event.problem = upload.canceled ? UploadProblem::canceled : problems[below(problems.size())];
    event.text = "It went wrong.";
    take(scheduler_->upload_event(event, now_, wall_));
}

void QueueWorld::pass(Duration time) {
    now_ += time;
    wall_ += std::chrono::duration_cast<WallTime::duration>(time);
    take(scheduler_->tick(now_, wall_));
}

void QueueWorld::step() {
    const std::uint64_t what = below(1000);
    if (what < 2) {
        crash();
    } else if (what < 150) {
        person();
    } else if (what < 350) {
        machine(below(printers_.size()));
    } else if (what < 550) {
        deliver_report();
    } else if (what < 630) {
        finish_file();
    } else if (what < 730) {
        finish_save();
    } else if (what < 830) {
        finish_upload();
    } else if (what < 900) {
        deliver_start();
    } else {
        pass(std::chrono::seconds{below(20)});
    }
    check();
}

void QueueWorld::check() {
    const auto content = scheduler_->content();
    std::set<std::string> ids;
    std::map<std::string, int> held_printers;
    for (const Job& job : content.jobs) {
        CHECK(ids.insert(job.id.value).second);
        if (holds_printer(job.phase)) {
            REQUIRE(job.assigned);
            REQUIRE(++held_printers[job.assigned->value] == 1);
        }
        if (job.phase == JobPhase::held || job.phase == JobPhase::failed || job.phase == JobPhase::canceled)
            REQUIRE_FALSE(job.error.empty());
        if (is_over(job.phase)) REQUIRE(job.finished);
    }
    for (const auto& [id, desk] : content.desks)
        REQUIRE((desk.job.has_value() ? 1 : 0) == held_printers[id.value]);
    const auto state = scheduler_->published(now_, wall_);
    for (const auto& view : state->jobs)
        if (view->job->phase == JobPhase::queued) REQUIRE_FALSE(view->waiting.empty());
    for (const AddAnswer& answer : state->answers) {
        if (!heard_answers_.insert(answer.ticket).second) continue;
        REQUIRE(answer.jobs.empty() == !answer.error.empty());
        for (const JobId& id : answer.jobs)
            if (!removed_.contains(id.value)) kept_.insert(id.value);
    }
    for (const std::string& id : kept_)
        REQUIRE(ids.contains(id));
    ends_.clear();
    for (const Job& job : content.jobs)
        ++ends_[job.phase];
}

void QueueWorld::settle() {
    for (int round = 0; round < 400; ++round) {
        while (!saves_.empty())
            finish_save();
        while (!files_.empty())
            finish_file();
        while (!uploads_.empty())
            finish_upload();
        while (!starts_.empty())
            deliver_start();
        for (std::size_t i = 0; i < printers_.size(); ++i) {
            printers_[i].state.link.link = Link::online;
            Report& report = printers_[i].state.report;
            if (is_active(*report.state)) report.state = JobState::finish;
            say(i);
        }
        while (deliver_report()) {
        }
        pass(10s);
        check();
    }
}

}  // namespace farmwall::testing
