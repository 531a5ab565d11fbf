#pragma once

#include <optional>
#include <string>
#include <string_view>

namespace farmwall::wire {

// On one line, with '=' at the end where it is needed.
[[nodiscard]] std::string to_base64(std::string_view bytes);
// Nothing: not such a text.
[[nodiscard]] std::optional<std::string> from_base64(std::string_view text);

}  // namespace farmwall::wire
