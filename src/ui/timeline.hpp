#pragma once

#include <optional>
#include <vector>

#include "ui/pen.hpp"

namespace farmwall::ui {

// The stretch of time that is shown, and where the clock's lines stand.
struct TimeAxis {
    WallTime from{};
    WallTime to{};
    std::vector<WallTime> ticks;  // at round times of the local clock
    // 0 at the left end, 1 at the right one; outside for what lies outside.
    [[nodiscard]] float share(WallTime when) const;
};
// From a little before now until the last block ends, 2 h to 48 h; lines no closer than `least_apart` of the
// width, which is between 0 and 1.
[[nodiscard]] TimeAxis time_axis(const Forecast& forecast, WallTime now, float least_apart);

// Printers × jobs from the forecast; the job whose block was pressed is returned.
std::optional<JobId> draw_timeline(const Frame& frame, const Rect& box, const JobId& selected);

}  // namespace farmwall::ui
