#pragma once

#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <string_view>

namespace farmwall {

// Pure helpers for text from outside. All work on bytes with the C locale, whatever the user's
// locale is (protocol 4.1).

[[nodiscard]] std::string_view trim(std::string_view text);
[[nodiscard]] std::string to_lower(std::string_view text);  // ASCII letters only
[[nodiscard]] std::string to_upper(std::string_view text);  // ASCII letters only
[[nodiscard]] bool iequals(std::string_view a, std::string_view b);

// The text with every byte that is not valid UTF-8 replaced by U+FFFD (protocol 3.4).
[[nodiscard]] std::string valid_utf8(std::string_view text);
[[nodiscard]] bool is_valid_utf8(std::string_view text);
// valid_utf8, and control characters shown as '?'.
[[nodiscard]] std::string printable(std::string_view text);

// Decimal integer or float over the whole text; nothing for empty, trailing junk, NaN, overflow.
[[nodiscard]] std::optional<std::int64_t> parse_int(std::string_view text);
[[nodiscard]] std::optional<double> parse_double(std::string_view text);
// 1 to 16 hex digits, any case, no prefix (protocol 4.1).
[[nodiscard]] std::optional<std::uint64_t> parse_hex(std::string_view text);

// Dotted IPv4 address, exactly four decimal parts 0-255, no leading zeros.
[[nodiscard]] bool is_ipv4(std::string_view text);

// The candidate with the smallest edit distance to `word`, when it is close enough to be a
// likely slip (a third of its length, at least 1); otherwise empty.
[[nodiscard]] std::string_view nearest(std::string_view word, std::span<const std::string_view> candidates);

}  // namespace farmwall
