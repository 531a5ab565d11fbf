#pragma once

#include <vector>

#include "ui/screens.hpp"

namespace farmwall::ui {

// Newest first. An empty printer is everybody.
[[nodiscard]] std::vector<const Event*> filtered_events(const FleetState& fleet, EventGroup group,
                                                        const PrinterId& printer);
// The filters and the list below them.
void draw_events_list(const Frame& frame, const Rect& box, AlarmsState& state);

}  // namespace farmwall::ui
