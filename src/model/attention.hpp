#pragma once

#include <optional>
#include <string>

#include "base/clock.hpp"
#include "model/printer_state.hpp"

namespace farmwall {

// The one word of a tile (design 7), in the order of urgency: the first that applies.
enum class Condition {
    failed,        // needs hands
    runout,        // needs hands
    paused_error,  // needs hands
    refused,       // access code, certificate or serial wrong: needs hands at this program or the printer
    paused,        // by a person
    offline,
    connecting,
    printing,
    preparing,
    finished,  // a plate waits to be cleared
    stopped,   // soft fail: somebody stopped the job
    idle,
    unknown,
};
[[nodiscard]] Condition condition(const PrinterState& printer);
// The same of the newest report alone, however the link is: what was so when it came. `connecting`: it does
// not say what the printer does.
[[nodiscard]] Condition job_condition(const Report& report);
// "PRINTING"
[[nodiscard]] std::string_view word(Condition condition);
[[nodiscard]] bool needs_hands(Condition condition);

// Age of the newest report; nothing before the first.
[[nodiscard]] std::optional<Duration> report_age(const PrinterState& printer, TimePoint now);

}  // namespace farmwall
