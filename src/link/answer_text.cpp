#include "link/answer_text.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <string_view>

#include "base/text.hpp"
#include "model/errors.hpp"
#include "model/gate.hpp"

namespace farmwall::link {
namespace {

constexpr std::size_t longest_reason_bytes = 160;

// What the small negative numbers of some commands mean (protocol 6.2, 6.5).
struct NumberedReason {
    std::string_view command;
    int number;
    std::string_view sentence;
};
constexpr std::array<NumberedReason, 6> numbered_reasons{{
    {"set_ctt", -2, "The filament in use cannot bear so warm a chamber."},
    {"set_ctt", -4, "The chamber is heated from 40 °C on."},
    {"ams_change_filament", -2, "The chamber is too hot to change the filament."},
    {"ams_change_filament", -4, "The AMS is too hot to change the filament."},
    {"unload_filament", -2, "The chamber is too hot to change the filament."},
    {"unload_filament", -4, "The AMS is too hot to change the filament."},
}};

// The printer's own words, where there are any that say more than "no".
std::string words_of(const wire::Echo& echo) {
    const std::string_view said = trim(echo.reason);
    const std::string lower = to_lower(said);
    for (const std::string_view nothing : {"", "success", "fail", "failed"}) {
        if (lower == nothing) return {};
    }
    return printable(said.substr(0, longest_reason_bytes));
}

}  // namespace

std::string answer_text(const wire::Echo& echo) {
    if (!echo.failed()) return {};
    if (echo.wants_signature()) return std::string{sentence(Refusal::needs_developer_mode)};
    for (const NumberedReason& known : numbered_reasons) {
        if (echo.error_number == known.number && echo.command == known.command)
            return std::string{known.sentence};
    }
    std::string text = "The printer refused it";
    const std::string words = words_of(echo);
    if (!words.empty()) text += ": " + words;
    if (echo.err_code.value_or(0) != 0) {
        text += fmt::format(" ({})", error_code_text(*echo.err_code));
    } else if (echo.error_number.value_or(0) < 0) {
        text += fmt::format(" (error {})", *echo.error_number);
    }
    if (text.back() != '.') text += '.';
    return text;
}

bool acts(const wire::Echo& echo) {
    constexpr std::array<std::string_view, 5> families{"print", "system", "camera", "xcam", "upgrade"};
    if (std::find(families.begin(), families.end(), echo.family) == families.end()) return false;
    const std::string_view command = echo.command;
    const bool asks = command.starts_with("get_") || command.ends_with("_get") ||
                      command.ends_with("_get_result") || command == "ipcam_get_media_info";
    return !asks;
}

}  // namespace farmwall::link
