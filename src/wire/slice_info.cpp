#include "wire/slice_info.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <pugixml.hpp>
#include <utility>

#include "base/text.hpp"
#include "wire/sliced_text.hpp"

namespace farmwall::wire {
namespace {

constexpr int deepest = 32;
constexpr std::size_t most_plates = 1000;
constexpr std::size_t most_objects = 10'000;
constexpr std::size_t most_warnings = 100;  // they repeat per object; the rest says nothing new

Error bad(std::string_view what) {
    return Error{ErrorKind::bad_input, fmt::format("Metadata/slice_info.config {}", what)};
}

class DepthWalker : public pugi::xml_tree_walker {
public:
    bool for_each(pugi::xml_node& /*node*/) override { return depth() < deepest; }
};

std::string_view attribute(const pugi::xml_node& node, const char* name) {
    return node.attribute(name).as_string();
}

std::optional<int> number_in(std::string_view text, int lowest, int highest) {
    const auto number = parse_int(trim(text));
    if (!number || *number < lowest || *number > highest) return std::nullopt;
    return static_cast<int>(*number);
}

Status take_filament(const pugi::xml_node& node, SliceInfo::Plate& plate) {
    SliceInfo::Filament read;
    const auto id = number_in(attribute(node, "id"), 1, most_project_filaments);
    if (!id) {
        return bad(fmt::format("has a filament with the id '{}'; it must be 1 to {}",
                               short_text(attribute(node, "id")), most_project_filaments));
    }
    read.filament.id = *id;
    read.filament.preset_id = short_text(attribute(node, "tray_info_idx"));
    read.filament.material = short_text(attribute(node, "type"));
    read.filament.color = color_from(attribute(node, "color"));
    read.filament.metres = amount_from(attribute(node, "used_m")).value_or(0);
    read.filament.grams = amount_from(attribute(node, "used_g")).value_or(0);
    const std::string_view group = trim(attribute(node, "group_id"));
    read.group = number_in(group, 0, 255);
    if (!group.empty() && !read.group) {
        return bad(fmt::format("has filament {} in the nozzle group '{}'", *id, short_text(group)));
    }
    plate.filaments.push_back(std::move(read));
    return Done{};
}

Status take_metadata(std::string_view key, std::string_view value, SliceInfo::Plate& plate) {
    if (key == "index") {
        const auto index = number_in(value, 1, highest_plate_index);
        if (!index) {
            return bad(fmt::format("has a plate with the index '{}'; it must be 1 to {}", short_text(value),
                                   highest_plate_index));
        }
        plate.index = *index;
    } else if (key == "printer_model_id") {
        plate.model_code = short_text(value);
    } else if (key == "nozzle_diameters") {
        const auto diameters = diameters_from(value);
        if (!diameters) return bad(fmt::format("has the nozzle diameters '{}'", short_text(value)));
        plate.nozzle_diameters_mm = *diameters;
    } else if (key == "filament_maps") {
        const auto maps = small_numbers_from(value);
        if (!maps || maps->size() > static_cast<std::size_t>(most_project_filaments)) {
            return bad(fmt::format("has the filament maps '{}'", short_text(value)));
        }
        plate.filament_maps = *maps;
    } else if (key == "curr_bed_type") {
        plate.plate_type = short_text(value);
    } else if (key == "prediction") {
        plate.prediction = seconds_from(value);
    } else if (key == "weight") {
        plate.grams = amount_from(value);
    } else if (key == "outside") {
        // What cannot be read counts as outside: it must not be printed.
        const std::string_view said = trim(value);
        plate.outside = !said.empty() && !iequals(said, "false") && said != "0";
    } else if (key == "label_object_enabled") {
        plate.labelled_objects = flag_from(value);
    }
    return Done{};
}

Status take_object(const pugi::xml_node& node, SliceInfo::Plate& plate) {
    constexpr int highest_id = 0xFFFFFF;  // three bytes of pick_N.png
    const auto id = number_in(attribute(node, "identify_id"), 1, highest_id);
    if (!id) return Done{};  // cannot be skipped
    if (plate.objects.size() == most_objects) {
        return bad(fmt::format("has more than {} objects on a plate", most_objects));
    }
    plate.objects.push_back({*id, short_text(attribute(node, "name"))});
    return Done{};
}

void take_warning(const pugi::xml_node& node, SliceInfo::Plate& plate) {
    SliceWarning warning{short_text(attribute(node, "msg")),
                         number_in(attribute(node, "level"), 0, 100).value_or(0)};
    const bool known = std::ranges::find(plate.warnings, warning) != plate.warnings.end();
    if (!warning.message.empty() && !known && plate.warnings.size() < most_warnings) {
        plate.warnings.push_back(std::move(warning));
    }
}

Result<SliceInfo::Plate> read_plate(const pugi::xml_node& node) {
    SliceInfo::Plate plate;
    for (const pugi::xml_node& child : node.children()) {
        const std::string_view name = child.name();
        Status status = Done{};
        if (name == "metadata") {
            status = take_metadata(attribute(child, "key"), attribute(child, "value"), plate);
        } else if (name == "filament") {
            status = take_filament(child, plate);
        } else if (name == "object") {
            status = take_object(child, plate);
        } else if (name == "warning") {
            take_warning(child, plate);
        }
        if (!status) return status.error();
    }
    if (plate.index == 0) return bad("has a plate without an index");
    const auto id = [](const SliceInfo::Filament& one) { return one.filament.id; };
    std::ranges::sort(plate.filaments, {}, id);
    const auto twice = std::ranges::adjacent_find(plate.filaments, {}, id);
    if (twice != plate.filaments.end()) {
        return bad(fmt::format("names filament {} of plate {} twice", id(*twice), plate.index));
    }
    return plate;
}

std::string slicer_of(const pugi::xml_node& config) {
    std::string type;
    std::string version;
    for (const pugi::xml_node& item : config.child("header").children("header_item")) {
        const std::string_view key = attribute(item, "key");
        if (key == "X-BBL-Client-Type") type = attribute(item, "value");
        if (key == "X-BBL-Client-Version") version = attribute(item, "value");
    }
    return version.empty() ? std::string{} : short_text(type + " " + version);
}

}  // namespace

Result<SliceInfo> read_slice_info(std::string_view xml) {
    xml = without_bom(xml);
    if (xml.size() > most_slice_info_bytes) {
        return bad(fmt::format("is longer than {} bytes", most_slice_info_bytes));
    }
    if (xml.find('\0') != xml.npos) return bad("is not text");
    const std::string upper = to_upper(xml);
    if (upper.find("<!DOCTYPE") != upper.npos || upper.find("<!ENTITY") != upper.npos) {
        return bad("declares a document type, which is not allowed");
    }
    pugi::xml_document document;
    const auto parsed =
        document.load_buffer(xml.data(), xml.size(), pugi::parse_default, pugi::encoding_utf8);
    if (!parsed) return bad("is not well-formed XML, or it is cut off");
    DepthWalker walker;
    if (!document.traverse(walker)) return bad(fmt::format("is nested more than {} deep", deepest));
    const pugi::xml_node config = document.child("config");
    if (!config) return bad("has no <config> in it");

    SliceInfo info;
    info.slicer = slicer_of(config);
    for (const pugi::xml_node& node : config.children("plate")) {
        if (info.plates.size() == most_plates)
            return bad(fmt::format("has more than {} plates", most_plates));
        auto plate = read_plate(node);
        if (!plate) return plate.error();
        info.plates.push_back(std::move(plate).value());
    }
    std::ranges::sort(info.plates, {}, &SliceInfo::Plate::index);
    const auto twice = std::ranges::adjacent_find(info.plates, {}, &SliceInfo::Plate::index);
    if (twice != info.plates.end()) return bad(fmt::format("describes plate {} twice", twice->index));
    return info;
}

}  // namespace farmwall::wire
