#include <fmt/format.h>

#include <boost/json/value.hpp>

#include "sim/machine/reports.hpp"

namespace farmwall::sim {

namespace json = boost::json;

namespace {

json::object heater(const Heater& heater) { return {{"now", heater.celsius}, {"target", heater.target}}; }

json::array trays(const Machine& machine) {
    json::array list;
    for (const auto& unit : machine.state().ams)
        for (std::size_t slot = 0; slot < unit.slots.size(); ++slot) {
            json::object tray{{"ams", unit.id}, {"slot", slot}, {"present", unit.slots[slot].has_value()}};
            if (unit.slots[slot]) {
                tray["type"] = unit.slots[slot]->type;
                tray["preset"] = unit.slots[slot]->preset;
                tray["color"] = unit.slots[slot]->color;
                tray["tagged"] = unit.slots[slot]->tagged();
            }
            list.push_back(tray);
        }
    return list;
}

json::object options(const MachineState& s) {
    return json::object{{"recording", s.recording},
                        {"timelapse", s.timelapse},
                        {"resolution", s.resolution},
                        {"auto_recovery", s.step_loss_recovery},
                        {"sound", s.sound},
                        {"tangle", s.tangle_detection},
                        {"clump", s.clump_detection},
                        {"auto_refill", s.auto_refill},
                        {"air_print", s.air_print_detection},
                        {"first_layer", s.first_layer_check},
                        {"spaghetti", s.spaghetti_detection}};
}

json::array commands(const Machine& machine) {
    json::array list;
    for (const auto& seen : machine.state().commands)
        list.push_back(json::object{
            {"class", seen.group}, {"command", seen.command}, {"sequence_id", seen.sequence_id}});
    return list;
}

json::array starts(const MachineState& s) {
    json::array list;
    for (const auto& seen : s.starts)
        list.push_back(json::object{{"subtask_id", seen.subtask_id},
                                    {"file", seen.file},
                                    {"plate", seen.plate},
                                    {"name", seen.name},
                                    {"at", seen.at_s},
                                    {"ran", seen.ran}});
    return list;
}

json::array files(const Machine& machine) {
    json::array list;
    if (machine.storage() == nullptr) return list;
    for (const auto& file : machine.storage()->files())
        list.push_back(json::object{{"name", file.name}, {"bytes", file.bytes}});
    return list;
}

void add_starts(json::object& truth, const Machine& machine) {
    const auto& s = machine.state();
    truth["starts"] = starts(s);
    truth["dirty_plate"] = s.dirty_plate;
    truth["starts_on_dirty_plate"] = s.starts_on_dirty_plate;
    truth["starts_while_active"] = s.starts_while_active;
    truth["files"] = files(machine);
}

json::object module(std::string_view name, std::string_view serial, std::string_view hardware,
                    std::string_view version) {
    return {{"name", name}, {"sn", serial}, {"hw_ver", hardware}, {"sw_ver", version}, {"flag", 0}};
}

}  // namespace

json::object truth_of(const Machine& machine) {
    const auto& s = machine.state();
    json::object truth{{"gcode_state", text_of(s.state)}, {"stage", machine.reported_stage()}};
    truth["job"] = json::object{
        {"name", s.job.name}, {"file", s.job.file}, {"subtask_id", s.job.subtask_id}, {"plate", s.job.plate}};
    truth["percent"] = s.percent;
    truth["layer"] = s.layer;
    truth["layers"] = s.job.layers;
    truth["remaining_minutes"] = s.remaining_minutes;
    truth["speed_level"] = s.speed_level;
    json::array nozzles;
    for (int i = 0; i < machine.spec().extruders; ++i)
        nozzles.push_back(heater(s.nozzles[static_cast<std::size_t>(i)]));
    truth["nozzles"] = nozzles;
    truth["active_extruder"] = s.active_extruder;
    const auto& nozzle = s.nozzles[static_cast<std::size_t>(s.active_extruder)];
    truth["nozzle"] = nozzle.celsius;
    truth["bed"] = s.bed.celsius;
    truth["chamber"] = s.chamber.celsius;
    truth["targets"] =
        json::object{{"nozzle", nozzle.target}, {"bed", s.bed.target}, {"chamber", s.chamber.target}};
    truth["position"] = json::array{s.position_mm[0], s.position_mm[1], s.position_mm[2]};
    truth["homed"] = json::array{s.homed[0], s.homed[1], s.homed[2]};
    truth["motors_on"] = s.motors_on;
    truth["extruded_mm"] = s.extruded_mm;
    truth["fans"] = json::object{{"part", s.part_fan},
                                 {"aux", s.aux_fan},
                                 {"chamber", s.chamber_fan},
                                 {"second_aux", s.second_aux_fan}};
    truth["air_mode"] = s.air_mode;
    truth["lights"] = json::object{{"chamber_light", s.chamber_light}, {"chamber_light2", s.chamber_light2},
                                   {"work_light", s.work_light},       {"heatbed_light", s.heatbed_light},
                                   {"logo_light", s.logo_light},       {"nozzle_light", s.nozzle_light}};
    truth["tray_now"] = machine.tray_now();
    const Source now = s.loaded[static_cast<std::size_t>(s.active_extruder)];
    truth["source"] = json::array{now.ams, now.slot};
    truth["trays"] = trays(machine);
    json::array drying;
    for (const auto& unit : s.ams)
        drying.push_back(json::object{{"ams", unit.id}, {"minutes", unit.dry_minutes}});
    truth["drying"] = drying;
    json::array hms;
    for (const auto& entry : s.hms)
        hms.push_back(json::object{{"attr", entry.attr}, {"code", entry.code}});
    truth["hms"] = hms;
    truth["print_error"] = s.print_error;
    truth["skipped_objects"] = json::array(s.skipped_objects.begin(), s.skipped_objects.end());
    truth["options"] = options(s);
    truth["developer_mode"] = s.developer_mode;
    truth["door_open"] = s.door_open;
    truth["storage"] = s.storage;
    truth["address"] = s.address;
    truth["gcode_log"] = s.gcode_log;
    truth["commands"] = commands(machine);
    add_starts(truth, machine);
    truth["pushall_count"] = s.pushall_count;
    truth["get_version_count"] = s.get_version_count;
    return truth;
}

json::array version_modules(const Machine& machine, std::string_view serial) {
    const auto& spec = machine.spec();
    const bool small = is_small_controller(spec.model);
    json::object ota = module("ota", serial, small ? "OTA" : "N/A", spec.firmware);
    if (!spec.product_name.empty()) {
        ota["product_name"] = spec.product_name;
        ota["visible"] = true;
    } else if (small) {
        ota["project_name"] = spec.code;
    }
    json::array modules{ota};
    const std::string part_serial = "99000A" + std::string{serial.substr(serial.size() > 9 ? 6 : 0)};
    if (small) {
        json::object controller =
            module("esp32", part_serial, spec.bed_slinger ? "AP05" : "AP04", "01.11.32.89");
        if (spec.product_name.empty()) controller["project_name"] = spec.code;
        modules.push_back(controller);
    } else {
        modules.push_back(module("ap", part_serial, "AP05", "00.00.50.76"));
    }
    modules.push_back(module("mc", part_serial, "MC07", "00.00.30.55"));
    modules.push_back(module("th", part_serial, "TH09", "00.00.10.05"));
    for (const auto& unit : machine.state().ams) {
        std::string_view name = "ams";
        std::string_view prefix = "006";
        switch (unit.kind) {
            case AmsKind::ams:
                break;
            case AmsKind::lite:
                name = "ams_f1";
                prefix = "03C";
                break;
            case AmsKind::pro:
                name = "n3f";
                prefix = "19C";
                break;
            case AmsKind::ht:
                name = "n3s";
                prefix = "19F";
                break;
        }
        modules.push_back(module(fmt::format("{}/{}", name, unit.id),
                                 fmt::format("{}00A{:09}", prefix, unit.id + 1), "AMS08", "00.00.06.49"));
    }
    return modules;
}

}  // namespace farmwall::sim
