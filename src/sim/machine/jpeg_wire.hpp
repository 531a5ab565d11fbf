#pragma once

#include <array>
#include <cstdint>
#include <span>

#include "base/secret.hpp"

namespace farmwall::sim {

// The bytes of the JPEG stream (protocol 10.2).

constexpr std::size_t jpeg_login_bytes = 80;
constexpr std::size_t jpeg_header_bytes = 16;
constexpr std::size_t jpeg_record_bytes = 4096;  // at most, in one TLS record

// The login of user bblp with this code, byte for byte.
[[nodiscard]] bool is_jpeg_login(std::span<const std::uint8_t, jpeg_login_bytes> login, const Secret& code);
// What stands before a picture.
[[nodiscard]] std::array<std::uint8_t, jpeg_header_bytes> jpeg_header(std::uint32_t picture_bytes);

}  // namespace farmwall::sim
