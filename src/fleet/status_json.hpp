#pragma once

#include <string>

#include "base/clock.hpp"
#include "model/events.hpp"
#include "model/printer_state.hpp"

namespace farmwall {

// One printer as a JSON object on one line: the keys of the HTTP contract's status object (null
// when unknown), then ours: `link`, `problem`, `condition`, `available`, `age_sec`, `model`, and the
// counters of the link. Holds no access code and no address of a camera.
[[nodiscard]] std::string status_json(const PrinterState& printer, TimePoint now);

// One event as a JSON object on one line: `event`, `printer`, `when` (Unix seconds), `text`.
[[nodiscard]] std::string event_json(const Event& event);

}  // namespace farmwall
