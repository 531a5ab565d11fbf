#include "wire/report_reader.hpp"

#include <array>
#include <cmath>
#include <utility>
#include <vector>

#include "base/text.hpp"
#include "wire/field_handlers.hpp"
#include "wire/key_table.hpp"

// The members of `print` and the envelope of echoes (protocol 3.4, 3.6, 4, 5).

namespace farmwall::wire {

namespace {

// A plain temperature from here on holds two packed ones (protocol 4.5).
constexpr double packed_from = 500;
constexpr int celsius_limit = 1000;

std::optional<PackedTemperature> unpack(std::int64_t raw) {
    const auto bits = static_cast<std::uint32_t>(raw);
    const PackedTemperature packed{static_cast<std::int16_t>(bits & 0xFFFFU),
                                   static_cast<std::int16_t>(bits >> 16U)};
    if (std::abs(packed.current_celsius) > celsius_limit || std::abs(packed.target_celsius) > celsius_limit) {
        return std::nullopt;
    }
    return packed;
}

constexpr double lowest_packed = -2147483648.0;
constexpr double highest_packed = 4294967295.0;

// A plain current temperature, which may bring its target along.
template <auto Current, auto Target>
void temperature(JsonReader& json, Draft& draft, const JsonValue& value) {
    const auto celsius = json.number(value, -celsius_limit, highest_packed);
    if (!celsius) return;
    if (*celsius < packed_from) {
        draft.said.*Current = *celsius;
        return;
    }
    const auto packed = unpack(static_cast<std::int64_t>(*celsius));
    if (!packed) return json.lose();
    draft.said.*Current = packed->current_celsius;
    if (packed->target_celsius != 0 && !(draft.said.*Target)) draft.said.*Target = packed->target_celsius;
}

template <auto Target>
void target_temperature(JsonReader& json, Draft& draft, const JsonValue& value) {
    const auto celsius = json.number(value, -celsius_limit, highest_packed);
    if (!celsius) return;
    if (*celsius < packed_from) {
        draft.said.*Target = *celsius;
        return;
    }
    const auto packed = unpack(static_cast<std::int64_t>(*celsius));
    if (!packed) return json.lose();
    draft.said.*Target = packed->target_celsius != 0 ? packed->target_celsius : packed->current_celsius;
}

void gcode_state(JsonReader& json, Draft& draft, const JsonValue& value) {
    const auto said = json.text(value);
    if (!said) return;
    draft.said.state = job_state_from(*said);
    draft.said.state_text = *said;
}

// A list of numbers counts only whole: a place in it means something.
template <auto Field>
void integers(JsonReader& json, Draft& draft, const JsonValue& value) {
    if (!value.is_array()) return json.lose();
    std::vector<int> numbers;
    bool whole = true;
    json.elements(value, [&](const JsonValue& element) {
        if (const auto one = json.integer(element, -no_limit, no_limit)) {
            numbers.push_back(static_cast<int>(*one));
        } else {
            whole = false;
        }
    });
    if (whole) draft.said.*Field = std::move(numbers);
}

void started(JsonReader& json, Draft& draft, const JsonValue& value) {
    put(draft.said.started_unix, json.integer(value, 0, std::numeric_limits<std::int64_t>::max()));
}

// `file` of newer firmware is the same path as gcode_file.
void second_file(JsonReader& json, Draft& draft, const JsonValue& value) {
    const auto file = json.text(value);
    if (!draft.said.gcode_file) put(draft.said.gcode_file, file);
}

void message_kind(JsonReader& json, Draft& draft, const JsonValue& value) {
    const auto kind = json.integer(value, 0, 1);
    // What is neither is not trusted to be everything.
    draft.kind = kind == 0 ? ReportDelta::Kind::full : ReportDelta::Kind::partial;
}

constexpr auto layer_keys = key_table<Draft>({
    {"layer_num", second_integer_field<&Report::layer, 0, no_limit>},
    {"total_layer_num", second_integer_field<&Report::total_layers, 0, no_limit>},
});

constexpr auto info_keys = key_table<Draft>({{"temp", packed_field<&Report::info_packed>}});

constexpr auto print_keys = key_table<Draft>({
    {"gcode_state", gcode_state},
    {"mc_percent", integer_field<&Report::percent, 0, 100>},
    {"mc_remaining_time", integer_field<&Report::remaining_minutes, 0, no_limit>},
    {"layer_num", integer_field<&Report::layer, 0, no_limit>},
    {"total_layer_num", integer_field<&Report::total_layers, 0, no_limit>},
    {"3D", object_field<layer_keys, Draft>},
    {"gcode_file_prepare_percent", integer_field<&Report::prepare_percent, 0, 100>},
    {"gcode_start_time", started},
    {"subtask_name", text_field<&Report::subtask_name>},
    {"gcode_file", text_field<&Report::gcode_file>},
    {"file", second_file},
    {"task_id", text_field<&Report::task_id>},
    {"subtask_id", text_field<&Report::subtask_id>},
    {"project_id", text_field<&Report::project_id>},
    {"profile_id", text_field<&Report::profile_id>},
    {"job_id", text_field<&Report::job_id>},
    {"plate_idx", integer_field<&Report::plate_index, -1, no_limit>},
    {"print_type", text_field<&Report::print_type>},
    {"stg_cur", integer_field<&Report::stage, -1, no_limit>},
    {"stg", integers<&Report::stage_queue>},
    {"stg_cd", integer_field<&Report::stage_seconds_left, 0, no_limit>},
    {"spd_lvl", integer_field<&Report::speed_level, 1, 4>},
    {"s_obj", integers<&Report::skipped_objects>},
    {"mapping", integers<&Report::mapping>},
    {"mc_print_stage", integer_field<&Report::print_stage, 0, no_limit>},
    {"nozzle_temper", temperature<&Report::nozzle_celsius, &Report::nozzle_target_celsius>},
    {"nozzle_target_temper", target_temperature<&Report::nozzle_target_celsius>},
    {"bed_temper", temperature<&Report::bed_celsius, &Report::bed_target_celsius>},
    {"bed_target_temper", target_temperature<&Report::bed_target_celsius>},
    {"chamber_temper", temperature<&Report::chamber_celsius, &Report::chamber_target_celsius>},
    {"ctt", target_temperature<&Report::chamber_target_celsius>},
    {"info", object_field<info_keys, Draft>},
    {"cooling_fan_speed", integer_field<&Report::part_fan_step, 0, 15>},
    {"big_fan1_speed", integer_field<&Report::aux_fan_step, 0, 15>},
    {"big_fan2_speed", integer_field<&Report::chamber_fan_step, 0, 15>},
    {"heatbreak_fan_speed", integer_field<&Report::heatbreak_fan_step, 0, 15>},
    {"fan_gear", bits32_field<&Report::fan_gear>},
    {"aux_part_fan", boolean_field<&Report::aux_fan_fitted>},
    {"lights_report", read_lights},
    {"wifi_signal", read_wifi},
    {"sdcard", boolean_field<&Report::storage_present>},
    {"hw_switch_state", integer_field<&Report::toolhead_filament, 0, no_limit>},
    {"nozzle_diameter", number_field<&Report::nozzle_diameter_mm, 0, 10>},
    {"nozzle_type", text_field<&Report::nozzle_type>},
    {"net", read_net},
    {"home_flag", bits32_field<&Report::home_flag>},
    {"cfg", hex_field<&Report::cfg>},
    {"fun", hex_field<&Report::fun>},
    {"fun2", hex_field<&Report::fun2>},
    {"aux", hex_field<&Report::aux>},
    {"stat", hex_field<&Report::stat>},
    {"ipcam", read_ipcam},
    {"xcam", read_xcam},
    {"upgrade_state", read_upgrade},
    {"ams", read_ams},
    {"ams_status", integer_field<&Report::ams_status, 0, no_limit>},
    {"vt_tray", read_vt_tray},
    {"vir_slot", read_vir_slot},
    {"device", read_device},
    {"print_error", bits32_field<&Report::print_error>},
    {"mc_print_error_code", bits32_field<&Report::mc_print_error_code>},
    {"fail_reason", bits32_field<&Report::fail_reason>},
    {"hms", read_hms},
});

// Those of them that some firmware sends at top level (protocol 3.4).
constexpr auto outside_keys = key_table<Draft>({
    {"ams", read_ams},
    {"vt_tray", read_vt_tray},
    {"vir_slot", read_vir_slot},
    {"xcam", read_xcam},
    {"ipcam", read_ipcam},
    {"wifi_signal", read_wifi},
    {"fun", hex_field<&Report::fun>},
    {"cfg", hex_field<&Report::cfg>},
    {"aux", hex_field<&Report::aux>},
    {"stat", hex_field<&Report::stat>},
    {"device", read_device},
    {"net", read_net},
});

void echo_command(JsonReader& json, Echo& echo, const JsonValue& value) {
    if (const auto text = json.text(value)) echo.command = *text;
}

void echo_sequence(JsonReader& json, Echo& echo, const JsonValue& value) {
    if (const auto text = json.text(value)) echo.sequence_id = *text;
}

void echo_result(JsonReader& json, Echo& echo, const JsonValue& value) {
    if (const auto text = json.text(value)) echo.result = to_lower(*text);
}

void echo_reason(JsonReader& json, Echo& echo, const JsonValue& value) {
    if (const auto text = json.text(value)) echo.reason = *text;
}

void echo_errno(JsonReader& json, Echo& echo, const JsonValue& value) {
    put(echo.error_number, json.integer(value, -no_limit, no_limit));
}

constexpr auto echo_keys = key_table<Echo>({
    {"command", echo_command},
    {"sequence_id", echo_sequence},
    {"result", echo_result},
    {"reason", echo_reason},
    {"err_code", bits32_field<&Echo::err_code>},
    {"errno", echo_errno},
});

}  // namespace

std::optional<PackedTemperature> packed_temperature(JsonReader& json, const JsonValue& value) {
    const auto raw = json.number(value, lowest_packed, highest_packed);
    if (!raw) return std::nullopt;
    const auto packed = unpack(static_cast<std::int64_t>(*raw));
    if (!packed) json.lose();
    return packed;
}

bool read_envelope_key(JsonReader& json, Echo& echo, std::string_view key, const JsonValue& value) {
    return echo_keys.dispatch(json, echo, key, value);
}

void read_print(JsonReader& json, Draft& draft, const JsonValue& value) {
    if (!value.is_object()) return json.lose();
    draft.in_print = true;
    Echo& envelope = draft.envelope.emplace();
    json.fields(value, [&](std::string_view key, const JsonValue& member) {
        if (print_keys.dispatch(json, draft, key, member)) {
            draft.print_status = true;
        } else if (key == "msg") {
            message_kind(json, draft, member);
        } else {
            read_envelope_key(json, envelope, key, member);
        }
    });
}

bool read_outside_key(JsonReader& json, Draft& draft, std::string_view key, const JsonValue& value) {
    return outside_keys.dispatch(json, draft, key, value);
}

}  // namespace farmwall::wire
