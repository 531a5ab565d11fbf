#pragma once

#include <string>
#include <string_view>

#include "base/result.hpp"
#include "fleet/intent_queue.hpp"

namespace farmwall {

// One intent as a JSON object, for scripts: {"printer":"a","do":"pause"}; `do` is an action's name
// ("set_nozzle_target") with its members beside it ("celsius", "extruder"), or one of ask_full_report,
// connect_now, trust_certificate, acknowledge_alarm, snooze_alarm, test_alarm_outputs, plate_cleared ("good",
// "reason", "requeue"), unflag_printer. Optional beside a command: "fleet_action". Those about jobs name no
// printer: add_job ("source", "filename", "plate", "printer_id", "copies" …), move_job, edit_job, cancel_job,
// complete_job, remove_job, retry_job, hold_job, release_job, print_again ("job"), dispatch_now. Errors
// (bad_input): one sentence that names the member and what is allowed.
[[nodiscard]] Result<Intent> intent_from_json(std::string_view text, Origin origin);

}  // namespace farmwall
