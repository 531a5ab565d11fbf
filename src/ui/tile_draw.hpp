#pragma once

#include "camera/frame.hpp"
#include "ui/canvas.hpp"
#include "ui/picture_view.hpp"
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
    compact,  // the same in bigger letters, without the reason of a missing picture
    small,    // picture, name, shape, word, number, bar, time left
    tiny,     // shape and name, no picture
};
[[nodiscard]] TileDetail tile_detail(const Rect& box, float scale);

// Where the camera's picture is in a tile; of no size in a tiny one.
[[nodiscard]] Rect tile_picture(const Rect& box, float scale);

// What a tile shows. `frame` is null or this printer's; drawn only when `picture` says so.
struct TileContent {
    const TileView& view;
    const PictureView& picture;
    const camera::SharedFrame& frame;
};
// Covers every pixel of `box`, so that a tile can be drawn again over its old self.
void draw_tile(const Canvas& canvas, const Rect& box, const TileContent& content, const TileLook& look);

}  // namespace farmwall::ui
