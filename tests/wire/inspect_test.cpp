#include "wire/inspect.hpp"

#include <doctest/doctest.h>
#include <boost/json.hpp>

#include <string>

namespace farmwall::wire {
namespace {

namespace json = boost::json;

json::value inspected(std::string_view text) {
    const auto result = inspect(text);
    REQUIRE_MESSAGE(result.ok(), text);
    return json::parse(result.value());
}

const std::string recording = R"({"fixture":{"name":"ours","model":"P1S","serial":"01P00A000000001"},
  "pushall":{"print":{"command":"push_status","msg":0,"gcode_state":"RUNNING","stg_cur":14,"mc_percent":42,
    "nozzle_temper":219.8,"nozzle_target_temper":220,"bed_temper":60,"bed_target_temper":60,"chamber_temper":5,
    "lights_report":[{"node":"chamber_light","mode":"on"}],"ipcam":{"ipcam_dev":"1"},
    "ams":{"ams":[{"id":"0","info":"1003","tray":[{"id":"0","tray_type":"PLA","tray_color":"FF0000FF"},{"id":"1"}]}],
      "tray_exist_bits":"1","tray_now":"0"},
    "hms":[{"attr":50331904,"code":65543}],"print_error":83902476}},
  "get_version":{"info":{"command":"get_version","module":[{"name":"ota","product_name":"Bambu Lab P1S",
    "sw_ver":"01.08.00.00","sn":"01P00A000000001"}]}},
  "deltas":[{"print":{"command":"push_status","msg":1,"mc_percent":43,"layer_num":-2}}]})";

TEST_CASE("inspect: a recording is played in order, and what it leaves is shown") {
    const json::value out = inspected(recording);
    REQUIRE(out.at("messages").as_array().size() == 3);
    CHECK(out.at_pointer("/messages/0/kind") == "version answer");
    CHECK(out.at_pointer("/messages/1/kind") == "full report");
    CHECK(out.at_pointer("/messages/2/where") == "delta 1");
    CHECK(out.at_pointer("/messages/2/lost_fields") == 1);
    CHECK(out.at("lost_fields") == 1);
    CHECK(out.at("bad_messages") == 0);
    CHECK(out.at_pointer("/understood/model") == "P1S");
    CHECK(out.at_pointer("/understood/firmware") == "01.08.00.00");
    CHECK(out.at_pointer("/understood/state") == "RUNNING");
    CHECK(out.at_pointer("/understood/stage") == "cleaning nozzle tip");
    CHECK(out.at_pointer("/understood/available") == false);
    CHECK(out.at_pointer("/understood/job/percent") == 43);
    CHECK(out.at_pointer("/understood/temperatures/active_nozzle/celsius") == 219.8);
    CHECK(out.at_pointer("/understood/temperatures/chamber").is_null());
    CHECK(out.at_pointer("/understood/lights/chamber_light") == "on");
    CHECK(out.at_pointer("/understood/filament/ams/0/trays/0/presence") == "present");
    CHECK(out.at_pointer("/understood/filament/ams/0/trays/1/presence") == "empty");
    CHECK(out.at_pointer("/understood/filament/active/slot") == 0);
    CHECK(out.at_pointer("/understood/errors/print_error/code") == "0500-400C");
    CHECK(out.at_pointer("/understood/errors/hms/0/code") == "HMS_0300_0100_0001_0007");
    CHECK(out.at_pointer("/understood/camera/kind") == "JPEG");
    CHECK(out.at_pointer("/understood/machine/developer_mode") == "unknown");
}

TEST_CASE("inspect: no serial number comes out") {
    const auto result = inspect(recording);
    REQUIRE(result.ok());
    CHECK(result.value().find("01P00A") == std::string::npos);
}

TEST_CASE("inspect: a recording without a version takes the model that it names") {
    CHECK(inspected(R"({"fixture":{"model":"A1"},"pushall":{"print":{"msg":0,"gcode_state":"IDLE"}}})")
              .at_pointer("/understood/model") == "A1");
}

TEST_CASE("inspect: bare messages stand one a line, and bad lines are named by number") {
    const json::value out = inspected(
        "{\"print\":{\"msg\":0,\"command\":\"push_status\",\"gcode_state\":\"IDLE\"}}\n"
        "\n"
        "not a message\r\n"
        "device/01P00A000000001/report {\"print\":{\"msg\":1,\"bed_temper\":30}}\n"
        "{\"print\":{\"command\":\"pause\",\"err_code\":84033543}}\n"
        "{\"print\":{\"msg\":1,");
    REQUIRE(out.at("messages").as_array().size() == 5);
    CHECK(out.at("bad_messages") == 2);
    CHECK(out.at_pointer("/messages/1/where") == "line 3");
    CHECK(out.at_pointer("/messages/1/error").is_string());
    CHECK(out.at_pointer("/messages/2/where") == "line 4");
    CHECK(out.at_pointer("/messages/3/command") == "print.pause");
    CHECK(out.at_pointer("/messages/4/where") == "line 6");
    CHECK(out.at_pointer("/understood/available") == true);
    CHECK(out.at_pointer("/understood/temperatures/bed/celsius") == 30);
    CHECK(out.at_pointer("/understood/machine/developer_mode") == "off");
}

TEST_CASE("inspect: one indented message is one message") {
    const json::value out = inspected("{\n  \"print\": {\n    \"gcode_state\": \"PAUSE\"\n  }\n}\n");
    CHECK(out.at("messages").as_array().size() == 1);
    CHECK(out.at_pointer("/understood/state") == "PAUSE");
}

TEST_CASE("inspect: an empty file and garbage are refused with a sentence") {
    for (const char* const text : {"", " \n\t\n"}) {
        const auto result = inspect(text);
        REQUIRE_FALSE(result.ok());
        CHECK(result.error().kind == ErrorKind::bad_input);
        CHECK(result.error().what.find("empty") != std::string::npos);
    }
    for (const char* const text : {"\x7F"
                                   "ELF\x01\xFF\xFE",
                                   "hello\nworld", "[1,2,3]", "\xFF\xD8\xFF\xE0"}) {
        CAPTURE(text);
        const auto result = inspect(text);
        REQUIRE_FALSE(result.ok());
        CHECK(result.error().what.find("line 1") != std::string::npos);
    }
}

TEST_CASE("inspect: of a printer that said nothing everything is null") {
    const json::value out = json::parse(understood_json(PrinterState{}));
    CHECK(out.at("state").is_null());
    CHECK(out.at_pointer("/temperatures/bed").is_null());
    CHECK(out.at_pointer("/filament/ams").is_null());
    CHECK(out.at_pointer("/errors/hms").is_null());
    CHECK(out.at("lights").is_null());
    CHECK(out.at("available") == false);
}

TEST_CASE("inspect: the output is indented, with plain numbers") {
    const auto result =
        inspect(R"({"print":{"nozzle_temper":220,"nozzle_target_temper":0,"gcode_state":"IDLE"}})");
    REQUIRE(result.ok());
    CHECK(result.value().find("\n      \"active_nozzle\": {\n        \"celsius\": 220,") !=
          std::string::npos);
}

}  // namespace
}  // namespace farmwall::wire
