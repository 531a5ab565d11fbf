#include <fmt/format.h>

#include <array>
#include <utility>

#include "model/errors.hpp"
#include "ui/control_flow.hpp"
#include "ui/icons.hpp"

namespace farmwall::ui {
namespace {

using namespace std::chrono_literals;

constexpr Duration hold_to_stop = 800ms;

std::string_view lamp_id(Lamp lamp) {
    switch (lamp) {
        case Lamp::chamber:
            return "chamber";
        case Lamp::work:
            return "work";
        case Lamp::logo:
            return "logo";
    }
    return "chamber";
}

std::optional<LightMode> reported_light(const Report& report, Lamp lamp) {
    switch (lamp) {
        case Lamp::chamber:
            return chamber_light(report);
        case Lamp::work:
            return light(report, "work_light");
        case Lamp::logo:
            return std::nullopt;
    }
    return std::nullopt;
}

std::vector<Press> job_presses() {
    Press stop{"printer/stop", "Hold to stop", Stop{}, icon::stop};
    stop.danger = true;
    stop.hold = hold_to_stop;
    stop.noted = "Stop";
    return {{"printer/pause", "Pause", Pause{}, icon::pause},
            {"printer/resume", "Resume", Resume{}, icon::play},
            std::move(stop)};
}

// One toggle a lamp; two buttons where nothing reports whether it is on.
std::vector<Press> lamp_presses(const PageContext& page) {
    std::vector<Press> presses;
    for (const Lamp lamp : page.fitted.lamps) {
        const std::string id = fmt::format("printer/light/{}", lamp_id(lamp));
        const std::string label{describe(lamp)};
        if (lamp == Lamp::logo) {
            Press on{id + "/on", label + " on", SetLight{lamp, true}, icon::light};
            Press off{id + "/off", label + " off", SetLight{lamp, false}, icon::light};
            on.exact = off.exact = true;
            presses.push_back(std::move(on));
            presses.push_back(std::move(off));
            continue;
        }
        const auto mode = reported_light(page.printer.report, lamp);
        const bool lit = mode && *mode != LightMode::off;
        Press toggle{id, label, SetLight{lamp, !lit}, icon::light};
        toggle.state = !mode                          ? "not reported"
                       : *mode == LightMode::flashing ? "flashing"
                       : lit                          ? "on"
                                                      : "off";
        toggle.chosen = lit;
        presses.push_back(std::move(toggle));
    }
    if (page.fitted.timelapse) {
        const bool on = page.printer.report.timelapse.value_or(false);
        Press toggle{"printer/timelapse", "Timelapse", SetTimelapse{!on}, icon::video};
        toggle.state = on ? "on" : "off";
        toggle.chosen = on;
        presses.push_back(std::move(toggle));
    }
    return presses;
}

std::vector<Press> speed_presses(const PageContext& page) {
    static constexpr std::array<const char*, 4> labels{"Silent", "Standard", "Sport", "Ludicrous"};
    std::vector<Press> presses;
    for (int level = 1; level <= 4; ++level) {
        Press press{fmt::format("printer/speed/{}", level), labels[static_cast<std::size_t>(level - 1)],
                    SetSpeed{level}};
        press.chosen = page.printer.report.speed_level == level;
        press.exact = true;
        presses.push_back(std::move(press));
    }
    return presses;
}

void fill_control_card(const PageContext& page, ControlFlow& flow) {
    const Theme& theme = page.frame.widgets.theme();
    flow.presses(job_presses(), 120);
    flow.notes();
    flow.presses({{"printer/clear_fault", "Clear error", ClearFault{}, icon::check},
                  {"printer/cool_down", "Cool down", CoolDown{}, icon::thermometer}});
    if (const auto words = soft_fail_text(page.printer.report); !words.empty())
        flow.say(words, theme.text_muted);
    flow.notes();
    const auto lamps = lamp_presses(page);
    if (!lamps.empty()) {
        flow.presses(lamps, 150);
        flow.notes();
    }
    flow.caption("SPEED");
    flow.presses(speed_presses(page), 96);
    flow.notes();
    const std::string foreign = foreign_text(page.control.foreign, page.frame.input.wall_now);
    if (!foreign.empty()) flow.say(foreign, theme.paused);
}

}  // namespace

void draw_control_card(const PageContext& page, Column& column) {
    draw_controls(page, column, "CONTROLS", [&](ControlFlow& flow) { fill_control_card(page, flow); });
}

void draw_page_banner(const PageContext& page, Column& column) {
    const Theme& theme = page.frame.widgets.theme();
    if (developer_mode(page.printer) == DeveloperMode::off) {
        draw_controls(page, column, "DEVELOPER MODE IS OFF", [&](ControlFlow& flow) {
            flow.say(
                "This printer shows its state, but takes no commands. At the printer's own screen switch on "
                "two things: LAN Only Mode, and then Developer Mode below it.",
                theme.refused);
            flow.say(
                "The printer makes a new access code then: enter it again in this printer's settings here.",
                theme.text_color);
        });
    }
    if (!page.state.command_note.empty()) {
        draw_controls(page, column, "NOT SENT",
                      [&](ControlFlow& flow) { flow.say(page.state.command_note, theme.failed); });
    }
}

}  // namespace farmwall::ui
