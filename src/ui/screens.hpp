#pragma once

#include <string>
#include <vector>

#include "ui/shell.hpp"
#include "ui/tile_draw.hpp"
#include "ui/wall_layout.hpp"

// The screens, each a function of what it is given; used by the shell alone.
namespace farmwall::ui {

// What a screen may use in one frame.
struct Frame {
    const FrameInput& input;
    const Widgets& widgets;
    const TelemetryStore& telemetry;
    const IntentSink& emit;
    Rect area;  // below the header
};

// A tile's view with what it was made from.
struct CachedView {
    std::shared_ptr<const PrinterState> state;
    TileView view;
    TimePoint valid_until{};
};

struct HeaderView {
    Screen screen = Screen::wall;
    std::string clock;
    int printing = 0;
    int needs_hands = 0;
    int offline = 0;
    int hovered_tab = -1;
    friend bool operator==(const HeaderView&, const HeaderView&) = default;
};
struct HeaderState {
    std::optional<HeaderView> drawn;
};
// Returns the screen whose tab was pressed. Draws only when something differs from `state.drawn`.
std::optional<Screen> draw_header(const Widgets& widgets, const Rect& box, HeaderView view,
                                  HeaderState& state, bool& drew);

struct DrawnTile {
    TileView view;
    TileLook look;
};
struct WallState {
    WallLayout layout;
    std::vector<std::optional<DrawnTile>> drawn;
    std::size_t focus = 0;
    bool focus_shown = false;  // after the first arrow key
    bool background_drawn = false;
};
// Draws the tiles that differ from what is drawn and notes them in `result`; returns the index of a
// pressed one.
std::optional<std::size_t> draw_wall(const Frame& frame, const std::vector<CachedView>& views,
                                     WallState& state, FrameResult& result);

enum class OverviewColumn { name, state, job, progress, left, nozzle, bed, chamber, trend, age };
struct OverviewState {
    std::optional<OverviewColumn> sorted_by;
    bool descending = false;
};
// Returns the index of a pressed row.
std::optional<std::size_t> draw_overview(const Frame& frame, const std::vector<CachedView>& views,
                                         OverviewState& state);

// What lives between frames of one printer's page.
struct PrinterPageState {
    PrinterId shown;
    bool trust_armed = false;  // the first of two steps was taken …
    std::string trust_sha256;  // … for this certificate
    std::string note;          // what became of the last press
};
void draw_printer_page(const Frame& frame, const PrinterState& printer, std::size_t index,
                       PrinterPageState& state);

void draw_diagnostics(const Frame& frame);

}  // namespace farmwall::ui
