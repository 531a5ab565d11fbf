#include "ui/wall_layout.hpp"

#include <algorithm>
#include <cmath>

namespace farmwall::ui {
namespace {

// A picture of 16:9 with a strip of words below it.
constexpr float ideal_aspect = 1.42F;
constexpr float widest_aspect = 1.7F;
constexpr float tallest_aspect = 1.12F;

// Height of the largest tile of the best shape inside a cell.
float tile_height(float width, float height) { return std::min(height, width / ideal_aspect); }

}  // namespace

WallLayout wall_layout(std::size_t count, const Rect& area, float gap) {
    WallLayout layout;
    if (count == 0) return layout;
    const int printers = static_cast<int>(count);
    float best = -1;
    Rect cell;
    for (int columns = 1; columns <= printers; ++columns) {
        const int rows = (printers + columns - 1) / columns;
        const auto c = static_cast<float>(columns);
        const auto r = static_cast<float>(rows);
        const float width = (area.width - gap * (c - 1)) / c;
        const float height = (area.height - gap * (r - 1)) / r;
        if (width < 1 || height < 1) continue;
        const float fit = tile_height(width, height);
        if (fit <= best) continue;
        best = fit;
        layout.columns = columns;
        layout.rows = rows;
        cell = {0, 0, width, height};
    }
    if (best < 0) {  // not even one pixel a tile with gaps
        if (gap > 0) return wall_layout(count, area, 0);
        layout.columns = printers;
        layout.rows = 1;
        cell = {0, 0, 1, 1};
    }
    const float width = std::max(1.0F, std::floor(std::min(cell.width, cell.height * widest_aspect)));
    const float height = std::max(1.0F, std::floor(std::min(cell.height, cell.width / tallest_aspect)));
    const float used_width =
        width * static_cast<float>(layout.columns) + gap * static_cast<float>(layout.columns - 1);
    const float used_height =
        height * static_cast<float>(layout.rows) + gap * static_cast<float>(layout.rows - 1);
    const float left = std::floor(area.x + std::max(0.0F, (area.width - used_width) / 2));
    const float top = std::floor(area.y + std::max(0.0F, (area.height - used_height) / 2));
    const float step = std::floor(gap);
    for (int i = 0; i < printers; ++i) {
        const auto column = static_cast<float>(i % layout.columns);
        const auto row = static_cast<float>(i / layout.columns);
        layout.tiles.push_back({left + column * (width + step), top + row * (height + step), width, height});
    }
    return layout;
}

std::size_t neighbour(const WallLayout& layout, std::size_t from, int dx, int dy) {
    if (layout.columns <= 0 || from >= layout.tiles.size()) return from;
    const int columns = layout.columns;
    const int column = static_cast<int>(from) % columns + dx;
    const int row = static_cast<int>(from) / columns + dy;
    if (column < 0 || column >= columns || row < 0) return from;
    const int to = row * columns + column;
    return to < static_cast<int>(layout.tiles.size()) ? static_cast<std::size_t>(to) : from;
}

}  // namespace farmwall::ui
