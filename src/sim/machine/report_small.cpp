// Reports of the small controllers (P1, A1) and of the X1 from before the bit fields.
#include <fmt/format.h>

#include <boost/json/value.hpp>

#include "sim/machine/reports.hpp"

namespace farmwall::sim::parts {

namespace json = boost::json;

namespace {

std::string switch_text(bool on) { return on ? "enable" : "disable"; }

json::object upgrade_state(const Machine& machine) {
    json::object object{
        {"sequence_id", 0}, {"progress", ""},        {"status", "IDLE"},       {"consistency_request", false},
        {"dis_state", 0},   {"err_code", 0},         {"force_upgrade", false}, {"message", ""},
        {"module", ""},     {"new_version_state", 2}};
    if (is_small_controller(machine.spec().model)) {
        object["new_ver_list"] = json::array{};
    } else {
        object["ota_new_version_number"] = "";
        object["ams_new_version_number"] = "";
        object["ahb_new_version_number"] = "";
    }
    return object;
}

}  // namespace

void add_p1(json::object& print, const Machine& machine, std::uint32_t noise) {
    const auto& s = machine.state();
    print["nozzle_temper"] = reading(machine, s.nozzles[0], noise);
    print["nozzle_target_temper"] = static_cast<int>(s.nozzles[0].target);
    print["bed_temper"] = reading(machine, s.bed, noise / 13);
    print["bed_target_temper"] = static_cast<int>(s.bed.target);
    print["chamber_temper"] = 5;  // no sensor: always this value (protocol 4.5)
    print["nozzle_type"] = s.nozzle_type;
    print["mc_print_line_number"] = fmt::format("{}", static_cast<int>(s.printed_s) * 10);
    print["lifecycle"] = "product";
    print["mess_production_state"] = "active";
    print["queue_number"] = 0;
    print["queue_total"] = 0;
    print["queue_est"] = 0;
    print["queue_sts"] = 0;
    print["filam_bak"] = json::array{};
    print["upload"] = json::object{{"status", "idle"}, {"progress", 0}, {"message", ""}};
    print["online"] = json::object{{"ahb", false}, {"rfid", false}, {"version", 1455595931}};
    print["ipcam"] = json::object{{"ipcam_dev", "1"},
                                  {"ipcam_record", switch_text(s.recording)},
                                  {"timelapse", switch_text(s.timelapse)},
                                  {"resolution", machine.spec().bed_slinger ? "1080p" : ""},
                                  {"tutk_server", "disable"},
                                  {"mode_bits", 3}};
    if (machine.spec().bed_slinger)
        print["xcam"] = json::object{{"buildplate_marker_detector", s.plate_marker}};
    print["upgrade_state"] = upgrade_state(machine);
    print["vt_tray"] = external_tray(machine, s.external, 254);
    print["ams"] = s.ams.empty() ? json::object{{"ams", json::array{}},
                                                {"ams_exist_bits", "0"},
                                                {"tray_exist_bits", "0"},
                                                {"tray_now", fmt::format("{}", machine.tray_now())}}
                                 : ams(machine);
}

void add_x1_old(json::object& print, const Machine& machine, std::uint32_t noise) {
    const auto& s = machine.state();
    print["nozzle_temper"] = reading(machine, s.nozzles[0], noise);
    print["nozzle_target_temper"] = s.nozzles[0].target;
    print["bed_temper"] = reading(machine, s.bed, noise / 13);
    print["bed_target_temper"] = s.bed.target;
    print["chamber_temper"] = reading(machine, s.chamber, 6);
    print["ctt"] = 0;
    print["nozzle_type"] = s.nozzle_type;
    print["aux_part_fan"] = true;
    print["fail_reason"] = fmt::format("{}", s.fail_reason);
    print["mc_print_error_code"] = fmt::format("{}", s.print_error);
    print["gcode_start_time"] = "0";
    print["job_id"] = s.job.task_id;
    print["print_gcode_action"] = is_active(s.state) ? 0 : 255;
    print["print_real_action"] = 0;
    print["filam_bak"] = json::array{};
    print["online"] = json::object{{"ahb", false}, {"ext", false}, {"version", 4}};
    print["device"] = json::object{
        {"fan", 0},
        {"nozzle",
         json::object{{"0", json::object{{"info", 136}, {"temp", packed(s.nozzles[0])}}}, {"info", 7}}}};
    print["ipcam"] =
        json::object{{"agora_service", "disable"},
                     {"ipcam_dev", "1"},
                     {"ipcam_record", switch_text(s.recording)},
                     {"mode_bits", 2},
                     {"resolution", s.resolution},
                     {"rtsp_url", s.liveview ? fmt::format("rtsps://{}:322/streaming/live/1", s.address)
                                             : std::string{"disable"}},
                     {"timelapse", switch_text(s.timelapse)},
                     {"tutk_server", "disable"}};
    print["xcam"] = json::object{{"allow_skip_parts", s.skip_parts},
                                 {"buildplate_marker_detector", s.plate_marker},
                                 {"first_layer_inspector", s.first_layer_check},
                                 {"halt_print_sensitivity", s.sensitivity},
                                 {"print_halt", s.halt_on_detection},
                                 {"printing_monitor", s.spaghetti_detection},
                                 {"spaghetti_detector", s.spaghetti_detection}};
    print["upgrade_state"] = upgrade_state(machine);
    print["upload"] =
        json::object{{"status", "idle"}, {"progress", 0}, {"message", "Good"}, {"file_size", 0}};
    print["vt_tray"] = external_tray(machine, s.external, 254);
    print["ams"] = ams(machine);
}

}  // namespace farmwall::sim::parts
