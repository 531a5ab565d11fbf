#pragma once

#include <optional>
#include <string>
#include <vector>

#include "ui/add_panel.hpp"
#include "ui/job_matrix.hpp"
#include "ui/plate_cards.hpp"
#include "ui/thumbnails.hpp"

namespace farmwall::ui {

enum class JobsView { queue, timeline, plates };

// The first of two steps was taken. Over as soon as the job is in another phase.
struct ArmedOrder {
    JobId job;
    JobOrder order = JobOrder::cancel;
    JobPhase phase = JobPhase::queued;
};
// What lives between frames of the jobs.
struct JobsState {
    JobsView view = JobsView::queue;
    JobId selected;
    std::optional<ArmedOrder> armed;
    std::string note;  // what became of the last press
    MatrixState matrix;
    AddState add;
    PlatesState plates;
    Thumbnails thumbnails;
};

// `pictures` of the cameras are drawn with the plates alone.
void draw_jobs(const Frame& frame, const std::vector<CachedPicture>& pictures, JobsState& state);
// Something is on its way that shows as soon as it is there: draw again.
[[nodiscard]] bool jobs_move(const JobsState& state);

}  // namespace farmwall::ui
