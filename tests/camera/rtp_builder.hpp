#pragma once

#include <cstdint>
#include <string>
#include <vector>

// Builds RTP packets and H.264 units for tests.
struct Rtp {
    std::uint16_t sequence = 0;
    std::uint32_t timestamp = 1000;
    bool marker = false;
    std::uint8_t payload_type = 96;
    std::uint32_t source = 7;

    [[nodiscard]] std::string with(const std::string& payload) const {
        std::string made{'\x80'};
        made += static_cast<char>(payload_type | (marker ? 0x80 : 0));
        const auto number = [&](std::uint32_t value, int bytes) {
            for (int i = bytes - 1; i >= 0; --i)
                made += static_cast<char>(value >> (8 * i) & 0xFFU);
        };
        number(sequence, 2);
        number(timestamp, 4);
        number(source, 4);
        return made + payload;
    }
};

namespace units {

// A slice of this size: first macroblock 0 or 1, type P (0) or I (2), then filler.
inline std::string slice(int header, bool first, bool intra, std::size_t size, char fill = 's') {
    // ue(0) is 1, ue(1) is 010, ue(2) is 011.
    std::string bits = first ? "1" : "010";
    bits += intra ? "011" : "1";
    bits.resize(8, '1');
    std::string made{static_cast<char>(header), static_cast<char>(std::stoi(bits, nullptr, 2))};
    made.resize(size, fill);
    return made;
}
inline std::string idr(std::size_t size = 100, char fill = 'i') {
    return slice(0x65, true, true, size, fill);
}
inline std::string p(std::size_t size = 40, char fill = 'p') { return slice(0x41, true, false, size, fill); }
inline std::string i(std::size_t size = 60, char fill = 'I') { return slice(0x41, true, true, size, fill); }
inline std::string p_rest(std::size_t size = 40, char fill = 'r') {
    return slice(0x41, false, false, size, fill);
}
inline const std::string sps{"\x67\x64\x00\x29\xAC\x01", 6};  // number 0
inline const std::string pps{"\x68\xEE\x3C\xB0", 4};          // number 0
inline const std::string delimiter{"\x09\xF0", 2};
inline const std::string sei{"\x06\x05\x01\x00\x80", 5};

inline std::string annex_b(const std::vector<std::string>& list) {
    std::string made;
    for (const std::string& unit : list)
        made += std::string{"\0\0\0\1", 4} + unit;
    return made;
}

inline std::string stap_a(const std::vector<std::string>& list) {
    std::string made{'\x78'};
    for (const std::string& unit : list) {
        made += static_cast<char>(unit.size() / 256);
        made += static_cast<char>(unit.size() % 256);
        made += unit;
    }
    return made;
}

// The payloads of one unit in pieces of at most `size` bytes.
inline std::vector<std::string> fu_a(const std::string& unit, std::size_t size) {
    std::vector<std::string> made;
    const auto header = static_cast<unsigned char>(unit[0]);
    for (std::size_t at = 1; at < unit.size(); at += size) {
        const bool starts = at == 1;
        const bool ends = at + size >= unit.size();
        std::string piece{static_cast<char>((header & 0xE0U) | 28U)};
        piece += static_cast<char>((header & 0x1FU) | (starts ? 0x80U : 0U) | (ends ? 0x40U : 0U));
        made.push_back(piece + unit.substr(at, size));
    }
    return made;
}

}  // namespace units
