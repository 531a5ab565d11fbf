#pragma once

#include "model/matching.hpp"
#include "model/printer_state.hpp"
#include "wire/outgoing_message.hpp"

namespace farmwall::wire {

// `project_file` (protocol 7.1 to 7.3) for this printer. Pure but for the one number that it takes. The plan
// is sent as it is: gate_start and plan_filaments were asked before. The printer's answer may stay away
// (7.4).
[[nodiscard]] OutgoingMessage encode_start(const StartPrint& start, const PrinterState& printer,
                                           const NextSequenceId& next_sequence_id);

}  // namespace farmwall::wire
