#include <fmt/format.h>

#include "ui/diagnostics_table.hpp"
#include "ui/flow.hpp"
#include "ui/text_format.hpp"

namespace farmwall::ui {
namespace {

enum class CameraColumn {
    name,
    truth,
    kind,
    size,
    received,
    decoded,
    cost,
    level,
    decoder,
    lost,
    late,
    bad,
    connects,
    ring,
    problem
};

// In the order of CameraColumn.
const std::vector<TableColumn>& camera_columns() {
    static const std::vector<TableColumn> all{
        {"name", "Printer", 110, 0.3F, Align::left, 0},   {"truth", "Picture", 118, 0, Align::left, 0},
        {"kind", "Kind", 60, 0, Align::left, 5},          {"size", "Size", 92, 0, Align::left, 4},
        {"received", "In/s", 44, 0, Align::right, 1},     {"decoded", "Decoded/s", 72, 0, Align::right, 1},
        {"cost", "ms each", 58, 0, Align::right, 3},      {"level", "What", 90, 0.2F, Align::left, 3},
        {"decoder", "Decoder", 80, 0.4F, Align::left, 7}, {"lost", "Lost", 44, 0, Align::right, 6},
        {"late", "Late", 44, 0, Align::right, 6},         {"bad", "Bad", 44, 0, Align::right, 6},
        {"connects", "Connects", 66, 0, Align::right, 5}, {"ring", "Kept", 64, 0, Align::right, 8},
        {"problem", "Problem", 140, 1.2F, Align::left, 2}};
    return all;
}

// What is read of one camera, once a row.
struct CameraRow {
    const PrinterState& printer;
    const CameraState& camera;
    const camera::CameraStats& stats;
};

std::string camera_text(CameraColumn column, const CameraRow& row) {
    const camera::CameraStats& stats = row.stats;
    switch (column) {
        case CameraColumn::name:
            return row.printer.name;
        case CameraColumn::truth:
            return std::string{word(row.camera.truth)};
        case CameraColumn::kind:
            return stats.kind.empty() ? "–" : stats.kind;
        case CameraColumn::size:
            return stats.source_width > 0 ? fmt::format("{} × {}", stats.source_width, stats.source_height)
                                          : "–";
        case CameraColumn::received:
            return fmt::format("{:.1f}", stats.packets_per_second);
        case CameraColumn::decoded:
            return fmt::format("{:.1f}", stats.decoded_per_second);
        case CameraColumn::cost:
            return stats.decode_ms > 0 ? fmt::format("{:.1f}", stats.decode_ms) : "–";
        case CameraColumn::level:
            return stats.kind.empty() ? "–" : std::string{camera::word(stats.level)};
        case CameraColumn::decoder:
            return stats.decoder.empty() ? "–" : stats.decoder;
        case CameraColumn::lost:
            return count_text(stats.lost_packets);
        case CameraColumn::late:
            return count_text(stats.late);
        case CameraColumn::bad:
            return count_text(stats.bad_pictures);
        case CameraColumn::connects:
            return count_text(stats.connects);
        case CameraColumn::ring:
            return bytes_text(stats.ring_bytes);
        case CameraColumn::problem: {
            std::string text{sentence(row.camera.problem)};
            if (!row.camera.detail.empty()) text += (text.empty() ? "" : ": ") + row.camera.detail;
            return text;
        }
    }
    return {};
}

// A zero is no news: it is drawn faint.
Color text_color(const Theme& theme, CameraColumn column, const std::string& text) {
    if (text == "0" || text == "0 B" || text == "0.0" || text == "–") return theme.text_faint;
    switch (column) {
        case CameraColumn::name:
            return theme.text_color;
        case CameraColumn::late:
        case CameraColumn::bad:
        case CameraColumn::lost:
            return theme.paused;
        case CameraColumn::truth:
        case CameraColumn::kind:
        case CameraColumn::size:
        case CameraColumn::received:
        case CameraColumn::decoded:
        case CameraColumn::cost:
        case CameraColumn::level:
        case CameraColumn::decoder:
        case CameraColumn::connects:
        case CameraColumn::ring:
        case CameraColumn::problem:
            return theme.text_muted;
    }
    return theme.text_muted;
}

std::vector<std::pair<std::string_view, std::string>> decoder_facts(const camera::DecoderStats& stats) {
    const bool measured = stats.machine_speed > 0;
    const std::string none = "–";
    return {{"Decoder", stats.decoder.empty() ? none : stats.decoder},
            {"A core decodes", measured ? fmt::format("{:.0f} pictures/s", stats.machine_speed) : none},
            {"Load of budget",
             measured ? fmt::format("{:.2f} of {:.2f} cores", stats.load_cores, stats.budget_cores) : none},
            {"Rate", measured ? fmt::format("{:.0f} %", stats.rate * 100) : none},
            {"Clips", fmt::format("{}, {}", count_text(stats.clips), bytes_text(stats.clip_bytes))},
            {"Problem of clips", stats.clip_problem.empty() ? std::string{"none"} : stats.clip_problem}};
}

constexpr float facts_height = 64;  // pixels at 96 dpi

void draw_decoder_facts(const Frame& frame, const Rect& box) {
    const Canvas canvas = frame.widgets.canvas();
    const auto facts = decoder_facts(frame.board.decoder_stats());
    // The first and the last are words, and take twice the room.
    const float width = box.width / static_cast<float>(facts.size() + 2);
    float x = box.x;
    for (std::size_t i = 0; i < facts.size(); ++i) {
        const float own = i == 0 || i + 1 == facts.size() ? width * 2 : width;
        draw_fact(canvas, {x, box.y, own - canvas.px(12), box.height}, facts[i].first, facts[i].second);
        x += own;
    }
}

}  // namespace

float cameras_table_height(const Widgets& widgets, std::size_t printers) {
    return widgets.px(facts_height) + diagnostics_table_height(widgets, printers);
}

void draw_cameras_table(const Frame& frame, const Rect& box) {
    const Theme& theme = frame.widgets.theme();
    const float above = frame.widgets.px(facts_height);
    draw_decoder_facts(frame, {box.x, box.y, box.width, above});
    const Rect table{box.x, box.y + above, box.width, box.height - above};
    std::optional<std::size_t> known;  // the row of `stats`
    camera::CameraStats stats;
    const auto cell_of = [&](std::size_t row, std::size_t index) {
        const auto column = static_cast<CameraColumn>(index);
        if (known != row) stats = row < frame.board.size() ? frame.board.stats(row) : camera::CameraStats{};
        known = row;
        const CameraRow shown{*frame.input.fleet->printers[row], camera_of(*frame.input.fleet, row), stats};
        Cell cell;
        cell.text = camera_text(column, shown);
        cell.color = text_color(theme, column, cell.text);
        cell.strong = column == CameraColumn::name;
        if (column == CameraColumn::truth) cell.dot = theme.of(shown.camera.truth);
        return cell;
    };
    draw_diagnostics_table(frame, table, "diagnostics/cameras", camera_columns(), cell_of);
}

}  // namespace farmwall::ui
