#include "model/facts.hpp"

#include <doctest/doctest.h>

#include "builders.hpp"

using namespace farmwall;
using namespace farmwall::testing;

TEST_CASE("facts: before a report everything is unknown, nothing is zero") {
    const PrinterState printer;
    CHECK(nozzle_temperatures(printer).empty());
    CHECK_FALSE(active_nozzle(printer));
    CHECK_FALSE(bed(printer));
    CHECK_FALSE(chamber(printer));
    CHECK(fans(printer) == Fans{});
    CHECK_FALSE(chamber_light(printer.report));
    CHECK_FALSE(active_tray(printer.report));
    CHECK(developer_mode(printer) == DeveloperMode::unknown);
    CHECK(storage(printer.report) == Storage::unknown);
    CHECK_FALSE(homed(printer.report));
    CHECK_FALSE(wired_network(printer.report));
}

TEST_CASE("facts: two nozzles are read from device.extruder, the plain field is not believed") {
    PrinterState h2d = online(PrinterModel::h2d, JobState::running);
    h2d.report.nozzle_celsius = 40;
    h2d.report.extruder_state = 2;  // two, the right one in use
    Extruder right;
    right.temperature = PackedTemperature{264, 225};
    Extruder left;
    left.id = 1;
    left.temperature = PackedTemperature{40, 0};
    h2d.report.extruders = std::vector<Extruder>{left, right};
    CHECK(active_nozzle(h2d) == Temperature{264, 225.0});
    CHECK(nozzle_temperatures(h2d).size() == 2);
    h2d.report.extruder_state = 274;  // the left one
    CHECK(active_nozzle(h2d)->celsius == 40);
    h2d.report.extruder_state = 0xF2;  // changing
    CHECK_FALSE(active_extruder(h2d.report));
}

TEST_CASE("facts: the junk chamber value of a P1 is hidden, a sensor's is shown") {
    PrinterState p1s = online(PrinterModel::p1s, JobState::running);
    p1s.report.chamber_celsius = 5;
    CHECK_FALSE(chamber(p1s));
    PrinterState x1c = online(PrinterModel::x1c, JobState::running);
    x1c.report.chamber_celsius = 38;
    CHECK(chamber(x1c) == Temperature{38, std::nullopt});
    PrinterState h2s = online(PrinterModel::h2s, JobState::running);
    h2s.report.chamber_packed = PackedTemperature{60, 60};
    CHECK(chamber(h2s) == Temperature{60, 60.0});
    PrinterState p2s = online(PrinterModel::p2s, JobState::running);
    p2s.report.info_packed = PackedTemperature{31, 0};
    CHECK(chamber(p2s) == Temperature{31, std::nullopt});
}

TEST_CASE("facts: fan_gear is more exact than the steps, airduct parts beat both") {
    PrinterState x1c = online(PrinterModel::x1c, JobState::running);
    x1c.report.part_fan_step = 15;
    x1c.report.aux_fan_step = 11;
    x1c.report.chamber_fan_step = 15;
    CHECK(fans(x1c).aux_percent == 73);
    x1c.report.fan_gear = 0xFFB2FF;
    CHECK(fans(x1c).part_percent == 100);
    CHECK(fans(x1c).aux_percent == 70);
    CHECK(fans(x1c).chamber_percent == 100);
    x1c.report.airduct_parts = std::vector<AirductPart>{{16, 30, 30}};
    CHECK(fans(x1c).part_percent == 30);
    CHECK(fans(x1c).aux_percent == 70);
}

TEST_CASE("facts: fans that an A1 does not have are hidden although it reports them") {
    PrinterState a1 = online(PrinterModel::a1, JobState::running);
    a1.report.part_fan_step = 15;
    a1.report.aux_fan_step = 15;
    a1.report.chamber_fan_step = 15;
    CHECK(fans(a1).part_percent == 100);
    CHECK_FALSE(fans(a1).aux_percent);
    CHECK_FALSE(fans(a1).chamber_percent);
}

TEST_CASE("facts: a P1P with the enclosure kit has a P1S's fans") {
    PrinterState p1p = online(PrinterModel::p1p, JobState::running);
    p1p.report.chamber_fan_step = 15;
    CHECK_FALSE(fans(p1p).chamber_percent);
    p1p.report.home_flag = 1U << 26;
    CHECK(fans(p1p).chamber_percent == 100);
}

TEST_CASE("facts: tray_exist_bits have the last word on presence") {
    Report report;
    const AmsUnit first = unit(0, {tray(0, "PLA", "FFFFFFFF"), tray(1, "PLA", "FFFFFFFF")});
    report.ams = std::vector<AmsUnit>{first};
    CHECK(tray_presence(report, first, 0) == Presence::present);
    report.tray_exist_bits = 0b10;
    report.ams_powered = true;
    CHECK(tray_presence(report, first, 0) == Presence::empty);
    CHECK(tray_presence(report, first, 1) == Presence::present);
    report.tray_exist_bits = 1U << 16;
    CHECK(tray_presence(report, unit(128, {}), 0) == Presence::present);
    CHECK(tray_presence(report, unit(129, {}), 0) == Presence::empty);
    report.tray_exist_bits = 1U << 25;
    CHECK(tray_presence(report, unit(16, {}), 1) == Presence::present);
}

TEST_CASE("facts: bits that were not read yet after power-on do not empty a described tray") {
    Report report;
    const AmsUnit first = unit(0, {tray(0, "PLA", "FFFFFFFF")});
    report.tray_exist_bits = 0;
    report.ams_powered = false;
    CHECK(tray_presence(report, first, 0) == Presence::present);
}

TEST_CASE("facts: the tray in use comes from snow on new machines, from tray_now on others") {
    Report report;
    report.tray_now = 6;
    CHECK(active_tray(report) == TraySource{TraySource::Kind::ams, 1, 2});
    report.tray_now = 254;
    CHECK(active_tray(report)->kind == TraySource::Kind::external);
    report.tray_now = 128;
    CHECK(active_tray(report) == TraySource{TraySource::Kind::ams, 128, 0});
    report.tray_now = 255;
    CHECK_FALSE(active_tray(report));

    report.tray_now = 3;  // on an H2D only the local slot
    report.extruder_state = 2;
    Extruder right;
    right.tray_now = 0x0103;
    report.extruders = std::vector<Extruder>{right, Extruder{}};
    CHECK(active_tray(report) == TraySource{TraySource::Kind::ams, 1, 3});
    report.extruders->at(0).tray_now = 0xFF00;
    CHECK(active_tray(report)->kind == TraySource::Kind::external);
    report.extruders->at(0).tray_now = 0xFFFF;
    CHECK_FALSE(active_tray(report));
    report.extruders->at(0).tray_now = 0x8000;
    CHECK(active_tray(report)->unit == 128);
}

TEST_CASE("facts: the kind, the drying and the side of an AMS are in its info field") {
    const PrinterState printer;
    AmsUnit one = unit(0, {});
    one.info = 0x142023;
    CHECK(ams_kind(printer, one) == AmsKind::ams_2_pro);
    CHECK(drying(one) == Drying::drying);
    CHECK(fed_extruder(one) == 0);
    one.info = 0x2103;
    CHECK(drying(one) == Drying::off);
    CHECK(fed_extruder(one) == 1);
    one.info = 0x2E03;
    CHECK_FALSE(fed_extruder(one));
    one.info.reset();
    CHECK(ams_kind(printer, one) == AmsKind::unknown);
    CHECK(drying(one) == Drying::unknown);
}

TEST_CASE("facts: Developer Mode is the fun bit, else what a refusal taught") {
    PrinterState printer = online(PrinterModel::x1c, JobState::idle);
    printer.learnt_developer_mode = DeveloperMode::off;
    CHECK(developer_mode(printer) == DeveloperMode::off);
    printer.report.fun = 0x3EC18FFF9CFF;
    CHECK(developer_mode(printer) == DeveloperMode::on);
    printer.report.fun = 0x3EC1AFFF9CFF;
    CHECK(developer_mode(printer) == DeveloperMode::off);
}

TEST_CASE("facts: a stage is shown only while the printer works") {
    Report report;
    report.stage = 0;
    report.state = JobState::idle;
    CHECK_FALSE(shown_stage(report));  // P1 and A1 say "printing" while idle
    report.state = JobState::running;
    CHECK(shown_stage(report) == 0);
    report.stage = 255;
    CHECK_FALSE(shown_stage(report));
    report.stage = -1;
    CHECK_FALSE(shown_stage(report));
    CHECK(stage_name(14) == "cleaning nozzle tip");
    CHECK(stage_name(77) == "preparing AMS");
    CHECK(stage_name(78) == "stage 78");
    CHECK(is_pause_stage(6));
    CHECK(is_pause_stage(35));
    CHECK_FALSE(is_pause_stage(36));
}

TEST_CASE("facts: the door is read from stat before home_flag, and only where there is a sensor") {
    PrinterState x1c = online(PrinterModel::x1c, JobState::idle);
    x1c.report.home_flag = 0;
    CHECK(door_open(x1c) == false);
    x1c.report.stat = 1ULL << 23;
    CHECK(door_open(x1c) == true);
    PrinterState p1s = online(PrinterModel::p1s, JobState::idle);
    p1s.report.home_flag = 1U << 23;
    CHECK_FALSE(door_open(p1s));
}

TEST_CASE("facts: a camera that cannot be shown says why") {
    PrinterState p2s = online(PrinterModel::p2s, JobState::idle);
    CHECK(camera_kind(p2s) == CameraKind::rtsps);
    CHECK(camera_obstacle(p2s).empty());
    p2s.report.liveview = false;
    CHECK(camera_obstacle(p2s) == "LAN liveview is off at the printer");
    p2s.report.camera_present = false;
    CHECK(camera_kind(p2s) == CameraKind::unknown);
    CHECK(camera_kind(online(PrinterModel::a1, JobState::idle)) == CameraKind::jpeg);
}
