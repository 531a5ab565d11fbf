#include <doctest/doctest.h>

#include "bench.hpp"

using namespace sim_test;

namespace {

// good_start with one piece of its text exchanged.
std::string start_with(const std::string& from, const std::string& to) {
    std::string text = good_start;
    const auto at = text.find(from);
    REQUIRE(at != std::string::npos);
    return text.replace(at, from.size(), to);
}

}  // namespace

TEST_CASE("start: project_file takes name, ids, plate and trays") {
    Bench bench{Model::x1c};
    const auto echo = bench.print("project_file", good_start);
    CHECK(echo.at("result") == "success");
    CHECK(echo.at("url") == "ftp:///part.gcode.3mf");
    const auto report = bench.full();
    CHECK(report.at("gcode_state") == "PREPARE");
    CHECK(report.at("subtask_name") == "part");
    CHECK(report.at("subtask_id") == "17");
    CHECK(report.at("gcode_file") == "/data/Metadata/plate_2.gcode");
    CHECK(bench.state().job.sources == std::vector{Source{0, 0}});
    Bench small{Model::p1s};
    small.print("project_file", good_start);
    CHECK(small.full().at("gcode_file") == "part.gcode.3mf");
}

TEST_CASE("start: an A1 mini does not answer project_file") {
    Bench bench{Model::a1_mini};
    CHECK(bench.print("project_file", good_start).empty());
    CHECK(bench.state().state == GcodeState::prepare);
}

TEST_CASE("start: a busy printer refuses, and a busy A1 mini loses its job") {
    Bench bench{Model::p1s};
    bench.machine().start_printing_at(50);
    const auto echo = bench.print("project_file", good_start);
    CHECK(echo.at("err_code") == 0x05004004);
    CHECK(bench.state().state == GcodeState::running);
    Bench mini{Model::a1_mini};
    mini.machine().start_printing_at(50);
    mini.print("project_file", good_start);
    CHECK(mini.state().state == GcodeState::failed);
}

TEST_CASE("start: every url form of the table is understood, others are not") {
    for (const char* url :
         {"ftp:///a.gcode.3mf", "ftp://a.gcode.3mf", "file:///sdcard/a.gcode.3mf",
          "file:///mnt/sdcard/a.gcode.3mf", "file:///media/usb0/a.gcode.3mf", "brtc://emmc/a.gcode.3mf"}) {
        Bench bench{Model::x1c};
        bench.print("project_file", start_with("ftp:///part.gcode.3mf", url));
        CHECK(bench.state().job.file == "a.gcode.3mf");
    }
    Bench bench{Model::x1c};
    CHECK(bench.print("project_file", start_with("ftp:///", "http://")).at("err_code") == 0x05004002);
}

TEST_CASE("start: a plate that is not named as it must be is refused") {
    for (const char* plate : {"plate_2.gcode", "Metadata/plate_0.gcode", "Metadata/plate_x.gcode", ""}) {
        Bench bench{Model::x1c};
        CHECK(bench.print("project_file", start_with("Metadata/plate_2.gcode", plate)).at("result") ==
              "fail");
    }
}

TEST_CASE("start: a missing file is accepted and then nothing happens") {
    Bench bench{Model::p1s};
    bench.machine().edit().files_missing = true;
    CHECK(bench.print("project_file", good_start).at("result") == "success");
    CHECK(bench.full().at("subtask_name") == "part");
    bench.pass(5min);
    CHECK(bench.state().state == GcodeState::idle);
    Bench spaces{Model::p1s};
    spaces.print("project_file", start_with("part.gcode.3mf", "my part.gcode.3mf"));
    CHECK(spaces.state().state == GcodeState::idle);
}

TEST_CASE("start: ids above 2147483647 are clamped and the job never starts") {
    Bench bench{Model::p1s};
    bench.print("project_file", start_with(R"("subtask_id":"17")", R"("subtask_id":"2147483648")"));
    CHECK(bench.state().job.subtask_id == "2147483647");
    bench.pass(5min);
    CHECK(bench.state().state == GcodeState::idle);
}

TEST_CASE("start: a bad AMS mapping pauses the job before its first layer") {
    struct Case {
        std::string from, to;
        std::uint32_t code;
    };
    const std::vector<Case> cases = {
        {R"("ams_mapping":[-1,0])", R"("ams_mapping":[])", 0x07008012},
        {R"("ams_mapping":[-1,0])", R"("ams_mapping":[-1,254])", 0x07FF8012},
        {R"("ams_mapping":[-1,0])", R"("ams_mapping":[0])", 0x07008012},
        {R"("ams_mapping":[-1,0])", R"("ams_mapping":"[-1,0]")", 0x07008012},
        {R"("ams_id":0,"slot_id":0)", R"("ams_id":3,"slot_id":0)", 0x07008012},
        {R"("use_ams":true)", R"("use_ams":1)", 0x07008012},
    };
    for (const Case& one : cases) {
        CAPTURE(one.to);
        Bench bench{Model::p1s};
        bench.print("project_file", start_with(one.from, one.to));
        bench.pass(20min);
        CHECK(bench.state().state == GcodeState::pause);
        CHECK(bench.state().print_error == one.code);
        CHECK(bench.state().percent == 0);
    }
}

TEST_CASE("start: use_ams on a printer without AMS is 07FF-8012, without it the external spool prints") {
    Bench bench{Model::p1p};
    bench.print("project_file", good_start);
    bench.pass(20min);
    CHECK(bench.state().print_error == 0x07FF8012);
    Bench good{Model::p1p};
    good.print("project_file", start_with(R"("use_ams":true)", R"("use_ams":false)"));
    good.pass(20min);
    CHECK(good.state().state == GcodeState::running);
    CHECK(good.full().at("ams").at("tray_now") == "254");
}

TEST_CASE("start: without storage it fails with 0500-400C") {
    Bench bench{Model::p1s};
    bench.machine().edit().storage = false;
    CHECK(bench.print("project_file", good_start).at("err_code") == 0x0500400C);
}
