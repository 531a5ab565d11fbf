#pragma once

#include <string>

#include "camera/black_box.hpp"

namespace farmwall::camera {

// What a clip turned out to be.
struct ClipFacts {
    TimePoint first_picture{};
    double seconds = 0;  // from the first picture to the last
    std::size_t pictures = 0;
    Codec codec = Codec::h264;
    int width = 0;
    int height = 0;
};

// The JSON beside a clip. "fault_at_sec" counts from the first picture and may lie outside the clip: when
// the camera was silent at that moment.
[[nodiscard]] std::string clip_json(const ClipSubject& subject, const ClipFacts& facts);

}  // namespace farmwall::camera
