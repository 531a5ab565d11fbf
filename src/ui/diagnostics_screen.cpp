#include <fmt/format.h>

#include <algorithm>
#include <cmath>

#include "ui/compat.hpp"
#include "ui/diagnostics_table.hpp"
#include "ui/flow.hpp"
#include "ui/screens.hpp"
#include "ui/text_format.hpp"

namespace farmwall::ui {
namespace {

// Pixels at 96 dpi.
constexpr float tab_height = 34;
constexpr float event_row = 28;
constexpr float fact_row = 62;
constexpr std::size_t least_events = 10;  // where there is room
constexpr std::size_t most_events = 24;   // more are scrolled to

// Whether alarms can be heard here.
std::string sound_text(const FleetState& fleet) {
    for (const auto& output : fleet.alarm_outputs) {
        if (output->name == "sound") return output->works ? "works" : output->text;
    }
    return "switched off";
}

std::vector<std::pair<std::string_view, std::string>> own_facts(const FrameInput& input) {
    double rate = 0;
    for (const auto& printer : input.fleet->printers)
        rate += printer->stats.messages_per_minute;
    const std::string none = "–";
    const bool used = input.usage.resident_bytes > 0;
    const bool drawn = input.stats.frames_drawn > 0;
    return {{"Own CPU", used ? fmt::format("{:.1f} %", input.usage.cpu_percent) : none},
            {"Own memory", used ? bytes_text(input.usage.resident_bytes) : none},
            {"Threads", input.usage.threads == 0 ? none : fmt::format("{}", input.usage.threads)},
            {"Messages per min", fmt::format("{:.0f}", rate)},
            {"Frames drawn", drawn ? count_text(input.stats.frames_drawn) : none},
            {"Tiles, pictures", drawn ? fmt::format("{}, {}", count_text(input.stats.tiles_drawn),
                                                    count_text(input.stats.pictures_uploaded))
                                      : none},
            {"Last frame", drawn ? fmt::format("{:.1f} ms", input.stats.last_frame_ms) : none},
            {"Drawn by", input.stats.renderer.empty()
                             ? none
                             : input.stats.renderer.substr(0, input.stats.renderer.find(" ("))},
            {"Sound", sound_text(*input.fleet)}};
}

void draw_own_facts(const Frame& frame, const Rect& box, std::size_t columns_wide) {
    const Canvas canvas = frame.widgets.canvas();
    const auto facts = own_facts(frame.input);
    const float width = box.width / static_cast<float>(columns_wide);
    const auto rows = (facts.size() + columns_wide - 1) / columns_wide;
    const float row = std::clamp(box.height / static_cast<float>(rows), canvas.px(50), canvas.px(80));
    for (std::size_t i = 0; i < facts.size(); ++i) {
        const std::size_t line = i / columns_wide;
        const Rect cell{box.x + width * static_cast<float>(i % columns_wide),
                        box.y + row * static_cast<float>(line), width - canvas.px(12), row};
        draw_fact(canvas, cell, facts[i].first, facts[i].second);
    }
}

float events_height(const Widgets& widgets, std::size_t events) {
    return std::floor(widgets.px(event_row)) * static_cast<float>(events);
}

// Newest first, all that are kept; the rest is scrolled to.
void draw_events(const Frame& frame, const Rect& box) {
    const float row = events_height(frame.widgets, 1);
    const float height = std::max(row, std::floor(box.height / row) * row);  // no row is cut
    ImGui::SetCursorScreenPos({box.x, box.y});
    ImGui::PushStyleColor(ImGuiCol_ScrollbarBg, 0);
    ImGui::BeginChild("diagnostics/events", {box.width + frame.widgets.px(14), height}, false,
                      ImGuiWindowFlags_NoBackground);
    const ImVec2 top = ImGui::GetCursorScreenPos();
    const Canvas canvas = frame.widgets.canvas();
    const Theme& theme = canvas.theme();
    const TextStyle time{Weight::regular, canvas.px(15), theme.text_faint};
    const TextStyle name{Weight::medium, canvas.px(15), theme.text_color};
    const TextStyle text{Weight::regular, canvas.px(15), theme.text_muted};
    const auto& events = frame.input.fleet->events;
    if (events.empty()) canvas.text({box.x, top.y}, text, "Nothing has happened yet");
    float y = top.y;
    for (auto at = events.rbegin(); at != events.rend(); ++at, y += row) {
        if (y + row < box.y || y > box.bottom()) continue;
        const Event& event = **at;
        const PrinterState* printer = find_printer(*frame.input.fleet, event.printer);
        float x = box.x;
        x += canvas.text({x, y}, time, clock_text(event.when, true)) + canvas.px(14);
        const std::string& who = printer != nullptr ? printer->name : event.printer.value;
        canvas.text_within({x, y}, canvas.px(104), name, who);
        x += canvas.px(116);
        canvas.text_within({x, y}, box.right() - x, text, event.text);
    }
    ImGui::SetCursorScreenPos({top.x, top.y});
    ImGui::Dummy({1, y - top.y});
    ImGui::EndChild();
    ImGui::PopStyleColor();
}

// Around the content of a card with a title, from top to bottom.
float card_frame(const Widgets& widgets) {
    const Theme& theme = widgets.theme();
    return widgets.px(theme.text_small) + widgets.px(14) + 2 * widgets.px(theme.card_padding);
}

float lower_height(const Frame& frame, bool cameras) {
    const std::size_t printers = frame.input.fleet->printers.size();
    return cameras ? cameras_table_height(frame.widgets, printers)
                   : diagnostics_table_height(frame.widgets, printers);
}

// Links or cameras: two words to choose from, and the table of the chosen one.
void draw_lower_card(const Frame& frame, Column& column, float height, DiagnosticsState& state) {
    const Widgets& widgets = frame.widgets;
    const Theme& theme = widgets.theme();
    const Rect box = column.card("", height + widgets.px(tab_height));
    float x = box.x - widgets.px(12);
    const auto tab = [&](const char* id, std::string_view label, bool cameras) {
        const Canvas canvas = widgets.canvas();
        const bool current = state.cameras == cameras;
        TextStyle style{Weight::medium, canvas.px(theme.text_small), theme.text_muted};
        const float width = canvas.measure(style, label).x + canvas.px(24);
        const Rect area{x, box.y - canvas.px(8), width, canvas.px(30)};
        const Hit hit = widgets.hit(id, area);
        if (hit.pressed) state.cameras = cameras;
        if (current || hit.hovered) canvas.fill(area, theme.surface_raised, canvas.px(theme.radius) * 0.5F);
        if (hit.focused) canvas.outline(area, theme.focus, canvas.px(theme.radius) * 0.5F, canvas.px(2));
        if (current) style.color = theme.text_color;
        canvas.text_in({area.x + canvas.px(12), area.y, width, area.height}, style, label, Align::left);
        x += width + canvas.px(6);
    };
    tab("diagnostics/tab/links", "LINKS", false);
    tab("diagnostics/tab/cameras", "CAMERAS", true);
    const Rect table{box.x, box.y + widgets.px(tab_height), box.width, height};
    if (state.cameras) {
        draw_cameras_table(frame, table);
    } else {
        draw_links_table(frame, table);
    }
}

// All three cards below each other.
void draw_narrow(const Frame& frame, float width, DiagnosticsState& state) {
    const Widgets& widgets = frame.widgets;
    const Theme& theme = widgets.theme();
    Column column{widgets, widgets.px(theme.margin), frame.area.y, width};
    draw_own_facts(frame, column.card("THIS PROGRAM", widgets.px(fact_row) * 4), 2);
    const float room = frame.area.bottom() - column.bottom() - card_frame(widgets) * 2 -
                       widgets.px(theme.gap) - widgets.px(theme.margin);
    const float events = std::min(events_height(widgets, least_events), room * 0.35F);
    const float table = std::clamp(lower_height(frame, state.cameras), widgets.px(tab_height),
                                   std::max(room - events, widgets.px(120)));
    draw_lower_card(frame, column, table, state);
    draw_events(frame, column.card("RECENT EVENTS", std::max(room - table, widgets.px(60))));
}

// The events beside the program's own figures, as high as the table leaves room.
void draw_wide(const Frame& frame, float width, DiagnosticsState& state) {
    const Widgets& widgets = frame.widgets;
    const Theme& theme = widgets.theme();
    const float margin = widgets.px(theme.margin);
    const float gap = widgets.px(theme.gap);
    const float room = frame.area.height - card_frame(widgets) * 2 - gap - margin;
    const float table = lower_height(frame, state.cameras);
    const float flat = widgets.px(fact_row) * 2 - widgets.px(14);  // figures in two rows
    const float tall = widgets.px(fact_row) * 4 - widgets.px(14);  // in four
    // A table that must be scrolled anyway leaves a quarter to the events.
    const float spare = room - table < flat ? room * 0.26F : room - table;
    const float upper = std::clamp(spare, flat, events_height(widgets, most_events));
    const bool in_four = upper >= tall;
    const float own_width = std::floor((width - gap) * (in_four ? 0.34F : 0.5F));
    Column left{widgets, margin, frame.area.y, own_width};
    Column right{widgets, margin + own_width + gap, frame.area.y, width - gap - own_width};
    draw_own_facts(frame, left.card("THIS PROGRAM", upper), in_four ? 2 : 4);
    draw_events(frame, right.card("RECENT EVENTS", upper));
    Column below{widgets, margin, left.bottom(), width};
    draw_lower_card(frame, below, std::min(room - upper, table), state);
}

}  // namespace

void draw_diagnostics(const Frame& frame, DiagnosticsState& state) {
    const Widgets& widgets = frame.widgets;
    const Theme& theme = widgets.theme();
    widgets.canvas().cover(frame.area, theme.background);
    const float width = frame.area.width - 2 * widgets.px(theme.margin);
    if (frame.area.width >= widgets.px(1000)) {
        draw_wide(frame, width, state);
    } else {
        draw_narrow(frame, width, state);
    }
}

}  // namespace farmwall::ui
