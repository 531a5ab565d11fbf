#pragma once

#include <chrono>
#include <condition_variable>
#include <cstddef>
#include <deque>
#include <mutex>
#include <stop_token>
#include <utility>
#include <vector>

namespace farmwall {

// Hands values from any thread to one consumer. A full queue refuses: the sender must say so to
// whoever asked, nothing is dropped in silence.
template <class T>
class BoundedQueue {
public:
    explicit BoundedQueue(std::size_t capacity) : capacity_{capacity} {}

    // False when the queue is full or closed; the value is then untouched.
    [[nodiscard]] bool try_push(T&& value) {
        {
            std::lock_guard lock{mutex_};
            if (closed_ || items_.size() >= capacity_) return false;
            items_.push_back(std::move(value));
        }
        filled_.notify_one();
        return true;
    }

    // Everything queued so far, oldest first; waits up to `limit` for the first one. Returns
    // empty on the limit, on a stop request, or once closed and drained.
    [[nodiscard]] std::vector<T> take_all(std::stop_token stop, std::chrono::milliseconds limit) {
        std::deque<T> taken;
        {
            std::unique_lock lock{mutex_};
            filled_.wait_for(lock, stop, limit, [&] { return !items_.empty() || closed_; });
            taken.swap(items_);
        }
        return {std::make_move_iterator(taken.begin()), std::make_move_iterator(taken.end())};
    }

    // From now on pushes are refused; what is queued can still be taken.
    void close() {
        {
            std::lock_guard lock{mutex_};
            closed_ = true;
        }
        filled_.notify_all();
    }

    [[nodiscard]] std::size_t size() const {
        std::lock_guard lock{mutex_};
        return items_.size();
    }

private:
    const std::size_t capacity_;
    mutable std::mutex mutex_;
    std::condition_variable_any filled_;
    std::deque<T> items_;
    bool closed_ = false;
};

}  // namespace farmwall
