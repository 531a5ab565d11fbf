#pragma once

#include <cstdint>
#include <optional>
#include <span>

namespace farmwall::camera {

// One RTP packet (RFC 3550); the payload points into the bytes it was read from.
struct RtpPacket {
    std::uint16_t sequence = 0;
    std::uint32_t timestamp = 0;
    std::uint32_t source = 0;  // SSRC
    std::uint8_t payload_type = 0;
    bool marker = false;
    std::span<const std::uint8_t> payload;
};

// Nothing: not a packet of RTP version 2.
[[nodiscard]] std::optional<RtpPacket> parse_rtp(std::span<const std::uint8_t> bytes);

}  // namespace farmwall::camera
