#pragma once

#include <algorithm>
#include <array>
#include <cstddef>
#include <cstdint>
#include <optional>

#include "base/clock.hpp"

namespace farmwall::camera {

// The usual time between pictures: the median of the newest intervals. One thread.
class UsualPeriod {
public:
    void note(TimePoint arrived) {
        if (last_) intervals_[count_++ % intervals_.size()] = arrived - *last_;
        last_ = arrived;
    }
    // The next interval would span an interruption.
    void interrupted() { last_.reset(); }
    // Nothing before the third picture.
    [[nodiscard]] std::optional<Duration> median() const {
        const std::size_t known = std::min(count_, intervals_.size());
        if (known < 2) return std::nullopt;
        auto sorted = intervals_;
        const auto end = sorted.begin() + static_cast<std::ptrdiff_t>(known);
        const auto middle = sorted.begin() + static_cast<std::ptrdiff_t>(known / 2);
        std::nth_element(sorted.begin(), middle, end);
        return *middle;
    }

private:
    std::array<Duration, 9> intervals_{};
    std::size_t count_ = 0;
    std::optional<TimePoint> last_;
};

// Turns a counter into a rate between two looks, smoothed over some of them.
class Rate {
public:
    // `count` is the counter now. Returns counts a second.
    double look(std::uint64_t count, TimePoint now) {
        if (seen_at_ && now > *seen_at_) {
            const double seconds = std::chrono::duration<double>(now - *seen_at_).count();
            const double newest = static_cast<double>(count - seen_) / seconds;
            rate_ = primed_ ? rate_ + (newest - rate_) * 0.4 : newest;
            primed_ = true;
        }
        seen_ = count;
        seen_at_ = now;
        return rate_;
    }
    void reset(std::uint64_t count, TimePoint now) {
        seen_ = count;
        seen_at_ = now;
        rate_ = 0;
        primed_ = false;
    }
    [[nodiscard]] double value() const { return rate_; }

private:
    std::uint64_t seen_ = 0;
    std::optional<TimePoint> seen_at_;
    double rate_ = 0;
    bool primed_ = false;
};

}  // namespace farmwall::camera
