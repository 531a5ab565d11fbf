#pragma once

#include "app/locations.hpp"
#include "app/options.hpp"
#include "config/config.hpp"

namespace farmwall::app {

// The window, or the picture of --screenshot. Returns the exit code. A build without a display
// stack says so.
[[nodiscard]] int run_screens(const Options& options, const config::Config& config, const Locations& places,
                              const Surroundings& surroundings);

}  // namespace farmwall::app
