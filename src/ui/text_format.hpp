#pragma once

#include <cstdint>
#include <functional>
#include <optional>
#include <string>
#include <string_view>

#include "base/clock.hpp"
#include "model/facts.hpp"

namespace farmwall::ui {

// Pure texts of the screens. Everything is UTF-8.

// "48 min", "2 h 05 min", "3 d 4 h"; minutes below zero count as none.
[[nodiscard]] std::string minutes_text(int minutes);
// "219 → 220°"; "219°" without a target or with the heater off; "–" when unknown.
[[nodiscard]] std::string temperature_text(const std::optional<Temperature>& temperature);
// "19 kB", "4.2 MB" in powers of 1000.
[[nodiscard]] std::string bytes_text(std::uint64_t bytes);
// "1 234 567" with thin gaps between thousands.
[[nodiscard]] std::string count_text(std::uint64_t count);
// With a capital at the beginning.
[[nodiscard]] std::string capitalised(std::string text);
// "14:05" in local time; seconds on request.
[[nodiscard]] std::string clock_text(WallTime when, bool seconds = false);

// How old the data is, coarse so that it rarely changes: "live" below 15 s, then "15 s", "30 s",
// "45 s", minutes, hours, days.
[[nodiscard]] std::string age_text(Duration age);
// How much later age_text gives another text.
[[nodiscard]] Duration age_lasts(Duration age);

// How old a picture is: "12 s", "3 min", "2 h", "4 d".
[[nodiscard]] std::string picture_age_text(Duration age);
// How much later picture_age_text gives another text.
[[nodiscard]] Duration picture_age_lasts(Duration age);

// The text, or as much of its begin as is not wider than `limit`, with "…" at the end. Never cuts
// inside a UTF-8 sequence. `width` measures.
[[nodiscard]] std::string elide(std::string_view text, float limit,
                                const std::function<float(std::string_view)>& width);

}  // namespace farmwall::ui
