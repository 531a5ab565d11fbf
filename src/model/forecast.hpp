#pragma once

#include <cstddef>
#include <optional>
#include <span>
#include <vector>

#include "base/clock.hpp"
#include "model/job.hpp"
#include "model/matching.hpp"

namespace farmwall {

// When which job will run, by what is known now. Pure.

struct ForecastEntry {
    JobId job;
    // Place in config order; nothing: none could ever print it as set up now, or it is held.
    std::optional<std::size_t> printer;
    // Nothing: it is held, or will be by `start_before`, or its printer first needs more than a clear plate
    // (offline, in maintenance, failed …).
    std::optional<WallTime> start;
    std::optional<WallTime> end;
    bool estimated = false;  // its own time is not known: the mean of the others was taken
    friend bool operator==(const ForecastEntry&, const ForecastEntry&) = default;
};
// A stretch of a printer's time, for the timeline.
struct ForecastBlock {
    std::size_t printer = 0;
    std::optional<JobId> job;  // nothing: somebody else's print
    WallTime start{};
    WallTime end{};
    friend bool operator==(const ForecastBlock&, const ForecastBlock&) = default;
};
struct Forecast {
    std::vector<ForecastEntry> jobs;       // running ones by printer, then the queue in its order
    std::vector<ForecastBlock> blocks;     // by printer, then start
    std::optional<std::size_t> next_free;  // the printer that frees next
    std::optional<WallTime> next_free_at;
    // By people: over the next 8 h, or until the queue runs dry, but no less than 1 h.
    double plate_changes_per_hour = 0;
    // The last queued job has started by then; nothing: none will.
    std::optional<WallTime> runs_dry;
    friend bool operator==(const Forecast&, const Forecast&) = default;
};

struct ForecastInput {
    std::span<const Job* const>
        queue;                      // queued, held, slicing, in the order in which they would be dispatched
    std::span<const Place> places;  // config order
    std::span<const Job* const> active;               // one a place: the job that holds it, or null
    Duration plate_change = std::chrono::minutes{5};  // what a person takes, on the average
    WallTime now{};
    TimePoint steady_now{};
    MatchRules rules;
};
// A held job has no start. Greedy in the order of the queue: each job takes the printer that could print it
// and is free first.
[[nodiscard]] Forecast forecast(const ForecastInput& input);

// Heater power that the printer takes now, or will while it heats up for a job that was started: the model's
// figure while a nozzle or the bed is more than 3 °C below its target, or PREPARE has begun; else 0. W.
[[nodiscard]] int heating_watts(const PrinterState& printer);
// What a heat-up of this model takes at most. W.
[[nodiscard]] int heat_up_watts(PrinterModel model);

}  // namespace farmwall
