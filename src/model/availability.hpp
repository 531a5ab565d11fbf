#pragma once

#include <string_view>

#include "model/printer_state.hpp"

namespace farmwall {

// Whether a new job could be given to the printer, as the HTTP contract has it ("available",
// http-api.md). One function for the API, the screens and the dispatcher.
enum class Availability {
    available,
    not_connected,
    no_report_yet,  // unknown is never available
    busy,           // preparing, printing, paused, heating, calibrating, homing
    failed,         // FAILED with an error: a person must look
    not_ready,      // starting up, or a state this program does not know
    maintenance,    // taken out of service by a person
};
[[nodiscard]] Availability availability(const PrinterState& printer);
[[nodiscard]] bool is_available(const PrinterState& printer);
// The same by what the printer reports alone, connected and in service or not.
[[nodiscard]] Availability report_availability(const PrinterState& printer);
// One sentence for people.
[[nodiscard]] std::string_view sentence(Availability availability);

// Connected in the sense of the HTTP contract: a session stands and is not known to be dead.
[[nodiscard]] bool is_connected(const PrinterState& printer);

}  // namespace farmwall
