#pragma once

#include <array>
#include <cstdint>
#include <memory>

#include "camera/picture.hpp"
#include "camera/picture_memory.hpp"

namespace farmwall::camera {

// Three planes in one block, to be written.
struct OpenPlanes {
    std::shared_ptr<std::uint8_t> block;
    std::array<std::uint8_t*, 3> data{};
    std::array<int, 3> stride{};
};

// Half of a side in chroma samples.
[[nodiscard]] constexpr int chroma_side(int luma) { return (luma + 1) / 2; }

// I420 of this size; rows begin at multiples of 16 bytes.
[[nodiscard]] OpenPlanes make_i420(int width, int height, PictureMemory& memory);
// Makes them the planes of `picture`.
void close_planes(OpenPlanes planes, Picture& picture);

// The kinds of planes that decoders make beside I420.
enum class PlaneKind {
    chroma_any,  // three planes, chroma of any size
    grey,        // luma alone
    nv12,        // luma, and U and V in turn in one plane
    i010,        // I420 with 10 bits in 16
};
struct ForeignPlanes {
    PlaneKind kind = PlaneKind::chroma_any;
    std::array<Plane, 3> planes{};
    int chroma_width = 0;
    int chroma_height = 0;
};
// Copies into I420 of the picture's size.
void convert_to_i420(const ForeignPlanes& from, Picture& picture, PictureMemory& memory);

// By how much a picture may be scaled down, 1, 2, 4 … up to `most`, so that it still fills the box; two
// pixels too few do not count. A box of 0: 1.
[[nodiscard]] int divisor_for(int width, int height, int box_width, int box_height, int most);
// The picture smaller by `divisor` (1: as it is; 2, 4): the mean of each square of pixels. Rows and columns
// at the right and at the bottom that fill no square are left out.
[[nodiscard]] Picture shrink(const Picture& picture, int divisor, PictureMemory& memory);
// The picture at any smaller size.
[[nodiscard]] Picture scale_to(const Picture& picture, int width, int height, PictureMemory& memory);

// 4 bytes a pixel: red, green, blue, 255.
void write_rgba(const Picture& picture, std::uint8_t* rgba, int stride);

}  // namespace farmwall::camera
