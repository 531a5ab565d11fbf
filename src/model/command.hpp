#pragma once

#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "base/clock.hpp"
#include "base/ids.hpp"
#include "model/action.hpp"
#include "model/gate.hpp"

namespace farmwall {

// Counted from 1 since the start of the program.
using CommandId = std::uint64_t;

// The life of a command (design 4): queued → refused | sent → accepted | failed | unknown → confirmed.
enum class Phase {
    queued,
    refused,    // by the gate; never sent
    sent,       // handed to the session
    accepted,   // the printer's echo says yes
    confirmed,  // its reported state shows the effect
    failed,     // the echo says no, or it could not be sent
    unknown,    // no answer, or no effect, in time: neither done nor not done
};
[[nodiscard]] std::string_view name(Phase phase);
// Nothing more is expected of it, although a late answer may still better an `unknown`.
[[nodiscard]] bool is_over(Phase phase);

// Who asked.
enum class Origin { screen, api, script, dispatcher };
[[nodiscard]] std::string_view name(Origin origin);

struct CommandStatus {
    CommandId id = 0;
    PrinterId printer;
    Action action;
    Origin origin = Origin::screen;
    std::string fleet_action;  // shared by the commands of one fleet action; empty: alone
    Phase phase = Phase::queued;
    std::optional<Refusal> refusal;
    std::string reason;  // one sentence for people: why refused, failed or unknown; no ids or paths in it
    // The way of a command without an effect that is reported (logo light, a jog) ends with `accepted`.
    bool can_be_confirmed = true;
    WallTime asked{};
    TimePoint asked_at{};
    TimePoint phase_since{};
    std::uint64_t ticket = 0;  // of whoever asked; 0: none
    friend bool operator==(const CommandStatus&, const CommandStatus&) = default;
};

// What a client other than ours did.
struct ForeignCommand {
    std::string command;  // as on the wire: "gcode_line"
    WallTime when{};
    friend bool operator==(const ForeignCommand&, const ForeignCommand&) = default;
};

// What is known of one printer's control beyond its reports; written by the dispatcher.
struct PrinterControl {
    std::optional<Position> position;
    std::optional<TraySource> selected_tray;                     // for the next start
    std::vector<std::shared_ptr<const CommandStatus>> commands;  // newest last, at most most_commands
    std::optional<ForeignCommand> foreign;                       // the newest
    static constexpr std::size_t most_commands = 16;
    friend bool operator==(const PrinterControl&, const PrinterControl&) = default;
};

// The newest command on the same thing that is still under way or ended less than `shown` ago; null: none.
// What a control shows beside itself.
[[nodiscard]] const CommandStatus* command_beside(const PrinterControl& control, const Action& like,
                                                  TimePoint now, Duration shown = std::chrono::seconds{8});

}  // namespace farmwall
