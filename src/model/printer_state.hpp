#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "base/clock.hpp"
#include "base/ids.hpp"
#include "model/firmware.hpp"
#include "model/printer_model.hpp"
#include "model/report.hpp"

namespace farmwall {

// How the conversation with a printer stands (design 3).
enum class Link {
    connecting,  // no answer yet, and no verdict
    online,      // reports come, questions are answered
    quiet,       // alive, but no report for a while: normal for an idle P1 or A1
    half_dead,   // reports come, commands vanish (protocol 3.7); a new session is being opened
    offline,     // no session, or two probes unanswered
    refused,     // the printer answered no: see LinkProblem
};

// Why the link is not online; each has one sentence for people.
enum class LinkProblem {
    none,
    unreachable,          // nothing answers at the address
    no_tls,               // something answers, but not a printer's TLS
    bad_access_code,      // CONNACK 4 or 5
    certificate_changed,  // not the one pinned at first use
    wrong_serial,         // the certificate names another serial
    silent_serial,        // connected, but no report after asking: the serial is probably wrong
    session_lost,         // the printer closed the session
    no_answer,            // probes unanswered
    commands_vanish,      // half-dead
};

// One sentence for people: what is wrong and what to do. Empty for `none`.
[[nodiscard]] std::string_view sentence(LinkProblem problem);
// One or two words: "offline", "half-dead".
[[nodiscard]] std::string_view word(Link link);

struct LinkStatus {
    Link link = Link::connecting;
    LinkProblem problem = LinkProblem::none;
    std::string detail;                     // more for Diagnostics: the library's words; no secrets
    TimePoint since{};                      // of this link state
    std::optional<TimePoint> next_attempt;  // while waiting to connect again
    std::string address;                    // dotted IPv4, as used now
    std::uint16_t port = 0;
    std::string new_certificate;  // SHA-256 in hex, while certificate_changed
    friend bool operator==(const LinkStatus&, const LinkStatus&) = default;
};

// Counted since the start of the program.
struct LinkStats {
    std::uint64_t messages = 0;
    std::uint64_t bytes = 0;
    std::uint64_t lost_fields = 0;     // fields that could not be understood
    std::uint64_t bad_messages = 0;    // whole messages that could not be understood
    std::uint64_t oversized = 0;       // messages beyond the size bound
    std::uint64_t connects = 0;        // sessions that were established
    std::uint64_t foreign_echoes = 0;  // answers to commands of other clients (protocol 3.6)
    double messages_per_minute = 0;    // over the last minute
    std::string last_error;            // newest trouble, one sentence
    friend bool operator==(const LinkStats&, const LinkStats&) = default;
};

// Whether the firmware takes our commands (protocol 8).
enum class DeveloperMode { unknown, on, off };

// Everything the program knows of one printer: a value, published as an immutable snapshot.
struct PrinterState {
    PrinterId id;
    std::string name;
    Serial serial;
    bool camera_enabled = true;
    bool maintenance = false;
    ModelVerdict model;
    std::vector<FirmwareModule> modules;

    LinkStatus link;
    LinkStats stats;

    // Unknown until the first full report of this session's printer has come.
    Report report;
    bool full_report_seen = false;
    std::optional<TimePoint> last_report;      // newest status report
    std::optional<WallTime> last_report_wall;  // the same, for display and the HTTP API
    std::optional<TimePoint> last_message;     // anything at all from the printer
    // Learnt from a refused command; a report's `fun` bit beats it (protocol 8.3).
    DeveloperMode learnt_developer_mode = DeveloperMode::unknown;

    friend bool operator==(const PrinterState&, const PrinterState&) = default;
};

}  // namespace farmwall
