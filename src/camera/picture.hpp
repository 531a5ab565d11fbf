#pragma once

#include <array>
#include <cstddef>
#include <memory>

#include "base/clock.hpp"
#include "camera/frame.hpp"

namespace farmwall::camera {

// Bounds of what is decoded at all.
inline constexpr int most_picture_side = 8192;
inline constexpr std::size_t most_picture_pixels = std::size_t{40} * 1000 * 1000;

// One decoded picture in I420 as a decoder made it, at its own size or, from JPEG, already smaller.
struct Picture {
    int width = 0;
    int height = 0;
    int source_width = 0;  // as the camera sent it
    int source_height = 0;
    bool full_range = false;  // luma 0-255 instead of 16-235
    bool bt709 = false;       // else BT.601
    TimePoint arrived{};
    std::array<Plane, 3> planes{};
    std::shared_ptr<const void> keeper;  // owns what the planes point to
};

}  // namespace farmwall::camera
