#pragma once

#include <fstream>
#include <map>
#include <memory>
#include <string>

#include "fleet/fleet_state.hpp"
#include "fleet/telemetry.hpp"
#include "model/facts.hpp"
#include "ui/theme.hpp"

// A varied farm of invented printers, every one the same each time.
namespace farmwall::test {

inline constexpr TimePoint farm_now{std::chrono::hours{100}};

namespace detail {

inline Tray spool(int id, std::string material, std::string color, int remain) {
    Tray tray;
    tray.id = id;
    tray.material = std::move(material);
    tray.color = std::move(color) + "FF";
    tray.remain_percent = remain;
    return tray;
}

inline AmsUnit ams_unit(int id, unsigned seed) {
    static const char* colors[] = {"F2F2F2", "1B1B1D", "D8382F", "2F6FDB",
                                   "2FA35A", "F3C23C", "8E5BD0", "F08A2E"};
    static const char* materials[] = {"PLA", "PETG", "PLA", "ASA", "TPU", "PLA", "ABS", "PLA"};
    AmsUnit unit;
    unit.id = id;
    unit.info = seed % 3 == 1 ? 3 : 1;  // AMS 2 Pro, AMS
    unit.humidity_index = 2 + static_cast<int>(seed % 4);
    unit.humidity_percent = 18 + static_cast<int>(seed * 7 % 30);
    unit.celsius = 26.5;
    for (int slot = 0; slot < 4; ++slot) {
        const unsigned at = (seed + static_cast<unsigned>(slot) * 3) % 8;
        if ((seed + static_cast<unsigned>(slot)) % 7 == 5) continue;
        unit.trays.push_back(
            spool(slot, materials[at], colors[at], (9 + static_cast<int>(seed * 13) + slot * 31) % 100));
    }
    return unit;
}

struct Kind {
    PrinterModel model;
    const char* name;
};
inline constexpr Kind kinds[] = {{PrinterModel::x1c, "X1C"}, {PrinterModel::p1s, "P1S"},
                                 {PrinterModel::a1, "A1"},   {PrinterModel::h2d, "H2D"},
                                 {PrinterModel::p2s, "P2S"}, {PrinterModel::a1_mini, "Mini"}};
inline constexpr const char* files[] = {
    "Bracket_left_v7.gcode.3mf",
    "Dragon articulated 320%.gcode.3mf",
    "Gehäuse Deckel Süd.3mf",
    "cable-clips-x48.gcode.3mf",
    "Vase_spiral_0.28mm_PLA_very_long_name_of_a_job_for_customer_4711.gcode.3mf",
    "gear_m2_z40.gcode.3mf"};

inline void put_job(Report& report, unsigned i, JobState state, int percent) {
    report.state = state;
    report.state_text = std::string{wire_name(state)};
    report.percent = percent;
    report.remaining_minutes = (100 - percent) * static_cast<int>(2 + i % 5);
    report.total_layers = 120 + static_cast<int>(i * 37 % 400);
    report.layer = *report.total_layers * percent / 100;
    report.subtask_name = files[i % 6];
    report.stage = 0;
}

inline void put_temperatures(PrinterState& printer, double nozzle, double nozzle_target, double bed,
                             double bed_target) {
    Report& report = printer.report;
    report.nozzle_celsius = nozzle;
    report.nozzle_target_celsius = nozzle_target;
    report.bed_celsius = bed;
    report.bed_target_celsius = bed_target;
    report.chamber_celsius = 38;
    if (printer.model.model == PrinterModel::h2d) {
        const auto packed = [](double now, double target) {
            return PackedTemperature{static_cast<int>(now), static_cast<int>(target)};
        };
        Extruder right;
        right.temperature = packed(nozzle, nozzle_target);
        right.tray_now = 0;
        Extruder left;
        left.id = 1;
        left.temperature = packed(nozzle - 60, 0);
        report.extruders = std::vector<Extruder>{right, left};
        report.extruder_state = 2;
    }
}

inline void put_changed_certificate(PrinterState& printer) {
    printer.link.link = Link::refused;
    printer.link.problem = LinkProblem::certificate_changed;
    printer.link.new_certificate = "9f86d081884c7d659a2feaa0c55ad015a3bf4f1b2b0b822cd15d6c15b0f00a08";
    printer.last_report = farm_now - std::chrono::hours{3};
}

inline void put_trouble(PrinterState& printer, unsigned i) {
    Report& report = printer.report;
    switch (i % 17) {
        case 4:
            report.state = JobState::finish;
            report.percent = 100;
            report.remaining_minutes = 0;
            put_temperatures(printer, 48, 0, 41, 0);
            break;
        case 6:
            printer.link.link = Link::offline;
            printer.link.problem = LinkProblem::unreachable;
            printer.stats.last_error = "connection refused";
            printer.last_report = farm_now - std::chrono::minutes{7};
            break;
        case 7:
            report.state = JobState::failed;
            report.print_error = 0x0300800BU;
            report.hms = std::vector<HmsEntry>{{0x03000100U, 0x00010007U}};
            put_temperatures(printer, 31, 0, 28, 0);
            break;
        case 9:
            report.state = JobState::prepare;
            report.percent = 0;
            report.prepare_percent = 62;
            report.stage = 2;
            put_temperatures(printer, 96, 220, 51, 60);
            break;
        case 11:
            report.state = JobState::pause;
            report.stage = 6;
            break;
        case 12:
            report.state = JobState::pause;
            report.print_error = 0x0300800BU;
            break;
        case 13:
            report.state = JobState::pause;
            report.stage = 16;
            break;
        case 14:
            put_changed_certificate(printer);
            break;
        case 15:
            printer.link.link = Link::connecting;
            printer.last_report.reset();
            printer.full_report_seen = false;
            report = Report{};
            break;
        case 16:
            printer.link.link = Link::quiet;
            report.state = JobState::idle;
            printer.last_report = farm_now - std::chrono::minutes{3};
            put_temperatures(printer, 24, 0, 23, 0);
            break;
        default:
            break;
    }
    if (i % 17 == 2) {
        report.state = JobState::idle;
        put_temperatures(printer, 25, 0, 24, 0);
    }
}

}  // namespace detail

// Printer `i`: its kind, its job and its trouble follow from the number.
inline PrinterState fake_printer(unsigned i) {
    PrinterState printer;
    const detail::Kind& kind = detail::kinds[i % 6];
    printer.id = PrinterId{"p" + std::to_string(i + 1)};
    printer.name = std::string{kind.name} + "-" + (i + 1 < 10 ? "0" : "") + std::to_string(i + 1);
    printer.serial = Serial{"00M00A" + std::to_string(100000000 + i)};
    printer.model = {kind.model, ModelSource::product_name};
    printer.link.link = Link::online;
    printer.link.address = "127.0.0." + std::to_string(i + 10);
    printer.link.port = 8883;
    printer.stats = {1200 + i * 7, 4'200'000 + i * 1000, i % 5, 0, 0, 1 + i % 3, i % 2, 58.5, ""};
    printer.full_report_seen = true;
    printer.last_report = printer.last_message = farm_now - std::chrono::seconds{1};
    detail::put_job(printer.report, i, JobState::running, static_cast<int>((i * 29 + 42) % 97));
    detail::put_temperatures(printer, 219.6, 220, 60, 60);
    printer.modules.push_back({"ota", "", "OTA", "01.08.02.00", "", ""});
    printer.report.lights = std::vector<Light>{{"chamber_light", LightMode::on}};
    printer.report.part_fan_step = 15;
    printer.report.aux_fan_step = 9;
    printer.report.chamber_fan_step = 6;
    printer.report.heatbreak_fan_step = 15;
    printer.report.speed_level = 2;
    printer.report.wifi_dbm = -52;
    printer.report.nozzle_diameter_mm = 0.4;
    printer.report.nozzle_type = "hardened_steel";
    printer.report.ams = std::vector<AmsUnit>{detail::ams_unit(0, i)};
    if (i % 6 == 0) printer.report.ams->push_back(detail::ams_unit(1, i + 3));
    printer.report.tray_now = printer.report.ams->front().trays.front().id;
    printer.report.external = detail::spool(254, "PETG", "9AA6B4", -1);
    detail::put_trouble(printer, i);
    return printer;
}

inline FleetSnapshot fake_farm(unsigned count) {
    auto fleet = std::make_shared<FleetState>();
    fleet->revision = 1;
    for (unsigned i = 0; i < count; ++i) {
        fleet->printers.push_back(std::make_shared<const PrinterState>(fake_printer(i)));
    }
    const auto wall = WallTime{std::chrono::hours{480'000}};
    for (unsigned i = 0; i < std::min(count, 8U); ++i) {
        fleet->events.push_back(
            std::make_shared<const Event>(Event{wall + std::chrono::seconds{i * 97}, fleet->printers[i]->id,
                                                EventKind::print_started, "Printing gear_m2_z40 began."}));
    }
    return fleet;
}

// Printers of which nothing is known but their names.
inline FleetSnapshot unknown_farm(unsigned count) {
    auto fleet = std::make_shared<FleetState>();
    for (unsigned i = 0; i < count; ++i) {
        PrinterState printer;
        printer.id = PrinterId{"u" + std::to_string(i)};
        printer.name = printer.id.value;
        fleet->printers.push_back(std::make_shared<const PrinterState>(printer));
    }
    return fleet;
}

// An hour of plots a printer: heating up, a pause without data, printing.
inline void fill_telemetry(TelemetryStore& store, unsigned count) {
    for (unsigned i = 0; i < count; ++i) {
        for (int step = 0; step < 720; ++step) {
            Sample sample;
            sample.at = farm_now - std::chrono::seconds{5 * (719 - step)};
            if (step < 400 || step > 450) {
                const float wave = 1.5F * static_cast<float>((step * 7 + static_cast<int>(i)) % 13) / 13.0F;
                const float warm = std::min(1.0F, static_cast<float>(step) / 140.0F);
                sample.nozzle_celsius = 25 + 195 * warm + wave;
                sample.nozzle_target_celsius = step < 10 ? 0 : 220;
                sample.bed_celsius = 24 + 36 * warm;
                sample.bed_target_celsius = step < 5 ? 0 : 60;
                sample.chamber_celsius = 24 + 14 * std::min(1.0F, static_cast<float>(step) / 500.0F);
                sample.part_fan_percent = step < 150 ? 0.0F : step % 200 < 100 ? 100.0F : 60.0F;
                sample.aux_fan_percent = step < 200 ? 0 : 70;
                sample.chamber_fan_percent = step < 200 ? 0 : 40;
                sample.percent = static_cast<float>(step) / 7.2F;
            }
            store.record(i, sample);
        }
    }
}

// The theme as the program has it, read by the few lines that its file needs.
inline ui::MadeTheme theme_from_assets() {
    std::map<std::string, std::uint32_t> colors;
    std::map<std::string, double> sizes;
    for (const char* path : {"../assets/theme.toml", "../../assets/theme.toml", "assets/theme.toml"}) {
        std::ifstream file{path};
        std::string line;
        while (std::getline(file, line)) {
            const auto equals = line.find(" = ");
            if (line.empty() || line[0] == '#' || line[0] == '[' || equals == std::string::npos) continue;
            const std::string name = line.substr(0, equals);
            const std::string value = line.substr(equals + 3);
            if (value.starts_with("\"#")) {
                colors[name] =
                    static_cast<std::uint32_t>(std::stoul(value.substr(2, 6), nullptr, 16)) << 8 | 0xFFU;
            } else {
                sizes[name] = std::stod(value);
            }
        }
        if (!colors.empty()) break;
    }
    return ui::make_theme(colors, sizes);
}

}  // namespace farmwall::test
