#pragma once

#include <condition_variable>
#include <cstdint>
#include <deque>
#include <mutex>
#include <stop_token>
#include <vector>

#include "queue/history_rows.hpp"

namespace farmwall::queue {

// From any thread to the history's own. Never waits: when it is full, samples go first, then what comes is
// refused.
class HistoryInbox {
public:
    explicit HistoryInbox(std::size_t capacity) : capacity_{capacity} {}

    // False when the row was dropped.
    bool push(HistoryRow row);
    // Everything that waits; samples last.
    [[nodiscard]] std::vector<HistoryRow> take();
    // Until `until`, until rows have waited for `gather`, until somebody flushes, or a stop. With `rows`
    // false rows are no reason.
    void wait(const std::stop_token& stop, TimePoint until, Duration gather, bool rows);
    // Wakes the waiting thread.
    void wake();

    // The caller waits until what it had pushed was tried to be written.
    void flush();
    // Of the other side: what was asked until now, and that it is done.
    [[nodiscard]] std::uint64_t flush_asked() const;
    void flush_done(std::uint64_t asked);
    // Nobody waits any more, now or later.
    void close();

    // Samples and others that were dropped since the last call.
    struct Dropped {
        std::uint64_t samples = 0;
        std::uint64_t others = 0;
    };
    [[nodiscard]] Dropped take_dropped();

private:
    const std::size_t capacity_;
    mutable std::mutex mutex_;
    std::condition_variable_any changed_;
    std::deque<HistoryRow> rows_;
    std::deque<HistoryRow> samples_;
    TimePoint first_came_{};  // the oldest that waits
    Dropped dropped_;
    std::uint64_t flush_asked_ = 0;
    std::uint64_t flush_done_ = 0;
    bool woken_ = false;
    bool closed_ = false;
};

}  // namespace farmwall::queue
