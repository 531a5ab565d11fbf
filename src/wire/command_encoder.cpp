#include "wire/command_encoder.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <boost/json/array.hpp>
#include <boost/json/object.hpp>
#include <optional>
#include <string_view>
#include <utility>

#include "base/text.hpp"
#include "model/controls.hpp"
#include "model/facts.hpp"
#include "model/printer_model.hpp"

namespace farmwall::wire {
namespace {

namespace json = boost::json;

constexpr int fun_homing = 32;
constexpr int fun_bed_control = 39;
constexpr int fastest_z_mm_per_min = 900;
constexpr int heating_from_celsius = 40;
constexpr int drying_cools_to_celsius = 45;
constexpr int external_id = 255;
constexpr int left_external_id = 254;
constexpr int no_slot = 255;
constexpr int first_single_number_unit = 16;  // units from here on are their own target (protocol 6.5)

// The messages of one action while they are made.
struct Draft {
    const PrinterState& printer;
    const Report& report;
    const ModelInfo& model;
    const NextSequenceId& next;
    std::vector<OutgoingMessage> messages;

    void add(std::string_view family, std::string_view command, const json::object& fields, int quality = 0) {
        messages.push_back(make_message(family, command, fields, quality, next));
    }
    void print(std::string_view command, const json::object& fields, int quality = 0) {
        add("print", command, fields, quality);
    }
    void gcode(const std::string& lines) { print("gcode_line", {{"param", lines}}); }

    [[nodiscard]] bool has_fun(int bit) const { return report.fun && ((*report.fun >> bit) & 1U) != 0; }
    [[nodiscard]] bool two_nozzles() const { return extruder_count(printer) == 2; }
};

bool is_h2_or_x2d(PrinterModel model) {
    switch (model) {
        case PrinterModel::x2d:
        case PrinterModel::h2s:
        case PrinterModel::h2d:
        case PrinterModel::h2d_pro:
        case PrinterModel::h2c:
            return true;
        case PrinterModel::unknown:
        case PrinterModel::x1c:
        case PrinterModel::x1:
        case PrinterModel::x1e:
        case PrinterModel::p1p:
        case PrinterModel::p1s:
        case PrinterModel::p2s:
        case PrinterModel::a1:
        case PrinterModel::a1_mini:
        case PrinterModel::a2l:
            return false;
    }
    return false;
}

// ---- the job

void say(const Pause&, Draft& to) { to.print("pause", {{"param", ""}}, 1); }
void say(const Resume&, Draft& to) { to.print("resume", {{"param", ""}}, 1); }
void say(const Stop&, Draft& to) { to.print("stop", {{"param", ""}}, 1); }

// Older firmware knows only the first form, a P2S only the second (protocol 5.5).
void say(const ClearFault&, Draft& to) {
    std::uint32_t error = to.report.print_error.value_or(0);
    if (error == 0) error = to.report.mc_print_error_code.value_or(0);
    to.print("clean_print_error",
             {{"subtask_id", to.report.subtask_id.value_or("")}, {"print_error", std::int64_t{error}}});
    to.add("system", "uiop",
           {{"name", "print_error"},
            {"action", "close"},
            {"source", 1},
            {"type", "dialog"},
            {"err", fmt::format("{:08X}", error)}});
    for (OutgoingMessage& message : to.messages)
        message.surely_answered = false;
}

void say(const SetSpeed& action, Draft& to) {
    to.print("print_speed", {{"param", std::to_string(action.level)}});
}

void say(const SkipObjects& action, Draft& to) {
    to.print("skip_objects", {{"obj_list", json::array(action.ids.begin(), action.ids.end())}}, 1);
}

void say(const SetTimelapse& action, Draft& to) {
    to.add("camera", "ipcam_timelapse", {{"control", action.on ? "enable" : "disable"}});
}

// ---- light and air

void node(std::string_view name, bool on, Draft& to) {
    to.add("system", "ledctrl",
           {{"led_node", name},
            {"led_mode", on ? "on" : "off"},
            {"led_on_time", 500},
            {"led_off_time", 500},
            {"loop_times", 1},
            {"interval_time", 1000}});
}

// The nodes that the printer names itself; else those of its model.
void chamber_lamp(bool on, Draft& to) {
    bool first = true;
    bool second = is_h2_or_x2d(to.model.model);
    if (chamber_light(to.report)) {
        first = light(to.report, "chamber_light").has_value();
        second = light(to.report, "chamber_light2").has_value();
    }
    if (first) node("chamber_light", on, to);
    if (second) node("chamber_light2", on, to);
}

void lamp(Lamp which, bool on, Draft& to) {
    switch (which) {
        case Lamp::chamber:
            return chamber_lamp(on, to);
        case Lamp::work:
            return node("work_light", on, to);
        case Lamp::logo:
            return to.gcode(on ? "M960 S5 P1\n" : "M960 S5 P0\n");
    }
}

void say(const SetLight& action, Draft& to) {
    if (action.lamp) return lamp(*action.lamp, action.on, to);
    for (const Lamp fitted : controls(to.printer).lamps)
        lamp(fitted, action.on, to);
}

// Of M106 and, shifted by four, of the air duct's parts (protocol 4.6, 6.4).
int fan_number(Fan fan) {
    switch (fan) {
        case Fan::part:
            return 1;
        case Fan::aux:
            return 2;
        case Fan::chamber:
            return 3;
        case Fan::second_aux:
            return 10;
    }
    return 1;
}

void say(const SetFan& action, Draft& to) {
    const int number = fan_number(action.fan);
    const auto& parts = to.report.airduct_parts;
    const bool duct =
        parts && std::ranges::any_of(*parts, [&](const AirductPart& part) { return part.id >> 4 == number; });
    if (duct) return to.print("set_fan", {{"fan_index", number}, {"speed", action.percent}});
    to.gcode(fmt::format("M106 P{} S{}\n", number, (action.percent * 255 + 50) / 100));
}

void say(const SetAirMode& action, Draft& to) {
    to.print("set_airduct", {{"modeId", static_cast<int>(action.mode)}, {"submode", -1}});
}

// ---- heat

void say(const SetNozzleTarget& action, Draft& to) {
    if (is_h2_or_x2d(to.model.model) && to.two_nozzles()) {
        return to.print("set_nozzle_temp",
                        {{"extruder_index", action.extruder}, {"target_temp", action.celsius}});
    }
    if (to.two_nozzles()) return to.gcode(fmt::format("M104 S{} T{}\n", action.celsius, action.extruder));
    to.gcode(fmt::format("M104 S{}\n", action.celsius));
}

void say(const SetBedTarget& action, Draft& to) {
    if (to.has_fun(fun_bed_control)) return to.print("set_bed_temp", {{"temp", action.celsius}});
    to.gcode(fmt::format("M140 S{}\n", action.celsius));
}

// The heater works only while the air duct is set to heating, so that comes first; and it is off before the
// duct is opened.
void say(const SetChamberTarget& action, Draft& to) {
    if (!is_h2_or_x2d(to.model.model)) return to.gcode(fmt::format("M141 S{}\n", action.celsius));
    const bool heats = action.celsius >= heating_from_celsius;
    if (heats) say(SetAirMode{AirMode::heating}, to);
    to.print("set_ctt", {{"ctt_val", action.celsius}, {"temper_check", true}});
    if (!heats) say(SetAirMode{AirMode::cooling}, to);
}

void say(const CoolDown&, Draft& to) {
    const Controls fitted = controls(to.printer);
    for (int extruder = 0; extruder < fitted.extruders; ++extruder)
        say(SetNozzleTarget{extruder, 0}, to);
    say(SetBedTarget{0}, to);
    if (fitted.chamber) say(SetChamberTarget{0}, to);
}

// ---- motion

// Never G28 Z alone: the bed may hit the nozzle.
void say(const Home&, Draft& to) {
    if (to.has_fun(fun_homing)) return to.print("back_to_center", {});
    to.gcode("G28\n");
}

// To 0.1 µm, without an exponent: "10", "-0.05".
std::string millimetres(double mm) {
    std::string text = fmt::format("{:.4f}", mm);
    text.erase(text.find_last_not_of('0') + 1);
    if (text.back() == '.') text.pop_back();
    return text == "-0" ? "0" : text;
}

// The end stops are switched on for it and then as they were. One axis a move; away from the bed before
// anything else, towards it after everything else.
void say(const Jog& action, Draft& to) {
    std::string moves;
    const auto move = [&](char axis, double mm, int feed) {
        const std::string distance = millimetres(mm);
        if (distance != "0") moves += fmt::format("G1 {}{} F{}\n", axis, distance, feed);
    };
    const int z_feed = std::min(action.feed_mm_per_min, fastest_z_mm_per_min);
    if (action.z > 0) move('Z', action.z, z_feed);
    move('X', action.x, action.feed_mm_per_min);
    move('Y', action.y, action.feed_mm_per_min);
    if (action.z < 0) move('Z', action.z, z_feed);
    if (moves.empty()) return;
    to.gcode("M211 S\nM211 X1 Y1 Z1\nM1002 push_ref_mode\nG91\n" + moves + "M1002 pop_ref_mode\nM211 R\n");
}

// ---- filament

// The middle of what the filament wants; 0, which leaves it to the printer, where that is not known or more
// than this printer bears.
int filament_celsius(const std::optional<TraySource>& source, const Draft& to) {
    const Tray* tray = source ? find_tray(to.report, *source) : nullptr;
    if (tray == nullptr || !tray->nozzle_min_celsius || !tray->nozzle_max_celsius) return 0;
    const int least = *tray->nozzle_min_celsius;
    const int most = *tray->nozzle_max_celsius;
    const bool sensible = least > 0 && least <= most && most <= to.model.nozzle_max_celsius;
    return sensible ? (least + most) / 2 : 0;
}

// 0 right or main, 1 left.
int extruder_of(const TraySource& source, const Draft& to) {
    if (source.kind == TraySource::Kind::external) return 0;
    if (source.kind == TraySource::Kind::external_left) return 1;
    if (to.report.ams) {
        for (const AmsUnit& unit : *to.report.ams) {
            if (unit.id != source.unit) continue;
            if (const auto fed = fed_extruder(unit)) return *fed;
        }
    }
    return active_extruder(to.report).value_or(0);
}

int unit_id(const TraySource& source) {
    switch (source.kind) {
        case TraySource::Kind::ams:
            return source.unit;
        case TraySource::Kind::external:
            return external_id;
        case TraySource::Kind::external_left:
            return left_external_id;
    }
    return external_id;
}

int load_target(const TraySource& source, const Draft& to) {
    if (source.kind == TraySource::Kind::ams)
        return source.unit >= first_single_number_unit ? source.unit : 4 * source.unit + source.slot;
    // Old firmware of one nozzle calls its spool 254.
    const bool old = !to.report.external_slots && to.report.external && to.report.external->id == 254;
    return old && !to.two_nozzles() ? left_external_id : unit_id(source);
}

void say(const LoadTray& action, Draft& to) {
    const int wanted = filament_celsius(action.tray, to);
    const int loaded = filament_celsius(active_tray(to.report), to);
    json::object fields{{"ams_id", unit_id(action.tray)},
                        {"slot_id", action.tray.kind == TraySource::Kind::ams ? action.tray.slot : 0},
                        {"target", load_target(action.tray, to)},
                        {"curr_temp", wanted == 0 || loaded == 0 ? wanted : loaded},
                        {"tar_temp", wanted}};
    if (to.two_nozzles()) fields["extruder_id"] = extruder_of(action.tray, to);
    to.print("ams_change_filament", fields);
}
void say(const SelectTray& action, Draft& to) { say(LoadTray{action.tray}, to); }

void say(const UnloadFilament&, Draft& to) {
    const auto loaded = active_tray(to.report);
    const bool spool = !loaded || loaded->kind != TraySource::Kind::ams;
    if (!loaded || (spool && to.model.slow_controller)) return to.print("unload_filament", {});
    const int celsius = filament_celsius(loaded, to);
    json::object fields{{"ams_id", unit_id(*loaded)},
                        {"slot_id", no_slot},
                        {"target", no_slot},
                        {"curr_temp", celsius},
                        {"tar_temp", celsius}};
    if (to.two_nozzles()) fields["extruder_id"] = active_extruder(to.report).value_or(0);
    to.print("ams_change_filament", fields);
}

void say(const AnswerDialog& action, Draft& to) {
    const bool again = action.answer == AnswerDialog::Answer::retry;
    to.print("ams_control", {{"param", again ? "resume" : "done"}});
}

// A P2S ignores it, without a word, where close_power_conflict is false.
void say(const StartDrying& action, Draft& to) {
    to.print("ams_filament_drying", {{"ams_id", action.unit},
                                     {"mode", 1},
                                     {"filament", valid_utf8(action.material)},
                                     {"temp", action.celsius},
                                     {"duration", action.hours},
                                     {"humidity", 0},
                                     {"rotate_tray", false},
                                     {"cooling_temp", drying_cools_to_celsius},
                                     {"close_power_conflict", true}});
}
void say(const StopDrying& action, Draft& to) {
    to.print("ams_filament_drying", {{"ams_id", action.unit},
                                     {"mode", 0},
                                     {"filament", ""},
                                     {"temp", 0},
                                     {"duration", 0},
                                     {"humidity", 0},
                                     {"rotate_tray", false},
                                     {"cooling_temp", 0},
                                     {"close_power_conflict", true}});
}

}  // namespace

std::vector<OutgoingMessage> encode(const Action& action, const PrinterState& printer,
                                    const NextSequenceId& next_sequence_id) {
    Draft draft{printer, printer.report, model_info(printer.model.model), next_sequence_id, {}};
    std::visit([&](const auto& a) { say(a, draft); }, action);
    return std::move(draft.messages);
}

}  // namespace farmwall::wire
