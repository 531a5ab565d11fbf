#include "ui/job_row.hpp"

#include <algorithm>

#include "ui/icons.hpp"

namespace farmwall::ui {
namespace {

// Pixels at 96 dpi.
constexpr float row_height = 84;
constexpr float picture_side = 66;
constexpr float right_part = 168;
constexpr float swatch_side = 16;

// The one thing that is done most in this phase, and destroys nothing.
std::optional<JobOffer> quick_offer(const Job& job) {
    for (const JobOffer& offer : job_offers(job)) {
        const bool quick = offer.order == JobOrder::hold || offer.order == JobOrder::release ||
                           (offer.order == JobOrder::retry && job.phase != JobPhase::held) ||
                           (offer.order == JobOrder::again && job.phase == JobPhase::completed);
        if (quick) return offer;
    }
    return std::nullopt;
}

std::string_view quick_icon(JobOrder order) {
    switch (order) {
        case JobOrder::hold:
            return icon::pause;
        case JobOrder::release:
            return icon::play;
        case JobOrder::retry:
        case JobOrder::again:
            return icon::refresh;
        case JobOrder::cancel:
        case JobOrder::complete:
        case JobOrder::remove:
            return icon::check;
    }
    return icon::check;
}

void draw_quick_buttons(const Frame& frame, const Rect& box, const Job& job, JobsState& state) {
    const Widgets& widgets = frame.widgets;
    const QueueState& queue = *frame.input.fleet->queue;
    const float side = widgets.px(widgets.theme().button_height);
    const float gap = widgets.px(6);
    const float y = box.center().y - side / 2;
    const std::string id = "jobs/" + job.id.value;
    float x = box.right() - 3 * side - 2 * gap;
    const auto move = [&](const char* which, std::string_view sign, const std::optional<MoveJob>& wish) {
        const Widgets::ButtonLook look{"", sign, wish.has_value()};
        if (widgets.button(id + which, {x, y, side, side}, look))
            send(frame, {PrinterId{}, *wish}, state.note);
        x += side + gap;
    };
    if (why_not_moved(job).empty()) {
        move("/up", icon::arrow_up, move_up(queue, job.id));
        move("/down", icon::arrow_down, move_down(queue, job.id));
    } else {
        x += 2 * (side + gap);
    }
    if (const auto offer = quick_offer(job)) {
        const Widgets::ButtonLook look{"", quick_icon(offer->order), offer->why.empty()};
        if (widgets.button(id + "/quick", {x, y, side, side}, look)) give_order(frame, job, *offer, state);
    }
}

// Swatches and materials, then why it waits.
void draw_third_line(const Canvas& canvas, const Rect& line, const JobView& view) {
    const Theme& theme = canvas.theme();
    const TextStyle small{Weight::regular, canvas.px(theme.text_small), theme.text_muted};
    float x = line.x;
    const float side = canvas.px(swatch_side);
    const SlicedPlate* const plate = plate_of(*view.job);
    const std::string why = why_text(view);
    if (plate != nullptr) {
        std::string materials;
        for (const SlicedFilament& filament : plate->filaments) {
            if (x + side > line.right()) break;
            draw_swatch(canvas, {x, line.y, side, side}, filament.color);
            x += side + canvas.px(5);
            if (materials.find(filament.material) == std::string::npos)
                materials += (materials.empty() ? "" : ", ") + filament.material;
        }
        const float most = why.empty() ? line.right() - x : std::min(line.right() - x, line.width * 0.4F);
        x += canvas.text_within({x + canvas.px(3), line.y}, most, small, materials) + canvas.px(16);
    }
    const bool trouble = view.job->phase == JobPhase::failed;
    const bool alert = trouble || view.job->phase == JobPhase::held;
    const TextStyle reason{Weight::regular, canvas.px(theme.text_small),
                           trouble ? theme.failed
                           : alert ? theme.paused
                                   : theme.text_muted};
    canvas.text_within({x, line.y}, line.right() - x, reason, why);
}

void draw_right_part(const Frame& frame, const Rect& box, const JobView& view) {
    const Canvas canvas = frame.widgets.canvas();
    const Theme& theme = canvas.theme();
    const Job& job = *view.job;
    const Condition shape = phase_condition(job.phase);
    const float radius = canvas.px(7);
    draw_shape(canvas, shape, {box.x + radius, box.y + canvas.px(19)}, radius, theme.of(shape));
    canvas.text_within({box.x + canvas.px(22), box.y + canvas.px(10)}, box.width - canvas.px(22),
                       {Weight::bold, canvas.px(theme.text), theme.of(shape)}, phase_word(job.phase));
    const Rect line{box.x, box.y + canvas.px(34), box.width, canvas.px(20)};
    const bool moves = draw_job_progress(frame, line, view);
    const std::string when =
        forecast_text(frame.input.fleet->queue->forecast.get(), job.id, frame.input.wall_now);
    const TextStyle small{Weight::medium, canvas.px(theme.text_small), theme.text_color};
    canvas.text_within({box.x, moves ? box.y + canvas.px(57) : line.y + canvas.px(2)}, box.width, small,
                       when);
}

}  // namespace

float job_row_height(const Widgets& widgets) { return widgets.px(row_height); }

void draw_thumbnail(const Frame& frame, const Rect& box, const Job& job, int plate, Thumbnails& thumbnails) {
    const Canvas canvas = frame.widgets.canvas();
    const Theme& theme = canvas.theme();
    if (const auto picture = thumbnails.get(job, plate, theme.surface_raised)) {
        canvas.cover(box, theme.surface_raised);
        canvas.picture(box, picture, false, {}, theme.surface_raised);
        canvas.round_off(box, canvas.px(8), theme.surface);
        return;
    }
    canvas.fill(box, theme.surface_raised, canvas.px(8));
    canvas.text_in(box, {Weight::icon, std::min(box.width, box.height) * 0.45F, theme.text_faint}, icon::cube,
                   Align::center);
}

bool draw_job_progress(const Frame& frame, const Rect& box, const JobView& view) {
    const std::string words = progress_text(view);
    if (words.empty()) return false;
    const Canvas canvas = frame.widgets.canvas();
    const Theme& theme = canvas.theme();
    const TextStyle number{Weight::medium, canvas.px(theme.text_small), theme.text_color};
    const float width = std::min(canvas.measure(number, words).x + canvas.px(8), box.width * 0.7F);
    const Rect bar{box.x, box.center().y - canvas.px(4), box.width - width, canvas.px(8)};
    canvas.bar(bar, static_cast<float>(view.progress), theme.of(phase_condition(view.job->phase)),
               theme.surface_raised);
    canvas.text_in({bar.right(), box.y, width, box.height}, number, words, Align::right);
    return true;
}

void give_order(const Frame& frame, const Job& job, const JobOffer& offer, JobsState& state) {
    if (!offer.why.empty()) return;
    if (offer.destroys) {
        state.selected = job.id;
        state.armed = ArmedOrder{job.id, offer.order, job.phase};
        return;
    }
    send(frame, {PrinterId{}, OrderJob{job.id, offer.order, Origin::screen}}, state.note,
         std::string{offer.label} + ": " + job_title(job));
}

void draw_job_row(const Frame& frame, const Rect& box, const JobView& view, JobsState& state) {
    const Canvas canvas = frame.widgets.canvas();
    const Theme& theme = canvas.theme();
    const Job& job = *view.job;
    const float buttons = 3 * canvas.px(theme.button_height) + 2 * canvas.px(6);
    const bool chosen = state.selected == job.id;
    const Hit hit = frame.widgets.hit("jobs/row/" + job.id.value,
                                      {box.x, box.y, box.width - buttons - canvas.px(8), box.height});
    if (hit.pressed) {
        state.selected = job.id;
        state.armed.reset();
    }
    const Rect around{box.x - canvas.px(8), box.y, box.width + canvas.px(12), box.height};
    if (chosen || hit.hovered)
        canvas.fill(around, with_alpha(chosen ? theme.accent : theme.text_color, chosen ? 0.14F : 0.05F),
                    canvas.px(8));
    if (hit.focused) canvas.outline(around, theme.focus, canvas.px(8), canvas.px(1.5F));
    const float side = canvas.px(picture_side);
    draw_thumbnail(frame, {box.x, box.center().y - side / 2, side, side}, job, job.plate, state.thumbnails);
    const float right = box.right() - buttons - canvas.px(12);
    const float part = std::min(canvas.px(right_part), (right - box.x - side) * 0.45F);
    draw_right_part(frame, {right - part, box.y, part, box.height}, view);
    const float x = box.x + side + canvas.px(14);
    const float width = right - part - canvas.px(14) - x;
    canvas.text_within({x, box.y + canvas.px(10)}, width,
                       {Weight::bold, canvas.px(theme.text), theme.text_color}, job_title(job));
    const std::string plate = plate_text(job);
    const std::string meta = target_text(job, *frame.input.fleet) + (plate.empty() ? "" : " · " + plate);
    canvas.text_within({x, box.y + canvas.px(33)}, width,
                       {Weight::regular, canvas.px(theme.text_small), theme.text_muted}, meta);
    const float below = progress_text(view).empty() ? right - x : width;
    draw_third_line(canvas, {x, box.y + canvas.px(57), below, canvas.px(swatch_side)}, view);
    canvas.line({box.x, box.bottom() - 0.5F}, {box.right(), box.bottom() - 0.5F},
                with_alpha(theme.line, 0.6F), 1);
    draw_quick_buttons(frame, box, job, state);
}

}  // namespace farmwall::ui
