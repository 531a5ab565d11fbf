#pragma once

#include <atomic>
#include <chrono>

namespace farmwall {

// Intervals and deadlines. Never shown to people.
using TimePoint = std::chrono::steady_clock::time_point;
using Duration = std::chrono::steady_clock::duration;
// What a person or a file calls the time; may jump.
using WallTime = std::chrono::system_clock::time_point;

// The only source of "now" below the application: tests move their own by hand. Any thread.
class Clock {
public:
    virtual ~Clock() = default;
    [[nodiscard]] virtual TimePoint now() const = 0;
    [[nodiscard]] virtual WallTime wall_now() const = 0;
};

class SystemClock final : public Clock {
public:
    [[nodiscard]] TimePoint now() const override { return std::chrono::steady_clock::now(); }
    [[nodiscard]] WallTime wall_now() const override { return std::chrono::system_clock::now(); }
};

// Stands still until advanced. Starts an hour after the epoch, so that "long ago" can be
// expressed without negative times.
class ManualClock final : public Clock {
public:
    [[nodiscard]] TimePoint now() const override { return TimePoint{std::chrono::hours{1} + offset()}; }
    [[nodiscard]] WallTime wall_now() const override {
        return WallTime{
            std::chrono::duration_cast<WallTime::duration>(std::chrono::hours{480'000} + offset())};
    }
    void advance(Duration by) { offset_ticks_ += by.count(); }

private:
    [[nodiscard]] Duration offset() const { return Duration{offset_ticks_.load()}; }
    std::atomic<Duration::rep> offset_ticks_ = 0;
};

}  // namespace farmwall
