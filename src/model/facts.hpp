#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "model/printer_state.hpp"

namespace farmwall {

// What a state means on this model: pure questions, each naming the rule it applies. An empty
// answer is "unknown" or "this model has none", never zero.

struct Temperature {
    double celsius = 0;
    std::optional<double> target_celsius;  // 0: heater off
    friend bool operator==(const Temperature&, const Temperature&) = default;
};

// Nozzle of each extruder, id 0 (right/main) first; from device.extruder where that exists,
// because the plain field is not reliably the active one (protocol 4.5).
struct NozzleTemperature {
    int extruder = 0;
    Temperature temperature;
    friend bool operator==(const NozzleTemperature&, const NozzleTemperature&) = default;
};
[[nodiscard]] std::vector<NozzleTemperature> nozzle_temperatures(const PrinterState& printer);
// Of the extruder in use.
[[nodiscard]] std::optional<Temperature> active_nozzle(const PrinterState& printer);
[[nodiscard]] std::optional<Temperature> bed(const PrinterState& printer);
// Only where the machine has a sensor; the junk value of P1, A1 and A2L is hidden.
[[nodiscard]] std::optional<Temperature> chamber(const PrinterState& printer);

// Extruder in use, 0 right/main, 1 left; nothing while it changes or is unknown. 0 on one-nozzle machines.
[[nodiscard]] std::optional<int> active_extruder(const Report& report);
[[nodiscard]] int extruder_count(const PrinterState& printer);

struct Fans {
    std::optional<int> part_percent;
    std::optional<int> aux_percent;
    std::optional<int> chamber_percent;
    std::optional<int> heatbreak_percent;
    friend bool operator==(const Fans&, const Fans&) = default;
};
// Airduct parts before fan_gear before steps (protocol 4.6); a fan that the model does not have
// stays empty, although the A series reports mirrors of the part fan.
[[nodiscard]] Fans fans(const PrinterState& printer);

// The second aux fan of an airduct machine (P2S, X2D); nothing where there is none (protocol 4.6).
[[nodiscard]] std::optional<int> second_aux_percent(const Report& report);

// Light by node; nothing when it is not reported.
[[nodiscard]] std::optional<LightMode> light(const Report& report, std::string_view node);
// Any chamber light.
[[nodiscard]] std::optional<LightMode> chamber_light(const Report& report);

enum class Presence { unknown, empty, present };
// tray_exist_bits has the last word (protocol 4.12).
[[nodiscard]] Presence tray_presence(const Report& report, const AmsUnit& unit, int slot);
[[nodiscard]] AmsKind ams_kind(const PrinterState& printer, const AmsUnit& unit);
enum class Drying { unknown, off, checking, drying, cooling, other };
[[nodiscard]] Drying drying(const AmsUnit& unit);
// Extruder that the unit feeds; nothing when it is not said or switchable.
[[nodiscard]] std::optional<int> fed_extruder(const AmsUnit& unit);

// Where filament comes from.
struct TraySource {
    enum class Kind { ams, external, external_left };
    Kind kind = Kind::ams;
    int unit = 0;  // ams only
    int slot = 0;  // ams only
    friend bool operator==(const TraySource&, const TraySource&) = default;
};
// The tray in use: `snow` of the current extruder where it exists, else tray_now (protocol 4.12).
// Nothing: none loaded or unknown.
[[nodiscard]] std::optional<TraySource> active_tray(const Report& report);
// Filament is being loaded, unloaded or changed right now (protocol 4.12, ams_status).
[[nodiscard]] bool changes_filament(const Report& report);
// The tray of a source, when it is known.
[[nodiscard]] const Tray* find_tray(const Report& report, const TraySource& source);
// The external spools, right/main first; from vir_slot where it is present (protocol 4.13).
[[nodiscard]] std::vector<Tray> external_spools(const Report& report);

// RTSPS or JPEG by model, confirmed by the report (protocol 10.4); `unknown` also when the
// printer says that it has no camera.
[[nodiscard]] CameraKind camera_kind(const PrinterState& printer);
// Why no picture can be shown, for people; empty when one could.
[[nodiscard]] std::string_view camera_obstacle(const PrinterState& printer);

// `fun` bit 29 before what a refused command taught (protocol 8.3).
[[nodiscard]] DeveloperMode developer_mode(const PrinterState& printer);

enum class Storage { unknown, none, normal, abnormal, read_only };
[[nodiscard]] Storage storage(const Report& report);
[[nodiscard]] std::optional<bool> door_open(const PrinterState& printer);
// All of X, Y, Z; home_flag bits 0-2.
[[nodiscard]] std::optional<bool> homed(const Report& report);
[[nodiscard]] std::optional<bool> wired_network(const Report& report);

// 4.4. The stage, only while the printer works; empty otherwise, because P1 and A1 report
// "printing" while idle.
[[nodiscard]] std::optional<int> shown_stage(const Report& report);
// "heat-bed preheating"; "stage 90" for one this program does not know.
[[nodiscard]] std::string stage_name(int stage);
[[nodiscard]] bool is_pause_stage(int stage);

}  // namespace farmwall
