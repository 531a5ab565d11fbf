#include "wire/sliced_json.hpp"

#include <doctest/doctest.h>

#include <boost/json.hpp>
#include <string>

#include "wire/sliced_builder.hpp"
#include "wire/sliced_file_reader.hpp"

namespace farmwall::wire {
namespace {

namespace json = boost::json;
using namespace std::chrono_literals;

SlicedFile full_file() {
    SlicedPlate plate;
    plate.index = 3;
    plate.model_code = "O1D \"ü\"";
    plate.model = PrinterModel::h2d;
    plate.nozzle_diameters_mm = {0.6, 0.4};
    plate.nozzle_type = "hardened_steel";
    plate.plate_type = PlateType::supertack_plate;
    plate.filaments = {{1, "GFA00", "PLA", "2C2C2EFF", 42.75, 14.3101, 1},
                       {4, "", "", "", 0, 0, std::nullopt}};
    plate.prediction = 8130s;
    plate.grams = 1234567.8901;
    plate.layers = 182;
    plate.outside = true;
    plate.labelled_objects = true;
    plate.objects = {{102, "bracket.stl"}, {103, ""}};
    plate.warnings = {{"bed_temperature_too_high_than_filament", 3}};
    plate.gcode_bytes = std::uint64_t{5} << 32U;
    plate.thumbnail_png = std::make_shared<const std::string>("\x89PNG\r\n\x1A\n\0\x01\xFF rest");
    SlicedFile file;
    file.bytes = 123'456'789'012;
    file.sha256 = std::string(64, 'a');
    file.slicer = "BambuStudio 02.02.00.85";
    file.project_filaments = 4;
    SlicedPlate empty;
    file.plates = {empty, plate};
    return file;
}

SlicedFile without_pictures(SlicedFile file) {
    for (SlicedPlate& plate : file.plates)
        plate.thumbnail_png = nullptr;
    return file;
}

TEST_CASE("sliced json: a file comes back as it was, without its pictures") {
    const SlicedFile file = full_file();
    const std::string text = sliced_to_json(file);
    CHECK(json::parse(text).at_pointer("/plates/1/thumbnail_bytes") == file.plates[1].thumbnail_png->size());
    const auto back = sliced_from_json(text);
    REQUIRE_MESSAGE(back.ok(), back.error().text());
    CHECK(back.value() == without_pictures(file));
}

TEST_CASE("sliced json: every model and plate type comes back") {
    SlicedFile file = full_file();
    for (const ModelInfo& info : all_models()) {
        file.plates[1].model = info.model;
        REQUIRE(sliced_from_json(sliced_to_json(file)).ok());
        CHECK(sliced_from_json(sliced_to_json(file)).value().plates[1].model == info.model);
    }
    for (const auto type : {PlateType::unknown, PlateType::cool_plate, PlateType::eng_plate,
                            PlateType::hot_plate, PlateType::textured_plate, PlateType::supertack_plate}) {
        file.plates[1].plate_type = type;
        REQUIRE(sliced_from_json(sliced_to_json(file)).ok());
        CHECK(sliced_from_json(sliced_to_json(file)).value().plates[1].plate_type == type);
    }
}

TEST_CASE("sliced json: an inspected file comes back as it was") {
    testing::BuiltPlate plate;
    plate.small_png = testing::png_begin + "x";
    plate.filaments[0].grams = "0.1234567";
    const auto file = inspect_sliced_bytes(testing::sliced_archive({plate}).bytes(), "a.gcode.3mf");
    REQUIRE(file.ok());
    const auto back = sliced_from_json(sliced_to_json(file.value()));
    REQUIRE(back.ok());
    CHECK(back.value() == without_pictures(file.value()));
}

TEST_CASE("sliced json: what is not such a text is refused with the member that is wrong") {
    const std::string text = sliced_to_json(full_file());
    const auto problem = [&](const char* pointer, json::value value) {
        json::value changed = json::parse(text);
        *changed.find_pointer(pointer, *std::make_unique<boost::system::error_code>()) = std::move(value);
        const auto back = sliced_from_json(json::serialize(changed));
        return back.ok() ? std::string{} : back.error().what;
    };
    CHECK(problem("/kind", "zip") == "The JSON of an inspected file is wrong at kind");
    CHECK(problem("/bytes", -1) == "The JSON of an inspected file is wrong at bytes");
    CHECK(problem("/plates", json::array{}) == "The JSON of an inspected file is wrong at plates");
    CHECK(problem("/plates/0", 7) ==
          "The JSON of an inspected file is wrong at plates, an entry that is no object");
    CHECK(problem("/plates/1/index", 1) == "The JSON of an inspected file is wrong at plates, index");
    CHECK(problem("/plates/1/model", "P1S") == "The JSON of an inspected file is wrong at plates, model");
    CHECK(problem("/plates/1/plate_type", "x") ==
          "The JSON of an inspected file is wrong at plates, plate_type");
    CHECK(problem("/plates/1/filaments/0/id", 0) ==
          "The JSON of an inspected file is wrong at plates, filaments, id");
    CHECK(problem("/plates/1/outside", nullptr) ==
          "The JSON of an inspected file is wrong at plates, outside");
    CHECK(problem("/plates/1/grams", -1) == "The JSON of an inspected file is wrong at plates, grams");
    CHECK(problem("/slicer", "another").empty());
}

TEST_CASE("sliced json: cut off at any length it is refused") {
    const std::string text = sliced_to_json(full_file());
    for (std::size_t length = 0; length < text.size(); ++length)
        CHECK_FALSE(sliced_from_json(std::string_view{text}.substr(0, length)).ok());
}

}  // namespace
}  // namespace farmwall::wire
