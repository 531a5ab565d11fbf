#pragma once

#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "base/clock.hpp"
#include "model/forecast.hpp"
#include "model/job.hpp"
#include "model/matching.hpp"

namespace farmwall {

// A job and what is only known now.
struct JobView {
    std::shared_ptr<const Job> job;
    std::string waiting;  // why it has not started yet, one sentence; empty where it does not wait
    double progress = 0;  // 0 to 1: of slicing, upload or print
    std::uint64_t bytes_per_second = 0;  // of an upload
    std::string slicer_line;
    friend bool operator==(const JobView&, const JobView&) = default;
};

// The result of the newest dispatch, as the HTTP contract has it.
struct DispatchResult {
    struct Pair {
        JobId job;
        PrinterId printer;
        std::string error;
        friend bool operator==(const Pair&, const Pair&) = default;
    };
    struct Skipped {
        JobId job;  // may be empty
        std::string reason;
        friend bool operator==(const Skipped&, const Skipped&) = default;
    };
    int queued = 0;
    std::vector<PrinterId> available;
    std::vector<Pair> dispatched;
    std::vector<Pair> failed;
    std::vector<Skipped> skipped;  // at most 200
    friend bool operator==(const DispatchResult&, const DispatchResult&) = default;
};

// What became of an AddJob.
struct AddAnswer {
    std::uint64_t ticket = 0;
    std::vector<JobId> jobs;  // empty: refused
    std::string error;
    friend bool operator==(const AddAnswer&, const AddAnswer&) = default;
};

// The job queue as published. Written by the dispatcher.
struct QueueState {
    std::vector<std::shared_ptr<const JobView>> jobs;       // in the order of the queue
    std::vector<std::shared_ptr<const PrinterDesk>> desks;  // one a printer
    std::vector<PrinterPlace> places;                       // one a printer
    MatchRules rules;
    std::shared_ptr<const Forecast> forecast;
    std::optional<WallTime> last_dispatch;
    std::shared_ptr<const DispatchResult> last_result;
    std::uint64_t dispatches = 0;  // counted
    std::string problem;  // the disk takes nothing, the file was set aside: one sentence; empty: none
    std::vector<AddAnswer> answers;  // newest last, at most most_answers
    static constexpr std::size_t most_answers = 64;
    int interval_sec = 5;
};

// The printer's desk; where none is published, one of which nothing is known.
[[nodiscard]] inline const PrinterDesk& desk_of(const QueueState* queue, std::size_t index) {
    static const PrinterDesk none;
    return queue != nullptr && index < queue->desks.size() ? *queue->desks[index] : none;
}
[[nodiscard]] inline const PrinterPlace& place_of(const QueueState* queue, std::size_t index) {
    static const PrinterPlace none;
    return queue != nullptr && index < queue->places.size() ? queue->places[index] : none;
}
// Null: there is none.
[[nodiscard]] inline const JobView* find_job(const QueueState* queue, const JobId& id) {
    if (queue == nullptr) return nullptr;
    for (const auto& view : queue->jobs) {
        if (view->job->id == id) return view.get();
    }
    return nullptr;
}

}  // namespace farmwall
