#include <doctest/doctest.h>

#include "recorded_facts.hpp"

// What is in the recordings of X1, P1 and A1 machines, read off the files by eye.

namespace farmwall::wire {
namespace {

TEST_CASE("recordings: x1c-finish-4ams") {
    FARM_RECORDING("x1c-finish-4ams");
    CHECK(printer.model == ModelVerdict{PrinterModel::x1c, ModelSource::product_name});
    CHECK(printer_firmware(printer.modules) == "01.09.00.01");
    CHECK(report.state == JobState::finish);
    CHECK_FALSE(shown_stage(report));
    CHECK(report.percent == 100);
    CHECK(report.layer == 480);
    CHECK(report.total_layers == 480);
    CHECK(report.subtask_name == "Garden Hose Healer: Male fitting");
    CHECK(report.subtask_id == "702384465");
    CHECK(active_nozzle(printer) == degrees(26, 0));
    CHECK(bed(printer) == degrees(23, 0));
    CHECK(chamber(printer) == degrees(25));
    REQUIRE(report.ams->size() == 4);
    CHECK(ams_kind(printer, unit_at(printer, 0)) == AmsKind::ams);
    CHECK(ams_kind(printer, unit_at(printer, 1)) == AmsKind::ams);
    CHECK(ams_kind(printer, unit_at(printer, 2)) == AmsKind::ams_2_pro);
    CHECK(ams_kind(printer, unit_at(printer, 3)) == AmsKind::ams_ht);
    CHECK(unit_at(printer, 3).id == 128);
    CHECK(slots(printer, 0) == std::vector{present("PLA", "000000FF"), present("PLA", "7D6556FF"),
                                           present("PLA", "4D3324FF"), present("PLA", "AE835BFF")});
    CHECK(slots(printer, 1) == std::vector{present("ABS", "D32941FF"), present("ABS", "489FDFFF"),
                                           present("ABS", "FFFFFFFF"), present("ABS", "87909AFF")});
    CHECK(slots(printer, 2) == std::vector{no_spool, present("ABS", "FF6A13FF"), present("ABS", "789D4AFF"),
                                           present("ABS", "000000FF")});
    CHECK(slots(printer, 3) == std::vector{present("PA-CF", "000000FF")});
    CHECK(drying(unit_at(printer, 2)) == Drying::drying);
    CHECK(unit_at(printer, 2).drying_minutes_left == 583);
    CHECK(unit_at(printer, 2).celsius == 65.0);
    CHECK(unit_at(printer, 2).humidity_percent == 9);
    CHECK(drying(unit_at(printer, 3)) == Drying::off);
    CHECK(unit_at(printer, 0).trays.at(3).remain_percent == 83);
    CHECK_FALSE(active_tray(report));
    REQUIRE(external_spools(report).size() == 1);
    CHECK(external_spools(report).front().id == 255);
    CHECK(external_spools(report).front().material == "");
    CHECK(fans(printer) == Fans{0, 0, 0, 0});
    CHECK(light(report, "chamber_light") == LightMode::on);
    CHECK(light(report, "work_light") == LightMode::flashing);
    CHECK(no_errors(report));
    CHECK(camera_kind(printer) == CameraKind::rtsps);
    CHECK(report.liveview == true);
    CHECK(report.camera_recording == true);
    CHECK(camera_obstacle(printer).empty());
    CHECK(developer_mode(printer) == DeveloperMode::off);
    CHECK(storage(report) == Storage::normal);
    // stat bit 23 is set, although bit 23 of home_flag is not.
    CHECK(door_open(printer) == true);
    CHECK(homed(report) == false);
    CHECK(wired_network(report) == false);
    CHECK(report.wifi_dbm == -66);
    CHECK(*report.net_addresses == std::vector<std::string>{"192.0.2.11"});
    CHECK(report.nozzles->front().type == "HX01");
    CHECK(availability(printer) == Availability::available);
}

TEST_CASE("recordings: x1c-oldfw-running-hms") {
    FARM_RECORDING("x1c-oldfw-running-hms");
    CHECK(printer.model == ModelVerdict{PrinterModel::x1c, ModelSource::hardware});
    CHECK(printer_firmware(printer.modules) == "99.00.00.00");
    CHECK(report.state == JobState::running);
    CHECK(shown_stage(report) == 0);
    CHECK(report.percent == 22);
    CHECK(report.remaining_minutes == 163);
    CHECK(report.layer == 2);
    CHECK(report.total_layers == 37);
    CHECK(active_nozzle(printer) == degrees(219, 220));
    CHECK(bed(printer) == degrees(60, 60));
    // The plain key: this firmware has no packed one, and the machine no heater.
    CHECK(chamber(printer) == degrees(36));
    REQUIRE(report.ams->size() == 1);
    CHECK(unit_at(printer, 0).id == 128);
    CHECK(ams_kind(printer, unit_at(printer, 0)) == AmsKind::ams_ht);
    CHECK(drying(unit_at(printer, 0)) == Drying::unknown);
    CHECK(active_tray(report) == ams_slot(128, 0));
    CHECK(find_tray(report, ams_slot(128, 0))->brand == "PLA Matte");
    CHECK(find_tray(report, ams_slot(128, 0))->color == "F7D959FF");
    CHECK(find_tray(report, ams_slot(128, 0))->remain_percent == 65);
    // The bits contradict the list in this edited recording, and have the last word.
    CHECK(slots(printer, 0).front().presence == Presence::empty);
    CHECK(external_spools(report).front().material == "PLA");
    CHECK(external_spools(report).front().id == 254);
    CHECK(fans(printer) == Fans{100, 70, 18, 87});
    CHECK(chamber_light(report) == LightMode::on);
    REQUIRE(explain_all(report).size() == 1);
    CHECK(explain_all(report).front().code == "HMS_0C00_0300_0003_0007");
    CHECK(explain_all(report).front().severity == Severity::common);
    CHECK(explain_all(report).front().module == "camera");
    CHECK(report.print_error == 0U);
    CHECK(camera_kind(printer) == CameraKind::rtsps);
    CHECK(report.liveview == true);
    CHECK(developer_mode(printer) == DeveloperMode::unknown);
    CHECK(storage(report) == Storage::normal);
    CHECK(door_open(printer) == true);
    CHECK(homed(report) == true);
    CHECK(report.new_version_state == 2);
    CHECK(report.new_version == "01.06.06.58");
    CHECK_FALSE(report.nozzles);
    CHECK(availability(printer) == Availability::busy);
}

TEST_CASE("recordings: p1p-failed-ams") {
    FARM_RECORDING("p1p-failed-ams");
    CHECK(printer.model == ModelVerdict{PrinterModel::p1p, ModelSource::project_name});
    CHECK(printer_firmware(printer.modules) == "01.07.00.00");
    CHECK(report.state == JobState::failed);
    CHECK_FALSE(shown_stage(report));
    CHECK(report.percent == 0);
    CHECK(report.remaining_minutes == 759);
    CHECK(report.layer == 1);
    CHECK(report.total_layers == 70);
    CHECK(active_nozzle(printer) == degrees(21.25, 0));
    CHECK(bed(printer) == degrees(19.84375, 0));
    CHECK_FALSE(chamber(printer));
    REQUIRE(report.ams->size() == 1);
    CHECK(ams_kind(printer, unit_at(printer, 0)) == AmsKind::ams);
    CHECK(slots(printer, 0) == std::vector(4, present("PLA", "D357FEFF")));
    CHECK(unit_at(printer, 0).trays.front().remain_percent == -1);
    CHECK(unit_at(printer, 0).celsius == 0.0);
    CHECK(unit_at(printer, 0).humidity_index == 3);
    CHECK(active_tray(report) == ams_slot(0, 0));
    CHECK(external_spools(report).front().preset_id == "P9816594");
    // The enclosure kit: a chamber fan and an auxiliary fan are there.
    CHECK(fans(printer) == Fans{0, 0, 0, 0});
    CHECK(chamber_light(report) == LightMode::off);
    CHECK(no_errors(report));
    CHECK_FALSE(report.fail_reason);
    CHECK(is_soft_fail(report));
    CHECK(camera_kind(printer) == CameraKind::jpeg);
    CHECK_FALSE(report.liveview);
    CHECK(developer_mode(printer) == DeveloperMode::unknown);
    CHECK(storage(report) == Storage::normal);
    CHECK_FALSE(door_open(printer));
    CHECK(homed(report) == false);
    CHECK(report.wifi_dbm == -53);
    CHECK(availability(printer) == Availability::available);
}

TEST_CASE("recordings: p1s-running-local-ams, with its heartbeat") {
    FARM_RECORDING("p1s-running-local-ams");
    CHECK(printer.model == ModelVerdict{PrinterModel::p1s, ModelSource::configured});
    CHECK(report.state == JobState::running);
    CHECK(shown_stage(report) == 0);
    CHECK(report.percent == 11);
    CHECK(report.remaining_minutes == 958);
    CHECK(report.layer == 20);
    CHECK(report.print_type == "local");
    CHECK(report.gcode_file == "glowie.gcode");
    CHECK(active_nozzle(printer) == degrees(229.875, 230));
    CHECK(bed(printer) == degrees(64.49, 65));
    CHECK_FALSE(chamber(printer));
    CHECK(ams_kind(printer, unit_at(printer, 0)) == AmsKind::unknown);
    CHECK(slots(printer, 0) == std::vector{present("PLA", "AF7933FF"), present("PLA", "0ACC38FF"),
                                           present("PETG", "BCBCBCFF"), present("PETG", "161616FF")});
    CHECK(active_tray(report) == ams_slot(0, 0));
    CHECK(fans(printer) == Fans{100, 70, 100, 100});
    CHECK(chamber_light(report) == LightMode::on);
    CHECK(no_errors(report));
    CHECK(camera_kind(printer) == CameraKind::jpeg);
    CHECK(developer_mode(printer) == DeveloperMode::unknown);
    CHECK(storage(report) == Storage::normal);
    CHECK(homed(report) == true);
    CHECK_FALSE(report.nozzle_diameter_mm);
    CHECK_FALSE(wired_network(report));

    REQUIRE(recording->deltas.size() == 1);
    player.play_delta(0);
    CHECK(active_nozzle(printer) == degrees(229.9375, 230));
    CHECK(bed(printer) == degrees(64.96875, 65));
    CHECK(report.remaining_minutes == 100);
    CHECK(report.percent == 11);
    CHECK(slots(printer, 0).at(2) == present("PETG", "BCBCBCFF"));
    CHECK(player.lost_fields == 0);
}

TEST_CASE("recordings: p1s-running-cloud-ams") {
    FARM_RECORDING("p1s-running-cloud-ams");
    CHECK(printer.model.model == PrinterModel::p1s);
    CHECK(report.state == JobState::running);
    CHECK(shown_stage(report) == 0);
    CHECK(*report.stage_queue == std::vector{2, 14, 1});
    CHECK(report.percent == 42);
    CHECK(report.remaining_minutes == 147);
    CHECK(report.layer == 66);
    CHECK(report.total_layers == 182);
    CHECK(report.subtask_id == "287384807");
    CHECK(report.gcode_file == "Keychain.3mf");
    CHECK(active_nozzle(printer) == degrees(219.1875, 220));
    CHECK(bed(printer) == degrees(54.875, 55));
    CHECK_FALSE(chamber(printer));
    CHECK(slots(printer, 0) == std::vector{present("PLA", "000000FF"), present("PLA", "FF6A13FF"),
                                           present("PLA", "042F56FF"), present("PLA", "00AE42FF")});
    CHECK(active_tray(report) == ams_slot(0, 1));
    CHECK(find_tray(report, ams_slot(0, 1))->brand == "PLA Basic");
    CHECK(report.ams_status == 768);
    CHECK(report.toolhead_filament == 1);
    CHECK(fans(printer) == Fans{100, 100, 59, 100});
    CHECK(chamber_light(report) == LightMode::on);
    CHECK(no_errors(report));
    CHECK(camera_kind(printer) == CameraKind::jpeg);
    CHECK(report.timelapse == true);
    CHECK(developer_mode(printer) == DeveloperMode::unknown);
    CHECK(storage(report) == Storage::normal);
    CHECK(homed(report) == true);
    CHECK(report.nozzle_diameter_mm == 0.4);
    CHECK(report.nozzle_type == "stainless_steel");
}

TEST_CASE("recordings: p1s-finish-ams2pro-empty") {
    FARM_RECORDING("p1s-finish-ams2pro-empty");
    CHECK(printer.model.model == PrinterModel::p1s);
    CHECK(report.state == JobState::finish);
    CHECK_FALSE(shown_stage(report));
    CHECK(report.percent == 100);
    CHECK(report.layer == 27);
    CHECK(report.total_layers == 27);
    CHECK(active_nozzle(printer) == degrees(29.46875, 0));
    CHECK(bed(printer) == degrees(27.625, 0));
    CHECK_FALSE(chamber(printer));
    CHECK(ams_kind(printer, unit_at(printer, 0)) == AmsKind::ams_2_pro);
    CHECK(slots(printer, 0) == std::vector(4, no_spool));
    CHECK(unit_at(printer, 0).celsius == 28.4);
    CHECK(unit_at(printer, 0).humidity_percent == 12);
    CHECK(unit_at(printer, 0).humidity_index == 5);
    CHECK(drying(unit_at(printer, 0)) == Drying::off);
    CHECK_FALSE(active_tray(report));
    CHECK(external_spools(report).front().color == "FFFFFF00");
    CHECK(fans(printer) == Fans{0, 0, 0, 0});
    CHECK(chamber_light(report) == LightMode::off);
    CHECK(no_errors(report));
    CHECK(camera_kind(printer) == CameraKind::jpeg);
    CHECK(report.camera_recording == false);
    CHECK(developer_mode(printer) == DeveloperMode::unknown);
    CHECK(storage(report) == Storage::normal);
    CHECK(homed(report) == false);
    CHECK(report.net_addresses->empty());
    CHECK(report.wifi_dbm == -41);
    CHECK(availability(printer) == Availability::available);
}

TEST_CASE("recordings: a1-idle-amslite") {
    FARM_RECORDING("a1-idle-amslite");
    CHECK(printer.model == ModelVerdict{PrinterModel::a1, ModelSource::project_name});
    CHECK(printer_firmware(printer.modules) == "01.05.00.00");
    CHECK(report.state == JobState::idle);
    // It reports stage 0, "printing", while idle.
    CHECK(report.stage == 0);
    CHECK_FALSE(shown_stage(report));
    CHECK(active_nozzle(printer) == degrees(27.8125, 0));
    CHECK(bed(printer) == degrees(29.75, 0));
    CHECK_FALSE(chamber(printer));
    CHECK(ams_kind(printer, unit_at(printer, 0)) == AmsKind::ams_lite);
    CHECK(slots(printer, 0) == std::vector{present("PLA", "76D9F4FF"), present("PLA", "FFF144FF"),
                                           present("PLA", "FF80FFFF"), present("PLA", "0ACC38FF")});
    CHECK(unit_at(printer, 0).trays.at(1).preset_id == "P3a4d8cf");
    CHECK(unit_at(printer, 0).trays.at(1).remain_percent == 100);
    CHECK_FALSE(unit_at(printer, 0).trays.at(1).state);
    CHECK_FALSE(active_tray(report));
    CHECK(external_spools(report).front().preset_id == "GFA00");
    CHECK(fans(printer) == Fans{0, std::nullopt, std::nullopt, 0});
    CHECK(chamber_light(report) == LightMode::off);
    CHECK(no_errors(report));
    CHECK(camera_kind(printer) == CameraKind::jpeg);
    CHECK(report.camera_recording == false);
    CHECK(report.plate_marker_detector == true);
    CHECK(developer_mode(printer) == DeveloperMode::unknown);
    CHECK(storage(report) == Storage::normal);
    CHECK_FALSE(door_open(printer));
    CHECK(homed(report) == true);
    CHECK(*report.net_addresses == std::vector<std::string>{"192.0.2.13"});
    CHECK(availability(printer) == Availability::available);
}

TEST_CASE("recordings: a1-start-of-print-deltas, with no full report before them") {
    FARM_RECORDING("a1-start-of-print-deltas");
    CHECK(printer.model == ModelVerdict{PrinterModel::a1, ModelSource::configured});
    CHECK(report == Report{});
    REQUIRE(recording->deltas.size() == 9);

    player.play_delta(0);
    CHECK(report.state == JobState::running);
    CHECK(shown_stage(report) == 2);
    CHECK(active_nozzle(printer) == degrees(125.0625, 140));
    CHECK(homed(report) == false);
    CHECK_FALSE(report.percent);
    CHECK_FALSE(bed(printer));

    player.play_delta(1);
    CHECK(shown_stage(report) == 13);
    CHECK(report.percent == 51);
    CHECK(report.remaining_minutes == 0);
    CHECK(bed(printer) == degrees(64.03125));
    CHECK(active_nozzle(printer) == degrees(126.5, 140));

    player.play_delta(2);
    CHECK(shown_stage(report) == 24);
    CHECK(report.percent == 1);
    CHECK(report.remaining_minutes == 7);
    CHECK(active_nozzle(printer) == degrees(140.0625, 220));

    for (const auto& [delta, stage] : {std::pair{3U, 4}, {4U, 8}, {5U, 14}, {6U, 1}, {7U, 0}}) {
        player.play_delta(delta);
        CHECK(shown_stage(report) == stage);
    }
    CHECK(report.ams_status == 258);
    CHECK(active_nozzle(printer) == degrees(218.9375, 220));
    CHECK(fans(printer).part_percent == 40);

    player.play_delta(8);
    CHECK(report.stage == 255);
    CHECK_FALSE(shown_stage(report));
    CHECK(report.percent == 96);
    CHECK(active_nozzle(printer) == degrees(220.03125, 220));
    CHECK(bed(printer) == degrees(65.09375));
    CHECK(fans(printer) == Fans{34, std::nullopt, std::nullopt, 53});
    CHECK(*report.stage_queue == std::vector{2, 13, 24, 4, 8, 14, 1});
    CHECK_FALSE(report.ams);
    CHECK_FALSE(report.lights);
    CHECK(player.lost_fields == 0);
    // Nine partial reports are not a full one.
    CHECK(availability(printer) == Availability::no_report_yet);
}

}  // namespace
}  // namespace farmwall::wire
