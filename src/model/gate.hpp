#pragma once

#include <array>
#include <optional>
#include <string>
#include <string_view>

#include "base/clock.hpp"
#include "model/action.hpp"
#include "model/controls.hpp"
#include "model/printer_state.hpp"

namespace farmwall {

// Why an action may not be done now. Each has one constant sentence for people.
enum class Refusal {
    offline,               // no session with the printer
    half_dead,             // commands vanish; a new session is being opened
    no_report_yet,         // nothing is known of this session's printer
    stale_report,          // what is known is too old to act on
    needs_developer_mode,  // the firmware takes unsigned commands only in Developer Mode
    busy,                  // printing, preparing, paused, or changing filament
    unknown_model,         // how far it may move is not known
    unknown_state,         // a state this program does not know
    not_fitted,            // this printer has no such thing
    out_of_range,          // a number outside what the model allows
    nothing_to_pause,
    nothing_to_resume,
    nothing_to_stop,
    nothing_to_clear,
    not_printing,    // only while a print runs
    not_homed,       // the printer has not said that all axes are homed
    step_too_long,   // a jog of more than 50 mm
    outside_volume,  // a jog that leaves the build volume
    no_such_tray,
    tray_empty,
    nothing_loaded,
    no_dialog,       // the printer asks nothing
    nothing_to_dry,  // no unit of that kind dries
    not_drying,
    already_skipped,
    maintenance,        // a person took the printer out of service
    shows_error,        // FAILED with an error, or a fatal condition that lasts
    not_fdm,            // a laser or cutter is set up
    no_storage,         // nothing that a print could be read from
    storage_read_only,  // nothing can be put there
    under_way,          // the same action on the same thing waits for its answer
    another_job,        // another print runs than the one that was looked at
    too_many,           // more commands wait than can be told apart
};
[[nodiscard]] std::string_view sentence(Refusal refusal);
// "stale_report", for JSON and history.
[[nodiscard]] std::string_view name(Refusal refusal);
// The sentence with the limits where there are some: "The bed goes up to 100 °C."
[[nodiscard]] std::string explain(Refusal refusal, const Action& action, const PrinterState& printer);

// Where the nozzle is by dead reckoning, in mm from the front left corner of the bed. Printers do not report
// it (protocol 6.3): it begins with a home of ours and ends with anything else that moves the printer.
struct Position {
    double x = 0;
    double y = 0;
    double z = 0;
    friend bool operator==(const Position&, const Position&) = default;
};
// After homing: over the middle of the bed, reckoned as if on it, so that the first move goes up.
[[nodiscard]] Position home_position(const Millimetres3& volume);

inline constexpr double longest_jog_mm = 50;
inline constexpr int slowest_jog_mm_per_min = 60;
inline constexpr int fastest_jog_mm_per_min = 6000;
// A session with a living printer hears something every minute, at least the answer to a probe.
inline constexpr Duration stale_after = std::chrono::seconds{90};

// Whether `action` may be done to the printer as it is known at `now`; nothing: it may. Pure; asked by the
// screens (to disable a control and say why), by the dispatcher and by the link just before sending. What is
// not known is refused. There is no way around it.
[[nodiscard]] std::optional<Refusal> gate(const Action& action, const PrinterState& printer,
                                          const std::optional<Position>& position, TimePoint now);

// What a printer works on, so that a command meant for one print does not meet the next.
struct JobIdentity {
    std::string subtask_id;
    std::string name;
    friend bool operator==(const JobIdentity&, const JobIdentity&) = default;
};
[[nodiscard]] JobIdentity job_identity(const Report& report);

}  // namespace farmwall
