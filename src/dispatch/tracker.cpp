#include "dispatch/tracker.hpp"

#include <algorithm>
#include <utility>

#include "dispatch/effects.hpp"
#include "model/errors.hpp"

namespace farmwall::dispatch {
namespace {

using namespace std::chrono_literals;

constexpr std::size_t most_open = 24;  // a printer's commands that may still change
constexpr auto own_stop_lasts = 30s;   // protocol 5.1
constexpr auto home_effect = 90s;

bool moves_the_head(const Action& action) {
    return std::holds_alternative<LoadTray>(action) || std::holds_alternative<UnloadFilament>(action) ||
           std::holds_alternative<SelectTray>(action) || std::holds_alternative<Home>(action) ||
           std::holds_alternative<Jog>(action);
}

// One has to be over before the other begins.
bool exclude_each_other(const Action& a, const Action& b) {
    return same_subject(a, b) || (moves_the_head(a) && moves_the_head(b));
}

bool is_under_way(const CommandStatus& status) {
    if (status.phase == Phase::accepted) return status.can_be_confirmed;
    return !is_over(status.phase);
}

bool at_runout(const Report& report) { return report.state == JobState::pause && runout(report).has_value(); }

// On a runout pause choosing a tray means: load it, tell the dialog to go on, resume (protocol 12.4).
std::vector<Action> steps_of(const Action& action) {
    const auto* select = std::get_if<SelectTray>(&action);
    if (select == nullptr) return {action};
    return {LoadTray{select->tray}, AnswerDialog{AnswerDialog::Answer::retry}, Resume{}};
}

std::string done_note(const Action& action, const PrinterState& state) {
    if (std::holds_alternative<ClearFault>(action) && state.report.state == JobState::failed)
        return "The error is closed; the printer goes on saying FAILED until its next job, which it takes.";
    return {};
}

}  // namespace

TrackerEffects CommandTracker::request(std::size_t printer, const Command& command, const PrinterState& state,
                                       TimePoint now, WallTime wall) {
    Call call{printer, state, now, {}};
    forget_old(printers_[printer], now);
    Open open;
    open.status.id = ++last_id_;
    open.status.printer = state.id;
    open.status.action = command.action;
    open.status.origin = command.origin;
    open.status.fleet_action = command.fleet_action;
    open.status.ticket = command.ticket;
    open.status.asked = wall;
    open.status.asked_at = now;
    open.seen_job = command.seen_job;
    if (const auto refusal = objection(call, command)) {
        open.status.refusal = refusal;
        set_phase(printer, open, Phase::refused, explain(*refusal, command.action, state), now, call.effects);
        return std::move(call.effects);
    }
    if (const auto* select = std::get_if<SelectTray>(&command.action)) {
        call.effects.emplace_back(TraySelected{printer, select->tray});
        if (!at_runout(state.report)) {
            set_phase(printer, open, Phase::confirmed, {}, now, call.effects);
            return std::move(call.effects);
        }
    }
    open.steps = steps_of(command.action);
    open.status.can_be_confirmed = open.steps.size() > 1 || can_show_effect(command.action, state);
    set_phase(printer, open, Phase::queued, {}, now, call.effects);
    auto& kept = printers_[printer].open;
    kept.push_back(std::move(open));
    begin_step(call, kept.back());
    return std::move(call.effects);
}

std::optional<Refusal> CommandTracker::objection(const Call& call, const Command& command) const {
    const Printer& printer = printers_[call.printer];
    if (command.seen_job && *command.seen_job != job_identity(call.state.report)) return Refusal::another_job;
    if (const auto refusal = gate(command.action, call.state, printer.position, call.now)) return refusal;
    if (std::holds_alternative<Stop>(command.action)) return std::nullopt;  // always, and again
    const bool again = std::ranges::any_of(printer.open, [&](const Open& open) {
        return is_under_way(open.status) && (exclude_each_other(open.status.action, command.action) ||
                                             exclude_each_other(open.action(), command.action));
    });
    if (again) return Refusal::under_way;
    const auto under_way =
        std::ranges::count_if(printer.open, [](const Open& open) { return is_under_way(open.status); });
    return std::cmp_greater_equal(under_way, most_open) ? std::optional{Refusal::too_many} : std::nullopt;
}

void CommandTracker::begin_step(Call& call, Open& open) {
    const Action& action = open.action();
    open.sent_at.reset();
    open.messages = open.answered = open.failed = 0;
    open.accepted = false;
    open.effect_before = shows_effect(action, call.state);
    open.deadline = call.now + times_.answer;
    if (open.step > 0) {
        // A later step goes on from where the printer is by now.
        if (open.effect_before && can_show_effect(action, call.state)) return step_done(call, open);
        if (const auto refusal = gate(action, call.state, printers_[call.printer].position, call.now)) {
            return set_phase(call.printer, open, Phase::failed, explain(*refusal, action, call.state),
                             call.now, call.effects);
        }
    }
    call.effects.emplace_back(
        SendAction{call.printer, open.status.id, action, printers_[call.printer].position, open.seen_job});
}

TrackerEffects CommandTracker::link_event(const LinkEvent& event, const PrinterState& state, TimePoint now,
                                          WallTime wall) {
    Call call{event.printer, state, now, {}};
    Printer& printer = printers_[event.printer];
    if (event.kind == LinkEvent::Kind::foreign) {
        call.effects.emplace_back(ForeignSeen{event.printer, ForeignCommand{event.text, wall}});
        printer.home_counts = false;
        set_position(event.printer, std::nullopt, call.effects);  // it may have moved
        return std::move(call.effects);
    }
    const auto found =
        std::ranges::find(printer.open, event.command, [](const Open& o) { return o.status.id; });
    if (found == printer.open.end()) return std::move(call.effects);
    switch (event.kind) {
        case LinkEvent::Kind::sent:
            sent(call, *found, event);
            break;
        case LinkEvent::Kind::not_sent:
            not_sent(call, *found, event);
            break;
        case LinkEvent::Kind::answered:
            answered(call, *found, event);
            drop_position_of_moving(call);
            break;
        case LinkEvent::Kind::foreign:
            break;
    }
    forget_old(printer, now);
    return std::move(call.effects);
}

void CommandTracker::sent(Call& call, Open& open, const LinkEvent& event) {
    if (open.sent_at) return;
    open.sent_at = call.now;
    open.messages = event.messages;
    open.deadline = call.now + times_.answer;
    if (std::holds_alternative<Stop>(open.action())) printers_[call.printer].stop_sent = call.now;
    const bool jogs = std::holds_alternative<Jog>(open.action());
    if (moves_the_head(open.action()))
        printers_[call.printer].home_counts = std::holds_alternative<Home>(open.action());
    if (moves_the_head(open.action()) && !jogs) set_position(call.printer, std::nullopt, call.effects);
    if (open.step == 0) set_phase(call.printer, open, Phase::sent, {}, call.now, call.effects);
}

void CommandTracker::not_sent(Call& call, Open& open, const LinkEvent& event) {
    if (open.sent_at || is_over(open.status.phase)) return;
    if (event.refusal && open.step == 0) {
        open.status.refusal = event.refusal;
        return set_phase(call.printer, open, Phase::refused,
                         explain(*event.refusal, open.action(), call.state), call.now, call.effects);
    }
    std::string reason = event.refusal ? explain(*event.refusal, open.action(), call.state) : event.text;
    set_phase(call.printer, open, Phase::failed, std::move(reason), call.now, call.effects);
}

void CommandTracker::answered(Call& call, Open& open, const LinkEvent& event) {
    const Phase phase = open.status.phase;
    if (!open.sent_at || phase == Phase::failed || phase == Phase::refused || phase == Phase::confirmed)
        return;
    if (open.accepted) return;
    ++open.answered;
    if (event.failed) ++open.failed;
    // Of the two forms of clearing an error a printer knows one (protocol 5.5).
    const bool one_is_enough = std::holds_alternative<ClearFault>(open.action());
    const bool refused = one_is_enough ? open.failed >= open.messages : open.failed > 0;
    if (refused) {
        std::string reason =
            event.unsigned_refused ? std::string{sentence(Refusal::needs_developer_mode)} : event.text;
        if (open.step > 0 && !event.unsigned_refused) {
            // It may have gone on by itself when the dialog was answered: its next report tells.
            open.objection = std::move(reason);
            open.deadline = call.now + times_.effect;
            return look_for_effect(call, open);
        }
        return set_phase(call.printer, open, Phase::failed, std::move(reason), call.now, call.effects);
    }
    const bool complete = open.answered >= open.messages;
    if (complete || (one_is_enough && !event.failed)) step_accepted(call, open);
}

void CommandTracker::step_accepted(Call& call, Open& open) {
    open.accepted = true;
    open.deadline = call.now + effect_limit(open.action());
    reckon_accepted(call, open.action());
    const bool last = open.step + 1 == open.steps.size();
    if (open.status.phase != Phase::accepted)
        set_phase(call.printer, open, Phase::accepted, {}, call.now, call.effects);
    const bool shown =
        open.steps.size() == 1 ? open.status.can_be_confirmed : can_show_effect(open.action(), call.state);
    if (!shown && !last) return step_done(call, open);
    if (shown) look_for_effect(call, open);
}

void CommandTracker::step_done(Call& call, Open& open) {
    if (std::holds_alternative<Home>(open.action())) reckon_home(call);
    if (open.step + 1 == open.steps.size()) {
        return set_phase(call.printer, open, Phase::confirmed, done_note(open.status.action, call.state),
                         call.now, call.effects);
    }
    ++open.step;
    begin_step(call, open);
}

void CommandTracker::look_for_effect(Call& call, Open& open) {
    const Phase phase = open.status.phase;
    const bool waits = phase == Phase::sent || phase == Phase::accepted || phase == Phase::unknown;
    if (!waits || !open.sent_at || !open.status.can_be_confirmed) return;
    if (!shows_effect(open.action(), call.state)) return;
    // What was so before shows nothing, unless the printer said yes; then there may be nothing to report.
    const bool newer = call.state.last_report && *call.state.last_report > *open.sent_at;
    if (open.effect_before ? open.accepted : newer) step_done(call, open);
}

TrackerEffects CommandTracker::report(std::size_t printer, const PrinterState& state, TimePoint now) {
    Call call{printer, state, now, {}};
    Printer& of = printers_[printer];
    for (Open& open : of.open)
        look_for_effect(call, open);
    drop_position_of_moving(call);
    forget_old(of, now);
    return std::move(call.effects);
}

TrackerEffects CommandTracker::tick(TimePoint now) {
    TrackerEffects effects;
    for (std::size_t printer = 0; printer < printers_.size(); ++printer) {
        for (Open& open : printers_[printer].open) {
            if (is_under_way(open.status) && now >= open.deadline)
                ran_out_of_time(printer, open, now, effects);
        }
        forget_old(printers_[printer], now);
    }
    return effects;
}

void CommandTracker::ran_out_of_time(std::size_t printer, Open& open, TimePoint now,
                                     TrackerEffects& effects) {
    if (!open.objection.empty()) return set_phase(printer, open, Phase::failed, open.objection, now, effects);
    const bool accepted = open.accepted;
    std::string reason = accepted ? "The printer accepted it, but does not show that it was done."
                                  : "The printer did not answer; whether it was done is not known.";
    if (std::holds_alternative<Jog>(open.action()) || std::holds_alternative<Home>(open.action()))
        set_position(printer, std::nullopt, effects);
    set_phase(printer, open, Phase::unknown, std::move(reason), now, effects);
}

std::optional<TimePoint> CommandTracker::next_due() const {
    std::optional<TimePoint> due;
    for (const Printer& printer : printers_) {
        for (const Open& open : printer.open) {
            if (is_under_way(open.status) && (!due || open.deadline < *due)) due = open.deadline;
        }
    }
    return due;
}

bool CommandTracker::own_stop(std::size_t printer, TimePoint now) const {
    const auto& sent = printers_[printer].stop_sent;
    return sent && now - *sent < own_stop_lasts;
}

void CommandTracker::reckon_home(Call& call) {
    if (!printers_[call.printer].home_counts) return;
    set_position(call.printer, home_position(controls(call.state).build_volume), call.effects);
}

void CommandTracker::reckon_accepted(Call& call, const Action& action) {
    if (std::holds_alternative<Home>(action)) {
        // Else the report that shows it says when.
        if (!can_show_effect(action, call.state)) reckon_home(call);
    } else if (const auto* jog = std::get_if<Jog>(&action)) {
        auto at = printers_[call.printer].position;
        if (at)
            set_position(call.printer, Position{at->x + jog->x, at->y + jog->y, at->z + jog->z},
                         call.effects);
    }
}

// A print moves where it likes, also one that came and went unseen, and motors that were off may have been
// moved by hand.
void CommandTracker::drop_position_of_moving(Call& call) {
    Printer& printer = printers_[call.printer];
    const Report& report = call.state.report;
    Surroundings now{report.state, job_identity(report), call.state.stats.connects};
    const bool active = report.state && is_active(*report.state);
    const bool other = printer.surroundings != now;
    printer.surroundings = std::move(now);
    if (active || other) printer.home_counts = false;
    if (active || other || !homed(report).value_or(false))
        set_position(call.printer, std::nullopt, call.effects);
}

void CommandTracker::set_position(std::size_t printer, std::optional<Position> position,
                                  TrackerEffects& effects) {
    auto& known = printers_[printer].position;
    if (known == position) return;
    known = position;
    effects.emplace_back(PositionChanged{printer, position});
}

void CommandTracker::set_phase(std::size_t printer, Open& open, Phase phase, std::string reason,
                               TimePoint now, TrackerEffects& effects) {
    open.status.phase = phase;
    open.status.reason = std::move(reason);
    open.status.phase_since = now;
    effects.emplace_back(StatusChanged{printer, std::make_shared<const CommandStatus>(open.status)});
}

Duration CommandTracker::effect_limit(const Action& action) const {
    if (std::holds_alternative<Stop>(action)) return times_.stop_effect;
    if (std::holds_alternative<Home>(action)) return home_effect;
    if (std::holds_alternative<LoadTray>(action) || std::holds_alternative<UnloadFilament>(action))
        return times_.filament_effect;
    return times_.effect;
}

// What is over is kept only as long as a late answer may better it.
void CommandTracker::forget_old(Printer& printer, TimePoint now) const {
    std::erase_if(printer.open, [&](const Open& open) {
        if (is_under_way(open.status)) return false;
        return open.status.phase != Phase::unknown || now - open.status.phase_since >= times_.late;
    });
}

}  // namespace farmwall::dispatch
