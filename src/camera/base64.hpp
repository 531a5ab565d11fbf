#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace farmwall::camera {

[[nodiscard]] std::string to_base64(std::string_view bytes);
// Padding may be missing; nothing for any other character.
[[nodiscard]] std::optional<std::vector<std::uint8_t>> from_base64(std::string_view text);

}  // namespace farmwall::camera
