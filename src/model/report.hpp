#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "base/clock.hpp"

namespace farmwall {

// What a printer said of itself, field by field, as typed values. An empty field was never said:
// unknown, which is not zero. The values are those of the wire, not yet interpreted; what they
// mean on a given model is asked of facts.hpp. Section numbers are of protocol.md.

// gcode_state, 4.3. `unknown` is a text that this program does not know.
enum class JobState { unknown, idle, prepare, slicing, running, pause, finish, failed, init, offline };

// Unpacked from "current | target << 16", 4.5.
struct PackedTemperature {
    int current_celsius = 0;
    int target_celsius = 0;
    friend bool operator==(const PackedTemperature&, const PackedTemperature&) = default;
};

// One entry of `hms`, 5.2.
struct HmsEntry {
    std::uint32_t attr = 0;
    std::uint32_t code = 0;
    friend bool operator==(const HmsEntry&, const HmsEntry&) = default;
};

enum class LightMode { off, on, flashing };
// One entry of `lights_report`, 4.7.
struct Light {
    std::string node;  // "chamber_light", "chamber_light2", "work_light"
    LightMode mode = LightMode::off;
    friend bool operator==(const Light&, const Light&) = default;
};

// One slot of an AMS or an external spool, 4.12 and 4.13.
struct Tray {
    int id = 0;  // slot 0-3; external: 254 or 255
    // The message named the slot without any filament field: the slot is empty, and what was
    // remembered of it is dropped (3.4). Only in a delta; merged trays have it false.
    bool emptied = false;
    std::optional<int> state;              // bit mask of newer firmware
    std::optional<std::string> material;   // tray_type: "PLA"; "" for an empty slot
    std::optional<std::string> preset_id;  // tray_info_idx
    std::optional<std::string> brand;      // tray_sub_brands
    std::optional<std::string> name_id;    // tray_id_name
    std::optional<std::string> color;      // RRGGBBAA, upper case
    std::optional<std::vector<std::string>> colors;
    std::optional<int> color_type;      // ctype
    std::optional<int> remain_percent;  // -1: the printer does not know
    std::optional<int> weight_grams;    // of a full spool
    std::optional<double> diameter_mm;
    std::optional<int> nozzle_min_celsius;
    std::optional<int> nozzle_max_celsius;
    std::optional<int> bed_celsius;
    std::optional<int> drying_celsius;      // drying_temp, on P1 tray_temp
    std::optional<int> drying_hours;        // drying_time, on P1 tray_time
    std::optional<std::string> tag_uid;     // zeros: no tag
    std::optional<std::string> spool_uuid;  // tray_uuid; zeros: no tag
    friend bool operator==(const Tray&, const Tray&) = default;
};

// One AMS, 4.12.
struct AmsUnit {
    int id = 0;                         // 0-3, 16 (A2L), 128-135 (HT)
    std::optional<std::uint64_t> info;  // hex bit field: kind, drying, extruder fed
    std::optional<int> humidity_index;  // 1 wet … 5 dry; 0: none
    std::optional<int> humidity_percent;
    std::optional<double> celsius;  // 0.0: no sensor
    std::optional<int> drying_minutes_left;
    std::vector<Tray> trays;  // by ascending id
    friend bool operator==(const AmsUnit&, const AmsUnit&) = default;
};

// One entry of device.extruder.info, 4.14.
struct Extruder {
    int id = 0;  // 0 right/main, 1 left
    std::optional<PackedTemperature> temperature;
    std::optional<int> tray_now;       // snow: ams << 8 | slot
    std::optional<int> tray_previous;  // spre
    std::optional<int> tray_target;    // star
    std::optional<int> nozzle_id;      // hnow
    std::optional<int> info;           // bit 1 filament in the extruder, 2 in the buffer, 3 nozzle fitted
    friend bool operator==(const Extruder&, const Extruder&) = default;
};

// One entry of device.nozzle.info, 4.14.
struct Nozzle {
    int id = 0;  // 0, 1 in the heads, 16-21 in the rack of an H2C
    std::optional<double> diameter_mm;
    std::optional<std::string> type;
    std::optional<int> wear;
    friend bool operator==(const Nozzle&, const Nozzle&) = default;
};

// One entry of device.airduct.parts, 4.6.
struct AirductPart {
    int id = 0;  // id >> 4: 1 part, 2 aux, 3 chamber, 6 heater circulation, 10 second aux
    int percent = 0;
    int target_percent = 0;
    friend bool operator==(const AirductPart&, const AirductPart&) = default;
};

// Every field that is read from the object `print` (and, 3.4, from the same keys at top level).
// visit_report_fields in report_fields.hpp lists them once more: a field missing there is never merged,
// which a test shows.
struct Report {
    // 4.2 job
    std::optional<JobState> state;
    std::optional<std::string> state_text;  // gcode_state as sent, for the HTTP API
    std::optional<int> percent;
    std::optional<int> remaining_minutes;
    std::optional<int> layer;
    std::optional<int> total_layers;
    std::optional<int> prepare_percent;
    std::optional<std::int64_t> started_unix;  // gcode_start_time; 0: none
    std::optional<std::string> subtask_name;
    std::optional<std::string> gcode_file;
    std::optional<std::string> task_id;
    std::optional<std::string> subtask_id;
    std::optional<std::string> project_id;
    std::optional<std::string> profile_id;
    std::optional<std::string> job_id;
    std::optional<int> plate_index;
    std::optional<std::string> print_type;
    std::optional<int> stage;  // stg_cur, 4.4: shown only while active
    std::optional<std::vector<int>> stage_queue;
    std::optional<int> stage_seconds_left;
    std::optional<int> speed_level;  // 1-4
    std::optional<std::vector<int>> skipped_objects;
    std::optional<std::vector<int>> mapping;
    std::optional<int> print_stage;  // mc_print_stage: 1 idle, 2 printing

    // 4.5 temperatures, °C. A plain field that held a packed value is split by the parser.
    std::optional<double> nozzle_celsius;
    std::optional<double> nozzle_target_celsius;
    std::optional<double> bed_celsius;
    std::optional<double> bed_target_celsius;
    std::optional<double> chamber_celsius;            // chamber_temper: junk on P1, A1, A2L
    std::optional<double> chamber_target_celsius;     // ctt
    std::optional<PackedTemperature> chamber_packed;  // device.ctc.info.temp
    std::optional<PackedTemperature> info_packed;     // info.temp, the same value at print level
    std::optional<PackedTemperature> bed_packed;      // device.bed.info.temp or device.bed_temp

    // 4.6 fans: 0-15, and fan_gear's three bytes
    std::optional<int> part_fan_step;
    std::optional<int> aux_fan_step;
    std::optional<int> chamber_fan_step;
    std::optional<int> heatbreak_fan_step;
    std::optional<std::uint32_t> fan_gear;
    std::optional<int> airduct_mode;
    std::optional<std::vector<AirductPart>> airduct_parts;
    std::optional<bool> aux_fan_fitted;

    // 4.7 small things
    std::optional<std::vector<Light>> lights;
    std::optional<int> wifi_dbm;
    std::optional<bool> storage_present;   // sdcard
    std::optional<int> toolhead_filament;  // hw_switch_state, nonzero: present
    std::optional<double> nozzle_diameter_mm;
    std::optional<std::string> nozzle_type;
    std::optional<int> net_conf;
    std::optional<std::vector<std::string>> net_addresses;  // dotted, 0.0.0.0 left out

    // 4.8, 4.9 bit fields
    std::optional<std::uint32_t> home_flag;
    std::optional<std::uint64_t> cfg;
    std::optional<std::uint64_t> fun;
    std::optional<std::uint64_t> fun2;
    std::optional<std::uint64_t> aux;
    std::optional<std::uint64_t> stat;

    // 4.10 camera; the address itself is not kept
    std::optional<bool> camera_present;    // ipcam_dev
    std::optional<bool> camera_recording;  // ipcam_record
    std::optional<bool> timelapse;
    std::optional<std::string> camera_resolution;
    std::optional<bool> liveview;  // rtsp_url: "rtsps://…" true, "disable" false

    // 4.10 AI detection
    std::optional<bool> first_layer_inspector;
    std::optional<bool> printing_monitor;
    std::optional<bool> spaghetti_detector;
    std::optional<bool> allow_skip_parts;
    std::optional<bool> plate_marker_detector;

    // 4.11 firmware update
    std::optional<int> new_version_state;  // 1 available, 2 none, 0 unknown
    std::optional<std::string> new_version;

    // 4.12 AMS
    std::optional<std::vector<AmsUnit>> ams;  // by ascending id; merged by id, trays by id
    std::optional<std::uint64_t> ams_exist_bits;
    std::optional<std::uint64_t> tray_exist_bits;
    std::optional<int> tray_now;
    std::optional<int> tray_target;
    std::optional<int> tray_previous;
    std::optional<bool> ams_powered;  // power_on_flag
    std::optional<int> ams_status;

    // 4.13 external spools
    std::optional<Tray> external;                     // vt_tray; merged field by field
    std::optional<std::vector<Tray>> external_slots;  // vir_slot, preferred when present

    // 4.14 extruders and nozzles
    std::optional<int> extruder_state;
    std::optional<std::vector<Extruder>> extruders;
    std::optional<std::vector<Nozzle>> nozzles;
    std::optional<std::uint32_t> nozzle_exist_bits;
    std::optional<std::uint32_t> device_type;  // bit 0: FDM mode
    std::optional<int> tool_mount;             // ext_tool.mount
    std::optional<std::string> tool_type;

    // 5 errors
    std::optional<std::uint32_t> print_error;
    std::optional<std::uint32_t> mc_print_error_code;
    std::optional<std::uint32_t> fail_reason;
    std::optional<std::vector<HmsEntry>> hms;  // replaced whole
    std::optional<std::string> sequence_id;    // of the report; never used to order

    friend bool operator==(const Report&, const Report&) = default;
};

// What one message said.
struct ReportDelta {
    // msg: 0 full, 1 partial, absent on older firmware, where it merges but counts as full for
    // freshness (3.4).
    enum class Kind { full, partial, unmarked };
    Kind kind = Kind::unmarked;
    Report said;
    int lost_fields = 0;  // fields that were there and could not be understood
};

// The state after `delta`. A full report starts from nothing; otherwise what was said replaces,
// what was not said stays, AMS units and trays merge by id. Nothing is ever invented.
[[nodiscard]] Report merge(Report state, const ReportDelta& delta);
// The same for a delta that is not needed any more: a full report is not copied.
[[nodiscard]] Report merge(Report state, ReportDelta&& delta);

// Whether the printer works on a job: prepare, slicing, running or pause (4.3).
[[nodiscard]] bool is_active(JobState state);
// "RUNNING" for the wire and the HTTP API; "UNKNOWN" for unknown.
[[nodiscard]] std::string_view wire_name(JobState state);
// Any case; unknown text gives JobState::unknown.
[[nodiscard]] JobState job_state_from(std::string_view text);

}  // namespace farmwall
