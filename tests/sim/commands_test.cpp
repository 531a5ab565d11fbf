#include <doctest/doctest.h>

#include "bench.hpp"

using namespace sim_test;

TEST_CASE("command: the echo is the request with a result") {
    Bench bench{Model::x1c};
    const auto echo = bench.gcode("M106 P1 S128\n");
    CHECK(echo.at("command") == "gcode_line");
    CHECK(echo.at("sequence_id") == "30002");
    CHECK(echo.at("param") == "M106 P1 S128\n");
    CHECK(echo.at("result") == "success");
    CHECK(Bench{Model::x1c_old}.gcode("M106 P1 S128\n").at("result") == "SUCCESS");
}

TEST_CASE("command: unknown commands, groups and malformed text stay unanswered") {
    Bench bench{Model::x1c};
    CHECK(bench.print("make_coffee").empty());
    for (const char* text : {"", "{", "[]", "42", "null", R"({"print":5})", R"({"print":{}})",
                             R"({"nobody":{"command":"x"}})", R"({"print":{"command":7}})", "\xff\xfe"})
        CHECK(bench.send(text).empty());
    const std::string whole = R"({"print":{"sequence_id":"1","command":"gcode_line","param":"M104 S200\n"}})";
    for (std::size_t length = 0; length < whole.size(); ++length)
        CHECK(bench.send(whole.substr(0, length)).empty());
}

TEST_CASE("command: what was received is remembered, fifty at most") {
    Bench bench{Model::x1c};
    for (int i = 0; i < 60; ++i)
        bench.print("make_coffee");
    bench.print("pause");
    CHECK(bench.state().commands.size() == 50);
    CHECK(bench.state().commands.back().command == "pause");
    CHECK(bench.state().commands.back().sequence_id == "30001");
    bench.full();
    bench.full();
    CHECK(bench.state().pushall_count == 2);
}

TEST_CASE("command: temperatures by G-code and by name, clamped to the model") {
    Bench bench{Model::h2d};
    bench.gcode("M104 S210 T1\nM140 S200\nM141 S50\n");
    CHECK(bench.state().nozzles[1].target == 210);
    CHECK(bench.state().nozzles[0].target == 0);
    CHECK(bench.state().bed.target == 120);
    CHECK(bench.state().chamber.target == 50);
    bench.print("set_nozzle_temp", R"("extruder_index":0,"target_temp":900)");
    CHECK(bench.state().nozzles[0].target == 350);
    bench.print("set_bed_temp", R"("temp":70)");
    CHECK(bench.state().bed.target == 70);
    CHECK(bench.print("set_ctt", R"("ctt_val":30,"temper_check":true)").at("errno") == -4);
    bench.print("set_ctt", R"("ctt_val":45,"temper_check":true)");
    CHECK(bench.state().chamber.target == 45);
}

TEST_CASE("command: a chamber target without a heater is accepted and does nothing") {
    Bench bench{Model::p1s};
    CHECK(bench.print("set_ctt", R"("ctt_val":45)").at("result") == "success");
    CHECK(bench.state().chamber.target == 0);
}

TEST_CASE("command: fans by port and by part") {
    Bench bench{Model::h2d};
    bench.gcode("M106 P1 S255\nM106 P2 S128\nM106 P3 S10\n");
    CHECK(bench.state().part_fan == 255);
    CHECK(bench.state().aux_fan == 128);
    CHECK(bench.state().chamber_fan == 10);
    bench.print("set_fan", R"("fan_index":1,"speed":50)");
    CHECK(bench.state().part_fan == 128);
    CHECK(bench.full().at("device").at("airduct").at("parts").at(0).at("state") == 50);
    bench.print("set_airduct", R"("modeId":1,"submode":-1)");
    CHECK(bench.full().at("device").at("airduct").at("modeCur") == 1);
    Bench small{Model::p1s};
    small.gcode("M106 P2 S255\n");
    const auto report = small.full();
    CHECK(report.at("big_fan1_speed") == "15");
    CHECK(report.at("fan_gear") == 0xFF00);
}

TEST_CASE("command: the slicer's jog moves one axis relatively and keeps the end stops") {
    Bench bench{Model::p1s};
    const auto jog = [&](const std::string& move) {
        bench.gcode("M211 S\nM211 X1 Y1 Z1\nM1002 push_ref_mode\nG91\n" + move +
                    "\nM1002 pop_ref_mode\nM211 R\n");
    };
    bench.gcode("G28\n");
    CHECK(bench.state().homed[0]);
    CHECK(bench.state().position_mm[0] == 128);
    jog("G1 X10.0 F3000");
    CHECK(bench.state().position_mm[0] == 138);
    jog("G1 X-1 F3000");
    CHECK(bench.state().position_mm[0] == 137);
    jog("G1 Z-50 F900");
    CHECK(bench.state().position_mm[2] == 0);
    jog("G1 Y9999 F3000");
    CHECK(bench.state().position_mm[1] == 256);
}

TEST_CASE("command: jog and home in the MQTT form") {
    Bench bench{Model::p2s};
    bench.print("back_to_center");
    CHECK(bench.state().homed[2]);
    bench.print("xyz_ctrl", R"("axis":"Y","dir":-1,"mode":1)");
    CHECK(bench.state().position_mm[1] == 118);
    bench.machine().start_printing_at(10);
    CHECK(bench.print("xyz_ctrl", R"("axis":"Y","dir":-1,"mode":1)").at("result") == "fail");
}

TEST_CASE("command: motors off forgets the position, a cold nozzle does not extrude") {
    Bench bench{Model::p1s};
    bench.gcode("G28\nM83\nG0 E10.0 F900\n");
    CHECK(bench.state().extruded_mm == 0);
    bench.machine().edit().nozzles[0] = Heater{220, 220};
    bench.gcode("M83\nG0 E10.0 F900\n");
    CHECK(bench.state().extruded_mm == 10);
    bench.gcode("M84\n");
    CHECK_FALSE(bench.state().homed[0]);
}

TEST_CASE("command: lights are set without Developer Mode and reported") {
    Bench bench{Model::h2d};
    bench.machine().edit().developer_mode = false;
    const auto answers = bench.send(
        R"({"system":{"sequence_id":"3","command":"ledctrl","led_node":"chamber_light","led_mode":"flashing"}})");
    CHECK(answers.front().at("system").at("result") == "success");
    CHECK(bench.full().at("lights_report").at(0).at("mode") == "flashing");
    bench.machine().edit().developer_mode = true;
    bench.gcode("M960 S5 P0\n");
    CHECK_FALSE(bench.state().logo_light);
}

TEST_CASE("command: speed only while printing, and it shows") {
    Bench bench{Model::p1s};
    CHECK(bench.print("print_speed", R"("param":"3")").at("result") == "fail");
    bench.machine().start_printing_at(10);
    CHECK(bench.print("print_speed", R"("param":"3")").at("result") == "success");
    CHECK(bench.full().at("spd_lvl") == 3);
    CHECK(bench.full().at("spd_mag") == 124);
    CHECK(bench.print("print_speed", R"("param":"5")").at("result") == "fail");
}

TEST_CASE("command: skipped objects are reported once each") {
    Bench bench{Model::x1c};
    bench.machine().start_printing_at(10);
    bench.print("skip_objects", R"("obj_list":[201,305])");
    bench.print("skip_objects", R"("obj_list":[305])");
    CHECK(bench.full().at("s_obj").as_array() == json::array{201, 305});
}

TEST_CASE("command: load and unload take their time and end in tray_now") {
    Bench bench{Model::p1s};
    bench.print("ams_change_filament", R"("ams_id":0,"slot_id":0,"target":0,"curr_temp":220,"tar_temp":220)");
    auto report = bench.full();
    CHECK(report.at("ams_status").as_int64() / 256 == 1);
    CHECK(report.at("stg_cur") == 24);
    bench.pass(70s);
    report = bench.full();
    CHECK(report.at("ams").at("tray_now") == "0");
    CHECK(report.at("hw_switch_state") == 1);
    bench.print("ams_change_filament",
                R"("ams_id":0,"slot_id":255,"target":255,"curr_temp":220,"tar_temp":220)");
    CHECK(bench.full().at("stg_cur") == 22);
    bench.pass(70s);
    CHECK(bench.full().at("ams").at("tray_now") == "255");
    bench.print("ams_change_filament", R"("target":254,"curr_temp":220,"tar_temp":220)");
    bench.pass(70s);
    CHECK(bench.full().at("ams").at("tray_now") == "254");
}

TEST_CASE("command: loading while printing is refused, and an empty slot ends in an error") {
    Bench bench{Model::p1s};
    bench.machine().unit(0)->slots[2].reset();
    bench.print("ams_change_filament", R"("ams_id":0,"slot_id":2,"target":2)");
    bench.pass(70s);
    CHECK(bench.state().print_error == 0x07008011);
    bench.machine().start_printing_at(10);
    CHECK(bench.print("unload_filament").at("result") == "fail");
    CHECK(bench.print("ams_change_filament", R"("ams_id":0,"slot_id":0,"target":0)").at("result") == "fail");
}

TEST_CASE("command: spool data is taken for untagged spools and for the external one") {
    Bench bench{Model::x1c};
    const std::string values =
        R"("tray_info_idx":"GFL99","setting_id":"","tray_color":"FF8800FF","nozzle_temp_min":190,"nozzle_temp_max":240,"tray_type":"PLA")";
    auto& slot = bench.machine().unit(0)->slots[1];
    slot = Spool{.type = "PETG", .preset = "GFG99", .color = "000000FF"};
    bench.print("ams_filament_setting", R"("ams_id":0,"tray_id":1,"slot_id":1,)" + values);
    CHECK(slot->type == "PLA");
    CHECK(slot->color == "FF8800FF");
    slot->tag = "3EC2656300000100";
    slot->color = "000000FF";
    bench.print("ams_filament_setting", R"("ams_id":0,"tray_id":1,"slot_id":1,)" + values);
    CHECK(slot->color == "000000FF");
    const auto echo =
        bench.print("ams_filament_setting", R"("ams_id":255,"tray_id":254,"slot_id":0,)" + values);
    CHECK(echo.at("tray_id") == 0);
    CHECK(bench.state().external.type == "PLA");
    CHECK(bench.print("ams_filament_setting", R"("ams_id":255,"tray_id":0,"slot_id":0,)" + values)
              .at("reason") == "error string");
}

TEST_CASE("command: drying runs where it can, counts down, and is ignored in silence elsewhere") {
    const std::string dry = R"("mode":1,"filament":"PLA","temp":55,"duration":8,"close_power_conflict":true)";
    Bench bench{Model::p2s};
    bench.print("ams_filament_drying", R"("ams_id":128,)" + dry);
    CHECK(bench.full().at("ams").at("ams").at(1).at("dry_time") == 480);
    CHECK(bench.full().at("ams").at("ams").at(1).at("info") == "2024");
    bench.pass(1h);
    CHECK(bench.full().at("ams").at("ams").at(1).at("dry_time") == 420);
    bench.print("auto_stop_ams_dry");
    CHECK(bench.full().at("ams").at("ams").at(1).at("dry_time") == 0);
    bench.print("ams_filament_drying",
                R"("ams_id":128,"mode":1,"temp":55,"duration":8,"close_power_conflict":false)");
    CHECK(bench.machine().unit(128)->dry_minutes == 0);
    Bench small{Model::p1s};
    CHECK(small.print("ams_filament_drying", R"("ams_id":0,)" + dry).at("result") == "success");
    CHECK(small.machine().unit(0)->dry_minutes == 0);
}

TEST_CASE("command: errors are closed by clean_print_error, on a P2S only by uiop") {
    Bench x1{Model::x1c};
    x1.machine().edit().print_error = 0x07004025;
    x1.print("clean_print_error", R"("subtask_id":"0","print_error":117456933)");
    CHECK(x1.state().print_error == 0);
    Bench p2{Model::p2s};
    p2.machine().edit().print_error = 0x07004025;
    p2.print("clean_print_error");
    CHECK(p2.state().print_error == 0x07004025);
    p2.send(
        R"({"system":{"command":"uiop","name":"print_error","action":"close","source":1,"type":"dialog","err":"07004025"}})");
    CHECK(p2.state().print_error == 0);
}

TEST_CASE("command: options, camera and AI switches") {
    Bench bench{Model::x1c};
    bench.print("print_option", R"("auto_recovery":false,"sound_enable":false)");
    CHECK_FALSE(bench.state().step_loss_recovery);
    CHECK_FALSE(bench.state().sound);
    bench.send(R"({"camera":{"command":"ipcam_record_set","control":"disable"}})");
    CHECK(bench.full().at("ipcam").at("ipcam_record") == "disable");
    bench.send(R"({"camera":{"command":"ipcam_timelapse","control":"enable"}})");
    CHECK(bench.full().at("ipcam").at("timelapse") == "enable");
    bench.send(
        R"({"xcam":{"command":"xcam_control_set","module_name":"first_layer_inspector","control":false,"enable":false}})");
    CHECK(bench.full().at("xcam").at("first_layer_inspector") == false);
    const auto info = bench.send(R"({"camera":{"command":"ipcam_get_media_info","total_layer":50}})");
    CHECK(info.front().at("camera").at("is_enough") == true);
}

TEST_CASE("command: calibration runs as a job of the system") {
    Bench bench{Model::x1c};
    bench.print("calibration", R"("option":6)");
    CHECK(bench.full().at("print_type") == "system");
    bench.pass(10min);
    CHECK(bench.state().state == GcodeState::finish);
}
