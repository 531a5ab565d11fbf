#include "app/chime.hpp"

#include <algorithm>
#include <cmath>
#include <numbers>

namespace farmwall::app {
namespace {

using namespace std::chrono_literals;

constexpr double peak = 0.8;            // of full scale
constexpr double overtone_share = 0.2;  // of the octave above, for a bell's colour
constexpr auto rise = 6ms;
constexpr auto fall = 15ms;

std::size_t samples_in(std::chrono::milliseconds time) {
    return static_cast<std::size_t>(time.count()) * chime_rate / 1000;
}

// From 0 to 1 and back without an edge; between them a bell's decay.
double loudness(std::size_t at, std::size_t count) {
    const auto ramp = [](std::size_t position, std::chrono::milliseconds length) {
        const double part = static_cast<double>(position) / static_cast<double>(samples_in(length));
        return part >= 1 ? 1.0 : 0.5 - 0.5 * std::cos(std::numbers::pi * part);
    };
    const double decay = std::exp(-1.5 * static_cast<double>(at) / static_cast<double>(count));
    return decay * ramp(at, rise) * ramp(count - 1 - at, fall);
}

void add_tone(std::vector<std::int16_t>& to, double hz, std::chrono::milliseconds length) {
    const std::size_t count = samples_in(length);
    for (std::size_t i = 0; i < count; ++i) {
        const double turn = 2 * std::numbers::pi * hz * static_cast<double>(i) / chime_rate;
        const double wave = (1 - overtone_share) * std::sin(turn) + overtone_share * std::sin(2 * turn);
        to.push_back(static_cast<std::int16_t>(std::lround(32'767 * peak * loudness(i, count) * wave)));
    }
}

}  // namespace

ChimePattern chime_pattern(int level) {
    switch (std::clamp(level, 0, highest_chime)) {
        case 0:
            return {1, 880, 660, 350ms, 100ms};
        case 1:
            return {2, 990, 740, 220ms, 80ms};
        default:
            return {3, 1320, 880, 140ms, 60ms};
    }
}

std::vector<std::int16_t> chime(int level) {
    const ChimePattern pattern = chime_pattern(level);
    std::vector<std::int16_t> samples;
    for (int stroke = 0; stroke < pattern.strokes; ++stroke) {
        add_tone(samples, pattern.high_hz, pattern.tone);
        add_tone(samples, pattern.low_hz, pattern.tone);
        samples.resize(samples.size() + samples_in(pattern.pause), 0);
    }
    return samples;
}

}  // namespace farmwall::app
