#pragma once

#include "ui/flow.hpp"
#include "ui/screens.hpp"

// The cards of a printer's page; used by it alone.
namespace farmwall::ui {

struct PageContext {
    const Frame& frame;
    const PrinterState& printer;
    const PrinterControl& control;
    const Controls& fitted;
    const TileView& view;
    const PageCamera& camera;
    PrinterPageState& state;
    std::size_t index = 0;  // of the printer in the fleet
};

// What stands above all cards: Developer Mode is off, a command was not taken. Nothing where all is well.
void draw_page_banner(const PageContext& page, Column& column);
void draw_status_card(const PageContext& page, Column& column);
// The hash of a certificate that changed and the two steps to trusting it; the buttons' ids begin with `id`.
// As high as trust_height().
void draw_trust(const PageContext& page, const std::string& id, const std::string& sha256, const Rect& box);
[[nodiscard]] float trust_height(const Canvas& canvas);
void draw_link_card(const PageContext& page, Column& column);
// Returns the whole card.
Rect draw_camera_card(const PageContext& page, Column& column, float picture_height);
void draw_facts_card(const PageContext& page, Column& column);
void draw_hms_card(const PageContext& page, Column& column);
void draw_filament_card(const PageContext& page, Column& column);
void draw_control_card(const PageContext& page, Column& column);
void draw_heat_card(const PageContext& page, Column& column);
// Nothing where the printer has no fan that can be set.
void draw_air_card(const PageContext& page, Column& column);
// The job of ours that holds the printer: its upload or print, and its end. Nothing where none does.
void draw_job_card(const PageContext& page, Column& column);
// What of a running job of ours can be left out. Nothing where none runs.
void draw_skip_card(const PageContext& page, Column& column);
// What lies on the plate, and whether it is free. Nothing where there is no queue.
void draw_plate_card(const PageContext& page, Column& column);
// Nothing where the build volume is not known.
void draw_motion_card(const PageContext& page, Column& column);

}  // namespace farmwall::ui
