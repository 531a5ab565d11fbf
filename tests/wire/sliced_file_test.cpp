#include "wire/sliced_file_reader.hpp"

#include <doctest/doctest.h>

#include <algorithm>
#include <fstream>
#include <string>

#include "base/text.hpp"
#include "temporary_folder.hpp"
#include "wire/sliced_builder.hpp"

namespace farmwall::wire {
namespace {

using namespace std::chrono_literals;
using namespace farmwall::testing;

constexpr auto info_name = "Metadata/slice_info.config";
constexpr auto settings_name = "Metadata/project_settings.config";

SlicedFile inspected(const ZipBuilder& zip) {
    const auto file = inspect_sliced_bytes(zip.bytes(), "part.gcode.3mf");
    REQUIRE_MESSAGE(file.ok(), file.error().text());
    return file.value();
}
SlicedPlate first_plate(const ZipBuilder& zip) { return inspected(zip).plates.front(); }

Error refused(const ZipBuilder& zip, std::string_view file_name = "part.gcode.3mf") {
    const auto file = inspect_sliced_bytes(zip.bytes(), file_name);
    REQUIRE_FALSE(file.ok());
    return file.error();
}
// The sentence of a refusal as bad input.
std::string wrong(const ZipBuilder& zip) {
    const Error error = refused(zip);
    CHECK(error.kind == ErrorKind::bad_input);
    return error.what;
}

bool says(const std::string& sentence, std::string_view part) { return sentence.find(part) != sentence.npos; }

ZipBuilder with_settings(const std::vector<BuiltPlate>& plates, std::string settings) {
    return sliced_archive(plates).set(settings_name, std::move(settings));
}
ZipBuilder with_more(std::string xml) {
    BuiltPlate plate;
    plate.more = std::move(xml);
    return sliced_archive({plate});
}

TEST_CASE("sliced file: what a plate says becomes values") {
    const SlicedFile file = inspected(with_more(R"(<metadata key="curr_bed_type" value="Textured PEI Plate"/>
        <warning msg="bed_temperature_too_high_than_filament" level="3" error_code="1000C001"/>
        <warning msg="bed_temperature_too_high_than_filament" level="3" error_code="1000C001"/>)"));
    CHECK(file.kind == SlicedFile::Kind::gcode_3mf);
    CHECK(file.slicer == "BambuStudio 02.06.00.51");
    CHECK(file.project_filaments == 1);
    REQUIRE(file.plates.size() == 1);
    const SlicedPlate& plate = file.plates[0];
    CHECK(plate.index == 1);
    CHECK(plate.model_code == "C12");
    CHECK(plate.model == PrinterModel::p1s);
    CHECK(plate.nozzle_diameters_mm == std::vector<double>{0.4});
    CHECK(plate.plate_type == PlateType::textured_plate);
    CHECK(plate.prediction == 8130s);
    CHECK(plate.grams == 42.75);
    CHECK(plate.layers == 182);
    CHECK_FALSE(plate.outside);
    CHECK(plate.labelled_objects);
    CHECK(plate.objects == std::vector<SlicedObject>{{102, "bracket.stl"}});
    CHECK(plate.warnings == std::vector<SliceWarning>{{"bed_temperature_too_high_than_filament", 3}});
    CHECK(plate.gcode_bytes == built_gcode("Bambu Lab P1S").size());
    CHECK(plate.thumbnail_png == nullptr);
    REQUIRE(plate.filaments.size() == 1);
    CHECK(plate.filaments[0] == SlicedFilament{1, "GFA00", "PLA", "2C2C2EFF", 42.75, 14.31, std::nullopt});
}

TEST_CASE("sliced file: size and SHA-256 are those of the whole file, on disk as in memory") {
    const TemporaryFolder folder;
    const std::string bytes = sliced_archive().bytes();
    const auto path = folder.path() / "stored.bin";
    std::ofstream{path, std::ios::binary} << bytes;
    const auto file = inspect_sliced(path, "Part.GCODE.3MF");
    REQUIRE(file.ok());
    CHECK(file.value().bytes == bytes.size());
    CHECK(file.value().sha256.size() == 64);
    CHECK(file.value() == inspect_sliced_bytes(bytes, "part.gcode.3mf").value());
    const auto plain = inspect_sliced_bytes("G28\n", "a.gcode");
    REQUIRE(plain.ok());
    CHECK(plain.value().sha256 == "8080cd1d636d28b227689516fdadfd2aaed94e57b113db13523a38b51d0d09e9");
}

TEST_CASE("sliced file: a project without G-code is not bad but not sliced") {
    const ZipBuilder zip = sliced_archive().remove("Metadata/plate_1.gcode");
    for (const char* name : {"part.3mf", "part.gcode.3mf"}) {
        const Error error = refused(zip, name);
        CHECK(error.kind == ErrorKind::unsupported);
        CHECK(says(error.what, "is not sliced"));
        CHECK(error.subject == name);
    }
    const auto model = inspect_sliced_bytes("solid x", "part.stl");
    REQUIRE_FALSE(model.ok());
    CHECK(model.error().kind == ErrorKind::unsupported);
}

TEST_CASE("sliced file: a sliced project without .gcode in its name is read as well") {
    CHECK(inspect_sliced_bytes(sliced_archive().bytes(), "part.3mf").ok());
}

TEST_CASE("sliced file: the ending of the name decides") {
    const auto other = inspect_sliced_bytes(sliced_archive().bytes(), "part.zip");
    REQUIRE_FALSE(other.ok());
    CHECK(other.error().text() ==
          "Only files named *.gcode.3mf, *.3mf and *.gcode can be inspected: part.zip");
    const auto zip_as_gcode = inspect_sliced_bytes(sliced_archive().bytes(), "part.gcode");
    REQUIRE_FALSE(zip_as_gcode.ok());
    CHECK(zip_as_gcode.error().what == "The file is not G-code: it is not text");
    const auto gcode_as_zip = inspect_sliced_bytes("G28\n", "part.gcode.3mf");
    REQUIRE_FALSE(gcode_as_zip.ok());
    CHECK(gcode_as_zip.error().what == "This is not a ZIP archive, or it is cut off");
}

TEST_CASE("sliced file: plates have gaps, and those without G-code are left out") {
    BuiltPlate two;
    two.index = 2;
    BuiltPlate nine;
    nine.index = 9;
    nine.model_code = "C11";
    BuiltPlate unsliced;
    unsliced.index = 5;
    unsliced.has_gcode = false;
    const SlicedFile file = inspected(sliced_archive({nine, two, unsliced}));
    REQUIRE(file.plates.size() == 2);
    CHECK(file.plates[0].index == 2);
    CHECK(file.plates[1].index == 9);
    CHECK(file.plates[1].model == PrinterModel::p1p);
    CHECK(find_plate(file, 5) == nullptr);
}

TEST_CASE("sliced file: names that only resemble a plate's are none") {
    ZipBuilder zip = sliced_archive();
    for (const char* name :
         {"Metadata/plate_02.gcode", "Metadata/plate_.gcode", "Metadata/plate_x.gcode",
          "metadata/plate_3.gcode", "Metadata/plate_4.GCODE", "Metadata/plate_5.gcode.bak"}) {
        zip.set(name, "G28\n");
    }
    CHECK(inspected(zip).plates.size() == 1);
    CHECK(says(wrong(sliced_archive().set("Metadata/plate_1001.gcode", "G28\n")), "plate 1001"));
    ZipBuilder many;
    for (int i = 1; i <= 65; ++i)
        many.set("Metadata/plate_" + std::to_string(i) + ".gcode", "G28\n");
    CHECK(says(wrong(many), "at most 64"));
}

TEST_CASE("sliced file: a G-code that does not match its MD5 is refused, in any case of its digits") {
    BuiltPlate plate;
    plate.gcode = built_gcode("Bambu Lab P1S");
    plate.md5 = to_lower(md5_upper(plate.gcode));
    CHECK(first_plate(sliced_archive({plate})).index == 1);
    plate.md5 = md5_upper(plate.gcode) + "\n";
    CHECK(first_plate(sliced_archive({plate})).index == 1);
    for (const std::string& md5 : {md5_upper("other"), std::string{"no sum"}, std::string{" "}}) {
        plate.md5 = md5;
        CHECK(wrong(sliced_archive({plate})) ==
              "The G-code of plate 1 was changed or damaged: its MD5 is not the one beside it");
    }
    CHECK(first_plate(sliced_archive().remove("Metadata/plate_1.gcode.md5")).index == 1);
}

TEST_CASE("sliced file: model and nozzle come from slice_info, then the project, then the G-code") {
    const std::string settings = R"({"printer_model":"Bambu Lab X1 Carbon","nozzle_diameter":["0.6"],
        "nozzle_type":["hardened_steel","hardened_steel"],"curr_bed_type":"High Temp Plate"})";
    BuiltPlate plate;
    SlicedPlate read = first_plate(with_settings({plate}, settings));
    CHECK(read.model == PrinterModel::p1s);
    CHECK(read.nozzle_diameters_mm == std::vector<double>{0.4});
    CHECK(read.nozzle_type == "hardened_steel");
    CHECK(read.plate_type == PlateType::hot_plate);
    plate.in_slice_info = false;
    read = first_plate(with_settings({plate}, settings));
    CHECK(read.model_code == "Bambu Lab X1 Carbon");
    CHECK(read.model == PrinterModel::x1c);
    CHECK(read.nozzle_diameters_mm == std::vector<double>{0.6});
    read = first_plate(sliced_archive({plate}).remove(info_name));
    CHECK(read.model_code == "Bambu Lab P1S");
    CHECK(read.model == PrinterModel::p1s);
    CHECK(read.nozzle_diameters_mm == std::vector<double>{0.4});
}

TEST_CASE("sliced file: an unknown model code is kept and not replaced by another source") {
    BuiltPlate plate;
    plate.model_code = "Z99";
    const SlicedPlate read = first_plate(with_settings({plate}, R"({"printer_model":"Bambu Lab P1S"})"));
    CHECK(read.model_code == "Z99");
    CHECK(read.model == PrinterModel::unknown);
}

TEST_CASE("sliced file: G-code for another model than the file says is refused") {
    BuiltPlate plate;
    plate.printer_model = "Bambu Lab A1 mini";
    CHECK(wrong(sliced_archive({plate})) ==
          "Plate 1 is said to be for the P1S, but its G-code is for the A1 mini");
    plate.printer_model = "Bambu Lab X1 Carbon";  // interchangeable with a P1S
    CHECK(first_plate(sliced_archive({plate})).model == PrinterModel::p1s);
}

TEST_CASE("sliced file: project settings that are INI text or broken JSON are ignored") {
    for (const char* text :
         {"; generated by a slicer\nnozzle_diameter = 0.8\n", "{\"nozzle_diameter\":[", "[1]", ""}) {
        CHECK(first_plate(with_settings({BuiltPlate{}}, text)).nozzle_diameters_mm ==
              std::vector<double>{0.4});
    }
}

TEST_CASE("sliced file: a byte order mark does not matter") {
    const std::string bom = "\xEF\xBB\xBF";
    BuiltPlate plate;
    plate.filaments[0].material = "";
    ZipBuilder zip = with_settings({plate}, bom + R"({"filament_type":["PETG"]})");
    zip.set(info_name, bom + slice_info_xml({plate}));
    const SlicedPlate read = first_plate(zip);
    CHECK(read.model_code == "C12");
    CHECK(read.filaments.at(0).material == "PETG");
}

TEST_CASE("sliced file: what slice_info leaves open of a filament comes from the project by its id") {
    BuiltPlate plate;
    plate.filaments = {{3, "", "", "", "1.5", "0.5"}, {2, "GFB00", "ABS", "#11223344", "2", "1"}};
    plate.filament_maps = "1 1 1 1";
    const SlicedFile file = inspected(with_settings({plate}, R"({"filament_type":["PLA","PLA","PETG"],
        "filament_colour":["#000000","#ffffff","#aabbcc"],"filament_ids":["GFA00","GFA01","GFG00"]})"));
    CHECK(file.project_filaments == 4);
    REQUIRE(file.plates[0].filaments.size() == 2);
    CHECK(file.plates[0].filaments[0] == SlicedFilament{2, "GFB00", "ABS", "11223344", 2, 1, {}});
    CHECK(file.plates[0].filaments[1] == SlicedFilament{3, "GFG00", "PETG", "AABBCCFF", 1.5, 0.5, {}});
}

TEST_CASE("sliced file: without filament maps the highest filament id of any plate counts") {
    BuiltPlate one;
    one.filament_maps = "";
    BuiltPlate two = one;
    two.index = 2;
    two.has_gcode = false;
    two.filaments[0].id = 7;
    CHECK(inspected(sliced_archive({one, two})).project_filaments == 7);
    one.filament_maps = "1 1";
    one.filaments[0].id = 5;
    CHECK(inspected(sliced_archive({one})).project_filaments == 5);
}

BuiltPlate dual_plate() {
    BuiltPlate plate;
    plate.model_code = "O1D";
    plate.printer_model = "Bambu Lab H2D";
    plate.nozzle_diameters = "0.4,0.6";
    plate.filament_maps = "1 2";
    plate.filaments = {{1, "GFA00", "PLA", "#FFFFFF", "1", "1", R"(group_id="0")"},
                       {2, "GFA00", "PLA", "#000000", "1", "1", R"(group_id="1")"}};
    return plate;
}

TEST_CASE("sliced file: two nozzles are in the printer's order, and each filament has its own") {
    const SlicedPlate plate =
        first_plate(with_settings({dual_plate()}, R"({"physical_extruder_map":["1","0"]})"));
    CHECK(plate.nozzle_diameters_mm == std::vector<double>{0.6, 0.4});
    CHECK(plate.filaments.at(0).extruder == 1);
    CHECK(plate.filaments.at(1).extruder == 0);
}

TEST_CASE("sliced file: a filament's nozzle is its group's, then the project's, then its map's") {
    BuiltPlate plate = dual_plate();
    plate.nozzle_diameters = "0.4,0.4";
    plate.filaments[0].more = plate.filaments[1].more = "";
    SlicedPlate read = first_plate(
        with_settings({plate}, R"({"physical_extruder_map":["1","0"],"filament_nozzle_map":["1","0"]})"));
    CHECK(read.filaments.at(0).extruder == 0);
    CHECK(read.filaments.at(1).extruder == 1);
    read = first_plate(with_settings({plate}, R"({"physical_extruder_map":["1","0"]})"));
    CHECK(read.filaments.at(0).extruder == 1);
    CHECK(read.filaments.at(1).extruder == 0);
    plate.filament_maps = "";
    plate.filaments[1].more = R"(group_id="1")";
    read = first_plate(with_settings({plate}, R"({"physical_extruder_map":["1","0"]})"));
    CHECK(read.filaments.at(0).extruder == 0);  // the one group that is used
    read = first_plate(sliced_archive({plate}));
    CHECK(read.filaments.at(1).extruder == std::nullopt);  // the file does not say which extruder that is
}

TEST_CASE("sliced file: two different nozzles without saying which is which are refused") {
    CHECK(says(wrong(sliced_archive({dual_plate()})), "does not say which is which"));
    CHECK(says(wrong(with_settings({dual_plate()}, R"({"physical_extruder_map":["0","0"]})")),
               "which is which"));
    BuiltPlate same = dual_plate();
    same.nozzle_diameters = "0.4,0.4";
    CHECK(first_plate(sliced_archive({same})).nozzle_diameters_mm == std::vector<double>{0.4, 0.4});
}

TEST_CASE("sliced file: one nozzle has no extruder to choose") {
    BuiltPlate plate;
    plate.filaments[0].more = R"(group_id="0")";
    CHECK(
        first_plate(with_settings({plate}, R"({"physical_extruder_map":["0"]})")).filaments.at(0).extruder ==
        std::nullopt);
}

TEST_CASE("sliced file: the plate type is the plate's own before the project's") {
    const std::string settings = R"({"curr_bed_type":"Engineering Plate"})";
    CHECK(first_plate(with_settings({BuiltPlate{}}, settings)).plate_type == PlateType::eng_plate);
    ZipBuilder zip = with_settings({BuiltPlate{}}, settings);
    zip.set("Metadata/plate_1.json", R"({"bed_type":"cool_plate"})");
    CHECK(first_plate(zip).plate_type == PlateType::cool_plate);
    zip.set("Metadata/plate_1.json", "{");
    CHECK(first_plate(zip).plate_type == PlateType::eng_plate);
    CHECK(first_plate(sliced_archive()).plate_type == PlateType::unknown);
}

TEST_CASE("sliced file: outside is kept as a value, and what cannot be read counts as outside") {
    CHECK(first_plate(with_more(R"(<metadata key="outside" value="true"/>)")).outside);
    CHECK(first_plate(with_more(R"(<metadata key="outside" value="maybe"/>)")).outside);
    CHECK_FALSE(first_plate(with_more(R"(<metadata key="outside" value="False"/>)")).outside);
}

TEST_CASE("sliced file: time and weight of the G-code's header count where slice_info has none") {
    BuiltPlate plate;
    plate.in_slice_info = false;
    const SlicedPlate read = first_plate(sliced_archive({plate}));
    CHECK(read.prediction == 26h + 15min + 30s);
    CHECK(read.grams == 2.84);
}

TEST_CASE("sliced file: the slicer is named by the G-code, or by slice_info") {
    BuiltPlate plate;
    plate.gcode = "G28\n";
    CHECK(inspected(sliced_archive({plate})).slicer == "slicer 02.02.00.85");
    CHECK(inspected(sliced_archive({plate}).remove(info_name)).slicer.empty());
}

TEST_CASE("sliced file: slice_info that is not well-formed is refused") {
    const auto with = [](std::string xml) { return wrong(sliced_archive().set(info_name, std::move(xml))); };
    CHECK(with("garbage") == "Metadata/slice_info.config is not well-formed XML, or it is cut off");
    CHECK(says(with("<config><plate>"), "not well-formed"));
    CHECK(says(with("<other/>"), "has no <config>"));
    CHECK(says(with(""), "not well-formed"));
    CHECK(says(with(std::string("<config>\0</config>", 18)), "is not text"));
    CHECK(says(with("<config><plate/></config>"), "a plate without an index"));
    std::string deep;
    for (int i = 0; i < 50; ++i)
        deep = "<a>" + deep + "</a>";
    CHECK(says(with("<config>" + deep + "</config>"), "more than 32 deep"));
    CHECK(says(with("<config>" + std::string(5'000'000, ' ') + "</config>"), "packs"));
}

TEST_CASE("sliced file: a document type and its entities are refused") {
    const auto with = [](std::string xml) { return wrong(sliced_archive().set(info_name, std::move(xml))); };
    const std::string bomb =
        "<!DOCTYPE lolz [<!ENTITY lol \"lol\"><!ENTITY lol2 "
        "\"&lol;&lol;&lol;&lol;\">]><config>&lol2;</config>";
    CHECK(with(bomb) == "Metadata/slice_info.config declares a document type, which is not allowed");
    CHECK(says(with("<!doctype config SYSTEM \"file:///etc/passwd\"><config/>"), "document type"));
}

TEST_CASE("sliced file: numbers that decide where a file may be printed are not guessed") {
    CHECK(says(wrong(with_more(R"(<metadata key="nozzle_diameters" value="wide"/>)")),
               "nozzle diameters 'wide'"));
    CHECK(says(wrong(with_more(R"(<metadata key="nozzle_diameters" value="-0.4"/>)")), "nozzle diameters"));
    CHECK(says(wrong(with_more(R"(<metadata key="index" value="0"/>)")), "index '0'"));
    CHECK(says(wrong(with_more(R"(<metadata key="filament_maps" value="1 x"/>)")), "filament maps '1 x'"));
    CHECK(says(wrong(with_more(R"(<filament id="0"/>)")), "id '0'; it must be 1 to 256"));
    CHECK(says(wrong(with_more(R"(<filament id="257"/>)")), "id '257'"));
    CHECK(says(wrong(with_more(R"(<filament id="1"/>)")), "filament 1 of plate 1 twice"));
    CHECK(says(wrong(with_more(R"(<filament id="2" group_id="left"/>)")), "nozzle group 'left'"));
    BuiltPlate plate;
    CHECK(says(wrong(sliced_archive().set(info_name, slice_info_xml({plate, plate}))), "plate 1 twice"));
    const SlicedPlate read = first_plate(with_more(
        R"(<metadata key="prediction" value="soon"/><metadata key="weight" value="NaN"/><object name="x"/>)"));
    CHECK(read.prediction == 26h + 15min + 30s);
    CHECK(read.grams == 2.84);
    CHECK(read.objects.size() == 1);
}

TEST_CASE("sliced file: texts are short, printable UTF-8") {
    BuiltPlate plate;
    plate.model_code = "&lt;&amp;&#7;\xFF&gt;";
    plate.filaments[0].material = std::string(300, 'x');
    plate.filaments[0].preset = std::string(199, 'x') + "\xC3\xA4";
    plate.filaments[0].color = "#12345G";
    const SlicedPlate read = first_plate(sliced_archive({plate}));
    CHECK(read.model_code == "<&?\xEF\xBF\xBD>");
    CHECK(read.filaments.at(0).material == std::string(200, 'x'));
    CHECK(read.filaments.at(0).preset_id == std::string(199, 'x'));
    CHECK(read.filaments.at(0).color.empty());
}

TEST_CASE("sliced file: the picture is the small one, or the large one when it is small enough") {
    BuiltPlate plate;
    plate.png = png_begin + "large";
    CHECK(*first_plate(sliced_archive({plate})).thumbnail_png == plate.png);
    plate.small_png = png_begin + "small";
    CHECK(*first_plate(sliced_archive({plate})).thumbnail_png == plate.small_png);
    plate.small_png = "GIF89a";
    CHECK(*first_plate(sliced_archive({plate})).thumbnail_png == plate.png);
    plate.png = png_begin + std::string(600'000, 'x');
    CHECK(first_plate(sliced_archive({plate})).thumbnail_png == nullptr);
}

TEST_CASE("sliced file: the large picture is read by itself") {
    const TemporaryFolder folder;
    const auto path = folder.path() / "a.gcode.3mf";
    BuiltPlate plate;
    plate.png = png_begin + std::string(600'000, 'x');
    sliced_archive({plate}).write(path);
    REQUIRE(read_thumbnail(path, 1).ok());
    CHECK(read_thumbnail(path, 1).value() == plate.png);
    const auto none = read_thumbnail(path, 2);
    REQUIRE_FALSE(none.ok());
    CHECK(none.error().kind == ErrorKind::not_found);
    CHECK(read_thumbnail(folder.path() / "none", 1).error().kind == ErrorKind::not_found);
}

TEST_CASE("sliced file: a plate that holds no G-code is refused") {
    BuiltPlate plate;
    plate.gcode = "hello\n";
    CHECK(says(wrong(sliced_archive({plate})), "Plate 1 is not G-code"));
    plate.gcode = std::string("G28\n\0", 5);
    CHECK(says(wrong(sliced_archive({plate})), "it is not text"));
    CHECK(says(wrong(sliced_archive().remove("Metadata/plate_1.gcode.md5").set("Metadata/plate_1.gcode", "")),
               "Plate 1 is empty"));
}

TEST_CASE("sliced file: an archive cut off at any length is refused") {
    const std::string bytes = sliced_archive().bytes();
    for (std::size_t length = 0; length < bytes.size(); ++length) {
        INFO(length);
        CHECK_FALSE(inspect_sliced_bytes(bytes.substr(0, length), "part.gcode.3mf").ok());
    }
}

TEST_CASE("sliced file: each text in it cut off at any length is read or refused") {
    BuiltPlate plate = dual_plate();
    const std::string info = slice_info_xml({plate});
    const std::string settings = R"({"physical_extruder_map":["1","0"],"filament_type":["PLA","PETG"]})";
    std::size_t read = 0;
    for (std::size_t length = 0; length <= info.size(); length += 3) {
        ZipBuilder zip = with_settings({plate}, settings.substr(0, length));
        zip.stored().set(info_name, info.substr(0, length));
        const auto file = inspect_sliced_bytes(zip.bytes(), "a.3mf");
        if (file) {
            ++read;
        } else {
            CHECK(file.error().kind == ErrorKind::bad_input);
        }
    }
    CHECK(read <= 1);  // at most the one that only lacks the last line's end
}

}  // namespace
}  // namespace farmwall::wire
