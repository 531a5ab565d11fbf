#pragma once

#include <string>

#include "fleet/queue_state.hpp"

namespace farmwall {

// The queue as JSON objects. A job has the keys of http-api.md "Jobs and dispatcher" and ours beside them.

[[nodiscard]] std::string job_json(const JobView& view);
// {"removed_job": id}
[[nodiscard]] std::string removed_job_json(const JobId& id);
// {"ticket", "jobs": [id], "error"}
[[nodiscard]] std::string answer_json(const AddAnswer& answer);
// {"desk": printer id, "plate", "job", "flagged" …}
[[nodiscard]] std::string desk_json(const PrinterId& printer, const PrinterDesk& desk);

}  // namespace farmwall
