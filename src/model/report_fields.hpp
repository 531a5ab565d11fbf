#pragma once

#include <string_view>

#include "model/report.hpp"

namespace farmwall {

// Calls visit(name, pointer to member) for every field that merges by replacement. AMS units and
// the external spool merge by their own rules and are not among them.
template <class Visit>
constexpr void visit_report_fields(Visit&& visit) {
    visit("state", &Report::state);
    visit("state_text", &Report::state_text);
    visit("percent", &Report::percent);
    visit("remaining_minutes", &Report::remaining_minutes);
    visit("layer", &Report::layer);
    visit("total_layers", &Report::total_layers);
    visit("prepare_percent", &Report::prepare_percent);
    visit("started_unix", &Report::started_unix);
    visit("subtask_name", &Report::subtask_name);
    visit("gcode_file", &Report::gcode_file);
    visit("task_id", &Report::task_id);
    visit("subtask_id", &Report::subtask_id);
    visit("project_id", &Report::project_id);
    visit("profile_id", &Report::profile_id);
    visit("job_id", &Report::job_id);
    visit("plate_index", &Report::plate_index);
    visit("print_type", &Report::print_type);
    visit("stage", &Report::stage);
    visit("stage_queue", &Report::stage_queue);
    visit("stage_seconds_left", &Report::stage_seconds_left);
    visit("speed_level", &Report::speed_level);
    visit("skipped_objects", &Report::skipped_objects);
    visit("mapping", &Report::mapping);
    visit("print_stage", &Report::print_stage);
    visit("nozzle_celsius", &Report::nozzle_celsius);
    visit("nozzle_target_celsius", &Report::nozzle_target_celsius);
    visit("bed_celsius", &Report::bed_celsius);
    visit("bed_target_celsius", &Report::bed_target_celsius);
    visit("chamber_celsius", &Report::chamber_celsius);
    visit("chamber_target_celsius", &Report::chamber_target_celsius);
    visit("chamber_packed", &Report::chamber_packed);
    visit("info_packed", &Report::info_packed);
    visit("bed_packed", &Report::bed_packed);
    visit("part_fan_step", &Report::part_fan_step);
    visit("aux_fan_step", &Report::aux_fan_step);
    visit("chamber_fan_step", &Report::chamber_fan_step);
    visit("heatbreak_fan_step", &Report::heatbreak_fan_step);
    visit("fan_gear", &Report::fan_gear);
    visit("airduct_mode", &Report::airduct_mode);
    visit("airduct_parts", &Report::airduct_parts);
    visit("aux_fan_fitted", &Report::aux_fan_fitted);
    visit("lights", &Report::lights);
    visit("wifi_dbm", &Report::wifi_dbm);
    visit("storage_present", &Report::storage_present);
    visit("toolhead_filament", &Report::toolhead_filament);
    visit("nozzle_diameter_mm", &Report::nozzle_diameter_mm);
    visit("nozzle_type", &Report::nozzle_type);
    visit("net_conf", &Report::net_conf);
    visit("net_addresses", &Report::net_addresses);
    visit("home_flag", &Report::home_flag);
    visit("cfg", &Report::cfg);
    visit("fun", &Report::fun);
    visit("fun2", &Report::fun2);
    visit("aux", &Report::aux);
    visit("stat", &Report::stat);
    visit("camera_present", &Report::camera_present);
    visit("camera_recording", &Report::camera_recording);
    visit("timelapse", &Report::timelapse);
    visit("camera_resolution", &Report::camera_resolution);
    visit("liveview", &Report::liveview);
    visit("first_layer_inspector", &Report::first_layer_inspector);
    visit("printing_monitor", &Report::printing_monitor);
    visit("spaghetti_detector", &Report::spaghetti_detector);
    visit("allow_skip_parts", &Report::allow_skip_parts);
    visit("plate_marker_detector", &Report::plate_marker_detector);
    visit("new_version_state", &Report::new_version_state);
    visit("new_version", &Report::new_version);
    visit("ams_exist_bits", &Report::ams_exist_bits);
    visit("tray_exist_bits", &Report::tray_exist_bits);
    visit("tray_now", &Report::tray_now);
    visit("tray_target", &Report::tray_target);
    visit("tray_previous", &Report::tray_previous);
    visit("ams_powered", &Report::ams_powered);
    visit("ams_status", &Report::ams_status);
    visit("external_slots", &Report::external_slots);
    visit("extruder_state", &Report::extruder_state);
    visit("extruders", &Report::extruders);
    visit("nozzles", &Report::nozzles);
    visit("nozzle_exist_bits", &Report::nozzle_exist_bits);
    visit("device_type", &Report::device_type);
    visit("tool_mount", &Report::tool_mount);
    visit("tool_type", &Report::tool_type);
    visit("print_error", &Report::print_error);
    visit("mc_print_error_code", &Report::mc_print_error_code);
    visit("fail_reason", &Report::fail_reason);
    visit("hms", &Report::hms);
    visit("sequence_id", &Report::sequence_id);
}

// The same for a tray, without its id and `emptied`.
template <class Visit>
constexpr void visit_tray_fields(Visit&& visit) {
    visit("state", &Tray::state);
    visit("material", &Tray::material);
    visit("preset_id", &Tray::preset_id);
    visit("brand", &Tray::brand);
    visit("name_id", &Tray::name_id);
    visit("color", &Tray::color);
    visit("colors", &Tray::colors);
    visit("color_type", &Tray::color_type);
    visit("remain_percent", &Tray::remain_percent);
    visit("weight_grams", &Tray::weight_grams);
    visit("diameter_mm", &Tray::diameter_mm);
    visit("nozzle_min_celsius", &Tray::nozzle_min_celsius);
    visit("nozzle_max_celsius", &Tray::nozzle_max_celsius);
    visit("bed_celsius", &Tray::bed_celsius);
    visit("drying_celsius", &Tray::drying_celsius);
    visit("drying_hours", &Tray::drying_hours);
    visit("tag_uid", &Tray::tag_uid);
    visit("spool_uuid", &Tray::spool_uuid);
}

// The same for the scalars of an AMS unit.
template <class Visit>
constexpr void visit_ams_fields(Visit&& visit) {
    visit("info", &AmsUnit::info);
    visit("humidity_index", &AmsUnit::humidity_index);
    visit("humidity_percent", &AmsUnit::humidity_percent);
    visit("celsius", &AmsUnit::celsius);
    visit("drying_minutes_left", &AmsUnit::drying_minutes_left);
}

}  // namespace farmwall
