#pragma once

#include <cstdint>
#include <map>
#include <string>
#include <vector>

#include "model/attention.hpp"
#include "model/camera_state.hpp"
#include "ui/color.hpp"

namespace farmwall::ui {

// Every colour and size of the screens by name, as assets/theme.toml has them. Sizes are pixels at
// 96 dpi; whoever draws multiplies by the scale of the screen.
struct Theme {
    Color background, header, surface, surface_raised, surface_hover, line;
    Color text_color, text_muted, text_faint, accent, focus, on_color;
    Color printing, preparing, finished, idle, paused, paused_error, runout, failed, refused, stopped;
    Color offline, connecting, unknown;
    Color picture_ground, picture_scrim, picture_live, picture_doubt;
    Color plot_nozzle, plot_bed, plot_chamber, plot_part_fan, plot_aux_fan, plot_chamber_fan;

    float header_height = 0, gap = 0, margin = 0, radius = 0, card_padding = 0, row_height = 0;
    float text = 0, text_small = 0, title = 0, button_height = 0;

    [[nodiscard]] Color of(Condition condition) const;
    [[nodiscard]] Color of(CameraTruth truth) const;
};

struct MadeTheme {
    Theme theme;
    // One sentence each: a name that is missing, unknown, or out of range. Usable only when empty.
    std::vector<std::string> problems;
};

// Colours are 0xRRGGBBAA.
[[nodiscard]] MadeTheme make_theme(const std::map<std::string, std::uint32_t>& colors,
                                   const std::map<std::string, double>& sizes);

}  // namespace farmwall::ui
