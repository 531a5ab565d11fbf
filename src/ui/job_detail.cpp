#include <fmt/format.h>

#include "ui/icons.hpp"
#include "ui/job_row.hpp"
#include "ui/text_format.hpp"

namespace farmwall::ui {
namespace {

using namespace std::chrono_literals;

constexpr Duration hold_to_confirm = 800ms;
constexpr float picture_side = 128;  // pixels at 96 dpi

std::string_view order_icon(JobOrder order) {
    switch (order) {
        case JobOrder::cancel:
            return icon::stop;
        case JobOrder::complete:
            return icon::check;
        case JobOrder::remove:
            return icon::close;
        case JobOrder::retry:
            return icon::refresh;
        case JobOrder::hold:
            return icon::pause;
        case JobOrder::release:
            return icon::play;
        case JobOrder::again:
            return icon::plus;
    }
    return {};
}

std::vector<std::string> facts_of(const Job& job, WallTime now) {
    std::vector<std::string> facts;
    if (const SlicedPlate* const plate = plate_of(job)) {
        if (const std::string filaments = filament_text(*plate); !filaments.empty())
            facts.push_back(filaments);
        std::string machine = plate->model == PrinterModel::unknown
                                  ? plate->model_code
                                  : std::string{model_info(plate->model).name};
        for (const double mm : plate->nozzle_diameters_mm)
            machine += fmt::format(" · {:g} mm", mm);
        if (plate->plate_type != PlateType::unknown)
            machine += " · " + std::string{describe(plate->plate_type)};
        facts.push_back(machine);
    }
    std::string added = "added " + moment_text(job.created, now);
    if (job.priority != 0) added += fmt::format(" · priority {:+}", job.priority);
    if (job.attempts > 1) added += fmt::format(" · {} starts", job.attempts);
    if (job.sliced != nullptr && !job.sliced->slicer.empty()) added += " · " + job.sliced->slicer;
    facts.push_back(added);
    return facts;
}

void draw_head(const Frame& frame, const Rect& box, const JobView& view, JobsState& state) {
    const Canvas canvas = frame.widgets.canvas();
    const Theme& theme = canvas.theme();
    const Job& job = *view.job;
    const float side = canvas.px(picture_side);
    draw_thumbnail(frame, {box.x, box.y, side, side}, job, job.plate, state.thumbnails);
    Pen pen{frame, {box.x + side + canvas.px(16), box.y, box.width - side - canvas.px(16), 0}, true};
    pen.heading(job_title(job));
    const Condition shape = phase_condition(job.phase);
    const std::string plate = plate_text(job);
    pen.say(fmt::format("{} {}{}", phase_word(job.phase), target_text(job, *frame.input.fleet),
                        plate.empty() ? "" : " · " + plate),
            theme.of(shape), 1);
    for (const std::string& fact : facts_of(job, frame.input.wall_now)) {
        pen.gap(-4);
        pen.say(fact, theme.text_muted, 1);
    }
}

// The bar of the second step; gone as soon as the job is in another phase.
void fill_confirm(Pen& pen, const Job& job, JobsState& state) {
    if (!state.armed || state.armed->job != job.id) return;
    if (state.armed->phase != job.phase) {
        state.armed.reset();
        return;
    }
    const JobOrder order = state.armed->order;
    pen.say(confirm_question(order, job, *pen.frame().input.fleet), pen.frame().widgets.theme().failed);
    const std::string id = "jobs/" + job.id.value;
    const Key keep{id + "/keep", "Leave it", icon::arrow_left};
    Key confirm{id + "/confirm", std::string{confirm_label(order)}, order_icon(order)};
    confirm.danger = true;
    confirm.hold = hold_to_confirm;
    confirm.subject = fmt::format("{}\n{}\n{}", job.id.value, name(order), name(job.phase));
    const auto pressed = pen.keys({keep, confirm}, 190);
    if (pressed == 1U) {
        const Intent wish{PrinterId{}, OrderJob{job.id, order, Origin::screen}};
        if (send(pen.frame(), wish, state.note,
                 std::string{name(order)} + " was asked for: " + job_title(job)))
            state.armed.reset();
    } else if (pressed == 0U) {
        state.armed.reset();
    }
}

void fill_orders(Pen& pen, const Job& job, JobsState& state) {
    const auto offers = job_offers(job);
    std::vector<Key> keys;
    for (const JobOffer& offer : offers) {
        keys.push_back({"jobs/" + job.id.value + "/" + std::string{name(offer.order)},
                        std::string{offer.label} + (offer.destroys ? " …" : ""), order_icon(offer.order),
                        offer.why});
        keys.back().chosen = state.armed && state.armed->job == job.id && state.armed->order == offer.order;
    }
    if (const auto pressed = pen.keys(keys, 136)) give_order(pen.frame(), job, offers[*pressed], state);
}

}  // namespace

void draw_job_detail(const Frame& frame, const Rect& box, JobsState& state) {
    const Theme& theme = frame.widgets.theme();
    const Rect inner = ground_card(frame, box);
    const JobView* const view = find_job(frame.input.fleet->queue.get(), state.selected);
    if (view == nullptr) {
        Pen pen{frame, inner, true};
        pen.say("Press a job to see which printer can print it, and what can be done to it.",
                theme.text_muted);
        pen.say(state.note, theme.text_color);
        return;
    }
    const Job& job = *view->job;
    refresh_matrix(frame, job, matrix_subject(job), state.matrix);
    scrolled(frame, "jobs/detail", inner, [&](Vec2 top) {
        Pen pen{frame, {inner.x, top.y, inner.width, 0}, true};
        draw_head(frame, pen.room(pen.px(picture_side)), *view, state);
        if (!progress_text(*view).empty()) draw_job_progress(frame, pen.room(pen.px(24)), *view);
        pen.say(why_text(*view), job.phase == JobPhase::failed ? theme.failed : theme.paused);
        fill_orders(pen, job, state);
        fill_confirm(pen, job, state);
        pen.say(state.note, theme.text_color);
        if (!is_over(job.phase) && !holds_printer(job.phase)) fill_matrix(pen, "jobs/matrix", state.matrix);
        return pen.y();
    });
}

}  // namespace farmwall::ui
