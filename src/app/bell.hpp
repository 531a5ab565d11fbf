#pragma once

#include <chrono>
#include <condition_variable>
#include <mutex>

namespace farmwall::app {

// Wakes the main thread of a program without a window: something was published, or it shall stop.
class Bell {
public:
    // Any thread.
    void ring() {
        {
            std::lock_guard lock{mutex_};
            rung_ = true;
        }
        changed_.notify_one();
    }
    void request_stop() {
        {
            std::lock_guard lock{mutex_};
            stopping_ = true;
        }
        changed_.notify_one();
    }

    // Waits for a ring or the stop; false: stop.
    bool wait() {
        std::unique_lock lock{mutex_};
        changed_.wait(lock, [&] { return rung_ || stopping_; });
        rung_ = false;
        return !stopping_;
    }
    // Waits for a ring, the stop, or the limit; false: stop.
    bool wait_for(std::chrono::milliseconds limit) {
        std::unique_lock lock{mutex_};
        changed_.wait_for(lock, limit, [&] { return rung_ || stopping_; });
        rung_ = false;
        return !stopping_;
    }
    // Waits for the stop only, so that what was rung meanwhile is handled together; false: stop.
    bool pause(std::chrono::milliseconds how_long) {
        std::unique_lock lock{mutex_};
        changed_.wait_for(lock, how_long, [&] { return stopping_; });
        return !stopping_;
    }
    [[nodiscard]] bool stopping() const {
        std::lock_guard lock{mutex_};
        return stopping_;
    }

private:
    mutable std::mutex mutex_;
    std::condition_variable changed_;
    bool rung_ = false;
    bool stopping_ = false;
};

}  // namespace farmwall::app
