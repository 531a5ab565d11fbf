#include "net/backoff.hpp"

#include <algorithm>

namespace farmwall::net {
namespace {

Duration scaled(Duration base, double factor) {
    return Duration{static_cast<Duration::rep>(static_cast<double>(base.count()) * factor)};
}

}  // namespace

Backoff::Backoff(BackoffTimes times, std::function<double()> random)
    : times_{times}, random_{std::move(random)} {}

Duration Backoff::next() {
    Duration step = times_.first;
    for (unsigned i = 0; i < failures_ && step < times_.longest; ++i)
        step *= 2;
    if (step < times_.longest) ++failures_;
    return scaled(std::min(step, times_.longest), 0.75 + 0.25 * random_());
}

Duration Backoff::next_refused() { return scaled(times_.refused, 1.0 + 0.1 * random_()); }

void Backoff::connected(TimePoint now) { connected_at_ = now; }

void Backoff::note_time(TimePoint now) {
    if (connected_at_ && now - *connected_at_ >= times_.stable) failures_ = 0;
}

}  // namespace farmwall::net
