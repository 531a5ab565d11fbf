#include <doctest/doctest.h>

#include "recorded_facts.hpp"

// What is in the recordings of P2 and H2 machines, read off the files by eye.

namespace farmwall::wire {
namespace {

TEST_CASE("recordings: p2s-running-ams2pro") {
    FARM_RECORDING("p2s-running-ams2pro");
    CHECK(printer.model == ModelVerdict{PrinterModel::p2s, ModelSource::product_name});
    CHECK(printer_firmware(printer.modules) == "01.01.00.00");
    CHECK(report.state == JobState::running);
    CHECK(shown_stage(report) == 0);
    CHECK(*report.stage_queue == std::vector{29, 2, 13, 11, 4, 8, 14, 3, 54, 1, 255, 51});
    CHECK(report.percent == 64);
    CHECK(report.remaining_minutes == 62);
    CHECK(report.layer == 170);
    CHECK(report.total_layers == 305);
    CHECK(active_nozzle(printer) == degrees(254, 255));
    CHECK(bed(printer) == degrees(70, 70));
    CHECK(report.bed_packed == PackedTemperature{70, 70});
    CHECK(chamber(printer) == degrees(47));
    CHECK(ams_kind(printer, unit_at(printer, 0)) == AmsKind::ams_2_pro);
    CHECK(fed_extruder(unit_at(printer, 0)) == 0);
    CHECK(slots(printer, 0) == std::vector{present("PLA", "FFFFFFFF"), present("PLA", "000000FF"),
                                           present("PLA", "000000FF"), present("PETG", "FFFFFFFF")});
    CHECK(unit_at(printer, 0).trays.at(0).remain_percent == 41);
    CHECK(unit_at(printer, 0).trays.at(3).remain_percent == -1);
    CHECK(active_tray(report) == ams_slot(0, 3));
    CHECK(*report.mapping == std::vector{3});
    CHECK_FALSE(report.external);
    CHECK(external_spools(report).front().id == 255);
    CHECK(fans(printer).part_percent == 90);
    CHECK(fans(printer).aux_percent == 0);
    CHECK(fans(printer).heatbreak_percent == 100);
    CHECK(report.airduct_mode == 0);
    CHECK(chamber_light(report) == LightMode::on);
    CHECK(light(report, "work_light") == LightMode::flashing);
    CHECK(no_errors(report));
    CHECK(camera_kind(printer) == CameraKind::rtsps);
    CHECK(report.liveview == false);
    CHECK_FALSE(camera_obstacle(printer).empty());
    CHECK(developer_mode(printer) == DeveloperMode::off);
    CHECK(storage(report) == Storage::normal);
    CHECK(door_open(printer) == false);
    CHECK(homed(report) == true);
    CHECK(report.toolhead_filament == 3);
    CHECK(report.fun2 == 1U);
    CHECK(availability(printer) == Availability::busy);
}

TEST_CASE("recordings: h2s-running-abs-chamber60") {
    FARM_RECORDING("h2s-running-abs-chamber60");
    CHECK(printer.model == ModelVerdict{PrinterModel::h2s, ModelSource::product_name});
    CHECK(report.state == JobState::running);
    CHECK(shown_stage(report) == 0);
    CHECK(report.percent == 42);
    CHECK(report.remaining_minutes == 78);
    CHECK(report.layer == 24);
    CHECK(report.total_layers == 75);
    CHECK(extruder_count(printer) == 1);
    CHECK(active_nozzle(printer) == degrees(275, 275));
    CHECK(bed(printer) == degrees(105, 105));
    CHECK(chamber(printer) == degrees(60, 60));
    CHECK(report.info_packed == PackedTemperature{60, 60});
    CHECK(ams_kind(printer, unit_at(printer, 0)) == AmsKind::ams_2_pro);
    CHECK(slots(printer, 0) == std::vector{present("ABS", "FFFFFFFF"), no_spool, no_spool, no_spool});
    CHECK(unit_at(printer, 0).trays.at(1).state == 8);
    CHECK(unit_at(printer, 0).humidity_index == 1);
    CHECK(unit_at(printer, 0).humidity_percent == 36);
    CHECK(active_tray(report) == ams_slot(0, 0));
    CHECK(find_tray(report, ams_slot(0, 0))->preset_id == "P8874e68");
    CHECK(fans(printer) == Fans{10, 0, 0, 100});
    CHECK(report.airduct_mode == 1);
    CHECK(light(report, "chamber_light") == LightMode::on);
    CHECK(light(report, "chamber_light2") == LightMode::on);
    CHECK(no_errors(report));
    CHECK(camera_kind(printer) == CameraKind::rtsps);
    CHECK(report.liveview == true);
    CHECK(developer_mode(printer) == DeveloperMode::off);
    CHECK(storage(report) == Storage::normal);
    CHECK(door_open(printer) == false);
    CHECK(homed(report) == true);
    CHECK(report.nozzle_type == "HS01");
    CHECK(availability(printer) == Availability::busy);
}

TEST_CASE("recordings: h2d-running-right-2ams2pro") {
    FARM_RECORDING("h2d-running-right-2ams2pro");
    CHECK(printer.model == ModelVerdict{PrinterModel::h2d, ModelSource::product_name});
    CHECK(printer_firmware(printer.modules) == "01.01.01.00");
    CHECK(report.state == JobState::running);
    CHECK(shown_stage(report) == 0);
    CHECK(report.percent == 6);
    CHECK(report.remaining_minutes == 549);
    CHECK(report.layer == 1);
    CHECK(report.total_layers == 200);
    CHECK(extruder_count(printer) == 2);
    CHECK(active_extruder(report) == 0);
    CHECK(nozzle_temperatures(printer) ==
          std::vector<NozzleTemperature>{{0, degrees(245, 245)}, {1, degrees(47, 0)}});
    CHECK(active_nozzle(printer) == degrees(245, 245));
    CHECK(bed(printer) == degrees(70, 70));
    CHECK(chamber(printer) == degrees(35, 0));
    REQUIRE(report.ams->size() == 2);
    CHECK(ams_kind(printer, unit_at(printer, 0)) == AmsKind::ams_2_pro);
    CHECK(ams_kind(printer, unit_at(printer, 1)) == AmsKind::ams_2_pro);
    CHECK(fed_extruder(unit_at(printer, 0)) == 1);
    CHECK(fed_extruder(unit_at(printer, 1)) == 0);
    CHECK(slots(printer, 0) == std::vector{present("PLA-S", "FFFFFFFF"), present("PLA", "FFFFFFFF"),
                                           present("PETG", "FFFFFFFF"), present("PLA", "FFFFFFFF")});
    CHECK(slots(printer, 1) == std::vector{present("PLA", "000000FF"), present("PLA", "000000FF"),
                                           present("PETG-CF", "000000FF"), present("PETG", "ADB1B2FF")});
    // tray_now is only the slot here; the extruder knows the unit, too.
    CHECK(report.tray_now == 3);
    CHECK(active_tray(report) == ams_slot(1, 3));
    CHECK(find_tray(report, ams_slot(1, 3))->brand == "PETG HF");
    REQUIRE(external_spools(report).size() == 2);
    CHECK(external_spools(report).at(0).id == 255);
    CHECK(external_spools(report).at(1).id == 254);
    CHECK(fans(printer) == Fans{0, 0, 30, 100});
    CHECK(report.airduct_mode == 0);
    CHECK(light(report, "chamber_light2") == LightMode::on);
    CHECK(no_errors(report));
    CHECK(report.tool_mount == 1);
    CHECK(report.tool_type == "LB00");
    CHECK(report.device_type == 1U);
    CHECK(camera_kind(printer) == CameraKind::rtsps);
    CHECK(report.liveview == true);
    CHECK(developer_mode(printer) == DeveloperMode::off);
    CHECK(storage(report) == Storage::normal);
    CHECK(door_open(printer) == false);
    CHECK(homed(report) == true);
    CHECK(printer.full_report_seen);
    CHECK(availability(printer) == Availability::busy);
}

TEST_CASE("recordings: h2d-preparing-chamber-heating, with its deltas") {
    FARM_RECORDING("h2d-preparing-chamber-heating");
    CHECK(printer.model == ModelVerdict{PrinterModel::h2d, ModelSource::product_name});
    CHECK(report.state == JobState::running);
    CHECK(shown_stage(report) == 14);
    CHECK(report.percent == 0);
    CHECK(report.remaining_minutes == 115);
    CHECK(report.layer == 0);
    CHECK(report.total_layers == 26);
    // The plain key has the left nozzle, which is not in use.
    CHECK(report.nozzle_celsius == 40);
    CHECK(active_extruder(report) == 0);
    CHECK(active_nozzle(printer) == degrees(264, 225));
    CHECK(nozzle_temperatures(printer) ==
          std::vector<NozzleTemperature>{{0, degrees(264, 225)}, {1, degrees(40, 0)}});
    CHECK(bed(printer) == degrees(100, 100));
    CHECK(chamber(printer) == degrees(48, 60));
    REQUIRE(report.ams->size() == 2);
    CHECK(ams_kind(printer, unit_at(printer, 0)) == AmsKind::ams);
    CHECK(fed_extruder(unit_at(printer, 0)) == 1);
    CHECK(ams_kind(printer, unit_at(printer, 1)) == AmsKind::ams_ht);
    CHECK(fed_extruder(unit_at(printer, 1)) == 0);
    CHECK(unit_at(printer, 1).humidity_index == 0);
    CHECK(unit_at(printer, 1).humidity_percent == 6);
    CHECK(slots(printer, 0) == std::vector{present("PLA", "FFFFFFFF"), present("PLA", "000000FF"),
                                           present("PLA", "DE4343FF"), present("PETG", "000000FF")});
    CHECK(slots(printer, 1) == std::vector{present("PA-GF", "000000FF")});
    CHECK(active_tray(report) == ams_slot(128, 0));
    CHECK(fans(printer) == Fans{0, 0, 0, 100});
    CHECK(report.airduct_mode == 1);
    CHECK(chamber_light(report) == LightMode::on);
    CHECK(no_errors(report));
    CHECK(camera_kind(printer) == CameraKind::rtsps);
    CHECK(report.liveview == true);
    CHECK(developer_mode(printer) == DeveloperMode::off);
    CHECK(storage(report) == Storage::normal);
    CHECK(door_open(printer) == false);

    REQUIRE(recording->deltas.size() == 6);
    player.play_delta(0);
    CHECK(door_open(printer) == false);
    // home_flag says open now, but where `stat` is known, it decides.
    player.play_delta(1);
    CHECK(report.home_flag == 0xC0E7DDFFU);
    CHECK(door_open(printer) == false);
    player.play_delta(2);
    CHECK(door_open(printer) == false);
    player.play_delta(3);
    CHECK(door_open(printer) == true);
    player.play_delta(4);
    CHECK(active_extruder(report) == 1);
    CHECK(active_nozzle(printer) == degrees(40, 0));
    CHECK_FALSE(active_tray(report));
    CHECK(report.nozzles->at(1).type == "HH01");
    player.play_delta(5);
    CHECK(*report.nozzles == std::vector<Nozzle>{{0, 0.2, "HS00", 0}, {1, 0.6, "HX05", 0}});
    CHECK(report.extruders->size() == 2);
    CHECK(player.lost_fields == 0);
}

TEST_CASE("recordings: h2c-cancelled-nozzle-rack") {
    FARM_RECORDING("h2c-cancelled-nozzle-rack");
    CHECK(printer.model == ModelVerdict{PrinterModel::h2c, ModelSource::product_name});
    CHECK(printer_firmware(printer.modules) == "01.01.00.00");
    CHECK(report.state == JobState::failed);
    CHECK_FALSE(shown_stage(report));
    CHECK(report.print_error == 0U);
    CHECK(report.fail_reason == 0x0300400CU);
    CHECK(is_cancel_code(*report.fail_reason));
    CHECK_FALSE(is_soft_fail(report));
    CHECK_FALSE(shown_error(report));
    CHECK(job_outcome(report, false) == JobOutcome::canceled);
    CHECK(report.subtask_name == "\xE2\x96\xBA HEAVY - 55mm With Logo 100% infill");
    CHECK(report.total_layers == 332);
    CHECK(*report.mapping == std::vector{65535, 65535, 0, 1});
    CHECK(nozzle_temperatures(printer) ==
          std::vector<NozzleTemperature>{{0, degrees(44, 0)}, {1, degrees(40, 0)}});
    CHECK(bed(printer) == degrees(53, 0));
    CHECK(chamber(printer) == degrees(35, 0));
    CHECK(ams_kind(printer, unit_at(printer, 0)) == AmsKind::ams_2_pro);
    CHECK(drying(unit_at(printer, 0)) == Drying::drying);
    CHECK(unit_at(printer, 0).drying_minutes_left == 716);
    CHECK(slots(printer, 0) == std::vector(4, no_spool));
    CHECK(unit_at(printer, 0).trays.at(0).state == 10);
    CHECK(report.ams_powered == true);
    CHECK_FALSE(active_tray(report));
    REQUIRE(report.nozzles->size() == 7);
    CHECK(report.nozzles->at(2) == Nozzle{16, 0.2, "HS00", 0});
    CHECK(report.nozzles->at(3) == Nozzle{18, 0.6, "HS01", 0});
    CHECK(report.nozzles->at(4).id == 21);
    CHECK(report.nozzle_exist_bits == 0x2F0003U);
    CHECK(report.nozzle_type == "HS01-0.4");
    CHECK(fans(printer) == Fans{0, 0, 0, 0});
    CHECK(light(report, "chamber_light") == LightMode::off);
    CHECK(light(report, "chamber_light2") == LightMode::off);
    CHECK(explain_all(report).empty());
    CHECK(camera_kind(printer) == CameraKind::rtsps);
    CHECK(report.liveview == false);
    CHECK(developer_mode(printer) == DeveloperMode::off);
    CHECK(storage(report) == Storage::none);
    CHECK(report.storage_present == false);
    CHECK(door_open(printer) == false);
    CHECK(homed(report) == false);
    CHECK(report.tool_type == "F000");
    CHECK(availability(printer) == Availability::available);
}

// A recording that nobody has read yet still has to be understood whole.
TEST_CASE("recordings: nothing in any of them is lost") {
    int played = 0;
    for (const std::string& name : recording_names()) {
        CAPTURE(name);
        const auto recording = load_recording(name);
        if (!recording) continue;
        Player player{*recording};
        for (const std::string& delta : recording->deltas)
            player.play(delta);
        CHECK(player.lost_fields == 0);
        ++played;
    }
    MESSAGE("recordings played: ", played);
}

}  // namespace
}  // namespace farmwall::wire
