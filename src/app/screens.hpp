#pragma once

#include <memory>

#include "app/locations.hpp"
#include "app/options.hpp"
#include "config/config.hpp"
#include "model/error_texts.hpp"

namespace farmwall::app {

// The window, or the picture of --screenshot. Returns the exit code. A build without a display
// stack says so.
[[nodiscard]] int run_screens(const Options& options, const config::Config& config, const Locations& places,
                              const Surroundings& surroundings,
                              const std::shared_ptr<const ErrorTexts>& texts);

}  // namespace farmwall::app
