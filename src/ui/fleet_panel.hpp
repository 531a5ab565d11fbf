#pragma once

#include <string>
#include <utility>
#include <vector>

#include "ui/screens.hpp"

// One action on many printers; used by the overview alone.
namespace farmwall::ui {

// Who is affected and who is not, by index in the fleet.
struct FleetPlan {
    std::vector<std::size_t> affected;
    std::vector<std::pair<std::size_t, std::string>> spared;  // with the reason
};
[[nodiscard]] Action fleet_action(const FleetPanel& panel);
[[nodiscard]] FleetPlan plan_fleet(const FleetState& fleet, const FleetPanel& panel,
                                   const std::set<PrinterId>& chosen, TimePoint now);
// "Pause 8 of 12 printers".
[[nodiscard]] std::string fleet_title(const FleetPanel& panel, const FleetPlan& plan);
// What became of the command to this printer.
[[nodiscard]] std::string fleet_result(const PrinterControl& control, const std::string& sent_as);

// Whom to choose and what to do with them; opens the panel. As high as fleet_bar_height().
void draw_fleet_bar(const Frame& frame, const Rect& box, OverviewState& state);
[[nodiscard]] float fleet_bar_height(const Widgets& widgets);
// In place of the table while state.panel is there.
void draw_fleet_panel(const Frame& frame, const Rect& box, OverviewState& state);

}  // namespace farmwall::ui
