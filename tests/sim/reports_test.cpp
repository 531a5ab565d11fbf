#include <doctest/doctest.h>

#include "bench.hpp"

using namespace sim_test;

TEST_CASE("reports: every model's full report has the keys every client needs") {
    for (const auto& spec : all_models()) {
        CAPTURE(spec.key);
        Bench bench{spec.model};
        const auto report = bench.full();
        for (const char* key : {"gcode_state",     "mc_percent",   "layer_num",
                                "total_layer_num", "subtask_name", "stg_cur",
                                "nozzle_temper",   "bed_temper",   "cooling_fan_speed",
                                "fan_gear",        "home_flag",    "ams",
                                "lights_report",   "ipcam",        "hms",
                                "print_error",     "sdcard",       "wifi_signal",
                                "s_obj",           "spd_lvl",      "upgrade_state",
                                "nozzle_diameter"})
            CHECK(report.contains(key));
        CHECK(report.at("command") == "push_status");
        CHECK(report.at("gcode_state") == "IDLE");
        CHECK(report.contains("fun") == spec.bit_fields);
        CHECK(report.contains("device") == !is_small_controller(spec.model));
    }
}

TEST_CASE("reports: msg is 0 in full ones, and absent where firmware leaves it out") {
    CHECK(Bench{Model::x1c}.full().at("msg") == 0);
    CHECK(Bench{Model::p1s}.full().at("msg") == 0);
    CHECK_FALSE(Bench{Model::h2d}.full().contains("msg"));
    CHECK_FALSE(Bench{Model::x1c_old}.full().contains("msg"));
}

TEST_CASE("reports: an old X1 writes indented text") {
    Bench bench{Model::x1c_old};
    const auto text = bench.printer.handle(R"({"pushing":{"command":"pushall"}})", bench.clock.now()).front();
    CHECK(text.find('\n') != std::string::npos);
    CHECK(json::parse(text).as_object().contains("print"));
}

TEST_CASE("reports: P1 and A1 are silent until asked, then silent while idle and settled") {
    for (const Model model : {Model::p1s, Model::p1p, Model::a1, Model::a1_mini}) {
        Bench bench{model};
        CHECK(bench.run(5s).empty());
        bench.full();
        CHECK(bench.run(60s).empty());
    }
}

TEST_CASE("reports: an X1 speaks a few times a minute while idle") {
    Bench bench{Model::x1c};
    const auto count = bench.run(60s).size();
    CHECK(count >= 8);
    CHECK(count <= 16);
}

TEST_CASE("reports: after the full one a P1 sends only what changed") {
    Bench bench{Model::p1s};
    bench.full();
    bench.gcode("M140 S60\n");
    const auto reports = bench.run(3s);
    REQUIRE(reports.size() >= 2);
    const auto& print = reports.front().at("print").as_object();
    CHECK(print.at("msg") == 1);
    CHECK(print.at("bed_target_temper") == 60);
    CHECK_FALSE(print.contains("ams"));
    CHECK_FALSE(print.contains("gcode_state"));
    for (std::size_t i = 1; i < reports.size(); ++i)
        CHECK_FALSE(reports[i].at("print").as_object().contains("bed_target_temper"));
}

TEST_CASE("reports: printing brings about one a second") {
    for (const Model model : {Model::x1c, Model::p1s, Model::h2d}) {
        Bench bench{model};
        bench.full();
        bench.machine().start_printing_at(40);
        const auto count = bench.run(30s).size();
        CHECK(count >= 25);
        CHECK(count <= 32);
    }
}

TEST_CASE("reports: two extruders report packed temperatures, and the plain field is the left nozzle") {
    Bench bench{Model::h2d};
    bench.machine().edit().nozzles[0] = Heater{245, 245};
    bench.machine().edit().nozzles[1] = Heater{40, 0};
    const auto report = bench.full();
    const auto& extruder = report.at("device").at("extruder").as_object();
    CHECK(extruder.at("state") == 2);
    CHECK(extruder.at("info").at(0).at("temp") == (245 << 16 | 245));
    CHECK(extruder.at("info").at(1).at("temp") == 40);
    CHECK(extruder.at("info").at(0).at("snow") == 0xFFFF);
    CHECK(extruder.at("info").at(1).at("snow") == 0xFEFF);
    CHECK(report.at("nozzle_temper") == 40.0);
    CHECK(report.at("vir_slot").as_array().size() == 2);
}

TEST_CASE("reports: the chamber is where the model has it") {
    CHECK(Bench{Model::p1s}.full().at("chamber_temper") == 5);
    CHECK(Bench{Model::x1c_old}.full().at("chamber_temper").is_double());
    const auto modern = Bench{Model::h2d}.full();
    CHECK_FALSE(modern.contains("chamber_temper"));
    CHECK(modern.at("device").at("ctc").at("info").as_object().contains("temp"));
    CHECK(Bench{Model::x1c}.full().at("info").as_object().contains("temp"));
}

TEST_CASE("reports: an idle A1 claims stage 0, an idle X1C none") {
    CHECK(Bench{Model::a1}.full().at("stg_cur") == 0);
    CHECK(Bench{Model::x1c}.full().at("stg_cur") == -1);
}

TEST_CASE("reports: an empty slot has only its id, and a state on newer firmware; the bits agree") {
    Bench small{Model::a1};
    small.machine().unit(0)->slots[2].reset();
    auto report = small.full();
    CHECK(report.at("ams").at("ams").at(0).at("tray").at(2).as_object() == json::object{{"id", "2"}});
    const auto bits =
        std::stoul(std::string{report.at("ams").at("tray_exist_bits").as_string()}, nullptr, 16);
    CHECK((bits & 4) == 0);
    Bench modern{Model::x1c};
    modern.machine().unit(1)->slots[3].reset();
    report = modern.full();
    const auto& tray = report.at("ams").at("ams").at(1).at("tray").at(3).as_object();
    CHECK(tray.size() == 2);
    CHECK((tray.at("state").as_int64() & 1) == 0);
}

TEST_CASE("reports: an AMS HT sits at bit 16 of the trays and bit 4 of the units") {
    Bench bench{Model::p2s};
    const auto report = bench.full();
    const auto& ams = report.at("ams").as_object();
    const auto trays = std::stoul(std::string{ams.at("tray_exist_bits").as_string()}, nullptr, 16);
    const auto units = std::stoul(std::string{ams.at("ams_exist_bits").as_string()}, nullptr, 16);
    CHECK((trays >> 16 & 1) == 1);
    CHECK(units == 0x11);
    CHECK(ams.at("ams").at(1).at("info") == "2004");
}

TEST_CASE("reports: a P1 names only the tray that changed") {
    Bench bench{Model::a1};
    bench.full();
    bench.print(
        "ams_filament_setting",
        R"("ams_id":0,"tray_id":3,"slot_id":3,"tray_info_idx":"GFL99","tray_color":"112233FF","tray_type":"PLA")");
    bench.machine().unit(0)->slots[3] = Spool{.type = "PLA", .preset = "GFL99", .color = "112233FF"};
    const auto reports = bench.run(2s);
    REQUIRE_FALSE(reports.empty());
    const auto& ams = reports.front().at("print").at("ams").as_object();
    REQUIRE(ams.at("ams").as_array().size() == 1);
    const auto& trays = ams.at("ams").at(0).at("tray").as_array();
    REQUIRE(trays.size() == 1);
    CHECK(trays.front().at("id") == "3");
}

TEST_CASE("reports: fun bit 29 says that commands must be signed") {
    Bench bench{Model::x1c};
    auto fun = [&] { return std::stoull(std::string{bench.full().at("fun").as_string()}, nullptr, 16); };
    CHECK((fun() >> 29 & 1) == 0);
    bench.machine().edit().developer_mode = false;
    CHECK((fun() >> 29 & 1) == 1);
}

TEST_CASE("reports: the home flag carries the homed axes and the storage") {
    Bench bench{Model::p1s};
    auto flag = [&] { return static_cast<std::uint32_t>(bench.full().at("home_flag").as_int64()); };
    CHECK((flag() & 7) == 0);
    CHECK((flag() >> 8 & 3) == 1);
    bench.gcode("G28\n");
    bench.machine().edit().storage = false;
    CHECK((flag() & 7) == 7);
    CHECK((flag() >> 8 & 3) == 0);
}

TEST_CASE("reports: the address is a little-endian number in net") {
    Bench bench{Model::h2d};
    bench.machine().edit().address = "127.77.0.3";
    CHECK(bench.full().at("net").at("info").at(0).at("ip") == 127 + (77 << 8) + (3 << 24));
}

TEST_CASE("reports: numbers are never written with an exponent") {
    Bench bench{Model::x1c};
    bench.machine().edit().nozzles[0] = Heater{1000000, 0};
    const auto text = bench.printer.handle(R"({"pushing":{"command":"pushall"}})", bench.clock.now()).front();
    CHECK(text.find("\"nozzle_temper\":1000000.0") != std::string::npos);
}

TEST_CASE("reports: pushing stop ends them, start brings them back") {
    Bench bench{Model::x1c};
    bench.machine().start_printing_at(10);
    bench.send(R"({"pushing":{"command":"stop"}})");
    CHECK(bench.run(5s).empty());
    bench.send(R"({"pushing":{"command":"start"}})");
    CHECK_FALSE(bench.run(3s).empty());
}

TEST_CASE("reports: get_version lists the firmware, the controller and the AMS units") {
    Bench bench{Model::h2d};
    const auto answer = bench.send(R"({"info":{"sequence_id":"7","command":"get_version"}})").front();
    const auto& info = answer.at("info").as_object();
    CHECK(info.at("sequence_id") == "7");
    CHECK(info.at("module").at(0).at("name") == "ota");
    CHECK(info.at("module").at(0).at("product_name") == "Bambu Lab H2D");
    std::string names;
    for (const auto& module : info.at("module").as_array())
        names += std::string{module.at("name").as_string()} + " ";
    CHECK(names == "ota ap mc th n3f/0 n3f/1 n3s/128 ");
    const auto old = Bench{Model::p1p}.send(R"({"info":{"command":"get_version"}})").front();
    CHECK(old.at("info").at("module").at(0).at("project_name") == "C11");
}

TEST_CASE("report: ipcam says where the pictures are, or that they are off; P1 and A1 say nothing of it") {
    for (const auto& spec : all_models()) {
        CAPTURE(spec.key);
        Bench bench{spec.model};
        const auto ipcam = bench.full().at("ipcam").as_object();
        CHECK(ipcam.at("ipcam_dev") == "1");
        CHECK(ipcam.contains("rtsp_url") == (spec.camera == CameraKind::rtsps));
        CHECK((spec.camera == CameraKind::jpeg) == is_small_controller(spec.model));
        if (spec.camera == CameraKind::jpeg) continue;
        CHECK(ipcam.at("rtsp_url") == "rtsps://127.77.0.1:322/streaming/live/1");
        bench.machine().edit().liveview = false;
        CHECK(bench.full().at("ipcam").at("rtsp_url") == "disable");
    }
}
