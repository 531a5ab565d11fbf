#pragma once

#include <doctest/doctest.h>

#include <memory>
#include <optional>
#include <string>
#include <utility>
#include <variant>
#include <vector>

#include "dispatch/scheduler.hpp"
#include "job_printer.hpp"

namespace farmwall::testing {

using namespace std::chrono_literals;
using namespace dispatch;

// Two idle P1S with white PLA and clear plates; disk, uploads and link answer when the test says so.
class SchedulerBench {
public:
    explicit SchedulerBench(SchedulerSettings settings = {}, std::size_t printers = 2) {
        settings.printers.clear();
        for (std::size_t i = 0; i < printers; ++i) {
            settings.printers.emplace_back("p" + std::to_string(i));
            states.push_back(job_printer(i));
        }
        settings.random = [this] { return ++numbers_ * 7919; };
        settings_ = settings;
        begin({});
        for (std::size_t i = 0; i < printers; ++i) {
            look(i);
            clear_plate(i);
        }
        saved();
    }

    // As after a start of the program with this on the disk; nothing of printers is known then.
    void begin(const queue::QueueContent& content) {
        scheduler = std::make_unique<Scheduler>(settings_);
        effects.clear();
        scheduler->load(content, "", wall);
        take(scheduler->tick(now, wall));
        saved();
    }

    void take(SchedulerEffects more) {
        for (SchedulerEffect& effect : more) {
            if (const auto* save = std::get_if<SaveQueue>(&effect)) to_save_ = *save;
            effects.push_back(std::move(effect));
        }
    }
    // The newest effect of this kind since the last forget().
    template <class Effect>
    [[nodiscard]] std::optional<Effect> newest() const {
        for (auto at = effects.rbegin(); at != effects.rend(); ++at)
            if (const auto* found = std::get_if<Effect>(&*at)) return *found;
        return std::nullopt;
    }
    template <class Effect>
    [[nodiscard]] int count() const {
        int found = 0;
        for (const SchedulerEffect& effect : effects)
            found += std::holds_alternative<Effect>(effect) ? 1 : 0;
        return found;
    }

    void look(std::size_t printer, bool own_stop = false) {
        states[printer].last_report = now;
        states[printer].last_message = now;
        take(scheduler->look(printer, std::make_shared<const PrinterState>(states[printer]), std::nullopt,
                             own_stop, now, wall));
    }
    void pass(Duration time) {
        now += time;
        wall += std::chrono::duration_cast<WallTime::duration>(time);
        for (std::size_t i = 0; i < states.size(); ++i)
            look(i);
        take(scheduler->tick(now, wall));
    }
    void wish(const Wish& wish) { take(scheduler->wish(std::nullopt, wish, now, wall)); }
    void wish(std::size_t printer, const Wish& wish) { take(scheduler->wish(printer, wish, now, wall)); }
    void clear_plate(std::size_t printer) { wish(printer, PlateCleared{}); }

    [[nodiscard]] static std::shared_ptr<const SlicedFile> white_pla() {
        SlicedPlate plate;
        plate.model = PrinterModel::p1s;
        plate.model_code = "C12";
        plate.nozzle_diameters_mm = {0.4};
        plate.prediction = 600s;
        SlicedFilament filament;
        filament.id = 1;
        filament.material = "PLA";
        filament.color = "FFFFFFFF";
        plate.filaments = {filament};
        SlicedFile file;
        file.plates = {plate};
        return std::make_shared<const SlicedFile>(std::move(file));
    }

    // Adds a file, takes it in and writes the queue; the first job's id, or an empty one with the answer's
    // error.
    JobId add(JobRequest request = {}, std::shared_ptr<const SlicedFile> sliced = white_pla(),
              std::string file_name = "part.gcode.3mf") {
        AddJob wished;
        wished.ticket = ++tickets_;
        wished.source = "/somewhere/" + file_name;
        wished.file_name = std::move(file_name);
        wished.request = std::move(request);
        wish(wished);
        const auto file = newest<TakeFile>();
        if (file) {
            queue::FilesEvent event;
            event.ticket = file->ticket;
            event.path = "/jobs/files/" + file->first_id.value;
            event.sliced = std::move(sliced);
            take(scheduler->files_event(event, now, wall));
        }
        saved();
        const auto answer = scheduler->published(now, wall)->answers.back();
        last_error = answer.error;
        return answer.jobs.empty() ? JobId{} : answer.jobs.front();
    }
    // The disk has taken what was to be written last.
    void saved() {
        if (!to_save_) return;
        const SaveQueue save = *std::exchange(to_save_, std::nullopt);
        disk = *save.content;
        queue::FilesEvent event;
        event.kind = queue::FilesEvent::Kind::saved;
        event.revision = save.revision;
        take(scheduler->files_event(event, now, wall));
    }
    void uploaded(UploadProblem problem = UploadProblem::none, std::string text = "It went wrong.") {
        const auto begun = newest<BeginUpload>();
        REQUIRE(begun);
        UploadEvent event;
        event.kind = problem == UploadProblem::none ? UploadEvent::Kind::done : UploadEvent::Kind::failed;
        event.upload = begun->upload;
        event.printer = begun->printer;
        event.problem = problem;
        event.text = std::move(text);
        take(scheduler->upload_event(event, now, wall));
    }
    void answered(LinkEvent::Kind kind, bool failed = false, std::string text = {}) {
        const auto sent = newest<SendStart>();
        REQUIRE(sent);
        LinkEvent event;
        event.kind = kind;
        event.printer = sent->printer;
        event.command = sent->command;
        event.failed = failed;
        event.text = std::move(text);
        take(scheduler->start_event(event, now, wall));
    }
    // The printer works on what was sent last.
    void begins_printing() {
        const auto sent = newest<SendStart>();
        REQUIRE(sent);
        Report& report = states[sent->printer].report;
        report.state = JobState::prepare;
        report.subtask_id = std::to_string(sent->start.task_id);
        report.subtask_name = sent->start.subtask_name;
        look(sent->printer);
    }
    // From the queue to the print, on the printer that was chosen.
    std::size_t start_print() {
        uploaded();
        saved();
        begins_printing();
        saved();
        return newest<SendStart>()->printer;
    }
    void ends(std::size_t printer, JobState state, std::uint32_t error = 0) {
        states[printer].report.state = state;
        states[printer].report.print_error = error;
        look(printer);
        pass(3s);
        saved();
    }

    [[nodiscard]] JobView job(const JobId& id) {
        const auto state = scheduler->published(now, wall);
        const JobView* found = find_job(state.get(), id);
        REQUIRE(found != nullptr);
        return *found;
    }
    [[nodiscard]] JobPhase phase(const JobId& id) { return job(id).job->phase; }
    [[nodiscard]] PrinterDesk desk(std::size_t printer) {
        return *scheduler->published(now, wall)->desks[printer];
    }

    TimePoint now{1h};
    WallTime wall{480'000h};
    std::vector<PrinterState> states;
    std::unique_ptr<Scheduler> scheduler;
    SchedulerEffects effects;
    queue::QueueContent disk;
    std::string last_error;

private:
    SchedulerSettings settings_;
    std::optional<SaveQueue> to_save_;
    std::uint64_t numbers_ = 0;
    std::uint64_t tickets_ = 0;
};

}  // namespace farmwall::testing
