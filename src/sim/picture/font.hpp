#pragma once

#include <string_view>

#include "sim/picture/canvas.hpp"

namespace farmwall::sim {

// Letters of 5 by 7 dots in cells of 6, each dot `scale` pixels wide and high. What the font lacks is
// drawn as a question mark.
[[nodiscard]] Size text_size(std::string_view text, int scale);
void draw_text(Canvas& canvas, int x, int y, std::string_view text, int scale, Rgb color);

}  // namespace farmwall::sim
