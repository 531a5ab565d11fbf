#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "fleet/intent_queue.hpp"
#include "model/alarm.hpp"
#include "model/command.hpp"
#include "model/events.hpp"
#include "model/gate.hpp"

// Pure texts of everything that can be done.
namespace farmwall::ui {

// One or two words: "sent", "confirmed", "no answer".
[[nodiscard]] std::string_view phase_word(Phase phase);
// With the reason: "failed: The printer refused it."
[[nodiscard]] std::string phase_text(const CommandStatus& status);

// How it stands with one action on one printer: whether it may be done, and what became of the last try.
struct Standing {
    std::optional<Refusal> refusal;
    std::string why;                        // it may not; empty: it may
    const CommandStatus* beside = nullptr;  // the newest on the same thing
    bool under_way = false;                 // and it is not over: the same again waits. Never of a stop
    [[nodiscard]] bool enabled() const { return !refusal && !under_way; }
};
// `beside` lives as long as `control`.
[[nodiscard]] Standing standing(const Action& action, const PrinterState& printer,
                                const PrinterControl& control, TimePoint now);

// What the controls of a card have to say: why some are disabled, and which commands went wrong; each once.
class Notes {
public:
    void add(std::string_view label, const Standing& standing);
    // "Pause, Resume: No print is running.", or the sentence alone where it holds for all.
    [[nodiscard]] std::vector<std::string> lines() const;

private:
    struct Refused {
        std::string why;
        std::vector<std::string> labels;
        std::size_t count = 0;
    };
    std::vector<Refused> refused_;
    std::vector<std::string> troubles_;
    std::size_t added_ = 0;
};

// The command of a person at the screen, with the print that was looked at where that matters.
[[nodiscard]] Command screen_command(const Action& action, const PrinterState& printer,
                                     std::string fleet_action = {});

// The number of a target, fan or speed; nothing of other actions.
[[nodiscard]] std::optional<int> number_of(const Action& action);

// "Another client sent gcode_line 12 s ago."; empty when it is long ago.
[[nodiscard]] std::string foreign_text(const std::optional<ForeignCommand>& foreign, WallTime now);
// "X 128.0  Y 128.0  Z 0.0 mm", or why it is not known.
[[nodiscard]] std::string position_text(const std::optional<Position>& position);
// Why every code is zero although the job is FAILED; empty elsewhere.
[[nodiscard]] std::string_view soft_fail_text(const Report& report);

// "12 s", "4 min", "2 h 05 min".
[[nodiscard]] std::string waited_text(Duration since);

// What rings now: neither acknowledged nor snoozed.
[[nodiscard]] bool is_ringing(const Alarm& alarm, TimePoint now);
// "waiting 4 min · 3 times · level 1 · snoozed 9 min"; what is not so is left out.
[[nodiscard]] std::string alarm_text(const Alarm& alarm, TimePoint now);

// Groups of events that a list can be cut to.
enum class EventGroup { all, prints, errors, links, commands };
[[nodiscard]] EventGroup group_of(EventKind kind);
[[nodiscard]] std::string_view name(EventGroup group);

}  // namespace farmwall::ui
