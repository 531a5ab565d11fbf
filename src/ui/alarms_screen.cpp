#include <fmt/format.h>

#include <algorithm>
#include <cmath>

#include "ui/compat.hpp"
#include "ui/events_list.hpp"
#include "ui/flow.hpp"
#include "ui/icons.hpp"
#include "ui/text_format.hpp"
#include "ui/touch_scroll.hpp"

namespace farmwall::ui {
namespace {

// Pixels at 96 dpi.
constexpr float between = 10;
constexpr float output_indent = 22;
constexpr float test_width = 84;
constexpr float row_height = 66;

const std::vector<Alarm>& standing_alarms(const Frame& frame) {
    static const std::vector<Alarm> none;
    return frame.input.fleet->alarms ? *frame.input.fleet->alarms : none;
}

void send(const Frame& frame, AlarmsState& state, Intent intent, std::string_view done) {
    const bool taken = frame.emit && frame.emit(std::move(intent));
    state.note = taken ? std::string{done} : "Too many requests wait already; try again in a moment.";
}

Color tone_of(const Theme& theme, const Alarm& alarm, TimePoint now) {
    if (is_ringing(alarm, now)) return theme.failed;
    return alarm.acknowledged ? theme.text_muted : theme.paused;
}

// The buttons at the right of an alarm; returns their left edge.
float draw_answers(const Frame& frame, const Rect& row, const Alarm& alarm, AlarmsState& state) {
    const Widgets& widgets = frame.widgets;
    const float height = widgets.px(widgets.theme().button_height);
    const float space = widgets.px(between);
    const float y = row.center().y - height / 2;
    const std::string id = fmt::format("alarm/{}/{}", alarm.key.printer.value, name(alarm.key.kind));
    Widgets::ButtonLook yes{"Acknowledge", icon::check};
    yes.enabled = !alarm.acknowledged;
    yes.primary = true;
    const float wide = widgets.px(158);
    float x = row.right() - wide;
    if (widgets.button(id + "/acknowledge", {x, y, wide, height}, yes)) {
        send(frame, state, {alarm.key.printer, AcknowledgeAlarm{alarm.key.kind, Origin::screen}},
             "Acknowledged: " + alarm.printer_name);
    }
    if (!rings(alarm.key.kind)) return x - space;
    Widgets::ButtonLook later{"10 min", icon::bell_sleep};
    later.enabled = is_ringing(alarm, frame.input.now);
    const float narrow = widgets.px(118);
    x -= narrow + space;
    if (widgets.button(id + "/snooze", {x, y, narrow, height}, later)) {
        send(frame, state,
             {alarm.key.printer, SnoozeAlarm{alarm.key.kind, std::chrono::minutes{10}, Origin::screen}},
             "Silent for 10 minutes: " + alarm.printer_name);
    }
    return x - space;
}

void draw_alarm(const Frame& frame, const Rect& row, const Alarm& alarm, AlarmsState& state) {
    const Canvas canvas = frame.widgets.canvas();
    const Theme& theme = canvas.theme();
    const Color tone = tone_of(theme, alarm, frame.input.now);
    const float radius = canvas.px(10);
    const Condition shape = rings(alarm.key.kind) ? Condition::failed : Condition::paused;
    draw_shape(canvas, shape, {row.x + radius, row.center().y}, radius, tone);
    const float right = draw_answers(frame, row, alarm, state);
    const float x = row.x + canvas.px(34);
    const TextStyle who{Weight::bold, canvas.px(theme.text), theme.text_color};
    const TextStyle text{Weight::medium, canvas.px(theme.text), tone};
    const TextStyle small{Weight::regular, canvas.px(theme.text_small), theme.text_muted};
    const float top = row.y + canvas.px(11);
    const float name_width =
        canvas.text_within({x, top}, canvas.px(150), who, alarm.printer_name) + canvas.px(12);
    canvas.text_within({x + name_width, top}, right - x - name_width, text, alarm.text);
    const std::string since =
        "since " + clock_text(alarm.since_wall) + ", " + alarm_text(alarm, frame.input.now);
    canvas.text_within({x, top + canvas.px(25)}, right - x, small, since);
    canvas.line({row.x, row.bottom() - 0.5F}, {row.right(), row.bottom() - 0.5F},
                with_alpha(theme.line, 0.6F), 1);
}

// Not acknowledged first, of those the longest waiting.
std::vector<const Alarm*> in_order(const std::vector<Alarm>& alarms) {
    std::vector<const Alarm*> order;
    for (const Alarm& alarm : alarms)
        order.push_back(&alarm);
    std::stable_sort(order.begin(), order.end(), [](const Alarm* a, const Alarm* b) {
        return a->acknowledged != b->acknowledged ? b->acknowledged : a->since < b->since;
    });
    return order;
}

void draw_standing(const Frame& frame, const Rect& box, AlarmsState& state) {
    const auto order = in_order(standing_alarms(frame));
    const float row = frame.widgets.px(row_height);
    ImGui::SetCursorScreenPos({box.x, box.y});
    ImGui::PushStyleColor(ImGuiCol_ScrollbarBg, 0);
    ImGui::BeginChild("alarms/standing", {box.width + frame.widgets.px(14), box.height}, false,
                      ImGuiWindowFlags_NoBackground);
    const ImVec2 top = ImGui::GetCursorScreenPos();
    const Canvas canvas = frame.widgets.canvas();
    const Theme& theme = canvas.theme();
    if (order.empty())
        canvas.text({box.x, top.y}, {Weight::regular, canvas.px(theme.text), theme.text_muted},
                    "No alarm stands");
    float y = top.y;
    for (const Alarm* alarm : order) {
        draw_alarm(frame, {box.x, y, box.width, row}, *alarm, state);
        y += row;
    }
    ImGui::SetCursorScreenPos(top);
    ImGui::Dummy({1, y - top.y});
    scroll_by_hand();
    ImGui::EndChild();
    ImGui::PopStyleColor();
}

// Of one output: its name and text, at least as high as its button.
float output_row_height(const Canvas& canvas, float width, const OutputHealth& output) {
    const TextStyle text{Weight::regular, canvas.px(canvas.theme().text_small), {}};
    const float words = canvas.px(23) + canvas.paragraph_height(width - canvas.px(output_indent + test_width),
                                                                2, text, output.text);
    return std::max(words, canvas.px(canvas.theme().button_height)) + canvas.px(12);
}

float outputs_height(const Frame& frame, float width) {
    const Canvas canvas = frame.widgets.canvas();
    float height = canvas.px(canvas.theme().button_height);
    for (const auto& output : frame.input.fleet->alarm_outputs)
        height += output_row_height(canvas, width, *output);
    if (frame.input.fleet->alarm_outputs.empty()) height += canvas.px(48);
    return height + canvas.px(14) + canvas.px(44);
}

// How alarms leave the program, whether that works, and a try.
void draw_outputs(const Frame& frame, const Rect& box, AlarmsState& state) {
    const Canvas canvas = frame.widgets.canvas();
    const Theme& theme = canvas.theme();
    const TextStyle strong{Weight::medium, canvas.px(theme.text), theme.text_color};
    const TextStyle text{Weight::regular, canvas.px(theme.text_small), theme.text_muted};
    float y = box.y;
    if (frame.input.fleet->alarm_outputs.empty()) {
        y += canvas.paragraph({box.x, y}, box.width, 2, text,
                              "No output is set up: alarms are shown here only.");
        y += canvas.px(12);
    }
    const float inner = box.width - canvas.px(output_indent + test_width);
    for (const auto& output : frame.input.fleet->alarm_outputs) {
        canvas.disc({box.x + canvas.px(6), y + canvas.px(9)}, canvas.px(5),
                    output->works ? theme.finished : theme.failed);
        const float x = box.x + canvas.px(output_indent);
        const std::string title = output->name + (output->works ? ": works" : ": does not work");
        canvas.text_within({x, y}, inner, strong, title);
        canvas.paragraph({x, y + canvas.px(23)}, inner, 2, text, output->text);
        const float wide = canvas.px(test_width - 12);
        const Rect try_it{box.right() - wide, y, wide, canvas.px(theme.button_height)};
        if (frame.widgets.button("alarms/test/" + output->name, try_it, Widgets::ButtonLook{"Test"}))
            send(frame, state, {PrinterId{}, TestAlarmOutputs{output->name}}, "A test goes out.");
        y += output_row_height(canvas, box.width, *output);
    }
    y += canvas.px(8);
    const Rect button{box.x, y, box.width, canvas.px(theme.button_height)};
    Widgets::ButtonLook look{"Test all outputs", icon::bell};
    if (frame.widgets.button("alarms/test", button, look))
        send(frame, state, {PrinterId{}, TestAlarmOutputs{}}, "A test goes out on every output.");
    canvas.paragraph({box.x, button.bottom() + canvas.px(10)}, box.width, 2, text, state.note);
}

std::string standing_title(const Frame& frame) {
    const auto& alarms = standing_alarms(frame);
    const auto ringing = std::count_if(
        alarms.begin(), alarms.end(), [&](const Alarm& alarm) { return is_ringing(alarm, frame.input.now); });
    if (alarms.empty()) return "STANDING ALARMS";
    return fmt::format("STANDING ALARMS ({}, {} RINGING)", alarms.size(), ringing);
}

// Around the content of a card with a title, from top to bottom.
float card_frame(const Widgets& widgets) {
    const Theme& theme = widgets.theme();
    return widgets.px(theme.text_small) + widgets.px(14) + 2 * widgets.px(theme.card_padding);
}

// Standing alarms as high as they need, up to a little more than half; the events below.
void draw_lists(const Frame& frame, Column& column, AlarmsState& state) {
    const Widgets& widgets = frame.widgets;
    const float room = frame.area.bottom() - column.bottom() - 2 * card_frame(widgets) -
                       widgets.px(widgets.theme().gap) - widgets.px(widgets.theme().margin);
    const auto count = static_cast<float>(std::max<std::size_t>(standing_alarms(frame).size(), 1));
    const float wished = widgets.px(row_height) * count;
    const float upper = std::max(widgets.px(28), std::min(wished, std::max(room * 0.55F, 1.0F)));
    draw_standing(frame, column.card(standing_title(frame), upper), state);
    draw_events_list(frame, column.card("EVENTS", std::max(room - upper, widgets.px(110))), state);
}

}  // namespace

void draw_alarms(const Frame& frame, AlarmsState& state) {
    const Widgets& widgets = frame.widgets;
    const Theme& theme = widgets.theme();
    widgets.canvas().cover(frame.area, theme.background);
    const float margin = widgets.px(theme.margin);
    const float width = frame.area.width - 2 * margin;
    const bool wide = frame.area.width >= widgets.px(1000);
    const float side = wide ? std::min(std::floor(width * 0.26F), widgets.px(380)) : width;
    const float gap = widgets.px(theme.gap);
    Column outputs{widgets, wide ? margin + width - side : margin, frame.area.y, side};
    const float inner = outputs.inner_width();
    draw_outputs(frame, outputs.card("OUTPUTS", outputs_height(frame, inner)), state);
    Column lists{widgets, margin, wide ? frame.area.y : outputs.bottom(), wide ? width - side - gap : width};
    draw_lists(frame, lists, state);
}

}  // namespace farmwall::ui
