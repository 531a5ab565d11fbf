#include "queue/history_inbox.hpp"

#include <algorithm>
#include <iterator>
#include <utility>

namespace farmwall::queue {

bool HistoryInbox::push(HistoryRow row) {
    {
        std::lock_guard lock{mutex_};
        const bool sample = std::holds_alternative<PrinterSample>(row);
        if (rows_.size() + samples_.size() >= capacity_) {
            if (sample || samples_.empty()) {
                ++(sample ? dropped_.samples : dropped_.others);
                return false;
            }
            samples_.pop_front();
            ++dropped_.samples;
        }
        const bool first = rows_.empty() && samples_.empty();
        (sample ? samples_ : rows_).push_back(std::move(row));
        if (!first) return true;
        first_came_ = std::chrono::steady_clock::now();
    }
    changed_.notify_all();
    return true;
}

std::vector<HistoryRow> HistoryInbox::take() {
    std::deque<HistoryRow> rows;
    std::deque<HistoryRow> samples;
    {
        std::lock_guard lock{mutex_};
        rows.swap(rows_);
        samples.swap(samples_);
    }
    std::vector<HistoryRow> out{std::make_move_iterator(rows.begin()), std::make_move_iterator(rows.end())};
    out.insert(out.end(), std::make_move_iterator(samples.begin()), std::make_move_iterator(samples.end()));
    return out;
}

void HistoryInbox::wait(const std::stop_token& stop, TimePoint until, Duration gather, bool rows) {
    std::unique_lock lock{mutex_};
    while (!stop.stop_requested() && !woken_ && flush_asked_ == flush_done_) {
        const bool waiting = rows && !(rows_.empty() && samples_.empty());
        const TimePoint end = waiting ? std::min(until, first_came_ + gather) : until;
        if (std::chrono::steady_clock::now() >= end) break;
        changed_.wait_until(lock, stop, end, [&] {
            const bool wait = rows && !(rows_.empty() && samples_.empty());
            return woken_ || flush_asked_ != flush_done_ || wait != waiting;
        });
    }
    woken_ = false;
}

void HistoryInbox::wake() {
    {
        std::lock_guard lock{mutex_};
        woken_ = true;
    }
    changed_.notify_all();
}

void HistoryInbox::flush() {
    std::unique_lock lock{mutex_};
    const std::uint64_t mine = ++flush_asked_;
    changed_.notify_all();
    changed_.wait(lock, [&] { return closed_ || flush_done_ >= mine; });
}

std::uint64_t HistoryInbox::flush_asked() const {
    std::lock_guard lock{mutex_};
    return flush_asked_;
}

void HistoryInbox::flush_done(std::uint64_t asked) {
    {
        std::lock_guard lock{mutex_};
        flush_done_ = asked;
    }
    changed_.notify_all();
}

void HistoryInbox::close() {
    {
        std::lock_guard lock{mutex_};
        closed_ = true;
    }
    changed_.notify_all();
}

HistoryInbox::Dropped HistoryInbox::take_dropped() {
    std::lock_guard lock{mutex_};
    return std::exchange(dropped_, {});
}

}  // namespace farmwall::queue
