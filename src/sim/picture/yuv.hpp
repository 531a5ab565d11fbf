#pragma once

#include <cstdint>

#include "sim/picture/canvas.hpp"

namespace farmwall::sim {

struct Planes {
    std::uint8_t* y = nullptr;
    std::uint8_t* u = nullptr;
    std::uint8_t* v = nullptr;
    int stride_y = 0;
    int stride_uv = 0;
};

// BT.709, luma 16 to 235, 4:2:0. `area` is widened to even borders; sizes are even.
void to_yuv420(const Canvas& canvas, Rect area, const Planes& planes);

}  // namespace farmwall::sim
