#pragma once

#include <optional>
#include <string>
#include <vector>

#include "model/attention.hpp"
#include "model/facts.hpp"
#include "model/printer_state.hpp"
#include "ui/color.hpp"

namespace farmwall::ui {

// A loaded spool as a tile shows it.
struct Swatch {
    Color color;
    bool active = false;  // feeds the nozzle now
    friend bool operator==(const Swatch&, const Swatch&) = default;
};

// Everything a tile shows, as it shows it. A tile is drawn again only when this differs.
struct TileView {
    Condition condition = Condition::unknown;
    bool needs_hands = false;
    bool stale = false;  // what is shown may no longer be so: drawn grey and hatched
    bool maintenance = false;
    std::string name;
    std::string word;    // "PRINTING"
    std::string number;  // "42"; minutes of age while stale; empty: none
    std::string unit;    // "%", "min", "h"
    std::string left;    // "48 min left"
    std::string detail;  // stage, error or what is wrong with the link
    std::string file;
    std::string layers;  // "12 / 340"
    std::string nozzle;  // "219 → 220°"
    std::string bed;
    std::string chamber;            // empty where the machine has no sensor
    std::string age;                // "live", "30 s", "4 min"; "no data"
    std::optional<float> progress;  // 0-1, while there is a job
    std::vector<Swatch> swatches;
    friend bool operator==(const TileView&, const TileView&) = default;
};

[[nodiscard]] TileView tile_view(const PrinterState& printer, TimePoint now);

// When the view changes next although the state does not; nothing: never.
[[nodiscard]] std::optional<TimePoint> next_change(const PrinterState& printer, TimePoint now);

// Pieces that other screens show too.

// True where values are old because nobody answers.
[[nodiscard]] bool is_stale(const PrinterState& printer);
// "12 / 340", "12", or empty.
[[nodiscard]] std::string layers_text(const Report& report);
// Name of the job: the subtask, else the file, without the endings of sliced files.
[[nodiscard]] std::string job_name(const Report& report);
// What explains the word: link problem, error, stage; empty when the word says it all.
[[nodiscard]] std::string detail_text(const PrinterState& printer);
// Colour of a tray; nothing when it is empty or unknown.
[[nodiscard]] std::optional<Color> tray_color(const Tray& tray);

}  // namespace farmwall::ui
