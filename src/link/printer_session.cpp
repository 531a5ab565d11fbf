#include "link/printer_session.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <variant>

#include "base/log.hpp"
#include "model/events.hpp"
#include "model/firmware.hpp"
#include "wire/request.hpp"

namespace farmwall::link {
namespace {

using namespace std::chrono_literals;

constexpr auto counters_interval = 1s;  // between publications of nothing but counters and ages
constexpr auto rate_interval = 5s;      // the rate sinks although nothing comes

constexpr HmsEntry unsigned_command{0x05000500, 0x00010007};  // protocol 8.3

template <class... Ts>
struct Overloaded : Ts... {
    using Ts::operator()...;
};
template <class... Ts>
Overloaded(Ts...) -> Overloaded<Ts...>;  // clang 14 does not deduce it by itself

ConnectFailure failure_of(int connack) {
    if (connack == 4 || connack == 5) return ConnectFailure::bad_access_code;
    return connack == 0 ? ConnectFailure::no_session : ConnectFailure::not_accepted;
}

// Equal but for what changes with every message: counters, ages, the report's own number.
bool same_facts(const PrinterState& published, PrinterState& now) {
    LinkStats stats = published.stats;
    std::swap(now.stats, stats);
    auto last_report = std::exchange(now.last_report, published.last_report);
    auto last_report_wall = std::exchange(now.last_report_wall, published.last_report_wall);
    auto last_message = std::exchange(now.last_message, published.last_message);
    auto sequence_id = std::exchange(now.report.sequence_id, published.report.sequence_id);
    // The first report ever is more than an age.
    const bool same = published == now && published.last_report.has_value() == last_report.has_value();
    std::swap(now.stats, stats);
    now.last_report = last_report;
    now.last_report_wall = last_report_wall;
    now.last_message = last_message;
    now.report.sequence_id = std::move(sequence_id);
    return same;
}

}  // namespace

PrinterState PrinterSession::initial_state(const PrinterSettings& settings, TimePoint now) {
    PrinterState state;
    state.id = settings.id;
    state.name = settings.name;
    state.serial = settings.serial;
    state.camera_enabled = settings.camera_enabled;
    state.maintenance = settings.maintenance;
    state.link.since = now;
    state.link.address = settings.address;
    state.link.port = settings.port;
    if (const auto model = model_from_serial(settings.serial.value)) {
        state.model = better(state.model, {*model, ModelSource::serial});
    }
    if (settings.model_hint != PrinterModel::unknown) {
        state.model = better(state.model, {settings.model_hint, ModelSource::configured});
    }
    return state;
}

PrinterSession::PrinterSession(std::size_t index, const PrinterSettings& settings, const Times& times,
                               std::optional<net::Certificate> pin, std::function<double()> random,
                               const Clock& clock, FleetStore& store, SessionPort& port, OnEvent on_event)
    : index_{index},
      settings_{settings},
      clock_{clock},
      store_{store},
      port_{port},
      machine_{{settings.serial, settings.address, settings.port}, times, std::move(pin), std::move(random)},
      state_{initial_state(settings, clock.now())},
      published_{std::make_shared<const PrinterState>(state_)},
      on_event_{std::move(on_event)} {}

void PrinterSession::start() {
    carry_out(machine_.start(clock_.now()));
    settle();
}

void PrinterSession::stop() {
    carry_out(machine_.stop(clock_.now()));
    settle();
}

void PrinterSession::tick() {
    carry_out(machine_.tick(clock_.now()));
    settle();
}

void PrinterSession::certificate_fetched(std::uint64_t attempt, const net::FetchOutcome& outcome) {
    if (!machine_.is_current(attempt)) return;
    carry_out(machine_.certificate_fetched(outcome, clock_.now()));
    settle();
}

void PrinterSession::pin_saved(std::uint64_t attempt, const Status& saved) {
    if (!machine_.is_current(attempt)) return;
    if (!saved.ok()) state_.stats.last_error = saved.error().what;
    carry_out(machine_.pin_saved(saved, clock_.now()));
    settle();
}

void PrinterSession::client_event(std::uint64_t attempt, const MqttEvent& event) {
    if (!machine_.is_current(attempt)) return;
    const TimePoint now = clock_.now();
    const auto handle = Overloaded{
        [&](const MqttConnected&) { carry_out(machine_.connected(now)); },
        [&](const MqttConnectFailed& failed) {
            carry_out(machine_.connect_failed(failure_of(failed.connack), failed.detail, now));
        },
        [&](const MqttSubscribed&) { carry_out(machine_.subscribed(now)); },
        [&](const MqttLost& gone) { carry_out(machine_.connection_lost(gone.detail, now)); },
        [&](const MqttMessage& arrived) { message(arrived.payload); },
        [&](const MqttOversized&) {
            carry_out(lost(&LinkStats::oversized, "a message was longer than 256 KiB", now));
        },
        [&](const MqttOverrun&) {
            carry_out(lost(&LinkStats::bad_messages, "messages came faster than they could be read", now));
        },
    };
    std::visit(handle, event);
    settle();
}

void PrinterSession::carry_out(const Effects& effects) {
    const auto handle = Overloaded{
        [&](const FetchCertificate& effect) { port_.fetch_certificate(effect); },
        [&](const SavePin& effect) { port_.save_pin(effect); },
        [&](const OpenClient& effect) { port_.open_client(effect); },
        [&](const Subscribe&) { port_.subscribe(); },
        [&](const Ask& effect) { ask(effect); },
        [&](const CloseClient&) { port_.close_client(); },
    };
    for (const Effect& effect : effects)
        std::visit(handle, effect);
}

// A question that finds no room is lost; the machine sees it as unanswered.
void PrinterSession::ask(const Ask& question) {
    const bool version = question.question == Question::version;
    std::string payload =
        version ? wire::encode_get_version(question.sequence_id) : wire::encode_pushall(question.sequence_id);
    if (!port_.publish(std::move(payload), version ? 1 : 0)) {
        state_.stats.last_error = "a question could not be sent: too many messages wait";
    }
}

Effects PrinterSession::lost(std::uint64_t LinkStats::*counter, std::string what, TimePoint now) {
    ++(state_.stats.*counter);
    state_.stats.last_error = std::move(what);
    return machine_.message_lost(now);
}

void PrinterSession::message(std::string_view payload) {
    const TimePoint now = clock_.now();
    if (!machine_.is_up()) return;
    ++state_.stats.messages;
    state_.stats.bytes += payload.size();
    rate_.note(now);
    state_.last_message = now;
    auto parsed = parser_.parse(payload);
    if (parsed.ok()) {
        carry_out(understood(std::move(parsed).value(), now));
    } else {
        carry_out(lost(&LinkStats::bad_messages, parsed.error().what, now));
    }
}

Effects PrinterSession::understood(wire::Message message, TimePoint now) {
    return std::visit(Overloaded{
                          [&](const wire::Ignored&) {
                              machine_.other_arrived(now);
                              return Effects{};
                          },
                          [&](ReportDelta& delta) { return report(std::move(delta), now); },
                          [&](const wire::VersionAnswer& answer) { return version(answer, now); },
                          [&](const wire::Echo& echo) {
                              answered(echo);
                              return machine_.echo_arrived(echo, now);
                          },
                      },
                      message);
}

Effects PrinterSession::report(ReportDelta&& delta, TimePoint now) {
    state_.stats.lost_fields += static_cast<std::uint64_t>(std::max(delta.lost_fields, 0));
    state_.last_report = now;
    state_.last_report_wall = clock_.wall_now();
    const ReportDelta::Kind kind = delta.kind;
    const bool full = kind != ReportDelta::Kind::partial;
    // A part of a state that is not known yet says less than it seems to; the whole one is asked for.
    if (full || state_.full_report_seen) {
        state_.report = merge(std::move(state_.report), std::move(delta));
        state_.full_report_seen = true;
        const auto& hms = state_.report.hms;
        machine_.signature_alarm(hms && std::ranges::find(*hms, unsigned_command) != hms->end(), now);
    }
    return machine_.report_arrived(kind, now);
}

Effects PrinterSession::version(const wire::VersionAnswer& answer, TimePoint now) {
    const auto before = printer_firmware(state_.modules);
    const auto after = printer_firmware(answer.modules);
    // An incomplete list, as right after boot, does not replace a complete one.
    if (after || !before) state_.modules = answer.modules;
    if (before && after && *before != *after) machine_.forget_developer_mode();
    state_.model = better(state_.model, model_from_modules(answer.modules));
    return machine_.version_arrived(answer, now);
}

void PrinterSession::wish(const Wish& wish) {
    const TimePoint now = clock_.now();
    const auto handle = Overloaded{
        [&](const AskFullReport&) {
            Effects effects;
            switch (machine_.ask_full_report(now, effects)) {
                case FullReportWish::asked:
                    break;
                case FullReportWish::too_soon:
                    state_.stats.last_error = "a full report was asked for less than five minutes ago";
                    break;
                case FullReportWish::not_connected:
                    state_.stats.last_error = "a full report cannot be asked for without a session";
                    break;
            }
            carry_out(effects);
        },
        [&](const ConnectNow&) { carry_out(machine_.connect_now(now)); },
        [&](const TrustCertificate& trust) { carry_out(machine_.trust_certificate(trust.sha256, now)); },
        [](const auto&) {},
    };
    std::visit(handle, wish);
    settle();
}

void PrinterSession::announced(const Discovered& found) {
    if (found.model) state_.model = better(state_.model, {*found.model, ModelSource::discovery});
    carry_out(machine_.announced(found.address, found.from_itself, clock_.now()));
    settle();
}

void PrinterSession::settle() {
    const TimePoint now = clock_.now();
    if (session_number_ != machine_.connects()) {
        // A new session: until its first full report nothing is known (protocol 3.3).
        session_number_ = machine_.connects();
        if (state_.full_report_seen) last_known_ = std::move(state_.report);
        state_.report = Report{};
        state_.full_report_seen = false;
    }
    if (!machine_.is_up()) open_.clear();
    state_.link = machine_.status();
    state_.learnt_developer_mode = machine_.developer_mode();
    state_.stats.connects = machine_.connects();
    state_.stats.foreign_echoes = machine_.foreign_echoes();
    state_.stats.messages_per_minute = rate_.per_minute(now);

    std::optional<TimePoint> wake = machine_.wake_at();
    const auto no_later = [&](TimePoint due) { wake = wake ? std::min(*wake, due) : due; };
    if (!same_facts(*published_, state_)) {
        publish();
    } else if (*published_ != state_) {
        if (now - published_at_ >= counters_interval) {
            publish();
        } else {
            no_later(published_at_ + counters_interval);
        }
    }
    const bool stopped = !machine_.wake_at();
    if (state_.stats.messages_per_minute > 0 && !stopped) no_later(now + rate_interval);
    if (wake) port_.wake_at(*wake);
    for (const dispatch::LinkEvent& event : std::exchange(unsaid_, {})) {
        if (on_event_) on_event_(event);
    }
}

std::vector<Event> PrinterSession::events_until(const PrinterState& next) {
    const bool first_report = next.full_report_seen && !published_->full_report_seen;
    if (!first_report || !last_known_) return derive_events(*published_, next, clock_.wall_now(), own_stop());
    // What happened while the session was away is news as well (protocol 12.3).
    PrinterState before = *published_;
    before.report = *std::exchange(last_known_, std::nullopt);
    before.full_report_seen = true;
    return derive_events(before, next, clock_.wall_now(), own_stop());
}

bool PrinterSession::own_stop() const {
    constexpr auto lasts = std::chrono::seconds{30};  // protocol 5.1
    return stop_sent_ && clock_.now() - *stop_sent_ < lasts;
}

void PrinterSession::publish() {
    auto next = std::make_shared<const PrinterState>(state_);
    std::vector<std::shared_ptr<const Event>> events;
    for (Event& event : events_until(*next)) {
        events.push_back(std::make_shared<const Event>(std::move(event)));
    }
    const bool stopped = !machine_.wake_at();
    if (!stopped) log_link(published_->link);
    published_ = next;
    published_at_ = clock_.now();
    store_.update([&](FleetState& fleet) {
        fleet.printers.at(index_) = std::move(next);
        fleet.events.insert(fleet.events.end(), events.begin(), events.end());
        if (fleet.events.size() > FleetState::max_events) {
            const auto surplus = static_cast<std::ptrdiff_t>(fleet.events.size() - FleetState::max_events);
            fleet.events.erase(fleet.events.begin(), fleet.events.begin() + surplus);
        }
    });
}

// On change only, so that a printer that is off does not fill the log.
void PrinterSession::log_link(const LinkStatus& before) const {
    const LinkStatus& after = state_.link;
    if (before.link == after.link && before.problem == after.problem) return;
    const std::string_view why = sentence(after.problem);
    std::string text = fmt::format("{}: {}", settings_.id.value, word(after.link));
    if (!why.empty()) text += fmt::format(", {}", why);
    if (!after.detail.empty()) text += fmt::format(" ({})", after.detail);
    const bool good =
        after.link == Link::online || after.link == Link::quiet || after.link == Link::connecting;
    log::write(good ? log::Level::info : log::Level::warning, "link", text);
}

}  // namespace farmwall::link
