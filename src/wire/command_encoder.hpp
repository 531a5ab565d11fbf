#pragma once

#include <vector>

#include "model/action.hpp"
#include "model/printer_state.hpp"
#include "wire/outgoing_message.hpp"

namespace farmwall::wire {

// How `action` is said to this printer (protocol 5.5, 6), in the order in which it is to be sent. Pure but
// for the numbers that it takes. The gate was asked before: values are sent as they are, and no order is ever
// given that waits for a temperature (M109, M190). Empty: this printer has nothing that it could be said to.
[[nodiscard]] std::vector<OutgoingMessage> encode(const Action& action, const PrinterState& printer,
                                                  const NextSequenceId& next_sequence_id);

}  // namespace farmwall::wire
