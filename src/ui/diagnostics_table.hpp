#pragma once

#include <cstddef>
#include <functional>
#include <optional>
#include <string>
#include <vector>

#include "ui/screens.hpp"
#include "ui/table.hpp"

// The tables of Diagnostics, one row a printer; used by that screen alone.
namespace farmwall::ui {

struct Cell {
    std::string text;
    Color color;
    std::optional<Color> dot;  // before the text
    bool strong = false;
};
// Scrolls where the box is too low. `id` is the table's among ImGui's.
void draw_diagnostics_table(const Frame& frame, const Rect& box, const char* id,
                            const std::vector<TableColumn>& columns,
                            const std::function<Cell(std::size_t row, std::size_t column)>& cell);
// Of the whole table without scrolling.
[[nodiscard]] float diagnostics_table_height(const Widgets& widgets, std::size_t printers);

void draw_links_table(const Frame& frame, const Rect& box);
// With what all cameras share above it.
void draw_cameras_table(const Frame& frame, const Rect& box);
[[nodiscard]] float cameras_table_height(const Widgets& widgets, std::size_t printers);

}  // namespace farmwall::ui
