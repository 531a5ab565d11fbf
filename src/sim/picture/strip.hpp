#pragma once

#include <array>
#include <cstdint>
#include <optional>
#include <span>

namespace farmwall::sim {

// What the strip along the lower edge of every picture says, for machines: 64 equal blocks, black or
// white, high bit first: sync, printer, frame, CRC-8 of these two, inverted sync.
struct StripData {
    std::uint16_t printer = 0;  // place in the farm counted from 0
    std::uint32_t frame = 0;    // 24 bits
    friend bool operator==(const StripData&, const StripData&) = default;
};

constexpr int strip_blocks = 64;
constexpr std::uint8_t strip_black_luma = 16;
constexpr std::uint8_t strip_white_luma = 235;

// Two blocks' width.
[[nodiscard]] constexpr int strip_height(int width) { return 2 * width / strip_blocks; }

// Polynomial 0x07, initial value 0.
[[nodiscard]] std::uint8_t crc8(std::span<const std::uint8_t> bytes);
// True is white.
[[nodiscard]] std::array<bool, strip_blocks> strip_of(const StripData& data);
// Nothing when sync or CRC do not fit.
[[nodiscard]] std::optional<StripData> read_strip(const std::array<bool, strip_blocks>& blocks);
// From a picture's luma, of any size.
[[nodiscard]] std::optional<StripData> read_strip(const std::uint8_t* luma, int width, int height,
                                                  int stride);

}  // namespace farmwall::sim
