#pragma once

#include <cstddef>
#include <vector>

#include "ui/geometry.hpp"

namespace farmwall::ui {

struct WallLayout {
    int columns = 0;
    int rows = 0;
    std::vector<Rect> tiles;  // one a printer, row by row, whole pixels
    friend bool operator==(const WallLayout&, const WallLayout&) = default;
};

// Places `count` tiles in `area` so that all are seen without scrolling and none overlap, each as
// near to the shape of a 16:9 picture with a strip below it and as big as possible. An area too small for any
// tile gives tiles of one pixel.
[[nodiscard]] WallLayout wall_layout(std::size_t count, const Rect& area, float gap);

// The tile that an arrow key leads to from `from`: the neighbour, or `from` at the edge.
// dx and dy are -1, 0 or 1.
[[nodiscard]] std::size_t neighbour(const WallLayout& layout, std::size_t from, int dx, int dy);

}  // namespace farmwall::ui
