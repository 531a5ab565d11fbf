#pragma once

#include "model/action.hpp"
#include "model/printer_state.hpp"

namespace farmwall::dispatch {

// Whether the reported state shows what the action wanted (protocol 6.7 "confirmed by").
[[nodiscard]] bool shows_effect(const Action& action, const PrinterState& printer);

// Whether a report can show it at all: no printer reports its position, and of a logo light or an answered
// dialog nothing either. `before`: the state when the action is sent.
[[nodiscard]] bool can_show_effect(const Action& action, const PrinterState& before);

}  // namespace farmwall::dispatch
