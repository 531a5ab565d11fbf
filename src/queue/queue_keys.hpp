#pragma once

#include <array>
#include <cstdint>
#include <string_view>
#include <utility>

#include "model/job.hpp"

// What writing and reading queue.json have in common.
namespace farmwall::queue {

inline constexpr std::int64_t queue_version = 1;

inline constexpr std::array<std::pair<std::string_view, bool StartOptions::*>, 5> option_keys{{
    {"timelapse", &StartOptions::timelapse},
    {"bed_leveling", &StartOptions::bed_leveling},
    {"flow_calibration", &StartOptions::flow_calibration},
    {"vibration_calibration", &StartOptions::vibration_calibration},
    {"first_layer_inspection", &StartOptions::first_layer_inspection},
}};

}  // namespace farmwall::queue
