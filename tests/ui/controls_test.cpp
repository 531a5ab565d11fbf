#include <doctest/doctest.h>

#include <algorithm>
#include <functional>

#include "shell_bench.hpp"

using namespace farmwall;
using namespace farmwall::ui;
using namespace std::chrono_literals;
using test::Bench;

namespace {

// Places in the fake farm by model.
constexpr std::size_t x1c = 0;  // prints
constexpr std::size_t p1s = 1;  // prints
constexpr std::size_t a1 = 2;   // idle
constexpr std::size_t h2d = 3;  // prints
constexpr std::size_t p2s = 4;  // finished

PrinterId id_of(std::size_t index) { return PrinterId{"p" + std::to_string(index + 1)}; }

void idle(PrinterState& printer) {
    printer.report.state = JobState::idle;
    printer.report.home_flag = 7;
    printer.report.ams_status = 0;
}

CommandStatus status_of(const Action& action, Phase phase, std::string reason = {}) {
    CommandStatus status;
    status.id = 1;
    status.action = action;
    status.phase = phase;
    status.reason = std::move(reason);
    status.asked_at = status.phase_since = test::farm_now;
    return status;
}

void put_command(Bench& bench, std::size_t index, const CommandStatus& status) {
    bench.change_control(index, [&](PrinterControl& control) {
        control.commands.push_back(std::make_shared<const CommandStatus>(status));
    });
}

// The page of one printer, ready to be pressed.
struct PageBench : Bench {
    explicit PageBench(std::size_t index, const std::function<void(PrinterState&)>& edit = {})
        : Bench{test::fake_farm(12)} {
        shell->show_printer(id_of(index));
        if (edit) change(index, edit);
        settle();
    }
    bool has(const std::string& id) const { return target(id).has_value(); }
    bool enabled(const std::string& id) const {
        const auto at = target(id);
        REQUIRE_MESSAGE(at.has_value(), id);
        return at->enabled;
    }
};

struct Expected {
    const char* id;
    Action action;
};

void check_presses(std::size_t index, const std::function<void(PrinterState&)>& edit,
                   const std::vector<Expected>& all) {
    PageBench bench{index, edit};
    for (const Expected& expected : all) {
        const std::string id = expected.id;
        CAPTURE(id);
        bench.intents.clear();
        bench.click(expected.id);
        REQUIRE(bench.intents.size() == 1);
        CHECK(bench.intents[0].printer == id_of(index));
        const Command command = bench.last_command();
        CHECK(command.action == expected.action);
        CHECK(command.origin == Origin::screen);
        CHECK(command.fleet_action.empty());
    }
}

}  // namespace

TEST_CASE("controls: while a print runs each press emits exactly its command") {
    check_presses(x1c, {},
                  {{"printer/pause", Pause{}},
                   {"printer/speed/1", SetSpeed{1}},
                   {"printer/speed/4", SetSpeed{4}},
                   {"printer/light/chamber", SetLight{Lamp::chamber, false}},  // it is on
                   {"printer/light/logo/on", SetLight{Lamp::logo, true}},
                   {"printer/light/logo/off", SetLight{Lamp::logo, false}},
                   {"printer/nozzle/0/preset/250", SetNozzleTarget{0, 250}},
                   {"printer/nozzle/0/preset/0", SetNozzleTarget{0, 0}},
                   {"printer/bed/preset/80", SetBedTarget{80}},
                   {"printer/tray/0-0/select", SelectTray{{TraySource::Kind::ams, 0, 0}}}});
}

TEST_CASE("controls: at rest each press emits exactly its command") {
    const auto rested = [](PrinterState& printer) {
        idle(printer);
        printer.report.print_error = 0x05008061U;
        printer.report.timelapse = false;
    };
    check_presses(x1c, rested,
                  {{"printer/clear_fault", ClearFault{}},
                   {"printer/cool_down", CoolDown{}},
                   {"printer/timelapse", SetTimelapse{true}},
                   {"printer/home", Home{}},
                   {"printer/jog/x+", Jog{1, 0, 0, 3000}},
                   {"printer/jog/x-", Jog{-1, 0, 0, 3000}},
                   {"printer/jog/y+", Jog{0, 1, 0, 3000}},
                   {"printer/jog/y-", Jog{0, -1, 0, 3000}},
                   {"printer/jog/z+", Jog{0, 0, 1, 900}},
                   {"printer/jog/z-", Jog{0, 0, -1, 900}},
                   {"printer/tray/0-1/load", LoadTray{{TraySource::Kind::ams, 0, 1}}},
                   {"printer/tray/external/load", LoadTray{{TraySource::Kind::external, 0, 0}}},
                   {"printer/unload", UnloadFilament{}}});
}

TEST_CASE("controls: while paused each press emits exactly its command") {
    const auto paused = [](PrinterState& printer) { printer.report.state = JobState::pause; };
    check_presses(x1c, paused,
                  {{"printer/resume", Resume{}},
                   {"printer/retry", AnswerDialog{AnswerDialog::Answer::retry}},
                   {"printer/done", AnswerDialog{AnswerDialog::Answer::done}}});
}

TEST_CASE("controls: two nozzles, the chamber, air and drying are commanded where they are fitted") {
    const auto fitted = [](PrinterState& printer) {
        idle(printer);
        printer.report.airduct_mode = 0;
        printer.report.ams->front().info = 3;  // AMS 2 Pro
    };
    check_presses(h2d, fitted,
                  {{"printer/nozzle/0/preset/220", SetNozzleTarget{0, 220}},
                   {"printer/nozzle/1/preset/220", SetNozzleTarget{1, 220}},
                   {"printer/chamber/preset/50", SetChamberTarget{50}},
                   {"printer/air/heating", SetAirMode{AirMode::heating}}});
    PageBench bench{h2d, fitted};
    bench.click("printer/drying/0/celsius/55 °C");
    bench.click("printer/drying/0/hours/12 h");
    CHECK(bench.intents.empty());
    bench.click("printer/drying/0/start");
    const auto dry = std::get<StartDrying>(bench.last_command().action);
    CHECK(dry.unit == 0);
    CHECK(dry.celsius == 55);
    CHECK(dry.hours == 12);
    CHECK_FALSE(dry.material.empty());
    CHECK_FALSE(bench.enabled("printer/drying/0/stop"));
    bench.change(h2d, [](PrinterState& printer) { printer.report.ams->front().info = 3 + (2 << 4); });
    bench.click("printer/drying/0/stop");
    CHECK(bench.last_command().action == Action{StopDrying{0}});
}

TEST_CASE("controls: step and feed change the next move and send nothing themselves") {
    PageBench bench{x1c, idle};
    bench.click("printer/jog/step/50 mm");
    bench.click("printer/jog/feed/fast");
    CHECK(bench.intents.empty());
    bench.click("printer/jog/x+");
    CHECK(bench.last_command().action == Action{Jog{50, 0, 0, 6000}});
    bench.click("printer/jog/step/0.1 mm");
    bench.click("printer/jog/z+");
    CHECK(bench.last_command().action == Action{Jog{0, 0, 0.1, 900}});  // Z is never fast
}

TEST_CASE("controls: a move that would leave the build volume is disabled, the way back is not") {
    PageBench bench{x1c, idle};
    bench.change_control(x1c, [](PrinterControl& control) { control.position = Position{0, 128, 10}; });
    bench.settle();
    CHECK_FALSE(bench.enabled("printer/jog/x-"));
    CHECK(bench.enabled("printer/jog/x+"));
}

TEST_CASE("controls: what the gate refuses is disabled and emits nothing") {
    SUBCASE("nothing to resume, nothing to clear, no moving while printing") {
        PageBench bench{x1c, [](PrinterState& printer) { printer.report.print_error = 0; }};
        for (const char* id : {"printer/resume", "printer/clear_fault", "printer/cool_down", "printer/home",
                               "printer/jog/x+", "printer/unload", "printer/tray/0-1/load"}) {
            CAPTURE(id);
            CHECK_FALSE(bench.enabled(id));
            bench.click(id);
            CHECK(bench.intents.empty());
        }
    }
    SUBCASE("not connected: nothing at all") {
        PageBench bench{6};
        for (const Target& target : bench.shell->targets()) {
            const bool local = target.id.starts_with("tab/") || target.id.starts_with("printer/jog/step") ||
                               target.id.starts_with("printer/jog/feed") ||
                               target.id == "printer/connect_now";
            if (!local) CHECK_MESSAGE(!target.enabled, target.id);
        }
        bench.hold("printer/stop", 2s);
        bench.click("printer/pause");
        CHECK(bench.intents.empty());
    }
    SUBCASE("an empty tray") {
        PageBench bench{x1c, [](PrinterState& printer) {
                            idle(printer);
                            printer.report.tray_exist_bits = 0b0111;
                        }};
        CHECK_FALSE(bench.enabled("printer/tray/0-3/load"));
        CHECK(bench.enabled("printer/tray/0-1/load"));
    }
}

TEST_CASE("controls: the same command under way waits for its answer, a stop never does") {
    PageBench bench{x1c};
    put_command(bench, x1c, status_of(Pause{}, Phase::sent));
    put_command(bench, x1c, status_of(Stop{}, Phase::sent));
    put_command(bench, x1c, status_of(SetFan{Fan::part, 40}, Phase::confirmed));
    bench.settle();
    CHECK_FALSE(bench.enabled("printer/pause"));
    CHECK(bench.enabled("printer/stop"));
    CHECK(bench.enabled("printer/fan/part/more"));
}

TEST_CASE("controls: only what the model has is drawn") {
    SUBCASE("A1: no chamber fan, no chamber heater, no aux fan") {
        const PageBench bench{a1};
        CHECK(bench.has("printer/fan/part/slider"));
        CHECK_FALSE(bench.has("printer/fan/chamber/slider"));
        CHECK_FALSE(bench.has("printer/fan/aux/slider"));
        CHECK_FALSE(bench.has("printer/chamber/slider"));
        CHECK_FALSE(bench.has("printer/light/logo/on"));
    }
    SUBCASE("P1S: three fans, no chamber heater, no drying") {
        const PageBench bench{p1s};
        CHECK(bench.has("printer/fan/chamber/slider"));
        CHECK_FALSE(bench.has("printer/chamber/slider"));
        CHECK_FALSE(bench.has("printer/nozzle/1/slider"));
        CHECK_FALSE(bench.has("printer/drying/0/start"));
    }
    SUBCASE("H2D: two nozzles and a chamber heater") {
        const PageBench bench{h2d};
        CHECK(bench.has("printer/nozzle/1/slider"));
        CHECK(bench.has("printer/chamber/slider"));
    }
    SUBCASE("a timelapse that is not reported cannot be switched") {
        const PageBench bench{p2s};
        CHECK_FALSE(bench.has("printer/timelapse"));
        CHECK_FALSE(bench.has("printer/air/cooling"));
    }
}

TEST_CASE("controls: pause, resume and stop name the print that was looked at") {
    const auto job = [](PrinterState& printer) { printer.report.subtask_id = "4711"; };
    PageBench bench{x1c, job};
    bench.click("printer/pause");
    REQUIRE(bench.last_command().seen_job.has_value());
    CHECK(bench.last_command().seen_job->subtask_id == "4711");
    CHECK(bench.last_command().seen_job->name == *bench.input.fleet->printers[x1c]->report.subtask_name);
    bench.click("printer/light/chamber");
    CHECK_FALSE(bench.last_command().seen_job.has_value());
}

TEST_CASE("controls: stop is held, once, and never a press") {
    PageBench bench{x1c};
    SUBCASE("a click does nothing") {
        bench.click("printer/stop");
        CHECK(bench.intents.empty());
    }
    SUBCASE("let go too early does nothing") {
        bench.hold("printer/stop", 700ms);
        CHECK(bench.intents.empty());
        bench.hold("printer/stop", 700ms);  // and nothing is left of the first try
        CHECK(bench.intents.empty());
    }
    SUBCASE("held long enough it stops once, however long it is held") {
        bench.hold("printer/stop", 3s);
        REQUIRE(bench.intents.size() == 1);
        CHECK(bench.last_command().action == Action{Stop{}});
        CHECK(bench.last_command().seen_job.has_value());
    }
    SUBCASE("slid off it does nothing, not even on the way back") {
        const Target stop = bench.reveal("printer/stop");
        bench.press_button(true);
        bench.wait(400ms);
        compat::feed_mouse(stop.box.center().x, stop.box.bottom() + 200);
        bench.wait(200ms);
        compat::feed_mouse(stop.box.center().x, stop.box.center().y);
        bench.wait(2s);
        bench.press_button(false);
        CHECK(bench.intents.empty());
    }
    SUBCASE("another print began under the finger: nothing") {
        bench.reveal("printer/stop");
        bench.press_button(true);
        bench.wait(400ms);
        bench.change(x1c, [](PrinterState& printer) { printer.report.subtask_name = "another"; });
        bench.wait(2s);
        bench.press_button(false);
        CHECK(bench.intents.empty());
    }
    SUBCASE("the print ended under the finger: nothing") {
        bench.reveal("printer/stop");
        bench.press_button(true);
        bench.wait(400ms);
        bench.change(x1c, [](PrinterState& printer) { printer.report.state = JobState::finish; });
        bench.wait(2s);
        bench.press_button(false);
        CHECK(bench.intents.empty());
    }
    SUBCASE("a frozen screen counts only what was seen to fill") {
        bench.reveal("printer/stop");
        bench.press_button(true);
        bench.input.now += 10s;
        bench.frame();
        CHECK(bench.intents.empty());
        bench.press_button(false);
    }
}

TEST_CASE("controls: a hold makes frames, and its end makes none") {
    PageBench bench{x1c};
    bench.reveal("printer/stop");
    bench.settle();
    CHECK_FALSE(bench.shell->wants_frame(bench.input));
    bench.press_button(true);
    CHECK(bench.shell->wants_frame(bench.input));
    bench.press_button(false);
    bench.settle();
    CHECK_FALSE(bench.shell->wants_frame(bench.input));
}

TEST_CASE("slider: follows the hand while it is dragged, and sends once when let go") {
    PageBench bench{x1c};
    const Target slider = bench.reveal("printer/bed/slider", 0.5F);
    const auto at = [&](float share) {
        compat::feed_mouse(slider.box.x + slider.box.width * share, slider.box.center().y);
        bench.frame();
    };
    bench.press_button(true);
    at(0.7F);
    at(0.8F);
    CHECK(bench.intents.empty());
    // Reports go on meanwhile and do not move the hand's value.
    for (int celsius = 60; celsius < 66; ++celsius) {
        bench.change(x1c, [&](PrinterState& printer) {
            printer.report.bed_celsius = celsius;
            printer.report.bed_target_celsius = celsius - 40;
        });
        bench.wait(100ms);
    }
    CHECK(bench.intents.empty());
    bench.press_button(false);
    bench.settle();
    REQUIRE(bench.intents.size() == 1);
    const int wanted = std::get<SetBedTarget>(bench.last_command().action).celsius;
    CHECK(wanted % 5 == 0);
    CHECK(wanted >= 80);
    CHECK(wanted <= 100);
    bench.wait(2s);
    CHECK(bench.intents.size() == 1);
}

TEST_CASE("slider: each fan that is fitted is set by its own") {
    const auto second_aux = [](PrinterState& printer) {
        printer.report.airduct_parts =
            std::vector<AirductPart>{{16, 30, 30}, {32, 0, 0}, {48, 0, 0}, {160, 0, 0}};
    };
    PageBench bench{h2d, second_aux};
    const std::pair<const char*, Fan> fans[] = {{"printer/fan/part/slider", Fan::part},
                                                {"printer/fan/aux/slider", Fan::aux},
                                                {"printer/fan/chamber/slider", Fan::chamber},
                                                {"printer/fan/second_aux/slider", Fan::second_aux}};
    for (const auto& [id, fan] : fans) {
        bench.intents.clear();
        const Target slider = bench.reveal(id, 0.2F);
        bench.press_button(true);
        compat::feed_mouse(slider.box.x + slider.box.width * 0.75F, slider.box.center().y);
        bench.frame();
        bench.press_button(false);
        bench.settle();
        REQUIRE(bench.intents.size() == 1);
        const auto set = std::get<SetFan>(bench.last_command().action);
        CHECK(set.fan == fan);
        CHECK(set.percent >= 65);
        CHECK(set.percent <= 85);
    }
}

TEST_CASE("controls: each lamp whose state is reported is switched to the other one") {
    const auto lamps = [](PrinterState& printer) {
        printer.report.lights =
            std::vector<Light>{{"chamber_light", LightMode::on}, {"work_light", LightMode::off}};
    };
    PageBench bench{x1c, lamps};
    bench.click("printer/light/chamber");
    CHECK(bench.last_command().action == Action{SetLight{Lamp::chamber, false}});
    bench.click("printer/light/work");
    CHECK(bench.last_command().action == Action{SetLight{Lamp::work, true}});
}

TEST_CASE("slider: a touch without a movement changes nothing") {
    PageBench bench{x1c};
    bench.reveal("printer/nozzle/0/slider", 0.95F);
    bench.press_button(true);
    bench.wait(1s);
    bench.press_button(false);
    bench.settle();
    CHECK(bench.intents.empty());
}

TEST_CASE("slider: disabled under the hand it is let go and sends nothing") {
    PageBench bench{x1c};
    const Target slider = bench.reveal("printer/bed/slider", 0.5F);
    bench.press_button(true);
    compat::feed_mouse(slider.box.x + slider.box.width * 0.9F, slider.box.center().y);
    bench.frame();
    bench.change(x1c, [](PrinterState& printer) { printer.link.link = Link::offline; });
    bench.wait(200ms);
    bench.press_button(false);
    bench.settle();
    CHECK(bench.intents.empty());
}

TEST_CASE("slider: left for another screen it is forgotten") {
    PageBench bench{x1c};
    const Target slider = bench.reveal("printer/bed/slider", 0.5F);
    bench.press_button(true);
    compat::feed_mouse(slider.box.x + slider.box.width * 0.9F, slider.box.center().y);
    bench.frame();
    bench.press(compat::Key::f1);
    bench.press_button(false);
    bench.shell->show_printer(id_of(x1c));
    bench.settle();
    CHECK(bench.intents.empty());
}

TEST_CASE("steps: several presses become one command, a little after the last") {
    PageBench bench{x1c};
    bench.click("printer/nozzle/0/more");
    bench.wait(300ms);
    bench.click("printer/nozzle/0/more");
    bench.click("printer/nozzle/0/more");
    CHECK(bench.intents.empty());
    bench.wait(500ms);
    CHECK(bench.intents.empty());
    bench.wait(300ms);
    REQUIRE(bench.intents.size() == 1);
    CHECK(bench.last_command().action == Action{SetNozzleTarget{0, 223}});
    bench.wait(2s);
    CHECK(bench.intents.size() == 1);
}

TEST_CASE("steps: another printer or screen in between, and nothing is sent") {
    PageBench bench{x1c};
    bench.click("printer/bed/less");
    SUBCASE("another printer") { bench.shell->show_printer(id_of(p1s)); }
    SUBCASE("another screen") { bench.press(compat::Key::f2); }
    SUBCASE("a preset") {
        bench.click("printer/bed/preset/45");
        REQUIRE(bench.intents.size() == 1);
        bench.intents.clear();
    }
    bench.wait(2s);
    CHECK(bench.intents.empty());
}

TEST_CASE("steps: a chamber goes from off to its least and back") {
    const auto cold = [](PrinterState& printer) { idle(printer); };
    PageBench bench{h2d, cold};
    bench.click("printer/chamber/more");
    bench.wait(1s);
    CHECK(bench.last_command().action == Action{SetChamberTarget{40}});
}

TEST_CASE("page: a command that the queue does not take is told above the cards") {
    PageBench bench{x1c};
    const float before = bench.target("printer/pause")->box.y;
    bench.takes_intents = false;
    bench.click("printer/pause");
    bench.settle();
    CHECK(bench.target("printer/pause")->box.y > before);
    bench.takes_intents = true;
    bench.click("printer/pause");
    bench.settle();
    CHECK(bench.target("printer/pause")->box.y == before);
}

TEST_CASE("page: without Developer Mode a banner says so and only what needs none is enabled") {
    PageBench bench{x1c};
    const float before = bench.target("printer/pause")->box.y;
    bench.change(x1c, [](PrinterState& printer) { printer.learnt_developer_mode = DeveloperMode::off; });
    bench.settle();
    CHECK(bench.target("printer/pause")->box.y > before);
    CHECK_FALSE(bench.enabled("printer/pause"));
    CHECK_FALSE(bench.enabled("printer/stop"));
    CHECK(bench.enabled("printer/light/chamber"));
}

TEST_CASE("page: follows a hand on its ground, and only there") {
    PageBench bench{x1c};
    const auto y = [&] { return bench.target("printer/pause")->box.y; };
    const float before = y();
    const auto drag_from = [&](float at_x, float at_y) {
        compat::feed_mouse(at_x, at_y);
        bench.frame();
        bench.frame();
        bench.press_button(true);
        compat::feed_mouse(at_x, at_y - 200);
        bench.frame();
        bench.frame();
        bench.press_button(false);
        bench.settle();
    };
    const Target light = *bench.target("printer/light/chamber");
    drag_from(light.box.center().x, light.box.center().y);
    CHECK(y() == before);
    CHECK(bench.intents.empty());
    drag_from(250, 300);  // the status card
    CHECK(y() == before - 200);
    CHECK(bench.intents.empty());
}

TEST_CASE("page: what becomes of a command redraws it, and nothing else does") {
    PageBench bench{x1c};
    CHECK_FALSE(bench.shell->wants_frame(bench.input));
    put_command(bench, p1s, status_of(Pause{}, Phase::sent));
    CHECK(bench.input.fleet->controls.size() == 12);
    bench.settle();  // the controls are published for the first time
    put_command(bench, p1s, status_of(Pause{}, Phase::accepted));
    CHECK_FALSE(bench.shell->wants_frame(bench.input));
    put_command(bench, x1c, status_of(Pause{}, Phase::sent));
    CHECK(bench.shell->wants_frame(bench.input));
}

TEST_CASE("page: every control can be touched: 44 pixels a side at 96 dpi") {
    for (const auto& [width, height] : {std::pair{1280.0F, 800.0F}, {1920.0F, 1080.0F}, {1080.0F, 1920.0F}}) {
        for (const std::size_t index : {x1c, h2d}) {
            Bench bench{test::fake_farm(12), width, height};
            bench.change(h2d, [](PrinterState& printer) {
                printer.report.airduct_mode = 0;
                printer.report.timelapse = true;
                printer.report.ams->front().info = 3;
            });
            bench.shell->show_printer(id_of(index));
            bench.settle();
            for (const Target& target : bench.shell->targets()) {
                if (!target.id.starts_with("printer/")) continue;
                CAPTURE(target.id);
                CHECK(target.box.height >= 44);
                CHECK(target.box.width >= 44);
            }
        }
    }
}

TEST_CASE("page: no two controls overlap") {
    for (const auto& [width, height] :
         {std::pair{1280.0F, 800.0F}, {1920.0F, 1080.0F}, {1080.0F, 1920.0F}, {420.0F, 800.0F}}) {
        Bench bench{test::fake_farm(12), width, height};
        for (const std::size_t index : {x1c, p1s, a1, h2d, p2s, std::size_t{7}}) {
            bench.shell->show_printer(id_of(index));
            bench.settle();
            const auto& all = bench.shell->targets();
            for (std::size_t i = 0; i < all.size(); ++i) {
                if (!all[i].id.starts_with("printer/")) continue;
                for (std::size_t j = i + 1; j < all.size(); ++j) {
                    CAPTURE(all[i].id);
                    CAPTURE(all[j].id);
                    CHECK_FALSE(overlap(all[i].box, all[j].box));
                }
            }
        }
    }
}
