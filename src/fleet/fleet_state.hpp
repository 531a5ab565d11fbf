#pragma once

#include <cstdint>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include "fleet/queue_state.hpp"
#include "model/alarm.hpp"
#include "model/camera_state.hpp"
#include "model/command.hpp"
#include "model/error_texts.hpp"
#include "model/events.hpp"
#include "model/printer_state.hpp"

namespace farmwall {

// One way in which alarms leave the program.
struct OutputHealth {
    std::string name;  // "sound", "webhook", "ntfy", "mqtt"
    bool works = false;
    std::string text;  // one sentence for people; no address, no secret
    friend bool operator==(const OutputHealth&, const OutputHealth&) = default;
};

// Everything published at one moment. Never changed after publication; a new one shares what did
// not change.
struct FleetState {
    std::uint64_t revision = 0;
    std::vector<std::shared_ptr<const PrinterState>> printers;    // config order
    std::vector<std::shared_ptr<const CameraState>> cameras;      // one a printer, or none at all
    std::vector<std::shared_ptr<const PrinterControl>> controls;  // one a printer, or none at all
    std::shared_ptr<const std::vector<Alarm>> alarms;             // that stand, most urgent first; null: none
    std::vector<std::shared_ptr<const OutputHealth>> alarm_outputs;
    std::shared_ptr<const QueueState> queue;           // null: this program has no queue
    std::shared_ptr<const ErrorTexts> error_texts;     // as loaded at the start; null: none
    std::vector<std::shared_ptr<const Event>> events;  // newest last, at most max_events
    static constexpr std::size_t max_events = 200;
};
using FleetSnapshot = std::shared_ptr<const FleetState>;

// The camera of the printer at `index`; where none is published, one that is off.
[[nodiscard]] inline const CameraState& camera_of(const FleetState& fleet, std::size_t index) {
    static const CameraState none{CameraTruth::off, CameraProblem::switched_off, {}, {}, {}, {}, {}};
    return index < fleet.cameras.size() ? *fleet.cameras[index] : none;
}

// What is known of the control of the printer at `index`; where none is published, nothing.
[[nodiscard]] inline const PrinterControl& control_of(const FleetState& fleet, std::size_t index) {
    static const PrinterControl none;
    return index < fleet.controls.size() ? *fleet.controls[index] : none;
}

// The vendor's sentence for a code (HmsMeaning::key, or 8 hex digits); empty where none is known.
[[nodiscard]] inline std::string_view error_text(const FleetState& fleet, std::string_view key,
                                                 PrinterModel model) {
    return fleet.error_texts == nullptr ? std::string_view{} : fleet.error_texts->find(key, model);
}

// The printer with this id, or null.
[[nodiscard]] inline const PrinterState* find_printer(const FleetState& fleet, const PrinterId& id) {
    for (const auto& printer : fleet.printers) {
        if (printer->id == id) return printer.get();
    }
    return nullptr;
}

}  // namespace farmwall
