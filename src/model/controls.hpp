#pragma once

#include <optional>
#include <vector>

#include "model/action.hpp"
#include "model/printer_state.hpp"

namespace farmwall {

// Which controls this printer has and how far they go: protocol 1.2 with the report's own evidence before
// the table. A screen draws only what is here; gate() refuses the rest.

struct TargetRange {
    int least_above_zero_celsius = 0;  // 0 is always allowed: off
    int most_celsius = 0;
    friend bool operator==(const TargetRange&, const TargetRange&) = default;
};

struct DryingUnit {
    int unit = 0;
    TargetRange celsius;
    friend bool operator==(const DryingUnit&, const DryingUnit&) = default;
};

struct Controls {
    std::vector<Lamp> lamps;
    std::vector<Fan> fans;
    bool air_mode = false;
    int extruders = 1;
    TargetRange nozzle;
    TargetRange bed;
    std::optional<TargetRange> chamber;  // nothing: no heater
    bool timelapse = false;
    std::vector<DryingUnit> drying;
    Millimetres3 build_volume;  // zeros: unknown model, no jog
    friend bool operator==(const Controls&, const Controls&) = default;
};
[[nodiscard]] Controls controls(const PrinterState& printer);

// Every tray that could be selected or loaded: AMS slots in order, then external spools. Empty slots are
// in it; the gate refuses those.
[[nodiscard]] std::vector<TraySource> tray_sources(const PrinterState& printer);
// AMS slots by `tray_exist_bits`, external spools always: nobody senses them.
[[nodiscard]] Presence presence(const Report& report, const TraySource& tray);

}  // namespace farmwall
