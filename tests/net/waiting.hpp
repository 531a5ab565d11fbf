#pragma once

#include <chrono>
#include <condition_variable>
#include <mutex>
#include <vector>

// Values that another thread brings, waited for with a limit.
template <class T>
class Arrivals {
public:
    // Notifies under the lock: the waiter may destroy this object as soon as it has the lock.
    void put(T value) {
        std::lock_guard lock{mutex_};
        values_.push_back(std::move(value));
        changed_.notify_all();
    }
    // True once at least `count` have come.
    bool wait_for(std::size_t count, std::chrono::milliseconds limit = std::chrono::seconds{10}) {
        std::unique_lock lock{mutex_};
        return changed_.wait_for(lock, limit, [&] { return values_.size() >= count; });
    }
    std::vector<T> values() {
        std::lock_guard lock{mutex_};
        return values_;
    }

private:
    std::mutex mutex_;
    std::condition_variable changed_;
    std::vector<T> values_;
};
