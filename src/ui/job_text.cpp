#include "ui/job_text.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>

#include "base/text.hpp"
#include "ui/text_format.hpp"

namespace farmwall::ui {
namespace {

using namespace std::chrono_literals;

std::string printer_name(const FleetState& fleet, const PrinterId& id) {
    const PrinterState* const printer = find_printer(fleet, id);
    return printer == nullptr ? id.value : printer->name;
}

// Whole local days between two moments, by what the clock shows at both.
int days_between(WallTime from, WallTime to) {
    const auto minutes_of = [](const std::string& clock) {
        const auto hours = parse_int(std::string_view{clock}.substr(0, 2)).value_or(0);
        const auto minutes = parse_int(std::string_view{clock}.substr(3, 2)).value_or(0);
        return std::chrono::minutes{hours * 60 + minutes};
    };
    const auto midnight = [&](WallTime at) {
        return std::chrono::floor<std::chrono::minutes>(at) - minutes_of(clock_text(at));
    };
    const auto apart = midnight(to) - midnight(from);
    return static_cast<int>(std::lround(static_cast<double>(apart.count()) / (24 * 60)));
}

bool waits(JobPhase phase) {
    return phase == JobPhase::queued || phase == JobPhase::held || phase == JobPhase::slicing;
}

// The places in the queue of the jobs that can be moved.
std::vector<std::size_t> movable(const QueueState& queue) {
    std::vector<std::size_t> found;
    for (std::size_t i = 0; i < queue.jobs.size(); ++i) {
        if (waits(queue.jobs[i]->job->phase)) found.push_back(i);
    }
    return found;
}

}  // namespace

std::string_view phase_word(JobPhase phase) {
    switch (phase) {
        case JobPhase::queued:
            return "Waiting";
        case JobPhase::held:
            return "Held";
        case JobPhase::slicing:
            return "Slicing";
        case JobPhase::claimed:
            return "Next";
        case JobPhase::uploading:
            return "Uploading";
        case JobPhase::starting:
            return "Starting";
        case JobPhase::running:
            return "Printing";
        case JobPhase::completed:
            return "Done";
        case JobPhase::failed:
            return "Failed";
        case JobPhase::canceled:
            return "Canceled";
    }
    return "";
}

Condition phase_condition(JobPhase phase) {
    switch (phase) {
        case JobPhase::queued:
            return Condition::idle;
        case JobPhase::held:
            return Condition::paused;
        case JobPhase::slicing:
        case JobPhase::claimed:
        case JobPhase::uploading:
        case JobPhase::starting:
            return Condition::preparing;
        case JobPhase::running:
            return Condition::printing;
        case JobPhase::completed:
            return Condition::finished;
        case JobPhase::failed:
            return Condition::failed;
        case JobPhase::canceled:
            return Condition::stopped;
    }
    return Condition::unknown;
}

std::string job_title(const Job& job) {
    std::string_view name = job.file_name;
    for (const std::string_view ending : {".3mf", ".gcode", ".stl", ".obj"}) {
        if (name.size() > ending.size() && iequals(name.substr(name.size() - ending.size()), ending))
            name.remove_suffix(ending.size());
    }
    return std::string{name};
}

std::string target_text(const Job& job, const FleetState& fleet) {
    if (job.assigned) return "on " + printer_name(fleet, *job.assigned);
    if (job.printer) return "for " + printer_name(fleet, *job.printer);
    return job.tag.empty() ? "for any printer" : "for any with " + job.tag;
}

std::string plate_text(const Job& job) {
    if (job.sliced == nullptr) return job.phase == JobPhase::slicing ? "" : "not sliced yet";
    std::string text;
    const auto add = [&](const std::string& part) { text += (text.empty() ? "" : " · ") + part; };
    const std::size_t plates = job.sliced->plates.size();
    if (plates != 1 || job.plate != 1) add(fmt::format("plate {} of {}", job.plate, plates));
    const SlicedPlate* const plate = plate_of(job);
    if (plate == nullptr) {
        add("no such plate");
        return text;
    }
    if (plate->prediction)
        add(minutes_text(
            static_cast<int>(std::chrono::ceil<std::chrono::minutes>(*plate->prediction).count())));
    if (plate->grams) add(fmt::format("{:.0f} g", *plate->grams));
    return text;
}

std::string filament_text(const SlicedPlate& plate) {
    std::string text;
    for (const SlicedFilament& filament : plate.filaments) {
        if (!text.empty()) text += ", ";
        text += filament.material.empty() ? "unknown material" : filament.material;
        if (filament.grams > 0) text += fmt::format(" {:.0f} g", std::max(1.0, filament.grams));
    }
    return text;
}

std::optional<Color> filament_color(std::string_view hex) {
    if (hex.size() != 6 && hex.size() != 8) return std::nullopt;
    const auto value = parse_hex(hex.substr(0, 6));
    if (!value) return std::nullopt;
    return color_from_rgba(static_cast<std::uint32_t>(*value << 8U) | 0xFFU);
}

std::string progress_text(const JobView& view) {
    const double share = std::clamp(view.progress, 0.0, 1.0);
    const std::string percent = fmt::format("{:.0f} %", std::floor(share * 100));
    switch (view.job->phase) {
        case JobPhase::slicing:
        case JobPhase::running:
            return percent;
        case JobPhase::uploading:
            return view.bytes_per_second == 0 ? percent
                                              : fmt::format("{} · {:.1f} MB/s", percent,
                                                            static_cast<double>(view.bytes_per_second) / 1e6);
        case JobPhase::queued:
        case JobPhase::held:
        case JobPhase::claimed:
        case JobPhase::starting:
        case JobPhase::completed:
        case JobPhase::failed:
        case JobPhase::canceled:
            return {};
    }
    return {};
}

std::string why_text(const JobView& view) {
    if (!view.waiting.empty()) return view.waiting;
    if (!view.job->error.empty()) return view.job->error;
    return view.slicer_line;
}

std::string moment_text(WallTime when, WallTime now) {
    const int days = days_between(now, when);
    if (days == 0) return clock_text(when);
    if (days == 1) return "tomorrow " + clock_text(when);
    if (days == -1) return "yesterday " + clock_text(when);
    return days > 0 ? fmt::format("in {} d {}", days, clock_text(when))
                    : fmt::format("{} d ago {}", -days, clock_text(when));
}

std::string forecast_text(const Forecast* forecast, const JobId& job, WallTime now) {
    if (forecast == nullptr) return {};
    const auto found = std::find_if(forecast->jobs.begin(), forecast->jobs.end(),
                                    [&](const ForecastEntry& entry) { return entry.job == job; });
    if (found == forecast->jobs.end()) return {};
    if (!found->start) return found->printer ? std::string{} : "fits no printer";
    const std::string before = found->estimated ? "~ " : "";
    if (!found->end) return before + "from " + moment_text(*found->start, now);
    return before + moment_text(*found->start, now) + " – " + clock_text(*found->end);
}

std::string dispatch_text(const QueueState& queue, WallTime now) {
    if (!queue.last_dispatch || queue.last_result == nullptr) return "Nothing was dispatched yet";
    const DispatchResult& result = *queue.last_result;
    const auto started = static_cast<int>(result.dispatched.size());
    const auto failed = static_cast<int>(result.failed.size());
    const int left = std::max(0, result.queued - started - failed);
    std::string text = fmt::format("{} started, ", started);
    if (failed > 0) text += fmt::format("{} failed, ", failed);
    text += fmt::format("{} wait{}, ", left, left == 1 ? "s" : "");
    const auto age = std::chrono::duration_cast<std::chrono::seconds>(now - *queue.last_dispatch).count();
    if (age < 1) return text + "just now";
    if (age < 60) return text + fmt::format("{} s ago", age);
    return text + minutes_text(static_cast<int>(age / 60)) + " ago";
}

QueueFigures queue_figures(const FleetState& fleet, WallTime now) {
    QueueFigures figures;
    figures.next_free = figures.plate_changes = figures.runs_dry = "–";
    if (fleet.queue == nullptr) return figures;
    for (const auto& view : fleet.queue->jobs) {
        const JobPhase phase = view->job->phase;
        if (phase == JobPhase::queued || phase == JobPhase::slicing) ++figures.waiting;
        if (phase == JobPhase::held) ++figures.held;
        if (holds_printer(phase)) ++figures.printing;
    }
    const Forecast* const forecast = fleet.queue->forecast.get();
    if (forecast == nullptr) return figures;
    if (forecast->next_free && *forecast->next_free < fleet.printers.size()) {
        figures.next_free = fleet.printers[*forecast->next_free]->name;
        if (forecast->next_free_at)
            figures.next_free +=
                *forecast->next_free_at <= now ? " now" : " " + moment_text(*forecast->next_free_at, now);
    }
    figures.plate_changes = fmt::format("{:.1f} / h", forecast->plate_changes_per_hour);
    figures.runs_dry = forecast->runs_dry ? moment_text(*forecast->runs_dry, now) : "empty";
    return figures;
}

std::vector<JobOffer> job_offers(const Job& job) {
    const JobPhase phase = job.phase;
    std::vector<JobOffer> offers;
    if (phase == JobPhase::queued) offers.push_back({JobOrder::hold, "Hold back", false, {}});
    if (phase == JobPhase::held) {
        offers.push_back({JobOrder::release, "Release", false,
                          job.sliced == nullptr ? "It has to be sliced or inspected first." : ""});
    }
    if (phase == JobPhase::held || phase == JobPhase::failed || phase == JobPhase::canceled)
        offers.push_back({JobOrder::retry, "Retry", false, {}});
    offers.push_back({JobOrder::again, "Print again", false, {}});
    if (!is_over(phase)) {
        offers.push_back({JobOrder::cancel, "Cancel", holds_printer(phase), {}});
        const bool may_be_done = phase == JobPhase::running || phase == JobPhase::starting ||
                                 phase == JobPhase::held || phase == JobPhase::queued;
        offers.push_back({JobOrder::complete, "Complete", true,
                          may_be_done ? "" : "Its file is still on the way: cancel it instead."});
    }
    offers.push_back({JobOrder::remove, "Remove", true,
                      holds_printer(phase) ? "It holds a printer: cancel it first." : ""});
    return offers;
}

std::string_view why_not_moved(const Job& job) {
    if (waits(job.phase)) return {};
    return is_over(job.phase) ? "It is over." : "It holds a printer already.";
}

std::optional<MoveJob> move_up(const QueueState& queue, const JobId& job) {
    const auto places = movable(queue);
    for (std::size_t i = 1; i < places.size(); ++i) {
        if (queue.jobs[places[i]]->job->id == job) return MoveJob{job, queue.jobs[places[i - 1]]->job->id};
    }
    return std::nullopt;
}

std::optional<MoveJob> move_down(const QueueState& queue, const JobId& job) {
    const auto places = movable(queue);
    for (std::size_t i = 0; i + 1 < places.size(); ++i) {
        if (queue.jobs[places[i]]->job->id != job) continue;
        return MoveJob{job, i + 2 < places.size() ? queue.jobs[places[i + 2]]->job->id : JobId{}};
    }
    return std::nullopt;
}

std::string confirm_question(JobOrder order, const Job& job, const FleetState& fleet) {
    const std::string what = job_title(job);
    const std::string where = job.assigned ? printer_name(fleet, *job.assigned) : std::string{};
    switch (order) {
        case JobOrder::cancel:
            return where.empty() ? fmt::format("Cancel {}?", what)
                                 : fmt::format("Cancel {}? What {} does for it is stopped.", what, where);
        case JobOrder::complete:
            return where.empty()
                       ? fmt::format("Call {} done, although it was not printed from here?", what)
                       : fmt::format("Call {} done? {} goes on with whatever it does.", what, where);
        case JobOrder::remove:
            return fmt::format("Remove {} from the list, and its file where no other job needs it?", what);
        case JobOrder::retry:
        case JobOrder::hold:
        case JobOrder::release:
        case JobOrder::again:
            return {};
    }
    return {};
}

std::string_view confirm_label(JobOrder order) {
    switch (order) {
        case JobOrder::cancel:
            return "Hold to cancel it";
        case JobOrder::complete:
            return "Hold: it is done";
        case JobOrder::remove:
            return "Hold to remove";
        case JobOrder::retry:
        case JobOrder::hold:
        case JobOrder::release:
        case JobOrder::again:
            return "Hold to confirm";
    }
    return "Hold to confirm";
}

std::string_view column_word(CheckKind kind) {
    static constexpr std::string_view words[check_kinds] = {
        "Online",      "Report",     "Service", "Dev mode", "Idle",   "Plate",
        "Machine",     "Storage",    "Target",  "File",     "Model",  "Nozzle",
        "Nozzle type", "Plate type", "Space",   "Filament", "Amount", "Humidity"};
    const auto at = static_cast<std::size_t>(kind);
    return at < std::size(words) ? words[at] : std::string_view{};
}

std::string_view check_words(CheckKind kind) {
    static constexpr std::string_view words[check_kinds] = {
        "Online",      "Fresh report",    "In service",  "Developer Mode", "Idle",
        "Plate clear", "Kind of machine", "Storage",     "Asked for",      "Plate of the file",
        "Model",       "Nozzle diameter", "Nozzle type", "Plate type",     "Free space",
        "Filament",    "Amount left",     "Humidity"};
    const auto at = static_cast<std::size_t>(kind);
    return at < std::size(words) ? words[at] : std::string_view{};
}

std::string verdict_text(const std::vector<Check>& checks) {
    const auto count = [&](Verdict verdict) {
        return std::count_if(checks.begin(), checks.end(),
                             [&](const Check& check) { return check.verdict == verdict; });
    };
    const auto against = count(Verdict::refuse);
    const auto warnings = count(Verdict::warn);
    if (against > 0) return fmt::format("{} against it", against);
    if (warnings == 0) return "can print";
    return fmt::format("can print, {} warning{}", warnings, warnings == 1 ? "" : "s");
}

std::optional<Verdict> worst_of(const std::vector<Check>& checks, CheckKind kind) {
    std::optional<Verdict> worst;
    for (const Check& check : checks) {
        if (check.kind != kind) continue;
        if (!worst || static_cast<int>(check.verdict) > static_cast<int>(*worst)) worst = check.verdict;
    }
    return worst;
}

bool asks_for_plate(const PrinterState& printer, const PrinterDesk& desk) {
    if (desk.plate.state == PlateState::clear) return false;
    const JobState state = printer.report.state.value_or(JobState::unknown);
    return state != JobState::running && state != JobState::pause && state != JobState::prepare &&
           state != JobState::slicing;
}

std::string plate_state_text(const PlateRecord& plate, WallTime now) {
    const std::string since = plate.since ? " since " + moment_text(*plate.since, now) : "";
    switch (plate.state) {
        case PlateState::unknown:
            return "Nobody has said whether the plate is free.";
        case PlateState::occupied:
            return "Occupied" + since + (plate.print.empty() ? "" : ": " + plate.print);
        case PlateState::clear: {
            if (!plate.last_good) return "Clear" + since;
            if (*plate.last_good) return "Clear" + since + "; the last print was good";
            return "Clear" + since + "; the last print was bad" +
                   (plate.last_reason.empty() ? "" : ": " + plate.last_reason);
        }
    }
    return {};
}

std::string skip_text(const SlicedPlate& plate, std::size_t skipped) {
    if (!plate.labelled_objects)
        return "This file does not name its objects in the print: none of them can be skipped.";
    const std::size_t all = plate.objects.size();
    if (all < 2) return "The plate has a single object: to leave it out, stop the print.";
    return fmt::format("{} of {} objects are left.", all - std::min(skipped, all), all);
}

}  // namespace farmwall::ui
