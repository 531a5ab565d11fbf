#include "ui/timeline.hpp"

#include <fmt/format.h>

#include <algorithm>

#include "base/text.hpp"
#include "ui/job_text.hpp"
#include "ui/text_format.hpp"

namespace farmwall::ui {
namespace {

using namespace std::chrono_literals;

constexpr auto least_span = 2h;
constexpr auto most_span = 48h;

// Pixels at 96 dpi.
constexpr float row_height = 50;
constexpr float name_width = 110;
constexpr float axis_height = 28;
constexpr float least_between_lines = 78;

// The last whole minute of the local clock that `step` divides.
WallTime round_down(WallTime when, std::chrono::minutes step) {
    const std::string clock = clock_text(when);
    const auto hours = parse_int(std::string_view{clock}.substr(0, 2)).value_or(0);
    const auto minutes = parse_int(std::string_view{clock}.substr(3, 2)).value_or(0);
    const auto past = std::chrono::minutes{(hours * 60 + minutes) % step.count()};
    return std::chrono::floor<std::chrono::minutes>(when) - past;
}

struct Ground {
    Rect box;  // of the bars, without the names
    TimeAxis axis;
    [[nodiscard]] float x(WallTime when) const {
        return box.x + box.width * std::clamp(axis.share(when), 0.0F, 1.0F);
    }
};

void draw_axis(const Frame& frame, const Ground& ground, const Rect& head) {
    const Canvas canvas = frame.widgets.canvas();
    const Theme& theme = canvas.theme();
    const TextStyle small{Weight::regular, canvas.px(theme.text_small), theme.text_muted};
    for (const WallTime tick : ground.axis.ticks) {
        const float x = ground.x(tick);
        canvas.line({x, head.bottom()}, {x, ground.box.bottom()}, with_alpha(theme.line, 0.8F), 1);
        canvas.text({x, head.y + canvas.px(4)}, small, clock_text(tick), Align::center);
    }
}

void draw_now(const Frame& frame, const Ground& ground, float top) {
    const Canvas canvas = frame.widgets.canvas();
    const Theme& theme = canvas.theme();
    const float x = ground.x(frame.input.wall_now);
    canvas.line({x, top}, {x, ground.box.bottom()}, theme.accent, canvas.px(2));
    const Vec2 marker[] = {{x - canvas.px(6), top}, {x + canvas.px(6), top}, {x, top + canvas.px(8)}};
    canvas.polygon(marker, theme.accent);
}

// Shape tells as well: what is somebody else's is hatched, what is still to come has an outline.
bool draw_block(const Frame& frame, const Ground& ground, const Rect& row, const ForecastBlock& block,
                std::size_t number, bool selected) {
    const Canvas canvas = frame.widgets.canvas();
    const Theme& theme = canvas.theme();
    const float left = ground.x(block.start);
    const float right = std::max(ground.x(block.end), left + canvas.px(3));
    const Rect bar{left, row.y + canvas.px(5), right - left - 1, row.height - canvas.px(10)};
    const JobView* const view = block.job ? find_job(frame.input.fleet->queue.get(), *block.job) : nullptr;
    const bool runs = view != nullptr && holds_printer(view->job->phase);
    Hit hit;
    if (block.job)
        hit = frame.widgets.hit(fmt::format("timeline/{}/{}", block.printer, number),
                                {bar.x, row.y, std::max(bar.width, canvas.px(12)), row.height});
    if (!canvas.sees(bar)) return hit.pressed;
    const Color color = !block.job ? mix(theme.idle, theme.background, 0.55F)
                        : runs     ? theme.printing
                                   : mix(theme.surface_raised, theme.printing, 0.3F);
    canvas.fill(bar, hit.hovered ? mix(color, theme.text_color, 0.15F) : color, canvas.px(6));
    if (!block.job)
        canvas.hatch(bar.inset(1), with_alpha(theme.background, 0.5F), canvas.px(9), canvas.px(2));
    if (block.job && !runs) canvas.outline(bar, theme.printing, canvas.px(6), canvas.px(1.5F));
    if (selected || hit.focused) canvas.outline(bar, theme.focus, canvas.px(6), canvas.px(2.5F));
    const std::string words = view != nullptr ? job_title(*view->job) : block.job ? "" : "not ours";
    const Color ink = runs ? theme.on_color : theme.text_color;
    if (bar.width > canvas.px(26))
        canvas.text_in({bar.x + canvas.px(7), bar.y, bar.width - canvas.px(12), bar.height},
                       {Weight::medium, canvas.px(theme.text_small), ink}, words, Align::left);
    return hit.pressed;
}

}  // namespace

float TimeAxis::share(WallTime when) const {
    const double all = std::chrono::duration<double>(to - from).count();
    return all <= 0 ? 0 : static_cast<float>(std::chrono::duration<double>(when - from).count() / all);
}

TimeAxis time_axis(const Forecast& forecast, WallTime now, float least_apart) {
    TimeAxis axis;
    WallTime first = now;
    WallTime last = now + least_span;
    for (const ForecastBlock& block : forecast.blocks) {
        first = std::min(first, block.start);
        last = std::max(last, block.end);
    }
    last = std::min<WallTime>(last, now + most_span);
    // What began long ago is cut: the future is what is looked for.
    const auto back = std::min<WallTime::duration>(now - first, (last - now) / 5);
    axis.from = now - std::max<WallTime::duration>(back, (last - now) / 30);
    axis.to = last + (last - now) / 40;
    const double span_minutes = std::chrono::duration<double, std::ratio<60>>(axis.to - axis.from).count();
    for (const int minutes : {15, 30, 60, 120, 180, 240, 360, 720}) {
        if (minutes / span_minutes < least_apart && minutes != 720) continue;
        const std::chrono::minutes step{minutes};
        for (WallTime at = round_down(axis.from, step) + step; at < axis.to; at += step)
            axis.ticks.push_back(at);
        break;
    }
    return axis;
}

std::optional<JobId> draw_timeline(const Frame& frame, const Rect& box, const JobId& selected) {
    const FleetState& fleet = *frame.input.fleet;
    const Theme& theme = frame.widgets.theme();
    const Rect inner = ground_card(frame, box, "WHEN WHAT RUNS");
    if (fleet.queue == nullptr || fleet.queue->forecast == nullptr || fleet.printers.empty()) {
        Pen pen{frame, inner, true};
        pen.say("There is no forecast yet.", theme.text_muted);
        return std::nullopt;
    }
    const Forecast& forecast = *fleet.queue->forecast;
    const float names = frame.widgets.px(name_width);
    const Rect head{inner.x + names, inner.y, inner.width - names, frame.widgets.px(axis_height)};
    const float below = head.bottom();
    const float width = std::max(1.0F, head.width - frame.widgets.px(6));
    Ground ground{{head.x, below, width, inner.bottom() - below},
                  time_axis(forecast, frame.input.wall_now, frame.widgets.px(least_between_lines) / width)};
    const float row = frame.widgets.px(row_height);
    const float used = row * static_cast<float>(fleet.printers.size());
    ground.box.height = std::min(ground.box.height, used);
    draw_axis(frame, ground, head);
    std::optional<JobId> pressed;
    scrolled(frame, "timeline/rows", {inner.x, below, inner.width, inner.bottom() - below}, [&](Vec2 top) {
        const Canvas canvas = frame.widgets.canvas();
        const TextStyle name{Weight::medium, canvas.px(theme.text), theme.text_color};
        for (std::size_t i = 0; i < fleet.printers.size(); ++i) {
            const Rect line{inner.x, top.y + row * static_cast<float>(i), inner.width, row};
            if (!canvas.sees(line)) continue;
            canvas.text_in({line.x, line.y, names - canvas.px(10), row}, name, fleet.printers[i]->name,
                           Align::left);
            canvas.line({line.x, line.bottom() - 0.5F}, {line.right(), line.bottom() - 0.5F},
                        with_alpha(theme.line, 0.6F), 1);
            std::size_t number = 0;
            for (const ForecastBlock& block : forecast.blocks) {
                if (block.printer != i || block.end <= ground.axis.from || block.start >= ground.axis.to)
                    continue;
                const bool chosen = block.job && *block.job == selected;
                if (draw_block(frame, ground, line, block, number++, chosen)) pressed = block.job;
            }
        }
        draw_now(frame, ground, below);
        return top.y + used;
    });
    return pressed;
}

}  // namespace farmwall::ui
