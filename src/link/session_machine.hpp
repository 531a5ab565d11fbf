#pragma once

#include <cstdint>
#include <functional>
#include <map>
#include <optional>
#include <string>
#include <variant>
#include <vector>

#include "base/clock.hpp"
#include "base/ids.hpp"
#include "link/times.hpp"
#include "model/printer_state.hpp"
#include "net/backoff.hpp"
#include "net/certificate.hpp"
#include "wire/message.hpp"

namespace farmwall::link {

// What the machine wants done. `attempt` comes back with the outcome: one that is not current
// any more (SessionMachine::is_current) is dropped unread.
struct FetchCertificate {
    std::uint64_t attempt = 0;
    std::string address;
    std::uint16_t port = 0;
};
// Store the certificate as the printer's pin, then say pin_saved().
struct SavePin {
    std::uint64_t attempt = 0;
    net::Certificate certificate;
};
// A new client object with an empty queue: one that is used again would repeat what it had queued
// (protocol 3.7).
struct OpenClient {
    std::uint64_t attempt = 0;
    std::string client_id;
    std::string address;
    std::uint16_t port = 0;
};
struct Subscribe {
    std::uint64_t attempt = 0;
};
enum class Question { version, full_report };
struct Ask {
    Question question = Question::version;
    std::uint32_t sequence_id = 0;
};
struct CloseClient {};
using Effect = std::variant<FetchCertificate, SavePin, OpenClient, Subscribe, Ask, CloseClient>;
using Effects = std::vector<Effect>;

// Why a client did not connect; the library does not tell more.
enum class ConnectFailure {
    no_session,       // TCP or TLS failed, or no CONNACK came
    bad_access_code,  // CONNACK 4 or 5
    not_accepted,     // another CONNACK
};

// What became of a person's wish for a full report.
enum class FullReportWish { asked, too_soon, not_connected };

// Our own range of sequence ids (protocol 3.6); all other ids are other people's commands.
inline constexpr std::uint32_t first_sequence_id = 30'000;
inline constexpr std::uint32_t last_sequence_id = 59'999;
// The id of an echo, when it is of our range.
[[nodiscard]] std::optional<std::uint32_t> own_sequence_id(const std::string& text);

// The conversation with one printer (protocol 3) as a state machine without I/O: events go in
// with the time, what is to be done comes out as values. Not thread-safe; the network thread's.
class SessionMachine {
public:
    struct Identity {
        Serial serial;
        std::string address;  // dotted IPv4, as configured
        std::uint16_t port = 8883;
    };
    // `pin`: the certificate trusted so far. `random`: numbers in [0, 1), for jitter and client ids.
    SessionMachine(Identity identity, const Times& times, std::optional<net::Certificate> pin,
                   std::function<double()> random);

    // Life.
    [[nodiscard]] Effects start(TimePoint now);
    [[nodiscard]] Effects stop(TimePoint now);
    // Call at wake_at() or later.
    [[nodiscard]] Effects tick(TimePoint now);

    // Outcomes of effects, of the current attempt only.
    [[nodiscard]] bool is_current(std::uint64_t attempt) const { return attempt == attempt_; }
    [[nodiscard]] Effects certificate_fetched(const net::FetchOutcome& outcome, TimePoint now);
    [[nodiscard]] Effects pin_saved(const Status& saved, TimePoint now);
    [[nodiscard]] Effects connected(TimePoint now);
    [[nodiscard]] Effects connect_failed(ConnectFailure failure, const std::string& detail, TimePoint now);
    [[nodiscard]] Effects subscribed(TimePoint now);
    [[nodiscard]] Effects connection_lost(const std::string& detail, TimePoint now);

    // Messages of the current client.
    [[nodiscard]] Effects report_arrived(ReportDelta::Kind kind, TimePoint now);
    [[nodiscard]] Effects version_arrived(const wire::VersionAnswer& answer, TimePoint now);
    [[nodiscard]] Effects echo_arrived(const wire::Echo& echo, TimePoint now);
    // One that says nothing we need; still a sign of life.
    void other_arrived(TimePoint now) { talk_.last_heard = now; }
    // One that could not be understood, was too long, or had to be dropped.
    [[nodiscard]] Effects message_lost(TimePoint now);

    // A command of ours went out; unanswered it puts the session in doubt (protocol 3.7). `print_family`:
    // the firmware may want it signed, and its silence may mean that (protocol 8.2, 8.3).
    [[nodiscard]] std::uint32_t next_sequence_id();
    void command_sent(std::uint32_t sequence_id, TimePoint now, bool print_family = true);
    // Whether the id was given out since the start of the program.
    [[nodiscard]] bool issued(std::uint32_t sequence_id) const;
    // Whether the newest report has the HMS entry of an unsigned command.
    void signature_alarm(bool present, TimePoint now);
    // Reconnecting while a P1P unpacks makes the job fail: for 150 s no doubt closes the session.
    void project_file_sent(TimePoint now);

    // Wishes of people.
    [[nodiscard]] FullReportWish ask_full_report(TimePoint now, Effects& effects);
    [[nodiscard]] Effects connect_now(TimePoint now);
    // Only the certificate that is shown as changed; anything else is ignored.
    [[nodiscard]] Effects trust_certificate(const std::string& sha256, TimePoint now);

    // Discovery heard our serial at another address. `from_itself`: the datagram came from there.
    // An address that works is kept, but then asked whether it still does; without a pin nothing
    // is moved, because anybody can announce anything (protocol 2.1).
    [[nodiscard]] Effects announced(const std::string& address, bool from_itself, TimePoint now);

    // What the conversation amounts to.
    [[nodiscard]] const LinkStatus& status() const { return status_; }
    [[nodiscard]] DeveloperMode developer_mode() const { return developer_mode_; }
    // Other firmware: what was learnt may have changed.
    void forget_developer_mode() { developer_mode_ = DeveloperMode::unknown; }
    [[nodiscard]] std::uint64_t connects() const { return connects_; }
    [[nodiscard]] std::uint64_t foreign_echoes() const { return foreign_echoes_; }
    // Subscribed, so that publishing makes sense.
    [[nodiscard]] bool is_up() const { return phase_ == Phase::up; }
    // When tick() has something to do; nothing while stopped.
    [[nodiscard]] std::optional<TimePoint> wake_at() const;

private:
    enum class Phase { stopped, waiting, fetching, saving_pin, connecting, subscribing, up };

    // A get_version under way: the first, or the repetition.
    struct OpenQuestion {
        std::vector<std::uint32_t> sequence_ids;
        TimePoint first_asked{};
        TimePoint last_asked{};
        bool repeated = false;
    };
    // A command of ours without an answer so far.
    struct OpenCommand {
        TimePoint sent{};
        bool print_family = true;
        bool alarmed = false;  // the HMS entry of an unsigned command was there meanwhile
    };
    // What is known of the session that is up.
    struct Talk {
        TimePoint since{};
        std::optional<TimePoint> last_report;
        std::optional<TimePoint> last_answer;  // to anything of ours
        std::optional<TimePoint> last_heard;   // anything
        std::optional<OpenQuestion> question;
        std::optional<TimePoint> version_again;  // the module list was incomplete
        int version_repeats = 0;
        bool silence_judged = false;  // no report after asking: the verdict is given once
        bool full_report = false;
        bool wants_full_report = false;
        int lost_messages = 0;                          // since the last full report
        std::map<std::uint32_t, OpenCommand> commands;  // unanswered, at most max_open_commands
        int silent_commands = 0;                        // unanswered in a row
    };

    void begin_attempt(TimePoint now);
    void begin_fetch(TimePoint now);
    void begin_saving(net::Certificate certificate, TimePoint now);
    void begin_connect(TimePoint now);
    void wait(Duration how_long, TimePoint now);
    void fail(Link link, LinkProblem problem, const std::string& detail, TimePoint now);
    void refuse(LinkProblem problem, const std::string& detail, TimePoint now);
    void leave_unproven_address(TimePoint now);
    void close_client();
    void set_link(Link link, LinkProblem problem, const std::string& detail, TimePoint now);

    void ask_version(TimePoint now);
    void ask_full(TimePoint now);
    [[nodiscard]] bool full_report_allowed(TimePoint now) const;
    void answered(TimePoint now);
    void certificate_seen(const net::Certificate& certificate, TimePoint now);
    void tick_up(TimePoint now);
    bool tick_commands(TimePoint now);
    void refused_in_silence();
    bool tick_question(TimePoint now);
    void tick_silence(TimePoint now);
    void give_up(TimePoint now);
    [[nodiscard]] bool held(TimePoint now) const { return hold_until_ && now < *hold_until_; }
    [[nodiscard]] TimePoint next_probe() const;
    [[nodiscard]] Effects take();

    Identity identity_;
    Times times_;
    std::optional<net::Certificate> pin_;
    std::function<double()> random_;
    net::Backoff backoff_;
    std::string client_prefix_;

    Phase phase_ = Phase::stopped;
    std::uint64_t attempt_ = 0;
    bool client_open_ = false;
    bool diagnosing_ = false;  // the fetch under way explains a failed connect
    std::string diagnosed_detail_;
    TimePoint deadline_{};         // of the phase; in `waiting` the next attempt
    std::string address_;          // in use
    std::string home_;             // where the pinned certificate was last met, else as configured
    std::string doubted_address_;  // announced, but nothing of ours was there
    TimePoint doubted_until_{};
    std::optional<TimePoint> moved_at_;
    std::optional<net::Certificate> offered_;  // waits for a person's trust, or to be stored
    Talk talk_;
    std::optional<TimePoint> last_full_asked_;
    std::optional<TimePoint> hold_until_;
    std::uint32_t sequence_ = first_sequence_id - 1;
    bool all_ids_issued_ = false;
    bool signature_alarm_ = false;
    // Commands of the print family that were given up unanswered, by when they were sent: the alarm may
    // still come, also in the next session.
    std::map<std::uint32_t, TimePoint> silent_;
    LinkStatus status_;
    DeveloperMode developer_mode_ = DeveloperMode::unknown;
    std::uint64_t connects_ = 0;
    std::uint64_t foreign_echoes_ = 0;
    Effects effects_;
};

}  // namespace farmwall::link
