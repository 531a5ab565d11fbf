#pragma once

#include <optional>

#include "base/clock.hpp"
#include "model/gate.hpp"
#include "model/printer_state.hpp"

namespace farmwall {

// Single questions of gate_start() (matching.hpp) that the matrix asks as well. Pure.

// What is known may be no older when a print is started (protocol 7.4).
inline constexpr Duration start_stale_after = std::chrono::seconds{60};

// device.type says so, or is not reported.
[[nodiscard]] bool prints_filament(const Report& report);
// Why nothing can be printed from the storage; nothing: it is there and writable.
[[nodiscard]] std::optional<Refusal> storage_refusal(const Report& report);
// An HMS entry of the highest severity: it describes a condition that is still true.
[[nodiscard]] bool has_fatal_hms(const Report& report);

}  // namespace farmwall
