#pragma once

#include "ui/canvas.hpp"
#include "ui/tile_view.hpp"

namespace farmwall::ui {

struct TileLook {
    bool hovered = false;
    bool focused = false;  // the keyboard would open it
    friend bool operator==(const TileLook&, const TileLook&) = default;
};

// How much of a tile there is room for.
enum class TileDetail {
    full,     // everything
    compact,  // no camera area, temperatures in short
    small,    // name, shape, word, number, bar
    tiny,     // shape and name
};
[[nodiscard]] TileDetail tile_detail(const Rect& box, float scale);

// Covers every pixel of `box`, so that a tile can be drawn again over its old self.
void draw_tile(const Canvas& canvas, const Rect& box, const TileView& view, const TileLook& look);

}  // namespace farmwall::ui
