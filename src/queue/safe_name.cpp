#include <algorithm>
#include <array>
#include <string>
#include <string_view>

#include "base/text.hpp"
#include "queue/job_files.hpp"

namespace farmwall::queue {
namespace {

constexpr std::size_t longest_name = 80;
constexpr std::size_t longest_ending = 16;

bool is_allowed(char c) {
    return (c >= 'A' && c <= 'Z') || (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9') || c == '.' ||
           c == '_' || c == '-';
}

// Every run of other characters becomes one '_', and every run of dots one dot.
std::string only_allowed(std::string_view text) {
    std::string out;
    bool in_run = false;
    for (const char c : text) {
        if (is_allowed(c)) {
            if (c != '.' || !out.ends_with('.')) out += c;
        } else if (!in_run) {
            out += '_';
        }
        in_run = !is_allowed(c);
    }
    return out;
}

// Length of ".gcode.3mf" or of another ending with its dot; 0: there is none.
std::size_t ending_length(std::string_view name) {
    constexpr std::array<std::string_view, 5> known{".gcode.3mf", ".gcode", ".3mf", ".stl", ".obj"};
    const std::string low = to_lower(name);
    for (const std::string_view ending : known) {
        if (low.ends_with(ending)) return ending.size();
    }
    const auto dot = name.rfind('.');
    if (dot == std::string_view::npos || dot + 1 == name.size()) return 0;
    const std::size_t length = name.size() - dot;
    return length <= longest_ending ? length : 0;
}

}  // namespace

std::string safe_file_name(std::string_view file_name) {
    if (const auto slash = file_name.find_last_of("/\\"); slash != std::string_view::npos)
        file_name.remove_prefix(slash + 1);
    std::string clean = only_allowed(trim(file_name));
    if (clean.ends_with('.')) clean.pop_back();
    const std::size_t ending = ending_length(clean);
    std::string stem = clean.substr(0, clean.size() - ending);
    stem.erase(0, std::min(stem.find_first_not_of('.'), stem.size()));
    stem.resize(std::min(stem.size(), longest_name - ending));
    // A name does not end with a dot, and the ending brings its own.
    if (stem.ends_with('.')) stem.pop_back();
    if (stem.empty()) stem = "file";
    return stem + clean.substr(clean.size() - ending);
}

}  // namespace farmwall::queue
