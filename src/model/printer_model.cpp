#include "model/printer_model.hpp"

#include <algorithm>

#include "base/text.hpp"

namespace farmwall {
namespace {

// Columns of protocol 1.2, so that a row can be read against it.
struct Fitted {
    bool aux_fan, chamber_fan, chamber_heater, chamber_sensor, lidar, door_sensor;
};

ModelInfo make(PrinterModel model, std::string_view key, std::string_view name, std::string_view product,
               std::string_view sliced, std::array<std::string_view, 2> codes, std::string_view serial) {
    ModelInfo info;
    info.model = model;
    info.key = key;
    info.name = name;
    info.product_name = product;
    info.sliced_name = sliced;
    info.codes = codes;
    info.serial_prefix = serial;
    info.motion = Motion::core_xy;
    info.chamber_light = true;
    return info;
}

void fit(ModelInfo& info, CameraKind camera, Fitted fitted) {
    info.camera = camera;
    info.aux_fan = fitted.aux_fan;
    info.chamber_fan = fitted.chamber_fan;
    info.chamber_heater = fitted.chamber_heater;
    info.chamber_sensor = fitted.chamber_sensor;
    info.lidar = fitted.lidar;
    info.door_sensor = fitted.door_sensor;
}

void limit(ModelInfo& info, int nozzle, int bed, int chamber, Millimetres3 volume) {
    info.nozzle_max_celsius = nozzle;
    info.bed_max_celsius = bed;
    info.chamber_max_celsius = chamber;
    info.build_volume = volume;
}

using enum PrinterModel;

ModelInfo x1_class(PrinterModel model, std::string_view key, std::string_view name, std::string_view product,
                   std::array<std::string_view, 2> codes, std::string_view serial) {
    ModelInfo info = make(model, key, name, product,
                          product == "Bambu Lab X1-Carbon" ? "Bambu Lab X1 Carbon" : product, codes, serial);
    fit(info, CameraKind::rtsps, {true, true, false, true, true, true});
    // 110 on 220 V mains, which the table cannot know: the report's mains bit narrows it.
    limit(info, 300, 120, 0, {256, 256, 256});
    return info;
}

ModelInfo p1_class(PrinterModel model, std::string_view key, std::string_view name, std::string_view product,
                   std::string_view code, std::string_view serial, bool enclosed) {
    ModelInfo info = make(model, key, name, product, product, {code, ""}, serial);
    fit(info, CameraKind::jpeg, {enclosed, enclosed, false, false, false, false});
    limit(info, 300, 100, 0, {256, 256, 256});
    info.slow_controller = true;
    return info;
}

ModelInfo a_class(PrinterModel model, std::string_view key, std::string_view name, std::string_view product,
                  std::string_view code, std::string_view serial, int bed, Millimetres3 volume) {
    ModelInfo info = make(model, key, name, product, product, {code, ""}, serial);
    info.motion = Motion::bed_slinger;
    fit(info, CameraKind::jpeg, {false, false, false, false, false, false});
    limit(info, 300, bed, 0, volume);
    info.slow_controller = true;
    return info;
}

ModelInfo h2_class(PrinterModel model, std::string_view key, std::string_view name, std::string_view product,
                   std::array<std::string_view, 2> codes, std::string_view serial, int extruders,
                   Millimetres3 volume) {
    ModelInfo info = make(model, key, name, product, product, codes, serial);
    info.extruders = extruders;
    fit(info, CameraKind::rtsps, {true, true, true, true, false, true});
    limit(info, 350, 120, 65, volume);
    info.usb_storage = true;
    return info;
}

std::array<ModelInfo, 14> build_table() {
    ModelInfo heated_x1 = x1_class(x1e, "x1e", "X1E", "Bambu Lab X1E", {"C13", ""}, "03W");
    heated_x1.chamber_heater = true;
    limit(heated_x1, 320, 110, 60, {256, 256, 256});

    ModelInfo second_p = make(p2s, "p2s", "P2S", "Bambu Lab P2S", "Bambu Lab P2S", {"N7", ""}, "22E");
    fit(second_p, CameraKind::rtsps, {true, true, false, true, false, true});
    limit(second_p, 300, 110, 0, {256, 256, 256});
    second_p.usb_storage = true;

    ModelInfo dual_x = h2_class(x2d, "x2d", "X2D", "Bambu Lab X2D", {"N6", ""}, "20P", 2, {256, 256, 260});
    limit(dual_x, 300, 120, 65, {256, 256, 260});

    return {
        x1_class(x1c, "x1c", "X1 Carbon", "Bambu Lab X1-Carbon", {"BL-P001", "3DPrinter-X1-Carbon"}, "00M"),
        x1_class(x1, "x1", "X1", "Bambu Lab X1", {"BL-P002", "3DPrinter-X1"}, "00M"),
        heated_x1,
        p1_class(p1p, "p1p", "P1P", "Bambu Lab P1P", "C11", "01S", false),
        p1_class(p1s, "p1s", "P1S", "Bambu Lab P1S", "C12", "01P", true),
        second_p,
        dual_x,
        a_class(a1, "a1", "A1", "Bambu Lab A1", "N2S", "039", 100, {256, 256, 256}),
        a_class(a1_mini, "a1-mini", "A1 mini", "Bambu Lab A1 mini", "N1", "030", 80, {180, 180, 180}),
        a_class(a2l, "a2l", "A2L", "Bambu Lab A2L", "N9", "26A", 80, {330, 320, 325}),
        h2_class(h2s, "h2s", "H2S", "Bambu Lab H2S", {"O1S", ""}, "093", 1, {340, 320, 340}),
        h2_class(h2d, "h2d", "H2D", "Bambu Lab H2D", {"O1D", ""}, "094", 2, {325, 320, 325}),
        h2_class(h2d_pro, "h2d-pro", "H2D Pro", "Bambu Lab H2D Pro", {"O1E", "O2D"}, "239", 2,
                 {325, 320, 325}),
        h2_class(h2c, "h2c", "H2C", "Bambu Lab H2C", {"O1C", "O1C2"}, "31B", 2, {305, 320, 325}),
    };
}

const std::array<ModelInfo, 14>& table() {
    static const auto models = build_table();
    return models;
}

ModelInfo build_unknown() {
    ModelInfo info;
    info.key = "unknown";
    info.name = "Unknown model";
    limit(info, 300, 80, 0, {180, 180, 180});
    info.slow_controller = true;
    return info;
}

}  // namespace

const ModelInfo& model_info(PrinterModel model) {
    static const ModelInfo nothing_known = build_unknown();
    for (const ModelInfo& info : table()) {
        if (info.model == model) return info;
    }
    return nothing_known;
}

std::span<const ModelInfo> all_models() { return table(); }

std::optional<PrinterModel> model_from_code(std::string_view code) {
    code = trim(code);
    if (code.size() > 3 && iequals(code.substr(code.size() - 3), "-V2")) code.remove_suffix(3);
    if (code.empty()) return std::nullopt;
    for (const ModelInfo& info : table()) {
        for (const std::string_view known : info.codes) {
            if (iequals(known, code)) return info.model;
        }
    }
    return std::nullopt;
}

std::optional<PrinterModel> model_from_product_name(std::string_view product_name) {
    product_name = trim(product_name);
    for (const ModelInfo& info : table()) {
        if (iequals(info.product_name, product_name)) return info.model;
    }
    return std::nullopt;
}

std::optional<PrinterModel> model_from_text(std::string_view text) {
    text = trim(text);
    for (const ModelInfo& info : table()) {
        for (const std::string_view known : {info.key, info.name, info.product_name, info.sliced_name}) {
            if (iequals(known, text)) return info.model;
        }
    }
    if (iequals(text, "A1M")) return PrinterModel::a1_mini;
    return model_from_code(text);
}

std::optional<PrinterModel> model_from_serial(std::string_view serial) {
    // H2S and H2D are told apart differently by each source (protocol 13): no hint at all.
    if (serial.starts_with("093") || serial.starts_with("094")) return std::nullopt;
    std::optional<PrinterModel> found;
    for (const ModelInfo& info : table()) {
        if (serial.size() < 3 || serial.substr(0, 3) != info.serial_prefix) continue;
        if (found) return std::nullopt;
        found = info.model;
    }
    return found;
}

ModelVerdict better(const ModelVerdict& have, const ModelVerdict& next) {
    if (next.model == PrinterModel::unknown) return have;
    return next.source >= have.source ? next : have;
}

bool same_print_group(PrinterModel a, PrinterModel b) {
    const auto group = [](PrinterModel model) {
        switch (model) {
            case x1c:
            case x1:
            case p1p:
            case p1s:
            case x1e:
                return 1;
            case h2d:
            case h2d_pro:
                return 2;
            case unknown:
            case p2s:
            case x2d:
            case a1:
            case a1_mini:
            case a2l:
            case h2s:
            case h2c:
                return 0;
        }
        return 0;
    };
    if (a == unknown || b == unknown) return false;
    return a == b || (group(a) != 0 && group(a) == group(b));
}

}  // namespace farmwall
