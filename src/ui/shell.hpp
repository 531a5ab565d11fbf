#pragma once

#include <cstdint>
#include <filesystem>
#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "camera/picture_board.hpp"
#include "fleet/fleet_state.hpp"
#include "fleet/intent_queue.hpp"
#include "fleet/telemetry.hpp"
#include "ui/fonts.hpp"
#include "ui/theme.hpp"
#include "ui/widgets.hpp"

namespace farmwall {
struct ErrorTexts;
}

namespace farmwall::ui {

struct JobsSetup;

enum class Screen { wall, overview, printer, jobs, alarms, diagnostics };
// "wall", "overview", "printer", "jobs", "alarms", "diagnostics".
[[nodiscard]] std::string_view screen_name(Screen screen);
[[nodiscard]] std::optional<Screen> screen_from(std::string_view name);

// False when the intent could not be taken. Never waits.
using IntentSink = std::function<bool(Intent)>;

// What drawing costs; shown by Diagnostics.
struct DrawStats {
    std::uint64_t frames_drawn = 0;
    std::uint64_t tiles_drawn = 0;
    std::uint64_t pictures_uploaded = 0;
    double last_frame_ms = 0;
    std::string renderer;  // of the GL driver
    bool software_gl = false;
};

struct OwnUsage {
    double cpu_percent = 0;  // of one core, since the previous look
    std::uint64_t resident_bytes = 0;
    std::uint32_t threads = 0;
};

// One moment, the same for every panel of a frame.
struct FrameInput {
    FleetSnapshot fleet;
    TimePoint now{};
    WallTime wall_now{};
    float width = 0;  // pixels
    float height = 0;
    float scale = 1;  // pixels a 96 dpi pixel
    float unit = 1;   // pixels of the screen that a pixel of ours covers; above 1 where the system scales
    // A person may have done something since the last frame: what reacts to that is drawn again.
    bool touched = true;
    DrawStats stats = {};
    OwnUsage usage = {};
    const ErrorTexts* error_texts = nullptr;  // the vendor's sentences; null: none are known
    const JobsSetup* jobs = nullptr;          // null: nothing of it is there
};

struct FrameResult {
    bool drew = false;        // anything at all
    std::size_t tiles = 0;    // of the wall
    std::vector<Rect> dirty;  // what was drawn lies in these
    // Drawn before what ImGui has, and nothing of either outside `clip`.
    Quads quads;
    Rect clip;
};

// All screens and what they remember between frames; knows neither window nor GL. Runs between
// NewFrame and Render of the current ImGui context, on the render thread. What did not change is not
// drawn: the picture must be kept by whoever shows it.
// Says on the board, as viewer "window", which pictures are to be seen and how big.
class Shell {
public:
    // All of them outlive the shell.
    Shell(const Theme& theme, const Fonts& fonts, const TelemetryStore& telemetry,
          camera::PictureBoard& board, IntentSink emit);
    // Wishes for no picture any more.
    ~Shell();
    Shell(const Shell&) = delete;
    Shell& operator=(const Shell&) = delete;

    void show(Screen screen);
    void show_printer(const PrinterId& printer);
    // Diagnostics with the table of the cameras.
    void show_cameras();
    // The jobs with the plates to be cleared, or the timeline.
    void show_plates();
    void show_timeline();
    // Files that were dropped on the window are added as jobs, one after the other. Shows the jobs.
    void add_files(const std::vector<std::filesystem::path>& files);
    [[nodiscard]] Screen screen() const;

    // Whether frame() would draw something although nobody touched anything. Cheap.
    [[nodiscard]] bool wants_frame(const FrameInput& input);
    // When wants_frame() may become true without a new snapshot.
    [[nodiscard]] TimePoint next_change(const FrameInput& input) const;
    FrameResult frame(const FrameInput& input);
    // The kept picture is gone: draw everything next time.
    void invalidate();
    // Nobody can see the screen: no picture is wished for until the next frame().
    void hide();
    // The pictures that the screen shows, as the next frame() wishes for them: one a camera.
    [[nodiscard]] std::vector<camera::PictureWish> wishes(const FrameInput& input);
    // Of the last frame, by index in the fleet.
    [[nodiscard]] const std::vector<camera::PictureWish>& wished() const;

    // Of the last frame.
    [[nodiscard]] const std::vector<Target>& targets() const;

private:
    struct State;
    std::unique_ptr<State> state_;
};

}  // namespace farmwall::ui
