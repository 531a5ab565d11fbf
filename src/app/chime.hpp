#pragma once

#include <chrono>
#include <cstdint>
#include <vector>

namespace farmwall::app {

// The sound of an alarm: two tones one after the other, the higher first. With each level it is played once
// more, higher and faster, so that levels differ to the ear. Pure.

inline constexpr int chime_rate = 44'100;  // samples a second, one channel
inline constexpr int highest_chime = 2;    // levels above sound like this one

struct ChimePattern {
    int strokes = 1;  // of two tones each
    double high_hz = 0;
    double low_hz = 0;
    std::chrono::milliseconds tone{};   // of each of the two
    std::chrono::milliseconds pause{};  // after a stroke
};
[[nodiscard]] ChimePattern chime_pattern(int level);
// 16 bit samples; begins and ends in silence. About a second.
[[nodiscard]] std::vector<std::int16_t> chime(int level);

}  // namespace farmwall::app
