#pragma once

#include <cstdint>
#include <functional>
#include <string>
#include <vector>

#include "model/action.hpp"
#include "model/printer_state.hpp"

namespace farmwall::wire {

// One message to device/SERIAL/request.
struct OutgoingMessage {
    std::uint32_t sequence_id = 0;
    std::string family;   // "print", "system", "camera": the name of the payload's one member
    std::string command;  // "gcode_line"; family, command and id come back in the printer's echo
    std::string payload;
    int quality_of_service = 0;
    bool surely_answered = true;  // some firmware does not echo it, without any harm (protocol 6.7)
};

// Gives a number that no earlier message had.
using NextSequenceId = std::function<std::uint32_t()>;

// How `action` is said to this printer (protocol 5.5, 6), in the order in which it is to be sent. Pure but
// for the numbers that it takes. The gate was asked before: values are sent as they are, and no order is ever
// given that waits for a temperature (M109, M190). Empty: this printer has nothing that it could be said to.
[[nodiscard]] std::vector<OutgoingMessage> encode(const Action& action, const PrinterState& printer,
                                                  const NextSequenceId& next_sequence_id);

}  // namespace farmwall::wire
