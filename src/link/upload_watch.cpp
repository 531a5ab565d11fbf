#include "link/upload_watch.hpp"

#include <algorithm>
#include <limits>

namespace farmwall::link {
namespace {

using namespace std::chrono_literals;
using Ms = UploadTimes::Ms;

constexpr auto rate_window = 5s;
constexpr auto sample_distance = 100ms;

Ms time_of(std::uint64_t bytes, std::uint64_t bytes_per_second) {
    // Far beyond any file, and far from what the type holds.
    constexpr std::uint64_t most = std::numeric_limits<std::int32_t>::max();
    const std::uint64_t seconds = bytes / std::max<std::uint64_t>(bytes_per_second, 1);
    return std::chrono::seconds{static_cast<std::int64_t>(std::min(seconds, most))};
}

}  // namespace

Ms deadline_of(std::uint64_t total_bytes, const UploadTimes& times) {
    return times.deadline_base + time_of(total_bytes, times.slowest_bytes_per_second);
}

Ms final_wait_of(std::uint64_t total_bytes, const UploadTimes& times) {
    return std::min(times.final_base + time_of(total_bytes, times.flush_bytes_per_second), times.final_most);
}

UploadWatch::UploadWatch(const UploadTimes& times, std::uint64_t total_bytes, TimePoint now)
    : times_{times}, total_{total_bytes}, since_{now}, data_since_{now} {}

void UploadWatch::talk(TimePoint now) {
    phase_ = Phase::talking;
    since_ = now;
}

void UploadWatch::heard(TimePoint now) {
    if (phase_ == Phase::talking) since_ = now;
}

void UploadWatch::begin_data(TimePoint now) {
    phase_ = sent_ < total_ ? Phase::sending : Phase::finishing;
    since_ = now;
    data_since_ = now;
    samples_.assign(1, Sample{now, sent_});
}

void UploadWatch::sent(std::uint64_t bytes, TimePoint now) {
    if (bytes > sent_) {
        sent_ = bytes;
        if (phase_ == Phase::sending) since_ = now;
    }
    if (phase_ == Phase::sending && sent_ >= total_) phase_ = Phase::finishing;
    if (samples_.empty()) return;
    if (now - samples_.back().when >= sample_distance) samples_.push_back({now, sent_});
    while (samples_.size() > 2 && now - samples_[1].when >= rate_window)
        samples_.pop_front();
}

Overrun UploadWatch::overrun(TimePoint now) const {
    const auto silence = now - since_;
    switch (phase_) {
        case Phase::talking:
            return silence > times_.reply ? Overrun::silent : Overrun::none;
        case Phase::sending:
            if (silence > times_.stall) return Overrun::stalled;
            return now - data_since_ > deadline_of(total_, times_) ? Overrun::too_slow : Overrun::none;
        case Phase::finishing:
            return silence > final_wait_of(total_, times_) ? Overrun::unconfirmed : Overrun::none;
    }
    return Overrun::none;
}

std::uint64_t UploadWatch::bytes_per_second() const {
    if (samples_.size() < 2) return 0;
    const std::chrono::duration<double> passed = samples_.back().when - samples_.front().when;
    const auto moved = static_cast<double>(samples_.back().bytes - samples_.front().bytes);
    return static_cast<std::uint64_t>(moved / passed.count());
}

}  // namespace farmwall::link
