#include "wire/start_encoder.hpp"

#include <doctest/doctest.h>

#include <boost/json/array.hpp>
#include <boost/json/object.hpp>
#include <boost/json/parse.hpp>
#include <string>

using namespace farmwall;
using namespace farmwall::wire;

namespace {

namespace json = boost::json;

using Kind = TraySource::Kind;
constexpr TraySource ext{Kind::external, 0, 0};
constexpr TraySource ext_left{Kind::external_left, 0, 0};
TraySource ams(int unit, int slot) { return {Kind::ams, unit, slot}; }

PrinterState printer(PrinterModel model) {
    PrinterState made;
    made.model = {model, ModelSource::configured};
    return made;
}

StartPrint start(FilamentPlan plan) {
    StartPrint made;
    made.task_id = 17031;
    made.remote_name = "part-7f3a.gcode.3mf";
    made.subtask_name = "part";
    made.filaments = std::move(plan);
    return made;
}

OutgoingMessage message(const StartPrint& of, PrinterModel model) {
    return encode_start(of, printer(model), [] { return 30012U; });
}

json::object said(const StartPrint& of, PrinterModel model) {
    return json::parse(message(of, model).payload).as_object().at("print").as_object();
}

std::string flat(const FilamentPlan& plan, PrinterModel model) {
    std::string text;
    const json::object print = said(start(plan), model);
    for (const json::value& value : print.at("ams_mapping").as_array())
        text += std::to_string(value.as_int64()) + " ";
    return text;
}
std::string pairs(const FilamentPlan& plan, PrinterModel model) {
    std::string text;
    const json::object print = said(start(plan), model);
    for (const json::value& value : print.at("ams_mapping2").as_array())
        text += std::to_string(value.at("ams_id").as_int64()) + "/" +
                std::to_string(value.at("slot_id").as_int64()) + " ";
    return text;
}
bool uses_ams(const FilamentPlan& plan, PrinterModel model) {
    return said(start(plan), model).at("use_ams").as_bool();
}

}  // namespace

TEST_CASE("start encoder: to a P2S it is word for word what its vendor's software says") {
    const OutgoingMessage made = message(start({std::nullopt, ams(0, 2)}), PrinterModel::p2s);
    CHECK(made.payload ==
          R"({"print":{"sequence_id":"30012","command":"project_file","param":"Metadata/plate_1.gcode",)"
          R"("url":"ftp:///part-7f3a.gcode.3mf","file":"part-7f3a.gcode.3mf","md5":"","subtask_name":"part",)"
          R"("project_id":"17031","profile_id":"0","task_id":"17031","subtask_id":"17031","bed_type":"auto",)"
          R"("timelapse":false,"bed_leveling":true,"flow_cali":false,"vibration_cali":false,)"
          R"("layer_inspect":false,"use_ams":true,"ams_mapping":[-1,2],)"
          R"("ams_mapping2":[{"ams_id":255,"slot_id":255},{"ams_id":0,"slot_id":2}],)"
          R"("auto_bed_leveling":1,"extrude_cali_flag":0,"extrude_cali_manual_mode":0,)"
          R"("nozzle_offset_cali":0,"cfg":"0"}})");
    CHECK(made.quality_of_service == 1);
    CHECK(made.sequence_id == 30012);
    CHECK(made.family == "print");
    CHECK(made.command == "project_file");
    CHECK_FALSE(made.surely_answered);
}

TEST_CASE("start encoder: to an X1 Carbon with every option, a plate and objects to skip") {
    StartPrint of = start({ams(1, 3)});
    of.plate = 12;
    of.plate_type = PlateType::textured_plate;
    of.options = {true, false, true, true, true};
    of.skip_objects = {102, 305};
    CHECK(message(of, PrinterModel::x1c).payload ==
          R"({"print":{"sequence_id":"30012","command":"project_file","param":"Metadata/plate_12.gcode",)"
          R"("url":"ftp:///part-7f3a.gcode.3mf","file":"part-7f3a.gcode.3mf","md5":"","subtask_name":"part",)"
          R"("project_id":"17031","profile_id":"0","task_id":"17031","subtask_id":"17031",)"
          R"("bed_type":"textured_plate","timelapse":true,"bed_leveling":false,"flow_cali":true,)"
          R"("vibration_cali":true,"layer_inspect":true,"use_ams":true,"ams_mapping":[7],)"
          R"("ams_mapping2":[{"ams_id":1,"slot_id":3}],"auto_bed_leveling":0,"extrude_cali_flag":1,)"
          R"("extrude_cali_manual_mode":0,"nozzle_offset_cali":0,"cfg":"0","skip_objects":[102,305]}})");
}

TEST_CASE("start encoder: to a P1 whose external spool prints, by the path of its card") {
    StartPrint of = start({std::nullopt, ext, std::nullopt});
    of.url = StartPrint::Url::sdcard;
    CHECK(message(of, PrinterModel::p1p).payload ==
          R"({"print":{"sequence_id":"30012","command":"project_file","param":"Metadata/plate_1.gcode",)"
          R"("url":"file:///sdcard/part-7f3a.gcode.3mf","file":"part-7f3a.gcode.3mf","md5":"",)"
          R"("subtask_name":"part","project_id":"17031","profile_id":"0","task_id":"17031",)"
          R"("subtask_id":"17031","bed_type":"auto","timelapse":false,"bed_leveling":true,"flow_cali":false,)"
          R"("vibration_cali":true,"layer_inspect":false,"use_ams":false,"ams_mapping":[-1,-1,-1],)"
          R"("ams_mapping2":[{"ams_id":255,"slot_id":255},{"ams_id":255,"slot_id":0},)"
          R"({"ams_id":255,"slot_id":255}],"auto_bed_leveling":1,"extrude_cali_flag":0,)"
          R"("extrude_cali_manual_mode":0,"nozzle_offset_cali":0,"cfg":"0"}})");
}

TEST_CASE("start encoder: to two nozzles with a timelapse, spool and AMS together") {
    StartPrint of = start({ams(0, 0), ext_left, ams(128, 0)});
    of.options.timelapse = true;
    CHECK(message(of, PrinterModel::h2d).payload ==
          R"({"print":{"sequence_id":"30012","command":"project_file","param":"Metadata/plate_1.gcode",)"
          R"("url":"ftp:///part-7f3a.gcode.3mf","file":"part-7f3a.gcode.3mf","md5":"","subtask_name":"part",)"
          R"("project_id":"17031","profile_id":"0","task_id":"17031","subtask_id":"17031","bed_type":"auto",)"
          R"("timelapse":true,"bed_leveling":true,"flow_cali":false,"vibration_cali":true,)"
          R"("layer_inspect":false,"use_ams":true,"ams_mapping":[0,-1,128],)"
          R"("ams_mapping2":[{"ams_id":0,"slot_id":0},{"ams_id":254,"slot_id":0},)"
          R"({"ams_id":128,"slot_id":0}],"auto_bed_leveling":1,"extrude_cali_flag":0,)"
          R"("extrude_cali_manual_mode":0,"nozzle_offset_cali":0,"cfg":"4"}})");
}

TEST_CASE("start encoder: trays are numbered as each kind of AMS counts") {
    const PrinterModel x1 = PrinterModel::x1c;
    CHECK(flat({ams(0, 0), ams(1, 2), ams(3, 3), ams(135, 0), std::nullopt, ext}, x1) == "0 6 15 135 -1 -1 ");
    CHECK(pairs({ams(0, 0), ams(1, 2), ams(3, 3), ams(135, 0), std::nullopt, ext}, x1) ==
          "0/0 1/2 3/3 135/0 255/255 255/0 ");
    CHECK(flat({ams(16, 0), ams(16, 3)}, PrinterModel::a2l) == "0 3 ");
    CHECK(pairs({ams(16, 0), ams(16, 3)}, PrinterModel::a2l) == "16/0 16/3 ");
}

TEST_CASE("start encoder: the spool alone is no AMS on one nozzle, and on two the pairs decide") {
    for (const ModelInfo& info : all_models()) {
        CAPTURE(info.key);
        CHECK(uses_ams({ext}, info.model) == (info.extruders == 2));
        CHECK(uses_ams({ext, ams(0, 0)}, info.model));
        CHECK(uses_ams({std::nullopt, ams(128, 0)}, info.model));
        CHECK_FALSE(uses_ams({}, info.model));
    }
    CHECK(uses_ams({ext_left}, PrinterModel::h2d));
    CHECK(pairs({ext_left, ext}, PrinterModel::h2d) == "254/0 255/0 ");
}

TEST_CASE("start encoder: flags are booleans on every model, and nobody maps nozzles") {
    StartPrint of = start({ams(0, 0)});
    of.options = {true, true, true, true, true};
    for (const ModelInfo& info : all_models()) {
        CAPTURE(info.key);
        const json::object print = said(of, info.model);
        for (const char* flag : {"timelapse", "bed_leveling", "flow_cali", "layer_inspect", "use_ams"})
            CHECK(print.at(flag).as_bool());
        CHECK(print.at("vibration_cali").as_bool() == (info.model != PrinterModel::p2s));
        CHECK_FALSE(print.contains("nozzle_mapping"));
        CHECK_FALSE(print.contains("skip_objects"));
        const bool built_in = print.at("cfg").as_string() == "4";
        CHECK(built_in == (info.model == PrinterModel::p2s || info.model == PrinterModel::x2d ||
                           info.key.starts_with("h2")));
    }
}

TEST_CASE("start encoder: a name that is not UTF-8 does not break the message") {
    StartPrint of = start({ams(0, 0)});
    of.subtask_name = "kaputt\xFF \"quoted\"";
    CHECK(said(of, PrinterModel::p1s).at("subtask_name").as_string() == "kaputt\xEF\xBF\xBD \"quoted\"");
}
