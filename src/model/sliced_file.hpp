#pragma once

#include <chrono>
#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "model/printer_model.hpp"

namespace farmwall {

// What a sliced file says of itself (protocol 11), as values; wire's inspection makes them. Texts come from
// the file, are valid UTF-8 and bounded in length. An empty text or option was not said: unknown.

// A filament that a plate uses.
struct SlicedFilament {
    int id = 0;             // place in the project's list, from 1
    std::string preset_id;  // tray_info_idx: "GFA00"
    std::string material;   // "PLA", as it stands there
    std::string color;      // RRGGBBAA, upper case
    double grams = 0;       // 0: not said
    double metres = 0;      // 0: not said
    // The nozzle that the slicer fixed, as the printer counts: 0 right/main, 1 left (protocol 11.5).
    // Nothing: not fixed, or the machine has one.
    std::optional<int> extruder;
    friend bool operator==(const SlicedFilament&, const SlicedFilament&) = default;
};

struct SlicedObject {
    int id = 0;  // identify_id: what skip_objects takes
    std::string name;
    friend bool operator==(const SlicedObject&, const SlicedObject&) = default;
};

struct SliceWarning {
    std::string message;  // "bed_temperature_too_high_than_filament"
    int level = 0;        // 3: red in the slicer
    friend bool operator==(const SliceWarning&, const SliceWarning&) = default;
};

// As `bed_type` of project_file spells them (protocol 7.1).
enum class PlateType { unknown, cool_plate, eng_plate, hot_plate, textured_plate, supertack_plate };
// "textured_plate"; "unknown".
[[nodiscard]] std::string_view name(PlateType type);
// "Textured PEI plate".
[[nodiscard]] std::string_view describe(PlateType type);
// What slicers write (`curr_bed_type`, `bed_type`): "Textured PEI Plate", "hot_plate" …; any case.
[[nodiscard]] PlateType plate_type_from(std::string_view text);

// One printable plate.
struct SlicedPlate {
    int index = 1;                               // N of Metadata/plate_N.gcode; 1 for plain G-code
    std::string model_code;                      // printer_model_id, or printer_model, as it stands there
    PrinterModel model = PrinterModel::unknown;  // of that
    std::vector<double> nozzle_diameters_mm;     // one a nozzle, in the order of the printer's extruders
    std::string nozzle_type;                     // "hardened_steel"
    PlateType plate_type = PlateType::unknown;
    std::vector<SlicedFilament> filaments;  // used ones, by ascending id
    std::optional<std::chrono::seconds> prediction;
    std::optional<double> grams;
    std::optional<int> layers;
    bool outside = false;           // something lies outside the plate: must not be printed
    bool labelled_objects = false;  // single objects can be skipped
    std::vector<SlicedObject> objects;
    std::vector<SliceWarning> warnings;
    std::uint64_t gcode_bytes = 0;
    // PNG for lists, about 128 × 128; null: the file has none that is small enough.
    std::shared_ptr<const std::string> thumbnail_png;
    friend bool operator==(const SlicedPlate&, const SlicedPlate&) = default;
};

struct SlicedFile {
    enum class Kind { gcode_3mf, gcode };
    Kind kind = Kind::gcode_3mf;
    std::uint64_t bytes = 0;
    std::string sha256;               // of the whole file, lower-case hex
    std::string slicer;               // "BambuStudio 02.02.00.85"
    int project_filaments = 1;        // length of ams_mapping (protocol 7.2)
    std::vector<SlicedPlate> plates;  // by ascending index, at least one
    friend bool operator==(const SlicedFile&, const SlicedFile&) = default;
};

// Null: there is no such plate.
[[nodiscard]] const SlicedPlate* find_plate(const SlicedFile& file, int index);

// What a file is by its name alone; any case.
enum class JobFileKind {
    sliced,   // .gcode, .gcode.3mf: must pass inspection
    project,  // .3mf: sliced or not, inspection tells
    model,    // .stl, .obj: must be sliced
    unknown,  // not accepted
};
[[nodiscard]] JobFileKind job_file_kind(std::string_view file_name);

}  // namespace farmwall
