#pragma once

#include <string>
#include <string_view>

namespace farmwall::wire {

// Compact JSON, which must be valid, indented by two blanks a level; numbers without an exponent
// ("220" for "2.2E2"), as people write them.
[[nodiscard]] std::string pretty(std::string_view compact_json);

}  // namespace farmwall::wire
