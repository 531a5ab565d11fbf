#include "sim/machine/commands.hpp"

#include <algorithm>
#include <array>
#include <boost/json/value.hpp>

#include "base/text.hpp"

namespace farmwall::sim {

namespace json = boost::json;

namespace field {

std::string text(const json::object& body, std::string_view key) {
    const auto* value = body.if_contains(key);
    return value != nullptr && value->is_string() ? std::string{value->get_string()} : std::string{};
}

std::int64_t number(const json::object& body, std::string_view key, std::int64_t fallback) {
    const auto* value = body.if_contains(key);
    if (value == nullptr) return fallback;
    if (value->is_int64()) return value->get_int64();
    if (value->is_double()) return static_cast<std::int64_t>(value->get_double());
    if (value->is_string()) return parse_int(std::string_view{value->get_string()}).value_or(fallback);
    return fallback;
}

bool flag(const json::object& body, std::string_view key, bool fallback) {
    const auto* value = body.if_contains(key);
    return value != nullptr && value->is_bool() ? value->get_bool() : fallback;
}

}  // namespace field

namespace {

using Handler = std::optional<Answer> (*)(Machine&, json::object&);
struct Entry {
    std::string_view group;
    std::string_view command;
    Handler handler;
};

Answer done() { return Answer{.echo = true, .changes_state = true}; }
Answer acknowledged() { return Answer{.echo = true}; }
Answer failed(std::string reason) {
    return Answer{.echo = true, .result = "fail", .reason = std::move(reason)};
}
Answer failed_with(int errno_value) {
    return Answer{.echo = true, .result = "fail", .reason = "", .errno_value = errno_value};
}

int percent_to_speed(std::int64_t percent) {
    return static_cast<int>((std::clamp<std::int64_t>(percent, 0, 100) * 255 + 50) / 100);
}

// ---- info, pushing

std::optional<Answer> get_version(Machine& machine, json::object&) {
    ++machine.edit().get_version_count;
    return Answer{.versions = true};
}
std::optional<Answer> pushall(Machine& machine, json::object&) {
    ++machine.edit().pushall_count;
    return Answer{.full_report = true};
}
std::optional<Answer> push_start(Machine&, json::object&) {
    return Answer{.changes_state = true, .push = true};
}
std::optional<Answer> push_stop(Machine&, json::object&) { return Answer{.push = false}; }

// ---- jobs

std::optional<Answer> pause(Machine& machine, json::object&) {
    return machine.pause(16) ? done() : failed("not printing");
}
std::optional<Answer> resume(Machine& machine, json::object&) {
    return machine.resume() ? done() : failed("not paused");
}
std::optional<Answer> stop(Machine& machine, json::object&) {
    return machine.stop(false) ? done() : failed("not printing");
}
std::optional<Answer> print_speed(Machine& machine, json::object& body) {
    const auto level = field::number(body, "param", 0);
    const bool allowed = level >= 1 && level <= 4 && is_active(machine.state().state);
    if (!allowed) return failed("not printing or no such level");
    machine.edit().speed_level = static_cast<int>(level);
    return done();
}
std::optional<Answer> skip_objects(Machine& machine, json::object& body) {
    const auto* list = body.if_contains("obj_list");
    if (!is_active(machine.state().state) || list == nullptr || !list->is_array())
        return failed("not printing");
    auto& skipped = machine.edit().skipped_objects;
    for (const auto& id : list->get_array()) {
        if (!id.is_int64()) continue;
        const int number = static_cast<int>(id.get_int64());
        if (std::find(skipped.begin(), skipped.end(), number) == skipped.end()) skipped.push_back(number);
    }
    return done();
}
std::optional<Answer> project_file(Machine& machine, json::object& body) {
    return start_project_file(machine, body);
}
std::optional<Answer> gcode_file(Machine& machine, json::object& body) {
    Job job = machine.made_up_job();
    job.file = field::text(body, "param");
    job.name = job.file.substr(job.file.rfind('/') + 1);
    if (job.name.empty()) return failed("no file");
    job.task_id = job.subtask_id = job.project_id = "0";
    return machine.start(std::move(job)) ? done() : failed("printer is busy");
}
std::optional<Answer> calibration(Machine& machine, json::object& body) {
    const auto option = field::number(body, "option", 0);
    constexpr std::array<int, 7> stages = {12, 1, 3, 25, 39, 40, 65};
    Job job = machine.made_up_job();
    job.name = "auto_cali_for_user_param";
    job.file = "auto_cali_for_user_param.gcode";
    job.print_type = "system";
    job.stages = {13};
    for (std::size_t i = 0; i < stages.size(); ++i)
        if ((option >> i & 1) != 0) job.stages.push_back(stages[i]);
    return machine.start(std::move(job)) ? done() : failed("printer is busy");
}

// ---- heat, motion, air

std::optional<Answer> gcode_line(Machine& machine, json::object& body) {
    const auto* lines = body.if_contains("param");
    if (lines == nullptr || !lines->is_string()) return failed("param is not a string");
    machine.run_gcode(std::string_view{lines->get_string()});
    return done();
}
std::optional<Answer> set_nozzle_temp(Machine& machine, json::object& body) {
    const auto index = field::number(body, "extruder_index", 0);
    if (index < 0 || index >= machine.spec().extruders) return failed("no such extruder");
    const auto wanted = static_cast<double>(field::number(body, "target_temp", 0));
    machine.edit().nozzles[static_cast<std::size_t>(index)].target =
        std::clamp(wanted, 0.0, machine.spec().nozzle_max_celsius);
    return done();
}
std::optional<Answer> set_bed_temp(Machine& machine, json::object& body) {
    const auto wanted = static_cast<double>(field::number(body, "temp", 0));
    machine.edit().bed.target = std::clamp(wanted, 0.0, machine.spec().bed_max_celsius);
    return done();
}
std::optional<Answer> set_ctt(Machine& machine, json::object& body) {
    const auto wanted = field::number(body, "ctt_val", 0);
    if (!machine.spec().chamber_heater) return acknowledged();  // accepted without effect
    if (wanted > 0 && wanted < 40) return failed_with(-4);
    machine.edit().chamber.target =
        std::clamp(static_cast<double>(wanted), 0.0, machine.spec().chamber_max_celsius);
    return done();
}
std::optional<Answer> set_fan(Machine& machine, json::object& body) {
    const int speed = percent_to_speed(field::number(body, "speed", 0));
    auto& s = machine.edit();
    switch (field::number(body, "fan_index", 0)) {
        case 1:
            s.part_fan = speed;
            break;
        case 2:
            s.aux_fan = speed;
            break;
        case 3:
            s.chamber_fan = speed;
            break;
        case 10:
            s.second_aux_fan = speed;
            break;
        default:
            return failed("no such fan");
    }
    return done();
}
std::optional<Answer> set_airduct(Machine& machine, json::object& body) {
    const auto mode = field::number(body, "modeId", -1);
    if (!machine.spec().air_duct) return acknowledged();
    if (mode < 0 || mode > 2) return failed("no such mode");
    machine.edit().air_mode = static_cast<int>(mode);
    return done();
}
std::optional<Answer> back_to_center(Machine& machine, json::object&) {
    if (is_active(machine.state().state)) return failed("printing");
    machine.home(true, true, true);
    return done();
}
std::optional<Answer> xyz_ctrl(Machine& machine, json::object& body) {
    const std::string axis = to_upper(field::text(body, "axis"));
    const auto at = std::string_view{"XYZ"}.find(axis);
    if (is_active(machine.state().state) || axis.size() != 1 || at == std::string_view::npos)
        return failed("not possible now");
    const double step = field::number(body, "mode", 0) == 1 ? 10 : 1;
    machine.move(static_cast<int>(at), field::number(body, "dir", 1) < 0 ? -step : step);
    return done();
}
std::optional<Answer> set_extrusion_length(Machine& machine, json::object& body) {
    auto& s = machine.edit();
    if (s.nozzles[static_cast<std::size_t>(s.active_extruder)].celsius < 170) return failed("nozzle is cold");
    s.extruded_mm += static_cast<double>(field::number(body, "length", 0));
    return done();
}
std::optional<Answer> select_extruder(Machine& machine, json::object& body) {
    const auto index = field::number(body, "extruder_index", -1);
    if (index < 0 || index >= machine.spec().extruders) return failed("no such extruder");
    machine.edit().active_extruder = static_cast<int>(index);
    return done();
}
std::optional<Answer> ledctrl(Machine& machine, json::object& body) {
    const std::string mode = field::text(body, "led_mode");
    const std::string node = field::text(body, "led_node");
    if (mode != "on" && mode != "off" && mode != "flashing") return failed("no such mode");
    auto& s = machine.edit();
    if (node == "chamber_light") {
        s.chamber_light = mode;
    } else if (node == "chamber_light2") {
        s.chamber_light2 = mode;
    } else if (node == "work_light") {
        s.work_light = mode;
    } else if (node == "heatbed_light") {
        s.heatbed_light = mode == "on";
    } else {
        return failed("no such light");
    }
    return done();
}

// ---- filament

// load, unload; target alone is the form of old P1 firmware (protocol 6.5).
std::optional<Answer> ams_change_filament(Machine& machine, json::object& body) {
    const auto& s = machine.state();
    if (is_active(s.state) && s.state != GcodeState::pause) return failed("printing");
    const auto target = static_cast<int>(field::number(body, "target", 255));
    const int slot = static_cast<int>(field::number(body, "slot_id", -1));
    const int ams = static_cast<int>(field::number(body, "ams_id", -1));
    Source wanted;
    if (ams >= 0) {
        wanted = Source{ams, slot};
    } else if (target == 254) {
        wanted = Source{255, 0};
    } else if (target < 128) {
        wanted = Source{target / 4, target % 4};
    }
    if (wanted.slot == 255 || wanted.slot < 0) wanted = Source{};
    return machine.begin_load(wanted) ? done() : failed_with(-1);
}
std::optional<Answer> unload_filament(Machine& machine, json::object&) {
    const auto& s = machine.state();
    if (is_active(s.state) && s.state != GcodeState::pause) return failed("printing");
    machine.begin_load(Source{});
    return done();
}
std::optional<Answer> ams_control(Machine& machine, json::object& body) {
    const std::string param = field::text(body, "param");
    if (param == "resume" || param == "done") {
        machine.refill();
        if (machine.state().state == GcodeState::pause) machine.resume();
    } else if (param == "abort" || param == "reset") {
        machine.edit().load.reset();
    } else if (param == "pause") {
        machine.pause(16);
    } else {
        return failed("no such param");
    }
    return done();
}
void take_spool_values(Spool& spool, const json::object& body) {
    spool.preset = field::text(body, "tray_info_idx");
    spool.type = field::text(body, "tray_type");
    spool.color = field::text(body, "tray_color");
    spool.nozzle_min = static_cast<int>(field::number(body, "nozzle_temp_min", 190));
    spool.nozzle_max = static_cast<int>(field::number(body, "nozzle_temp_max", 240));
    spool.brand.clear();
}
std::optional<Answer> ams_filament_setting(Machine& machine, json::object& body) {
    const int ams = static_cast<int>(field::number(body, "ams_id", 0));
    const int tray = static_cast<int>(field::number(body, "tray_id", 0));
    if (ams == 254 || ams == 255) {
        if (tray != 254) return failed("error string");
        body["tray_id"] = 0;
        const bool left = ams == 254 && machine.spec().extruders == 2;
        take_spool_values(left ? machine.edit().external_left : machine.edit().external, body);
        return done();
    }
    auto* unit = machine.unit(ams);
    if (unit == nullptr || tray < 0 || tray >= static_cast<int>(unit->slots.size()))
        return failed("no such tray");
    auto& slot = unit->slots[static_cast<std::size_t>(tray)];
    // A spool with a tag keeps what the tag says.
    if (slot && !slot->tagged()) take_spool_values(*slot, body);
    return done();
}
std::optional<Answer> ams_filament_drying(Machine& machine, json::object& body) {
    auto* unit = machine.unit(static_cast<int>(field::number(body, "ams_id", 0)));
    if (unit == nullptr) return failed_with(-1);
    const bool able = unit->kind == AmsKind::pro || unit->kind == AmsKind::ht;
    const bool power_refused =
        machine.spec().model == Model::p2s && !field::flag(body, "close_power_conflict", false);
    // Accepted without effect where the machine cannot or will not dry (protocol 6.5).
    if (!able || is_small_controller(machine.spec().model) || power_refused) return acknowledged();
    if (field::number(body, "mode", 0) == 0) {
        unit->dry_minutes = 0;
        return done();
    }
    if (field::number(body, "temp", 0) < 45) return acknowledged();
    unit->dry_minutes =
        60.0 * static_cast<double>(std::clamp<std::int64_t>(field::number(body, "duration", 0), 0, 48));
    return done();
}
std::optional<Answer> auto_stop_ams_dry(Machine& machine, json::object&) {
    for (auto& unit : machine.edit().ams)
        unit.dry_minutes = 0;
    return done();
}
std::optional<Answer> accept(Machine&, json::object&) { return acknowledged(); }

// ---- errors, options, camera

std::optional<Answer> clean_print_error(Machine& machine, json::object&) {
    if (machine.spec().model != Model::p2s) machine.clear_error();  // a P2S ignores this form
    return done();
}
std::optional<Answer> uiop(Machine& machine, json::object& body) {
    const bool closes = field::text(body, "name") == "print_error" && field::text(body, "action") == "close";
    const bool matches = parse_hex(field::text(body, "err")) == std::uint64_t{machine.state().print_error};
    if (closes && matches) machine.clear_error();
    return done();
}
std::optional<Answer> print_option(Machine& machine, json::object& body) {
    auto& s = machine.edit();
    s.step_loss_recovery = field::flag(body, "auto_recovery", s.step_loss_recovery);
    s.sound = field::flag(body, "sound_enable", s.sound);
    s.tangle_detection = field::flag(body, "filament_tangle_detect", s.tangle_detection);
    s.clump_detection = field::flag(body, "nozzle_blob_detect", s.clump_detection);
    s.auto_refill = field::flag(body, "auto_switch_filament", s.auto_refill);
    s.air_print_detection = field::flag(body, "air_print_detect", s.air_print_detection);
    return done();
}
std::optional<Answer> xcam_control_set(Machine& machine, json::object& body) {
    auto& s = machine.edit();
    const std::string module = field::text(body, "module_name");
    const bool on = field::flag(body, "enable", field::flag(body, "control", false));
    if (module == "first_layer_inspector") {
        s.first_layer_check = on;
    } else if (module == "printing_monitor" || module == "spaghetti_detector") {
        s.spaghetti_detection = on;
        s.halt_on_detection = field::flag(body, "print_halt", s.halt_on_detection);
        if (const auto level = field::text(body, "halt_print_sensitivity"); !level.empty())
            s.sensitivity = level;
    } else if (module == "buildplate_marker_detector") {
        s.plate_marker = on;
    } else if (module == "clump_detector") {
        s.clump_detection = on;
    } else if (module == "airprint_detector") {
        s.air_print_detection = on;
    } else if (module == "allow_skip_parts") {
        s.skip_parts = on;
    }
    return done();
}
std::optional<Answer> ipcam_record_set(Machine& machine, json::object& body) {
    machine.edit().recording = field::text(body, "control") == "enable";
    return done();
}
std::optional<Answer> ipcam_timelapse(Machine& machine, json::object& body) {
    machine.edit().timelapse = field::text(body, "control") == "enable";
    return done();
}
std::optional<Answer> ipcam_resolution_set(Machine& machine, json::object& body) {
    const std::string wanted = field::text(body, "resolution");
    if (wanted != "720p" && wanted != "1080p") return failed("no such resolution");
    machine.edit().resolution = wanted;
    return done();
}
std::optional<Answer> ipcam_get_media_info(Machine&, json::object& body) {
    body["is_enough"] = true;
    return acknowledged();
}
std::optional<Answer> set_accessories(Machine& machine, json::object& body) {
    if (const auto type = field::text(body, "nozzle_type"); !type.empty()) machine.edit().nozzle_type = type;
    return done();
}

constexpr std::array<Entry, 52> handlers = {{
    {"info", "get_version", get_version},
    {"pushing", "pushall", pushall},
    {"pushing", "start", push_start},
    {"pushing", "stop", push_stop},
    {"print", "pause", pause},
    {"print", "resume", resume},
    {"print", "stop", stop},
    {"print", "print_speed", print_speed},
    {"print", "skip_objects", skip_objects},
    {"print", "project_file", project_file},
    {"print", "gcode_file", gcode_file},
    {"print", "calibration", calibration},
    {"print", "gcode_line", gcode_line},
    {"print", "set_nozzle_temp", set_nozzle_temp},
    {"print", "set_bed_temp", set_bed_temp},
    {"print", "set_ctt", set_ctt},
    {"print", "set_fan", set_fan},
    {"print", "set_airduct", set_airduct},
    {"print", "back_to_center", back_to_center},
    {"print", "xyz_ctrl", xyz_ctrl},
    {"print", "set_extrusion_length", set_extrusion_length},
    {"print", "select_extruder", select_extruder},
    {"print", "buzzer_ctrl", accept},
    {"print", "ams_change_filament", ams_change_filament},
    {"print", "unload_filament", unload_filament},
    {"print", "ams_control", ams_control},
    {"print", "ams_filament_setting", ams_filament_setting},
    {"print", "ams_get_rfid", accept},
    {"print", "ams_user_setting", accept},
    {"print", "ams_filament_drying", ams_filament_drying},
    {"print", "auto_stop_ams_dry", auto_stop_ams_dry},
    {"print", "clean_print_error", clean_print_error},
    {"print", "ignore", clean_print_error},
    {"print", "idle_ignore", clean_print_error},
    {"print", "print_option", print_option},
    {"print", "extrusion_cali_get", accept},
    {"print", "extrusion_cali_sel", accept},
    {"print", "extrusion_cali_set", accept},
    {"print", "extrusion_cali_del", accept},
    {"print", "flowrate_get_result", accept},
    {"system", "ledctrl", ledctrl},
    {"system", "uiop", uiop},
    {"system", "set_accessories", set_accessories},
    {"system", "get_accessories", accept},
    {"camera", "ipcam_record_set", ipcam_record_set},
    {"camera", "ipcam_timelapse", ipcam_timelapse},
    {"camera", "ipcam_resolution_set", ipcam_resolution_set},
    {"camera", "ipcam_get_media_info", ipcam_get_media_info},
    {"xcam", "xcam_control_set", xcam_control_set},
    {"upgrade", "get_history", accept},
    {"upgrade", "upgrade_confirm", accept},
    {"upgrade", "consistency_confirm", accept},
}};

}  // namespace

std::optional<Answer> carry_out(Machine& machine, std::string_view group, json::object& body) {
    const std::string command = field::text(body, "command");
    for (const auto& entry : handlers)
        if (entry.group == group && entry.command == command) return entry.handler(machine, body);
    return std::nullopt;
}

bool needs_developer_mode(std::string_view group) { return group == "print"; }

}  // namespace farmwall::sim
