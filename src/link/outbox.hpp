#pragma once

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <deque>
#include <optional>
#include <utility>
#include <vector>

#include "base/clock.hpp"

namespace farmwall::link {

// Messages that wait to be delivered, in order, with a wait after each failure that grows until something
// arrives. Pure; one thread, or under its owner's lock.
template <class Item>
class Outbox {
public:
    struct Entry {
        std::uint64_t number = 0;
        Item item;
    };

    // `waits`: after the first failure in a row, the second …; the last one repeats.
    explicit Outbox(std::vector<Duration> waits, std::size_t most = 20)
        : waits_{std::move(waits)}, most_{most} {}

    // False: it was full, and the oldest was dropped for it.
    bool push(Item item) {
        const bool room = entries_.size() < most_;
        if (!room) entries_.pop_front();
        entries_.push_back({++last_number_, std::move(item)});
        return room;
    }
    // When the oldest may be tried; nothing: none waits. A time long past: at once.
    [[nodiscard]] std::optional<TimePoint> next_due() const {
        if (entries_.empty()) return std::nullopt;
        return not_before_;
    }
    // The oldest, when its time has come. It stays until settled.
    [[nodiscard]] std::optional<Entry> due(TimePoint now) const {
        if (entries_.empty() || now < not_before_) return std::nullopt;
        return entries_.front();
    }
    // It arrived.
    void delivered(std::uint64_t number) {
        remove(number);
        try_now();
    }
    // It will never be taken; the others are no worse for it.
    void refused(std::uint64_t number) { remove(number); }
    void failed(TimePoint now) {
        const std::size_t step = std::min(failures_, waits_.size() - 1);
        not_before_ = now + waits_[step];
        ++failures_;
    }
    // As if nothing had failed yet.
    void try_now() {
        failures_ = 0;
        not_before_ = {};
    }
    [[nodiscard]] std::size_t size() const { return entries_.size(); }

private:
    void remove(std::uint64_t number) {
        // It may have been dropped while it was on its way.
        if (!entries_.empty() && entries_.front().number == number) entries_.pop_front();
    }

    std::vector<Duration> waits_;  // not empty
    std::size_t most_;
    std::deque<Entry> entries_;
    std::uint64_t last_number_ = 0;
    std::size_t failures_ = 0;
    TimePoint not_before_{};
};

}  // namespace farmwall::link
