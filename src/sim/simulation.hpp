#pragma once

#include "base/result.hpp"
#include "sim/options.hpp"

namespace farmwall::sim {

// Starts the farm, prints "ready <path of config.toml>" on standard output, and returns when it was
// asked to end. Errors: what kept it from starting or from going on.
[[nodiscard]] Status run_farm(const Options& options);

}  // namespace farmwall::sim
