#pragma once

#include <cstdint>
#include <functional>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <variant>
#include <vector>

#include "base/bounded_queue.hpp"
#include "base/ids.hpp"
#include "model/action.hpp"
#include "model/alarm.hpp"
#include "model/command.hpp"
#include "model/job.hpp"

namespace farmwall {

// What a person or script wants. Values; the only way into the program for screens and the API.

// Ask the printer for a full report; at most every 5 min a printer (protocol 3.5).
struct AskFullReport {};
// Drop the session and connect again now, without waiting for the back-off.
struct ConnectNow {};
// A person looked at the changed certificate with this SHA-256 and trusts it from now on.
struct TrustCertificate {
    std::string sha256;
};
// Do something to the printer; what becomes of it is published in FleetState::controls.
struct Command {
    Action action;
    Origin origin = Origin::screen;
    std::string fleet_action;             // the same text for every printer of one fleet action; else empty
    std::optional<JobIdentity> seen_job;  // the print that was looked at; nothing: whichever runs
    std::uint64_t ticket = 0;  // chosen by whoever asks, to find what became of it; 0: nobody will look
};
// Alarms of this intent's printer.
struct AcknowledgeAlarm {
    AlarmKind kind = AlarmKind::print_failed;
    Origin origin = Origin::screen;
};
struct SnoozeAlarm {
    AlarmKind kind = AlarmKind::print_failed;
    std::chrono::minutes how_long{10};
    Origin origin = Origin::screen;
};
// Rings and notifies once, as a test; the intent's printer is not looked at.
struct TestAlarmOutputs {
    std::string output;  // as in OutputHealth::name; empty: every one
};

// Jobs. The intent's printer is looked at only where it says so.

// A file for the queue. What became of it is published in QueueState::answers.
struct AddJob {
    std::uint64_t ticket = 0;  // chosen by whoever asks, for the answer
    std::string source;        // absolute path, UTF-8; one in jobs/tmp is moved, any other is copied
    std::string file_name;
    JobRequest request;
    Origin origin = Origin::screen;
};
enum class JobOrder {
    cancel,    // what runs is stopped at the printer
    complete,  // a person says that it is done
    remove,    // metadata and file; not while it holds a printer
    retry,     // a held, failed or canceled one is queued again
    hold,      // keeps a queued one back
    release,   // queues a held one
    again,     // a new job with the same file
};
[[nodiscard]] std::string_view name(JobOrder order);
struct OrderJob {
    JobId job;
    JobOrder order = JobOrder::cancel;
    Origin origin = Origin::screen;
};
// To the place before another one; empty: to the end.
struct MoveJob {
    JobId job;
    JobId before;
};
// Of a job that holds no printer and is not over. What is empty stays as it is.
struct EditJob {
    JobId job;
    std::optional<int> priority;
    std::optional<int> plate;
    // Another target: one printer, or (empty id) any with the tag.
    std::optional<PrinterId> printer;
    std::optional<std::string> tag;
};
// The intent's printer has a free plate: a person looked.
struct PlateCleared {
    bool good = true;
    std::string reason;    // of a bad print: asked for
    bool requeue = false;  // a bad print of ours is printed again
    Origin origin = Origin::screen;
};
// The intent's printer gets jobs again after it was flagged.
struct UnflagPrinter {};
// Look for printers now instead of at the next interval.
struct DispatchNow {};

using Wish = std::variant<AskFullReport, ConnectNow, TrustCertificate, Command, AcknowledgeAlarm, SnoozeAlarm,
                          TestAlarmOutputs, AddJob, OrderJob, MoveJob, EditJob, PlateCleared, UnflagPrinter,
                          DispatchNow>;

// Whether the intent's printer means something.
[[nodiscard]] bool names_printer(const Wish& wish);

struct Intent {
    PrinterId printer;
    Wish wish;
};

// Intents from any thread to the thread that acts on them.
class IntentQueue {
public:
    // `on_push` wakes the consumer; called on the sender's thread, outside our lock.
    explicit IntentQueue(std::function<void()> on_push = {}) : on_push_{std::move(on_push)} {}

    // False when too many wait: say so to the person.
    [[nodiscard]] bool push(Intent intent) {
        if (!queue_.try_push(std::move(intent))) return false;
        if (on_push_) on_push_();
        return true;
    }
    // Never waits.
    [[nodiscard]] std::vector<Intent> take_all() { return queue_.take_all({}, std::chrono::milliseconds{0}); }
    void close() { queue_.close(); }

private:
    BoundedQueue<Intent> queue_{256};
    std::function<void()> on_push_;
};

}  // namespace farmwall
