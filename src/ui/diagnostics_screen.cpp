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

constexpr float link_row = 32;  // pixels at 96 dpi

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
    return {{"Own CPU", fmt::format("{:.1f} %", input.usage.cpu_percent)},
            {"Own memory", bytes_text(input.usage.resident_bytes)},
            {"Threads", input.usage.threads == 0 ? "–" : fmt::format("{}", input.usage.threads)},
            {"Messages per min", fmt::format("{:.0f}", rate)},
            {"Frames drawn", count_text(input.stats.frames_drawn)},
            {"Tiles drawn", count_text(input.stats.tiles_drawn)},
            {"Last frame", fmt::format("{:.1f} ms", input.stats.last_frame_ms)},
            {"Drawn by", input.stats.renderer.empty()
                             ? "–"
                             : input.stats.renderer.substr(0, input.stats.renderer.find(" ("))}};
}

void draw_own_facts(const Frame& frame, const Rect& box, std::size_t columns_wide) {
    const Canvas canvas = frame.widgets.canvas();
    const auto facts = own_facts(frame.input);
    const float width = box.width / static_cast<float>(columns_wide);
    for (std::size_t i = 0; i < facts.size(); ++i) {
        const Rect cell{box.x + width * static_cast<float>(i % columns_wide),
                        box.y + canvas.px(62) * static_cast<float>(i / columns_wide), width - canvas.px(12),
                        canvas.px(60)};
        draw_fact(canvas, cell, facts[i].first, facts[i].second);
    }
}

void draw_events(const Frame& frame, const Rect& box) {
    const Canvas canvas = frame.widgets.canvas();
    const Theme& theme = canvas.theme();
    const float row = canvas.px(30);
    const TextStyle time{Weight::regular, canvas.px(15), theme.text_faint};
    const TextStyle name{Weight::medium, canvas.px(15), theme.text_color};
    const TextStyle text{Weight::regular, canvas.px(15), theme.text_muted};
    const auto& events = frame.input.fleet->events;
    if (events.empty()) canvas.text({box.x, box.y}, text, "Nothing has happened yet");
    float y = box.y;
    for (auto at = events.rbegin(); at != events.rend() && y + row <= box.bottom(); ++at, y += row) {
        const Event& event = **at;
        const PrinterState* printer = find_printer(*frame.input.fleet, event.printer);
        float x = box.x;
        x += canvas.text({x, y}, time, clock_text(event.when, true)) + canvas.px(14);
        const std::string& who = printer != nullptr ? printer->name : event.printer.value;
        canvas.text_within({x, y}, canvas.px(104), name, who);
        x += canvas.px(116);
        canvas.text_within({x, y}, box.right() - x, text, event.text);
    }
}

}  // namespace

void draw_diagnostics(const Frame& frame) {
    const Widgets& widgets = frame.widgets;
    const Theme& theme = widgets.theme();
    widgets.canvas().fill(frame.area, theme.background);
    const float margin = widgets.px(theme.margin);
    const float gap = widgets.px(theme.gap);
    const float padding = widgets.px(theme.card_padding);
    const float width = frame.area.width - 2 * margin;
    const float head =
        widgets.px(theme.text_small) + widgets.px(14) + 2 * padding;  // of a card, around its content
    const bool wide = frame.area.width >= widgets.px(1000);
    const float own_height = widgets.px(110);

    if (!wide) {
        Column column{widgets, margin, frame.area.y, width};
        draw_own_facts(frame, column.card("THIS PROGRAM", widgets.px(234)), 2);
        const float events = std::min(widgets.px(240), frame.area.height * 0.2F);
        const float rest = frame.area.bottom() - column.bottom() - events - head * 2 - gap - margin;
        draw_links_table(frame, column.card("LINKS", std::max(rest, widgets.px(120))));
        draw_events(frame, column.card("RECENT EVENTS", events));
        return;
    }
    const float own_width = std::floor((width - gap) * 0.5F);
    Column left{widgets, margin, frame.area.y, own_width};
    Column right{widgets, margin + own_width + gap, frame.area.y, width - gap - own_width};
    draw_own_facts(frame, left.card("THIS PROGRAM", own_height), 4);
    draw_events(frame, right.card("RECENT EVENTS", own_height));
    Column below{widgets, margin, left.bottom(), width};
    const float room = frame.area.bottom() - left.bottom() - head - margin;
    draw_links_table(
        frame,
        below.card("LINKS", std::min(room, table_height(widgets, frame.input.fleet->printers.size()))));
}

}  // namespace farmwall::ui
