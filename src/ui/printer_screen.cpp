#include <algorithm>
#include <cmath>

#include "ui/compat.hpp"
#include "ui/plot.hpp"
#include "ui/printer_cards.hpp"
#include "ui/touch_scroll.hpp"

namespace farmwall::ui {
namespace {

constexpr float two_columns_from = 1000;  // pixels at 96 dpi

constexpr float plots_side_by_side_from = 1080;
constexpr float left_share = 0.40F;

struct Columns {
    bool two = false;
    float left_x = 0, left_width = 0;
    float right_x = 0, right_width = 0;  // the same as left where there is one
    float picture_height = 0;
};
Columns place_page(const Theme& theme, const Rect& area, float scale) {
    Columns columns;
    const float margin = theme.margin * scale;
    const float gap = theme.gap * scale;
    const float width = std::max(1.0F, area.width - 2 * margin);
    const bool upright = area.width < area.height * 0.75F;
    columns.two = area.width >= two_columns_from * scale && !upright;
    columns.left_x = margin;
    columns.left_width = columns.two ? std::floor((width - gap) * left_share) : width;
    columns.right_x = columns.two ? margin + columns.left_width + gap : margin;
    columns.right_width = columns.two ? width - gap - columns.left_width : width;
    const float whole = std::floor(columns.right_width * 9 / 16);
    columns.picture_height = std::max(1.0F, std::min(whole, std::floor(area.height * 0.68F)));
    return columns;
}

Plot heat_plot(const PageContext& page, const std::vector<Sample>& samples) {
    const Theme& theme = page.frame.widgets.theme();
    Plot heat;
    heat.unit = "°C";
    heat.least_top = 120;
    heat.span = plot_span(samples, page.frame.input.now);
    heat.series = {{"Nozzle", &Sample::nozzle_celsius, &Sample::nozzle_target_celsius, theme.plot_nozzle},
                   {"Bed", &Sample::bed_celsius, &Sample::bed_target_celsius, theme.plot_bed}};
    if (!page.view.chamber.empty()) {
        heat.series.push_back({"Chamber", &Sample::chamber_celsius, nullptr, theme.plot_chamber});
    }
    return heat;
}

Plot air_plot(const PageContext& page, const std::vector<Sample>& samples) {
    const Theme& theme = page.frame.widgets.theme();
    Plot air;
    air.unit = "%";
    air.least_top = 100;
    air.span = plot_span(samples, page.frame.input.now);
    const Fans found = fans(page.printer);
    air.series = {{"Part fan", &Sample::part_fan_percent, nullptr, theme.plot_part_fan}};
    if (found.aux_percent)
        air.series.push_back({"Aux fan", &Sample::aux_fan_percent, nullptr, theme.plot_aux_fan});
    if (found.chamber_percent) {
        air.series.push_back({"Chamber fan", &Sample::chamber_fan_percent, nullptr, theme.plot_chamber_fan});
    }
    return air;
}

// Beside each other where the column is wide enough.
void draw_plots(const PageContext& page, Column& column, std::size_t index, float height) {
    const Frame& frame = page.frame;
    const Canvas canvas = frame.widgets.canvas();
    const auto samples = frame.telemetry.read(index);
    const Plot heat = heat_plot(page, samples);
    const Plot air = air_plot(page, samples);
    if (column.width() < canvas.px(plots_side_by_side_from)) {
        draw_plot(canvas, column.card("TEMPERATURES", height), heat, samples, frame.input.now);
        draw_plot(canvas, column.card("FANS", height * 0.72F), air, samples, frame.input.now);
        return;
    }
    const float gap = canvas.px(canvas.theme().gap);
    const float left_width = std::floor((column.width() - gap) * 0.5F);
    Column left{frame.widgets, column.x(), column.bottom(), left_width};
    Column right{frame.widgets, column.x() + left_width + gap, column.bottom(),
                 column.width() - left_width - gap};
    draw_plot(canvas, left.card("TEMPERATURES", height), heat, samples, frame.input.now);
    draw_plot(canvas, right.card("FANS", height), air, samples, frame.input.now);
    column.place(left.bottom() - gap - column.bottom());
}

// What the hand needs is on the left, what the eye needs on the right. Return where the longest ends.
float draw_two_columns(const PageContext& page, const Columns& columns, std::size_t index, float top,
                       Rect& camera_card) {
    const Widgets& widgets = page.frame.widgets;
    Column left{widgets, columns.left_x, top, columns.left_width};
    Column right{widgets, columns.right_x, top, columns.right_width};
    draw_status_card(page, left);
    draw_job_card(page, left);
    draw_plate_card(page, left);
    draw_control_card(page, left);
    draw_hms_card(page, left);
    draw_skip_card(page, left);
    draw_heat_card(page, left);
    draw_air_card(page, left);
    camera_card = draw_camera_card(page, right, columns.picture_height);
    draw_filament_card(page, right);
    draw_motion_card(page, right);
    draw_plots(page, right, index, widgets.px(210));
    draw_link_card(page, right);
    draw_facts_card(page, right);
    return std::max(left.bottom(), right.bottom());
}

float draw_one_column(const PageContext& page, const Columns& columns, std::size_t index, float top,
                      Rect& camera_card) {
    Column only{page.frame.widgets, columns.left_x, top, columns.left_width};
    camera_card = draw_camera_card(page, only, columns.picture_height);
    draw_status_card(page, only);
    draw_job_card(page, only);
    draw_plate_card(page, only);
    draw_control_card(page, only);
    draw_hms_card(page, only);
    draw_skip_card(page, only);
    draw_heat_card(page, only);
    draw_air_card(page, only);
    draw_filament_card(page, only);
    draw_motion_card(page, only);
    draw_plots(page, only, index, page.frame.widgets.px(220));
    draw_link_card(page, only);
    draw_facts_card(page, only);
    return only.bottom();
}

}  // namespace

Rect page_picture(const Theme& theme, const Rect& area, float scale) {
    const Columns columns = place_page(theme, area, scale);
    return {columns.right_x, area.y, columns.right_width, columns.picture_height};
}

Rect draw_printer_page(const Frame& frame, const PrinterState& printer, std::size_t index,
                       const PageCamera& camera, PrinterPageState& state) {
    if (state.shown != printer.id) {
        state = {};
        state.shown = printer.id;
    }
    const Widgets& ground = frame.widgets;
    const Theme& theme = ground.theme();
    ground.canvas().cover(frame.area, theme.background);
    ImGui::PushStyleColor(ImGuiCol_ScrollbarBg, 0);
    ImGui::SetCursorScreenPos({frame.area.x, frame.area.y});
    ImGui::BeginChild("printer/page", {frame.area.width, frame.area.height}, false,
                      ImGuiWindowFlags_NoBackground);
    const ImVec2 top = ImGui::GetCursorScreenPos();
    const TileView view = tile_view(printer, frame.input.now);
    const Controls fitted = controls(printer);
    const PageContext page{frame, printer, control_of(*frame.input.fleet, index), fitted, view, camera,
                           state, index};
    const Columns columns = place_page(theme, frame.area, frame.input.scale);
    Column banner{ground, columns.left_x, top.y, frame.area.width - 2 * columns.left_x};
    draw_page_banner(page, banner);
    Rect camera_card;
    const float bottom = columns.two ? draw_two_columns(page, columns, index, banner.bottom(), camera_card)
                                     : draw_one_column(page, columns, index, banner.bottom(), camera_card);
    ImGui::SetCursorScreenPos({columns.left_x, top.y});
    ImGui::Dummy({1, bottom - top.y});
    scroll_by_hand();
    ImGui::EndChild();
    ImGui::PopStyleColor();
    return camera_card;
}

}  // namespace farmwall::ui
