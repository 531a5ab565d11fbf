#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <optional>
#include <string_view>
#include <vector>

#include "camera/packet.hpp"

namespace farmwall::camera {

// The JPEG stream of P1 and A1 (protocol 10.2): a header of 16 bytes and a picture, again and again.
// After the first thing that is wrong nothing is believed any more. Pure.
class JpegFraming {
public:
    static constexpr std::size_t most_bytes = 10'000'000;  // of one picture

    enum class Wrong {
        header,  // not the header of a picture
        length,  // nothing, or more than `most_bytes`
        data,    // does not begin like a JPEG
    };

    // Takes all of it; what is complete afterwards goes to the end of `pictures`. False: it was wrong,
    // now or earlier.
    [[nodiscard]] bool read(std::string_view bytes, std::vector<SharedBytes>& pictures);
    [[nodiscard]] std::optional<Wrong> wrong() const { return wrong_; }

private:
    [[nodiscard]] std::optional<Wrong> begin_picture();

    std::array<std::uint8_t, 16> header_{};
    std::size_t header_filled_ = 0;
    std::size_t length_ = 0;  // of the picture; 0: its header is not complete
    std::vector<std::uint8_t> picture_;
    std::optional<Wrong> wrong_;
};

// For people.
[[nodiscard]] std::string_view sentence(JpegFraming::Wrong wrong);

}  // namespace farmwall::camera
