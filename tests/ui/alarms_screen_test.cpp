#include <doctest/doctest.h>

#include "shell_bench.hpp"
#include "ui/events_list.hpp"

using namespace farmwall;
using namespace farmwall::ui;
using namespace std::chrono_literals;
using test::Bench;

namespace {

Alarm alarm_of(const char* printer, AlarmKind kind, Duration ago) {
    Alarm alarm;
    alarm.key = {PrinterId{printer}, kind};
    alarm.printer_name = std::string{"Printer "} + printer;
    alarm.text = "Something needs a person.";
    alarm.since = test::farm_now - ago;
    return alarm;
}

FleetSnapshot with_alarms(std::vector<Alarm> alarms) {
    auto fleet = std::make_shared<FleetState>(*test::fake_farm(12));
    fleet->alarms = std::make_shared<const std::vector<Alarm>>(std::move(alarms));
    return fleet;
}

struct AlarmsBench : Bench {
    explicit AlarmsBench(std::vector<Alarm> alarms) : Bench{with_alarms(std::move(alarms))} {
        shell->show(Screen::alarms);
        settle();
    }
};

FleetState with_events() {
    FleetState fleet;
    const auto add = [&](const char* printer, EventKind kind) {
        fleet.events.push_back(std::make_shared<const Event>(Event{{}, PrinterId{printer}, kind, "text"}));
    };
    add("a", EventKind::print_started);
    add("b", EventKind::link_down);
    add("a", EventKind::runout);
    add("b", EventKind::command);
    add("a", EventKind::foreign_command);
    add("a", EventKind::print_finished);
    return fleet;
}

}  // namespace

TEST_CASE("alarms: acknowledging and snoozing name the printer and the kind") {
    AlarmsBench bench{
        {alarm_of("p1", AlarmKind::print_failed, 5min), alarm_of("p1", AlarmKind::runout, 3min)}};
    bench.click("alarm/p1/runout/acknowledge");
    REQUIRE(bench.intents.size() == 1);
    CHECK(bench.intents[0].printer == PrinterId{"p1"});
    const auto* taken = std::get_if<AcknowledgeAlarm>(&bench.intents[0].wish);
    REQUIRE(taken != nullptr);
    CHECK(taken->kind == AlarmKind::runout);
    CHECK(taken->origin == Origin::screen);
    bench.click("alarm/p1/print_failed/snooze");
    REQUIRE(bench.intents.size() == 2);
    const auto* snoozed = std::get_if<SnoozeAlarm>(&bench.intents[1].wish);
    REQUIRE(snoozed != nullptr);
    CHECK(snoozed->kind == AlarmKind::print_failed);
    CHECK(snoozed->how_long == 10min);
}

TEST_CASE("alarms: what is acknowledged or silent already is not asked again") {
    Alarm done = alarm_of("p1", AlarmKind::print_failed, 5min);
    done.acknowledged = true;
    Alarm silent = alarm_of("p2", AlarmKind::print_failed, 5min);
    silent.snoozed_until = test::farm_now + 5min;
    AlarmsBench bench{{done, silent}};
    bench.click("alarm/p1/print_failed/acknowledge");
    bench.click("alarm/p1/print_failed/snooze");
    bench.click("alarm/p2/print_failed/snooze");
    CHECK(bench.intents.empty());
    bench.click("alarm/p2/print_failed/acknowledge");
    CHECK(bench.intents.size() == 1);
}

TEST_CASE("alarms: the longest waiting is first, the acknowledged are last") {
    Alarm done = alarm_of("p1", AlarmKind::print_failed, 60min);
    done.acknowledged = true;
    const AlarmsBench bench{
        {done, alarm_of("p2", AlarmKind::runout, 1min), alarm_of("p3", AlarmKind::runout, 9min)}};
    const float p1 = bench.target("alarm/p1/print_failed/acknowledge")->box.y;
    const float p2 = bench.target("alarm/p2/runout/acknowledge")->box.y;
    const float p3 = bench.target("alarm/p3/runout/acknowledge")->box.y;
    CHECK(p3 < p2);
    CHECK(p2 < p1);
}

TEST_CASE("alarms: the outputs are tested for no printer") {
    AlarmsBench bench{{}};
    bench.click("alarms/test");
    REQUIRE(bench.intents.size() == 1);
    CHECK(bench.intents[0].printer.empty());
    CHECK(std::holds_alternative<TestAlarmOutputs>(bench.intents[0].wish));
}

TEST_CASE("alarms: each output has a test of its own") {
    AlarmsBench bench{{}};
    auto fleet = std::make_shared<FleetState>(*bench.input.fleet);
    for (const char* name : {"sound", "webhook", "ntfy", "mqtt"}) {
        fleet->alarm_outputs.push_back(std::make_shared<const OutputHealth>(
            OutputHealth{name, false, "The last message was not taken: the server answered 500."}));
    }
    ++fleet->revision;
    bench.input.fleet = std::move(fleet);
    bench.settle();
    for (const char* name : {"sound", "webhook", "ntfy", "mqtt"}) {
        bench.intents.clear();
        bench.click(std::string{"alarms/test/"} + name);
        REQUIRE(bench.intents.size() == 1);
        const auto* test = std::get_if<TestAlarmOutputs>(&bench.intents[0].wish);
        REQUIRE(test != nullptr);
        CHECK(test->output == name);
    }
}

TEST_CASE("alarms: the tab tells how many ring, not those acknowledged or silent") {
    Bench quiet{with_alarms({})};
    quiet.settle();
    const float width = quiet.target("tab/alarms")->box.width;
    Alarm silent = alarm_of("p2", AlarmKind::print_failed, 5min);
    silent.snoozed_until = test::farm_now + 5min;
    quiet.input.fleet = with_alarms({silent});
    CHECK_FALSE(quiet.shell->wants_frame(quiet.input));
    quiet.input.fleet = with_alarms({silent, alarm_of("p1", AlarmKind::print_failed, 1min)});
    CHECK(quiet.shell->wants_frame(quiet.input));
    const FrameResult result = quiet.frame();
    CHECK(result.tiles == 0);  // the wall's tiles stay as they are
    quiet.settle();
    CHECK(quiet.target("tab/alarms")->box.width > width);
}

TEST_CASE("alarms: many alarms leave room for the events, and each can be reached") {
    std::vector<Alarm> many;
    for (int i = 1; i <= 12; ++i)
        many.push_back(alarm_of(("p" + std::to_string(i)).c_str(), AlarmKind::print_failed, i * 1min));
    AlarmsBench bench{many};
    bench.click("alarm/p12/print_failed/acknowledge");  // the first
    CHECK(bench.intents.size() == 1);
    CHECK(bench.target("events/group/0")->box.bottom() < bench.input.height);
}

TEST_CASE("events: are filtered by kind and by printer, newest first") {
    const FleetState fleet = with_events();
    const auto all = filtered_events(fleet, EventGroup::all, PrinterId{});
    REQUIRE(all.size() == 6);
    CHECK(all.front()->kind == EventKind::print_finished);
    CHECK(filtered_events(fleet, EventGroup::prints, PrinterId{}).size() == 2);
    CHECK(filtered_events(fleet, EventGroup::errors, PrinterId{}).size() == 1);
    CHECK(filtered_events(fleet, EventGroup::links, PrinterId{}).size() == 1);
    CHECK(filtered_events(fleet, EventGroup::commands, PrinterId{}).size() == 2);
    CHECK(filtered_events(fleet, EventGroup::commands, PrinterId{"a"}).size() == 1);
    CHECK(filtered_events(fleet, EventGroup::all, PrinterId{"b"}).size() == 2);
    CHECK(filtered_events(fleet, EventGroup::all, PrinterId{"c"}).empty());
}

TEST_CASE("events: a printer is chosen from all names and forgotten again") {
    AlarmsBench bench{{}};
    CHECK_FALSE(bench.target("events/printer/of/p2").has_value());
    bench.click("events/printer");
    bench.click("events/printer/of/p2");
    CHECK_FALSE(bench.target("events/printer/of/p2").has_value());
    bench.click("events/printer");
    bench.click("events/printer/every");
    CHECK_FALSE(bench.target("events/printer/every").has_value());
    CHECK(bench.intents.empty());
}

TEST_CASE("alarms: every control can be touched, and none overlaps another") {
    for (const auto& [width, height] : {std::pair{1280.0F, 800.0F}, {1920.0F, 1080.0F}, {1080.0F, 1920.0F}}) {
        Bench bench{with_alarms({alarm_of("p1", AlarmKind::print_failed, 5min)}), width, height};
        bench.shell->show(Screen::alarms);
        bench.settle();
        const auto& all = bench.shell->targets();
        for (std::size_t i = 0; i < all.size(); ++i) {
            CAPTURE(all[i].id);
            if (!all[i].id.starts_with("tab/")) {
                CHECK(all[i].box.height >= 44);
                CHECK(all[i].box.width >= 44);
            }
            for (std::size_t j = i + 1; j < all.size(); ++j)
                CHECK_FALSE(overlap(all[i].box, all[j].box));
        }
    }
}
