#pragma once

#include <functional>
#include <optional>
#include <string>
#include <utility>
#include <variant>
#include <vector>

#include "base/bounded_queue.hpp"
#include "base/ids.hpp"
#include "model/action.hpp"
#include "model/alarm.hpp"
#include "model/command.hpp"

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
using Wish = std::variant<AskFullReport, ConnectNow, TrustCertificate, Command, AcknowledgeAlarm, SnoozeAlarm,
                          TestAlarmOutputs>;

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
