#include "app/watch.hpp"

#include <algorithm>

#include "fleet/control_json.hpp"
#include "fleet/job_json.hpp"
#include "fleet/status_json.hpp"

namespace farmwall::app {
namespace {

bool holds(const std::vector<std::shared_ptr<const CommandStatus>>& commands,
           const std::shared_ptr<const CommandStatus>& wanted) {
    return std::find(commands.begin(), commands.end(), wanted) != commands.end();
}

}  // namespace

void Watch::look(const FleetSnapshot& now, TimePoint time) {
    if (now->revision == seen_->revision) return;
    for (const auto& event : now->events) {
        const auto& old = seen_->events;
        if (std::find(old.begin(), old.end(), event) == old.end()) write_line_(event_json(*event));
    }
    for (std::size_t i = 0; i < now->printers.size(); ++i) {
        const CameraState& camera = camera_of(*now, i);
        const bool same = i < seen_->printers.size() && seen_->printers[i] == now->printers[i] &&
                          &camera_of(*seen_, i) == &camera;
        if (!same) write_line_(status_json(*now->printers[i], camera, time));
        look_at_control(*now, i);
    }
    if (now->alarms && now->alarms != seen_->alarms) write_line_(alarms_json(*now->alarms, time));
    look_at_jobs(*now);
    seen_ = now;
}

void Watch::look_at_jobs(const FleetState& now) {
    if (now.queue == nullptr || now.queue == seen_->queue) return;
    const QueueState& queue = *now.queue;
    const QueueState* before = seen_->queue.get();
    for (const AddAnswer& answer : queue.answers) {
        const bool old = before != nullptr && std::find(before->answers.begin(), before->answers.end(),
                                                        answer) != before->answers.end();
        if (!old) write_line_(answer_json(answer));
    }
    for (const auto& view : queue.jobs) {
        const JobView* known = find_job(before, view->job->id);
        if (known != view.get()) write_line_(job_json(*view));
    }
    if (before != nullptr) {
        for (const auto& view : before->jobs) {
            if (find_job(&queue, view->job->id) == nullptr) write_line_(removed_job_json(view->job->id));
        }
    }
    for (std::size_t i = 0; i < queue.desks.size() && i < now.printers.size(); ++i) {
        if (&desk_of(before, i) != queue.desks[i].get())
            write_line_(desk_json(now.printers[i]->id, *queue.desks[i]));
    }
    if (before == nullptr || before->problem != queue.problem) {
        if (!queue.problem.empty()) write_line_(problem_json(queue.problem));
    }
}

void Watch::look_at_control(const FleetState& now, std::size_t printer) {
    const PrinterControl& control = control_of(now, printer);
    const PrinterControl& before = control_of(*seen_, printer);
    if (&control == &before) return;
    for (const auto& command : control.commands) {
        if (!holds(before.commands, command)) write_line_(command_json(*command));
    }
    const bool same = control.position == before.position && control.selected_tray == before.selected_tray &&
                      control.foreign == before.foreign;
    if (!same) write_line_(control_json(now.printers[printer]->id, control));
}

}  // namespace farmwall::app
