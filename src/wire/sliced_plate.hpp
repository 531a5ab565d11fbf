#pragma once

#include <optional>

#include "base/result.hpp"
#include "model/sliced_file.hpp"
#include "wire/gcode_text.hpp"
#include "wire/slice_info.hpp"
#include "wire/slicer_settings.hpp"

namespace farmwall::wire {

// Everything that a file says of one plate, the most trusted first (protocol 11.2).
struct PlateSources {
    int index = 1;
    const SliceInfo::Plate* info = nullptr;    // null: slice_info has no such plate
    PlateType json_type = PlateType::unknown;  // of plate_N.json
    const SlicerSettings* project = nullptr;   // null: no project_settings
    GcodeText gcode;
};

// The plate without its picture and size. Errors (bad_input): the G-code is for another model than slice_info
// says, or it stays open which of two different nozzles is which.
[[nodiscard]] Result<SlicedPlate> combine(const PlateSources& sources);

}  // namespace farmwall::wire
