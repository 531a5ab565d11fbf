#include <algorithm>
#include <cmath>

#include "ui/compat.hpp"
#include "ui/plot.hpp"
#include "ui/printer_cards.hpp"

namespace farmwall::ui {
namespace {

constexpr float two_columns_from = 1000;  // pixels at 96 dpi

void draw_plots(const PageContext& page, Column& column, std::size_t index, float height) {
    const Frame& frame = page.frame;
    const Canvas canvas = frame.widgets.canvas();
    const Theme& theme = canvas.theme();
    const auto samples = frame.telemetry.read(index);

    Plot heat;
    heat.unit = "°C";
    heat.least_top = 120;
    heat.span = plot_span(samples, frame.input.now);
    heat.series = {{"Nozzle", &Sample::nozzle_celsius, &Sample::nozzle_target_celsius, theme.plot_nozzle},
                   {"Bed", &Sample::bed_celsius, &Sample::bed_target_celsius, theme.plot_bed}};
    if (!page.view.chamber.empty()) {
        heat.series.push_back({"Chamber", &Sample::chamber_celsius, nullptr, theme.plot_chamber});
    }
    draw_plot(canvas, column.card("TEMPERATURES", height), heat, samples, frame.input.now);

    Plot air;
    air.unit = "%";
    air.least_top = 100;
    air.span = heat.span;
    const Fans found = fans(page.printer);
    air.series = {{"Part fan", &Sample::part_fan_percent, nullptr, theme.plot_part_fan}};
    if (found.aux_percent)
        air.series.push_back({"Aux fan", &Sample::aux_fan_percent, nullptr, theme.plot_aux_fan});
    if (found.chamber_percent) {
        air.series.push_back({"Chamber fan", &Sample::chamber_fan_percent, nullptr, theme.plot_chamber_fan});
    }
    draw_plot(canvas, column.card("FANS", height * 0.72F), air, samples, frame.input.now);
}

}  // namespace

void draw_printer_page(const Frame& frame, const PrinterState& printer, std::size_t index,
                       PrinterPageState& state) {
    if (state.shown != printer.id) state = PrinterPageState{printer.id, false, {}, {}};
    const Widgets& ground = frame.widgets;
    const Theme& theme = ground.theme();
    ground.canvas().fill(frame.area, theme.background);
    ImGui::PushStyleColor(ImGuiCol_ScrollbarBg, 0);
    ImGui::SetCursorScreenPos({frame.area.x, frame.area.y});
    ImGui::BeginChild("printer/page", {frame.area.width, frame.area.height}, false,
                      ImGuiWindowFlags_NoBackground);
    const ImVec2 top = ImGui::GetCursorScreenPos();
    const TileView view = tile_view(printer, frame.input.now);
    const PageContext page{frame, printer, view, state};
    const float margin = ground.px(theme.margin);
    const float gap = ground.px(theme.gap);
    const float width = frame.area.width - 2 * margin;
    float bottom = 0;
    if (frame.area.width >= ground.px(two_columns_from)) {
        const float left_width = std::floor((width - gap) * 0.42F);
        Column left{ground, margin, top.y, left_width};
        Column right{ground, margin + left_width + gap, top.y, width - gap - left_width};
        draw_status_card(page, left);
        draw_hms_card(page, left);
        draw_link_card(page, left);
        draw_facts_card(page, left);
        const float plot = (frame.area.height - ground.px(540)) * 0.46F;
        draw_plots(page, right, index, std::clamp(plot, ground.px(190), ground.px(420)));
        draw_filament_card(page, right);
        draw_camera_card(page, right);
        bottom = std::max(left.bottom(), right.bottom());
    } else {
        Column only{ground, margin, top.y, width};
        draw_status_card(page, only);
        draw_hms_card(page, only);
        draw_link_card(page, only);
        draw_plots(page, only, index, ground.px(220));
        draw_filament_card(page, only);
        draw_facts_card(page, only);
        draw_camera_card(page, only);
        bottom = only.bottom();
    }
    ImGui::SetCursorScreenPos({margin, top.y});
    ImGui::Dummy({1, bottom - top.y});
    ImGui::EndChild();
    ImGui::PopStyleColor();
}

}  // namespace farmwall::ui
