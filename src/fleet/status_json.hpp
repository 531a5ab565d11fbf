#pragma once

#include <string>

#include "base/clock.hpp"
#include "model/camera_state.hpp"
#include "model/events.hpp"
#include "model/printer_state.hpp"

namespace farmwall {

// One printer as a JSON object on one line: the keys of the HTTP contract's status object (null
// when unknown), then ours: `link`, `problem`, `condition`, `available`, `age_sec`, `model`, the
// counters of the link, and `camera` {truth, problem, detail, picture_age_sec, new_certificate}. Holds no
// access code and no address of a camera.
[[nodiscard]] std::string status_json(const PrinterState& printer, const CameraState& camera, TimePoint now);

// One event as a JSON object on one line: `event`, `printer`, `when` (Unix seconds), `text`.
[[nodiscard]] std::string event_json(const Event& event);

}  // namespace farmwall
