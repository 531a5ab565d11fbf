#include "sim/machine/jpeg_wire.hpp"

#include <algorithm>
#include <string_view>

namespace farmwall::sim {

namespace {

constexpr std::size_t user_at = 16;
constexpr std::size_t code_at = 48;
constexpr std::size_t field_bytes = 32;
constexpr std::uint32_t names_bytes = 64;
constexpr std::uint32_t login_type = 0x3000;

std::uint32_t number_at(std::span<const std::uint8_t> bytes, std::size_t at) {
    return static_cast<std::uint32_t>(bytes[at]) | static_cast<std::uint32_t>(bytes[at + 1]) << 8 |
           static_cast<std::uint32_t>(bytes[at + 2]) << 16 | static_cast<std::uint32_t>(bytes[at + 3]) << 24;
}

// Zero-padded to the whole field.
bool field_is(std::span<const std::uint8_t> field, std::string_view text) {
    if (text.size() > field.size()) return false;
    for (std::size_t i = 0; i < field.size(); ++i)
        if (field[i] != (i < text.size() ? static_cast<std::uint8_t>(text[i]) : 0)) return false;
    return true;
}

}  // namespace

bool is_jpeg_login(std::span<const std::uint8_t, jpeg_login_bytes> login, const Secret& code) {
    return number_at(login, 0) == names_bytes && number_at(login, 4) == login_type &&
           number_at(login, 8) == 0 && number_at(login, 12) == 0 &&
           field_is(login.subspan(user_at, field_bytes), "bblp") &&
           field_is(login.subspan(code_at, field_bytes), code.reveal());
}

std::array<std::uint8_t, jpeg_header_bytes> jpeg_header(std::uint32_t picture_bytes) {
    std::array<std::uint8_t, jpeg_header_bytes> header{};
    for (std::size_t i = 0; i < 4; ++i)
        header[i] = static_cast<std::uint8_t>(picture_bytes >> (8 * i));
    header[8] = 1;
    return header;
}

}  // namespace farmwall::sim
