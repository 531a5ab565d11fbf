#include <cstddef>
#include <cstdint>
#include <cstdlib>
#include <memory>
#include <string>
#include <string_view>

#include "base/text.hpp"
#include "wire/archive.hpp"
#include "wire/slice_info.hpp"
#include "wire/sliced_file_reader.hpp"
#include "wire/sliced_json.hpp"
#include "wire/sliced_text.hpp"
#include "wire/slicer_settings.hpp"

// Any bytes as an archive, as plain G-code, as each of the texts in an archive and as a stored inspection.
// What is read is fit for the screen and within its bounds, and what is written of it is read back as the
// same.

namespace {

using namespace farmwall;

void require(bool holds) {
    if (!holds) std::abort();
}

bool good_text(std::string_view text) {
    return text.size() <= wire::longest_sliced_text_bytes && printable(text) == text;
}

void check(const SlicedPlate& plate) {
    require(good_text(plate.model_code) && good_text(plate.nozzle_type));
    for (const double diameter : plate.nozzle_diameters_mm)
        require(diameter > 0 && diameter < 10);
    int last = 0;
    for (const SlicedFilament& filament : plate.filaments) {
        require(filament.id > last && filament.id <= wire::most_project_filaments);
        last = filament.id;
        require(good_text(filament.preset_id) && good_text(filament.material));
        require(filament.color.empty() || filament.color.size() == 8);
        require(filament.grams >= 0 && filament.metres >= 0);
    }
    for (const SlicedObject& object : plate.objects)
        require(good_text(object.name));
    for (const SliceWarning& warning : plate.warnings)
        require(good_text(warning.message));
}

// Pictures are compared by content.
bool same(SlicedFile a, SlicedFile b) {
    if (a.plates.size() != b.plates.size()) return false;
    for (std::size_t i = 0; i < a.plates.size(); ++i) {
        auto& mine = a.plates[i].thumbnail_png;
        auto& other = b.plates[i].thumbnail_png;
        if ((mine == nullptr) != (other == nullptr)) return false;
        if (mine && *mine != *other) return false;
        mine = other = nullptr;
    }
    return a == b;
}

void check_round_trip(const SlicedFile& file) {
    const auto back = wire::sliced_from_json(wire::sliced_to_json(file, true));
    require(back.ok() && same(back.value(), file));
}

void inspect(std::string_view bytes, std::string_view file_name) {
    const auto file = wire::inspect_sliced_bytes(bytes, file_name);
    if (!file) {
        require(!file.error().what.empty() && printable(file.error().what) == file.error().what);
        return;
    }
    require(!file.value().plates.empty() && file.value().bytes == bytes.size());
    require(good_text(file.value().slicer));
    for (const SlicedPlate& plate : file.value().plates) {
        check(plate);
        if (!plate.filaments.empty()) require(plate.filaments.back().id <= file.value().project_filaments);
    }
    check_round_trip(file.value());
}

void read_members(std::string_view bytes) {
    const auto archive = wire::Archive::open_bytes(bytes);
    if (!archive) return;
    constexpr std::size_t limit = std::size_t{1} << 20U;
    for (const auto& member : archive.value().members()) {
        require(archive.value().find(member.name) == &member);
        const auto content = archive.value().read(member, limit);
        if (content) require(content.value().size() == member.bytes);
    }
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
    const std::string_view bytes{reinterpret_cast<const char*>(data), size};
    read_members(bytes);
    inspect(bytes, "a.gcode.3mf");
    inspect(bytes, "a.gcode");
    if (const auto info = wire::read_slice_info(bytes)) require(good_text(info.value().slicer));
    if (const auto settings = wire::read_project_settings(bytes)) require(good_text(settings->printer_model));
    static_cast<void>(wire::read_plate_json(bytes));
    if (const auto stored = wire::sliced_from_json(bytes)) check_round_trip(stored.value());
    return 0;
}
