#include "app/chime.hpp"

#include <doctest/doctest.h>

#include <algorithm>
#include <cmath>
#include <cstdlib>
#include <numbers>
#include <span>

using namespace farmwall::app;

namespace {

using Samples = std::span<const std::int16_t>;

std::size_t samples_in(std::chrono::milliseconds time) {
    return static_cast<std::size_t>(time.count()) * chime_rate / 1000;
}

// How strong one frequency is in the samples, by Goertzel; a full-scale sine has 1.
double strength(Samples samples, double hz) {
    const double turn = 2 * std::cos(2 * std::numbers::pi * hz / chime_rate);
    double before = 0;
    double last = 0;
    for (const std::int16_t sample : samples) {
        const double now = sample / 32'767.0 + turn * last - before;
        before = last;
        last = now;
    }
    const double power = last * last + before * before - turn * last * before;
    return 2 * std::sqrt(std::max(power, 0.0)) / static_cast<double>(samples.size());
}

// The two tones of one stroke.
Samples tone(const std::vector<std::int16_t>& all, const ChimePattern& pattern, int stroke, int which) {
    const std::size_t length = samples_in(pattern.tone);
    const std::size_t begin = static_cast<std::size_t>(stroke) * (2 * length + samples_in(pattern.pause));
    return Samples{all}.subspan(begin + static_cast<std::size_t>(which) * length, length);
}

int loudest(Samples samples) {
    int most = 0;
    for (const std::int16_t sample : samples)
        most = std::max(most, std::abs(static_cast<int>(sample)));
    return most;
}

}  // namespace

TEST_CASE("chime: it is loud, and never at full scale") {
    for (int level = 0; level <= highest_chime; ++level) {
        CAPTURE(level);
        const auto samples = chime(level);
        CHECK(loudest(samples) > 14'000);
        CHECK(loudest(samples) < 32'000);
    }
}

TEST_CASE("chime: it begins, ends and passes from tone to tone without a click") {
    for (int level = 0; level <= highest_chime; ++level) {
        CAPTURE(level);
        const auto samples = chime(level);
        const ChimePattern pattern = chime_pattern(level);
        const std::size_t ms = chime_rate / 1000;
        for (int stroke = 0; stroke < pattern.strokes; ++stroke) {
            for (const int which : {0, 1}) {
                const Samples one = tone(samples, pattern, stroke, which);
                CHECK(loudest(one.first(ms / 4)) < 300);
                CHECK(loudest(one.last(ms / 4)) < 300);
            }
        }
        CHECK(samples.front() == 0);
        CHECK(samples.back() == 0);
        int steepest = 0;
        for (std::size_t i = 1; i < samples.size(); ++i)
            steepest = std::max(steepest, std::abs(samples[i] - samples[i - 1]));
        // What the two sines can do at most; a click is a jump.
        const double turn = 2 * std::numbers::pi * pattern.high_hz / chime_rate;
        CHECK(steepest < 32'767 * turn * 1.2);
    }
}

TEST_CASE("chime: it is as long as its pattern, about a second, and ends in silence") {
    for (int level = 0; level <= highest_chime; ++level) {
        CAPTURE(level);
        const ChimePattern pattern = chime_pattern(level);
        const auto samples = chime(level);
        CHECK(samples.size() == static_cast<std::size_t>(pattern.strokes) *
                                    (2 * samples_in(pattern.tone) + samples_in(pattern.pause)));
        CHECK(samples.size() > chime_rate / 2);
        CHECK(samples.size() < chime_rate * 3 / 2);
        CHECK(loudest(Samples{samples}.last(samples_in(pattern.pause))) == 0);
    }
}

TEST_CASE("chime: each stroke is the high tone and then the low one") {
    for (int level = 0; level <= highest_chime; ++level) {
        CAPTURE(level);
        const ChimePattern pattern = chime_pattern(level);
        const auto samples = chime(level);
        CHECK(pattern.high_hz > pattern.low_hz);
        for (int stroke = 0; stroke < pattern.strokes; ++stroke) {
            const Samples high = tone(samples, pattern, stroke, 0);
            const Samples low = tone(samples, pattern, stroke, 1);
            CHECK(strength(high, pattern.high_hz) > 0.2);
            CHECK(strength(low, pattern.low_hz) > 0.2);
            CHECK(strength(high, pattern.low_hz) < 0.1 * strength(high, pattern.high_hz));
            CHECK(strength(low, pattern.high_hz) < 0.1 * strength(low, pattern.low_hz));
        }
    }
}

TEST_CASE("chime: levels sound different, and those out of range like the nearest") {
    for (int level = 1; level <= highest_chime; ++level) {
        CHECK(chime_pattern(level).strokes > chime_pattern(level - 1).strokes);
        CHECK(chime_pattern(level).high_hz > chime_pattern(level - 1).high_hz);
        CHECK(chime_pattern(level).tone < chime_pattern(level - 1).tone);
    }
    CHECK(chime(-1) == chime(0));
    CHECK(chime(highest_chime + 5) == chime(highest_chime));
}
