#pragma once

#include <cstdint>
#include <filesystem>
#include <map>
#include <string>
#include <vector>

#include "config/config.hpp"

namespace farmwall::config {

// assets/theme.toml as plain values, for the screens: [colors] name = "#RRGGBB" or "#RRGGBBAA",
// [sizes] name = number. Which names there must be is the screens' business.
struct Palette {
    std::map<std::string, std::uint32_t> colors;  // 0xRRGGBBAA
    std::map<std::string, double> sizes;
    std::vector<Problem> problems;
};
[[nodiscard]] Palette load_palette(const std::filesystem::path& file);

}  // namespace farmwall::config
