#pragma once

#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "base/clock.hpp"
#include "base/ids.hpp"
#include "model/command.hpp"
#include "model/sliced_file.hpp"

namespace farmwall {

// 12 lower-case hex digits.
using JobId = StrongId<struct JobIdTag>;

// The life of a job (design 5): queued → claimed → uploading → starting → running → an end.
enum class JobPhase {
    queued,     // waits for a printer that it fits
    held,       // waits for a person, `Job::error` says why
    slicing,    // an external slicer works on it
    claimed,    // a printer was chosen, which takes no other job from now on
    uploading,  // its file goes to the printer
    starting,   // the intent to start it is on disk; the printer may be printing it from now on
    running,    // the printer showed that it prints this job
    completed,
    failed,
    canceled,
};
// "uploading", for queue.json and people.
[[nodiscard]] std::string_view name(JobPhase phase);
[[nodiscard]] std::optional<JobPhase> job_phase_from(std::string_view name);
// The status of the HTTP contract: queued, dispatching, running, completed, failed, canceled.
[[nodiscard]] std::string_view contract_status(JobPhase phase);
// completed, failed, canceled.
[[nodiscard]] bool is_over(JobPhase phase);
// Holds a printer: claimed to running.
[[nodiscard]] bool holds_printer(JobPhase phase);

// How a start is to be done (protocol 7.1).
struct StartOptions {
    bool timelapse = false;
    bool bed_leveling = true;
    bool flow_calibration = false;
    bool vibration_calibration = true;  // never asked of a P2S
    bool first_layer_inspection = false;
    friend bool operator==(const StartOptions&, const StartOptions&) = default;
};

// One try to start a job.
struct StartAttempt {
    int task_id = 0;          // ours, 1 to 2147483647; what the printer reports as subtask_id
    std::string remote_name;  // on the printer's storage; empty: nothing was uploaded yet
    friend bool operator==(const StartAttempt&, const StartAttempt&) = default;
};

struct Job {
    JobId id;
    std::string file_name;  // as the person named it
    std::string file_path;  // absolute, UTF-8; several jobs may share a file
    int plate = 1;
    std::optional<PrinterId> printer;  // this one only
    bool auto_assign = true;           // false: `printer` is set
    std::string tag;                   // only printers that have it; empty: any
    int priority = 0;                  // -100 to 100, higher first
    StartOptions options;
    std::optional<WallTime> start_after;   // not before
    std::optional<WallTime> start_before;  // afterwards it is held
    Origin origin = Origin::screen;

    JobPhase phase = JobPhase::queued;
    std::string error;  // one sentence: why it is held, failed or was canceled
    WallTime created{};
    std::optional<WallTime> started;   // when it was seen running
    std::optional<WallTime> finished;  // completed, failed or canceled
    std::optional<PrinterId> assigned;
    StartAttempt attempt;
    int attempts = 0;  // starts that were sent

    // What the inspection found; null: it is not sliced yet, or was never looked at.
    std::shared_ptr<const SlicedFile> sliced;
};
// The same, `sliced` compared by content.
[[nodiscard]] bool operator==(const Job& a, const Job& b);

// The plate that the job prints; null where it is not sliced or has none such.
[[nodiscard]] const SlicedPlate* plate_of(const Job& job);

// What a person or script gives when adding a job.
struct JobRequest {
    int plate = 1;
    std::optional<PrinterId> printer;
    bool auto_assign = true;
    std::string tag;
    int priority = 0;
    int copies = 1;  // 1 to 100: so many jobs that share the file
    bool hold = false;
    StartOptions options;
    std::optional<WallTime> start_after;
    std::optional<WallTime> start_before;
    friend bool operator==(const JobRequest&, const JobRequest&) = default;
};
inline constexpr int most_copies = 100;
inline constexpr int highest_priority = 100;

// Whether the next print finds a free plate. Any start that is seen, ours or not, makes it occupied; only a
// person's word makes it clear, or `auto_clear` where an ejector does it.
enum class PlateState { unknown, clear, occupied };
[[nodiscard]] std::string_view name(PlateState state);
[[nodiscard]] std::optional<PlateState> plate_state_from(std::string_view name);

struct PlateRecord {
    PlateState state = PlateState::unknown;
    std::optional<WallTime> since;
    std::string print;         // what lies there, or lay there last: its name
    std::optional<JobId> job;  // when it was one of ours
    // The print that the printer last showed, so that one which ran while nobody looked is noticed.
    std::string last_seen;
    std::optional<bool> last_good;  // what the person said when clearing
    std::string last_reason;        // why it was bad
    friend bool operator==(const PlateRecord&, const PlateRecord&) = default;
};

// What the queue knows of a printer beside its reports.
struct PrinterDesk {
    PlateRecord plate;
    std::optional<JobId> job;                 // that holds it
    std::optional<WallTime> last_used;        // our newest start
    std::optional<std::uint64_t> free_bytes;  // of its storage, as it last said
    std::string flagged;                      // why it gets no jobs until a person looks; empty: nothing
    friend bool operator==(const PrinterDesk&, const PrinterDesk&) = default;
};

// What the configuration says of a printer as a place for jobs.
struct PrinterPlace {
    std::vector<std::string> tags;
    bool auto_clear = false;
    friend bool operator==(const PrinterPlace&, const PrinterPlace&) = default;
};

}  // namespace farmwall
