#include <utility>
#include <vector>

#include <fmt/format.h>

#include "base/text.hpp"
#include "wire/field_handlers.hpp"
#include "wire/key_table.hpp"
#include "wire/report_reader.hpp"

// The smaller objects and lists of a report (protocol 4.7, 4.10, 4.11, 5.2).

namespace farmwall::wire {
namespace {

void rtsp_url(JsonReader& json, Draft& draft, const JsonValue& value) {
    const auto url = json.text(value);
    if (!url || url->empty()) return;
    if (to_lower(url->substr(0, 4)) == "rtsp") {
        draft.said.liveview = true;
    } else if (iequals(*url, "disable")) {
        draft.said.liveview = false;
    } else {
        json.lose();
    }
}

constexpr auto ipcam_keys = key_table<Draft>({
    {"ipcam_dev", boolean_field<&Report::camera_present>},
    {"ipcam_record", boolean_field<&Report::camera_recording>},
    {"timelapse", boolean_field<&Report::timelapse>},
    {"resolution", text_field<&Report::camera_resolution>},
    {"rtsp_url", rtsp_url},
});

constexpr auto xcam_keys = key_table<Draft>({
    {"first_layer_inspector", boolean_field<&Report::first_layer_inspector>},
    {"printing_monitor", boolean_field<&Report::printing_monitor>},
    {"spaghetti_detector", boolean_field<&Report::spaghetti_detector>},
    {"allow_skip_parts", boolean_field<&Report::allow_skip_parts>},
    {"buildplate_marker_detector", boolean_field<&Report::plate_marker_detector>},
});

// Little-endian: the first part of the address is the low byte.
std::string dotted(std::uint32_t ip) {
    return fmt::format("{}.{}.{}.{}", ip & 0xFFU, (ip >> 8U) & 0xFFU, (ip >> 16U) & 0xFFU, ip >> 24U);
}

struct Interface {
    std::optional<std::uint32_t> ip;
};

constexpr auto interface_keys = key_table<Interface>({{"ip", bits32_field<&Interface::ip>}});

void interfaces(JsonReader& json, Draft& draft, const JsonValue& value) {
    if (!value.is_array()) return json.lose();
    std::vector<std::string>& addresses = draft.said.net_addresses.emplace();
    json.elements(value, [&](const JsonValue& element) {
        Interface read;
        interface_keys.read(json, read, element);
        if (read.ip.value_or(0) != 0) addresses.push_back(dotted(*read.ip));
    });
}

constexpr auto net_keys = key_table<Draft>({
    {"conf", integer_field<&Report::net_conf, 0, no_limit>},
    {"info", interfaces},
});

struct LightDraft {
    std::optional<std::string> node;
    std::optional<std::string> mode;
};

constexpr auto light_keys = key_table<LightDraft>({
    {"node", text_field<&LightDraft::node>},
    {"mode", text_field<&LightDraft::mode>},
});

std::optional<LightMode> light_mode(std::string_view text) {
    if (iequals(text, "on")) return LightMode::on;
    if (iequals(text, "off")) return LightMode::off;
    if (iequals(text, "flashing")) return LightMode::flashing;
    return std::nullopt;
}

struct HmsDraft {
    std::optional<std::uint32_t> attr;
    std::optional<std::uint32_t> code;
};

constexpr auto hms_keys = key_table<HmsDraft>({
    {"attr", bits32_field<&HmsDraft::attr>},
    {"code", bits32_field<&HmsDraft::code>},
});

struct NewVersion {
    std::optional<std::string> name;
    std::optional<std::string> version;
};

constexpr auto new_version_keys = key_table<NewVersion>({
    {"name", text_field<&NewVersion::name>},
    {"new_ver", text_field<&NewVersion::version>},
});

// P1, A1 and A2L list every part here; X1 class firmware names the printer's own version instead,
// which wins.
void new_versions(JsonReader& json, Draft& draft, const JsonValue& value) {
    json.elements(value, [&](const JsonValue& element) {
        NewVersion read;
        new_version_keys.read(json, read, element);
        if (read.name == "ota" && !draft.said.new_version) draft.said.new_version = std::move(read.version);
    });
}

constexpr auto upgrade_keys = key_table<Draft>({
    {"new_version_state", integer_field<&Report::new_version_state, 0, no_limit>},
    {"ota_new_version_number", text_field<&Report::new_version>},
    {"new_ver_list", new_versions},
});

}  // namespace

void read_ipcam(JsonReader& json, Draft& draft, const JsonValue& value) {
    ipcam_keys.read(json, draft, value);
}

void read_xcam(JsonReader& json, Draft& draft, const JsonValue& value) { xcam_keys.read(json, draft, value); }

void read_xcam_or_echo(JsonReader& json, Draft& draft, Echo& echo, const JsonValue& value) {
    json.fields(value, [&](std::string_view key, const JsonValue& member) {
        if (!read_envelope_key(json, echo, key, member)) xcam_keys.dispatch(json, draft, key, member);
    });
}

void read_net(JsonReader& json, Draft& draft, const JsonValue& value) { net_keys.read(json, draft, value); }

void read_upgrade(JsonReader& json, Draft& draft, const JsonValue& value) {
    upgrade_keys.read(json, draft, value);
}

// "-53dBm".
void read_wifi(JsonReader& json, Draft& draft, const JsonValue& value) {
    const auto said = json.text(value);
    if (!said) return;
    std::string_view digits = trim(*said);
    if (digits.empty()) return;
    if (digits.size() > 3 && iequals(digits.substr(digits.size() - 3), "dBm")) {
        digits = trim(digits.substr(0, digits.size() - 3));
    }
    const auto dbm = parse_int(digits);
    if (!dbm || *dbm < -200 || *dbm > 100) return json.lose();
    draft.said.wifi_dbm = static_cast<int>(*dbm);
}

void read_lights(JsonReader& json, Draft& draft, const JsonValue& value) {
    if (!value.is_array()) return json.lose();
    std::vector<Light>& lights = draft.said.lights.emplace();
    json.elements(value, [&](const JsonValue& element) {
        LightDraft read;
        light_keys.read(json, read, element);
        const auto mode = light_mode(read.mode.value_or(""));
        if (read.node && mode) {
            lights.push_back({std::move(*read.node), *mode});
        } else if (element.is_object()) {
            json.lose();
        }
    });
}

void read_hms(JsonReader& json, Draft& draft, const JsonValue& value) {
    if (!value.is_array()) return json.lose();
    std::vector<HmsEntry>& entries = draft.said.hms.emplace();
    json.elements(value, [&](const JsonValue& element) {
        HmsDraft read;
        hms_keys.read(json, read, element);
        if (read.attr && read.code) {
            entries.push_back({*read.attr, *read.code});
        } else if (element.is_object()) {
            json.lose();
        }
    });
}

}  // namespace farmwall::wire
