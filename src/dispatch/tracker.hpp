#pragma once

#include <cstddef>
#include <deque>
#include <memory>
#include <optional>
#include <string>
#include <variant>
#include <vector>

#include "base/clock.hpp"
#include "dispatch/ports.hpp"
#include "fleet/fleet_state.hpp"
#include "model/command.hpp"

namespace farmwall::dispatch {

// How long to wait for what.
struct TrackerTimes {
    Duration answer = std::chrono::seconds{10};          // for the echo (protocol 3.7)
    Duration effect = std::chrono::seconds{10};          // for the reported state, counted from the echo
    Duration stop_effect = std::chrono::seconds{30};     // a stop while preparing (protocol 6.1)
    Duration filament_effect = std::chrono::minutes{5};  // heating, cutting, pulling back, feeding
    Duration late = std::chrono::minutes{1};             // a late answer still betters an `unknown`
};

// Hand this to the session.
struct SendAction {
    std::size_t printer = 0;
    CommandId command = 0;
    Action action;
    std::optional<Position> position;
    std::optional<JobIdentity> seen_job;
};
// The command's status is this from now on.
struct StatusChanged {
    std::size_t printer = 0;
    std::shared_ptr<const CommandStatus> status;
};
// Dead reckoning: where the nozzle is, or nothing any more.
struct PositionChanged {
    std::size_t printer = 0;
    std::optional<Position> position;
};
struct TraySelected {
    std::size_t printer = 0;
    TraySource tray;
};
struct ForeignSeen {
    std::size_t printer = 0;
    ForeignCommand command;
};
using TrackerEffect = std::variant<SendAction, StatusChanged, PositionChanged, TraySelected, ForeignSeen>;
using TrackerEffects = std::vector<TrackerEffect>;

// Every command from the wish to its end, for all printers: a state machine without I/O (design 4). Nothing
// is ever sent twice. Not thread-safe: the dispatcher's.
class CommandTracker {
public:
    CommandTracker(std::size_t printers, const TrackerTimes& times) : printers_(printers), times_{times} {}

    // A person or script wants it. Refused at once where the gate says so, else handed on.
    [[nodiscard]] TrackerEffects request(std::size_t printer, const Command& command,
                                         const PrinterState& state, TimePoint now, WallTime wall);
    [[nodiscard]] TrackerEffects link_event(const LinkEvent& event, const PrinterState& state, TimePoint now,
                                            WallTime wall);
    // The printer's published state is another than at the last call: looks for effects.
    [[nodiscard]] TrackerEffects report(std::size_t printer, const PrinterState& state, TimePoint now);
    // Time passed.
    [[nodiscard]] TrackerEffects tick(TimePoint now);
    [[nodiscard]] std::optional<TimePoint> next_due() const;

    // We asked this printer to stop in the last 30 s: its end is no failure (protocol 5.1).
    [[nodiscard]] bool own_stop(std::size_t printer, TimePoint now) const;

private:
    // One command that may still change.
    struct Open {
        CommandStatus status;
        std::vector<Action> steps;  // one after the other, each waits for the effect of the one before
        std::size_t step = 0;
        std::optional<JobIdentity> seen_job;
        std::optional<TimePoint> sent_at;  // of this step
        TimePoint deadline{};              // for the link, then for the echo, then for the effect
        int messages = 0;                  // of this step
        int answered = 0;
        int failed = 0;
        std::string objection;       // the printer refused this step, which may be done all the same
        bool accepted = false;       // every message of this step was answered well
        bool effect_before = false;  // the state looked like that already when it was sent

        [[nodiscard]] const Action& action() const { return steps[step]; }
    };
    // While they stay the same nothing else has moved the printer.
    struct Surroundings {
        std::optional<JobState> state;
        JobIdentity job;
        std::uint64_t sessions = 0;
        friend bool operator==(const Surroundings&, const Surroundings&) = default;
    };
    struct Printer {
        std::deque<Open> open;  // oldest first
        Surroundings surroundings;
        bool home_counts = false;  // nothing else has moved it since our newest home was sent
        std::optional<Position> position;
        std::optional<TimePoint> stop_sent;
    };
    // What one call works on.
    struct Call {
        std::size_t printer = 0;
        const PrinterState& state;
        TimePoint now{};
        TrackerEffects effects;
    };

    [[nodiscard]] std::optional<Refusal> objection(const Call& call, const Command& command) const;
    void begin_step(Call& call, Open& open);
    void sent(Call& call, Open& open, const LinkEvent& event);
    void not_sent(Call& call, Open& open, const LinkEvent& event);
    void answered(Call& call, Open& open, const LinkEvent& event);
    void step_accepted(Call& call, Open& open);
    void step_done(Call& call, Open& open);
    void look_for_effect(Call& call, Open& open);
    void ran_out_of_time(std::size_t printer, Open& open, TimePoint now, TrackerEffects& effects);
    void reckon_home(Call& call);
    void reckon_accepted(Call& call, const Action& action);
    void drop_position_of_moving(Call& call);
    void set_position(std::size_t printer, std::optional<Position> position, TrackerEffects& effects);
    static void set_phase(std::size_t printer, Open& open, Phase phase, std::string reason, TimePoint now,
                          TrackerEffects& effects);
    [[nodiscard]] Duration effect_limit(const Action& action) const;
    void forget_old(Printer& printer, TimePoint now) const;

    std::vector<Printer> printers_;
    TrackerTimes times_;
    CommandId last_id_ = 0;
};

}  // namespace farmwall::dispatch
