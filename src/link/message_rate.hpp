#pragma once

#include <array>
#include <chrono>
#include <cstdint>
#include <numeric>

#include "base/clock.hpp"

namespace farmwall::link {

// How many messages came in the last minute, to 5 s. Pure.
class MessageRate {
public:
    void note(TimePoint now) {
        forget(now);
        ++counts_[slot(number(now))];
    }
    [[nodiscard]] double per_minute(TimePoint now) {
        forget(now);
        return static_cast<double>(std::accumulate(counts_.begin(), counts_.end(), std::uint64_t{0}));
    }

private:
    static constexpr std::int64_t slots = 12;
    static std::int64_t number(TimePoint at) {
        return at.time_since_epoch() / std::chrono::seconds{60 / slots};
    }
    static std::size_t slot(std::int64_t number) { return static_cast<std::size_t>(number % slots); }

    // Empties the slots between the newest one used and now.
    void forget(TimePoint now) {
        const std::int64_t current = number(now);
        if (current - newest_ >= slots) counts_.fill(0);
        for (std::int64_t n = newest_ + 1; n <= current && current - newest_ < slots; ++n)
            counts_[slot(n)] = 0;
        if (current > newest_) newest_ = current;
    }

    std::array<std::uint64_t, slots> counts_{};
    std::int64_t newest_ = 0;
};

}  // namespace farmwall::link
