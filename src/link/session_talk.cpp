// The part of the session machine that runs while the session is up: messages, questions, silence.

#include <algorithm>
#include <iterator>
#include <utility>

#include "base/text.hpp"
#include "link/session_machine.hpp"
#include "model/firmware.hpp"

namespace farmwall::link {
namespace {

using namespace std::chrono_literals;

constexpr auto hold_after_project_file = 150s;  // protocol 3.7
constexpr int lost_messages_before_full = 5;    // protocol 3.5
constexpr int max_version_repeats = 6;
constexpr std::size_t max_open_commands = 64;
constexpr std::ptrdiff_t max_remembered_ids = 16;
constexpr auto alarm_follows_within = 15s;  // the HMS entry, after an unsigned command

}  // namespace

std::optional<std::uint32_t> own_sequence_id(const std::string& text) {
    const auto number = parse_int(text);
    if (!number || *number < first_sequence_id || *number > last_sequence_id) return std::nullopt;
    return static_cast<std::uint32_t>(*number);
}

void SessionMachine::ask_version(TimePoint now) {
    const std::uint32_t id = next_sequence_id();
    if (talk_.question) {
        talk_.question->repeated = true;
    } else {
        talk_.question = OpenQuestion{};
        talk_.question->first_asked = now;
    }
    talk_.question->sequence_ids.push_back(id);
    talk_.question->last_asked = now;
    effects_.emplace_back(Ask{Question::version, id});
}

void SessionMachine::ask_full(TimePoint now) {
    last_full_asked_ = now;
    talk_.wants_full_report = false;
    talk_.lost_messages = 0;
    effects_.emplace_back(Ask{Question::full_report, next_sequence_id()});
}

bool SessionMachine::full_report_allowed(TimePoint now) const {
    return !last_full_asked_ || now - *last_full_asked_ >= times_.full_report_interval;
}

// The way from us to the printer works.
void SessionMachine::answered(TimePoint now) {
    talk_.last_answer = now;
    talk_.question.reset();
}

Effects SessionMachine::report_arrived(ReportDelta::Kind kind, TimePoint now) {
    if (phase_ != Phase::up) return take();
    talk_.last_heard = talk_.last_report = now;
    if (kind != ReportDelta::Kind::partial) {
        talk_.full_report = true;
        talk_.lost_messages = 0;
    }
    if (status_.link != Link::online) set_link(Link::online, LinkProblem::none, {}, now);
    return take();
}

Effects SessionMachine::version_arrived(const wire::VersionAnswer& answer, TimePoint now) {
    if (phase_ != Phase::up) return take();
    talk_.last_heard = now;
    // An answer to somebody else's question does not show that ours arrive.
    const auto id = own_sequence_id(answer.sequence_id);
    const auto& open = talk_.question;
    const bool to_us = answer.sequence_id.empty() ||
                       (open && id && std::ranges::find(open->sequence_ids, *id) != open->sequence_ids.end());
    if (!to_us) return take();
    answered(now);
    talk_.version_again.reset();
    if (!printer_firmware(answer.modules) && talk_.version_repeats < max_version_repeats) {
        ++talk_.version_repeats;
        talk_.version_again = now + times_.probe_timeout;
    }
    if (talk_.silence_judged && !talk_.last_report) set_link(Link::quiet, LinkProblem::none, {}, now);
    return take();
}

Effects SessionMachine::echo_arrived(const wire::Echo& echo, TimePoint now) {
    if (phase_ != Phase::up) return take();
    talk_.last_heard = now;
    const auto id = own_sequence_id(echo.sequence_id);
    if (!id) {
        ++foreign_echoes_;
        return take();
    }
    talk_.commands.erase(*id);
    silent_.erase(*id);
    talk_.silent_commands = 0;
    answered(now);
    // Only `print` commands are checked for a signature on every model (protocol 8.2).
    if (echo.wants_signature()) {
        developer_mode_ = DeveloperMode::off;
    } else if (echo.family == "print" && !echo.failed()) {
        developer_mode_ = DeveloperMode::on;
    }
    return take();
}

Effects SessionMachine::message_lost(TimePoint now) {
    if (phase_ != Phase::up) return take();
    talk_.last_heard = now;
    if (++talk_.lost_messages >= lost_messages_before_full) talk_.wants_full_report = true;
    tick_up(now);
    return take();
}

void SessionMachine::command_sent(std::uint32_t sequence_id, TimePoint now, bool print_family) {
    if (phase_ != Phase::up) return;
    if (talk_.commands.size() >= max_open_commands) talk_.commands.erase(talk_.commands.begin());
    talk_.commands[sequence_id] = OpenCommand{now, print_family, signature_alarm_};
}

// The third way to refuse an unsigned command: no answer, but an HMS entry (protocol 8.3).
void SessionMachine::refused_in_silence() {
    developer_mode_ = DeveloperMode::off;
    talk_.silent_commands = 0;
    silent_.clear();
}

void SessionMachine::signature_alarm(bool present, TimePoint now) {
    if (phase_ != Phase::up) return;
    signature_alarm_ = present;
    std::erase_if(silent_, [&](const auto& command) { return now - command.second > alarm_follows_within; });
    if (!present) return;
    // Those that still wait may yet be answered; the verdict on them is given when they are given up.
    for (auto& [id, command] : talk_.commands) {
        if (now - command.sent <= alarm_follows_within) command.alarmed = true;
    }
    if (!silent_.empty()) refused_in_silence();
}

void SessionMachine::project_file_sent(TimePoint now) { hold_until_ = now + hold_after_project_file; }

FullReportWish SessionMachine::ask_full_report(TimePoint now, Effects& effects) {
    if (phase_ != Phase::up) return FullReportWish::not_connected;
    if (!full_report_allowed(now)) return FullReportWish::too_soon;
    ask_full(now);
    for (Effect& effect : take())
        effects.push_back(std::move(effect));
    return FullReportWish::asked;
}

// When the next question is due although nothing is in doubt yet.
TimePoint SessionMachine::next_probe() const {
    const TimePoint answer = std::max(talk_.since, talk_.last_answer.value_or(talk_.since));
    const TimePoint sign = std::max(answer, talk_.last_report.value_or(answer));
    TimePoint due = std::min(answer + times_.health_check, sign + times_.quiet_after);
    if (talk_.version_again) due = std::min(due, *talk_.version_again);
    return due;
}

bool SessionMachine::tick_commands(TimePoint now) {
    for (auto command = talk_.commands.begin(); command != talk_.commands.end();) {
        if (now - command->second.sent < times_.probe_timeout) {
            ++command;
            continue;
        }
        const auto [id, given_up] = *command;
        command = talk_.commands.erase(command);
        if (given_up.print_family) {
            if (given_up.alarmed) refused_in_silence();
            // Then silence is what such firmware answers, and no doubt about the session.
            if (developer_mode_ == DeveloperMode::off) continue;
            if (silent_.size() >= max_open_commands) silent_.erase(silent_.begin());
            silent_[id] = given_up.sent;
        }
        if (!held(now) && ++talk_.silent_commands >= 2) {
            give_up(now);
            return true;
        }
        if (!talk_.question) {
            ask_version(now);
            talk_.question->repeated = true;  // the command was the first try
        }
    }
    return false;
}

bool SessionMachine::tick_question(TimePoint now) {
    auto& open = talk_.question;
    if (!open || now - open->last_asked < times_.probe_timeout) return false;
    if (!open->repeated) {
        ask_version(now);
        return false;
    }
    if (!held(now)) {
        give_up(now);
        return true;
    }
    // A printer that unpacks a file answers nothing for a while: begin again, a late answer counts.
    auto ids = std::move(open->sequence_ids);
    if (std::ssize(ids) > max_remembered_ids) ids.erase(ids.begin(), ids.end() - max_remembered_ids);
    open.reset();
    ask_version(now);
    open->sequence_ids.insert(open->sequence_ids.begin(), ids.begin(), ids.end());
    return false;
}

// Two tries without an answer.
void SessionMachine::give_up(TimePoint now) {
    TimePoint asked = now - times_.probe_timeout;
    if (talk_.question) asked = std::min(asked, talk_.question->first_asked);
    if (talk_.last_report && *talk_.last_report >= asked) {
        return fail(Link::half_dead, LinkProblem::commands_vanish, {}, now);
    }
    fail(Link::offline, talk_.last_heard ? LinkProblem::no_answer : LinkProblem::silent_serial, {}, now);
}

void SessionMachine::tick_silence(TimePoint now) {
    const bool overdue = !talk_.last_report && now - talk_.since >= times_.first_report_timeout;
    if (overdue && !std::exchange(talk_.silence_judged, true)) {
        if (!talk_.last_heard) set_link(Link::offline, LinkProblem::silent_serial, {}, now);
        if (talk_.last_answer) set_link(Link::quiet, LinkProblem::none, {}, now);
    }
    const bool report_missing = talk_.last_report && now - *talk_.last_report >= times_.quiet_after;
    if (report_missing && status_.link == Link::online) set_link(Link::quiet, LinkProblem::none, {}, now);
}

void SessionMachine::tick_up(TimePoint now) {
    backoff_.note_time(now);
    if (tick_commands(now) || tick_question(now)) return;
    tick_silence(now);
    if (!talk_.question && now >= next_probe()) {
        talk_.version_again.reset();
        ask_version(now);
    }
    // Without a full report nothing is known of the printer, so it is asked for until one comes.
    if ((talk_.wants_full_report || !talk_.full_report) && full_report_allowed(now)) ask_full(now);
}

std::optional<TimePoint> SessionMachine::wake_at() const {
    if (phase_ == Phase::stopped) return std::nullopt;
    if (phase_ != Phase::up) return deadline_;
    TimePoint due = talk_.question ? talk_.question->last_asked + times_.probe_timeout : next_probe();
    for (const auto& [id, command] : talk_.commands)
        due = std::min(due, command.sent + times_.probe_timeout);
    const bool online = status_.link == Link::online;
    if (talk_.last_report && online) due = std::min(due, *talk_.last_report + times_.quiet_after);
    if (!talk_.last_report && !talk_.silence_judged) {
        due = std::min(due, talk_.since + times_.first_report_timeout);
    }
    if ((talk_.wants_full_report || !talk_.full_report) && last_full_asked_) {
        due = std::min(due, *last_full_asked_ + times_.full_report_interval);
    }
    return due;
}

}  // namespace farmwall::link
