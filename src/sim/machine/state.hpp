#pragma once

#include <array>
#include <cstdint>
#include <deque>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace farmwall::sim {

// The truth about one virtual printer. Values only; Machine changes them, the report writers read them.

enum class GcodeState { idle, prepare, slicing, running, pause, finish, failed, init, offline };
[[nodiscard]] std::string_view text_of(GcodeState state);
[[nodiscard]] std::optional<GcodeState> gcode_state_named(std::string_view text);
// PREPARE, SLICING, RUNNING, PAUSE (protocol 4.3).
[[nodiscard]] bool is_active(GcodeState state);

struct Heater {
    double celsius = 24;
    double target = 0;
};

// Numbered as in the low bits of a unit's `info` (protocol 1.4).
enum class AmsKind { ams = 1, lite = 2, pro = 3, ht = 4 };

struct Spool {
    std::string type = {};    // material, "PLA"
    std::string preset = {};  // tray_info_idx
    std::string brand = {};   // tray_sub_brands
    std::string color = {};   // RRGGBBAA, upper case
    std::string tag = {};     // 16 hex digits; zeros: no tag
    std::string uuid = {};    // 32 hex digits
    int remain_percent = -1;  // -1: unknown
    int weight_g = 0;
    int nozzle_min = 190;
    int nozzle_max = 240;
    int dry_celsius = 0;
    int dry_hours = 0;
    [[nodiscard]] bool tagged() const;
};

struct AmsUnit {
    int id = 0;  // 0-3, AMS HT 128-135
    AmsKind kind = AmsKind::ams;
    int extruder = 0;  // 0 right or only, 1 left
    double celsius = 27;
    int humidity_percent = 20;
    double dry_minutes = 0;  // left; 0: not drying
    std::vector<std::optional<Spool>> slots;
};

// Where filament comes from. {255, 255} nowhere; {255, 0} and {254, 0} external main and left.
struct Source {
    int ams = 255;
    int slot = 255;
    [[nodiscard]] bool none() const { return slot == 255; }
    [[nodiscard]] bool external() const { return !none() && (ams == 255 || ams == 254); }
    friend bool operator==(const Source&, const Source&) = default;
};

struct HmsEntry {
    std::uint32_t attr = 0;
    std::uint32_t code = 0;
    friend bool operator==(const HmsEntry&, const HmsEntry&) = default;
};

struct Job {
    std::string name;
    std::string file;  // name on the storage
    int plate = 1;
    std::string project_id = "0";
    std::string profile_id = "0";
    std::string task_id = "0";
    std::string subtask_id = "0";
    std::string print_type = "local";
    int layers = 100;
    double duration_s = 3600;  // printing itself, at speed level 2
    double nozzle_celsius = 220;
    double bed_celsius = 60;
    double chamber_celsius = 0;
    std::vector<Source> sources;        // filaments in use, changed every few layers
    std::vector<int> skipped;           // objects left out from the start
    std::vector<int> stages;            // before the first layer (protocol 4.4)
    std::uint32_t mapping_error = 0;    // print_error that pauses the job before its first layer
    std::uint32_t unpacking_error = 0;  // print_error that ends the job while its file is unpacked
    bool wedged = false;                // accepted, but never starts (protocol 7.1 ids)
};

// Where the job stands inside PREPARE and RUNNING.
enum class Progress { none, unpacking, preparing, printing };

struct LoadInProgress {
    Source wanted;      // none: unload
    double left_s = 0;  // until it is done
    bool into_print = false;
};

struct CommandSeen {
    std::string group;  // print, system, ...
    std::string command;
    std::string sequence_id;
};

// An accepted project_file, for tests.
struct StartSeen {
    std::string subtask_id;
    std::string file;
    int plate = 1;
    std::string name;
    double at_s = 0;   // printer seconds of the machine's life
    bool ran = false;  // false: it was acknowledged, and nothing happened
};

// What becomes of a good project_file while a fault is in effect.
enum class StartFault { none, ignored, wedged, late };

struct LateStart {
    Job job;
    double left_s = 0;
};

enum class Refusal { reason, err_code, silent };  // protocol 8.3, shapes a, b, c

struct MachineState {
    GcodeState state = GcodeState::idle;
    Progress progress = Progress::none;
    Job job;  // the running or the last one; an empty name: none yet
    std::size_t stage_index = 0;
    double stage_left_s = 0;
    int stage = 0;  // stg_cur while active
    double printed_s = 0;
    int percent = 0;
    int layer = 0;
    int remaining_minutes = 0;
    bool paused_by_runout = false;
    Source ran_out;
    int speed_level = 2;
    std::vector<int> skipped_objects;

    std::array<Heater, 2> nozzles;  // 0 right or only, 1 left
    int active_extruder = 0;
    Heater bed;
    Heater chamber;
    std::array<Source, 2> loaded;  // per extruder
    std::optional<LoadInProgress> load;

    int part_fan = 0;  // 0-255
    int aux_fan = 0;
    int chamber_fan = 0;
    int second_aux_fan = 0;
    int air_mode = 0;  // 0 cooling, 1 heating, 2 exhaust
    std::string chamber_light = "off";
    std::string chamber_light2 = "off";
    std::string work_light = "flashing";
    bool heatbed_light = false;
    bool logo_light = true;
    bool nozzle_light = false;

    std::array<double, 3> position_mm = {0, 0, 0};
    std::array<bool, 3> homed = {false, false, false};
    bool motors_on = false;
    double extruded_mm = 0;

    std::vector<AmsUnit> ams;
    Spool external;
    Spool external_left;

    std::uint32_t print_error = 0;
    std::uint32_t fail_reason = 0;
    std::vector<HmsEntry> hms;
    bool door_open = false;
    bool storage = true;
    bool files_missing = false;  // every project_file names a file that is not there
    bool developer_mode = true;
    Refusal refusal = Refusal::reason;

    bool liveview = true;  // the switch for pictures in the local network
    bool recording = true;
    bool timelapse = false;
    std::string resolution = "1080p";
    bool step_loss_recovery = true;
    bool sound = true;
    bool tangle_detection = true;
    bool clump_detection = true;
    bool auto_refill = true;
    bool air_print_detection = false;
    bool first_layer_check = true;
    bool spaghetti_detection = true;
    bool plate_marker = true;
    bool halt_on_detection = true;
    bool skip_parts = false;
    std::string sensitivity = "medium";
    std::string nozzle_diameter = "0.4";
    std::string nozzle_type = "stainless_steel";

    int wifi_dbm = -52;
    std::string address = "127.77.0.1";
    std::string gcode_log;             // the newest raw G-code, for tests
    std::deque<CommandSeen> commands;  // newest last, 50 at most
    double age_s = 0;
    bool dirty_plate = false;                 // since a job began to heat, until a person cleared the plate
    std::deque<StartSeen> starts;             // newest last, 200 at most
    std::uint64_t starts_on_dirty_plate = 0;  // project_file that came while the plate was not clear
    std::uint64_t starts_while_active = 0;    // project_file that came while a job was under way
    StartFault start_fault = StartFault::none;
    double start_delay_s = 0;  // of StartFault::late, printer time
    std::optional<LateStart> late_start;
    std::uint64_t pushall_count = 0;
    std::uint64_t get_version_count = 0;
};

}  // namespace farmwall::sim
