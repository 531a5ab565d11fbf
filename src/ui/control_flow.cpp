#include "ui/control_flow.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>

#include "ui/icons.hpp"

namespace farmwall::ui {
namespace {

using namespace std::chrono_literals;

// Pixels at 96 dpi.
constexpr float between_dials = 14;

// Presses of − and + become one command when no further one comes for so long …
constexpr Duration gather_for = 700ms;
// … and none at all when nobody looked meanwhile.
constexpr Duration too_late = 2s;
// The dispatcher tells of a command sooner.
constexpr Duration untold_for = 2s;

}  // namespace

void ControlFlow::emit(const Action& action) {
    PrinterPageState& state = page_->state;
    const bool taken = page_->frame.emit &&
                       page_->frame.emit(Intent{page_->printer.id, screen_command(action, page_->printer)});
    state.command_note =
        taken ? std::string{}
              : describe(action) + " was not sent: too many requests wait already. Try again in a moment.";
}

void ControlFlow::press_at(const Rect& box, const Press& press) {
    const Standing now = standing(press.action, page_->printer, page_->control, page_->frame.input.now);
    const bool told = now.beside != nullptr && (!press.exact || now.beside->action == press.action);
    Standing noted = now;
    if (!told) noted.beside = nullptr;
    notes_.add(press.noted.empty() ? press.label : press.noted, noted);
    if (!draws()) return;
    Widgets::ButtonLook look{press.label, press.icon, now.enabled(), false, press.danger};
    const std::string below = told ? std::string{phase_word(now.beside->phase)} : press.state;
    look.below = below;
    look.chosen = press.chosen;
    if (press.hold > Duration{0}) {
        const JobIdentity job = job_identity(page_->printer.report);
        const Gestures::Hold hold{press.hold,
                                  page_->printer.id.value + '\n' + job.subtask_id + '\n' + job.name,
                                  page_->frame.input.now};
        if (page_->frame.gestures.hold(page_->frame.widgets, press.id, box, look, hold)) emit(press.action);
    } else if (page_->frame.widgets.button(press.id, box, look)) {
        emit(press.action);
    }
}

void ControlFlow::presses(const std::vector<Press>& list, float least_width) {
    boxes(list.size(), least_width, [&](std::size_t i, const Rect& box) { press_at(box, list[i]); });
}

std::optional<std::size_t> ControlFlow::choice(const std::string& id, std::string_view label,
                                               const std::vector<std::string>& labels, std::size_t current) {
    const Theme& theme = page_->frame.widgets.theme();
    const float space = px(between);
    const Rect row = room(px(theme.button_height));
    if (!draws()) return std::nullopt;
    const float head = label.empty() ? 0 : px(64);
    canvas().text_in({row.x, row.y, head, row.height}, {Weight::regular, px(theme.text), theme.text_muted},
                     label, Align::left);
    const float width = (row.width - head + space) / static_cast<float>(labels.size()) - space;
    std::optional<std::size_t> pressed;
    for (std::size_t i = 0; i < labels.size(); ++i) {
        Widgets::ButtonLook look{labels[i]};
        look.chosen = i == current;
        const Rect box{row.x + head + static_cast<float>(i) * (width + space), row.y, width, row.height};
        if (page_->frame.widgets.button(id + "/" + labels[i], box, look)) pressed = i;
    }
    return pressed;
}

void ControlFlow::caption(std::string_view text) {
    const Theme& theme = page_->frame.widgets.theme();
    const Rect line = room(px(20));
    if (draws())
        canvas().text({line.x, line.y}, {Weight::medium, px(theme.text_small), theme.text_muted}, text);
}

void ControlFlow::say(std::string_view text, Color color) {
    constexpr int most_lines = 4;
    Pen::say(text, color, most_lines);
}

void ControlFlow::notes() {
    const Theme& theme = page_->frame.widgets.theme();
    for (const std::string& line : notes_.lines()) {
        if (std::find(said_.begin(), said_.end(), line) != said_.end()) continue;
        said_.push_back(line);
        say(line, theme.text_muted);
        gap(-between / 2);
    }
    gap(between / 2);
    notes_ = {};
}

void ControlFlow::emit_value(const Dial& dial, int value) {
    emit(dial.action(value));
    page_->state.steps.reset();
    if (page_->state.command_note.empty()) page_->state.sent[dial.id] = {value, page_->frame.input.now};
}

// Gathered, then sent, then told of, then reported.
ControlFlow::Shown ControlFlow::shown(const Dial& dial, const Standing& now) {
    PrinterPageState& state = page_->state;
    const TimePoint time = page_->frame.input.now;
    const auto text = [&](int value, std::string_view phase) {
        const std::string to = value == 0 ? "→ off" : fmt::format("→ {} {}", value, dial.unit);
        return phase.empty() ? to : fmt::format("{}, {}", to, phase);
    };
    if (state.steps && state.steps->id == dial.id) return {state.steps->value, text(state.steps->value, {})};
    const auto sent = state.sent.find(dial.id);
    if (sent != state.sent.end()) {
        const bool told = now.beside != nullptr && now.beside->asked_at >= sent->second.since;
        if (!told && time - sent->second.since < untold_for)
            return {sent->second.value, text(sent->second.value, {})};
        state.sent.erase(sent);
    }
    if (now.beside == nullptr) return {dial.reported, {}};
    const int asked = number_of(now.beside->action).value_or(dial.reported);
    return {now.under_way ? asked : dial.reported, text(asked, phase_word(now.beside->phase))};
}

void ControlFlow::step(const Dial& dial, int from, int by) {
    int value = std::clamp(from + by, 0, dial.most);
    if (value < dial.least_above_zero) value = by > 0 ? dial.least_above_zero : 0;
    page_->state.steps = GatheredSteps{dial.id, value, page_->frame.input.now + gather_for};
}

void ControlFlow::send_due_steps(const Dial& dial, const Standing& now) {
    const auto& steps = page_->state.steps;
    const TimePoint time = page_->frame.input.now;
    if (!steps || steps->id != dial.id || time < steps->due) return;
    const int value = steps->value;
    if (now.enabled() && time - steps->due < too_late) {
        emit_value(dial, value);
    } else {
        page_->state.steps.reset();
    }
}

void ControlFlow::dial_head(const Dial& dial, const Rect& line, const std::string& wanted) {
    const Theme& theme = page_->frame.widgets.theme();
    const TextStyle label{Weight::medium, px(theme.text), theme.text_color};
    const TextStyle muted{Weight::regular, px(theme.text), theme.text_muted};
    const TextStyle accent{Weight::medium, px(theme.text), theme.accent};
    float x = line.x + canvas().text_in(line, label, dial.label, Align::left) + px(12);
    const float right = canvas().text_in(line, muted, dial.now, Align::right) + px(12);
    canvas().text_in({x, line.y, line.right() - right - x, line.height}, accent, wanted, Align::left);
}

void ControlFlow::dial_slider(const Dial& dial, const Rect& row, const Standing& now, Shown& shown) {
    const Frame& frame = page_->frame;
    const float side = row.height;
    const auto key = [&](const char* which, std::string_view sign, float x, int by) {
        const Widgets::ButtonLook look{"", sign, now.enabled()};
        if (frame.widgets.button(dial.id + which, {x, row.y, side, side}, look)) step(dial, shown.value, by);
    };
    key("/less", icon::minus, row.x, -dial.press_step);
    key("/more", icon::plus, row.right() - side, dial.press_step);
    const Rect way{row.x + side + px(14), row.y, row.width - 2 * (side + px(14)), side};
    const Gestures::Slider slider{dial.most,    dial.least_above_zero, dial.slide_step,
                                  shown.value,  dial.reported,         dial.color,
                                  now.enabled()};
    const Gestures::Slid slid = frame.gestures.slide(frame.widgets, dial.id + "/slider", way, slider);
    if (slid.released && slid.value != dial.reported) emit_value(dial, slid.value);
    if (!slid.dragged) return;
    page_->state.steps.reset();
    shown = {slid.value,
             slid.value == 0 ? std::string{"→ off"} : fmt::format("→ {} {}", slid.value, dial.unit)};
}

void ControlFlow::dial_presets(const Dial& dial, const Rect& row, const Standing& now) {
    const float space = px(between);
    const auto count = static_cast<float>(dial.presets.size());
    const float width = (row.width + space) / count - space;
    for (std::size_t i = 0; i < dial.presets.size(); ++i) {
        const int value = dial.presets[i];
        const std::string label = value == 0 ? "Off" : fmt::format("{}", value);
        Widgets::ButtonLook look{label, {}, now.enabled()};
        look.chosen = value == dial.reported;
        const Rect box{row.x + static_cast<float>(i) * (width + space), row.y, width, row.height};
        if (page_->frame.widgets.button(fmt::format("{}/preset/{}", dial.id, value), box, look))
            emit_value(dial, value);
    }
}

void ControlFlow::dial(const Dial& dial) {
    const Standing now = standing(dial.action(0), page_->printer, page_->control, page_->frame.input.now);
    notes_.add(dial.label, now);
    const Rect head = room(px(22));
    const float height = px(page_->frame.widgets.theme().button_height);
    const Rect row = room(height);
    const Rect presets = dial.presets.empty() ? Rect{} : room(height);
    gap(between_dials - between);
    if (!draws()) return;
    send_due_steps(dial, now);
    Shown value = shown(dial, now);
    dial_slider(dial, row, now, value);
    if (!dial.presets.empty()) dial_presets(dial, presets, now);
    dial_head(dial, head, value.wanted);
}

void draw_controls(const PageContext& page, Column& column, std::string_view title,
                   const std::function<void(ControlFlow&)>& fill) {
    ControlFlow measured{page, {0, 0, column.inner_width(), 0}, false};
    fill(measured);
    const Rect box = column.card(title, measured.height());
    ControlFlow drawn{page, box, true};
    fill(drawn);
}

}  // namespace farmwall::ui
