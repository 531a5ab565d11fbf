#pragma once

#include <memory>
#include <utility>
#include <vector>

#include "fake_farm.hpp"

// What people and alarms do on the invented farm.
namespace farmwall::test {

namespace detail {

inline CommandStatus command_status(const Action& action, Phase phase, const char* reason = "") {
    CommandStatus status;
    status.action = action;
    status.phase = phase;
    status.reason = reason;
    status.asked_at = status.phase_since = farm_now;
    return status;
}

inline Alarm alarm(const PrinterState& printer, AlarmKind kind, const char* text, std::chrono::minutes ago) {
    Alarm made;
    made.key = {printer.id, kind};
    made.printer_name = printer.name;
    made.text = text;
    made.since = farm_now - ago;
    made.since_wall = WallTime{std::chrono::hours{480'000}} - ago;
    return made;
}

inline std::vector<Alarm> alarms(const FleetState& fleet) {
    using std::chrono::minutes;
    std::vector<Alarm> all;
    const auto add = [&](std::size_t index, AlarmKind kind, const char* text, int ago) -> Alarm& {
        return all.emplace_back(alarm(*fleet.printers[index], kind, text, minutes{ago}));
    };
    Alarm& failed = add(7, AlarmKind::print_failed, "The print failed with 0300-800B.", 42);
    failed.level = 2;
    add(6, AlarmKind::offline_while_printing, "The printer went away while it printed.", 7).times = 3;
    add(9, AlarmKind::runout, "Filament ran out in tray A2.", 3).snoozed_until = farm_now + minutes{8};
    add(4, AlarmKind::waiting_for_clearing, "Finished; the plate waits to be cleared.", 12);
    add(11, AlarmKind::paused_by_error, "Paused by a stuck cutter.", 65).acknowledged = true;
    return all;
}

}  // namespace detail

// The farm with commands in every phase, alarms and outputs; of at least 12 printers.
inline FleetSnapshot with_hands(const FleetSnapshot& fleet) {
    auto next = std::make_shared<FleetState>(*fleet);
    next->controls.assign(next->printers.size(), std::make_shared<const PrinterControl>());
    PrinterControl busy;
    const auto add = [&](const CommandStatus& status) {
        busy.commands.push_back(std::make_shared<const CommandStatus>(status));
    };
    add(detail::command_status(Pause{}, Phase::sent));
    add(detail::command_status(SetLight{Lamp::chamber, true}, Phase::confirmed));
    add(detail::command_status(SetSpeed{3}, Phase::accepted));
    add(detail::command_status(SetBedTarget{80}, Phase::accepted));
    add(detail::command_status(SetFan{Fan::part, 40}, Phase::failed, "The printer refused it."));
    busy.position = Position{128, 128, 10};
    busy.selected_tray = TraySource{TraySource::Kind::ams, 0, 2};
    busy.foreign =
        ForeignCommand{"gcode_line", WallTime{std::chrono::hours{480'000}} - std::chrono::seconds{12}};
    next->controls[0] = next->controls[3] = std::make_shared<const PrinterControl>(std::move(busy));
    next->alarms = std::make_shared<const std::vector<Alarm>>(detail::alarms(*next));
    next->alarm_outputs = {
        std::make_shared<const OutputHealth>(OutputHealth{"sound", true, "Plays on the default device."}),
        std::make_shared<const OutputHealth>(
            OutputHealth{"webhook", false, "The last message was not taken: the server answered 500."})};
    return next;
}

}  // namespace farmwall::test
