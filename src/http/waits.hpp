#pragma once

#include <functional>
#include <memory>
#include <optional>
#include <string>

#include "base/clock.hpp"
#include "fleet/fleet_state.hpp"

namespace farmwall::http {

// Answers that wait until the published state shows something, or until a time. Holds no thread: looks again
// after each publication and at the deadlines. On the server's thread.
class Waits {
public:
    // Null until the time is up or `look` is satisfied; called with each newer state.
    using Look = std::function<bool(const FleetState&)>;

    Waits();
    ~Waits();
    Waits(const Waits&) = delete;
    Waits& operator=(const Waits&) = delete;

    // `done` is called once: true when `look` was, false at `deadline`. `look` is asked at once with
    // `now_state`.
    void wait(const FleetState& now_state, TimePoint deadline, Look look,
              std::function<void(bool in_time)> done);
    void published(const FleetState& fleet);
    // The moment that has come; the earliest one that is still to come, for the timer.
    std::optional<TimePoint> tick(TimePoint now);
    [[nodiscard]] std::size_t size() const;

private:
    struct Impl;
    std::unique_ptr<Impl> impl_;
};

}  // namespace farmwall::http
