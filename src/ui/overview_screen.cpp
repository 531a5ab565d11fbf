#include <fmt/format.h>

#include <algorithm>
#include <cmath>

#include "ui/compat.hpp"
#include "ui/fleet_panel.hpp"
#include "ui/icons.hpp"
#include "ui/plot.hpp"
#include "ui/screens.hpp"
#include "ui/table.hpp"

namespace farmwall::ui {
namespace {

// In the order of OverviewColumn.
const std::vector<TableColumn>& columns() {
    static const std::vector<TableColumn> all{{"chosen", "", 32, 0, Align::left, 0},
                                              {"name", "Printer", 120, 0.6F, Align::left, 0},
                                              {"state", "State", 178, 0, Align::left, 0},
                                              {"job", "Job", 140, 2.2F, Align::left, 2},
                                              {"progress", "Progress", 150, 0.8F, Align::left, 1},
                                              {"left", "Time left", 112, 0, Align::right, 1},
                                              {"nozzle", "Nozzle", 104, 0, Align::right, 3},
                                              {"bed", "Bed", 92, 0, Align::right, 4},
                                              {"chamber", "Chamber", 84, 0, Align::right, 6},
                                              {"trend", "Nozzle trend", 130, 0.8F, Align::left, 7},
                                              {"age", "Data", 70, 0, Align::right, 5}};
    return all;
}

// What a column is sorted by; unknown values sort last.
double sort_number(const CachedView& row, OverviewColumn by) {
    const Report& report = row.state->report;
    const auto number = [](const auto& value) { return value ? static_cast<double>(*value) : 1e9; };
    const auto celsius = [](const std::optional<Temperature>& value) { return value ? value->celsius : 1e9; };
    switch (by) {
        case OverviewColumn::state:
            return static_cast<double>(row.view.condition);
        case OverviewColumn::progress:
            return row.view.progress ? static_cast<double>(*row.view.progress) : 1e9;
        case OverviewColumn::left:
            return row.view.left.empty() ? 1e9 : number(report.remaining_minutes);
        case OverviewColumn::nozzle:
        case OverviewColumn::trend:
            return celsius(active_nozzle(*row.state));
        case OverviewColumn::bed:
            return celsius(bed(*row.state));
        case OverviewColumn::chamber:
            return celsius(chamber(*row.state));
        case OverviewColumn::age:
            return row.state->last_report
                       ? -std::chrono::duration<double>(row.state->last_report->time_since_epoch()).count()
                       : 1e18;
        case OverviewColumn::chosen:
        case OverviewColumn::name:
        case OverviewColumn::job:
            return 0;
    }
    return 0;
}

std::vector<std::size_t> sorted_rows(const std::vector<CachedView>& views, const OverviewState& state) {
    std::vector<std::size_t> rows(views.size());
    for (std::size_t i = 0; i < rows.size(); ++i)
        rows[i] = i;
    if (!state.sorted_by) return rows;
    const OverviewColumn by = *state.sorted_by;
    const auto before = [&](std::size_t a, std::size_t b) {
        if (by == OverviewColumn::name) return views[a].view.name < views[b].view.name;
        if (by == OverviewColumn::job) return views[a].view.file < views[b].view.file;
        return sort_number(views[a], by) < sort_number(views[b], by);
    };
    std::stable_sort(rows.begin(), rows.end(), [&](std::size_t a, std::size_t b) {
        return state.descending ? before(b, a) : before(a, b);
    });
    return rows;
}

void press_column(OverviewState& state, OverviewColumn column) {
    if (state.sorted_by != column) {
        state.sorted_by = column;
        state.descending = false;
    } else if (!state.descending) {
        state.descending = true;
    } else {
        state.sorted_by.reset();  // third press: the order of the config again
        state.descending = false;
    }
}

void draw_titles(const Frame& frame, const Rect& box, const std::vector<PlacedColumn>& placed,
                 OverviewState& state) {
    const Canvas canvas = frame.widgets.canvas();
    const Theme& theme = canvas.theme();
    for (const PlacedColumn& at : placed) {
        const TableColumn& column = columns()[at.index];
        const Rect cell{box.x + at.x, box.y, at.width, box.height};
        const auto which = static_cast<OverviewColumn>(at.index);
        if (which == OverviewColumn::chosen) continue;
        const Hit hit = frame.widgets.hit("overview/sort/" + std::string{column.id}, cell);
        if (hit.pressed) press_column(state, which);
        const bool current = state.sorted_by == which;
        const TextStyle title{Weight::medium, canvas.px(theme.text_small),
                              current || hit.hovered ? theme.text_color : theme.text_faint};
        const float width = canvas.text_in(cell, title, column.title, column.align);
        if (!current) continue;
        const float x = column.align == Align::right ? cell.right() - width - canvas.px(18)
                                                     : cell.x + width + canvas.px(2);
        canvas.text_in({x, cell.y, canvas.px(18), cell.height}, {Weight::icon, canvas.px(16), theme.accent},
                       state.descending ? icon::menu_down : icon::menu_up, Align::left);
    }
    canvas.line({box.x, box.bottom() - 0.5F}, {box.right(), box.bottom() - 0.5F}, theme.line, 1);
}

struct RowPainter {
    const Frame& frame;
    const Canvas& canvas;
    const CachedView& row;
    std::size_t index;
    bool chosen;

    void cell(OverviewColumn column, const Rect& box, Align align) const;
    void state_cell(const Rect& box) const;
    void progress_cell(const Rect& box) const;
    [[nodiscard]] Color tone(Color color) const { return row.view.stale ? desaturate(color, 1) : color; }
};

void RowPainter::state_cell(const Rect& box) const {
    const Theme& theme = canvas.theme();
    const Color plain = theme.of(row.view.condition);
    const Color color = row.view.stale && !row.view.needs_hands ? desaturate(plain, 1) : plain;
    const float radius = canvas.px(8);
    draw_shape(canvas, row.view.condition, {box.x + radius, box.center().y}, radius, color);
    const Rect text{box.x + radius * 2 + canvas.px(10), box.y, box.width - radius * 2 - canvas.px(10),
                    box.height};
    const TextStyle style{Weight::bold, canvas.px(theme.text * 0.94F), color};
    canvas.text_in(text, canvas.shrunk(style, row.view.word, text.width), row.view.word, Align::left);
}

void RowPainter::progress_cell(const Rect& box) const {
    if (!row.view.progress) return;
    const Theme& theme = canvas.theme();
    const float number = canvas.px(52);
    const Rect bar{box.x, box.center().y - canvas.px(3.5F), box.width - number, canvas.px(7)};
    canvas.bar(bar, *row.view.progress, tone(theme.of(row.view.condition)), theme.surface_raised);
    if (row.view.number.empty() || row.view.stale) return;
    const TextStyle style{Weight::medium, canvas.px(theme.text), theme.text_color};
    canvas.text_in({bar.right(), box.y, number, box.height}, style, row.view.number + " %", Align::right);
}

void RowPainter::cell(OverviewColumn column, const Rect& box, Align align) const {
    const Theme& theme = canvas.theme();
    const TileView& view = row.view;
    const TextStyle plain{Weight::regular, canvas.px(theme.text), tone(theme.text_muted)};
    const TextStyle strong{Weight::medium, canvas.px(theme.text), tone(theme.text_color)};
    switch (column) {
        case OverviewColumn::chosen:
            canvas.text_in(box, {Weight::icon, canvas.px(22), chosen ? theme.accent : theme.text_faint},
                           chosen ? icon::box_checked : icon::box_empty, align);
            return;
        case OverviewColumn::name:
            canvas.text_in(box, strong, view.name, align);
            return;
        case OverviewColumn::state:
            return state_cell(box);
        case OverviewColumn::job: {
            const bool trouble = view.needs_hands || view.file.empty();
            canvas.text_in(box, plain, trouble && !view.detail.empty() ? view.detail : view.file, align);
            return;
        }
        case OverviewColumn::progress:
            return progress_cell(box);
        case OverviewColumn::left: {
            const auto words = std::string_view{view.left}.substr(0, view.left.rfind(" left"));
            canvas.text_in(box, strong, view.stale ? "" : words, align);
            return;
        }
        case OverviewColumn::nozzle:
            canvas.text_in(box, plain, view.nozzle, align);
            return;
        case OverviewColumn::bed:
            canvas.text_in(box, plain, view.bed, align);
            return;
        case OverviewColumn::chamber:
            canvas.text_in(box, plain, view.chamber, align);
            return;
        case OverviewColumn::trend: {
            const auto samples = frame.telemetry.read(index);
            const Rect line{box.x, box.y + box.height * 0.2F, box.width, box.height * 0.6F};
            draw_sparkline(canvas, line, samples, frame.input.now, plot_span(samples, frame.input.now),
                           &Sample::nozzle_celsius, tone(theme.plot_nozzle));
            return;
        }
        case OverviewColumn::age:
            canvas.text_in(box, plain, view.age, align);
            return;
    }
}

void draw_row(const Frame& frame, const Rect& box, const std::vector<PlacedColumn>& placed,
              const CachedView& row, std::size_t index, const Hit& hit, bool chosen) {
    const Canvas canvas = frame.widgets.canvas();
    const Theme& theme = canvas.theme();
    const float out = canvas.px(12);
    const Rect around{box.x - out, box.y, box.width + 2 * out, box.height};
    if (row.view.needs_hands) {
        canvas.fill(around, with_alpha(theme.of(row.view.condition), 0.12F), canvas.px(8));
    }
    if (hit.hovered) canvas.fill(around, with_alpha(theme.text_color, 0.05F), canvas.px(8));
    if (hit.focused) canvas.outline(around, theme.focus, canvas.px(8), canvas.px(1.5F));
    canvas.line({box.x, box.bottom() - 0.5F}, {box.right(), box.bottom() - 0.5F},
                with_alpha(theme.line, 0.6F), 1);
    const RowPainter painter{frame, canvas, row, index, chosen};
    for (const PlacedColumn& at : placed) {
        painter.cell(static_cast<OverviewColumn>(at.index), {box.x + at.x, box.y, at.width, box.height},
                     columns()[at.index].align);
    }
}

// The box in front of a row; as wide as a finger.
void draw_pick(const Frame& frame, const Rect& row, const PrinterId& id, OverviewState& state) {
    const float out = frame.widgets.px(12);
    const Rect box{row.x - out, row.y, frame.widgets.px(46), row.height};
    const Hit hit = frame.widgets.hit("overview/pick/" + id.value, box);
    if (hit.focused) frame.widgets.canvas().outline(box, frame.widgets.theme().focus, frame.widgets.px(8), 2);
    if (!hit.pressed) return;
    if (state.chosen.erase(id) == 0) state.chosen.insert(id);
}

std::optional<std::size_t> draw_table(const Frame& frame, const Rect& room,
                                      const std::vector<CachedView>& views, OverviewState& state) {
    const Widgets& widgets = frame.widgets;
    const Theme& theme = widgets.theme();
    const Canvas ground = widgets.canvas();
    const float padding = widgets.px(theme.card_padding);
    const float title_height = widgets.px(theme.row_height);
    // Rows get lower before the table has to scroll; a short table makes a low card.
    const auto rows = static_cast<float>(std::max<std::size_t>(views.size(), 1));
    const float wished = widgets.px(theme.row_height);
    const float fitting = (room.height - padding * 0.8F - title_height) / rows;
    const float row_height = std::floor(std::clamp(fitting, wished * 0.62F, wished));
    const float height = std::min(room.height, padding * 0.8F + title_height + row_height * rows);
    const Rect card{room.x, room.y, room.width, height};
    ground.fill(card, theme.surface, widgets.px(theme.radius));
    const Rect inner{card.x + padding, card.y + padding * 0.4F, card.width - 2 * padding,
                     card.height - padding * 0.8F};
    const auto placed = place_columns(columns(), inner.width, widgets.px(1), widgets.px(26));
    draw_titles(frame, {inner.x, inner.y, inner.width, title_height}, placed, state);

    const float out = widgets.px(12);
    ImGui::SetCursorScreenPos({inner.x - out, inner.y + title_height});
    ImGui::PushStyleColor(ImGuiCol_ScrollbarBg, 0);
    ImGui::BeginChild("overview/rows", {inner.width + 2 * out, inner.height - title_height}, false,
                      ImGuiWindowFlags_NoBackground);
    const ImVec2 top = ImGui::GetCursorScreenPos();
    std::optional<std::size_t> pressed;
    float y = top.y;
    for (const std::size_t index : sorted_rows(views, state)) {
        const Rect box{inner.x, y, inner.width, row_height};
        y += row_height;
        const PrinterId& id = views[index].state->id;
        draw_pick(frame, box, id, state);
        const float picks = widgets.px(46) - out;
        const Hit hit =
            widgets.hit("overview/row/" + id.value, {box.x + picks, box.y, box.width - picks, box.height});
        if (hit.pressed) pressed = index;
        if (box.bottom() < inner.y + title_height || box.y > inner.bottom()) continue;
        draw_row(frame, box, placed, views[index], index, hit, state.chosen.contains(id));
    }
    ImGui::EndChild();
    ImGui::PopStyleColor();
    return pressed;
}

}  // namespace

std::optional<std::size_t> draw_overview(const Frame& frame, const std::vector<CachedView>& views,
                                         OverviewState& state) {
    const Widgets& widgets = frame.widgets;
    const Theme& theme = widgets.theme();
    const float margin = widgets.px(theme.margin);
    widgets.canvas().cover(frame.area, theme.background);
    Rect room{frame.area.x + margin, frame.area.y, frame.area.width - 2 * margin, frame.area.height - margin};
    if (state.panel) {
        draw_fleet_panel(frame, room, state);
        return std::nullopt;
    }
    const float bar = std::min(fleet_bar_height(widgets) + widgets.px(theme.gap), room.height * 0.4F);
    draw_fleet_bar(frame, {room.x, room.y, room.width, bar}, state);
    return draw_table(frame, {room.x, room.y + bar, room.width, room.height - bar}, views, state);
}

}  // namespace farmwall::ui
