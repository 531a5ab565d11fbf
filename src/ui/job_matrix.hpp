#pragma once

#include <string>
#include <vector>

#include "ui/pen.hpp"

namespace farmwall::ui {

// What the checks say of one job on every printer, and which printer's line is open. Asked again at most once
// a second, or when it is about another job.
struct MatrixState {
    std::string about;                     // the job and how it is set up
    std::vector<std::vector<Check>> rows;  // by printer
    TimePoint made{};
    std::uint64_t revision = 0;
    PrinterId open;
};
// `job` may be a changed copy of what is queued; `about` names it with its changes.
void refresh_matrix(const Frame& frame, const Job& job, const std::string& about, MatrixState& state);
// The job with what it is set up for, as `about`.
[[nodiscard]] std::string matrix_subject(const Job& job);
// The checks in which some printer does not pass, in their order.
[[nodiscard]] std::vector<CheckKind> telling_columns(const std::vector<std::vector<Check>>& rows);

// Below each other: a line a printer, and all checks of the open one. Ids begin with `id`.
void fill_matrix(Pen& pen, const std::string& id, MatrixState& state);

}  // namespace farmwall::ui
