#pragma once

#include <array>
#include <map>
#include <set>
#include <string>
#include <vector>

#include "camera/picture_board.hpp"
#include "ui/control_text.hpp"
#include "ui/gestures.hpp"
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
    Gestures& gestures;
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
    int ringing = 0;  // alarms
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

enum class OverviewColumn { chosen, name, state, job, progress, left, nozzle, bed, chamber, trend, age };

// What can be done to many printers at once.
enum class FleetKind { pause, resume, stop, lights_on, lights_off, fans, cool_down };
// One fleet action from the choice to its results.
struct FleetPanel {
    FleetKind kind = FleetKind::pause;
    bool everyone = false;                    // whoever is chosen
    Fan fan = Fan::part;                      // of `fans`
    int percent = 0;                          // of `fans`
    std::string sent_as;                      // the text of its commands; empty: not confirmed yet
    std::vector<PrinterId> asked;             // when it was confirmed: who got a command …
    std::map<PrinterId, std::string> spared;  // … and who did not, and why
};
struct OverviewState {
    std::optional<OverviewColumn> sorted_by;
    bool descending = false;
    std::set<PrinterId> chosen;  // for fleet actions; none: all
    std::optional<FleetPanel> panel;
};
// Returns the index of a pressed row.
std::optional<std::size_t> draw_overview(const Frame& frame, const std::vector<CachedView>& views,
                                         OverviewState& state);

// A value that was sent and of which the dispatcher has not told yet.
struct SentValue {
    int value = 0;
    TimePoint since{};
};
// Presses of − and + that are gathered to one command.
struct GatheredSteps {
    std::string id;  // of the control
    int value = 0;
    TimePoint due{};
};
struct DryingWish {
    int celsius = 45;
    int hours = 8;
};
// What a person is about to say of a bad print before its plate is called clear.
struct BadPrint {
    PrinterId printer;
    std::string reason;  // one of the list
    std::string words;   // typed; win over the list
    bool requeue = false;
};
// What lives between frames of one printer's page.
struct PrinterPageState {
    PrinterId shown;
    std::string trust_armed;                // the button whose first of two steps was taken …
    std::string trust_sha256;               // … for this certificate
    std::string note;                       // what became of the last press
    std::string command_note;               // why the last command was not taken; empty: it was
    std::map<std::string, SentValue> sent;  // by control
    std::optional<GatheredSteps> steps;
    std::size_t jog_step = 1;  // index into the choices
    std::size_t jog_feed = 1;
    std::map<int, DryingWish> drying;  // by unit
    std::string page_code;             // the error whose page is shown as QR code
    std::optional<BadPrint> bad_print;
    std::string plate_note;             // what became of the last word on the plate
    std::optional<JobId> cancel_armed;  // the job whose first of two steps to its end was taken
    JobId skip_of;                      // the job of which these objects …
    std::set<int> skip_chosen;          // … are to be left out
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

struct AlarmsState {
    EventGroup group = EventGroup::all;
    PrinterId printer;              // whose events; empty: everybody's
    bool choosing_printer = false;  // the names are shown in place of the events
    std::string note;               // what became of the last press
};
void draw_alarms(const Frame& frame, AlarmsState& state);

struct DiagnosticsState {
    bool cameras = false;  // shown in the table instead of the links
};
void draw_diagnostics(const Frame& frame, DiagnosticsState& state);

}  // namespace farmwall::ui
