#include "camera/clip_names.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <array>

namespace farmwall::camera {
namespace {

constexpr std::array<std::string_view, 3> endings = {".mp4", ".mkv", ".json"};
constexpr std::string_view unfinished_beginning = ".";
constexpr std::string_view unfinished_ending = ".part";
constexpr std::string_view time_pattern = "dddd-dd-ddTdd-dd-ddZ_";
constexpr std::size_t longest_name = 64;

bool is_digit(char c) { return c >= '0' && c <= '9'; }
bool is_plain(char c) {
    return is_digit(c) || (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || c == '_' || c == '-';
}

// Letters, digits, '_' and '-' only; anything else, dots included, becomes '_'.
std::string plain(std::string_view text, std::string_view if_empty) {
    std::string made{text.substr(0, longest_name)};
    std::ranges::replace_if(
        made, [](char c) { return !is_plain(c); }, '_');
    return made.empty() ? std::string{if_empty} : made;
}

struct Parts {
    std::chrono::year_month_day day;
    std::chrono::hh_mm_ss<std::chrono::milliseconds> time;
};

Parts parts_of(WallTime when) {
    const auto day = std::chrono::floor<std::chrono::days>(when);
    return {std::chrono::year_month_day{day},
            std::chrono::hh_mm_ss{std::chrono::floor<std::chrono::milliseconds>(when - day)}};
}

std::string text_of(WallTime when, const char* format) {
    const Parts parts = parts_of(when);
    return fmt::format(fmt::runtime(format), static_cast<int>(parts.day.year()),
                       static_cast<unsigned>(parts.day.month()), static_cast<unsigned>(parts.day.day()),
                       parts.time.hours().count(), parts.time.minutes().count(), parts.time.seconds().count(),
                       parts.time.subseconds().count());
}

bool is_there(const std::filesystem::path& file) {
    std::error_code problem;
    return std::filesystem::exists(std::filesystem::symlink_status(file, problem));
}

bool taken(const std::filesystem::path& folder, const std::string& stem) {
    return std::ranges::any_of(endings, [&](std::string_view ending) {
        const std::string name = stem + std::string{ending};
        return is_there(folder / name) || is_there(folder / unfinished_name(name));
    });
}

}  // namespace

std::string iso_time(WallTime when) { return text_of(when, "{:04}-{:02}-{:02}T{:02}:{:02}:{:02}.{:03}Z"); }

std::string file_time(WallTime when) { return text_of(when, "{:04}-{:02}-{:02}T{:02}-{:02}-{:02}Z"); }

std::filesystem::path clip_folder(const std::filesystem::path& folder, const PrinterId& printer) {
    return folder / plain(printer.value, "printer");
}

std::string free_stem(const std::filesystem::path& folder, WallTime when, std::string_view cause) {
    const std::string wanted = file_time(when) + "_" + plain(cause, "fault");
    std::string stem = wanted;
    for (int number = 2; taken(folder, stem); ++number)
        stem = fmt::format("{}-{}", wanted, number);
    return stem;
}

std::string_view clip_stem(std::string_view file_name) {
    const auto ending = std::ranges::find_if(endings, [&](auto end) { return file_name.ends_with(end); });
    if (ending == endings.end()) return {};
    const std::string_view stem = file_name.substr(0, file_name.size() - ending->size());
    if (stem.size() <= time_pattern.size()) return {};
    for (std::size_t i = 0; i < time_pattern.size(); ++i) {
        const bool fits = time_pattern[i] == 'd' ? is_digit(stem[i]) : stem[i] == time_pattern[i];
        if (!fits) return {};
    }
    return std::ranges::all_of(stem.substr(time_pattern.size()), is_plain) ? stem : std::string_view{};
}

std::string unfinished_name(std::string_view file_name) {
    return fmt::format("{}{}{}", unfinished_beginning, file_name, unfinished_ending);
}

bool is_unfinished(std::string_view file_name) {
    if (!file_name.starts_with(unfinished_beginning) || !file_name.ends_with(unfinished_ending)) return false;
    file_name.remove_prefix(unfinished_beginning.size());
    return file_name.size() > unfinished_ending.size() &&
           !clip_stem(file_name.substr(0, file_name.size() - unfinished_ending.size())).empty();
}

}  // namespace farmwall::camera
