#include "ui/add_panel.hpp"

#include <fmt/format.h>

#include <algorithm>

#include "ui/file_chooser.hpp"
#include "ui/icons.hpp"
#include "ui/job_row.hpp"
#include "ui/pen.hpp"

namespace farmwall::ui {
namespace {

constexpr float two_parts_from = 1000;  // pixels at 96 dpi
constexpr int priority_step = 10;

std::uint64_t new_ticket(const Frame& frame, AddState& state) {
    const auto now =
        std::chrono::duration_cast<std::chrono::microseconds>(frame.input.wall_now.time_since_epoch());
    state.last_ticket = std::max(static_cast<std::uint64_t>(now.count()), state.last_ticket + 1);
    return state.last_ticket;
}

void send_file(const Frame& frame, AddPanel& panel) {
    AddJob wish;
    wish.ticket = panel.ticket;
    wish.source = utf8_of(panel.source);
    wish.file_name = panel.file_name;
    wish.request.hold = true;
    panel.sent = send(frame, {PrinterId{}, std::move(wish)}, panel.note);
}

void begin(const Frame& frame, AddState& state) {
    AddPanel& panel = state.panel.emplace();
    panel.source = std::move(state.waiting.front());
    state.waiting.pop_front();
    panel.file_name = utf8_of(panel.source.filename());
    panel.ticket = new_ticket(frame, state);
    if (job_file_kind(panel.file_name) == JobFileKind::unknown) {
        panel.error =
            "This kind of file cannot be printed: accepted are .gcode.3mf, .gcode, .3mf, .stl and .obj.";
        return;
    }
    send_file(frame, panel);
}

void look_for_answer(const QueueState& queue, AddPanel& panel) {
    if (!panel.sent || !panel.job.empty() || !panel.error.empty()) return;
    for (const AddAnswer& answer : queue.answers) {
        if (answer.ticket != panel.ticket) continue;
        if (answer.jobs.empty()) {
            panel.error = answer.error.empty() ? "The queue did not take the file." : answer.error;
        } else {
            panel.job = answer.jobs.front();
            panel.note = answer.error;
        }
    }
}

// True when the panel has said everything.
bool flush(const Frame& frame, AddPanel& panel) {
    while (!panel.outbox.empty()) {
        if (!send(frame, panel.outbox.front(), panel.note)) return false;
        panel.outbox.pop_front();
    }
    return true;
}

void fill_plates(Pen& pen, const Job& job, AddPanel& panel, Thumbnails& thumbnails) {
    const Theme& theme = pen.frame().widgets.theme();
    pen.caption(job.sliced->plates.size() == 1 ? "PLATE" : "WHICH PLATE");
    for (const SlicedPlate& plate : job.sliced->plates) {
        const Rect row = pen.room(pen.px(76));
        Job of_plate = job;
        of_plate.plate = plate.index;
        const Hit hit = pen.frame().widgets.hit(fmt::format("add/plate/{}", plate.index), row);
        if (hit.pressed) panel.plate = plate.index;
        const Canvas canvas = pen.canvas();
        const bool chosen = panel.plate == plate.index;
        canvas.fill(row,
                    with_alpha(chosen ? theme.accent : theme.text_color, chosen        ? 0.16F
                                                                         : hit.hovered ? 0.07F
                                                                                       : 0.03F),
                    canvas.px(8));
        if (chosen) canvas.outline(row, theme.accent, canvas.px(8), canvas.px(1.5F));
        if (hit.focused) canvas.outline(row, theme.focus, canvas.px(8), canvas.px(2));
        const float side = row.height - canvas.px(10);
        draw_thumbnail(pen.frame(), {row.x + canvas.px(5), row.y + canvas.px(5), side, side}, job,
                       plate.index, thumbnails);
        float x = row.x + side + canvas.px(18);
        const std::string words = plate_text(of_plate);
        canvas.text_within({x, row.y + canvas.px(12)}, row.right() - x,
                           {Weight::medium, canvas.px(theme.text), theme.text_color},
                           words.empty() ? fmt::format("plate {}", plate.index) : words);
        for (const SlicedFilament& filament : plate.filaments) {
            draw_swatch(canvas, {x, row.y + canvas.px(44), canvas.px(18), canvas.px(18)}, filament.color);
            x += canvas.px(24);
        }
        canvas.text_within({x + canvas.px(4), row.y + canvas.px(45)}, row.right() - x - canvas.px(8),
                           {Weight::regular, canvas.px(theme.text_small), theme.text_muted},
                           filament_text(plate));
    }
}

std::vector<std::string> all_tags(const QueueState& queue) {
    std::vector<std::string> tags;
    for (const PrinterPlace& place : queue.places)
        tags.insert(tags.end(), place.tags.begin(), place.tags.end());
    std::sort(tags.begin(), tags.end());
    tags.erase(std::unique(tags.begin(), tags.end()), tags.end());
    return tags;
}

void fill_target(Pen& pen, AddPanel& panel) {
    const FleetState& fleet = *pen.frame().input.fleet;
    pen.caption("ON WHICH PRINTER");
    std::vector<Key> keys;
    const auto add = [&](const std::string& id, const std::string& label, bool chosen) {
        keys.push_back({id, label});
        keys.back().chosen = chosen;
    };
    const auto tags = all_tags(*fleet.queue);
    add("add/target/any", "Any that fits", panel.target == AddPanel::Target::any);
    for (const std::string& tag : tags)
        add("add/tag/" + tag, "Any with " + tag, panel.target == AddPanel::Target::tag && panel.tag == tag);
    for (const auto& printer : fleet.printers)
        add("add/printer/" + printer->id.value, printer->name,
            panel.target == AddPanel::Target::printer && panel.printer == printer->id);
    const auto pressed = pen.keys(keys, 116);
    if (!pressed) return;
    if (*pressed == 0) {
        panel.target = AddPanel::Target::any;
    } else if (*pressed <= tags.size()) {
        panel.target = AddPanel::Target::tag;
        panel.tag = tags[*pressed - 1];
    } else {
        panel.target = AddPanel::Target::printer;
        panel.printer = fleet.printers[*pressed - 1 - tags.size()]->id;
    }
}

void fill_numbers(Pen& pen, AddPanel& panel) {
    if (panel.hold) panel.copies = 1;
    panel.copies += pen.stepper("add/copies", "Copies", fmt::format("{}", panel.copies), panel.copies > 1,
                                panel.copies < most_copies && !panel.hold);
    panel.priority +=
        priority_step * pen.stepper("add/priority", "Priority",
                                    panel.priority == 0 ? "normal" : fmt::format("{:+}", panel.priority),
                                    panel.priority > -highest_priority, panel.priority < highest_priority);
    Key hold{"add/hold", "Hold it back for now", panel.hold ? icon::box_checked : icon::box_empty};
    hold.chosen = panel.hold;
    if (pen.keys({hold}, 240)) panel.hold = !panel.hold;
    if (panel.hold)
        pen.say("It waits until a person releases it; copies are made then.",
                pen.frame().widgets.theme().text_muted);
}

// True when the panel is done with.
bool fill_decision(Pen& pen, const Job& job, AddPanel& panel, std::string& note) {
    const bool under_way = !panel.outbox.empty();
    Key discard{"add/discard", "Discard", icon::close,
                under_way ? "Part of it is in the queue already." : ""};
    Key enqueue{"add/enqueue",
                under_way    ? "Send the rest"
                : panel.hold ? "Keep it, held"
                             : fmt::format("Enqueue {}",
                                           panel.copies == 1 ? "it" : fmt::format("{} times", panel.copies)),
                icon::check};
    enqueue.primary = true;
    if (job.sliced == nullptr && !panel.hold)
        enqueue.why = "It is not sliced yet: hold it back, or wait until it is.";
    else if (job.sliced != nullptr && find_plate(*job.sliced, panel.plate) == nullptr)
        enqueue.why = "Choose a plate.";
    const auto pressed = pen.keys({discard, enqueue}, 170);
    pen.say(panel.note, pen.frame().widgets.theme().failed);
    if (pressed == 0U) {
        const Intent wish{PrinterId{}, OrderJob{panel.job, JobOrder::remove, Origin::screen}};
        if (!send(pen.frame(), wish, panel.note)) return false;
        note = "Discarded: " + panel.file_name;
        return true;
    }
    if (pressed != 1U) return false;
    if (!under_way) panel.outbox = enqueue_intents(panel);
    if (!flush(pen.frame(), panel)) return false;
    note = (panel.hold ? "Held back: " : "In the queue: ") + panel.file_name;
    return true;
}

// True when the panel is done with.
bool fill_known(const Frame& frame, const Rect& inner, const Job& job, AddState& state,
                Thumbnails& thumbnails, std::string& note) {
    AddPanel& panel = *state.panel;
    const Theme& theme = frame.widgets.theme();
    const bool wide = inner.width >= frame.widgets.px(two_parts_from);
    const float gap = frame.widgets.px(28);
    const float left = wide ? (inner.width - gap) * 0.44F : inner.width;
    const Job wanted = with_choices(job, panel);
    refresh_matrix(frame, wanted, matrix_subject(wanted), panel.matrix);
    bool done = false;
    scrolled(frame, "add/options", {inner.x, inner.y, left, inner.height}, [&](Vec2 top) {
        Pen pen{frame, {inner.x, top.y, left, 0}, true};
        pen.heading(panel.file_name);
        if (!state.waiting.empty())
            pen.say(fmt::format("{} more wait to be looked at.", state.waiting.size()), theme.text_muted);
        pen.say(job.error, theme.paused);
        done = fill_decision(pen, job, panel, note);
        if (job.sliced != nullptr) fill_plates(pen, job, panel, thumbnails);
        fill_numbers(pen, panel);
        fill_target(pen, panel);
        if (!wide) fill_matrix(pen, "add/matrix", panel.matrix);
        return pen.y();
    });
    if (!wide) return done;
    const Rect right{inner.x + left + gap, inner.y, inner.width - left - gap, inner.height};
    scrolled(frame, "add/checks", right, [&](Vec2 top) {
        Pen pen{frame, {right.x, top.y, right.width, 0}, true};
        fill_matrix(pen, "add/matrix", panel.matrix);
        return pen.y();
    });
    return done;
}

// Nothing is known of the file yet, or it was refused. True when the panel is done with.
bool fill_unknown(const Frame& frame, const Rect& inner, AddState& state) {
    AddPanel& panel = *state.panel;
    const Theme& theme = frame.widgets.theme();
    Pen pen{frame, inner, true};
    pen.heading(panel.file_name);
    if (!panel.job.empty() && panel.error.empty()) panel.error = "The job is not in the queue any more.";
    const bool over = !panel.error.empty() || !panel.sent;
    pen.say(panel.error.empty() ? panel.note : panel.error, theme.failed, 4);
    if (!over) {
        pen.say("The file is copied and looked at …", theme.text_color);
        pen.say("Whoever closes this finds it in the queue, held back.", theme.text_muted);
    }
    std::vector<Key> keys{{"add/close", "Close", icon::close}};
    const bool again = !panel.sent && panel.error.empty();
    if (again) keys.push_back({"add/again", "Try again", icon::refresh});
    const auto pressed = pen.keys(keys, 150);
    if (pressed == 1U) send_file(frame, panel);
    return pressed == 0U;
}

}  // namespace

std::deque<Intent> enqueue_intents(const AddPanel& panel) {
    std::deque<Intent> list;
    EditJob edit{panel.job, std::nullopt, std::nullopt, std::nullopt, std::nullopt};
    if (panel.priority != 0) edit.priority = panel.priority;
    if (panel.plate != 1) edit.plate = panel.plate;
    if (panel.target == AddPanel::Target::printer) edit.printer = panel.printer;
    if (panel.target == AddPanel::Target::tag) {
        edit.printer = PrinterId{};
        edit.tag = panel.tag;
    }
    if (edit.priority || edit.plate || edit.printer || edit.tag) list.push_back({PrinterId{}, edit});
    for (int i = 1; i < panel.copies; ++i)
        list.push_back({PrinterId{}, OrderJob{panel.job, JobOrder::again, Origin::screen}});
    if (!panel.hold) list.push_back({PrinterId{}, OrderJob{panel.job, JobOrder::release, Origin::screen}});
    return list;
}

Job with_choices(const Job& job, const AddPanel& panel) {
    Job wanted = job;
    wanted.plate = panel.plate;
    wanted.priority = panel.priority;
    wanted.printer.reset();
    wanted.tag.clear();
    if (panel.target == AddPanel::Target::printer) wanted.printer = panel.printer;
    if (panel.target == AddPanel::Target::tag) wanted.tag = panel.tag;
    wanted.auto_assign = !wanted.printer.has_value();
    return wanted;
}

bool add_moves(const AddState& state) {
    return state.browsing && state.files != nullptr && state.files->loading();
}

bool draw_add(const Frame& frame, const Rect& box, AddState& state, Thumbnails& thumbnails,
              std::string& note) {
    const QueueState& queue = *frame.input.fleet->queue;
    if (!state.panel && !state.waiting.empty()) {
        state.browsing = false;
        begin(frame, state);
    }
    if (!state.panel) {
        if (!state.browsing) return false;
        draw_file_chooser(frame, box, state);
        return true;
    }
    AddPanel& panel = *state.panel;
    look_for_answer(queue, panel);
    const JobView* const view = find_job(&queue, panel.job);
    if (view != nullptr && view->job->phase != JobPhase::held && view->job->phase != JobPhase::slicing &&
        panel.outbox.empty()) {
        note = "Somebody else went on with " + panel.file_name + ".";
        state.panel.reset();
        return false;
    }
    const Rect inner = ground_card(frame, box, "ADD A JOB");
    const bool done = view != nullptr ? fill_known(frame, inner, *view->job, state, thumbnails, note)
                                      : fill_unknown(frame, inner, state);
    if (done) state.panel.reset();
    return true;
}

}  // namespace farmwall::ui
