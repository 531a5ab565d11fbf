#include "ui/plate_cards.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>

#include "ui/icons.hpp"
#include "ui/job_text.hpp"
#include "ui/jobs_setup.hpp"
#include "ui/text_format.hpp"

namespace farmwall::ui {
namespace {

using namespace std::chrono_literals;

constexpr Duration hold_for_one = 500ms;
constexpr Duration hold_for_all = 1500ms;

// Pixels at 96 dpi.
constexpr float card_width = 420;
constexpr float picture_width = 184;
constexpr float picture_height = 104;

constexpr std::string_view reasons[] = {"Came off the plate", "Spaghetti",     "Layers shifted",
                                        "Bad surface",        "Stopped early", "Wrong filament"};

// What the hand agrees to: another print there, and it must agree anew.
std::string subject_of(const PlateOf& of) {
    const PlateRecord& plate = of.desk.plate;
    return of.printer.id.value + '\n' + plate.print + '\n' + (plate.job ? plate.job->value : "") + '\n' +
           std::string{name(plate.state)};
}

void fill_bad(Pen& pen, const std::string& id, const PlateOf& of, std::optional<BadPrint>& bad,
              std::string& note) {
    pen.caption("WHAT WENT WRONG");
    std::vector<Key> list;
    for (const std::string_view reason : reasons) {
        Key key{id + "/reason/" + std::string{reason}, std::string{reason}};
        key.chosen = bad->words.empty() && bad->reason == reason;
        list.push_back(std::move(key));
    }
    if (const auto chosen = pen.keys(list, 168)) {
        bad->reason = reasons[*chosen];
        bad->words.clear();
    }
    pen.field(id + "/words", bad->words, "or in your own words");
    const auto& job = of.desk.plate.job;
    if (job) {
        Key again{id + "/requeue", "Print it again", bad->requeue ? icon::box_checked : icon::box_empty};
        again.chosen = bad->requeue;
        if (pen.keys({again}, 200)) bad->requeue = !bad->requeue;
    }
    const std::string reason = bad->words.empty() ? bad->reason : bad->words;
    Key back{id + "/keep", "Back", icon::arrow_left};
    Key clear{id + "/clear_bad", "Hold: clear, bad", icon::check};
    clear.danger = true;
    clear.hold = hold_for_one;
    clear.subject = subject_of(of);
    if (reason.empty()) clear.why = "Choose what went wrong, or write it.";
    const auto pressed = pen.keys({back, clear}, 150);
    if (pressed == 1U) {
        const PlateCleared said{false, reason, job.has_value() && bad->requeue, Origin::screen};
        if (send(pen.frame(), {of.printer.id, said}, note, "Plate clear: " + of.printer.name)) bad.reset();
    } else if (pressed == 0U) {
        bad.reset();
    }
}

}  // namespace

void fill_plate(Pen& pen, const std::string& id, const PlateOf& of, std::optional<BadPrint>& bad,
                std::string& note) {
    const Theme& theme = pen.frame().widgets.theme();
    const PlateRecord& plate = of.desk.plate;
    pen.say(plate_state_text(plate, pen.frame().input.wall_now),
            plate.state == PlateState::clear ? theme.text_muted : theme.text_color);
    if (plate.job && find_job(&of.queue, *plate.job) != nullptr && plate.state != PlateState::clear)
        pen.say("It was one of ours.", theme.text_muted);
    if (!of.desk.flagged.empty()) {
        pen.say("Gets no jobs: " + of.desk.flagged, theme.paused);
        Key unflag{id + "/unflag", "Give it jobs again", icon::check};
        if (pen.keys({unflag}, 200))
            send(pen.frame(), {of.printer.id, UnflagPrinter{}}, note, "It gets jobs again.");
    }
    if (bad && bad->printer == of.printer.id) {
        fill_bad(pen, id, of, bad, note);
        return;
    }
    if (plate.state == PlateState::clear) return;
    const std::string why =
        asks_for_plate(of.printer, of.desk) ? "" : "It prints: look again when it is done.";
    Key good{id + "/clear_good", "Hold: clear, good", icon::check, why};
    good.primary = true;
    good.hold = hold_for_one;
    good.subject = subject_of(of);
    const Key wrong{id + "/bad", "Clear, but bad …", icon::alert, why};
    const auto pressed = pen.keys({good, wrong}, 168);
    if (pressed == 0U)
        send(pen.frame(), {of.printer.id, PlateCleared{true, {}, false, Origin::screen}}, note,
             "Plate clear: " + of.printer.name);
    if (pressed == 1U) bad = BadPrint{of.printer.id, {}, {}, false};
}

std::vector<std::size_t> plates_to_clear(const FleetState& fleet) {
    std::vector<std::size_t> found;
    if (fleet.queue == nullptr) return found;
    for (std::size_t i = 0; i < fleet.printers.size(); ++i) {
        const PrinterDesk& desk = desk_of(fleet.queue.get(), i);
        if (asks_for_plate(*fleet.printers[i], desk) || !desk.flagged.empty()) found.push_back(i);
    }
    return found;
}

Vec2 plate_picture_size(float scale) { return {picture_width * scale, picture_height * scale}; }

namespace {

void draw_picture(const Frame& frame, const Rect& box, const camera::SharedFrame& picture, bool doubtful,
                  std::string_view caption) {
    const Canvas canvas = frame.widgets.canvas();
    const Theme& theme = canvas.theme();
    const TextStyle small{Weight::regular, canvas.px(theme.text_small), theme.text_muted};
    if (picture) {
        canvas.picture(box, picture, doubtful, {}, theme.picture_ground);
    } else {
        canvas.cover(box, theme.picture_ground);
        canvas.text_in(box, {Weight::icon, canvas.px(30), theme.text_faint}, icon::video_off, Align::center);
    }
    canvas.text_within({box.x, box.bottom() + canvas.px(3)}, box.width, small, caption);
}

// The last picture of the print and what the camera sees now.
float draw_pictures(const Frame& frame, const Rect& box, const PrinterId& id, const CachedPicture& now) {
    const Vec2 size = plate_picture_size(frame.input.scale);
    const float gap = frame.widgets.px(12);
    const JobsSetup* const setup = frame.input.jobs;
    const camera::SharedFrame last = setup != nullptr && setup->last_frame ? setup->last_frame(id) : nullptr;
    float x = box.x;
    if (last) {
        draw_picture(frame, {x, box.y, size.x, size.y}, last, false, "End of the print");
        x += size.x + gap;
    }
    const Rect live{x, box.y, std::min(size.x, box.right() - x), size.y};
    const bool shown = now.view.shown && now.frame;
    draw_picture(frame, live, shown ? now.frame : nullptr, now.view.doubtful,
                 now.view.mark.empty() ? "No picture" : "Now: " + now.view.mark);
    return size.y + frame.widgets.px(26);
}

struct PlacedCard {
    std::size_t index = 0;
    Rect box;
};

PlateOf plate_of_printer(const Frame& frame, std::size_t index) {
    const FleetState& fleet = *frame.input.fleet;
    return {*fleet.printers[index], desk_of(fleet.queue.get(), index), *fleet.queue};
}

float content_height(const Frame& frame, std::size_t index, float width, PlatesState& state) {
    Pen measured{frame, {0, 0, width, 0}, false};
    measured.heading("x");
    measured.room(plate_picture_size(frame.input.scale).y + frame.widgets.px(18));
    fill_plate(measured, "", plate_of_printer(frame, index), state.bad, state.note);
    return measured.height();
}

void draw_card(const Frame& frame, const Rect& box, std::size_t index, const CachedPicture& picture,
               PlatesState& state) {
    const PrinterState& printer = *frame.input.fleet->printers[index];
    const Rect inner = ground_card(frame, box);
    Pen pen{frame, inner, true};
    pen.heading(printer.name);
    const Rect pictures = pen.room(plate_picture_size(frame.input.scale).y + frame.widgets.px(18));
    draw_pictures(frame, pictures, printer.id, picture);
    fill_plate(pen, "plates/" + printer.id.value, plate_of_printer(frame, index), state.bad, state.note);
}

// Those of which a person may say at once that they are clear; others need a look at why.
std::vector<std::size_t> clearable(const FleetState& fleet) {
    auto list = plates_to_clear(fleet);
    std::erase_if(list, [&](std::size_t i) {
        const PrinterDesk& desk = desk_of(fleet.queue.get(), i);
        return !desk.flagged.empty() || !asks_for_plate(*fleet.printers[i], desk);
    });
    return list;
}

void draw_all_clear(const Frame& frame, const Rect& box, PlatesState& state) {
    const FleetState& fleet = *frame.input.fleet;
    const auto list = clearable(fleet);
    const Rect inner = ground_card(frame, box, "ALL PLATES ARE CLEAR");
    scrolled(frame, "plates/list", inner, [&](Vec2 top) {
        Pen pen{frame, {inner.x, top.y, inner.width, 0}, true};
        pen.heading(fmt::format("You looked at {} plate{}, and every print was good?", list.size(),
                                list.size() == 1 ? "" : "s"));
        std::string subject;
        for (const std::size_t i : list) {
            const PrinterDesk& desk = desk_of(fleet.queue.get(), i);
            pen.say(fleet.printers[i]->name + ": " + plate_state_text(desk.plate, frame.input.wall_now),
                    frame.widgets.theme().text_color, 1);
            subject += subject_of(plate_of_printer(frame, i)) + '\n';
        }
        pen.gap(8);
        Key back{"plates/back", "Back", icon::arrow_left};
        Key all{"plates/all_clear", fmt::format("Hold: all {} are clear", list.size()), icon::check};
        all.primary = true;
        all.hold = hold_for_all;
        all.subject = subject;
        if (list.empty()) all.why = "No plate waits.";
        const auto pressed = pen.keys({back, all}, 220);
        if (pressed == 1U) {
            std::size_t sent = 0;
            for (const std::size_t i : list) {
                const Intent said{fleet.printers[i]->id, PlateCleared{true, {}, false, Origin::screen}};
                if (!send(frame, said, state.note)) break;
                ++sent;
            }
            if (sent == list.size()) {
                state.note = fmt::format("{} plates are clear.", sent);
                state.all = false;
            }
        }
        if (pressed == 0U) state.all = false;
        pen.say(state.note, frame.widgets.theme().failed);
        return pen.y();
    });
}

void draw_nothing(const Frame& frame, const Rect& box, const PlatesState& state) {
    const Rect inner = ground_card(frame, {box.x, box.y, box.width, frame.widgets.px(110)}, "PLATES");
    Pen pen{frame, inner, true};
    pen.say("No plate waits to be cleared.", frame.widgets.theme().text_color);
    pen.say(state.note, frame.widgets.theme().text_muted);
}

}  // namespace

void draw_plates(const Frame& frame, const Rect& box, const std::vector<CachedPicture>& pictures,
                 PlatesState& state) {
    static const CachedPicture none;
    const auto list = plates_to_clear(*frame.input.fleet);
    if (list.empty()) {
        state.all = false;
        draw_nothing(frame, box, state);
        return;
    }
    if (state.all) {
        draw_all_clear(frame, box, state);
        return;
    }
    const Widgets& widgets = frame.widgets;
    const float gap = widgets.px(widgets.theme().gap);
    const float bar = widgets.px(widgets.theme().button_height);
    const auto ready = clearable(*frame.input.fleet).size();
    Widgets::ButtonLook look{"All plates are clear …", icon::check};
    look.enabled = ready > 0;
    if (widgets.button("plates/all", {box.x, box.y, widgets.px(260), bar}, look)) state.all = true;
    widgets.canvas().text_in({box.x + widgets.px(276), box.y, box.width - widgets.px(276), bar},
                             {Weight::regular, widgets.px(widgets.theme().text), widgets.theme().text_muted},
                             state.note.empty() ? fmt::format("{} wait for a look", list.size()) : state.note,
                             Align::left);
    const Rect grid{box.x, box.y + bar + gap, box.width, box.bottom() - box.y - bar - gap};
    const auto columns = std::max(1.0F, std::floor((grid.width + gap) / (widgets.px(card_width) + gap)));
    const float width = std::floor((grid.width + gap) / columns - gap);
    const float padding = widgets.px(widgets.theme().card_padding) * 0.75F;
    scrolled(frame, "plates/cards", grid, [&](Vec2 top) {
        float y = top.y;
        for (std::size_t first = 0; first < list.size(); first += static_cast<std::size_t>(columns)) {
            const std::size_t end = std::min(list.size(), first + static_cast<std::size_t>(columns));
            float height = 0;
            for (std::size_t i = first; i < end; ++i)
                height = std::max(height, content_height(frame, list[i], width - 2 * padding, state));
            height += 2 * padding;
            float x = grid.x;
            for (std::size_t i = first; i < end; ++i, x += width + gap) {
                const std::size_t index = list[i];
                draw_card(frame, {x, y, width, height}, index,
                          index < pictures.size() ? pictures[index] : none, state);
            }
            y += height + gap;
        }
        return y;
    });
}

}  // namespace farmwall::ui
