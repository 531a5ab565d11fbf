#pragma once

#include <string>
#include <vector>

#include "camera/picture_board.hpp"
#include "ui/picture_view.hpp"
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
    const camera::PictureBoard& board;
    const IntentSink& emit;
    Rect area;  // below the header
};

// A tile's view with what it was made from.
struct CachedView {
    std::shared_ptr<const PrinterState> state;
    TileView view;
    TimePoint valid_until{};
};

// The newest picture of a camera with what is said of it. Of screens that show no pictures it is empty.
struct CachedPicture {
    std::shared_ptr<const CameraState> state;
    std::uint64_t sequence = 0;  // of the board's slot
    camera::SharedFrame frame;   // of this printer, or null
    PictureView view;
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
    PictureView picture;
    std::uint64_t sequence = 0;  // of the picture
    TileLook look;
};
struct WallState {
    WallLayout layout;
    std::vector<std::optional<DrawnTile>> drawn;
    std::size_t focus = 0;
    bool focus_shown = false;  // after the first arrow key
    bool background_drawn = false;
};
// Where the tiles are below the header.
[[nodiscard]] WallLayout lay_out_wall(const Theme& theme, const Rect& area, float scale, std::size_t count);

// Draws the tiles that differ from what is drawn and notes them in `result`; returns the index of a
// pressed one.
std::optional<std::size_t> draw_wall(const Frame& frame, const std::vector<CachedView>& views,
                                     const std::vector<CachedPicture>& pictures, WallState& state,
                                     FrameResult& result);
// Whether a tile shows something else than what is drawn of it.
[[nodiscard]] bool tile_changed(const std::optional<DrawnTile>& drawn, const CachedView& view,
                                const CachedPicture& picture);

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
    std::string trust_armed;   // the button whose first of two steps was taken …
    std::string trust_sha256;  // … for this certificate
    std::string note;          // what became of the last press
};
// What the page shows of the printer's camera.
struct PageCamera {
    const CachedPicture& picture;
    camera::CameraStats stats;
};
// Returns where the camera's card is, for drawing it alone when only its picture changed.
Rect draw_printer_page(const Frame& frame, const PrinterState& printer, std::size_t index,
                       const PageCamera& camera, PrinterPageState& state);
// The box of the picture on the page, before it is scrolled.
[[nodiscard]] Rect page_picture(const Theme& theme, const Rect& area, float scale);

struct DiagnosticsState {
    bool cameras = false;  // shown in the table instead of the links
};
void draw_diagnostics(const Frame& frame, DiagnosticsState& state);

}  // namespace farmwall::ui
