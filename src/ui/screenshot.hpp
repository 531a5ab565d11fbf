#pragma once

#include <filesystem>
#include <string>

#include "base/clock.hpp"
#include "base/ids.hpp"
#include "base/result.hpp"
#include "fleet/fleet_state.hpp"
#include "fleet/telemetry.hpp"
#include "ui/shell.hpp"
#include "ui/theme.hpp"

namespace farmwall::ui {

struct ScreenshotOptions {
    int width = 1920;   // 64-8192
    int height = 1080;  // 64-8192
    float scale = 1;    // pixels a 96 dpi pixel
    Screen screen = Screen::wall;
    PrinterId printer = {};  // for Screen::printer; empty: the first
    TimePoint now{};
    WallTime wall_now{};
    OwnUsage usage = {};
};

// Draws one screen, without window or display, and writes it as PNG. Blocks. Errors: bad_input for
// sizes, unsupported without a GL driver, not_found for fonts, io for the file.
[[nodiscard]] Status render_png(const FleetSnapshot& fleet, const TelemetryStore& telemetry,
                                const Theme& theme, const ScreenshotOptions& options,
                                const std::filesystem::path& path);

}  // namespace farmwall::ui
