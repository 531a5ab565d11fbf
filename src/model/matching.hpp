#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "base/clock.hpp"
#include "model/facts.hpp"
#include "model/gate.hpp"
#include "model/job.hpp"
#include "model/printer_state.hpp"

namespace farmwall {

// Which job may start on which printer, as a matrix of named checks (design 5, protocol 11.7). Pure. What is
// not known is refused, but where a comment says otherwise.

enum class CheckKind {
    // Of the printer alone:
    online,
    report,          // a full report of this session, fresh
    maintenance,     // not taken out of service, and not flagged
    developer_mode,  // off refuses; unknown passes (protocol 8.3: learnt by the first command)
    idle,            // available as the HTTP contract has it, no job of ours holds it, nothing loads filament
    plate_clear,
    fdm,      // not a laser or cutter (device.type; absent passes)
    storage,  // present and writable
    // Of both:
    target,  // the printer that the job asks for, and its tag
    file,    // the plate exists and nothing lies outside
    model,   // same group; another model of it is a warning
    nozzle_diameter,
    nozzle_type,  // differs: a warning
    plate_type,   // nobody reports which plate lies there: told, passes
    space,        // free storage, where the printer said it
    filament,     // every used filament has a tray of the same material
    amount,       // enough left, where the spool says it: a warning
    humidity,     // of the AMS it comes from: a warning
};
inline constexpr int check_kinds = static_cast<int>(CheckKind::humidity) + 1;
// "plate_clear", for JSON.
[[nodiscard]] std::string_view name(CheckKind kind);
// "Plate clear", as a column's title.
[[nodiscard]] std::string_view title(CheckKind kind);

enum class Verdict { pass, warn, refuse };

// One check with the value on both sides, for people: "PLA, black" and "A2: PLA, black, 800 g".
struct Check {
    CheckKind kind = CheckKind::online;
    Verdict verdict = Verdict::pass;
    std::string wanted;  // by the job; may be empty
    std::string found;   // at the printer
    std::string reason;  // one sentence; empty when it passes
    friend bool operator==(const Check&, const Check&) = default;
};

// Which tray each filament of the project comes from (protocol 7.2): index = filament id - 1, nothing for
// unused ones.
using FilamentPlan = std::vector<std::optional<TraySource>>;

struct MatchRules {
    bool require_plate_clear = true;
    int most_humid_percent = 60;  // of an AMS; more is a warning
    friend bool operator==(const MatchRules&, const MatchRules&) = default;
};

// One printer as the matrix sees it. Refers to what it was made of.
struct Place {
    const PrinterState& printer;
    const PrinterDesk& desk;
    const PrinterPlace& place;
    std::optional<TraySource> selected_tray;  // chosen by a person for the next start
};

// The verdicts without texts: fast, no allocation. Bit n stands for the check with that value.
struct Match {
    std::uint32_t refused = 0;
    std::uint32_t warned = 0;
    // How well the loaded filament fits, higher is better: same preset and colour before same material and
    // near colour; fewer warnings before more.
    int fit = 0;
    [[nodiscard]] bool possible() const { return refused == 0; }
    [[nodiscard]] bool refuses(CheckKind kind) const {
        return (refused >> static_cast<unsigned>(kind) & 1U) != 0;
    }
    friend bool operator==(const Match&, const Match&) = default;
};
[[nodiscard]] Match match(const Job& job, const Place& place, const MatchRules& rules, TimePoint now);
// The same for many jobs and printers: what is asked of each is worked out once (prepared_place.hpp).
struct PreparedJob;
struct PreparedPlace;
[[nodiscard]] Match match(const PreparedJob& job, const PreparedPlace& place);
// Only the checks of the printer alone: what makes it free for any job. Cheap; match() is this and the rest.
[[nodiscard]] Match match_printer(const Place& place, const MatchRules& rules, TimePoint now);
// The same checks with texts, in the order of CheckKind; filament, amount and humidity once for each filament
// used. Those that ask the plate (model and what follows) are left out while there is no such plate.
[[nodiscard]] std::vector<Check> explain(const Job& job, const Place& place, const MatchRules& rules,
                                         TimePoint now);
// Checks that come and go with time (online to plate_clear, and storage): what remains of refused bits says
// whether the printer could ever print the job as it is set up now.
[[nodiscard]] bool could_print(const Match& match);

// The trays for a plate on this printer at this moment: same preset, else same material and nearest colour,
// never another material; on two-nozzle machines only trays that feed the nozzle the slicer fixed; no tray
// twice unless two filaments are equal; `selected` wins where it fits a one-filament job. Nothing: some
// filament has no tray.
[[nodiscard]] std::optional<FilamentPlan> plan_filaments(const SlicedPlate& plate, int project_filaments,
                                                         const PrinterState& printer,
                                                         const std::optional<TraySource>& selected);

// Why nothing may be started on this printer now, whatever the job: asked by the link with its own newest
// state just before it publishes the start (protocol 7.4, 1 and 3).
[[nodiscard]] std::optional<Refusal> gate_start(const PrinterState& printer, TimePoint now);

// Everything that a start says to the printer (protocol 7.1).
struct StartPrint {
    int task_id = 0;
    std::string remote_name;   // in the storage's root
    std::string subtask_name;  // shown on the printer's screen
    int plate = 1;
    PlateType plate_type = PlateType::unknown;
    StartOptions options;
    FilamentPlan filaments;
    std::vector<int> skip_objects;
    enum class Url { ftp, sdcard };  // protocol 7.3
    Url url = Url::ftp;
    friend bool operator==(const StartPrint&, const StartPrint&) = default;
};

}  // namespace farmwall
