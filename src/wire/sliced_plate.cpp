#include "wire/sliced_plate.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <numeric>
#include <string>
#include <utility>
#include <vector>

#include "wire/sliced_text.hpp"

namespace farmwall::wire {
namespace {

const SlicerSettings& project_of(const PlateSources& sources) {
    static const SlicerSettings nothing;
    return sources.project == nullptr ? nothing : *sources.project;
}

// The first one that is not empty, or the last.
template <class T>
const T& first_said(const T& a, const T& b) {
    return a.empty() ? b : a;
}

template <class T>
T at_or(const std::vector<T>& list, std::size_t place, T otherwise) {
    return place < list.size() ? list[place] : otherwise;
}

PrinterModel model_of(std::string_view text) { return model_from_text(text).value_or(PrinterModel::unknown); }

// Printer extruder of each slicer extruder; empty: not said, or not one to one.
std::vector<int> extruder_map(const PlateSources& sources) {
    const std::vector<int>& map =
        first_said(project_of(sources).physical_extruders, sources.gcode.settings.physical_extruders);
    std::vector<int> sorted = map;
    std::ranges::sort(sorted);
    for (std::size_t i = 0; i < sorted.size(); ++i) {
        if (sorted[i] != static_cast<int>(i)) return {};
    }
    return map;
}

Status take_model(const PlateSources& sources, SlicedPlate& plate) {
    const SlicerSettings& project = project_of(sources);
    const std::string& in_gcode = sources.gcode.settings.printer_model;
    const std::string& other = first_said(project.printer_model, in_gcode);
    plate.model_code = sources.info == nullptr ? other : first_said(sources.info->model_code, other);
    plate.model = model_of(plate.model_code);
    const PrinterModel real = model_of(in_gcode);
    const bool both = plate.model != PrinterModel::unknown && real != PrinterModel::unknown;
    if (both && plate.model != real && !same_print_group(plate.model, real)) {
        return Error{ErrorKind::bad_input,
                     fmt::format("Plate {} is said to be for the {}, but its G-code is for the {}",
                                 plate.index, model_info(plate.model).name, model_info(real).name)};
    }
    return Done{};
}

Status take_nozzles(const PlateSources& sources, SlicedPlate& plate) {
    static const std::vector<double> none;
    const SlicerSettings& project = project_of(sources);
    const SlicerSettings& own = sources.gcode.settings;
    plate.nozzle_type = first_said(project.nozzle_type, own.nozzle_type);
    const std::vector<double>& said =
        first_said(sources.info == nullptr ? none : sources.info->nozzle_diameters_mm,
                   first_said(project.nozzle_diameters_mm, own.nozzle_diameters_mm));
    plate.nozzle_diameters_mm = said;
    const std::vector<int> map = extruder_map(sources);
    if (map.size() == said.size()) {
        for (std::size_t i = 0; i < said.size(); ++i)
            plate.nozzle_diameters_mm[static_cast<std::size_t>(map[i])] = said[i];
    } else if (std::ranges::adjacent_find(said, std::not_equal_to{}) != said.end()) {
        return Error{ErrorKind::bad_input,
                     fmt::format("Plate {} is for nozzles of {} mm, but the file does not say which is which",
                                 plate.index, fmt::join(said, " and "))};
    }
    return Done{};
}

// The used filaments when only the G-code tells (protocol 11.6).
std::vector<SlicedFilament> filaments_of(const GcodeText& gcode) {
    std::vector<int> ids = gcode.filament_ids;
    const std::size_t count = gcode.settings.filament_types.size();
    if (ids.empty()) {
        ids.resize(count);
        std::iota(ids.begin(), ids.end(), 1);
        // A list by filament of the project, with zeros for those that are not used.
        if (gcode.grams.size() == count) {
            std::erase_if(ids, [&](int id) { return gcode.grams[static_cast<std::size_t>(id) - 1] <= 0; });
        }
    }
    std::vector<SlicedFilament> filaments;
    for (std::size_t i = 0; i < ids.size(); ++i) {
        const auto used = [&](const std::vector<double>& amounts) {
            if (amounts.size() == ids.size()) return amounts[i];
            return amounts.size() == count ? at_or(amounts, static_cast<std::size_t>(ids[i]) - 1, 0.0) : 0.0;
        };
        SlicedFilament filament;
        filament.id = ids[i];
        filament.grams = used(gcode.grams);
        filament.metres = used(gcode.metres);
        filaments.push_back(std::move(filament));
    }
    std::ranges::sort(filaments, {}, &SlicedFilament::id);
    const auto rest = std::ranges::unique(filaments, {}, &SlicedFilament::id);
    filaments.erase(rest.begin(), rest.end());
    return filaments;
}

void fill(SlicedFilament& filament, const SlicerSettings& settings) {
    const auto place = static_cast<std::size_t>(filament.id) - 1;
    const std::string none;
    if (filament.material.empty()) filament.material = at_or(settings.filament_types, place, none);
    if (filament.color.empty()) filament.color = at_or(settings.filament_colors, place, none);
    if (filament.preset_id.empty()) filament.preset_id = at_or(settings.filament_presets, place, none);
}

// Slicer extruder of each filament of the plate (protocol 11.5); nothing: not said.
std::vector<std::optional<int>> groups_of(const PlateSources& sources,
                                          const std::vector<SlicedFilament>& filaments) {
    const std::vector<int>& nozzles =
        first_said(project_of(sources).filament_nozzles, sources.gcode.settings.filament_nozzles);
    std::vector<std::optional<int>> groups;
    for (const SlicedFilament& filament : filaments) {
        const auto place = static_cast<std::size_t>(filament.id) - 1;
        std::optional<int> group;
        if (sources.info != nullptr) {
            const auto entry = std::ranges::find(sources.info->filaments, filament.id,
                                                 [](const auto& one) { return one.filament.id; });
            if (entry != sources.info->filaments.end()) group = entry->group;
        }
        if (!group && place < nozzles.size()) group = nozzles[place];
        if (!group && sources.info != nullptr && place < sources.info->filament_maps.size()) {
            const int map = sources.info->filament_maps[place];
            if (map >= 1) group = map - 1;
        }
        groups.push_back(group);
    }
    std::vector<std::optional<int>> known = groups;
    std::erase(known, std::nullopt);
    const bool one = !known.empty() && std::ranges::adjacent_find(known, std::not_equal_to{}) == known.end();
    if (one) std::ranges::fill(groups, known.front());
    return groups;
}

void take_extruders(const PlateSources& sources, SlicedPlate& plate) {
    const std::vector<int> map = extruder_map(sources);
    const bool dual = plate.nozzle_diameters_mm.size() > 1 || model_info(plate.model).extruders > 1;
    if (!dual || map.size() < 2) return;
    const auto groups = groups_of(sources, plate.filaments);
    for (std::size_t i = 0; i < groups.size(); ++i) {
        const auto place = static_cast<std::size_t>(groups[i].value_or(-1));
        if (place < map.size()) plate.filaments[i].extruder = map[place];
    }
}

void take_filaments(const PlateSources& sources, SlicedPlate& plate) {
    if (sources.info != nullptr) {
        for (const auto& one : sources.info->filaments)
            plate.filaments.push_back(one.filament);
    }
    if (plate.filaments.empty()) plate.filaments = filaments_of(sources.gcode);
    for (SlicedFilament& filament : plate.filaments) {
        fill(filament, project_of(sources));
        fill(filament, sources.gcode.settings);
    }
    take_extruders(sources, plate);
}

PlateType type_of(const PlateSources& sources) {
    if (sources.info != nullptr && !sources.info->plate_type.empty()) {
        return plate_type_from(sources.info->plate_type);
    }
    if (sources.json_type != PlateType::unknown) return sources.json_type;
    return plate_type_from(first_said(project_of(sources).plate_type, sources.gcode.settings.plate_type));
}

}  // namespace

Result<SlicedPlate> combine(const PlateSources& sources) {
    SlicedPlate plate;
    plate.index = sources.index;
    if (const Status model = take_model(sources, plate); !model) return model.error();
    if (const Status nozzles = take_nozzles(sources, plate); !nozzles) return nozzles.error();
    plate.plate_type = type_of(sources);
    take_filaments(sources, plate);
    plate.layers = sources.gcode.layers;
    if (sources.info != nullptr) {
        plate.prediction = sources.info->prediction;
        plate.grams = sources.info->grams;
        plate.outside = sources.info->outside;
        plate.labelled_objects = sources.info->labelled_objects;
        plate.objects = sources.info->objects;
        plate.warnings = sources.info->warnings;
    }
    if (!plate.prediction) plate.prediction = sources.gcode.prediction;
    const std::vector<double>& grams = sources.gcode.grams;
    if (!plate.grams && !grams.empty()) {
        plate.grams = four_decimals(std::accumulate(grams.begin(), grams.end(), 0.0));
    }
    return plate;
}

}  // namespace farmwall::wire
