#include <fmt/format.h>

#include <algorithm>

#include "ui/control_flow.hpp"
#include "ui/icons.hpp"
#include "ui/job_row.hpp"
#include "ui/plate_cards.hpp"
#include "ui/printer_cards.hpp"

namespace farmwall::ui {
namespace {

using namespace std::chrono_literals;

constexpr Duration hold_to_confirm = 800ms;
constexpr float object_row = 46;  // pixels at 96 dpi
constexpr float object_width = 210;

const QueueState* queue_of(const PageContext& page) { return page.frame.input.fleet->queue.get(); }

const JobView* job_of(const PageContext& page) {
    const PrinterDesk& desk = desk_of(queue_of(page), page.index);
    return desk.job ? find_job(queue_of(page), *desk.job) : nullptr;
}

// A card that is measured first and then drawn; `fill` is called twice with the same state.
void draw_pen_card(const PageContext& page, Column& column, std::string_view title,
                   const std::function<void(Pen&)>& fill) {
    Pen measured{page.frame, {0, 0, column.inner_width(), 0}, false};
    fill(measured);
    Pen drawn{page.frame, column.card(title, measured.height()), true};
    fill(drawn);
}

void fill_cancel(const PageContext& page, Pen& pen, const Job& job) {
    PrinterPageState& state = page.state;
    const bool armed = state.cancel_armed == job.id;
    if (!armed) {
        const Key cancel{"printer/job/cancel", "Cancel this job …", icon::stop};
        if (pen.keys({cancel}, 200)) state.cancel_armed = job.id;
        return;
    }
    pen.say(confirm_question(JobOrder::cancel, job, *page.frame.input.fleet),
            page.frame.widgets.theme().failed);
    const Key keep{"printer/job/keep", "Leave it", icon::arrow_left};
    Key confirm{"printer/job/confirm", "Hold to cancel it", icon::stop};
    confirm.danger = true;
    confirm.hold = hold_to_confirm;
    confirm.subject = job.id.value + '\n' + std::string{name(job.phase)};
    const auto pressed = pen.keys({keep, confirm}, 160);
    if (pressed == 0U) state.cancel_armed.reset();
    if (pressed == 1U && send(page.frame, {PrinterId{}, OrderJob{job.id, JobOrder::cancel, Origin::screen}},
                              state.command_note))
        state.cancel_armed.reset();
}

void fill_job(const PageContext& page, Pen& pen, const JobView& view) {
    const Theme& theme = page.frame.widgets.theme();
    const Job& job = *view.job;
    pen.heading(job_title(job));
    const std::string plate = plate_text(job);
    pen.say(fmt::format("{}{}", phase_word(job.phase), plate.empty() ? "" : " · " + plate), theme.text_color,
            1);
    if (!progress_text(view).empty()) {
        const Rect bar = pen.room(pen.px(22));
        if (pen.draws()) draw_job_progress(page.frame, bar, view);
    }
    pen.say(job.error, theme.failed);
    fill_cancel(page, pen, job);
}

// The objects as boxes to tick, as many beside each other as fit.
void fill_objects(const PageContext& page, Pen& pen, const std::vector<SlicedObject>& objects,
                  const std::vector<int>& skipped) {
    const Widgets& widgets = page.frame.widgets;
    const Theme& theme = widgets.theme();
    const Rect probe = pen.room(0);
    pen.gap(-8);
    const auto columns =
        std::max<std::size_t>(1, static_cast<std::size_t>(probe.width / pen.px(object_width)));
    const float width = probe.width / static_cast<float>(columns);
    Rect row;
    for (std::size_t i = 0; i < objects.size(); ++i) {
        if (i % columns == 0) {
            row = pen.room(pen.px(object_row));
            pen.gap(-8);
        }
        if (!pen.draws()) continue;
        const SlicedObject& object = objects[i];
        const bool gone = std::find(skipped.begin(), skipped.end(), object.id) != skipped.end();
        const bool chosen = page.state.skip_chosen.contains(object.id);
        const Rect box{row.x + width * static_cast<float>(i % columns), row.y, width - pen.px(6), row.height};
        const Hit hit = widgets.hit(fmt::format("printer/skip/{}", object.id), box, !gone);
        if (hit.pressed && !gone && page.state.skip_chosen.erase(object.id) == 0)
            page.state.skip_chosen.insert(object.id);
        const Canvas canvas = pen.canvas();
        if (hit.hovered) canvas.fill(box, with_alpha(theme.text_color, 0.05F), pen.px(8));
        if (hit.focused) canvas.outline(box, theme.focus, pen.px(8), pen.px(1.5F));
        const std::string_view sign = gone ? icon::close : chosen ? icon::box_checked : icon::box_empty;
        canvas.text_in({box.x + pen.px(4), box.y, pen.px(30), box.height},
                       {Weight::icon, pen.px(22),
                        gone     ? theme.text_faint
                        : chosen ? theme.accent
                                 : theme.text_muted},
                       sign, Align::left);
        const std::string words = gone ? object.name + " (left out)" : object.name;
        canvas.text_in({box.x + pen.px(36), box.y, box.width - pen.px(38), box.height},
                       {Weight::regular, pen.px(theme.text), gone ? theme.text_faint : theme.text_color},
                       words, Align::left);
    }
    pen.gap(8);
}

void fill_skip_keys(const PageContext& page, Pen& pen, const SlicedPlate& plate, std::size_t gone) {
    PrinterPageState& state = page.state;
    const std::size_t chosen = state.skip_chosen.size();
    const SkipObjects action{{state.skip_chosen.begin(), state.skip_chosen.end()}};
    const Standing now = standing(action, page.printer, page.control, page.frame.input.now);
    Key confirm{"printer/skip/confirm",
                chosen == 0 ? "Hold to leave out" : fmt::format("Hold to leave out {}", chosen), icon::close};
    confirm.danger = true;
    confirm.hold = hold_to_confirm;
    const JobIdentity job = job_identity(page.printer.report);
    confirm.subject = fmt::format("{}\n{}\n{}", page.printer.id.value, job.subtask_id, chosen);
    if (chosen == 0) {
        confirm.why = "Choose what is to be left out.";
    } else if (chosen + gone >= plate.objects.size()) {
        confirm.why = "Nothing would be left to print: stop the print instead.";
    } else if (!now.enabled()) {
        confirm.why = now.refusal ? now.why : std::string{sentence(Refusal::under_way)};
    }
    const Key none{"printer/skip/none", "Choose none"};
    const auto pressed = pen.keys({none, confirm}, 160);
    if (now.beside != nullptr) pen.say(phase_text(*now.beside), page.frame.widgets.theme().text_muted);
    if (pressed == 0U) state.skip_chosen.clear();
    if (pressed != 1U) return;
    const Intent wish{page.printer.id, screen_command(action, page.printer)};
    if (send(page.frame, wish, state.command_note)) state.skip_chosen.clear();
}

void fill_skip(const PageContext& page, Pen& pen, const SlicedPlate& plate) {
    const Theme& theme = page.frame.widgets.theme();
    static const std::vector<int> none;
    const auto& reported = page.printer.report.skipped_objects;
    const std::vector<int>& skipped = reported ? *reported : none;
    const auto gone = static_cast<std::size_t>(
        std::count_if(plate.objects.begin(), plate.objects.end(), [&](const SlicedObject& object) {
            return std::find(skipped.begin(), skipped.end(), object.id) != skipped.end();
        }));
    pen.say(skip_text(plate, gone), theme.text_muted);
    if (!plate.labelled_objects || plate.objects.size() < 2) return;
    std::erase_if(page.state.skip_chosen, [&](int id) {
        const bool known = std::any_of(plate.objects.begin(), plate.objects.end(),
                                       [&](const SlicedObject& object) { return object.id == id; });
        return !known || std::find(skipped.begin(), skipped.end(), id) != skipped.end();
    });
    fill_objects(page, pen, plate.objects, skipped);
    fill_skip_keys(page, pen, plate, gone);
}

}  // namespace

void draw_job_card(const PageContext& page, Column& column) {
    const JobView* const view = job_of(page);
    if (view == nullptr) {
        page.state.cancel_armed.reset();
        return;
    }
    if (page.state.cancel_armed != view->job->id) page.state.cancel_armed.reset();
    draw_pen_card(page, column, "JOB FROM THE QUEUE", [&](Pen& pen) { fill_job(page, pen, *view); });
}

void draw_skip_card(const PageContext& page, Column& column) {
    const JobView* const view = job_of(page);
    const SlicedPlate* const plate = view == nullptr ? nullptr : plate_of(*view->job);
    if (plate == nullptr || view->job->phase != JobPhase::running) {
        page.state.skip_chosen.clear();
        return;
    }
    if (page.state.skip_of != view->job->id) {
        page.state.skip_of = view->job->id;
        page.state.skip_chosen.clear();
    }
    draw_pen_card(page, column, "LEAVE OUT SINGLE OBJECTS", [&](Pen& pen) { fill_skip(page, pen, *plate); });
}

void draw_plate_card(const PageContext& page, Column& column) {
    const QueueState* const queue = queue_of(page);
    if (queue == nullptr || page.index >= queue->desks.size()) return;
    const PlateOf of{page.printer, desk_of(queue, page.index), *queue};
    draw_pen_card(page, column, "PLATE", [&](Pen& pen) {
        fill_plate(pen, "printer/plate", of, page.state.bad_print, page.state.plate_note);
        pen.say(page.state.plate_note, page.frame.widgets.theme().text_muted);
    });
}

}  // namespace farmwall::ui
