#pragma once

#include <chrono>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "base/result.hpp"
#include "model/sliced_file.hpp"

namespace farmwall::wire {

// Metadata/slice_info.config (protocol 11.3) as it stands there. An empty text or option was not said.
struct SliceInfo {
    struct Filament {
        SlicedFilament filament;   // its extruder is not set
        std::optional<int> group;  // slicer extruder, from 0
    };
    struct Plate {
        int index = 0;
        std::string model_code;
        std::vector<double> nozzle_diameters_mm;  // by slicer extruder
        std::string plate_type;                   // curr_bed_type
        std::vector<int> filament_maps;           // by filament id - 1: slicer extruder, from 1
        std::vector<Filament> filaments;          // by ascending id
        std::optional<std::chrono::seconds> prediction;
        std::optional<double> grams;
        bool outside = false;
        bool labelled_objects = false;
        std::vector<SlicedObject> objects;
        std::vector<SliceWarning> warnings;
    };
    std::string slicer;         // client type and version
    std::vector<Plate> plates;  // by ascending index
};

inline constexpr std::size_t most_slice_info_bytes = std::size_t{4} << 20U;
inline constexpr int highest_plate_index = 1000;

// Errors (bad_input): no well-formed XML, a DOCTYPE, too deep or too much of it, or a plate, nozzle or
// filament id that cannot be read: what decides whether a file fits a printer is never guessed.
[[nodiscard]] Result<SliceInfo> read_slice_info(std::string_view xml);

}  // namespace farmwall::wire
