#include "ui/jobs_screen.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>

#include "ui/flow.hpp"
#include "ui/icons.hpp"
#include "ui/job_row.hpp"
#include "ui/timeline.hpp"

namespace farmwall::ui {
namespace {

// Pixels at 96 dpi.
constexpr float two_parts_from = 1000;
constexpr float figures_beside_from = 1500;
constexpr float list_share = 0.56F;
constexpr float figure_width = 150;

void draw_views(const Frame& frame, const Rect& row, JobsState& state) {
    const Widgets& widgets = frame.widgets;
    const std::size_t plates = plates_to_clear(*frame.input.fleet).size();
    struct Choice {
        const char* id;
        std::string label;
        std::string_view icon;
        JobsView view;
    };
    const Choice choices[] = {
        {"jobs/view/queue", "Queue", icon::view_list, JobsView::queue},
        {"jobs/view/timeline", "Timeline", icon::timer, JobsView::timeline},
        {"jobs/view/plates", plates == 0 ? "Plates" : fmt::format("Plates ({})", plates), icon::layers,
         JobsView::plates}};
    const float gap = widgets.px(8);
    const float width = (row.width + gap) / 3 - gap;
    float x = row.x;
    for (const Choice& choice : choices) {
        Widgets::ButtonLook look{choice.label, choice.icon};
        look.chosen = state.view == choice.view;
        if (widgets.button(choice.id, {x, row.y, width, row.height}, look)) state.view = choice.view;
        x += width + gap;
    }
}

struct Figure {
    std::string_view label;
    std::string value;
};
std::vector<Figure> figures_of(const Frame& frame) {
    const QueueFigures figures = queue_figures(*frame.input.fleet, frame.input.wall_now);
    const std::string waiting = figures.held == 0
                                    ? fmt::format("{}", figures.waiting)
                                    : fmt::format("{} + {} held", figures.waiting, figures.held);
    return {{"Waiting", waiting},
            {"Printing", fmt::format("{}", figures.printing)},
            {"Next free", figures.next_free},
            {"Plate changes", figures.plate_changes},
            {"Runs dry", figures.runs_dry}};
}

void draw_figures(const Frame& frame, const Rect& row) {
    const Canvas canvas = frame.widgets.canvas();
    const auto figures = figures_of(frame);
    const auto fitting = static_cast<std::size_t>(std::max(1.0F, row.width / canvas.px(figure_width)));
    const std::size_t shown = std::min(figures.size(), fitting);
    const float width = row.width / static_cast<float>(shown);
    for (std::size_t i = 0; i < shown; ++i)
        draw_fact(canvas, {row.x + static_cast<float>(i) * width, row.y, width - canvas.px(14), row.height},
                  figures[i].label, figures[i].value);
}

// What is done to the whole queue, its figures, and which part of it is shown. Returns where it ends.
float draw_head(const Frame& frame, const Rect& box, JobsState& state) {
    const Widgets& widgets = frame.widgets;
    const Theme& theme = widgets.theme();
    const QueueState& queue = *frame.input.fleet->queue;
    const float button = widgets.px(theme.button_height);
    const float gap = widgets.px(8);
    const bool wide = box.width >= widgets.px(figures_beside_from);
    const bool beside = box.width >= widgets.px(780);  // the views, of the buttons
    const float padding = widgets.px(theme.card_padding) * 0.75F;
    const float words = widgets.px(22);
    const float figures_height = widgets.px(46);
    const float trouble = queue.problem.empty() ? 0 : widgets.px(24);
    const float height = 2 * padding + button + words + trouble + (wide ? 0 : figures_height + gap) +
                         (beside ? 0 : button + gap);
    const Rect inner = ground_card(frame, {box.x, box.y, box.width, height});
    const float narrow = widgets.px(172);
    Widgets::ButtonLook now{"Dispatch now", icon::play};
    now.primary = true;
    if (widgets.button("jobs/dispatch", {inner.x, inner.y, narrow, button}, now))
        send(frame, {PrinterId{}, DispatchNow{}}, state.note);
    const Rect add{inner.x + narrow + gap, inner.y, widgets.px(132), button};
    if (widgets.button("jobs/add", add, {"Add file", icon::plus})) open_file_list(frame, state.add);
    const float views = widgets.px(beside ? 410 : 0);
    const float x = add.right() + widgets.px(24);
    const Rect room{x, inner.y, inner.right() - views - widgets.px(18) - x, figures_height};
    float y = inner.y + button + widgets.px(6);
    const TextStyle small{Weight::regular, widgets.px(theme.text_small), theme.text_muted};
    widgets.canvas().text_within({inner.x, y}, inner.width, small,
                                 dispatch_text(queue, frame.input.wall_now));
    y += words;
    if (trouble > 0) {
        widgets.canvas().text_within({inner.x, y}, inner.width,
                                     {Weight::medium, widgets.px(theme.text), theme.failed}, queue.problem);
        y += trouble;
    }
    if (wide) {
        draw_figures(frame, room);
    } else {
        draw_figures(frame, {inner.x, y + gap / 2, inner.width, figures_height});
        y += figures_height + gap;
    }
    draw_views(
        frame,
        beside ? Rect{inner.right() - views, inner.y, views, button} : Rect{inner.x, y, inner.width, button},
        state);
    return box.y + height;
}

// One more row at both ends than can be seen, for the keyboard to go on to.
void draw_rows(const Frame& frame, const Rect& inner, JobsState& state) {
    const QueueState& queue = *frame.input.fleet->queue;
    const float row = job_row_height(frame.widgets);
    scrolled(frame, "jobs/list", inner, [&](Vec2 top) {
        const auto count = static_cast<float>(queue.jobs.size());
        const float first = std::floor((inner.y - top.y) / row) - 1;
        const float last = std::ceil((inner.bottom() - top.y) / row) + 1;
        const auto begin = static_cast<std::size_t>(std::clamp(first, 0.0F, count));
        const auto end = static_cast<std::size_t>(std::clamp(last, 0.0F, count));
        for (std::size_t i = begin; i < end; ++i)
            draw_job_row(frame,
                         {inner.x + frame.widgets.px(6), top.y + static_cast<float>(i) * row,
                          inner.width - frame.widgets.px(8), row},
                         *queue.jobs[i], state);
        return top.y + row * count;
    });
}

void draw_list(const Frame& frame, const Rect& box, JobsState& state) {
    const QueueState& queue = *frame.input.fleet->queue;
    const Rect inner = ground_card(frame, box, fmt::format("QUEUE ({})", queue.jobs.size()));
    if (queue.jobs.empty()) {
        Pen pen{frame, inner, true};
        pen.say("The queue is empty. Press Add file, or drop a sliced file on this window.",
                frame.widgets.theme().text_muted);
        return;
    }
    draw_rows(frame, inner, state);
}

void draw_queue(const Frame& frame, const Rect& box, JobsState& state) {
    const float gap = frame.widgets.px(frame.widgets.theme().gap);
    const bool upright = box.width < box.height * 0.95F;
    if (box.width >= frame.widgets.px(two_parts_from) && !upright) {
        const float left = std::floor((box.width - gap) * list_share);
        draw_list(frame, {box.x, box.y, left, box.height}, state);
        draw_job_detail(frame, {box.x + left + gap, box.y, box.width - left - gap, box.height}, state);
        return;
    }
    const bool chosen = find_job(frame.input.fleet->queue.get(), state.selected) != nullptr;
    const float upper =
        chosen ? std::floor((box.height - gap) * 0.5F) : box.height - gap - frame.widgets.px(96);
    draw_list(frame, {box.x, box.y, box.width, upper}, state);
    draw_job_detail(frame, {box.x, box.y + upper + gap, box.width, box.height - upper - gap}, state);
}

void draw_no_queue(const Frame& frame, const Rect& box) {
    const Rect inner = ground_card(frame, {box.x, box.y, box.width, frame.widgets.px(120)}, "JOBS");
    Pen pen{frame, inner, true};
    pen.say("This program has no job queue: it only shows what the printers do.",
            frame.widgets.theme().text_color);
}

// What is about a job that is gone is over.
void forget_gone(const Frame& frame, JobsState& state) {
    const QueueState* const queue = frame.input.fleet->queue.get();
    if (state.armed && find_job(queue, state.armed->job) == nullptr) state.armed.reset();
    if (!state.selected.empty() && find_job(queue, state.selected) == nullptr) state.selected = JobId{};
}

}  // namespace

bool jobs_move(const JobsState& state) { return state.thumbnails.pending() || add_moves(state.add); }

void draw_jobs(const Frame& frame, const std::vector<CachedPicture>& pictures, JobsState& state) {
    const Widgets& widgets = frame.widgets;
    const Theme& theme = widgets.theme();
    widgets.canvas().cover(frame.area, theme.background);
    state.thumbnails.begin_frame();
    const float margin = widgets.px(theme.margin);
    const Rect room{frame.area.x + margin, frame.area.y, std::max(1.0F, frame.area.width - 2 * margin),
                    std::max(1.0F, frame.area.height - margin)};
    if (frame.input.fleet->queue == nullptr) {
        state.add.waiting.clear();
        draw_no_queue(frame, room);
        return;
    }
    forget_gone(frame, state);
    if (draw_add(frame, room, state.add, state.thumbnails, state.note)) return;
    const float below = draw_head(frame, room, state) + widgets.px(theme.gap);
    const Rect rest{room.x, below, room.width, std::max(1.0F, room.bottom() - below)};
    switch (state.view) {
        case JobsView::queue:
            draw_queue(frame, rest, state);
            break;
        case JobsView::timeline:
            if (const auto pressed = draw_timeline(frame, rest, state.selected)) {
                state.selected = *pressed;
                state.view = JobsView::queue;
            }
            break;
        case JobsView::plates:
            draw_plates(frame, rest, pictures, state.plates);
            break;
    }
}

}  // namespace farmwall::ui
