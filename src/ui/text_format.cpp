#include "ui/text_format.hpp"

#include <fmt/chrono.h>
#include <fmt/format.h>

#include <algorithm>
#include <cmath>

#include "base/text.hpp"

namespace farmwall::ui {
namespace {

using namespace std::chrono_literals;

constexpr Duration live_below = 15s;

// The step in which an age is told.
Duration age_step(Duration age) {
    if (age < 1min) return 15s;
    if (age < 1h) return 1min;
    if (age < 24h) return 1h;
    return 24h;
}

Duration picture_age_step(Duration age) {
    if (age < 1min) return 1s;
    return age_step(age);
}

// Any number may come from outside.
int whole_degrees(double celsius) {
    if (std::isnan(celsius)) return 0;
    return static_cast<int>(std::lround(std::clamp(celsius, -999.0, 9999.0)));
}

bool starts_sequence(char byte) { return (static_cast<unsigned char>(byte) & 0xC0U) != 0x80U; }

}  // namespace

std::string minutes_text(int minutes) {
    if (minutes < 0) minutes = 0;
    if (minutes < 60) return fmt::format("{} min", minutes);
    if (minutes < 24 * 60) return fmt::format("{} h {:02} min", minutes / 60, minutes % 60);
    return fmt::format("{} d {} h", minutes / (24 * 60), minutes / 60 % 24);
}

std::string temperature_text(const std::optional<Temperature>& temperature) {
    if (!temperature) return "–";
    const auto now = whole_degrees(temperature->celsius);
    const int target = temperature->target_celsius ? whole_degrees(*temperature->target_celsius) : 0;
    if (target == 0) return fmt::format("{}°", now);
    return fmt::format("{} → {}°", now, target);
}

std::string bytes_text(std::uint64_t bytes) {
    const auto value = static_cast<double>(bytes);
    if (bytes < 1000) return fmt::format("{} B", bytes);
    if (bytes < 1'000'000) return fmt::format("{:.0f} kB", value / 1e3);
    if (bytes < 1'000'000'000) return fmt::format("{:.1f} MB", value / 1e6);
    return fmt::format("{:.2f} GB", value / 1e9);
}

std::string count_text(std::uint64_t count) {
    std::string text = fmt::format("{}", count);
    for (std::ptrdiff_t at = std::ssize(text) - 3; at > 0; at -= 3) {
        text.insert(static_cast<std::size_t>(at), 1, ' ');
    }
    return text;
}

std::string capitalised(std::string text) {
    if (!text.empty()) text.replace(0, 1, to_upper(text.substr(0, 1)));
    return text;
}

std::string clock_text(WallTime when, bool seconds) {
    const std::tm local = fmt::localtime(std::chrono::system_clock::to_time_t(when));
    return seconds ? fmt::format("{:%H:%M:%S}", local) : fmt::format("{:%H:%M}", local);
}

std::string age_text(Duration age) {
    if (age < live_below) return "live";
    if (age < 1min) return fmt::format("{} s", age / 15s * 15);
    if (age < 1h) return fmt::format("{} min", age / 1min);
    if (age < 24h) return fmt::format("{} h", age / 1h);
    return fmt::format("{} d", age / 24h);
}

Duration age_lasts(Duration age) {
    if (age < Duration{0}) return live_below - age;
    const Duration step = age_step(age);
    return step - age % step;
}

std::string picture_age_text(Duration age) {
    if (age < 1min) return fmt::format("{} s", std::max<Duration::rep>(age / 1s, 0));
    return age_text(age);
}

Duration picture_age_lasts(Duration age) {
    if (age < Duration{0}) return 1s - age;
    const Duration step = picture_age_step(age);
    return step - age % step;
}

std::string elide(std::string_view text, float limit, const std::function<float(std::string_view)>& width) {
    if (width(text) <= limit) return std::string{text};
    std::size_t fits = 0;  // bytes known to fit with the dots
    std::size_t too_long = text.size();
    while (too_long - fits > 1) {
        std::size_t middle = (fits + too_long) / 2;
        while (middle > fits && middle < text.size() && !starts_sequence(text[middle]))
            --middle;
        if (middle == fits) break;  // one sequence is left between the two
        const std::string shorter = std::string{text.substr(0, middle)} + "…";
        (width(shorter) <= limit ? fits : too_long) = middle;
    }
    while (fits > 0 && text[fits - 1] == ' ')
        --fits;
    return std::string{text.substr(0, fits)} + "…";
}

}  // namespace farmwall::ui
