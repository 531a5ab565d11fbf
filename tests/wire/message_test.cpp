#include "wire/message.hpp"

#include <doctest/doctest.h>

#include <string>

#include "reading.hpp"

namespace farmwall::wire {
namespace {

using namespace std::string_literals;

TEST_CASE("message: push_status is a report, and msg says how much of one") {
    CHECK(read_report(R"({"print":{"command":"push_status","msg":0}})").kind == ReportDelta::Kind::full);
    CHECK(read_report(R"({"print":{"command":"push_status","msg":1}})").kind == ReportDelta::Kind::partial);
    CHECK(read_report(R"({"print":{"command":"push_status","msg":"1"}})").kind == ReportDelta::Kind::partial);
    CHECK(read_report(R"({"print":{"command":"push_status"}})").kind == ReportDelta::Kind::unmarked);
}

TEST_CASE("message: a msg that is neither 0 nor 1 is not taken for everything") {
    const ReportDelta delta = read_report(R"({"print":{"msg":7,"command":"push_status"}})");
    CHECK(delta.kind == ReportDelta::Kind::partial);
    CHECK(delta.lost_fields == 1);
}

TEST_CASE("message: status keys without a command are a report") {
    const ReportDelta delta = read_report(R"({"print":{"bed_temper":24.5,"sequence_id":"7"}})");
    CHECK(delta.said.bed_celsius == 24.5);
    CHECK(delta.said.sequence_id == "7");
    CHECK(delta.kind == ReportDelta::Kind::unmarked);
}

TEST_CASE("message: print without command and without status keys is nothing") {
    CHECK(std::holds_alternative<Ignored>(read(R"({"print":{"sequence_id":"7","strange":1}})")));
    CHECK(std::holds_alternative<Ignored>(read(R"({"print":{}})")));
    CHECK(std::holds_alternative<Ignored>(read(R"({"print":5})")));
    CHECK(std::holds_alternative<Ignored>(read(R"({"print":null})")));
    CHECK(std::holds_alternative<Ignored>(read("{}")));
}

TEST_CASE("message: log lines of mc_print are ignored") {
    CHECK(std::holds_alternative<Ignored>(read(
        R"({"mc_print":{"command":"push_info","param":"[AMS][TASK]ams0 temp:27.1","sequence_id":"1"}})")));
}

TEST_CASE("message: an answer under print is never merged, wherever its command stands") {
    const std::string asked =
        R"("nozzle_diameter":"0.8","filament_id":"","filaments":[],"sequence_id":"30007","result":"success")";
    for (const std::string& text : {R"({"print":{"command":"extrusion_cali_get",)" + asked + "}}",
                                    R"({"print":{)" + asked + R"(,"command":"extrusion_cali_get"}})"}) {
        const Echo echo = read_echo(text);
        CHECK(echo.family == "print");
        CHECK(echo.command == "extrusion_cali_get");
        CHECK(echo.sequence_id == "30007");
        CHECK(echo.result == "success");
        CHECK_FALSE(echo.failed());
    }
}

TEST_CASE("message: the echo of a failed project_file is no report of the wanted file") {
    const Echo echo = read_echo(
        R"({"print":{"command":"project_file","subtask_name":"bracket","url":"ftp:///bracket.3mf",
            "bed_leveling":true,"ams_mapping":[0],"sequence_id":"30010","result":"FAIL","reason":"no file"}})");
    CHECK(echo.result == "fail");
    CHECK(echo.reason == "no file");
    CHECK(echo.failed());
    CHECK_FALSE(echo.wants_signature());
}

TEST_CASE("message: failure is a result, an err_code or a negative errno") {
    CHECK(read_echo(R"({"print":{"command":"a","result":"failed"}})").failed());
    CHECK(read_echo(R"({"print":{"command":"a","err_code":83902467}})").failed());
    CHECK(read_echo(R"({"print":{"command":"set_ctt","ctt_val":45,"errno":-2}})").failed());
    CHECK(read_echo(R"({"print":{"command":"set_ctt","errno":-2}})").error_number == -2);
    CHECK_FALSE(read_echo(R"({"print":{"command":"a","result":"SUCCESS"}})").failed());
    CHECK_FALSE(read_echo(R"({"print":{"command":"a","err_code":0,"errno":0}})").failed());
    CHECK_FALSE(read_echo(R"({"print":{"command":"a","errno":3}})").failed());
    CHECK_FALSE(read_echo(R"({"print":{"command":"a"}})").failed());
}

TEST_CASE("message: a refusal of an unsigned command is seen in both of its spoken shapes") {
    const Echo spoken = read_echo(
        R"({"print":{"command":"gcode_line","sequence_id":"30005","param":"M106 P3 S255\n","result":"failed",
            "reason":"mqtt message verify failed","err_code":84033543}})");
    CHECK(spoken.failed());
    CHECK(spoken.wants_signature());
    CHECK(spoken.err_code == 84033543U);
    const Echo bare = read_echo(
        R"({"print":{"command":"gcode_line","sequence_id":"30005","param":"M106 P3 S255\n","err_code":84033543}})");
    CHECK(bare.result.empty());
    CHECK(bare.wants_signature());
    const Echo bad_signature = read_echo(R"({"print":{"command":"pause","err_code":84033545}})");
    CHECK(bad_signature.wants_signature());
}

TEST_CASE("message: after silence the HMS entry of an unsigned command arrives in a report") {
    const Report report = said(R"("hms":[{"attr":83887360,"code":65543}])");
    REQUIRE(report.hms);
    CHECK(report.hms->front() == HmsEntry{0x05000500, 0x00010007});
}

TEST_CASE("message: echoes of the other families name their family") {
    const Echo light = read_echo(
        R"({"system":{"command":"ledctrl","led_node":"chamber_light","led_mode":"on","sequence_id":"1","result":"success"}})");
    CHECK(light.family == "system");
    CHECK(light.command == "ledctrl");
    CHECK(read_echo(R"({"camera":{"command":"ipcam_record_set","control":"enable"}})").family == "camera");
    CHECK(read_echo(R"({"upgrade":{"command":"get_history"}})").family == "upgrade");
    CHECK(read_echo(R"({"pushing":{"command":"start","sequence_id":2}})").sequence_id == "2");
    CHECK(read_echo(R"({"info":{"command":"get_version","result":"fail"}})").family == "info");
}

TEST_CASE("message: xcam at top level is an echo with a command, and a report without") {
    const Echo echo = read_echo(
        R"({"xcam":{"command":"xcam_control_set","module_name":"printing_monitor","control":true,"result":"success"}})");
    CHECK(echo.family == "xcam");
    const ReportDelta delta = read_report(R"({"xcam":{"printing_monitor":true}})");
    CHECK(delta.said.printing_monitor == true);
}

TEST_CASE("message: status keys at top level count beside print and instead of it") {
    const ReportDelta beside = read_report(
        R"({"print":{"command":"push_status","msg":0,"mc_percent":5},"wifi_signal":"-61dBm","fun":"1AFFF9CFF"})");
    CHECK(beside.kind == ReportDelta::Kind::full);
    CHECK(beside.said.percent == 5);
    CHECK(beside.said.wifi_dbm == -61);
    CHECK(beside.said.fun == 0x1AFFF9CFFU);
    const ReportDelta alone = read_report(
        R"({"ams":{"tray_now":"2"},"vt_tray":{"id":"254"},"vir_slot":[],"cfg":"1","aux":"2","stat":"3",
            "device":{"type":1},"net":{"conf":17},"ipcam":{"ipcam_dev":"1"}})");
    CHECK(alone.said.tray_now == 2);
    CHECK(alone.said.external->id == 254);
    CHECK(alone.said.external_slots->empty());
    CHECK(alone.said.cfg == 1U);
    CHECK(alone.said.aux == 2U);
    CHECK(alone.said.stat == 3U);
    CHECK(alone.said.device_type == 1U);
    CHECK(alone.said.net_conf == 17);
    CHECK(alone.said.camera_present == true);
}

TEST_CASE("message: keys at top level alone are never a full report") {
    CHECK(read_report(R"({"wifi_signal":"-61dBm"})").kind == ReportDelta::Kind::partial);
}

TEST_CASE("message: an echo beside status keys stays an echo") {
    CHECK(read_echo(R"({"wifi_signal":"-61dBm","print":{"command":"pause","sequence_id":"1"}})").command ==
          "pause");
}

TEST_CASE("message: a version answer lists its modules, texts not sent being empty") {
    const VersionAnswer answer = read_version(
        R"({"info":{"command":"get_version","sequence_id":"30001","module":[
            {"name":"ota","project_name":"C11","sw_ver":"01.06.00.00","hw_ver":"OTA","sn":"01S00A000000001"},
            {"name":"esp32","sw_ver":"","sn":null},
            {"name":"n3f/0","product_name":"AMS 2 Pro 1","visible":true,"new_ver":"x"}]}})");
    CHECK(answer.sequence_id == "30001");
    REQUIRE(answer.modules.size() == 3);
    CHECK(answer.modules[0] == FirmwareModule{"ota", "01S00A000000001", "OTA", "01.06.00.00", "", "C11"});
    CHECK(answer.modules[1] == FirmwareModule{"esp32", "", "", "", "", ""});
    CHECK(answer.modules[2].product_name == "AMS 2 Pro 1");
}

TEST_CASE("message: a version answer right after boot may be incomplete") {
    const VersionAnswer answer =
        read_version(R"({"info":{"command":"get_version","module":[{"name":"ota","sn":"","sw_ver":""}]}})");
    CHECK(answer.sequence_id.empty());
    CHECK_FALSE(printer_firmware(answer.modules));
    CHECK(read_version(R"({"info":{"command":"get_version","module":[]}})").modules.empty());
}

TEST_CASE("message: indented JSON and a byte order mark are read like compact JSON") {
    const std::string text =
        "\n{\n\t\"print\": {\r\n    \"command\" : \"push_status\" ,\n  \"mc_percent\" :\t42\n  }\n}\n";
    CHECK(read_report(text).said.percent == 42);
    CHECK(read_report("\xEF\xBB\xBF" + text).said.percent == 42);
}

TEST_CASE("message: what is not one whole JSON object is an error") {
    for (const char* const text : {"",
                                   "   ",
                                   "null",
                                   "7",
                                   "\"print\"",
                                   "[]",
                                   "[{\"print\":{}}]",
                                   "{",
                                   "{\"print\"",
                                   "{\"print\":{}",
                                   "{\"print\":{}}}",
                                   "{\"print\":{}} {}",
                                   "{\"print\":{}} x",
                                   "{\"print\":{},}",
                                   "{print:{}}",
                                   "{'print':{}}",
                                   "{\"print\":{}}{\"print\":{}}",
                                   "{\"print\":{\"a\":1 \"b\":2}}",
                                   "{\"print\":{\"a\" 1}}",
                                   "plain words"}) {
        CAPTURE(text);
        CHECK(is_error(text));
    }
}

TEST_CASE("message: broken JSON is an error where nobody looks, too") {
    for (const char* const inner : {"[1,2}", "{\"b\":]}", "tru", "nul", "01", "1.", "-", "+1", "1e", "0x10",
                                    "[1 2]", "[1,]", "{\"b\":1,}", "\"tab\there\"", "nan", "{\"b\"}", ".5"}) {
        const std::string text = R"({"print":{"command":"push_status","unknown_key":)"s + inner + "}}";
        CAPTURE(text);
        CHECK(is_error(text));
    }
}

TEST_CASE("message: after an error the same parser reads the next message") {
    MessageParser parser;
    CHECK_FALSE(parser.parse(R"({"print":{"command":"push_status","mc_percent":4)").ok());
    const auto result = parser.parse(R"({"print":{"command":"push_status"}})");
    REQUIRE(result.ok());
    CHECK(std::get<ReportDelta>(result.value()).said == Report{});
}

TEST_CASE("message: size and depth are bounded") {
    const std::string head = R"({"print":{"command":"push_status","pad":")";
    const std::string tail = R"(","mc_percent":3}})";
    const std::string fits = head + std::string(max_message_bytes - head.size() - tail.size(), 'x') + tail;
    CHECK(fits.size() == max_message_bytes);
    CHECK(read_report(fits).said.percent == 3);
    CHECK(is_error(fits + " "));
    const auto nested = [](int depth) {
        return R"({"print":{"command":"push_status","deep":)" +
               std::string(static_cast<std::size_t>(depth), '[') +
               std::string(static_cast<std::size_t>(depth), ']') + "}}";
    };
    CHECK(read_report(nested(max_message_depth - 2)).lost_fields == 0);
    CHECK(is_error(nested(max_message_depth - 1)));
    CHECK(is_error(nested(100000)));
    CHECK(is_error(std::string(200000, '{')));
}

TEST_CASE("message: invalid UTF-8 in a name is replaced, and the message stays") {
    const Report report = said("\"subtask_name\":\"K\xC3\xA4stchen \xE4\xFF\",\"mc_percent\":9");
    CHECK(report.subtask_name == "K\xC3\xA4stchen \xEF\xBF\xBD\xEF\xBF\xBD");
    CHECK(report.percent == 9);
    CHECK(said("\"subtask_name\":\"cut \xE2\x82\",\"layer_num\":1").layer == 1);
}

TEST_CASE("message: escapes in texts are resolved") {
    CHECK(said(R"("subtask_name":"a \"b\" \\ \u00e4 \n")").subtask_name == "a \"b\" \\ \xC3\xA4 \n");
    CHECK(said(R"("gcode_state":"\u0052UNNING")").state == JobState::running);
    CHECK(lost(R"("subtask_name":"\x")") == 1);
}

TEST_CASE("message: a key twice does no harm, and the later value counts") {
    CHECK(said(R"("mc_percent":1,"mc_percent":2)").percent == 2);
    CHECK(said(R"("ams":{"tray_now":"1"},"ams":{"tray_pre":"2"})").tray_previous == 2);
    CHECK(read_report(R"({"print":{"mc_percent":1},"print":{"mc_percent":2,"msg":1}})").said.percent == 2);
}

TEST_CASE("message: unknown keys and nulls are passed over") {
    CHECK(
        said(
            R"("brand_new":{"a":[1,{"b":null}]},"":1,"mc_percent":null,"ams":null,"hms":null,"device":null)") ==
        Report{});
}

}  // namespace
}  // namespace farmwall::wire
