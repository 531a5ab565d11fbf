#pragma once

#include <array>
#include <cstdint>
#include <memory>

#include "base/clock.hpp"
#include "base/ids.hpp"

namespace farmwall::camera {

enum class PixelLayout {
    i420,  // three planes, chroma at half size, BT.709 or 601 limited range: for shaders and JPEG
    rgba,  // one plane, 4 bytes a pixel, opaque: for drawing without a GPU
};

struct Plane {
    const std::uint8_t* data = nullptr;
    int stride = 0;  // bytes from row to row
};

// One decoded picture; never changed after it was made. The serial is part of it, so that a picture
// cannot be shown under another printer's name.
struct Frame {
    Serial serial;
    std::uint64_t number = 0;  // counts the decoded pictures of this camera from 1
    TimePoint arrived{};       // of its last byte
    int width = 0;             // of the planes below
    int height = 0;
    int source_width = 0;  // as the camera sent it
    int source_height = 0;
    PixelLayout layout = PixelLayout::i420;
    bool full_range = false;             // i420: luma 0-255 (JPEG) instead of 16-235
    bool bt709 = false;                  // i420: BT.709 instead of BT.601
    std::array<Plane, 3> planes{};       // rgba: the first alone
    std::shared_ptr<const void> keeper;  // owns what the planes point to
};
using SharedFrame = std::shared_ptr<const Frame>;

}  // namespace farmwall::camera
