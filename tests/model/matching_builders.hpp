#pragma once

#include <memory>
#include <string>
#include <utility>
#include <vector>

#include "builders.hpp"
#include "model/matching.hpp"

namespace farmwall::testing {

inline const TimePoint match_time{std::chrono::hours{1}};

// A printer, what the queue knows of it and its entry in the configuration: all that a Place refers to.
struct Station {
    PrinterState printer;
    PrinterDesk desk;
    PrinterPlace place;
    std::optional<TraySource> selected;

    [[nodiscard]] Place as_place() const { return {printer, desk, place, selected}; }
    Report& report() { return printer.report; }
    AmsUnit& ams(std::size_t index = 0) { return printer.report.ams->at(index); }
    Tray& tray(std::size_t slot) { return ams().trays.at(slot); }
};

inline Tray spool(int id, std::string material, std::string color, std::string preset = "") {
    Tray made = tray(id, std::move(material), std::move(color));
    made.preset_id = std::move(preset);
    return made;
}

// Ready for any job: idle, its plate clear, black PLA in A1.
inline Station station(PrinterModel model = PrinterModel::p1s) {
    Station made;
    made.printer = online(model, JobState::idle);
    made.printer.last_report = made.printer.last_message = match_time - std::chrono::seconds{1};
    made.printer.learnt_developer_mode = DeveloperMode::on;
    Report& report = made.printer.report;
    report.storage_present = true;
    report.nozzle_diameter_mm = 0.4;
    report.nozzle_type = "hardened_steel";
    report.ams = {unit(0, {spool(0, "PLA", "000000FF", "GFA00")})};
    report.tray_exist_bits = 0x1;
    made.desk.plate.state = PlateState::clear;
    return made;
}

// Two nozzles: unit 0 feeds the right one, unit 1 the left one.
inline Station dual_station(PrinterModel model = PrinterModel::h2d) {
    Station made = station(model);
    Report& report = made.printer.report;
    report.nozzle_diameter_mm.reset();
    report.nozzle_type.reset();
    report.extruder_state = 2;
    report.extruders = {Extruder{0, {}, {}, {}, {}, 0, {}}, Extruder{1, {}, {}, {}, {}, 1, {}}};
    report.nozzles = {Nozzle{0, 0.4, "HS01", {}}, Nozzle{1, 0.4, "HS01", {}}};
    report.ams = {unit(0, {spool(0, "PLA", "000000FF", "GFA00")}),
                  unit(1, {spool(0, "PLA", "FFFFFFFF", "GFA00")})};
    report.ams->at(0).info = 0x2003;
    report.ams->at(1).info = 0x2103;
    report.tray_exist_bits = 0x11;
    return made;
}

inline SlicedFilament filament(int id, std::string material, std::string color, std::string preset = "") {
    SlicedFilament made;
    made.id = id;
    made.material = std::move(material);
    made.color = std::move(color);
    made.preset_id = std::move(preset);
    made.grams = 40;
    return made;
}

inline SlicedPlate plate(PrinterModel model, std::vector<SlicedFilament> filaments) {
    SlicedPlate made;
    made.model = model;
    made.model_code = std::string{model_info(model).codes[0]};
    made.nozzle_diameters_mm.assign(static_cast<std::size_t>(model_info(model).extruders), 0.4);
    made.nozzle_type = "hardened_steel";
    made.plate_type = PlateType::textured_plate;
    made.filaments = std::move(filaments);
    return made;
}

inline Job job_for(SlicedPlate of) {
    Job made;
    made.id = JobId{"0123456789ab"};
    made.file_name = "part.gcode.3mf";
    made.plate = of.index;
    SlicedFile file;
    file.bytes = 1'000'000;
    file.project_filaments = 4;
    file.plates = {std::move(of)};
    made.sliced = std::make_shared<const SlicedFile>(std::move(file));
    return made;
}

// Black PLA for the station above.
inline Job simple_job(PrinterModel model = PrinterModel::p1s) {
    return job_for(plate(model, {filament(1, "PLA", "000000FF", "GFA00")}));
}

template <class Edit>
void edit_file(Job& job, const Edit& edit) {
    auto changed = std::make_shared<SlicedFile>(*job.sliced);
    edit(*changed);
    job.sliced = std::move(changed);
}
template <class Edit>
void edit_plate(Job& job, const Edit& edit) {
    edit_file(job, [&](SlicedFile& file) { edit(file.plates.front()); });
}

}  // namespace farmwall::testing
