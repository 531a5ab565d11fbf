#include <doctest/doctest.h>

#include "bench.hpp"

using namespace sim_test;

TEST_CASE("print: a job goes through PREPARE, its stages and its layers to FINISH") {
    Bench bench{Model::p1s};
    CHECK(bench.print("project_file", good_start).at("result") == "success");
    CHECK(bench.state().state == GcodeState::prepare);
    bench.pass(15s);
    CHECK(bench.state().state == GcodeState::running);
    CHECK(bench.state().stage == 2);
    CHECK(bench.state().percent == 0);
    std::vector<int> stages;
    for (int i = 0; i < 900 && bench.state().progress != Progress::printing; ++i) {
        bench.pass(1s);
        if (stages.empty() || stages.back() != bench.state().stage) stages.push_back(bench.state().stage);
    }
    CHECK(stages.front() == 2);
    CHECK(stages.back() == 0);
    CHECK(bench.state().nozzles[0].target > 150);
    const double whole = bench.state().job.duration_s;
    bench.pass(std::chrono::seconds{static_cast<int>(whole / 2)});
    CHECK(bench.state().percent > 35);
    CHECK(bench.state().percent < 55);
    CHECK(bench.state().layer > 1);
    CHECK(bench.state().remaining_minutes > 1);
    bench.pass(std::chrono::seconds{static_cast<int>(whole)});
    CHECK(bench.state().state == GcodeState::finish);
    CHECK(bench.state().percent == 100);
    CHECK(bench.state().layer == bench.state().job.layers);
    CHECK(bench.state().nozzles[0].target == 0);
}

TEST_CASE("print: speed multiplies printing, not the rate of reports") {
    Bench bench{Model::x1c, 60};
    bench.machine().start_printing_at(0);
    const auto reports = bench.run(10s);
    CHECK(bench.state().printed_s > 500);
    CHECK(reports.size() <= 12);
}

TEST_CASE("print: pause stops progress, resume goes on, stop ends as cancelled") {
    Bench bench{Model::x1c};
    bench.machine().start_printing_at(50);
    CHECK(bench.print("pause").at("result") == "success");
    CHECK(bench.state().state == GcodeState::pause);
    const double before = bench.state().printed_s;
    bench.pass(100s);
    CHECK(bench.state().printed_s == before);
    bench.print("resume");
    CHECK(bench.state().state == GcodeState::running);
    bench.pass(100s);
    CHECK(bench.state().printed_s > before);
    bench.print("stop");
    CHECK(bench.state().state == GcodeState::failed);
    CHECK(bench.state().print_error == 0x0300400C);
    CHECK(bench.state().percent == 0);
    CHECK(bench.full().at("fail_reason") == "50348044");
}

TEST_CASE("print: pause, resume and stop without a job fail in the echo") {
    Bench bench{Model::p1s};
    for (const char* command : {"pause", "resume", "stop"})
        CHECK(bench.print(command).at("result") == "fail");
}

TEST_CASE("print: stop works while it prepares") {
    Bench bench{Model::p1s};
    bench.print("project_file", good_start);
    CHECK(bench.print("stop").at("result") == "success");
    CHECK(bench.state().state == GcodeState::failed);
}

TEST_CASE("print: heaters follow their targets and cool down afterwards") {
    Bench bench{Model::x1c};
    bench.gcode("M104 S220\nM140 S60\n");
    bench.pass(20s);
    CHECK(bench.state().nozzles[0].celsius > 60);
    CHECK(bench.state().nozzles[0].celsius < 130);
    bench.pass(10min);
    CHECK(bench.state().nozzles[0].celsius == 220);
    CHECK(bench.state().bed.celsius == 60);
    bench.gcode("M104 S0\nM140 S0\n");
    bench.pass(10min);
    CHECK(bench.state().nozzles[0].celsius < 40);
    bench.pass(3h);
    CHECK(bench.state().bed.celsius == 24);
}

TEST_CASE("print: a running-out spool pauses with the codes of its AMS, and needs a new spool") {
    Bench bench{Model::x1c};
    bench.machine().start_printing_at(30);
    bench.machine().run_out();
    CHECK(bench.state().state == GcodeState::pause);
    CHECK(bench.state().print_error == 0x07008011);
    REQUIRE(bench.state().hms.size() == 1);
    CHECK(bench.state().hms.front() == HmsEntry{0x07002000, 0x00020001});
    bench.print("resume");
    CHECK(bench.state().state == GcodeState::pause);
    bench.print("ams_control", R"("param":"resume")");
    CHECK(bench.state().state == GcodeState::running);
    CHECK(bench.state().print_error == 0);
}

TEST_CASE("print: a running-out spool can be replaced by loading another one") {
    Bench bench{Model::x1c};
    bench.machine().start_printing_at(30);
    bench.machine().run_out();
    bench.print("ams_change_filament", R"("ams_id":1,"slot_id":0,"target":4,"curr_temp":220,"tar_temp":220)");
    bench.pass(90s);
    bench.print("resume");
    CHECK(bench.state().state == GcodeState::running);
    bench.pass(30s);
    CHECK(bench.machine().tray_now() == 4);
}

TEST_CASE("print: without an AMS a runout is stage 6") {
    Bench bench{Model::p1p};
    bench.machine().start_printing_at(30);
    bench.machine().run_out();
    CHECK(bench.full().at("stg_cur") == 6);
    CHECK(bench.state().print_error == 0x07FF8011);
}

TEST_CASE("print: a looping printer starts another job a while after FINISH") {
    Bench bench{Model::x1c, 60, true};
    bench.machine().start_printing_at(99);
    bench.machine().finish();
    bench.run(20s);
    CHECK(bench.state().state == GcodeState::finish);
    bench.run(10s);
    CHECK(is_active(bench.state().state));
}

TEST_CASE("print: tray_now follows the job, and is only the slot on two extruders") {
    Bench single{Model::p1s};
    single.machine().start_printing_at(10);
    CHECK(single.full().at("ams").at("tray_now") == "0");
    CHECK(single.full().at("ams_status") == 768);
    Bench dual{Model::h2d};
    dual.machine().start_printing_at(10);
    const auto report = dual.full();
    CHECK(report.at("ams").at("tray_now") == "0");
    CHECK(report.at("device").at("extruder").at("info").at(0).at("snow") == 0x0100);
    CHECK(report.at("mapping").at(0) == 0x0100);
}
