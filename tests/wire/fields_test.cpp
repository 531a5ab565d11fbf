#include <doctest/doctest.h>

#include <string>

#include "reading.hpp"

namespace farmwall::wire {
namespace {

TEST_CASE("fields: the job is read as protocol 4.2 has it") {
    const Report report = said(
        R"("gcode_state":"RUNNING","mc_percent":42,"mc_remaining_time":115,"layer_num":24,"total_layer_num":332,
           "gcode_file_prepare_percent":"100","gcode_start_time":"1700000000","subtask_name":"Vase",
           "gcode_file":"/data/Metadata/plate_1.gcode","task_id":"11","subtask_id":"12","project_id":"13",
           "profile_id":"14","job_id":"15","plate_idx":"2","print_type":"cloud","mc_print_stage":"2",
           "stg_cur":14,"stg":[2,14,255],"stg_cd":3,"spd_lvl":2,"s_obj":[201],"mapping":[257,65535])");
    CHECK(report.state == JobState::running);
    CHECK(report.state_text == "RUNNING");
    CHECK(report.percent == 42);
    CHECK(report.remaining_minutes == 115);
    CHECK(report.layer == 24);
    CHECK(report.total_layers == 332);
    CHECK(report.prepare_percent == 100);
    CHECK(report.started_unix == 1700000000);
    CHECK(report.subtask_name == "Vase");
    CHECK(report.gcode_file == "/data/Metadata/plate_1.gcode");
    CHECK(report.task_id == "11");
    CHECK(report.subtask_id == "12");
    CHECK(report.project_id == "13");
    CHECK(report.profile_id == "14");
    CHECK(report.job_id == "15");
    CHECK(report.plate_index == 2);
    CHECK(report.print_type == "cloud");
    CHECK(report.print_stage == 2);
    CHECK(report.stage == 14);
    CHECK(report.stage_queue == std::vector{2, 14, 255});
    CHECK(report.stage_seconds_left == 3);
    CHECK(report.speed_level == 2);
    CHECK(report.skipped_objects == std::vector{201});
    CHECK(report.mapping == std::vector{257, 65535});
}

TEST_CASE("fields: a state this program does not know is unknown, and its text is kept") {
    CHECK(said(R"("gcode_state":"pause")").state == JobState::pause);
    const Report report = said(R"("gcode_state":"DANCING")");
    CHECK(report.state == JobState::unknown);
    CHECK(report.state_text == "DANCING");
    CHECK(said(R"("gcode_state":"")").state == JobState::unknown);
}

TEST_CASE("fields: layers come from 3D where the plain keys are missing, in any order") {
    CHECK(said(R"("3D":{"layer_num":170,"total_layer_num":480})").layer == 170);
    CHECK(said(R"("3D":{"layer_num":170,"total_layer_num":480})").total_layers == 480);
    CHECK(said(R"("3D":{"layer_num":170},"layer_num":171)").layer == 171);
    CHECK(said(R"("layer_num":171,"3D":{"layer_num":170})").layer == 171);
    CHECK(said(R"("file":"/b","gcode_file":"/a")").gcode_file == "/a");
    CHECK(said(R"("gcode_file":"/a","file":"/b")").gcode_file == "/a");
    CHECK(said(R"("file":"/b")").gcode_file == "/b");
}

TEST_CASE("fields: the same number may be an int, a float, a string or a boolean") {
    for (const char* const ten : {"10", "10.0", "\"10\"", "\" 10 \"", "1e1", "9.7"}) {
        CAPTURE(ten);
        CHECK(said("\"mc_percent\":" + std::string{ten}).percent == 10);
    }
    CHECK(said(R"("hw_switch_state":true)").toolhead_filament == 1);
    CHECK(said(R"("subtask_id":4711)").subtask_id == "4711");
    CHECK(said(R"("bed_temper":"24.5")").bed_celsius == 24.5);
    CHECK(said(R"("nozzle_diameter":"0.4")").nozzle_diameter_mm == 0.4);
    CHECK(said(R"("nozzle_diameter":0.6)").nozzle_diameter_mm == 0.6);
    for (const char* const yes : {"true", "1", "\"true\"", "\"1\"", "\"enable\"", "\"TRUE\"", "2"}) {
        CAPTURE(yes);
        CHECK(said("\"sdcard\":" + std::string{yes}).storage_present == true);
    }
    for (const char* const no : {"false", "0", "\"false\"", "\"0\"", "\"disable\""}) {
        CAPTURE(no);
        CHECK(said("\"sdcard\":" + std::string{no}).storage_present == false);
    }
}

TEST_CASE("fields: an empty string where a number belongs says nothing") {
    CHECK(
        said(
            R"("mc_percent":"","gcode_start_time":"","print_error":"","cfg":"","sdcard":"","wifi_signal":"")") ==
        Report{});
}

TEST_CASE("fields: a number out of range loses its field, and is never bent to fit") {
    for (const char* const wrong :
         {R"("mc_percent":101)", R"("mc_percent":-1)", R"("mc_percent":1e300)", R"("layer_num":-1)",
          R"("layer_num":99999999999)", R"("total_layer_num":123456789012345678901234567890)",
          R"("mc_remaining_time":-5)", R"("bed_temper":-1001)", R"("nozzle_temper":1e18)",
          R"("cooling_fan_speed":"16")", R"("spd_lvl":0)", R"("spd_lvl":5)", R"("home_flag":4294967296)",
          R"("print_error":-2147483649)", R"("cfg":"11112222333344445")", R"("nozzle_diameter":"-0.4")",
          R"("gcode_file_prepare_percent":"300")", R"("wifi_signal":"-999dBm")"}) {
        CAPTURE(wrong);
        CHECK(lost(wrong) == 1);
    }
}

TEST_CASE("fields: a value of the wrong kind loses its field") {
    for (const char* const wrong : {R"("mc_percent":"half")",
                                    R"("mc_percent":[1])",
                                    R"("mc_percent":{"a":1})",
                                    R"("bed_temper":true)",
                                    R"("stg":"none")",
                                    R"("stg":[1,"x"])",
                                    R"("sdcard":"perhaps")",
                                    R"("cfg":"wxyz")",
                                    R"("home_flag":"wxyz")",
                                    R"("hms":{})",
                                    R"("lights_report":1)",
                                    R"("device":[])",
                                    R"("ipcam":"x")",
                                    R"("wifi_signal":"strong")",
                                    R"("gcode_state":{})",
                                    R"("vir_slot":{})",
                                    R"("vt_tray":[])",
                                    R"("upgrade_state":0)",
                                    R"("net":"x")",
                                    R"("device":{"ctc":7})"}) {
        CAPTURE(wrong);
        CHECK(lost(wrong) == 1);
    }
}

TEST_CASE("fields: one wrong field costs no other") {
    const ReportDelta delta =
        read_report(R"({"print":{"mc_percent":500,"bed_temper":60,"layer_num":-3,"msg":1}})");
    CHECK(delta.lost_fields == 2);
    CHECK(delta.said.bed_celsius == 60);
    CHECK_FALSE(delta.said.percent);
}

TEST_CASE("fields: a plain temperature from 500 on holds current and target") {
    const Report report = said(R"("nozzle_temper":14418140,"bed_temper":3932219,"chamber_temper":3932208)");
    CHECK(report.nozzle_celsius == 220);
    CHECK(report.nozzle_target_celsius == 220);
    CHECK(report.bed_celsius == 59);
    CHECK(report.bed_target_celsius == 60);
    CHECK(report.chamber_celsius == 48);
    CHECK(report.chamber_target_celsius == 60);
    CHECK(said(R"("bed_temper":499.5)").bed_celsius == 499.5);
    CHECK(lost(R"("bed_temper":2000)") == 1);
}

TEST_CASE("fields: a target that is said beats the one packed into the current value") {
    CHECK(said(R"("nozzle_temper":14418140,"nozzle_target_temper":0)").nozzle_target_celsius == 0);
    CHECK(said(R"("nozzle_target_temper":0,"nozzle_temper":14418140)").nozzle_target_celsius == 0);
    CHECK(said(R"("nozzle_target_temper":14418140)").nozzle_target_celsius == 220);
}

TEST_CASE("fields: packed temperatures are unpacked, one without a target having 0") {
    const Report report = said(R"("info":{"temp":35},"device":{"ctc":{"info":{"temp":3932220}},"bed_temp":23,
                "bed":{"info":{"temp":"4587590"},"state":2}})");
    CHECK(report.info_packed == PackedTemperature{35, 0});
    CHECK(report.chamber_packed == PackedTemperature{60, 60});
    CHECK(report.bed_packed == PackedTemperature{70, 70});
    CHECK(said(R"("device":{"bed_temp":4587590})").bed_packed == PackedTemperature{70, 70});
    CHECK(said(R"("info":{"temp":65531})").info_packed == PackedTemperature{-5, 0});
    CHECK(lost(R"("info":{"temp":5000})") == 1);
}

TEST_CASE("fields: fans, gear and air duct") {
    const Report report = said(
        R"("cooling_fan_speed":"15","big_fan1_speed":"11","big_fan2_speed":"8","heatbreak_fan_speed":"13",
           "fan_gear":16757503,"aux_part_fan":true,
           "device":{"airduct":{"modeCur":1,"subMode":0,"modeList":[{"modeId":0,"ctrl":[16]}],
             "parts":[{"id":16,"func":0,"state":30,"tar_state":40,"range":6553600},{"id":96,"state":356}]}})");
    CHECK(report.part_fan_step == 15);
    CHECK(report.aux_fan_step == 11);
    CHECK(report.chamber_fan_step == 8);
    CHECK(report.heatbreak_fan_step == 13);
    CHECK(report.fan_gear == 0xFFB2FFU);
    CHECK(report.aux_fan_fitted == true);
    CHECK(report.airduct_mode == 1);
    REQUIRE(report.airduct_parts);
    CHECK(*report.airduct_parts == std::vector<AirductPart>{{16, 30, 40}, {96, 100, 0}});
}

TEST_CASE("fields: entries of a list that cannot be read are left out and counted") {
    const ReportDelta delta = read_report(
        R"({"print":{"device":{"airduct":{"parts":[{"id":16,"state":200},{"state":3},7,{"id":32,"state":9}]}},
             "lights_report":[{"node":"chamber_light","mode":"dim"},{"mode":"on"},{"node":"work_light","mode":"ON"}],
             "hms":[{"attr":1},{"attr":1,"code":2},"x"]}})");
    CHECK(*delta.said.airduct_parts == std::vector<AirductPart>{{32, 9, 0}});
    CHECK(*delta.said.lights == std::vector<Light>{{"work_light", LightMode::on}});
    CHECK(*delta.said.hms == std::vector<HmsEntry>{{1, 2}});
    CHECK(delta.lost_fields == 3 + 2 + 2);
}

TEST_CASE("fields: small things") {
    const Report report = said(
        R"("lights_report":[{"node":"chamber_light","mode":"on"},{"node":"work_light","mode":"flashing"}],
           "wifi_signal":"-53dBm","hw_switch_state":2,"nozzle_type":"HS01-0.4",
           "net":{"conf":17,"info":[{"ip":184680640,"mask":16777215},{"ip":0,"mask":0}]})");
    CHECK(*report.lights ==
          std::vector<Light>{{"chamber_light", LightMode::on}, {"work_light", LightMode::flashing}});
    CHECK(report.wifi_dbm == -53);
    CHECK(report.toolhead_filament == 2);
    CHECK(report.nozzle_type == "HS01-0.4");
    CHECK(report.net_conf == 17);
    CHECK(*report.net_addresses == std::vector<std::string>{"192.0.2.11"});
    CHECK(said(R"("wifi_signal":-44)").wifi_dbm == -44);
    CHECK(said(R"("net":{"info":[{"ip":-1062731520}]})").net_addresses->front() == "0.1.168.192");
}

TEST_CASE("fields: bit fields are hex strings or signed numbers") {
    const Report report = said(
        R"("home_flag":-1066934785,"cfg":"10017DAB9","fun":"3ec18fff9cff","fun2":"E","aux":"2001004","stat":42)");
    CHECK(report.home_flag == 0xC067DDFFU);
    CHECK(report.cfg == 0x10017DAB9U);
    CHECK(report.fun == 0x3EC18FFF9CFFU);
    CHECK(report.fun2 == 0xEU);
    CHECK(report.aux == 0x2001004U);
    CHECK(report.stat == 42U);
    CHECK(said(R"("home_flag":"-1066934785")").home_flag == 0xC067DDFFU);
    CHECK(said(R"("home_flag":3228032511)").home_flag == 0xC067DDFFU);
    CHECK(said(R"("fun":-1)").fun == 0xFFFFFFFFU);
}

TEST_CASE("fields: the camera's address is not kept, only whether it is offered") {
    CHECK(said(R"("ipcam":{"rtsp_url":"rtsps://bblp:87654321@192.0.2.9:322/streaming/live/1"})").liveview ==
          true);
    CHECK(said(R"("ipcam":{"rtsp_url":"disable"})").liveview == false);
    CHECK_FALSE(said(R"("ipcam":{"rtsp_url":""})").liveview);
    const Report report = said(
        R"("ipcam":{"ipcam_dev":"1","ipcam_record":"enable","timelapse":"disable","resolution":"1080p"},
           "xcam":{"first_layer_inspector":true,"printing_monitor":false,"spaghetti_detector":true,
                   "allow_skip_parts":false,"buildplate_marker_detector":true,"cfg":224695})");
    CHECK(report.camera_present == true);
    CHECK(report.camera_recording == true);
    CHECK(report.timelapse == false);
    CHECK(report.camera_resolution == "1080p");
    CHECK(report.first_layer_inspector == true);
    CHECK(report.printing_monitor == false);
    CHECK(report.spaghetti_detector == true);
    CHECK(report.allow_skip_parts == false);
    CHECK(report.plate_marker_detector == true);
    CHECK_FALSE(report.cfg);
}

TEST_CASE("fields: the new firmware's version stands in one of two places") {
    const Report x1 =
        said(R"("upgrade_state":{"new_version_state":1,"ota_new_version_number":"01.09.00.00"})");
    CHECK(x1.new_version_state == 1);
    CHECK(x1.new_version == "01.09.00.00");
    const Report p1 = said(
        R"("upgrade_state":{"new_version_state":2,"new_ver_list":[{"name":"ams/0","new_ver":"2"},
            {"name":"ota","cur_ver":"01.01.00.00","new_ver":"01.02.00.00"}]})");
    CHECK(p1.new_version == "01.02.00.00");
}

TEST_CASE("fields: errors come as numbers and as decimal strings") {
    const Report report =
        said(R"("print_error":83902476,"mc_print_error_code":"83902478","fail_reason":"50348044")");
    CHECK(report.print_error == 0x0500400CU);
    CHECK(report.mc_print_error_code == 0x0500400EU);
    CHECK(report.fail_reason == 0x0300400CU);
    CHECK(said(R"("mc_print_error_code":5)").mc_print_error_code == 5U);
    CHECK(said(R"("hms":[])").hms->empty());
}

TEST_CASE("fields: extruders and nozzles of newer machines") {
    const Report report = said(
        R"("device":{"type":1,"ext_tool":{"mount":1,"type":"LB00"},
             "extruder":{"state":274,"info":[{"id":0,"temp":14745864,"snow":259,"spre":259,"star":259,"hnow":0,"info":78},
                                             {"id":1,"temp":40,"snow":65279,"hnow":1}]},
             "nozzle":{"exist":3080195,"info":[{"id":16,"diameter":0.4,"type":"HS01","wear":0.0},
                                               {"id":0,"diameter":"0.6","type":"HH01"}]}})");
    CHECK(report.device_type == 1U);
    CHECK(report.tool_mount == 1);
    CHECK(report.tool_type == "LB00");
    CHECK(report.extruder_state == 274);
    REQUIRE(report.extruders->size() == 2);
    const Extruder right{0, PackedTemperature{264, 225}, 259, 259, 259, 0, 78};
    CHECK(report.extruders->at(0) == right);
    CHECK(report.extruders->at(1).tray_now == 65279);
    CHECK_FALSE(report.extruders->at(1).info);
    CHECK(report.nozzle_exist_bits == 3080195U);
    CHECK(report.nozzles->at(0) == Nozzle{16, 0.4, "HS01", 0});
    CHECK(report.nozzles->at(1).diameter_mm == 0.6);
}

TEST_CASE("fields: the old shape of device.nozzle is passed over") {
    CHECK(said(R"("device":{"nozzle":{"0":{"info":136,"temp":14418139},"info":7}})") == Report{});
}

TEST_CASE("fields: a message that says one key sets the fields of that key and no other") {
    Report only_bed;
    only_bed.bed_celsius = 21;
    CHECK(said(R"("bed_temper":21)") == only_bed);
    Report only_layers;
    only_layers.layer = 3;
    CHECK(said(R"("3D":{"layer_num":3})") == only_layers);
}

}  // namespace
}  // namespace farmwall::wire
