// Reports of firmware with the bit fields: new X1C, P2S, H2.
#include <fmt/format.h>

#include <algorithm>
#include <boost/json/value.hpp>
#include <cmath>

#include "sim/machine/reports.hpp"

namespace farmwall::sim::parts {

namespace json = boost::json;

namespace {

std::string switch_text(bool on) { return on ? "enable" : "disable"; }

std::string hex(std::uint64_t bits) { return fmt::format("{:X}", bits); }

std::uint64_t bit(int number, bool on = true) { return on ? 1ULL << number : 0; }

int sensitivity_number(const std::string& text) {
    if (text == "never_halt") return 0;
    if (text == "low") return 1;
    return text == "high" ? 3 : 2;
}

// ams<<8 | slot as in snow; nothing loaded 0xFFFF on the right, 0xFEFF on the left (protocol 4.14).
int snow(Source source, int extruder) {
    if (source.none()) return extruder == 0 ? 0xFFFF : 0xFEFF;
    if (source.external()) return source.ams == 254 ? 0xFE00 : 0xFF00;
    return (source.ams << 8) | source.slot;
}

int percent(int speed) { return static_cast<int>(std::lround(speed * 100 / 255.0)); }

json::object fan_part(int id, int func, int speed) {
    return json::object{{"func", func}, {"id", id}, {"range", 6553600}, {"state", percent(speed)}};
}

json::object duct_mode(int id, json::array controlled, json::array off) {
    return json::object{{"ctrl", std::move(controlled)}, {"modeId", id}, {"off", std::move(off)}};
}

json::object air_duct(const Machine& machine) {
    const auto& s = machine.state();
    const bool heater = machine.spec().chamber_heater;
    json::array parts{fan_part(16, 0, s.part_fan), fan_part(32, heater ? 1 : 6, s.aux_fan)};
    json::array modes;
    if (heater) {
        parts.push_back(fan_part(48, 2, s.chamber_fan));
        parts.push_back(fan_part(96, 3, s.air_mode == 1 ? 255 : 0));
        modes = {duct_mode(0, {16, 32, 48}, {96}), duct_mode(1, {16}, {32, 48}), duct_mode(2, {48}, {})};
    } else {
        modes = {duct_mode(0, {16, 32, 160}, {}), duct_mode(1, {16, 32}, {160})};
    }
    return json::object{{"modeCur", s.air_mode}, {"modeList", modes}, {"parts", parts}, {"subMode", 0}};
}

json::array extruders(const Machine& machine) {
    const auto& s = machine.state();
    json::array list;
    for (int id = 0; id < machine.spec().extruders; ++id) {
        const auto at = static_cast<std::size_t>(id);
        const int now = snow(s.loaded[at], id);
        const bool filled = !s.loaded[at].none();
        list.push_back(json::object{{"filam_bak", json::array{}},
                                    {"hnow", id},
                                    {"hpre", id},
                                    {"htar", id},
                                    {"id", id},
                                    {"info", 8 | (filled ? 6 : 0)},
                                    {"snow", now},
                                    {"spre", now},
                                    {"star", now},
                                    {"stat", id == s.active_extruder ? machine.ams_status() : 0},
                                    {"temp", packed(s.nozzles[at])}});
    }
    return list;
}

json::object nozzles(const Machine& machine) {
    json::array list;
    for (int id = 0; id < machine.spec().extruders; ++id)
        list.push_back(json::object{{"diameter", 0.4}, {"id", id}, {"tm", 0}, {"type", "HS01"}, {"wear", 0}});
    return json::object{{"exist", (1 << machine.spec().extruders) - 1}, {"info", list}, {"state", 0}};
}

void add_camera_and_ai(json::object& print, const Machine& machine) {
    const auto& s = machine.state();
    print["ipcam"] =
        json::object{{"agora_service", "disable"},
                     {"brtc_service", "enable"},
                     {"bs_state", 0},
                     {"ipcam_dev", "1"},
                     {"ipcam_record", switch_text(s.recording)},
                     {"mode_bits", 2},
                     {"resolution", s.resolution},
                     {"rtsp_url", s.liveview ? fmt::format("rtsps://{}:322/streaming/live/1", s.address)
                                             : std::string{"disable"}},
                     {"timelapse", switch_text(s.timelapse)},
                     {"tl_store_hpd_type", 2},
                     {"tl_store_path_type", 2},
                     {"tutk_server", "disable"}};
    const int level = std::max(0, sensitivity_number(s.sensitivity) - 1);
    const std::uint64_t ai = bit(7, s.spaghetti_detection) | (static_cast<std::uint64_t>(level) << 8) |
                             bit(13, s.clump_detection) | bit(16, s.air_print_detection);
    print["xcam"] = json::object{{"allow_skip_parts", s.skip_parts},
                                 {"buildplate_marker_detector", s.plate_marker},
                                 {"cfg", ai},
                                 {"first_layer_inspector", s.first_layer_check},
                                 {"halt_print_sensitivity", s.sensitivity},
                                 {"print_halt", s.halt_on_detection},
                                 {"printing_monitor", s.spaghetti_detection},
                                 {"spaghetti_detector", s.spaghetti_detection}};
    print["xcam_status"] = "0";
}

void add_job_twins(json::object& print, const Machine& machine) {
    const auto& s = machine.state();
    int state_number = 0;
    if (is_active(s.state)) state_number = 4;
    if (s.state == GcodeState::finish) state_number = 6;
    if (s.state == GcodeState::failed) state_number = 7;
    print["state"] = state_number;
    print["percent"] = s.percent;
    print["remain_time"] = s.remaining_minutes;
    print["prepare_per"] = s.state == GcodeState::prepare ? 50 : 100;
    print["3D"] =
        json::object{{"layer_num", s.layer}, {"total_layer_num", s.job.name.empty() ? 0 : s.job.layers}};
    print["file"] = print.at("gcode_file");
    print["err"] = "0";
    print["fail_reason"] = fmt::format("{}", s.fail_reason);
    print["mc_print_error_code"] = fmt::format("{}", s.print_error);
    print["job_id"] = s.job.task_id;
    print["plate_idx"] = s.job.plate;
    print["plate_id"] = s.job.plate;
    print["plate_cnt"] = 1;
    print["model_id"] = "";
    print["design_id"] = "";
    print["stg_cd"] = static_cast<int>(std::max(0.0, s.stage_left_s));
    print["mc_stage"] = is_active(s.state) ? 2 : 1;
    print["mc_action"] = is_active(s.state) ? 0 : 255;
    json::array mapping;
    for (const auto& source : s.job.sources)
        mapping.emplace_back(snow(source, s.active_extruder));
    print["mapping"] = mapping;
}

}  // namespace

json::object device(const Machine& machine) {
    const auto& s = machine.state();
    const bool heater = machine.spec().chamber_heater;
    json::object device;
    if (machine.spec().air_duct) device["airduct"] = air_duct(machine);
    const Heater chamber{s.chamber.celsius, heater ? s.chamber.target : 0};
    device["bed"] =
        json::object{{"info", json::object{{"temp", packed(s.bed)}}}, {"state", s.bed.target > 0 ? 2 : 0}};
    device["bed_temp"] = packed(s.bed);
    device["cam"] = json::object{{"laser", json::object{{"cond", 252}, {"state", 0}}}};
    device["ctc"] = json::object{{"info", json::object{{"temp", packed(chamber)}}},
                                 {"state", chamber.target > 0 ? 2 : 0}};
    device["ext_tool"] =
        json::object{{"calib", 2}, {"low_prec", true}, {"mount", 0}, {"th_temp", 0}, {"type", ""}};
    const int state = machine.spec().extruders | (s.active_extruder << 4) |
                      (machine.spec().extruders == 2 ? s.active_extruder << 8 : 0);
    device["extruder"] = json::object{{"info", extruders(machine)}, {"state", state}};
    device["fan"] = 0;
    device["laser"] = json::object{{"power", 0}};
    device["nozzle"] = nozzles(machine);
    device["plate"] =
        json::object{{"base", 1}, {"cali2d_id", ""}, {"cur_id", ""}, {"mat", 1}, {"tar_id", ""}};
    device["type"] = 1;
    return device;
}

json::object bit_fields(const Machine& machine) {
    const auto& s = machine.state();
    const auto model = machine.spec().model;
    const auto speed = static_cast<std::uint64_t>(s.speed_level);
    const auto sensitivity = static_cast<std::uint64_t>(sensitivity_number(s.sensitivity));
    const std::uint64_t cfg =
        bit(0) | bit(3, s.recording) | bit(4, s.resolution == "1080p") | bit(5, s.timelapse) |
        bit(7, s.chamber_light == "on") | (speed << 8) | bit(12, s.first_layer_check) | (sensitivity << 13) |
        bit(15, s.spaghetti_detection) | bit(16, s.step_loss_recovery) | bit(17) | bit(18, s.auto_refill) |
        bit(19, false) | bit(22, s.sound) | bit(23, s.tangle_detection) | bit(24, s.clump_detection);
    std::uint64_t fun = bit(0) | bit(1) | bit(6) | bit(7) | bit(8) | bit(9) | bit(10) | bit(11) | bit(12) |
                        bit(13) | bit(28) | bit(29, !s.developer_mode) | bit(31);
    if (model == Model::p2s || model == Model::h2s)
        fun |= bit(32) | bit(38) | bit(39) | bit(40) | bit(42) | bit(45);
    if (model == Model::h2d) fun |= bit(32) | bit(48);
    fun |= bit(49);
    const std::uint64_t aux = 0x2800004ULL | bit(12, s.storage);
    const bool recording_now = s.recording && s.storage && is_active(s.state);
    const std::uint64_t stat = bit(7, recording_now) | bit(23, s.door_open) | bit(15);
    return json::object{
        {"cfg", hex(cfg)}, {"fun", hex(fun)}, {"fun2", "1"}, {"aux", hex(aux)}, {"stat", hex(stat)}};
}

void add_modern(json::object& print, const Machine& machine, std::uint32_t noise) {
    const auto& s = machine.state();
    const bool dual = machine.spec().extruders == 2;
    // On two extruders the plain field is the left nozzle: not the one that prints (protocol 4.5).
    const Heater& shown = dual ? s.nozzles[1] : s.nozzles[0];
    print["nozzle_temper"] = reading(machine, shown, noise);
    print["nozzle_target_temper"] = shown.target;
    print["bed_temper"] = reading(machine, s.bed, noise / 13);
    print["bed_target_temper"] = s.bed.target;
    print["nozzle_type"] = machine.spec().model == Model::x1c ? "hardened_steel" : "HS01";
    print["info"] = json::object{
        {"temp", packed(Heater{s.chamber.celsius, machine.spec().chamber_heater ? s.chamber.target : 0})}};
    add_job_twins(print, machine);
    print["aux_part_fan"] = machine.spec().aux_fan;
    print["ap_err"] = 0;
    print["batch_id"] = 0;
    print["canvas_id"] = 0;
    print["ver"] = "20010";
    print["online"] = json::object{{"ahb", true}, {"version", 6}};
    for (auto& [key, value] : bit_fields(machine))
        print[key] = value;
    print["device"] = device(machine);
    add_camera_and_ai(print, machine);
    print["upgrade_state"] = json::object{
        {"dis_state", 0},  {"err_code", 0},          {"force_upgrade", false},       {"message", ""},
        {"module", ""},    {"new_version_state", 2}, {"ota_new_version_number", ""}, {"progress", "0"},
        {"status", "IDLE"}};
    print["upload"] =
        json::object{{"status", "idle"}, {"progress", 0}, {"message", "Good"}, {"file_size", 0}};
    json::array external;
    if (dual) external.push_back(external_tray(machine, s.external_left, 254));
    external.push_back(external_tray(machine, s.external, 255));
    print["vir_slot"] = external;
    if (machine.spec().model == Model::x1c) print["vt_tray"] = external_tray(machine, s.external, 255);
    print["ams"] = ams(machine);
}

}  // namespace farmwall::sim::parts
