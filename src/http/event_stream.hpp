#pragma once

#include <cstdint>
#include <functional>
#include <memory>
#include <optional>
#include <string>

#include "fleet/fleet_state.hpp"
#include "http/message.hpp"

namespace farmwall::http {

// The streams of /api/events: Server-Sent Events "printer" (a status object), "job" (a job), "alert" (the
// standing alarms), "removed_job"; a comment as a heartbeat every 15 s. Each has an id; a client that comes
// back with Last-Event-ID gets what it missed, or everything anew where that is too long ago. What is newer
// replaces what a slow client has not taken yet. Server's thread.
class EventStreams {
public:
    EventStreams();
    ~EventStreams();
    EventStreams(const EventStreams&) = delete;
    EventStreams& operator=(const EventStreams&) = delete;

    [[nodiscard]] std::unique_ptr<BodyStream> open(const FleetSnapshot& now_state, TimePoint now,
                                                   std::string_view last_event_id);
    void published(const FleetSnapshot& fleet, TimePoint now);
    // Heartbeats that are due; the next one.
    std::optional<TimePoint> tick(TimePoint now);
    [[nodiscard]] std::size_t count() const;

private:
    struct Impl;
    std::unique_ptr<Impl> impl_;
};

}  // namespace farmwall::http
