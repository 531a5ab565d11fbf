// The part of the session that sends commands and recognises their answers.

#include <algorithm>
#include <utility>
#include <variant>

#include "base/text.hpp"
#include "link/answer_text.hpp"
#include "link/printer_session.hpp"
#include "model/gate.hpp"
#include "wire/start_encoder.hpp"

namespace farmwall::link {
namespace {

using dispatch::LinkEvent;

constexpr std::size_t max_open_messages = 256;
constexpr std::size_t longest_command_bytes = 64;

}  // namespace

LinkEvent& PrinterSession::say(LinkEvent::Kind kind, CommandId command) {
    LinkEvent event;
    event.kind = kind;
    event.printer = index_;
    event.command = command;
    return unsaid_.emplace_back(std::move(event));
}

std::optional<Refusal> PrinterSession::refusal_of(const Action& action,
                                                  const std::optional<Position>& position,
                                                  const std::optional<JobIdentity>& seen_job) const {
    const TimePoint now = clock_.now();
    // On the wire a selection is a load, and is meant for a print that waits for filament.
    const auto* selected = std::get_if<SelectTray>(&action);
    const Action sent = selected != nullptr ? Action{LoadTray{selected->tray}} : action;
    if (const auto refusal = gate(sent, state_, position, now)) return refusal;
    if (selected != nullptr && state_.report.state != JobState::pause) return Refusal::nothing_to_resume;
    if (seen_job && *seen_job != job_identity(state_.report)) return Refusal::another_job;
    return std::nullopt;
}

void PrinterSession::send(CommandId command, const Action& action, const std::optional<Position>& position,
                          const std::optional<JobIdentity>& seen_job) {
    std::vector<wire::OutgoingMessage> messages;
    auto refusal = refusal_of(action, position, seen_job);
    if (!refusal && machine_.is_up()) {
        messages = wire::encode(action, state_, [this] { return machine_.next_sequence_id(); });
        if (messages.empty()) refusal = Refusal::not_fitted;
    }
    if (refusal) {
        LinkEvent& event = say(LinkEvent::Kind::not_sent, command);
        event.refusal = refusal;
        event.text = explain(*refusal, action, state_);
    } else if (messages.empty()) {
        say(LinkEvent::Kind::not_sent, command).text = "There is no session with the printer at the moment.";
    } else {
        if (std::holds_alternative<Stop>(action)) stop_sent_ = clock_.now();
        hand_out(command, std::move(messages));
    }
    settle();
}

void PrinterSession::start_print(CommandId command, const StartPrint& start, const JobIdentity& seen) {
    auto refusal = gate_start(state_, clock_.now());
    if (!refusal && job_identity(state_.report) != seen) refusal = Refusal::another_job;
    if (refusal) {
        LinkEvent& event = say(LinkEvent::Kind::not_sent, command);
        event.refusal = refusal;
        event.text = sentence(*refusal);
    } else if (!machine_.is_up()) {
        say(LinkEvent::Kind::not_sent, command).text = "There is no session with the printer at the moment.";
    } else {
        std::vector<wire::OutgoingMessage> messages;
        messages.push_back(wire::encode_start(start, state_, [this] { return machine_.next_sequence_id(); }));
        machine_.project_file_sent(clock_.now());
        hand_out(command, std::move(messages));
    }
    settle();
}

void PrinterSession::hand_out(CommandId command, std::vector<wire::OutgoingMessage> messages) {
    constexpr auto no_room = "Too many messages wait for the printer.";
    std::size_t lost = 0;
    for (wire::OutgoingMessage& message : messages) {
        if (port_.publish(std::move(message.payload), message.quality_of_service)) {
            if (message.surely_answered)
                machine_.command_sent(message.sequence_id, clock_.now(), message.family == "print");
            remember(command, message);
        } else {
            ++lost;
        }
    }
    if (lost > 0) state_.stats.last_error = "a command could not be sent: too many messages wait";
    if (lost == messages.size()) {
        say(LinkEvent::Kind::not_sent, command).text = no_room;
        return;
    }
    say(LinkEvent::Kind::sent, command).messages = static_cast<int>(messages.size());
    // A part that did not go out is answered at once, by us.
    for (; lost > 0; --lost) {
        LinkEvent& event = say(LinkEvent::Kind::answered, command);
        event.failed = true;
        event.text = no_room;
    }
}

void PrinterSession::remember(CommandId command, const wire::OutgoingMessage& message) {
    // The numbers come round again.
    std::erase_if(open_, [&](const OpenMessage& open) { return open.sequence_id == message.sequence_id; });
    if (open_.size() >= max_open_messages) open_.pop_front();
    open_.push_back({message.sequence_id, command, message.family, message.command});
}

void PrinterSession::answered(const wire::Echo& echo) {
    const auto id = own_sequence_id(echo.sequence_id);
    const auto open =
        std::ranges::find_if(open_, [&](const OpenMessage& one) { return id == one.sequence_id; });
    const bool ours = open != open_.end() && open->family == echo.family && open->command == echo.command;
    if (ours) {
        LinkEvent& event = say(LinkEvent::Kind::answered, open->command_id);
        event.failed = echo.failed();
        event.unsigned_refused = echo.wants_signature();
        event.text = answer_text(echo);
        open_.erase(open);
        return;
    }
    // An own one that does not wait any more: it came twice, or belongs to the session before. Another
    // program like this one counts from the same number.
    const bool was_ours = id && machine_.issued(*id) && open == open_.end();
    if (was_ours || !acts(echo)) return;
    say(LinkEvent::Kind::foreign, 0).text = printable(echo.command.substr(0, longest_command_bytes));
}

}  // namespace farmwall::link
