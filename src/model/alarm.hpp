#pragma once

#include <compare>
#include <cstdint>
#include <map>
#include <memory>
#include <optional>
#include <set>
#include <string>
#include <string_view>
#include <vector>

#include "base/clock.hpp"
#include "base/ids.hpp"
#include "model/camera_state.hpp"
#include "model/printer_state.hpp"

namespace farmwall {

// What may ring (design 7).
enum class AlarmKind {
    print_failed,
    paused_by_error,
    runout,
    hms_serious,  // serious or fatal, whatever the printer does
    offline_while_printing,
    camera_frozen,  // while printing
    certificate_changed,
    needs_developer_mode,
    waiting_for_clearing,  // finished: a plate waits
};
[[nodiscard]] std::string_view name(AlarmKind kind);  // "print_failed"
// Rings until somebody acknowledges; the others are only shown.
[[nodiscard]] bool rings(AlarmKind kind);

// Which alarm: one of a kind a printer.
struct AlarmKey {
    PrinterId printer;
    AlarmKind kind = AlarmKind::print_failed;
    friend auto operator<=>(const AlarmKey&, const AlarmKey&) = default;
};

// Latch → acknowledge → clear: it stays, although its cause is gone, until somebody acknowledged it, and
// stays, although acknowledged, until its cause is gone. One of a kind that does not ring called nobody, and
// goes with its cause.
struct Alarm {
    AlarmKey key;
    std::string printer_name;
    std::string text;  // one sentence for people, with the slot or the code
    bool cause_present = true;
    bool acknowledged = false;
    std::optional<TimePoint> snoozed_until;  // silent, but shown
    int level = 0;                           // 0, then one more with each escalation
    int times = 1;                           // how often its cause came while it stood (flapping)
    TimePoint since{};                       // the cause first came
    WallTime since_wall{};
    friend bool operator==(const Alarm&, const Alarm&) = default;
};

// Who did what when: the shift log.
struct AlarmRecord {
    enum class What { raised, repeated, escalated, acknowledged, snoozed, cleared };
    What what = What::raised;
    AlarmKey key;
    std::string printer_name;
    std::string text;
    WallTime when{};
    std::string by;    // of acknowledged and snoozed: "screen", "api"; else empty
    Duration after{};  // since it was raised
    int level = 0;
    friend bool operator==(const AlarmRecord&, const AlarmRecord&) = default;
};
[[nodiscard]] std::string_view name(AlarmRecord::What what);
// For the shift log: "Alarm: Filament ran out in tray A2.", "Acknowledged at the screen after 3 min: …".
[[nodiscard]] std::string shift_log_text(const AlarmRecord& record);

struct AlarmTimes {
    Duration settle = std::chrono::seconds{3};     // a cause that is shorter raises nothing
    Duration quiet = std::chrono::seconds{30};     // gone for so long: gone; shorter is flapping
    Duration repeat = std::chrono::minutes{2};     // rings again while nobody acknowledges
    Duration escalate = std::chrono::minutes{10};  // one level more while nobody acknowledges
    int most_level = 2;
    Duration offline_settle = std::chrono::seconds{20};  // a session that is lost comes back mostly
    Duration frozen_settle = std::chrono::seconds{10};
};

struct AlarmCause {
    AlarmKind kind = AlarmKind::print_failed;
    std::string text;
    // What exactly, where a kind has several: codes, the tray. One that nobody acknowledged yet makes an
    // acknowledged alarm ring anew; the text alone may change in silence.
    std::vector<std::string> subjects = {};
    friend bool operator==(const AlarmCause&, const AlarmCause&) = default;
};
// The causes that a printer's state shows now, at most one of a kind; pure. `was_printing`: it printed when
// it was last heard. While a printer is not heard, what it last reported still counts: silence mends nothing.
[[nodiscard]] std::vector<AlarmCause> alarm_causes(const PrinterState& printer, const CameraState& camera,
                                                   bool was_printing);

// All alarms of the farm: a state machine without I/O; one thread. Every call returns what happened, in
// order, for sound, outputs and the shift log. It rings for `raised`, `repeated` and `escalated` of a kind
// that rings.
class AlarmBook {
public:
    explicit AlarmBook(const AlarmTimes& times) : times_{times} {}

    // One printer's causes as they are now; of two of a kind the first counts.
    [[nodiscard]] std::vector<AlarmRecord> look(const PrinterId& printer, const std::string& printer_name,
                                                const std::vector<AlarmCause>& causes, TimePoint now,
                                                WallTime wall);
    // Time passed: settling, quiet, repeats, escalations, ends of snoozes. However late it comes, an alarm
    // is repeated once.
    [[nodiscard]] std::vector<AlarmRecord> tick(TimePoint now, WallTime wall);
    // When tick() has something to do; nothing: not before something is looked at.
    [[nodiscard]] std::optional<TimePoint> next_due() const;

    // Of an alarm that does not stand, or is acknowledged already: nothing happens.
    [[nodiscard]] std::vector<AlarmRecord> acknowledge(const AlarmKey& key, const std::string& by,
                                                       TimePoint now, WallTime wall);
    // Silent for so long, at most `longest_snooze`; then it rings and its next escalation counts from there.
    // Of an alarm that is silent anyway: nothing happens.
    [[nodiscard]] std::vector<AlarmRecord> snooze(const AlarmKey& key, Duration how_long,
                                                  const std::string& by, TimePoint now, WallTime wall);
    static constexpr Duration longest_snooze = std::chrono::hours{24};

    // Those that stand: not acknowledged first, then those of kinds that ring, then the longest waiting.
    [[nodiscard]] std::vector<Alarm> standing() const;
    // Another number whenever standing() is another, also where no record says so (a text, a cause that
    // went).
    [[nodiscard]] std::uint64_t revision() const { return revision_; }

private:
    struct Entry {
        Alarm alarm;
        bool raised = false;  // settled; before it, it is nobody's business
        TimePoint raised_at{};
        std::optional<TimePoint> gone_since;
        TimePoint last_rang{};
        TimePoint next_level{};
        std::vector<std::string> subjects;      // of the cause now
        std::set<std::string> known;            // subjects that were acknowledged
        std::optional<TimePoint> news_since{};  // acknowledged, but one of its subjects never was
    };

    void appear(Entry& entry, const AlarmCause& cause, TimePoint now);
    void vanish(Entry& entry, TimePoint now);
    // What is due by now; false: the entry is over.
    [[nodiscard]] bool pass_time(Entry& entry, TimePoint now, WallTime wall, std::vector<AlarmRecord>& out);
    void ring_in_time(Entry& entry, TimePoint now, WallTime wall, std::vector<AlarmRecord>& out);
    void raise(Entry& entry, TimePoint now, WallTime wall, std::vector<AlarmRecord>& out);
    void pass_time_of(const PrinterId& printer, TimePoint now, WallTime wall, std::vector<AlarmRecord>& out);
    [[nodiscard]] std::optional<TimePoint> due(const Entry& entry) const;
    [[nodiscard]] Duration settle(AlarmKind kind) const;
    [[nodiscard]] Entry* standing_entry(const AlarmKey& key);

    AlarmTimes times_;
    std::map<AlarmKey, Entry> entries_;
    std::uint64_t revision_ = 0;
};

}  // namespace farmwall
