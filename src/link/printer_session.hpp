#pragma once

#include <cstdint>
#include <deque>
#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "base/clock.hpp"
#include "base/ids.hpp"
#include "base/secret.hpp"
#include "dispatch/ports.hpp"
#include "fleet/fleet_store.hpp"
#include "fleet/intent_queue.hpp"
#include "link/discovery.hpp"
#include "link/message_rate.hpp"
#include "link/mqtt_client.hpp"
#include "link/session_machine.hpp"
#include "wire/command_encoder.hpp"
#include "wire/message.hpp"

namespace farmwall::link {

// What the links need to know of one printer.
struct PrinterSettings {
    PrinterId id;
    std::string name;
    Serial serial;
    std::string address;  // dotted IPv4
    std::uint16_t port = 8883;
    Secret access_code;
    PrinterModel model_hint = PrinterModel::unknown;
    bool camera_enabled = true;
    bool maintenance = false;
};

// What a session asks of the world. Nothing here waits; outcomes come back as calls of the session.
class SessionPort {
public:
    virtual ~SessionPort() = default;
    virtual void fetch_certificate(const FetchCertificate& effect) = 0;
    virtual void save_pin(const SavePin& effect) = 0;
    // A new client; the old one, if any, is gone.
    virtual void open_client(const OpenClient& effect) = 0;
    virtual void subscribe() = 0;
    // False when too many messages wait.
    virtual bool publish(std::string payload, int quality_of_service) = 0;
    virtual void close_client() = 0;
    // Call tick() then; replaces the time asked for before.
    virtual void wake_at(TimePoint when) = 0;
};

// One printer: drives the machine, reads messages, merges them and publishes the printer's state; sends
// commands and recognises their answers. On the network thread only.
class PrinterSession {
public:
    using OnEvent = std::function<void(const dispatch::LinkEvent&)>;

    // `index`: the printer's place in FleetState::printers, which the owner has filled before.
    // `on_event` hears of commands, after the state that belongs to it was published; it holds no lock, and
    // may call the session.
    PrinterSession(std::size_t index, const PrinterSettings& settings, const Times& times,
                   std::optional<net::Certificate> pin, std::function<double()> random, const Clock& clock,
                   FleetStore& store, SessionPort& port, OnEvent on_event = {});

    // The state before anything is known.
    [[nodiscard]] static PrinterState initial_state(const PrinterSettings& settings, TimePoint now);

    void start();
    void stop();
    void tick();

    // Outcomes; those of old attempts are dropped.
    void certificate_fetched(std::uint64_t attempt, const net::FetchOutcome& outcome);
    void pin_saved(std::uint64_t attempt, const Status& saved);
    void client_event(std::uint64_t attempt, const MqttEvent& event);

    // Asks the gate with the state as this session knows it now, then sends, once and never again: what is
    // unanswered when the session ends is forgotten.
    void send(CommandId command, const Action& action, const std::optional<Position>& position,
              const std::optional<JobIdentity>& seen_job);
    // The same for a print, with gate_start. `seen`: refused when the printer shows another print by then.
    void start_print(CommandId command, const StartPrint& start, const JobIdentity& seen);
    // Wishes that are not the session's business are none.
    void wish(const Wish& wish);
    // Somebody announced this printer's serial.
    void announced(const Discovered& found);

    [[nodiscard]] const PrinterState& state() const { return state_; }

private:
    // A message of a command that was not answered yet.
    struct OpenMessage {
        std::uint32_t sequence_id = 0;
        CommandId command_id = 0;
        std::string family;
        std::string command;
    };

    [[nodiscard]] std::optional<Refusal> refusal_of(const Action& action,
                                                    const std::optional<Position>& position,
                                                    const std::optional<JobIdentity>& seen_job) const;
    void hand_out(CommandId command, std::vector<wire::OutgoingMessage> messages);
    void remember(CommandId command, const wire::OutgoingMessage& message);
    [[nodiscard]] dispatch::LinkEvent& say(dispatch::LinkEvent::Kind kind, CommandId command);
    void answered(const wire::Echo& echo);
    void carry_out(const Effects& effects);
    void ask(const Ask& question);
    void message(std::string_view payload);
    [[nodiscard]] Effects understood(wire::Message message, TimePoint now);
    [[nodiscard]] Effects report(ReportDelta&& delta, TimePoint now);
    [[nodiscard]] Effects version(const wire::VersionAnswer& answer, TimePoint now);
    [[nodiscard]] Effects lost(std::uint64_t LinkStats::*counter, std::string what, TimePoint now);
    // Takes over what the machine says, publishes if there is something new, asks to be woken, and then
    // tells what happened to commands. The last thing that each call does.
    void settle();
    void publish();
    [[nodiscard]] std::vector<Event> events_until(const PrinterState& next);
    // A stop of ours explains the end of a print.
    [[nodiscard]] bool own_stop() const;
    void log_link(const LinkStatus& before) const;

    const std::size_t index_;
    const PrinterSettings settings_;
    const Clock& clock_;
    FleetStore& store_;
    SessionPort& port_;
    SessionMachine machine_;
    wire::MessageParser parser_;
    MessageRate rate_;
    PrinterState state_;
    std::shared_ptr<const PrinterState> published_;
    std::uint64_t session_number_ = 0;  // the machine's connects() that the report belongs to
    TimePoint published_at_{};
    std::optional<TimePoint> stop_sent_;
    std::optional<Report> last_known_;  // of the session before, until this one has reported
    std::deque<OpenMessage> open_;      // oldest first, at most max_open_messages
    std::vector<dispatch::LinkEvent> unsaid_;
    OnEvent on_event_;
};

}  // namespace farmwall::link
