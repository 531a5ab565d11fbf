#pragma once

#include <array>
#include <optional>
#include <span>
#include <string_view>

namespace farmwall::sim {

// The models the virtual farm offers; x1c_old is an X1 Carbon with firmware from before the bit fields.
enum class Model { x1c, x1c_old, p1s, p1p, p2s, a1, a1_mini, h2s, h2d };

// P1 and A1 send JPEG pictures, the others H.264 by RTSPS (protocol 10).
enum class CameraKind { jpeg, rtsps };
[[nodiscard]] std::string_view name_of(CameraKind kind);

// How a model's reports follow each other (protocol 3.4, 3.5).
enum class ReportStyle {
    changes,      // P1, A1: full after a pushall, then changed keys, nothing when nothing changes
    full,         // every message is full and says msg 0
    full_no_msg,  // every message is full, there is no msg key
    indented,     // as full_no_msg, and the text has line breaks
    mixed,        // changed keys, a full message now and then
};

// What the tables of protocol 1.1 and 1.2 say about a model.
struct ModelSpec {
    Model model = Model::x1c;
    std::string_view key;            // on the command line and in printer ids
    std::string_view config_name;    // `model` in the configuration
    std::string_view code;           // DevModel of the announcements
    std::string_view serial_prefix;  // 3 characters
    std::string_view product_name;   // empty: get_version has only project_name
    std::string_view firmware;
    ReportStyle style = ReportStyle::full;
    CameraKind camera = CameraKind::rtsps;
    bool bit_fields = false;  // cfg, fun, aux, stat, and device
    int extruders = 1;
    bool chamber_sensor = false;
    bool chamber_heater = false;
    bool air_duct = false;
    bool aux_fan = false;
    bool work_light = false;
    bool door = false;
    bool bed_slinger = false;
    double nozzle_max_celsius = 300;
    double bed_max_celsius = 100;
    double chamber_max_celsius = 0;
    std::array<double, 3> volume_mm = {256, 256, 256};
};

[[nodiscard]] const ModelSpec& spec_of(Model model);
[[nodiscard]] std::span<const ModelSpec> all_models();
// By key, any case; nothing when there is no such model.
[[nodiscard]] std::optional<Model> model_named(std::string_view key);
// P1 and A1: small controller, JPEG camera, no bit fields.
[[nodiscard]] bool is_small_controller(Model model);

}  // namespace farmwall::sim
