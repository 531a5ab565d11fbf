#include "camera/rtp_packet.hpp"

#include <cstddef>

namespace farmwall::camera {

namespace {

std::uint32_t big_endian(std::span<const std::uint8_t> bytes) {
    std::uint32_t value = 0;
    for (const std::uint8_t byte : bytes)
        value = value << 8U | byte;
    return value;
}

}  // namespace

std::optional<RtpPacket> parse_rtp(std::span<const std::uint8_t> bytes) {
    constexpr std::size_t fixed = 12;
    if (bytes.size() < fixed || bytes[0] >> 6U != 2) return std::nullopt;
    RtpPacket packet;
    packet.marker = (bytes[1] & 0x80U) != 0;
    packet.payload_type = bytes[1] & 0x7FU;
    packet.sequence = static_cast<std::uint16_t>(big_endian(bytes.subspan(2, 2)));
    packet.timestamp = big_endian(bytes.subspan(4, 4));
    packet.source = big_endian(bytes.subspan(8, 4));
    std::size_t header = fixed + 4UL * (bytes[0] & 0x0FU);  // contributing sources
    if ((bytes[0] & 0x10U) != 0) {                          // a header extension
        if (bytes.size() < header + 4) return std::nullopt;
        header += 4 + 4UL * big_endian(bytes.subspan(header + 2, 2));
    }
    if (bytes.size() < header) return std::nullopt;
    packet.payload = bytes.subspan(header);
    if ((bytes[0] & 0x20U) != 0) {  // padding, its length in the last byte
        const std::size_t padding = bytes.back();
        if (padding == 0 || padding > packet.payload.size()) return std::nullopt;
        packet.payload = packet.payload.first(packet.payload.size() - padding);
    }
    return packet;
}

}  // namespace farmwall::camera
