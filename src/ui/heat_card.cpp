#include <fmt/format.h>

#include <algorithm>
#include <cmath>

#include "ui/control_flow.hpp"
#include "ui/icons.hpp"
#include "ui/text_format.hpp"

namespace farmwall::ui {
namespace {

std::vector<int> up_to(std::vector<int> values, int most) {
    std::erase_if(values, [most](int value) { return value > most; });
    return values;
}

Dial heater(std::string id, std::string label, const std::optional<Temperature>& now,
            const TargetRange& range, Color color) {
    Dial dial;
    dial.id = std::move(id);
    dial.label = std::move(label);
    dial.unit = "°C";
    dial.now = temperature_text(now);
    dial.reported = now ? static_cast<int>(std::lround(now->target_celsius.value_or(0))) : 0;
    dial.most = range.most_celsius;
    dial.least_above_zero = range.least_above_zero_celsius;
    dial.color = color;
    return dial;
}

std::optional<Temperature> nozzle_of(const PrinterState& printer, int extruder) {
    for (const NozzleTemperature& nozzle : nozzle_temperatures(printer)) {
        if (nozzle.extruder == extruder) return nozzle.temperature;
    }
    return std::nullopt;
}

void fill_heat_card(const PageContext& page, ControlFlow& flow) {
    const Theme& theme = page.frame.widgets.theme();
    const Controls& fitted = page.fitted;
    if (fitted.nozzle.most_celsius <= 0 || fitted.bed.most_celsius <= 0) {
        flow.say("How hot this model may get is not known, so no target can be set here.", theme.text_muted);
        return;
    }
    for (int extruder = 0; extruder < fitted.extruders; ++extruder) {
        const std::string label = fitted.extruders == 1 ? "Nozzle"
                                  : extruder == 0       ? "Right nozzle"
                                                        : "Left nozzle";
        Dial dial = heater(fmt::format("printer/nozzle/{}", extruder), label,
                           nozzle_of(page.printer, extruder), fitted.nozzle, theme.plot_nozzle);
        dial.presets = up_to({0, 200, 220, 250, 270}, dial.most);
        dial.action = [extruder](int celsius) { return SetNozzleTarget{extruder, celsius}; };
        flow.dial(dial);
    }
    Dial plate = heater("printer/bed", "Bed", bed(page.printer), fitted.bed, theme.plot_bed);
    plate.presets = up_to({0, 45, 60, 80, 100}, plate.most);
    plate.action = [](int celsius) { return SetBedTarget{celsius}; };
    flow.dial(plate);
    if (fitted.chamber) {
        Dial room =
            heater("printer/chamber", "Chamber", chamber(page.printer), *fitted.chamber, theme.plot_chamber);
        room.presets = up_to({0, 40, 50, 60}, room.most);
        room.action = [](int celsius) { return SetChamberTarget{celsius}; };
        flow.dial(room);
    }
    flow.notes();
}

struct FanPlace {
    const char* id;
    std::optional<int> percent;
    Color color;
};
FanPlace place_of(const PageContext& page, Fan fan) {
    const Theme& theme = page.frame.widgets.theme();
    const Fans reported = fans(page.printer);
    switch (fan) {
        case Fan::part:
            return {"printer/fan/part", reported.part_percent, theme.plot_part_fan};
        case Fan::aux:
            return {"printer/fan/aux", reported.aux_percent, theme.plot_aux_fan};
        case Fan::chamber:
            return {"printer/fan/chamber", reported.chamber_percent, theme.plot_chamber_fan};
        case Fan::second_aux:
            break;
    }
    return {"printer/fan/second_aux", second_aux_percent(page.printer.report), theme.plot_aux_fan};
}

void fill_air_card(const PageContext& page, ControlFlow& flow) {
    for (const Fan fan : page.fitted.fans) {
        const FanPlace place = place_of(page, fan);
        Dial dial;
        dial.id = place.id;
        dial.label = describe(fan);
        dial.unit = "%";
        dial.now = place.percent ? fmt::format("{} %", *place.percent) : "–";
        dial.reported = place.percent.value_or(0);
        dial.press_step = 5;
        dial.color = place.color;
        dial.action = [fan](int percent) { return SetFan{fan, percent}; };
        flow.dial(dial);
    }
    flow.notes();
    if (!page.fitted.air_mode) return;
    flow.caption("AIR");
    const auto press = [&](const char* id, const char* label, AirMode mode) {
        Press made{id, label, SetAirMode{mode}};
        made.chosen = page.printer.report.airduct_mode == static_cast<int>(mode);
        made.exact = true;
        return made;
    };
    flow.presses({press("printer/air/cooling", "Cooling", AirMode::cooling),
                  press("printer/air/heating", "Heating", AirMode::heating)});
    flow.notes();
}

}  // namespace

void draw_heat_card(const PageContext& page, Column& column) {
    draw_controls(page, column, "TARGETS", [&](ControlFlow& flow) { fill_heat_card(page, flow); });
}

void draw_air_card(const PageContext& page, Column& column) {
    if (page.fitted.fans.empty() && !page.fitted.air_mode) return;
    draw_controls(page, column, "FANS AND AIR", [&](ControlFlow& flow) { fill_air_card(page, flow); });
}

}  // namespace farmwall::ui
