#include "ui/fleet_panel.hpp"

#include <doctest/doctest.h>

#include <algorithm>
#include <set>

#include "shell_bench.hpp"

using namespace farmwall;
using namespace farmwall::ui;
using namespace std::chrono_literals;
using test::Bench;

namespace {

// 12 printers: p1, p2, p4, p6, p9, p11 print, p10 prepares, p12 is paused; p7 is offline.
struct FleetBench : Bench {
    FleetBench() : Bench{test::fake_farm(12)} {
        shell->show(Screen::overview);
        settle();
    }
    std::set<std::string> asked() const {
        std::set<std::string> names;
        for (const Intent& intent : intents)
            names.insert(intent.printer.value);
        return names;
    }
    FleetPlan plan(FleetKind kind) const {
        FleetPanel panel;
        panel.kind = kind;
        panel.everyone = true;
        return plan_fleet(*input.fleet, panel, {}, input.now);
    }
};

std::string why(const FleetPlan& plan, std::size_t index) {
    for (const auto& [spared, reason] : plan.spared) {
        if (spared == index) return reason;
    }
    return {};
}

}  // namespace

TEST_CASE("fleet: everybody is either affected or spared with the gate's sentence") {
    const FleetBench bench;
    const FleetPlan plan = bench.plan(FleetKind::pause);
    CHECK(plan.affected == std::vector<std::size_t>{0, 1, 3, 5, 8, 9, 10});
    CHECK(plan.affected.size() + plan.spared.size() == 12);
    CHECK(why(plan, 6) == sentence(Refusal::offline));
    CHECK(why(plan, 11) == sentence(Refusal::nothing_to_pause));
    FleetPanel panel;
    CHECK(fleet_title(panel, plan) == "Pause 7 of 12 printers");
}

TEST_CASE("fleet: a fan that a printer does not have spares it") {
    const FleetBench bench;
    FleetPanel panel;
    panel.kind = FleetKind::fans;
    panel.fan = Fan::chamber;
    panel.percent = 50;
    panel.everyone = true;
    const FleetPlan plan = plan_fleet(*bench.input.fleet, panel, {}, bench.input.now);
    CHECK(why(plan, 2) == sentence(Refusal::not_fitted));  // A1
    CHECK(fleet_title(panel, plan).starts_with("Chamber fan 50 % at "));
}

TEST_CASE("fleet: with nobody chosen only stopping all is offered") {
    FleetBench bench;
    CHECK_FALSE(bench.target("fleet/pause")->enabled);
    CHECK(bench.target("fleet/stop_all")->enabled);
    bench.click("fleet/pause");
    CHECK_FALSE(bench.target("fleet/confirm").has_value());
}

TEST_CASE("fleet: rows, models and all are chosen and unchosen") {
    FleetBench bench;
    bench.click("overview/pick/p1");
    CHECK(bench.target("fleet/pause")->enabled);
    CHECK(bench.shell->screen() == Screen::overview);
    bench.click("overview/pick/p1");
    CHECK_FALSE(bench.target("fleet/pause")->enabled);
    bench.click("fleet/model/a1");  // p3 and p9
    bench.click("fleet/lights_off");
    bench.hold("fleet/confirm", 1s);
    CHECK(bench.asked() == std::set<std::string>{"p3", "p9"});
    CHECK(bench.last_command().action == Action{SetLight{std::nullopt, false}});
}

TEST_CASE("fleet: one command each under one text, none for the refused") {
    FleetBench bench;
    bench.click("fleet/all");
    bench.click("fleet/pause");
    CHECK(bench.intents.empty());
    bench.hold("fleet/confirm", 1s);
    CHECK(bench.intents.size() == 7);
    CHECK(bench.asked() == std::set<std::string>{"p1", "p2", "p4", "p6", "p9", "p10", "p11"});
    std::set<std::string> texts;
    for (const Intent& intent : bench.intents) {
        const Command& command = std::get<Command>(intent.wish);
        CHECK(command.action == Action{Pause{}});
        CHECK(command.origin == Origin::screen);
        REQUIRE(command.seen_job.has_value());
        const PrinterState* printer = find_printer(*bench.input.fleet, intent.printer);
        CHECK(*command.seen_job == job_identity(printer->report));
        texts.insert(command.fleet_action);
    }
    CHECK(texts.size() == 1);
    CHECK_FALSE(texts.begin()->empty());
}

TEST_CASE("fleet: two actions have two texts") {
    FleetBench bench;
    bench.click("fleet/all");
    std::set<std::string> texts;
    for (int i = 0; i < 2; ++i) {
        bench.input.wall_now += 1s;
        bench.click("fleet/lights_on");
        bench.hold("fleet/confirm", 1s);
        texts.insert(bench.last_command().fleet_action);
        bench.click("fleet/close");
    }
    CHECK(texts.size() == 2);
}

TEST_CASE("fleet: the hold is needed, and stopping needs a longer one of its own") {
    FleetBench bench;
    SUBCASE("a click or a short hold confirms nothing") {
        bench.click("fleet/all");
        bench.click("fleet/pause");
        bench.click("fleet/confirm");
        bench.hold("fleet/confirm", 700ms);
        CHECK(bench.intents.empty());
    }
    SUBCASE("what is enough to pause is not enough to stop") {
        bench.click("fleet/stop_all");
        CHECK_FALSE(bench.target("fleet/confirm").has_value());
        bench.hold("fleet/confirm_stop", 1400ms);
        CHECK(bench.intents.empty());
        bench.hold("fleet/confirm_stop", 1600ms);
        CHECK(bench.asked() == std::set<std::string>{"p1", "p2", "p4", "p6", "p9", "p10", "p11", "p12"});
        CHECK(bench.last_command().action == Action{Stop{}});
    }
    SUBCASE("canceled") {
        bench.click("fleet/stop_all");
        bench.click("fleet/cancel");
        CHECK(bench.target("overview/row/p1").has_value());
        CHECK(bench.intents.empty());
    }
}

TEST_CASE("fleet: a list that changes under the finger must be agreed to anew") {
    FleetBench bench;
    bench.click("fleet/stop_all");
    bench.reveal("fleet/confirm_stop");
    bench.press_button(true);
    bench.wait(1s);
    bench.change(0, [](PrinterState& printer) { printer.report.state = JobState::finish; });
    bench.wait(2s);
    bench.press_button(false);
    CHECK(bench.intents.empty());
}

TEST_CASE("fleet: what cannot be taken is told and the rest goes on") {
    FleetBench bench;
    bench.takes_intents = false;
    bench.click("fleet/all");
    bench.click("fleet/cool_down");
    bench.hold("fleet/confirm", 1s);
    CHECK(bench.target("fleet/close").has_value());
    CHECK_FALSE(bench.target("fleet/confirm").has_value());
}

TEST_CASE("fleet: each printer's result is that of its own command") {
    PrinterControl control;
    CHECK(fleet_result(control, "pause-1-2") == "waiting");
    CommandStatus status;
    status.action = Pause{};
    status.fleet_action = "pause-1-2";
    status.phase = Phase::failed;
    status.reason = "The printer refused it.";
    control.commands.push_back(std::make_shared<const CommandStatus>(status));
    status.fleet_action.clear();
    status.phase = Phase::confirmed;
    control.commands.push_back(std::make_shared<const CommandStatus>(status));  // somebody's own
    CHECK(fleet_result(control, "pause-1-2") == "failed: The printer refused it.");
}

TEST_CASE("fleet: every control of the panel can be touched") {
    for (const auto& [width, height] : {std::pair{1280.0F, 800.0F}, {1920.0F, 1080.0F}}) {
        Bench bench{test::fake_farm(12), width, height};
        bench.shell->show(Screen::overview);
        bench.settle();
        const auto check = [&] {
            for (const Target& target : bench.shell->targets()) {
                if (!target.id.starts_with("fleet/") && !target.id.starts_with("overview/pick")) continue;
                CAPTURE(target.id);
                CHECK(target.box.height >= 44);
                CHECK(target.box.width >= 44);
            }
        };
        check();
        bench.click("fleet/all");
        bench.click("fleet/fans");
        check();
    }
}
