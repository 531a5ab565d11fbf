#pragma once

#include <concepts>
#include <functional>
#include <memory>
#include <mutex>
#include <utility>

#include "fleet/fleet_state.hpp"

namespace farmwall {

// Publishes the fleet's state. Readers take a pointer and hold no lock while they use it.
class FleetStore {
public:
    // `on_publish` is called after each publication, on the writer's thread and outside our locks.
    explicit FleetStore(std::function<void()> on_publish = {}) : on_publish_{std::move(on_publish)} {}

    // Any thread; the lock is held for one pointer copy.
    [[nodiscard]] FleetSnapshot read() const {
        std::lock_guard lock{current_mutex_};
        return current_;
    }

    // Writer threads. `edit` works on a copy of the pointers and only assigns: what takes time is
    // made before. An edit that throws publishes nothing.
    template <std::invocable<FleetState&> Edit>
    void update(Edit&& edit) {
        {
            std::lock_guard writers{writer_mutex_};
            auto next = std::make_shared<FleetState>(*read());
            std::forward<Edit>(edit)(*next);
            ++next->revision;
            FleetSnapshot swapped = std::move(next);
            std::lock_guard lock{current_mutex_};
            current_.swap(swapped);
        }
        if (on_publish_) on_publish_();
    }

private:
    std::mutex writer_mutex_;           // taken before current_mutex_, never after it
    mutable std::mutex current_mutex_;  // held for one pointer copy
    FleetSnapshot current_ = std::make_shared<const FleetState>();
    std::function<void()> on_publish_;
};

}  // namespace farmwall
