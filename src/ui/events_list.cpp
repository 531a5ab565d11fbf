#include "ui/events_list.hpp"

#include <algorithm>
#include <cmath>

#include "ui/compat.hpp"
#include "ui/icons.hpp"
#include "ui/text_format.hpp"
#include "ui/touch_scroll.hpp"

namespace farmwall::ui {
namespace {

// Pixels at 96 dpi.
constexpr float between = 8;
constexpr float row_height = 28;

std::string_view printer_name(const FleetState& fleet, const PrinterId& id) {
    const PrinterState* printer = find_printer(fleet, id);
    return printer != nullptr ? std::string_view{printer->name} : std::string_view{id.value};
}

void draw_filters(const Frame& frame, const Rect& row, AlarmsState& state) {
    const Widgets& widgets = frame.widgets;
    const float space = widgets.px(between);
    const float width = std::min(widgets.px(112), (row.width + space) / 7 - space);
    float x = row.x;
    for (const EventGroup group :
         {EventGroup::all, EventGroup::prints, EventGroup::errors, EventGroup::links, EventGroup::commands}) {
        Widgets::ButtonLook look{name(group)};
        look.chosen = state.group == group;
        const std::string id = "events/group/" + std::to_string(static_cast<int>(group));
        if (widgets.button(id, {x, row.y, width, row.height}, look)) state.group = group;
        x += width + space;
    }
    const std::string who = state.printer.empty()
                                ? std::string{"Every printer"}
                                : std::string{printer_name(*frame.input.fleet, state.printer)};
    Widgets::ButtonLook look{who, state.choosing_printer ? icon::menu_up : icon::menu_down};
    look.chosen = !state.printer.empty();
    const float rest = std::min(widgets.px(220), row.right() - x);
    if (widgets.button("events/printer", {row.right() - rest, row.y, rest, row.height}, look))
        state.choosing_printer = !state.choosing_printer;
}

// Every name, to choose one.
void draw_names(const Frame& frame, const Rect& box, AlarmsState& state) {
    const Widgets& widgets = frame.widgets;
    const float space = widgets.px(between);
    const float height = widgets.px(widgets.theme().button_height);
    const auto columns = std::max<std::size_t>(1, static_cast<std::size_t>(box.width / widgets.px(136)));
    const float width = (box.width + space) / static_cast<float>(columns) - space;
    std::size_t at = 0;
    const ImVec2 top = ImGui::GetCursorScreenPos();
    const auto chip = [&](const PrinterId& id, std::string_view label) {
        const Rect place{box.x + static_cast<float>(at % columns) * (width + space),
                         top.y + static_cast<float>(at / columns) * (height + space), width, height};
        ++at;
        Widgets::ButtonLook look{label};
        look.chosen = state.printer == id;
        if (!widgets.button("events/printer/" + (id.empty() ? "every" : "of/" + id.value), place, look))
            return;
        state.printer = id;
        state.choosing_printer = false;
    };
    chip(PrinterId{}, "Every printer");
    for (const auto& printer : frame.input.fleet->printers)
        chip(printer->id, printer->name);
    const auto rows = (at + columns - 1) / columns;
    ImGui::SetCursorScreenPos(top);
    ImGui::Dummy({1, static_cast<float>(rows) * (height + space)});
}

void draw_rows(const Frame& frame, const Rect& box, const AlarmsState& state) {
    const Canvas canvas = frame.widgets.canvas();
    const Theme& theme = canvas.theme();
    const float row = std::floor(canvas.px(row_height));
    const TextStyle time{Weight::regular, canvas.px(15), theme.text_faint};
    const TextStyle who{Weight::medium, canvas.px(15), theme.text_color};
    const TextStyle text{Weight::regular, canvas.px(15), theme.text_muted};
    const ImVec2 top = ImGui::GetCursorScreenPos();
    const auto events = filtered_events(*frame.input.fleet, state.group, state.printer);
    if (events.empty()) {
        const bool any = !frame.input.fleet->events.empty();
        canvas.text({box.x, top.y}, text, any ? "Nothing of this kind" : "Nothing has happened yet");
    }
    float y = top.y;
    for (const Event* event : events) {
        const bool seen = y + row >= box.y && y <= box.bottom();
        if (seen) {
            float x = box.x;
            x += canvas.text({x, y}, time, clock_text(event->when, true)) + canvas.px(14);
            canvas.text_within({x, y}, canvas.px(108), who, printer_name(*frame.input.fleet, event->printer));
            x += canvas.px(120);
            canvas.text_within({x, y}, box.right() - x, text, event->text);
        }
        y += row;
    }
    ImGui::SetCursorScreenPos(top);
    ImGui::Dummy({1, y - top.y});
}

}  // namespace

std::vector<const Event*> filtered_events(const FleetState& fleet, EventGroup group,
                                          const PrinterId& printer) {
    std::vector<const Event*> found;
    for (auto at = fleet.events.rbegin(); at != fleet.events.rend(); ++at) {
        const Event& event = **at;
        if (group != EventGroup::all && group_of(event.kind) != group) continue;
        if (!printer.empty() && event.printer != printer) continue;
        found.push_back(&event);
    }
    return found;
}

void draw_events_list(const Frame& frame, const Rect& box, AlarmsState& state) {
    const Widgets& widgets = frame.widgets;
    const float height = widgets.px(widgets.theme().button_height);
    draw_filters(frame, {box.x, box.y, box.width, height}, state);
    const float below = box.y + height + widgets.px(14);
    const Rect list{box.x, below, box.width, std::max(1.0F, box.bottom() - below)};
    ImGui::SetCursorScreenPos({list.x, list.y});
    ImGui::PushStyleColor(ImGuiCol_ScrollbarBg, 0);
    ImGui::BeginChild("alarms/events", {list.width + widgets.px(14), list.height}, false,
                      ImGuiWindowFlags_NoBackground);
    if (state.choosing_printer) {
        draw_names(frame, list, state);
    } else {
        draw_rows(frame, list, state);
    }
    scroll_by_hand();
    ImGui::EndChild();
    ImGui::PopStyleColor();
}

}  // namespace farmwall::ui
