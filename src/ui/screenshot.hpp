#pragma once

#include <filesystem>
#include <vector>

#include "base/clock.hpp"
#include "base/ids.hpp"
#include "base/result.hpp"
#include "camera/picture_board.hpp"
#include "fleet/fleet_state.hpp"
#include "fleet/telemetry.hpp"
#include "ui/gl_quads.hpp"
#include "ui/jobs_setup.hpp"
#include "ui/shell.hpp"
#include "ui/theme.hpp"

namespace farmwall::ui {

struct ScreenshotOptions {
    int width = 1920;   // 64-8192
    int height = 1080;  // 64-8192
    float scale = 1;    // pixels a 96 dpi pixel
    Screen screen = Screen::wall;
    PrinterId printer = {};  // for Screen::printer; empty: the first
    bool cameras = false;    // for Screen::diagnostics: the cameras' table
    TimePoint now{};
    WallTime wall_now{};
    OwnUsage usage = {};
    JobsSetup jobs = {};  // for Screen::jobs
    enum class Jobs { queue, timeline, plates };
    Jobs part = Jobs::queue;  // of Screen::jobs
};

// What a screen is drawn of; `board` has the pictures.
struct ScreenshotSources {
    FleetSnapshot fleet;
    const TelemetryStore& telemetry;
    camera::PictureBoard& board;
    const Theme& theme;
    const QuadShaders& shaders;
};

// Which pictures the screen would show, and how big: one a camera, or none. To be wished for, and waited
// for, before the screen is drawn.
[[nodiscard]] std::vector<camera::PictureWish> wished_pictures(const ScreenshotSources& sources,
                                                               const ScreenshotOptions& options);
// Draws one screen, without window or display, and writes it as PNG. Blocks. Errors: bad_input for
// sizes, unsupported without a GL driver, not_found for fonts, io for the file.
[[nodiscard]] Status render_png(const ScreenshotSources& sources, const ScreenshotOptions& options,
                                const std::filesystem::path& path);

}  // namespace farmwall::ui
