#include "model/firmware.hpp"

#include <algorithm>
#include <array>
#include <utility>

#include "base/text.hpp"

namespace farmwall {
namespace {

const FirmwareModule* find(std::span<const FirmwareModule> modules, std::string_view name) {
    const auto found =
        std::find_if(modules.begin(), modules.end(), [&](const auto& m) { return m.name == name; });
    return found == modules.end() ? nullptr : &*found;
}

// Old firmware names neither product nor project: the controller board's revision tells.
std::optional<PrinterModel> model_from_hardware(std::span<const FirmwareModule> modules) {
    for (const std::string_view controller : {"ap", "rv1126"}) {
        const FirmwareModule* module = find(modules, controller);
        if (module == nullptr) continue;
        if (module->hardware == "AP05") return PrinterModel::x1c;
        if (module->hardware == "AP02") return PrinterModel::x1e;
    }
    const FirmwareModule* esp = find(modules, "esp32");
    if (esp == nullptr) return std::nullopt;
    if (esp->hardware == "AP04") {
        if (esp->project_name == "C11") return PrinterModel::p1p;
        if (esp->project_name == "C12") return PrinterModel::p1s;
    }
    if (esp->hardware == "AP05" && esp->project_name == "N2S") return PrinterModel::a1;
    return std::nullopt;
}

}  // namespace

ModelVerdict model_from_modules(std::span<const FirmwareModule> modules) {
    if (const FirmwareModule* ota = find(modules, "ota")) {
        if (const auto model = model_from_product_name(ota->product_name))
            return {*model, ModelSource::product_name};
    }
    for (const std::string_view name : {"ota", "mc"}) {
        const FirmwareModule* module = find(modules, name);
        if (module == nullptr) continue;
        if (const auto model = model_from_code(module->project_name))
            return {*model, ModelSource::project_name};
    }
    if (const auto model = model_from_hardware(modules)) return {*model, ModelSource::hardware};
    return {};
}

std::optional<std::string> printer_firmware(std::span<const FirmwareModule> modules) {
    const FirmwareModule* ota = find(modules, "ota");
    if (ota == nullptr || ota->software.empty()) return std::nullopt;
    return ota->software;
}

std::string_view ams_kind_name(AmsKind kind) {
    switch (kind) {
        case AmsKind::unknown:
            return "AMS of unknown kind";
        case AmsKind::ams:
            return "AMS";
        case AmsKind::ams_lite:
            return "AMS Lite";
        case AmsKind::ams_2_pro:
            return "AMS 2 Pro";
        case AmsKind::ams_ht:
            return "AMS HT";
        case AmsKind::ams_lite_mixed:
            return "AMS Lite";
    }
    return "AMS of unknown kind";
}

AmsKind ams_kind_from_modules(std::span<const FirmwareModule> modules, int unit_id) {
    constexpr std::array<std::pair<std::string_view, AmsKind>, 4> prefixes{{
        {"ams/", AmsKind::ams},
        {"ams_f1/", AmsKind::ams_lite},
        {"n3f/", AmsKind::ams_2_pro},
        {"n3s/", AmsKind::ams_ht},
    }};
    for (const auto& [prefix, kind] : prefixes) {
        if (find(modules, std::string{prefix} + std::to_string(unit_id)) == nullptr) continue;
        return kind == AmsKind::ams_lite && unit_id == 16 ? AmsKind::ams_lite_mixed : kind;
    }
    return AmsKind::unknown;
}

}  // namespace farmwall
