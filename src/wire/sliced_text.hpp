#pragma once

#include <chrono>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace farmwall::wire {

// Pure helpers for what slicers write as text (protocol 11).

inline constexpr std::size_t longest_sliced_text_bytes = 200;
inline constexpr int most_project_filaments = 256;

// Trimmed, printable UTF-8, cut to longest_sliced_text_bytes between characters.
[[nodiscard]] std::string short_text(std::string_view text);
// "#RRGGBB" or "#RRGGBBAA", the # optional, as RRGGBBAA in upper case; empty: not a colour.
[[nodiscard]] std::string color_from(std::string_view text);
// Rounded to what the JSON of an inspection keeps.
[[nodiscard]] double four_decimals(double value);
// A number of 0 to 10^9, rounded; nothing: not such a number.
[[nodiscard]] std::optional<double> amount_from(std::string_view text);
// Seconds of 0 to 10^9; a fraction is rounded.
[[nodiscard]] std::optional<std::chrono::seconds> seconds_from(std::string_view text);
// "1d 2h 3m 4s", any of which may be absent; nothing: not such a text.
[[nodiscard]] std::optional<std::chrono::seconds> duration_from(std::string_view text);
// "true", "1"; anything else is false.
[[nodiscard]] bool flag_from(std::string_view text);
// The parts between any of the separators, trimmed and without surrounding quotes; none for a blank text.
[[nodiscard]] std::vector<std::string_view> split(std::string_view text, std::string_view separators);
// Whole numbers between blanks or commas; nothing: one of them is not a number of 0 to 255.
[[nodiscard]] std::optional<std::vector<int>> small_numbers_from(std::string_view text);
// Diameters in mm, more than 0 and less than 10, between commas, semicolons or blanks; nothing: one is not.
[[nodiscard]] std::optional<std::vector<double>> diameters_from(std::string_view text);
// Without a byte order mark.
[[nodiscard]] std::string_view without_bom(std::string_view text);

}  // namespace farmwall::wire
