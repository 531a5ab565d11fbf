#pragma once

#include <string_view>
#include <vector>

#include "fleet/telemetry.hpp"
#include "ui/canvas.hpp"

namespace farmwall::ui {

struct PlotSeries {
    std::string_view name;
    float Sample::*value;
    float Sample::*target = nullptr;  // thin line; null: none
    Color color;
};

struct Plot {
    std::string_view unit;  // "°C", "%"
    float least_top = 100;  // the axis reaches at least so far
    Duration span = std::chrono::hours{1};
    std::vector<PlotSeries> series;
};

// Rounded up to a number whose quarters are round as well: 60, 120, 240, 320 …
[[nodiscard]] float axis_top(float highest);

// How far back the plots of a printer reach: over all its known samples, 5 minutes at least, an hour
// at most, in steps whose axes have round marks.
[[nodiscard]] Duration plot_span(const std::vector<Sample>& samples, TimePoint now);

// Lines over the time up to `now`, with axes, units and a legend that tells the newest values. Gaps
// where values are unknown.
void draw_plot(const Canvas& canvas, const Rect& box, const Plot& plot, const std::vector<Sample>& samples,
               TimePoint now);

// One line without axes, for a table's cell.
void draw_sparkline(const Canvas& canvas, const Rect& box, const std::vector<Sample>& samples, TimePoint now,
                    Duration span, float Sample::*value, Color color);

}  // namespace farmwall::ui
