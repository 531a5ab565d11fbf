#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "base/result.hpp"
#include "model/sliced_file.hpp"

namespace farmwall::wire {

// Those settings of a slicer that say what a file is for: of project_settings.config or of the config block
// in the G-code (protocol 11.4, 11.6). Lists by filament have the place id - 1, by extruder the slicer's
// order.
struct SlicerSettings {
    std::string printer_model;  // "Bambu Lab P1S"
    std::vector<double> nozzle_diameters_mm;
    std::string nozzle_type;  // several that differ: with commas between them
    std::string plate_type;   // curr_bed_type
    std::vector<std::string> filament_types;
    std::vector<std::string> filament_colors;  // RRGGBBAA, or empty
    std::vector<std::string> filament_presets;
    std::vector<int> physical_extruders;  // printer extruder (0 right, 1 left) of each slicer extruder
    std::vector<int> filament_nozzles;    // slicer extruder of each filament
    friend bool operator==(const SlicerSettings&, const SlicerSettings&) = default;
};

// Takes one setting, if it is one of them. A value that cannot be read counts as not said.
void take_setting(SlicerSettings& settings, std::string_view key,
                  const std::vector<std::string_view>& values);
// Those keys of which a text holds several values, separated by commas or semicolons.
[[nodiscard]] bool is_list_setting(std::string_view key);

// Metadata/project_settings.config. Nothing: it is no JSON object; some exporters write INI text.
[[nodiscard]] std::optional<SlicerSettings> read_project_settings(std::string_view text);
// bed_type of Metadata/plate_N.json; unknown: no JSON, or not in it.
[[nodiscard]] PlateType read_plate_json(std::string_view text);

}  // namespace farmwall::wire
