#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "base/result.hpp"

namespace farmwall::camera {

// The H.264 track of a session description (RFC 4566, RFC 6184).
struct SdpTrack {
    int payload_type = 96;
    std::string control;          // of the track; empty: not said
    std::string session_control;  // of all tracks together; empty: not said
    // SPS and PPS without start codes; empty: they come in band.
    std::vector<std::vector<std::uint8_t>> parameter_sets;
    friend bool operator==(const SdpTrack&, const SdpTrack&) = default;
};

// The first H.264 track. Errors: bad_input (no session description), unsupported (no such track, or one
// that is sent interleaved in a way that no camera uses).
[[nodiscard]] Result<SdpTrack> find_h264(std::string_view sdp);

}  // namespace farmwall::camera
