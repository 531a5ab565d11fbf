#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <variant>
#include <vector>

#include "model/facts.hpp"

namespace farmwall {

// What a person can do to a printer (protocol 5.5, 6), as values. Whether it may be done now is asked of
// gate(); how it is said to the printer is wire's.
//
// `makes_safer`: tried even where the newest report is old, because trying can only help.

struct Pause {
    static constexpr bool makes_safer = true;
    friend bool operator==(const Pause&, const Pause&) = default;
};
struct Resume {
    static constexpr bool makes_safer = false;
    friend bool operator==(const Resume&, const Resume&) = default;
};
struct Stop {
    static constexpr bool makes_safer = true;
    friend bool operator==(const Stop&, const Stop&) = default;
};
// Close the error that the printer shows; both forms of protocol 5.5.
struct ClearFault {
    static constexpr bool makes_safer = false;
    friend bool operator==(const ClearFault&, const ClearFault&) = default;
};

enum class Lamp { chamber, work, logo };
struct SetLight {
    static constexpr bool makes_safer = false;
    std::optional<Lamp> lamp;  // nothing: every lamp the printer has
    bool on = false;
    friend bool operator==(const SetLight&, const SetLight&) = default;
};

enum class Fan { part, aux, chamber, second_aux };
struct SetFan {
    static constexpr bool makes_safer = false;
    Fan fan = Fan::part;
    int percent = 0;  // 0-100
    friend bool operator==(const SetFan&, const SetFan&) = default;
};
enum class AirMode { cooling = 0, heating = 1 };
struct SetAirMode {
    static constexpr bool makes_safer = false;
    AirMode mode = AirMode::cooling;
    friend bool operator==(const SetAirMode&, const SetAirMode&) = default;
};

// Targets in whole °C; 0 switches the heater off.
struct SetNozzleTarget {
    static constexpr bool makes_safer = false;
    int extruder = 0;  // 0 right/main, 1 left
    int celsius = 0;
    friend bool operator==(const SetNozzleTarget&, const SetNozzleTarget&) = default;
};
struct SetBedTarget {
    static constexpr bool makes_safer = false;
    int celsius = 0;
    friend bool operator==(const SetBedTarget&, const SetBedTarget&) = default;
};
struct SetChamberTarget {
    static constexpr bool makes_safer = false;
    int celsius = 0;
    friend bool operator==(const SetChamberTarget&, const SetChamberTarget&) = default;
};
// Every heater off; not while printing, where it would ruin the print: stop is for that.
struct CoolDown {
    static constexpr bool makes_safer = true;
    friend bool operator==(const CoolDown&, const CoolDown&) = default;
};

struct SetSpeed {
    static constexpr bool makes_safer = false;
    int level = 2;  // 1 silent, 2 standard, 3 sport, 4 ludicrous
    friend bool operator==(const SetSpeed&, const SetSpeed&) = default;
};

// All axes.
struct Home {
    static constexpr bool makes_safer = false;
    friend bool operator==(const Home&, const Home&) = default;
};
// Relative, in mm, of the nozzle against the bed: Z+ is away from the bed on every model.
struct Jog {
    static constexpr bool makes_safer = false;
    double x = 0;
    double y = 0;
    double z = 0;
    int feed_mm_per_min = 3000;
    friend bool operator==(const Jog&, const Jog&) = default;
};

// The tray of the next start; on a pause because filament ran out it is loaded and the print goes on.
struct SelectTray {
    static constexpr bool makes_safer = false;
    TraySource tray;
    friend bool operator==(const SelectTray&, const SelectTray&) = default;
};
struct LoadTray {
    static constexpr bool makes_safer = false;
    TraySource tray;
    friend bool operator==(const LoadTray&, const LoadTray&) = default;
};
struct UnloadFilament {
    static constexpr bool makes_safer = false;
    friend bool operator==(const UnloadFilament&, const UnloadFilament&) = default;
};
// Answers a filament dialog of the printer (protocol 6.5 "dialogs").
struct AnswerDialog {
    static constexpr bool makes_safer = false;
    enum class Answer { retry, done };
    Answer answer = Answer::retry;
    friend bool operator==(const AnswerDialog&, const AnswerDialog&) = default;
};

// identify_ids of the sliced file (protocol 11.3).
struct SkipObjects {
    static constexpr bool makes_safer = false;
    std::vector<int> ids;
    friend bool operator==(const SkipObjects&, const SkipObjects&) = default;
};
struct SetTimelapse {
    static constexpr bool makes_safer = false;
    bool on = false;
    friend bool operator==(const SetTimelapse&, const SetTimelapse&) = default;
};

struct StartDrying {
    static constexpr bool makes_safer = false;
    int unit = 0;          // id of the AMS
    int celsius = 45;      // 45-65, AMS HT to 85
    int hours = 8;         // 1-24
    std::string material;  // "PLA"
    friend bool operator==(const StartDrying&, const StartDrying&) = default;
};
struct StopDrying {
    static constexpr bool makes_safer = true;
    int unit = 0;
    friend bool operator==(const StopDrying&, const StopDrying&) = default;
};

using Action =
    std::variant<Pause, Resume, Stop, ClearFault, SetLight, SetFan, SetAirMode, SetNozzleTarget, SetBedTarget,
                 SetChamberTarget, CoolDown, SetSpeed, Home, Jog, SelectTray, LoadTray, UnloadFilament,
                 AnswerDialog, SkipObjects, SetTimelapse, StartDrying, StopDrying>;

// Stable name for JSON, history and tests: "pause", "set_nozzle_target".
[[nodiscard]] std::string_view name(const Action& action);
// For people, as the title of what was asked: "Pause", "Nozzle to 220 °C", "Move X 10 mm".
[[nodiscard]] std::string describe(const Action& action);
[[nodiscard]] bool makes_safer(const Action& action);
// Whether two actions work on the same thing, so that an answer to one could be taken for one to the other:
// the same kind, and where there are several, the same fan, lamp, extruder or unit.
[[nodiscard]] bool same_subject(const Action& a, const Action& b);

// "Tray A2", "AMS HT 1", "External spool".
[[nodiscard]] std::string describe(const TraySource& tray);
[[nodiscard]] std::string_view describe(Fan fan);
[[nodiscard]] std::string_view describe(Lamp lamp);

}  // namespace farmwall
