#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "fleet/fleet_state.hpp"
#include "fleet/intent_queue.hpp"
#include "model/attention.hpp"
#include "ui/color.hpp"

// Pure texts of jobs, plates and the queue.
namespace farmwall::ui {

// One word for people: "Waiting", "Held", "Printing".
[[nodiscard]] std::string_view phase_word(JobPhase phase);
// Whose shape and colour a job in this phase has.
[[nodiscard]] Condition phase_condition(JobPhase phase);

// A name for people: the file's without the endings of sliced files.
[[nodiscard]] std::string job_title(const Job& job);
// "on X1C-01", "for X1C-01", "for any printer", "for any with pla-only".
[[nodiscard]] std::string target_text(const Job& job, const FleetState& fleet);
// "plate 2 of 3 · 1 h 20 min · 45 g"; what the file does not say is left out.
[[nodiscard]] std::string plate_text(const Job& job);
// "PLA 12 g, PETG 3 g"; empty where nothing is known.
[[nodiscard]] std::string filament_text(const SlicedPlate& plate);
// RRGGBB or RRGGBBAA; nothing for anything else.
[[nodiscard]] std::optional<Color> filament_color(std::string_view hex);
// "37 %", of an upload with "4.2 MB/s"; empty where nothing moves.
[[nodiscard]] std::string progress_text(const JobView& view);
// Why it waits, is held, failed or was canceled; else what the slicer does; empty: nothing to say.
[[nodiscard]] std::string why_text(const JobView& view);
// "14:20 – 16:05", "tomorrow 02:10 – 04:00", "~" before an estimate, "fits no printer"; empty: not forecast.
[[nodiscard]] std::string forecast_text(const Forecast* forecast, const JobId& job, WallTime now);
// "14:20", with "tomorrow" or "in 3 d" before it when it is not today.
[[nodiscard]] std::string moment_text(WallTime when, WallTime now);

// "2 started, 1 failed, 3 wait, 10 s ago"; what was never done is said so.
[[nodiscard]] std::string dispatch_text(const QueueState& queue, WallTime now);
// What the queue is like now.
struct QueueFigures {
    int waiting = 0;
    int held = 0;
    int printing = 0;
    std::string next_free;      // "X1C-01 14:20"; "–"
    std::string plate_changes;  // "2.4 / h"
    std::string runs_dry;       // "18:40"; "empty"
};
[[nodiscard]] QueueFigures queue_figures(const FleetState& fleet, WallTime now);

// Something that can be done to a job.
struct JobOffer {
    JobOrder order = JobOrder::cancel;
    std::string_view label;
    bool destroys = false;  // asks a second time
    std::string why;        // it may not be done now; empty: it may
};
// In the order of the buttons; what makes no sense in this phase is left out.
[[nodiscard]] std::vector<JobOffer> job_offers(const Job& job);
// Whether it is moved within the queue; empty: it is, else why not.
[[nodiscard]] std::string_view why_not_moved(const Job& job);
// The wish that moves the job one place up or down among those that wait; nothing: it is there already, or is
// not moved at all.
[[nodiscard]] std::optional<MoveJob> move_up(const QueueState& queue, const JobId& job);
[[nodiscard]] std::optional<MoveJob> move_down(const QueueState& queue, const JobId& job);
// What a person agrees to with the second step.
[[nodiscard]] std::string confirm_question(JobOrder order, const Job& job, const FleetState& fleet);
// "Hold to cancel".
[[nodiscard]] std::string_view confirm_label(JobOrder order);

// A short title of the matrix: "Plate", "Nozzle".
[[nodiscard]] std::string_view column_word(CheckKind kind);
// The whole title: "Nozzle diameter".
[[nodiscard]] std::string_view check_words(CheckKind kind);
// "can print", "can print, 2 warnings", "2 against it".
[[nodiscard]] std::string verdict_text(const std::vector<Check>& checks);
// The worst of a kind; nothing where none is of it.
[[nodiscard]] std::optional<Verdict> worst_of(const std::vector<Check>& checks, CheckKind kind);

// Whether a person should say that the plate is free: it is not known to be, and nothing prints there.
[[nodiscard]] bool asks_for_plate(const PrinterState& printer, const PrinterDesk& desk);
// "Occupied since 14:20: gear_m2", "Clear; the last print was good".
[[nodiscard]] std::string plate_state_text(const PlateRecord& plate, WallTime now);
// "12 of 16 objects are left"; why none can be skipped.
[[nodiscard]] std::string skip_text(const SlicedPlate& plate, std::size_t skipped);

}  // namespace farmwall::ui
