#pragma once

#include <doctest/doctest.h>

#include <optional>
#include <string>
#include <vector>

#include "model/availability.hpp"
#include "model/errors.hpp"
#include "model/facts.hpp"
#include "model/firmware.hpp"
#include "recordings.hpp"

namespace farmwall::wire {

// The recording of that name, or the end of the test case.
#define FARM_RECORDING(name)                      \
    const auto recording = load_recording(name);  \
    if (!recording) return;                       \
    Player player{*recording};                    \
    const PrinterState& printer = player.printer; \
    const Report& report = printer.report;        \
    CHECK(player.lost_fields == 0)

inline Temperature degrees(double celsius, std::optional<double> target = std::nullopt) {
    return {celsius, target};
}

inline const AmsUnit& unit_at(const PrinterState& printer, std::size_t place) {
    REQUIRE(printer.report.ams);
    return printer.report.ams->at(place);
}

// One slot as a person would write it down: presence, material, colour.
struct Slot {
    Presence presence = Presence::unknown;
    std::string material;
    std::string color;
    friend bool operator==(const Slot&, const Slot&) = default;
};

inline Slot present(std::string material, std::string color) {
    return {Presence::present, std::move(material), std::move(color)};
}

inline const Slot no_spool{Presence::empty, "", ""};

inline std::vector<Slot> slots(const PrinterState& printer, std::size_t place) {
    std::vector<Slot> out;
    const AmsUnit& unit = unit_at(printer, place);
    for (const Tray& tray : unit.trays) {
        out.push_back({tray_presence(printer.report, unit, tray.id), tray.material.value_or(""),
                       tray.color.value_or("")});
    }
    return out;
}

inline TraySource ams_slot(int unit, int slot) { return {TraySource::Kind::ams, unit, slot}; }

inline bool no_errors(const Report& report) {
    return report.print_error.value_or(0) == 0 && report.fail_reason.value_or(0) == 0 &&
           report.mc_print_error_code.value_or(0) == 0 && explain_all(report).empty();
}

}  // namespace farmwall::wire
