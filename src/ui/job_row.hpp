#pragma once

#include "ui/job_text.hpp"
#include "ui/jobs_screen.hpp"

namespace farmwall::ui {

[[nodiscard]] float job_row_height(const Widgets& widgets);
// One job of the list with its quick buttons; a press elsewhere selects it. Ids: jobs/row/ID, jobs/ID/…
void draw_job_row(const Frame& frame, const Rect& box, const JobView& view, JobsState& state);
// The thumbnail of a plate, or a sign that there is none.
void draw_thumbnail(const Frame& frame, const Rect& box, const Job& job, int plate, Thumbnails& thumbnails);
// The bar of what moves with its words; nothing else is drawn. Returns whether there is any.
bool draw_job_progress(const Frame& frame, const Rect& box, const JobView& view);
// Sends an order, or takes its first step where it destroys something.
void give_order(const Frame& frame, const Job& job, const JobOffer& offer, JobsState& state);

// All that is known of the chosen job, all that can be done to it, and the matrix.
void draw_job_detail(const Frame& frame, const Rect& box, JobsState& state);

}  // namespace farmwall::ui
