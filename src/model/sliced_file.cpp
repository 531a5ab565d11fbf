#include "model/sliced_file.hpp"

#include <algorithm>
#include <array>

#include "base/text.hpp"

namespace farmwall {
namespace {

struct PlateName {
    PlateType type;
    std::string_view name;
    std::string_view description;
};
constexpr std::array plate_names{
    PlateName{PlateType::unknown, "unknown", "unknown plate"},
    PlateName{PlateType::cool_plate, "cool_plate", "Cool plate"},
    PlateName{PlateType::eng_plate, "eng_plate", "Engineering plate"},
    PlateName{PlateType::hot_plate, "hot_plate", "High temperature plate"},
    PlateName{PlateType::textured_plate, "textured_plate", "Textured PEI plate"},
    PlateName{PlateType::supertack_plate, "supertack_plate", "Cool plate SuperTack"},
};

const PlateName& entry(PlateType type) { return *std::ranges::find(plate_names, type, &PlateName::type); }

}  // namespace

std::string_view name(PlateType type) { return entry(type).name; }
std::string_view describe(PlateType type) { return entry(type).description; }

PlateType plate_type_from(std::string_view text) {
    const std::string low = to_lower(text);
    const auto has = [&](std::string_view part) { return low.find(part) != std::string::npos; };
    // "Cool Plate (SuperTack)" before "Cool Plate", "Textured Cool Plate" is a cool plate.
    if (has("supertack") || has("super tack")) return PlateType::supertack_plate;
    if (has("cool") || low == "pc") return PlateType::cool_plate;
    if (has("textured") || low == "pte") return PlateType::textured_plate;
    if (has("eng") || low == "pe") return PlateType::eng_plate;
    if (has("high temp") || has("hot_plate") || has("hot plate") || low == "pei") return PlateType::hot_plate;
    return PlateType::unknown;
}

const SlicedPlate* find_plate(const SlicedFile& file, int index) {
    const auto found = std::ranges::find(file.plates, index, &SlicedPlate::index);
    return found == file.plates.end() ? nullptr : &*found;
}

JobFileKind job_file_kind(std::string_view file_name) {
    const std::string low = to_lower(file_name);
    if (low.ends_with(".gcode.3mf") || low.ends_with(".gcode")) return JobFileKind::sliced;
    if (low.ends_with(".3mf")) return JobFileKind::project;
    if (low.ends_with(".stl") || low.ends_with(".obj")) return JobFileKind::model;
    return JobFileKind::unknown;
}

}  // namespace farmwall
