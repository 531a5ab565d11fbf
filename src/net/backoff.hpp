#pragma once

#include <chrono>
#include <functional>
#include <optional>

#include "base/clock.hpp"

namespace farmwall::net {

// How long to wait before the next attempt (protocol 3.7).
struct BackoffTimes {
    Duration first = std::chrono::seconds{1};  // doubles with every failure
    Duration longest = std::chrono::seconds{30};
    Duration refused = std::chrono::seconds{60};  // after a "no", never less
    Duration stable = std::chrono::seconds{60};   // a connection this old starts the count anew
};

// Counts failures and turns them into waits with jitter, so that a farm after a power cut does not
// come back in step. A connect alone resets nothing: only one that held does. Pure; one thread.
class Backoff {
public:
    // `random` gives numbers in [0, 1).
    Backoff(BackoffTimes times, std::function<double()> random);

    // The wait after a failure: between three quarters and all of the current step.
    [[nodiscard]] Duration next();
    // The wait after a refusal: at least `refused`, at most a tenth more. Does not grow.
    [[nodiscard]] Duration next_refused();

    void connected(TimePoint now);
    // Call before next(), and whenever convenient: forgets the failures after a stable time.
    void note_time(TimePoint now);
    void lost() { connected_at_.reset(); }
    // Somebody wants it now: start anew.
    void reset() { failures_ = 0; }

private:
    BackoffTimes times_;
    std::function<double()> random_;
    unsigned failures_ = 0;
    std::optional<TimePoint> connected_at_;
};

}  // namespace farmwall::net
