#pragma once

#include <cstdint>
#include <memory>
#include <span>
#include <vector>

#include "base/result.hpp"
#include "sim/picture/canvas.hpp"

namespace farmwall::sim {

// H.264 as a printer's camera sends it: one slice a picture, no B pictures, parameter sets before every
// key picture, access unit delimiters. One thread.
class H264Encoder {
public:
    // Sizes are even; a key picture every second. Errors: unavailable.
    [[nodiscard]] static Result<H264Encoder> open(Size size, int pictures_per_second);
    H264Encoder(H264Encoder&&) noexcept;
    H264Encoder& operator=(H264Encoder&&) noexcept;
    ~H264Encoder();

    // Takes over what changed, then encodes. Empty: the library failed.
    [[nodiscard]] std::vector<std::uint8_t> encode(const Canvas& canvas, std::span<const Rect> changed,
                                                   bool key);

private:
    struct Inside;
    explicit H264Encoder(std::unique_ptr<Inside> inside);
    std::unique_ptr<Inside> inside_;
};

}  // namespace farmwall::sim
