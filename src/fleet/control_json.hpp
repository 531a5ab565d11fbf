#pragma once

#include <string>

#include "base/clock.hpp"
#include "fleet/fleet_state.hpp"
#include "model/alarm.hpp"
#include "model/command.hpp"

namespace farmwall {

// One command as a JSON object on one line: `command` (its id), `printer`, `do`, `title`, `phase`, `refusal`,
// `reason`, `origin`, `fleet_action`.
[[nodiscard]] std::string command_json(const CommandStatus& command);

// All standing alarms on one line: {"alarms":[{printer, alarm, text, acknowledged, …}]}.
[[nodiscard]] std::string alarms_json(const std::vector<Alarm>& alarms, TimePoint now);

// {"control":printer, "position":{x,y,z} or null, "selected_tray":text or null, "foreign":text or null}.
[[nodiscard]] std::string control_json(const PrinterId& printer, const PrinterControl& control);

// {"problem":text}: an intent that could not be understood.
[[nodiscard]] std::string problem_json(const std::string& problem);

}  // namespace farmwall
