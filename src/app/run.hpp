#pragma once

#include "app/options.hpp"

namespace farmwall::app {

// Does what the command line asks for; returns the exit code: 0, or 2 with one sentence on standard
// error for each thing that is wrong.
[[nodiscard]] int run(const Options& options);

}  // namespace farmwall::app
