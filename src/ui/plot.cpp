#include "ui/plot.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>

namespace farmwall::ui {
namespace {

using namespace std::chrono_literals;

constexpr int quarters = 4;
constexpr Duration newest_value_lasts = 2min;

// A length of the time axis and into how many parts its marks divide it.
struct TimeAxis {
    std::chrono::minutes span;
    int parts;
};
constexpr TimeAxis time_axes[] = {{5min, 5}, {10min, 5}, {20min, 4}, {30min, 3}, {60min, 4}};

int parts_of(Duration span) {
    for (const TimeAxis& axis : time_axes) {
        if (axis.span == span) return axis.parts;
    }
    return quarters;
}

bool is_known(const Sample& sample) {
    return !std::isnan(sample.nozzle_celsius) || !std::isnan(sample.bed_celsius) ||
           !std::isnan(sample.part_fan_percent);
}

// Where a time and a value lie on screen.
struct Scale {
    Rect area;
    TimePoint now;
    Duration span;
    float top;

    [[nodiscard]] float x(TimePoint at) const {
        const float age = std::chrono::duration<float>(now - at).count();
        return area.right() - area.width * age / std::chrono::duration<float>(span).count();
    }
    [[nodiscard]] float y(float value) const {
        return area.bottom() - area.height * std::clamp(value / top, 0.0F, 1.0F);
    }
};

float highest_value(const Plot& plot, const std::vector<Sample>& samples) {
    float highest = 0;
    for (const Sample& sample : samples) {
        for (const PlotSeries& series : plot.series) {
            const float value = sample.*series.value;
            if (value > highest) highest = value;  // false for NaN
            if (series.target != nullptr && sample.*series.target > highest) highest = sample.*series.target;
        }
    }
    return highest;
}

void draw_line(const Canvas& canvas, const Scale& scale, const std::vector<Sample>& samples,
               float Sample::*value, Color color, float thickness) {
    std::vector<Vec2> run;
    const auto flush = [&] {
        if (run.size() == 1) canvas.disc(run.front(), thickness, color);
        canvas.polyline(run, color, thickness);
        run.clear();
    };
    for (const Sample& sample : samples) {
        const float at = sample.*value;
        if (std::isnan(at) || scale.now - sample.at > scale.span) {
            flush();
            continue;
        }
        const Vec2 point{scale.x(sample.at), scale.y(at)};
        // Many samples a pixel would only cost; the last of each pixel stands for all.
        if (run.size() > 1 && point.x - run[run.size() - 2].x < 1.0F) {
            run.back() = point;
        } else {
            run.push_back(point);
        }
    }
    flush();
}

void draw_axes(const Canvas& canvas, const Scale& scale, const Plot& plot) {
    const Theme& theme = canvas.theme();
    const TextStyle label{Weight::regular, canvas.px(theme.text_small), theme.text_faint};
    const float half = canvas.line_height(label) / 2;
    for (int i = 0; i <= quarters; ++i) {
        const float value = scale.top * static_cast<float>(i) / quarters;
        const float y = std::floor(scale.y(value)) + 0.5F;
        canvas.line({scale.area.x, y}, {scale.area.right(), y}, theme.line, 1);
        const std::string text =
            i == quarters ? fmt::format("{:.0f} {}", value, plot.unit) : fmt::format("{:.0f}", value);
        canvas.text({scale.area.x - canvas.px(10), y - half}, label, text, Align::right);
    }
    const auto minutes = std::chrono::duration_cast<std::chrono::minutes>(plot.span).count();
    const int parts = parts_of(plot.span);
    for (int i = 0; i <= parts; ++i) {
        const auto ago = minutes * (parts - i) / parts;
        const float x = scale.area.x + scale.area.width * static_cast<float>(i) / static_cast<float>(parts);
        const std::string text = ago == 0 ? std::string{"now"} : fmt::format("{} min ago", ago);
        const Align align = i == 0 ? Align::left : i == parts ? Align::right : Align::center;
        canvas.text({x, scale.area.bottom() + canvas.px(8)}, label, text, align);
    }
}

void draw_legend(const Canvas& canvas, const Rect& box, const Plot& plot, const std::vector<Sample>& samples,
                 TimePoint now) {
    const Theme& theme = canvas.theme();
    // A value that nobody measured lately is not told as if it were so now.
    const bool fresh = !samples.empty() && now - samples.back().at < newest_value_lasts;
    const TextStyle name{Weight::regular, canvas.px(theme.text_small), theme.text_muted};
    const TextStyle value{Weight::bold, canvas.px(theme.text), theme.text_color};
    float x = box.x;
    for (const PlotSeries& series : plot.series) {
        const float newest = fresh ? samples.back().*series.value : Sample::unknown;
        const std::string text = std::isnan(newest) ? "–" : fmt::format("{:.0f} {}", newest, plot.unit);
        const float middle = box.center().y;
        canvas.fill({x, middle - canvas.px(1.5F), canvas.px(16), canvas.px(3)}, series.color,
                    canvas.px(1.5F));
        x += canvas.px(23);
        x += canvas.text_in({x, box.y, 1e4F, box.height}, name, series.name, Align::left) + canvas.px(7);
        x += canvas.text_in({x, box.y, 1e4F, box.height}, value, text, Align::left) + canvas.px(22);
    }
}

}  // namespace

float axis_top(float highest) {
    highest = std::min(highest, 2000.0F);  // a wrong value from outside must not hide the rest
    float step = 20;
    while (step * quarters < highest)
        step += step < 100 ? 20.0F : 100.0F;
    return step * quarters;
}

Duration plot_span(const std::vector<Sample>& samples, TimePoint now) {
    const auto oldest = std::find_if(samples.begin(), samples.end(), is_known);
    const Duration age = oldest == samples.end() ? Duration{} : now - oldest->at;
    for (const TimeAxis& axis : time_axes) {
        if (age <= axis.span) return axis.span;
    }
    return std::end(time_axes)[-1].span;
}

void draw_plot(const Canvas& canvas, const Rect& box, const Plot& plot, const std::vector<Sample>& samples,
               TimePoint now) {
    const Theme& theme = canvas.theme();
    const float legend = canvas.px(30);
    const Rect area{box.x + canvas.px(58), box.y + legend + canvas.px(12), box.width - canvas.px(62),
                    box.height - legend - canvas.px(42)};
    if (area.width < 20 || area.height < 20 || !canvas.sees(box)) return;
    const float top =
        std::max(plot.least_top, plot.least_top < 101 && highest_value(plot, samples) <= plot.least_top
                                     ? plot.least_top
                                     : axis_top(highest_value(plot, samples)));
    const Scale scale{area, now, plot.span, top};
    draw_legend(canvas, {area.x, box.y, area.width, legend}, plot, samples, now);
    draw_axes(canvas, scale, plot);
    canvas.push_clip({area.x, area.y - 2, area.width + 2, area.height + 4});
    for (const PlotSeries& series : plot.series) {
        if (series.target == nullptr) continue;
        draw_line(canvas, scale, samples, series.target, with_alpha(series.color, 0.4F), canvas.px(1.2F));
    }
    for (const PlotSeries& series : plot.series) {
        draw_line(canvas, scale, samples, series.value, series.color, canvas.px(2.2F));
    }
    canvas.pop_clip();
    if (samples.empty()) {
        const TextStyle none{Weight::regular, canvas.px(theme.text), theme.text_faint};
        canvas.text_in(area, none, "No measurements yet", Align::center);
    }
}

void draw_sparkline(const Canvas& canvas, const Rect& box, const std::vector<Sample>& samples, TimePoint now,
                    Duration span, float Sample::*value, Color color) {
    float highest = 60;
    for (const Sample& sample : samples) {
        if (sample.*value > highest) highest = sample.*value;
    }
    const Scale scale{box, now, span, highest * 1.05F};
    canvas.line({box.x, box.bottom() - 0.5F}, {box.right(), box.bottom() - 0.5F}, canvas.theme().line, 1);
    draw_line(canvas, scale, samples, value, color, canvas.px(1.6F));
}

}  // namespace farmwall::ui
