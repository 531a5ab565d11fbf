#pragma once

#include <string>
#include <string_view>

#include "base/result.hpp"
#include "model/printer_state.hpp"

namespace farmwall::wire {

// Everything that the program understands of a printer, as indented JSON; null is "unknown". Holds
// no serial number, no address and no access code.
[[nodiscard]] std::string understood_json(const PrinterState& printer);

// Reads recorded traffic and says as indented JSON what is understood: each message with its kind
// and its lost fields or its error, then the state after the last one. The text is either a
// recording ({"fixture", "pushall", "get_version", "deltas"}), one bare message, or bare messages
// one a line, a topic before each being allowed. Errors (bad_input): empty, or not one message in it
// can be read.
[[nodiscard]] Result<std::string> inspect(std::string_view file_text);

}  // namespace farmwall::wire
