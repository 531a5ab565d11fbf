#include <fmt/format.h>

#include "ui/diagnostics_table.hpp"
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
const std::vector<TableColumn>& link_columns() {
    static const std::vector<TableColumn> all{
        {"name", "Printer", 110, 0.4F, Align::left, 0},   {"link", "Link", 104, 0, Align::left, 0},
        {"address", "Address", 140, 0, Align::left, 3},   {"rate", "Per min", 62, 0, Align::right, 1},
        {"messages", "Messages", 78, 0, Align::right, 4}, {"bytes", "Bytes", 72, 0, Align::right, 5},
        {"connects", "Connects", 70, 0, Align::right, 2}, {"losses", "Lost fields", 78, 0, Align::right, 6},
        {"bad", "Bad", 44, 0, Align::right, 7},           {"oversized", "Too big", 58, 0, Align::right, 9},
        {"foreign", "Foreign", 58, 0, Align::right, 8},   {"error", "Last error", 140, 1.6F, Align::left, 2}};
    return all;
}

std::string link_text(LinkColumn column, const PrinterState& printer) {
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
Color text_color(const Theme& theme, LinkColumn column, const std::string& text) {
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

}  // namespace

void draw_links_table(const Frame& frame, const Rect& box) {
    const Theme& theme = frame.widgets.theme();
    draw_diagnostics_table(frame, box, "diagnostics/links", link_columns(),
                           [&](std::size_t row, std::size_t index) {
                               const PrinterState& printer = *frame.input.fleet->printers[row];
                               const auto column = static_cast<LinkColumn>(index);
                               Cell cell;
                               cell.text = link_text(column, printer);
                               cell.color = text_color(theme, column, cell.text);
                               cell.strong = column == LinkColumn::name;
                               if (column == LinkColumn::link)
                                   cell.dot = link_color(theme, printer.link.link);
                               return cell;
                           });
}

}  // namespace farmwall::ui
