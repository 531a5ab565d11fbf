#include "ui/diagnostics_table.hpp"

#include <cmath>

#include "ui/compat.hpp"

namespace farmwall::ui {
namespace {

constexpr float row_height = 32;  // pixels at 96 dpi

void draw_cell(const Canvas& canvas, Rect box, const Cell& cell, Align align) {
    if (cell.dot) {
        canvas.disc({box.x + canvas.px(5), box.center().y}, canvas.px(4.5F), *cell.dot);
        box = {box.x + canvas.px(18), box.y, box.width - canvas.px(18), box.height};
    }
    const Weight weight = cell.strong ? Weight::medium : Weight::regular;
    canvas.text_in(box, {weight, canvas.px(15), cell.color}, cell.text, align);
}

}  // namespace

float diagnostics_table_height(const Widgets& widgets, std::size_t printers) {
    return std::floor(widgets.px(row_height)) * static_cast<float>(printers + 1);
}

void draw_diagnostics_table(const Frame& frame, const Rect& box, const char* id,
                            const std::vector<TableColumn>& columns,
                            const std::function<Cell(std::size_t row, std::size_t column)>& cell) {
    const Widgets& widgets = frame.widgets;
    const Canvas ground = widgets.canvas();
    const Theme& theme = ground.theme();
    const float row = std::floor(ground.px(row_height));
    const auto placed = place_columns(columns, box.width, ground.px(1), ground.px(24));
    const TextStyle title{Weight::medium, ground.px(theme.text_small), theme.text_faint};
    for (const PlacedColumn& at : placed) {
        const TableColumn& column = columns[at.index];
        ground.text_in({box.x + at.x, box.y, at.width, row}, title, column.title, column.align);
    }
    ground.line({box.x, box.y + row - 0.5F}, {box.right(), box.y + row - 0.5F}, theme.line, 1);
    ImGui::SetCursorScreenPos({box.x, box.y + row});
    ImGui::PushStyleColor(ImGuiCol_ScrollbarBg, 0);
    ImGui::BeginChild(id, {box.width + ground.px(14), box.height - row}, false,
                      ImGuiWindowFlags_NoBackground);
    const Canvas canvas = widgets.canvas();
    const ImVec2 top = ImGui::GetCursorScreenPos();
    float y = top.y;
    for (std::size_t i = 0; i < frame.input.fleet->printers.size(); ++i) {
        const Rect line{box.x, y, box.width, row};
        y += row;
        if (line.bottom() < box.y + row || line.y > box.bottom()) continue;
        for (const PlacedColumn& at : placed) {
            draw_cell(canvas, {line.x + at.x, line.y, at.width, line.height}, cell(i, at.index),
                      columns[at.index].align);
        }
        canvas.line({box.x, line.bottom() - 0.5F}, {box.right(), line.bottom() - 0.5F},
                    with_alpha(theme.line, 0.5F), 1);
    }
    ImGui::SetCursorScreenPos({top.x, top.y});
    ImGui::Dummy({1, y - top.y});
    ImGui::EndChild();
    ImGui::PopStyleColor();
}

}  // namespace farmwall::ui
