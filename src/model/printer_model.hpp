#pragma once

#include <array>
#include <optional>
#include <span>
#include <string_view>

namespace farmwall {

// The machines of protocol 1.1. `unknown` grants nothing: limits and capabilities of an unknown
// model are the least of all models.
enum class PrinterModel {
    unknown,
    x1c,
    x1,
    x1e,
    p1p,
    p1s,
    p2s,
    x2d,
    a1,
    a1_mini,
    a2l,
    h2s,
    h2d,
    h2d_pro,
    h2c
};

enum class CameraKind { unknown, rtsps, jpeg };  // port 322, port 6000 (protocol 10.4)
enum class Motion { unknown, core_xy, bed_slinger };

struct Millimetres3 {
    int x = 0;
    int y = 0;
    int z = 0;
    friend bool operator==(const Millimetres3&, const Millimetres3&) = default;
};

// What a model can do by the table of protocol 1.2. A key present in a report beats it.
struct ModelInfo {
    PrinterModel model = PrinterModel::unknown;
    std::string_view key;                   // stable name in config files and JSON: "x1c", "a1-mini"
    std::string_view name;                  // for people: "X1 Carbon"
    std::string_view product_name;          // get_version
    std::string_view sliced_name;           // `printer_model` of a sliced file
    std::array<std::string_view, 2> codes;  // first the usual one; empty: none
    std::string_view serial_prefix;         // a hint only, shared by some models
    Motion motion = Motion::unknown;
    int extruders = 1;
    CameraKind camera = CameraKind::unknown;
    bool chamber_light = false;
    bool aux_fan = false;
    bool chamber_fan = false;
    bool chamber_heater = false;
    bool chamber_sensor = false;
    bool lidar = false;
    bool door_sensor = false;
    bool usb_storage = false;  // built-in memory and a USB stick instead of a card
    int nozzle_max_celsius = 0;
    int bed_max_celsius = 0;
    int chamber_max_celsius = 0;  // 0: no heater
    Millimetres3 build_volume;
    // Partial reports with long silences, PUBACKs late, file unpacking up to 150 s (protocol 3.5, 7.4).
    bool slow_controller = false;
};

[[nodiscard]] const ModelInfo& model_info(PrinterModel model);
// Every known model, without `unknown`.
[[nodiscard]] std::span<const ModelInfo> all_models();

// A model code of discovery or of a sliced file: trimmed, any case, "-V2" stripped (protocol 1.1).
[[nodiscard]] std::optional<PrinterModel> model_from_code(std::string_view code);
// `product_name` of the ota module.
[[nodiscard]] std::optional<PrinterModel> model_from_product_name(std::string_view product_name);
// What a person writes in a config: key, name, product name or code.
[[nodiscard]] std::optional<PrinterModel> model_from_text(std::string_view text);
// The first three characters; only where exactly one model has them.
[[nodiscard]] std::optional<PrinterModel> model_from_serial(std::string_view serial);

// How a model was found, best last (protocol 1.1 "Finding the model").
enum class ModelSource { none, serial, configured, hardware, project_name, discovery, product_name };

struct ModelVerdict {
    PrinterModel model = PrinterModel::unknown;
    ModelSource source = ModelSource::none;
    friend bool operator==(const ModelVerdict&, const ModelVerdict&) = default;
};

// The better of two verdicts; on a tie the later one.
[[nodiscard]] ModelVerdict better(const ModelVerdict& have, const ModelVerdict& next);

// The slicer's group of interchangeable models (protocol 1.3); inside a group a file is accepted
// with a warning, outside it is refused. `unknown` is in no group.
[[nodiscard]] bool same_print_group(PrinterModel a, PrinterModel b);

}  // namespace farmwall
