#pragma once

#include <string>
#include <vector>

#include "model/job.hpp"
#include "model/matching.hpp"

namespace farmwall::dispatch {

// Why a job has not started, in one sentence: what keeps the printers that could print it, or why none could.
// `matches`: one a printer, in config order; `target`: the place of the printer that the job asks for.
[[nodiscard]] std::string waiting_text(const std::vector<Match>& matches, std::optional<std::size_t> target);

}  // namespace farmwall::dispatch
