#pragma once

#include "ui/tile_draw.hpp"

namespace farmwall::ui {

// Where the parts of a tile are; follows from its size alone. The picture is on top, as wide as the tile;
// below it lies the strip, which begins with the bar.
struct TilePlan {
    TileDetail detail = TileDetail::full;
    float unit = 1;    // a sixteenth of the width of a tile of the usual shape
    float letter = 1;  // bigger in smaller tiles, so that they can still be read
    float pad = 0;
    Rect picture;
    Rect strip;
    Rect words;               // shape, word and number: over the picture's lower edge, or below it
    bool words_over = false;  // over the picture
    Rect line;                // file and time left
    Rect facts;               // temperatures and spools; of no size where there is no room
    float bar_height = 0;
};
[[nodiscard]] TilePlan tile_plan(const Rect& box, float scale);

}  // namespace farmwall::ui
