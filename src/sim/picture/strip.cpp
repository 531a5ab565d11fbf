#include "sim/picture/strip.hpp"

#include <cstddef>

namespace farmwall::sim {

namespace {

constexpr std::uint8_t sync = 0b10110010;
constexpr int threshold = (strip_black_luma + strip_white_luma) / 2;

std::array<std::uint8_t, 5> payload_of(const StripData& data) {
    const auto byte = [](std::uint32_t value, int shift) {
        return static_cast<std::uint8_t>(value >> shift);
    };
    return {byte(data.printer, 8), byte(data.printer, 0), byte(data.frame, 16), byte(data.frame, 8),
            byte(data.frame, 0)};
}

}  // namespace

std::uint8_t crc8(std::span<const std::uint8_t> bytes) {
    unsigned crc = 0;
    for (const std::uint8_t byte : bytes) {
        crc ^= byte;
        for (int bit = 0; bit < 8; ++bit)
            crc = ((crc << 1) ^ ((crc & 0x80U) != 0 ? 0x07U : 0U)) & 0xFFU;
    }
    return static_cast<std::uint8_t>(crc);
}

std::array<bool, strip_blocks> strip_of(const StripData& data) {
    const auto payload = payload_of(data);
    std::array<std::uint8_t, 8> bytes{};
    bytes[0] = sync;
    for (std::size_t i = 0; i < payload.size(); ++i)
        bytes[i + 1] = payload[i];
    bytes[6] = crc8(payload);
    bytes[7] = static_cast<std::uint8_t>(~sync);
    std::array<bool, strip_blocks> blocks{};
    for (std::size_t i = 0; i < blocks.size(); ++i)
        blocks[i] = ((bytes[i / 8] >> (7 - i % 8)) & 1) != 0;
    return blocks;
}

std::optional<StripData> read_strip(const std::array<bool, strip_blocks>& blocks) {
    std::uint64_t all = 0;
    for (const bool white : blocks)
        all = (all << 1) | (white ? 1U : 0U);
    const StripData data{static_cast<std::uint16_t>(all >> 40),
                         static_cast<std::uint32_t>(all >> 16) & 0xFFFFFFU};
    if (strip_of(data) != blocks) return std::nullopt;
    return data;
}

std::optional<StripData> read_strip(const std::uint8_t* luma, int width, int height, int stride) {
    std::array<bool, strip_blocks> blocks{};
    if (width < strip_blocks || height < strip_height(width)) return std::nullopt;
    const auto* row = luma + static_cast<std::ptrdiff_t>(height - strip_height(width) / 2) * stride;
    for (int i = 0; i < strip_blocks; ++i)
        blocks[static_cast<std::size_t>(i)] = row[(2 * i + 1) * width / (2 * strip_blocks)] > threshold;
    return read_strip(blocks);
}

}  // namespace farmwall::sim
