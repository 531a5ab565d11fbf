#include "model/sliced_file.hpp"

#include <doctest/doctest.h>

#include <set>
#include <string>

namespace farmwall {
namespace {

TEST_CASE("plate type: what slicers write is understood, in any case") {
    CHECK(plate_type_from("Cool Plate") == PlateType::cool_plate);
    CHECK(plate_type_from("Textured Cool Plate") == PlateType::cool_plate);
    CHECK(plate_type_from("Cool Plate (SuperTack)") == PlateType::supertack_plate);
    CHECK(plate_type_from("Supertack Plate") == PlateType::supertack_plate);
    CHECK(plate_type_from("Engineering Plate") == PlateType::eng_plate);
    CHECK(plate_type_from("High Temp Plate") == PlateType::hot_plate);
    CHECK(plate_type_from("Textured PEI Plate") == PlateType::textured_plate);
    CHECK(plate_type_from("TEXTURED_PLATE") == PlateType::textured_plate);
}

TEST_CASE("plate type: what is unknown stays unknown") {
    for (const char* text : {"", "auto", "plate", "glass"})
        CHECK(plate_type_from(text) == PlateType::unknown);
}

TEST_CASE("plate type: each has its own name, which is read back, and a description") {
    std::set<std::string_view> names;
    std::set<std::string_view> descriptions;
    for (const auto type : {PlateType::unknown, PlateType::cool_plate, PlateType::eng_plate,
                            PlateType::hot_plate, PlateType::textured_plate, PlateType::supertack_plate}) {
        CHECK(plate_type_from(name(type)) == type);
        names.insert(name(type));
        descriptions.insert(describe(type));
    }
    CHECK(names.size() == 6);
    CHECK(descriptions.size() == 6);
}

TEST_CASE("job file kind: the ending decides, in any case") {
    CHECK(job_file_kind("part.gcode") == JobFileKind::sliced);
    CHECK(job_file_kind("part.gcode.3mf") == JobFileKind::sliced);
    CHECK(job_file_kind("PART.GCODE.3MF") == JobFileKind::sliced);
    CHECK(job_file_kind("part.3mf") == JobFileKind::project);
    CHECK(job_file_kind("part.v2.3MF") == JobFileKind::project);
    CHECK(job_file_kind("part.stl") == JobFileKind::model);
    CHECK(job_file_kind("part.Obj") == JobFileKind::model);
}

TEST_CASE("job file kind: other names are not accepted") {
    for (const char* file : {"", "part", "part.gcode.3mf.exe", "part.3mf ", "part.step", "3mf", "gcode"})
        CHECK(job_file_kind(file) == JobFileKind::unknown);
}

TEST_CASE("sliced file: a plate is found by its number, not by its place") {
    SlicedFile file;
    file.plates.resize(2);
    file.plates[0].index = 2;
    file.plates[1].index = 7;
    CHECK(find_plate(file, 7) == &file.plates[1]);
    CHECK(find_plate(file, 2) == file.plates.data());
    CHECK(find_plate(file, 1) == nullptr);
    CHECK(find_plate(SlicedFile{}, 1) == nullptr);
}

}  // namespace
}  // namespace farmwall
