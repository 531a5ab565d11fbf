#pragma once

#include <functional>
#include <mutex>
#include <type_traits>
#include <utility>

namespace farmwall {

// A value that several threads use, reachable only under its lock. Inside `with` do not call
// back, log, or take another lock.
template <class T>
class Synchronized {
public:
    Synchronized() = default;
    explicit Synchronized(T value) : value_{std::move(value)} {}

    template <std::invocable<T&> Use>
    decltype(auto) with(Use&& use) {
        std::lock_guard lock{mutex_};
        return std::invoke(std::forward<Use>(use), value_);
    }
    template <std::invocable<const T&> Use>
    decltype(auto) with(Use&& use) const {
        std::lock_guard lock{mutex_};
        return std::invoke(std::forward<Use>(use), value_);
    }

private:
    mutable std::mutex mutex_;
    T value_{};
};

}  // namespace farmwall
