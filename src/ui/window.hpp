#pragma once

#include <functional>
#include <memory>
#include <string>

#include "base/clock.hpp"
#include "base/result.hpp"
#include "fleet/fleet_store.hpp"
#include "fleet/telemetry.hpp"
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
};

// The window and its loop: sleeps until something visible changes, draws that, sleeps again. All of it
// on the main thread but for wake() and stats(). At most one at a time.
class Window {
public:
    // Errors: unsupported without a display or OpenGL 3.3, not_found for fonts. `store`, `telemetry`
    // and `clock` outlive the window.
    [[nodiscard]] static Result<std::unique_ptr<Window>> create(const WindowOptions& options,
                                                                const Theme& theme, const FleetStore& store,
                                                                const TelemetryStore& telemetry,
                                                                const Clock& clock, IntentSink emit);
    ~Window();
    Window(const Window&) = delete;
    Window& operator=(const Window&) = delete;

    // Returns when the window was closed or `stop_requested` says so; it is asked after each wake()
    // and at least once a second.
    void run(const std::function<bool()>& stop_requested);

    // Any thread: something may have changed. Cheap; many calls before the loop looks count as one.
    void wake();
    // Any thread.
    [[nodiscard]] DrawStats stats() const;

private:
    struct Impl;
    explicit Window(std::unique_ptr<Impl> impl);
    std::unique_ptr<Impl> impl_;
};

}  // namespace farmwall::ui
