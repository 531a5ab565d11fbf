#pragma once

#include <string>
#include <vector>

#include "base/clock.hpp"
#include "model/printer_state.hpp"

namespace farmwall {

enum class EventKind {
    link_up,
    link_down,
    refused,
    half_dead,
    certificate_changed,
    print_started,
    paused,
    resumed,
    print_finished,
    print_failed,
    print_canceled,
    runout,
    error_raised,
    error_cleared,
    hms_raised,
    hms_cleared,
    developer_mode_off,
    firmware_changed,
    address_changed,
    command,          // what became of one of ours
    foreign_command,  // another client's
    job,              // of the queue: what became of one of ours
    alarm,            // one was raised, acknowledged …: the shift log
};
[[nodiscard]] std::string_view name(EventKind kind);

struct Event {
    WallTime when{};
    PrinterId printer;
    EventKind kind = EventKind::link_up;
    std::string text;  // one sentence for people
    friend bool operator==(const Event&, const Event&) = default;
};

// What happened between two consecutive states of one printer. Nothing is derived from the first
// full report of a session but link events: what was so before is not news. `own_stop`: we sent
// a stop in the last 30 s.
[[nodiscard]] std::vector<Event> derive_events(const PrinterState& before, const PrinterState& after,
                                               WallTime now, bool own_stop);

}  // namespace farmwall
