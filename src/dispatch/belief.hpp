#pragma once

#include <string>

#include "model/job.hpp"
#include "model/printer_state.hpp"

namespace farmwall::dispatch {

// What a report says of a print that we started, or tried to (protocol 7.4, 12.3). Pure.
enum class Sighting {
    unknown,        // no full report of this session, or a state that decides nothing
    nothing,        // at rest, and what it shows is not ours
    landed,         // at rest, or starting up, and shows our print: it was taken over, or is over
    ours_active,    // it works on ours
    ours_finished,  // FINISH with ours
    ours_ended,     // FAILED or IDLE with ours
    other_active,   // it works on something else
};
[[nodiscard]] Sighting sight(const PrinterState& printer, const StartAttempt& ours,
                             const std::string& subtask_name);

// Tells one print of a printer from the next as far as its report can; empty: it shows none.
[[nodiscard]] std::string print_mark(const Report& report);

// The same, and "none" where the report shows none: what was seen at one moment.
[[nodiscard]] std::string seen_mark(const Report& report);
// Whether the mark now is another print's than what was seen before; where that is empty (nothing was known),
// it is not.
[[nodiscard]] bool is_other_print(const std::string& seen_before, const std::string& mark_now);

// The name that the printer shows for a job: the file's without its ending, at most 80 bytes.
[[nodiscard]] std::string subtask_name_of(const Job& job);
// The file's name on the printer's storage: ours by its beginning, another one for each attempt
// (protocol 9.5).
[[nodiscard]] std::string remote_name_of(const Job& job, int task_id);
inline constexpr std::string_view remote_prefix = "farmwall-";

// Filament was in the toolhead or a tray in use: without it a printer prints air (protocol 7.5). Nothing: the
// report does not tell.
[[nodiscard]] std::optional<bool> shows_filament(const Report& report);

}  // namespace farmwall::dispatch
