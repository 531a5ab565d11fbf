#include <doctest/doctest.h>

#include "bench.hpp"

using namespace sim_test;

namespace {

bool put(Bench& bench, FaultKind kind, std::optional<double> for_s = std::nullopt,
         const std::string& value = "") {
    return bench.printer.apply(Fault{kind, for_s, value}, bench.clock.now()).ok();
}

}  // namespace

TEST_CASE("fault: muted printers neither report nor answer, and come back when the time is over") {
    Bench bench{Model::x1c};
    bench.machine().start_printing_at(10);
    CHECK(put(bench, FaultKind::mute_reports, 5));
    CHECK(bench.print("pause").empty());
    CHECK(bench.run(4s).empty());
    CHECK_FALSE(bench.run(3s).empty());
}

TEST_CASE("fault: a half-dead session reports but does not act until a new connection") {
    Bench bench{Model::x1c};
    bench.machine().start_printing_at(10);
    put(bench, FaultKind::half_dead);
    CHECK(bench.print("pause").empty());
    CHECK(bench.send(R"({"info":{"command":"get_version"}})").empty());
    CHECK_FALSE(bench.run(3s).empty());
    CHECK(bench.state().state == GcodeState::running);
    CHECK(bench.state().commands.size() == 2);
    bench.printer.connection_opened();
    CHECK_FALSE(bench.print("pause").empty());
}

TEST_CASE("fault: echoes come late, twice or never, the command acts all the same") {
    Bench bench{Model::x1c};
    put(bench, FaultKind::echo_late, std::nullopt, "2");
    CHECK(bench.gcode("M106 P1 S255\n").empty());
    CHECK(bench.state().part_fan == 255);
    std::size_t echoes = 0;
    for (const auto& message : bench.run(1900ms))
        if (message.at("print").at("command") == "gcode_line") ++echoes;
    CHECK(echoes == 0);
    for (const auto& message : bench.run(400ms))
        if (message.at("print").at("command") == "gcode_line") ++echoes;
    CHECK(echoes == 1);
    bench.printer.clear_faults();
    put(bench, FaultKind::echo_twice);
    CHECK(bench.send(R"({"print":{"command":"gcode_line","param":"M106 P1 S0\n"}})").size() == 2);
    bench.printer.clear_faults();
    put(bench, FaultKind::echo_never);
    CHECK(bench.gcode("M106 P1 S9\n").empty());
    CHECK(bench.state().part_fan == 9);
}

TEST_CASE("fault: Developer Mode off refuses in three shapes and touches nothing") {
    Bench bench{Model::p1s};
    put(bench, FaultKind::developer_mode_off, std::nullopt, "\"reason\"");
    auto echo = bench.gcode("M106 P1 S255\n");
    CHECK(echo.at("result") == "failed");
    CHECK(echo.at("reason") == "mqtt message verify failed");
    CHECK(echo.at("err_code") == 84033543);
    CHECK(bench.state().part_fan == 0);
    put(bench, FaultKind::developer_mode_off, std::nullopt, "\"err_code\"");
    echo = bench.gcode("M106 P1 S255\n");
    CHECK_FALSE(echo.contains("result"));
    CHECK(echo.at("err_code") == 84033543);
    put(bench, FaultKind::developer_mode_off, std::nullopt, "\"silent\"");
    CHECK(bench.gcode("M106 P1 S255\n").empty());
    CHECK_FALSE(bench.send(R"({"pushing":{"command":"pushall"}})").empty());
    CHECK_FALSE(put(bench, FaultKind::developer_mode_off, std::nullopt, "\"loud\""));
    bench.printer.clear_faults();
    CHECK(bench.gcode("M106 P1 S255\n").at("result") == "success");
}

TEST_CASE("fault: one malformed report, then whole ones again") {
    Bench bench{Model::x1c};
    bench.machine().start_printing_at(10);
    put(bench, FaultKind::malformed_json);
    int broken = 0;
    int whole = 0;
    for (int i = 0; i < 40; ++i) {
        bench.clock.advance(100ms);
        for (const auto& text : bench.printer.tick(bench.clock.now())) {
            boost::system::error_code failed;
            (void)json::parse(text, failed);
            ++(failed ? broken : whole);
        }
    }
    CHECK(broken == 1);
    CHECK(whole >= 2);
}

TEST_CASE("fault: one huge message of more than 256 KiB") {
    Bench bench{Model::p1s};
    put(bench, FaultKind::huge_message);
    bench.clock.advance(100ms);
    const auto messages = bench.printer.tick(bench.clock.now());
    REQUIRE(messages.size() == 1);
    CHECK(messages.front().size() > 256 * 1024);
    CHECK(bench.run(2s).empty());
}

TEST_CASE("fault: fail, hms, runout and soft fail change the machine") {
    Bench bench{Model::x1c};
    bench.machine().start_printing_at(10);
    CHECK(put(bench, FaultKind::hms, std::nullopt, R"(["0300_0100_0001_0007",{"attr":1,"code":65537}])"));
    CHECK(bench.full().at("hms").as_array().size() == 2);
    CHECK(bench.full().at("hms").at(0).at("attr") == 50331904);
    CHECK(bench.full().at("hms").at(0).at("code") == 65543);
    CHECK(put(bench, FaultKind::runout));
    CHECK(bench.state().state == GcodeState::pause);
    CHECK(put(bench, FaultKind::fail, std::nullopt, "\"0300-4000\""));
    CHECK(bench.state().state == GcodeState::failed);
    CHECK(bench.full().at("print_error") == 0x03004000);
    bench.machine().start_printing_at(10);
    CHECK(put(bench, FaultKind::soft_fail));
    CHECK(bench.state().state == GcodeState::failed);
    CHECK(bench.full().at("print_error") == 0);
    CHECK(bench.full().at("fail_reason") == "0");
    CHECK_FALSE(put(bench, FaultKind::fail, std::nullopt, "\"what\""));
}

TEST_CASE("fault: those of the network are not the machine's") {
    Bench bench{Model::x1c};
    CHECK_FALSE(put(bench, FaultKind::silent));
    CHECK_FALSE(put(bench, FaultKind::refuse_login));
}

TEST_CASE("set: a printer that never printed finishes a job of its own") {
    Bench bench{Model::p1p};
    CHECK(bench.printer.set("finish", "true", bench.clock.now()).ok());
    CHECK(bench.state().state == GcodeState::finish);
    CHECK_FALSE(bench.state().job.name.empty());
}

TEST_CASE("set: facts are forced, and what is unknown is refused with what is allowed") {
    Bench bench{Model::x1c};
    auto set = [&](const char* what, const char* value) {
        return bench.printer.set(what, value, bench.clock.now());
    };
    CHECK(set("progress", "42").ok());
    CHECK(bench.state().percent == 42);
    CHECK(bench.state().state == GcodeState::running);
    CHECK(set("gcode_state", "\"PAUSE\"").ok());
    CHECK(bench.state().state == GcodeState::pause);
    CHECK(set("gcode_state", "\"IDLE\"").ok());
    CHECK(set("start", R"({"name":"thing","minutes":5,"layers":9,"subtask_id":"77"})").ok());
    CHECK(bench.state().job.subtask_id == "77");
    CHECK(set("start", "\"bracket\"").ok());
    CHECK(bench.state().job.name == "bracket");
    CHECK(set("finish", "").ok());
    CHECK(bench.state().state == GcodeState::finish);
    CHECK(set("nozzle", "55.5").ok());
    CHECK(bench.state().nozzles[0].celsius == 55.5);
    CHECK(set("bed", R"({"now":30,"target":60})").ok());
    CHECK(bench.state().bed.target == 60);
    CHECK(set("tray", R"({"ams":0,"slot":1,"empty":true})").ok());
    CHECK_FALSE(bench.machine().unit(0)->slots[1].has_value());
    CHECK(set("print_error", "\"0700-8011\"").ok());
    CHECK(bench.state().print_error == 0x07008011);
    CHECK(set("door", "true").ok());
    CHECK(set("homed", "true").ok());
    CHECK_FALSE(set("door", "1").ok());
    CHECK_FALSE(set("progress", "101").ok());
    CHECK_FALSE(set("gcode_state", "\"DANCING\"").ok());
    CHECK_FALSE(set("tray", R"({"ams":9,"slot":0})").ok());
    CHECK_FALSE(set("nozzle", "{").ok());
    const auto unknown = set("mood", "1");
    REQUIRE_FALSE(unknown.ok());
    CHECK(unknown.error().what.find("gcode_state") != std::string::npos);
}
