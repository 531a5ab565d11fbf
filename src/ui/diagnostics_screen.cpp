#include <fmt/format.h>

#include <algorithm>
#include <cmath>

#include "ui/compat.hpp"
#include "ui/flow.hpp"
#include "ui/screens.hpp"
#include "ui/table.hpp"
#include "ui/text_format.hpp"

namespace farmwall::ui {
namespace {

enum class LinkColumn {
    name,
    link,
    address,
    rate,
    messages,
    bytes,
    connects,
    losses,
    bad,
    oversized,
    foreign,
    error
};

// In the order of LinkColumn.
const std::vector<TableColumn>& columns() {
    static const std::vector<TableColumn> all{
        {"name", "Printer", 110, 0.4F, Align::left, 0},   {"link", "Link", 104, 0, Align::left, 0},
        {"address", "Address", 140, 0, Align::left, 3},   {"rate", "Per min", 62, 0, Align::right, 1},
        {"messages", "Messages", 78, 0, Align::right, 4}, {"bytes", "Bytes", 72, 0, Align::right, 5},
        {"connects", "Connects", 70, 0, Align::right, 2}, {"losses", "Lost fields", 78, 0, Align::right, 6},
        {"bad", "Bad", 44, 0, Align::right, 7},           {"oversized", "Too big", 58, 0, Align::right, 9},
        {"foreign", "Foreign", 58, 0, Align::right, 8},   {"error", "Last error", 140, 1.6F, Align::left, 2}};
    return all;
}

std::string cell_text(LinkColumn column, const PrinterState& printer) {
    const LinkStats& stats = printer.stats;
    switch (column) {
        case LinkColumn::name:
            return printer.name;
        case LinkColumn::link:
            return std::string{word(printer.link.link)};
        case LinkColumn::address:
            return printer.link.address.empty()
                       ? "–"
                       : fmt::format("{}:{}", printer.link.address, printer.link.port);
        case LinkColumn::rate:
            return fmt::format("{:.0f}", stats.messages_per_minute);
        case LinkColumn::messages:
            return count_text(stats.messages);
        case LinkColumn::bytes:
            return bytes_text(stats.bytes);
        case LinkColumn::connects:
            return count_text(stats.connects);
        case LinkColumn::losses:
            return count_text(stats.lost_fields);
        case LinkColumn::bad:
            return count_text(stats.bad_messages);
        case LinkColumn::oversized:
            return count_text(stats.oversized);
        case LinkColumn::foreign:
            return count_text(stats.foreign_echoes);
        case LinkColumn::error: {
            if (!stats.last_error.empty()) return stats.last_error;
            return std::string{sentence(printer.link.problem)};
        }
    }
    return {};
}

Color link_color(const Theme& theme, Link link) {
    switch (link) {
        case Link::online:
            return theme.finished;
        case Link::quiet:
            return theme.preparing;
        case Link::half_dead:
            return theme.paused;
        case Link::refused:
            return theme.refused;
        case Link::connecting:
        case Link::offline:
            return theme.offline;
    }
    return theme.offline;
}

// A zero is no news: it is drawn faint.
Color cell_color(const Theme& theme, LinkColumn column, const std::string& text) {
    if (text == "0" || text == "0 B") return theme.text_faint;
    switch (column) {
        case LinkColumn::name:
            return theme.text_color;
        case LinkColumn::losses:
        case LinkColumn::bad:
        case LinkColumn::oversized:
            return theme.paused;
        case LinkColumn::link:
        case LinkColumn::address:
        case LinkColumn::rate:
        case LinkColumn::messages:
        case LinkColumn::bytes:
        case LinkColumn::connects:
        case LinkColumn::foreign:
        case LinkColumn::error:
            return theme.text_muted;
    }
    return theme.text_muted;
}

// Pixels at 96 dpi.
constexpr float link_row = 32;
constexpr float event_row = 28;
constexpr float fact_row = 62;
constexpr std::size_t least_events = 10;  // where there is room
constexpr std::size_t most_events = 24;   // more are scrolled to

// Of the whole table without scrolling.
float table_height(const Widgets& widgets, std::size_t printers) {
    return std::floor(widgets.px(link_row)) * static_cast<float>(printers + 1);
}

void draw_links_table(const Frame& frame, const Rect& box) {
    const Widgets& widgets = frame.widgets;
    const Canvas ground = widgets.canvas();
    const Theme& theme = ground.theme();
    const float row = std::floor(ground.px(link_row));
    const auto placed = place_columns(columns(), box.width, ground.px(1), ground.px(24));
    const TextStyle title{Weight::medium, ground.px(theme.text_small), theme.text_faint};
    for (const PlacedColumn& at : placed) {
        const TableColumn& column = columns()[at.index];
        ground.text_in({box.x + at.x, box.y, at.width, row}, title, column.title, column.align);
    }
    ground.line({box.x, box.y + row - 0.5F}, {box.right(), box.y + row - 0.5F}, theme.line, 1);
    ImGui::SetCursorScreenPos({box.x, box.y + row});
    ImGui::PushStyleColor(ImGuiCol_ScrollbarBg, 0);
    ImGui::BeginChild("diagnostics/links", {box.width + ground.px(14), box.height - row}, false,
                      ImGuiWindowFlags_NoBackground);
    const Canvas canvas = widgets.canvas();
    const ImVec2 top = ImGui::GetCursorScreenPos();
    float y = top.y;
    for (const auto& printer : frame.input.fleet->printers) {
        const Rect line{box.x, y, box.width, row};
        y += row;
        if (line.bottom() < box.y + row || line.y > box.bottom()) continue;
        for (const PlacedColumn& at : placed) {
            const auto column = static_cast<LinkColumn>(at.index);
            Rect cell{line.x + at.x, line.y, at.width, line.height};
            const std::string text = cell_text(column, *printer);
            if (column == LinkColumn::link) {
                canvas.disc({cell.x + canvas.px(5), cell.center().y}, canvas.px(4.5F),
                            link_color(theme, printer->link.link));
                cell = {cell.x + canvas.px(18), cell.y, cell.width - canvas.px(18), cell.height};
            }
            const Weight weight = column == LinkColumn::name ? Weight::medium : Weight::regular;
            canvas.text_in(cell, {weight, canvas.px(15), cell_color(theme, column, text)}, text,
                           columns()[at.index].align);
        }
        canvas.line({box.x, line.bottom() - 0.5F}, {box.right(), line.bottom() - 0.5F},
                    with_alpha(theme.line, 0.5F), 1);
    }
    ImGui::SetCursorScreenPos({top.x, top.y});
    ImGui::Dummy({1, y - top.y});
    ImGui::EndChild();
    ImGui::PopStyleColor();
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
            {"Tiles drawn", drawn ? count_text(input.stats.tiles_drawn) : none},
            {"Last frame", drawn ? fmt::format("{:.1f} ms", input.stats.last_frame_ms) : none},
            {"Drawn by", input.stats.renderer.empty()
                             ? none
                             : input.stats.renderer.substr(0, input.stats.renderer.find(" ("))}};
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

// All three cards below each other.
void draw_narrow(const Frame& frame, float width) {
    const Widgets& widgets = frame.widgets;
    const Theme& theme = widgets.theme();
    Column column{widgets, widgets.px(theme.margin), frame.area.y, width};
    draw_own_facts(frame, column.card("THIS PROGRAM", widgets.px(fact_row) * 4), 2);
    const float room = frame.area.bottom() - column.bottom() - card_frame(widgets) * 2 -
                       widgets.px(theme.gap) - widgets.px(theme.margin);
    const float events = std::min(events_height(widgets, least_events), room * 0.35F);
    const float table = std::clamp(table_height(widgets, frame.input.fleet->printers.size()),
                                   widgets.px(link_row), std::max(room - events, widgets.px(120)));
    draw_links_table(frame, column.card("LINKS", table));
    draw_events(frame, column.card("RECENT EVENTS", std::max(room - table, widgets.px(60))));
}

// The events beside the program's own figures, as high as the table leaves room.
void draw_wide(const Frame& frame, float width) {
    const Widgets& widgets = frame.widgets;
    const Theme& theme = widgets.theme();
    const float margin = widgets.px(theme.margin);
    const float gap = widgets.px(theme.gap);
    const float room = frame.area.height - card_frame(widgets) * 2 - gap - margin;
    const float table = table_height(widgets, frame.input.fleet->printers.size());
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
    draw_links_table(frame, below.card("LINKS", std::min(room - upper, table)));
}

}  // namespace

void draw_diagnostics(const Frame& frame) {
    const Widgets& widgets = frame.widgets;
    const Theme& theme = widgets.theme();
    widgets.canvas().fill(frame.area, theme.background);
    const float width = frame.area.width - 2 * widgets.px(theme.margin);
    if (frame.area.width >= widgets.px(1000)) {
        draw_wide(frame, width);
    } else {
        draw_narrow(frame, width);
    }
}

}  // namespace farmwall::ui
