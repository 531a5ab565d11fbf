#pragma once

#include <doctest/doctest.h>

#include <cstdint>
#include <deque>
#include <map>
#include <memory>
#include <optional>
#include <random>
#include <set>
#include <string>
#include <utility>
#include <variant>
#include <vector>

#include "dispatch/scheduler.hpp"
#include "model/availability.hpp"

namespace farmwall::testing {

using namespace std::chrono_literals;

// A sliced file of one plate and one filament.
inline std::shared_ptr<const SlicedFile> sliced_for(PrinterModel model, std::string material,
                                                    double nozzle_mm = 0.4) {
    SlicedPlate plate;
    plate.model = model;
    plate.model_code = model_info(model).codes[0];
    plate.nozzle_diameters_mm = {nozzle_mm};
    plate.plate_type = PlateType::textured_plate;
    plate.prediction = 600s;
    SlicedFilament filament;
    filament.id = 1;
    filament.material = std::move(material);
    filament.color = "FFFFFFFF";
    filament.grams = 10;
    plate.filaments = {filament};
    SlicedFile file;
    file.bytes = 1000;
    file.plates = {plate};
    return std::make_shared<const SlicedFile>(std::move(file));
}

// A machine as it truly is. What it says of itself reaches the scheduler later, or never.
struct WorldPrinter {
    PrinterState state;
    bool dirty = false;                                    // something lies on the plate
    std::deque<std::shared_ptr<const PrinterState>> said;  // not yet heard
    std::shared_ptr<const PrinterState> heard;
    std::string working_on;  // task id of what it prints
};

// The scheduler among printers, a disk, uploads and a link that all take their time and may be cut off at any
// moment. What it must never do is checked where it would do harm.
class QueueWorld {
public:
    explicit QueueWorld(std::uint64_t seed, std::size_t printers = 5) : random_{seed} {
        for (std::size_t i = 0; i < printers; ++i)
            printers_.push_back(new_printer(i));
        live();
        for (std::size_t i = 0; i < printers; ++i)
            say(i);
        while (deliver_report()) {
        }
    }

    void step();
    void check();
    // Lets everything that is under way come to its end, with nothing more added.
    void settle();

    [[nodiscard]] const std::set<std::string>& kept() const { return kept_; }
    [[nodiscard]] std::shared_ptr<const QueueState> published() { return scheduler_->published(now_, wall_); }
    [[nodiscard]] int starts() const { return static_cast<int>(task_ids_.size()); }
    [[nodiscard]] int crashes() const { return crashes_; }
    [[nodiscard]] const std::map<JobPhase, int>& ends() const { return ends_; }

private:
    struct Upload {
        dispatch::UploadId id = 0;
        std::size_t printer = 0;
        bool canceled = false;
    };
    struct Saving {
        std::uint64_t revision = 0;
        std::shared_ptr<const queue::QueueContent> content;
    };

    [[nodiscard]] std::uint64_t below(std::uint64_t bound) { return random_() % bound; }
    [[nodiscard]] bool chance(int percent) { return below(100) < static_cast<std::uint64_t>(percent); }
    [[nodiscard]] WorldPrinter new_printer(std::size_t index);
    void live();
    void crash();
    void take(dispatch::SchedulerEffects effects);
    void start(const dispatch::SendStart& effect);
    void say(std::size_t index);
    bool deliver_report();
    void deliver_start();
    void person();
    void order();
    void machine(std::size_t index);
    void foreign_start(std::size_t index);
    void finish_file();
    void finish_save();
    void finish_upload();
    void pass(Duration time);
    [[nodiscard]] JobId any_job();

    std::mt19937_64 random_;
    TimePoint now_{1h};
    WallTime wall_{480'000h};
    std::vector<WorldPrinter> printers_;
    std::unique_ptr<dispatch::Scheduler> scheduler_;

    queue::QueueContent disk_;
    std::vector<Saving> saves_;
    std::vector<dispatch::TakeFile> files_;
    std::vector<Upload> uploads_;
    std::vector<dispatch::SendStart> starts_;  // on their way to the printer
    std::set<int> task_ids_;                   // that were ever sent
    std::set<std::string> kept_;               // jobs that somebody was told to be in the queue
    std::set<std::string> removed_;            // by a person
    std::set<std::uint64_t> heard_answers_;
    std::map<JobPhase, int> ends_;
    std::uint64_t last_ticket_ = 0;
    int crashes_ = 0;
    std::uint64_t foreign_prints_ = 0;
};

}  // namespace farmwall::testing
