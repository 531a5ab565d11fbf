#pragma once

#include <cstdint>
#include <memory>
#include <span>

#include "base/result.hpp"
#include "camera/frame.hpp"
#include "camera/packet.hpp"
#include "camera/picture.hpp"
#include "camera/picture_memory.hpp"

namespace farmwall::camera {

struct PictureSize {
    int width = 0;
    int height = 0;
};

// JPEG to planes and back. One thread at a time; one serves any number of cameras.
class JpegCodec {
public:
    explicit JpegCodec(PictureMemory memory);
    ~JpegCodec();
    JpegCodec(const JpegCodec&) = delete;
    JpegCodec& operator=(const JpegCodec&) = delete;

    // What the header says. Errors: bad_input (no JPEG, too large, more than YCbCr or grey).
    [[nodiscard]] Result<PictureSize> size(std::span<const std::uint8_t> jpeg);
    // Decoded at 1, 1/2, 1/4 or 1/8 of its size, the smallest that still fills the box (0: as sent). A
    // picture that is cut short or damaged is bad_input.
    [[nodiscard]] Result<Picture> decode(std::span<const std::uint8_t> jpeg, int box_width, int box_height);
    // Quality 1-100. An odd last row or column is left out. Errors: io.
    [[nodiscard]] Result<SharedBytes> encode(const Picture& picture, int quality);
    [[nodiscard]] Result<SharedBytes> encode_rgba(const Frame& frame, int quality);

private:
    struct Impl;
    std::unique_ptr<Impl> impl_;
};

}  // namespace farmwall::camera
