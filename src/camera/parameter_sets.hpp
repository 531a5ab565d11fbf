#pragma once

#include <cstdint>
#include <span>
#include <vector>

namespace farmwall::camera {

// The SPS and PPS among the NAL units of an H.264 access unit in Annex B form, in order, each behind
// 00 00 00 01. Empty unless there is at least one of both.
[[nodiscard]] std::vector<std::uint8_t> parameter_sets_of(std::span<const std::uint8_t> unit);

}  // namespace farmwall::camera
