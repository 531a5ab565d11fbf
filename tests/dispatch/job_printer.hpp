#pragma once

#include <string>
#include <utility>
#include <vector>

#include "model/printer_state.hpp"

namespace farmwall::testing {

// "p0", "p1" …: idle, with a card, and white filament in the first slot of an AMS.
inline PrinterState job_printer(std::size_t index, PrinterModel model = PrinterModel::p1s,
                                std::string material = "PLA") {
    PrinterState state;
    state.id = PrinterId{"p" + std::to_string(index)};
    state.name = state.id.value;
    state.model = {model, ModelSource::product_name};
    state.link.link = Link::online;
    state.full_report_seen = true;
    Report& report = state.report;
    report.state = JobState::idle;
    report.nozzle_diameter_mm = 0.4;
    report.storage_present = true;
    report.home_flag = 1U << 8U;
    report.subtask_id = "0";
    report.tray_now = 0;
    report.toolhead_filament = 1;
    AmsUnit unit;
    unit.info = 0x1001;
    Tray tray;
    tray.material = std::move(material);
    tray.color = "FFFFFFFF";
    unit.trays = {tray};
    report.ams = std::vector<AmsUnit>{unit};
    report.tray_exist_bits = 1;
    report.ams_exist_bits = 1;
    return state;
}

}  // namespace farmwall::testing
