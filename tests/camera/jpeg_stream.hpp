#pragma once

#include <cstdint>
#include <string>

// One picture of the stream of P1 and A1 (protocol 10.2).
inline std::string jpeg_header(std::uint32_t length, std::uint32_t track = 0, std::uint32_t flags = 1,
                               std::uint32_t zero = 0) {
    std::string made;
    for (const std::uint32_t field : {length, track, flags, zero}) {
        for (unsigned shift = 0; shift < 32; shift += 8)
            made += static_cast<char>(field >> shift & 0xFFU);
    }
    return made;
}

inline std::string some_jpeg(std::size_t size, char fill = 'j') {
    return "\xFF\xD8\xFF\xE0" + std::string(size - 6, fill) + "\xFF\xD9";
}

inline std::string framed(const std::string& jpeg) {
    return jpeg_header(static_cast<std::uint32_t>(jpeg.size())) + jpeg;
}
