#include "app/watch.hpp"

#include <algorithm>

#include "fleet/status_json.hpp"

namespace farmwall::app {

void Watch::look(const FleetSnapshot& now, TimePoint time) {
    if (now->revision == seen_->revision) return;
    for (const auto& event : now->events) {
        const auto& old = seen_->events;
        if (std::find(old.begin(), old.end(), event) == old.end()) write_line_(event_json(*event));
    }
    for (std::size_t i = 0; i < now->printers.size(); ++i) {
        const CameraState& camera = camera_of(*now, i);
        const bool same = i < seen_->printers.size() && seen_->printers[i] == now->printers[i] &&
                          &camera_of(*seen_, i) == &camera;
        if (!same) write_line_(status_json(*now->printers[i], camera, time));
    }
    seen_ = now;
}

}  // namespace farmwall::app
