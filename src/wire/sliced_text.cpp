#include "wire/sliced_text.hpp"

#include <algorithm>
#include <cmath>

#include "base/text.hpp"

namespace farmwall::wire {
namespace {

constexpr double largest_amount = 1e9;
constexpr std::string_view blanks = " \t\r\n";

}  // namespace

std::string short_text(std::string_view text) {
    std::string out = printable(trim(text).substr(0, longest_sliced_text_bytes + 4));
    if (out.size() <= longest_sliced_text_bytes) return out;
    std::size_t end = longest_sliced_text_bytes;
    while (end > 0 && (static_cast<unsigned char>(out[end]) & 0xC0U) == 0x80U)
        --end;
    out.resize(end);
    return std::string{trim(out)};
}

std::string color_from(std::string_view text) {
    text = trim(text);
    if (text.starts_with('#')) text.remove_prefix(1);
    if ((text.size() != 6 && text.size() != 8) || !parse_hex(text)) return {};
    return to_upper(text) + (text.size() == 6 ? "FF" : "");
}

double four_decimals(double value) { return std::round(value * 1e4) / 1e4; }

std::optional<double> amount_from(std::string_view text) {
    const auto value = parse_double(trim(text));
    if (!value || *value < 0 || *value > largest_amount) return std::nullopt;
    return four_decimals(std::abs(*value));
}

std::optional<std::chrono::seconds> seconds_from(std::string_view text) {
    const auto value = amount_from(text);
    if (!value) return std::nullopt;
    return std::chrono::seconds{std::llround(*value)};
}

std::optional<std::chrono::seconds> duration_from(std::string_view text) {
    using namespace std::chrono_literals;
    constexpr int largest = 1'000'000;
    std::chrono::seconds sum = 0s;
    const auto parts = split(text, blanks);
    for (const std::string_view part : parts) {
        if (part.empty()) continue;
        const auto number = parse_double(part.substr(0, part.size() - 1));
        if (!number || *number < 0 || *number > largest) return std::nullopt;
        const auto whole = std::llround(*number);
        switch (part.back()) {
            case 'd':
                sum += whole * std::chrono::seconds{24h};
                break;
            case 'h':
                sum += whole * std::chrono::seconds{1h};
                break;
            case 'm':
                sum += whole * std::chrono::seconds{1min};
                break;
            case 's':
                sum += whole * 1s;
                break;
            default:
                return std::nullopt;
        }
    }
    constexpr std::chrono::seconds longest{std::int64_t{1'000'000'000}};
    return parts.empty() || sum > longest ? std::nullopt : std::optional{sum};
}

bool flag_from(std::string_view text) {
    text = trim(text);
    return iequals(text, "true") || text == "1";
}

std::vector<std::string_view> split(std::string_view text, std::string_view separators) {
    std::vector<std::string_view> parts;
    text = trim(text);
    if (text.empty()) return parts;
    while (true) {
        const auto end = text.find_first_of(separators);
        std::string_view part = trim(text.substr(0, end));
        if (part.size() >= 2 && part.front() == '"' && part.back() == '"')
            part = part.substr(1, part.size() - 2);
        parts.push_back(part);
        if (end == text.npos) return parts;
        text.remove_prefix(end + 1);
    }
}

std::optional<std::vector<int>> small_numbers_from(std::string_view text) {
    std::vector<int> numbers;
    for (const std::string_view part : split(text, " ,;")) {
        if (part.empty()) continue;
        const auto number = parse_int(part);
        if (!number || *number < 0 || *number > 255) return std::nullopt;
        numbers.push_back(static_cast<int>(*number));
    }
    return numbers;
}

std::optional<std::vector<double>> diameters_from(std::string_view text) {
    constexpr double largest = 10;
    std::vector<double> diameters;
    for (const std::string_view part : split(text, " ,;")) {
        if (part.empty()) continue;
        const auto number = amount_from(part);
        if (!number || *number <= 0 || *number >= largest) return std::nullopt;
        diameters.push_back(*number);
    }
    return diameters;
}

std::string_view without_bom(std::string_view text) {
    constexpr std::string_view bom = "\xEF\xBB\xBF";
    return text.starts_with(bom) ? text.substr(bom.size()) : text;
}

}  // namespace farmwall::wire
