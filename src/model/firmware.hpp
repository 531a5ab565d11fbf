#pragma once

#include <optional>
#include <span>
#include <string>
#include <vector>

#include "model/printer_model.hpp"

namespace farmwall {

// One entry of get_version's `module` list (protocol 4.11). Empty texts were not sent.
struct FirmwareModule {
    std::string name;  // "ota", "esp32", "ams/0", "n3f/2"
    std::string serial;
    std::string hardware;
    std::string software;
    std::string product_name;
    std::string project_name;
    friend bool operator==(const FirmwareModule&, const FirmwareModule&) = default;
};

// The model as the modules show it, steps 1, 3 and 4 of protocol 1.1.
[[nodiscard]] ModelVerdict model_from_modules(std::span<const FirmwareModule> modules);

// Version of the `ota` module; nothing when the list came incomplete, as right after boot: ask again.
[[nodiscard]] std::optional<std::string> printer_firmware(std::span<const FirmwareModule> modules);

// The kinds of AMS, protocol 1.4; the numbers are those of the wire.
enum class AmsKind { unknown = 0, ams = 1, ams_lite = 2, ams_2_pro = 3, ams_ht = 4, ams_lite_mixed = 5 };

// For people: "AMS 2 Pro".
[[nodiscard]] std::string_view ams_kind_name(AmsKind kind);
// From the module list, for firmware whose reports do not say the kind.
[[nodiscard]] AmsKind ams_kind_from_modules(std::span<const FirmwareModule> modules, int unit_id);

}  // namespace farmwall
