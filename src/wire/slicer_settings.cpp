#include "wire/slicer_settings.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <array>

#include "wire/sliced_text.hpp"

namespace farmwall::wire {
namespace {

using Values = std::vector<std::string_view>;

constexpr std::array list_settings{
    std::string_view{"nozzle_diameter"},     std::string_view{"nozzle_type"},
    std::string_view{"filament_type"},       std::string_view{"filament_colour"},
    std::string_view{"filament_ids"},        std::string_view{"physical_extruder_map"},
    std::string_view{"filament_nozzle_map"},
};

std::vector<std::string> texts(const Values& values, std::string (*convert)(std::string_view)) {
    std::vector<std::string> out;
    for (const std::string_view value : values) {
        if (out.size() == static_cast<std::size_t>(most_project_filaments)) break;
        out.push_back(convert(value));
    }
    return out;
}

std::vector<int> numbers(const Values& values) {
    if (values.size() > static_cast<std::size_t>(most_project_filaments)) return {};
    const auto read = small_numbers_from(fmt::format("{}", fmt::join(values, ",")));
    return read && read->size() == values.size() ? *read : std::vector<int>{};
}

std::string nozzle_types(const Values& values) {
    std::vector<std::string> kinds;
    for (const std::string_view value : values) {
        std::string kind = short_text(value);
        if (!kind.empty() && kinds.size() < 4 && std::ranges::find(kinds, kind) == kinds.end()) {
            kinds.push_back(std::move(kind));
        }
    }
    return short_text(fmt::format("{}", fmt::join(kinds, ",")));
}

}  // namespace

bool is_list_setting(std::string_view key) {
    return std::ranges::find(list_settings, key) != list_settings.end();
}

void take_setting(SlicerSettings& settings, std::string_view key, const Values& values) {
    if (values.empty()) return;
    if (key == "printer_model") {
        settings.printer_model = short_text(values.front());
    } else if (key == "curr_bed_type") {
        settings.plate_type = short_text(values.front());
    } else if (key == "nozzle_diameter") {
        if (values.size() > 16) return;
        const auto read = diameters_from(fmt::format("{}", fmt::join(values, ",")));
        if (read && read->size() == values.size()) settings.nozzle_diameters_mm = *read;
    } else if (key == "nozzle_type") {
        settings.nozzle_type = nozzle_types(values);
    } else if (key == "filament_type") {
        settings.filament_types = texts(values, short_text);
    } else if (key == "filament_colour") {
        settings.filament_colors = texts(values, color_from);
    } else if (key == "filament_ids") {
        settings.filament_presets = texts(values, short_text);
    } else if (key == "physical_extruder_map") {
        settings.physical_extruders = numbers(values);
    } else if (key == "filament_nozzle_map") {
        settings.filament_nozzles = numbers(values);
    }
}

}  // namespace farmwall::wire
