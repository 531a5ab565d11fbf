#pragma once

#include <functional>
#include <memory>
#include <string>

#include "base/clock.hpp"
#include "base/result.hpp"
#include "camera/picture_board.hpp"
#include "fleet/fleet_store.hpp"
#include "fleet/telemetry.hpp"
#include "ui/gl_quads.hpp"
#include "ui/jobs_setup.hpp"
#include "ui/shell.hpp"
#include "ui/theme.hpp"

namespace farmwall::ui {

struct WindowOptions {
    int width = 1600;
    int height = 900;
    bool fullscreen = false;  // on the primary monitor, in its own resolution
    std::string title = "Farmwall";
    Screen screen = Screen::wall;
    // Redraw everything so often a second, to measure what drawing costs; 0: only what changes.
    double redraw_hz = 0;
    JobsSetup jobs = {};
};

// The window and its loop: sleeps until something visible changes, draws that, sleeps again. All of it
// on the main thread but for wake(), wake_for_picture() and stats(). At most one at a time. Says on the
// board which pictures are to be seen, and in which layout they are cheapest to draw.
class Window {
public:
    // What the window shows; all of it outlives the window.
    struct Sources {
        const FleetStore& store;
        const TelemetryStore& telemetry;
        const Clock& clock;
        camera::PictureBoard& board;
    };
    // Errors: unsupported without a display or OpenGL 3.3, not_found for fonts.
    [[nodiscard]] static Result<std::unique_ptr<Window>> create(const WindowOptions& options,
                                                                const Theme& theme,
                                                                const QuadShaders& shaders,
                                                                const Sources& sources, IntentSink emit);
    ~Window();
    Window(const Window&) = delete;
    Window& operator=(const Window&) = delete;

    // Returns when the window was closed or `stop_requested` says so; it is asked after each wake()
    // and at least once a second.
    void run(const std::function<bool()>& stop_requested);

    // Any thread: something may have changed. Cheap; many calls before the loop looks count as one.
    void wake();
    // Any thread: a newer picture of this camera is on the board. Wakes only where it is to be seen.
    void wake_for_picture(std::size_t camera);
    // Any thread.
    [[nodiscard]] DrawStats stats() const;

private:
    struct Impl;
    explicit Window(std::unique_ptr<Impl> impl);
    std::unique_ptr<Impl> impl_;
};

}  // namespace farmwall::ui
