#pragma once

#include <string_view>

#include "base/result.hpp"
#include "sim/machine/machine.hpp"

namespace farmwall::sim {

// The `set` of the control connection as far as it concerns the machine. `value` is JSON text.
// Errors: bad_input.
[[nodiscard]] Status force(Machine& machine, std::string_view what, std::string_view value);

// A number, or text such as "0700-8011" or "07008011" (protocol 5.1). Errors: bad_input.
[[nodiscard]] Result<std::uint32_t> error_code_from(std::string_view json_value);

// [{"attr":A,"code":C}, …] or ["0300_0100_0001_0007", …], or one of either. Errors: bad_input.
[[nodiscard]] Result<std::vector<HmsEntry>> hms_from(std::string_view json_value);

}  // namespace farmwall::sim
