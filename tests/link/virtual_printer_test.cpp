#include "sim/machine/virtual_printer.hpp"

#include <doctest/doctest.h>

#include <cmath>
#include <string>
#include <vector>

#include "model/controls.hpp"
#include "session_bench.hpp"
#include "sim/machine/farm_plan.hpp"

using namespace farmwall;
using namespace farmwall::link;
using namespace std::chrono_literals;
using dispatch::LinkEvent;

// The session against the virtual printer, which reads the protocol for itself: what is said has its effect.

namespace {

struct Pair : Bench {
    explicit Pair(sim::Model model) : printer{{model, "00M00A000000001", 11, 1, false}, clock.now()} {
        sim::PlannedPrinter plan;
        plan.model = model;
        plan.address = "127.77.0.1";
        plan.seed = 5;
        sim::furnish(printer, plan, false);
        come_up();
        run(12s);
        REQUIRE(state().full_report_seen);
        heard.clear();
    }
    void exchange() {
        while (!port.published.empty()) {
            for (const std::string& request : std::exchange(port.published, {})) {
                for (const std::string& answer : printer.handle(request, clock.now()))
                    message(answer);
            }
        }
    }
    void run(Duration span) {
        for (Duration passed{}; passed < span; passed += 100ms) {
            pass(100ms);
            exchange();
            for (const std::string& report : printer.tick(clock.now()))
                message(report);
        }
    }
    // Sends it and lets its effect be reported. How many of its messages were taken; -1: it was not sent.
    int act(const Action& action) {
        session->send(++last, action, {}, {});
        exchange();
        int taken = 0;
        for (const LinkEvent& event : told()) {
            if (event.kind == LinkEvent::Kind::not_sent) return -1;
            CHECK(event.kind != LinkEvent::Kind::foreign);
            if (event.kind == LinkEvent::Kind::answered && !event.failed) ++taken;
        }
        run(2s);
        return taken;
    }
    [[nodiscard]] const sim::MachineState& truth() const { return printer.state(); }
    void print_now() {
        REQUIRE(printer.machine().start(printer.machine().made_up_job()));
        printer.machine().start_printing_at(30);
        run(6s);
        REQUIRE(state().report.state == JobState::running);
    }

    sim::VirtualPrinter printer;
    CommandId last = 0;
};

template <class Check>
void on_every_model(const Check& check) {
    for (const sim::ModelSpec& spec : sim::all_models()) {
        CAPTURE(spec.key);
        Pair pair{spec.model};
        check(pair, spec);
    }
}

}  // namespace

TEST_CASE("session and virtual printer: every heater takes its target, and to cool down takes all back") {
    on_every_model([](Pair& p, const sim::ModelSpec& spec) {
        CHECK(p.act(SetBedTarget{50}) == 1);
        CHECK(p.truth().bed.target == 50);
        CHECK(p.act(SetNozzleTarget{0, 200}) == 1);
        CHECK(p.truth().nozzles[0].target == 200);
        if (spec.extruders == 2) {
            CHECK(p.act(SetNozzleTarget{1, 210}) == 1);
            CHECK(p.truth().nozzles[1].target == 210);
            CHECK(p.truth().nozzles[0].target == 200);
        }
        if (spec.chamber_heater) {
            CHECK(p.act(SetChamberTarget{45}) == 2);
            CHECK(p.truth().chamber.target == 45);
            CHECK(p.truth().air_mode == 1);
        }
        CHECK(p.act(CoolDown{}) >= 2);
        CHECK(p.truth().bed.target == 0);
        CHECK(p.truth().nozzles[0].target == 0);
        CHECK(p.truth().nozzles[1].target == 0);
        CHECK(p.truth().chamber.target == 0);
        CHECK(p.truth().air_mode == 0);
    });
}

TEST_CASE("session and virtual printer: fans and lamps that are fitted do what they are told") {
    on_every_model([](Pair& p, const sim::ModelSpec& spec) {
        const Controls fitted = controls(p.state());
        for (const Fan fan : fitted.fans) {
            CHECK(p.act(SetFan{fan, 40}) == 1);
            const int speed = fan == Fan::part      ? p.truth().part_fan
                              : fan == Fan::aux     ? p.truth().aux_fan
                              : fan == Fan::chamber ? p.truth().chamber_fan
                                                    : p.truth().second_aux_fan;
            CHECK(speed == 102);
        }
        CHECK(p.act(SetLight{Lamp::chamber, true}) >= 1);
        CHECK(p.truth().chamber_light == "on");
        CHECK(chamber_light(p.state().report) == LightMode::on);
        CHECK(p.act(SetLight{std::nullopt, false}) >= 1);
        CHECK(p.truth().chamber_light == "off");
        if (light(p.state().report, "chamber_light2")) CHECK(p.truth().chamber_light2 == "off");
        CHECK(chamber_light(p.state().report) == LightMode::off);
        if (spec.work_light) CHECK(p.truth().work_light == "off");
        if (spec.air_duct) {
            CHECK(p.act(SetAirMode{AirMode::heating}) == 1);
            CHECK(p.truth().air_mode == 1);
        }
    });
}

TEST_CASE("session and virtual printer: homed, it moves by exactly what was asked, upwards for Z+") {
    on_every_model([](Pair& p, const sim::ModelSpec&) {
        CHECK(p.act(Home{}) == 1);
        CHECK(homed(p.state().report) == true);
        const auto before = p.truth().position_mm;
        CHECK(p.act(Jog{10, -2.5, 5, 3000}) == 1);
        CHECK(std::abs(p.truth().position_mm[0] - before[0] - 10) < 1e-9);
        CHECK(std::abs(p.truth().position_mm[1] - before[1] + 2.5) < 1e-9);
        CHECK(std::abs(p.truth().position_mm[2] - before[2] - 5) < 1e-9);
    });
}

TEST_CASE("session and virtual printer: a print is paused, hurried, thinned out, resumed and stopped") {
    on_every_model([](Pair& p, const sim::ModelSpec&) {
        p.print_now();
        CHECK(p.act(SetSpeed{3}) == 1);
        CHECK(p.truth().speed_level == 3);
        CHECK(p.act(SkipObjects{{201, 305}}) == 1);
        CHECK(p.truth().skipped_objects == std::vector<int>{201, 305});
        CHECK(p.act(Pause{}) == 1);
        CHECK(p.state().report.state == JobState::pause);
        CHECK(p.act(Resume{}) == 1);
        CHECK(p.state().report.state == JobState::running);
        CHECK(p.act(Stop{}) == 1);
        CHECK_FALSE(sim::is_active(p.truth().state));
    });
}

TEST_CASE("session and virtual printer: filament is loaded from where it was asked for, and unloaded") {
    on_every_model([](Pair& p, const sim::ModelSpec&) {
        for (const TraySource& source : tray_sources(p.state())) {
            if (presence(p.state().report, source) != Presence::present) continue;
            CAPTURE(describe(source));
            if (p.truth().loaded[0] == sim::Source{source.unit, source.slot}) continue;
            REQUIRE(p.act(LoadTray{source}) == 1);
            REQUIRE(p.truth().load);
            const sim::Source wanted = p.truth().load->wanted;
            switch (source.kind) {
                case TraySource::Kind::ams:
                    CHECK(wanted == sim::Source{source.unit, source.slot});
                    break;
                case TraySource::Kind::external:
                    CHECK(wanted == sim::Source{255, 0});
                    break;
                case TraySource::Kind::external_left:
                    CHECK(wanted == sim::Source{254, 0});
                    break;
            }
            p.run(180s);
            REQUIRE_FALSE(p.truth().load);
        }
        REQUIRE(active_tray(p.state().report));
        CHECK(p.act(UnloadFilament{}) == 1);
        p.run(180s);
        CHECK_FALSE(active_tray(p.state().report));
    });
}

TEST_CASE("session and virtual printer: an error is closed, whichever form this model understands") {
    on_every_model([](Pair& p, const sim::ModelSpec&) {
        p.print_now();
        p.printer.machine().fail(0x0300'800A);
        p.run(6s);
        REQUIRE(p.state().report.print_error == 0x0300'800A);
        CHECK(p.act(ClearFault{}) == 2);
        CHECK(p.truth().print_error == 0);
        p.run(6s);
        CHECK(p.state().report.print_error.value_or(0) == 0);
    });
}

TEST_CASE("session and virtual printer: drying and timelapse, where there are any") {
    on_every_model([](Pair& p, const sim::ModelSpec&) {
        const Controls fitted = controls(p.state());
        for (const DryingUnit& unit : fitted.drying) {
            CHECK(p.act(StartDrying{unit.unit, 55, 8, "PLA"}) == 1);
            REQUIRE(p.printer.machine().unit(unit.unit) != nullptr);
            CHECK(p.printer.machine().unit(unit.unit)->dry_minutes > 0);
            CHECK(p.act(StopDrying{unit.unit}) == 1);
            CHECK(p.printer.machine().unit(unit.unit)->dry_minutes == 0);
        }
        if (fitted.timelapse) {
            CHECK(p.act(SetTimelapse{true}) == 1);
            CHECK(p.truth().timelapse);
            CHECK(p.act(SetTimelapse{false}) == 1);
            CHECK_FALSE(p.truth().timelapse);
        }
    });
}

TEST_CASE(
    "session and virtual printer: without Developer Mode nothing is done, and the reason is understood") {
    Pair p{sim::Model::p1s};
    p.printer.machine().edit().developer_mode = false;
    SUBCASE("a reason") { p.printer.machine().edit().refusal = sim::Refusal::reason; }
    SUBCASE("a code alone") { p.printer.machine().edit().refusal = sim::Refusal::err_code; }
    SUBCASE("silence and an HMS entry") {
        p.printer.machine().edit().refusal = sim::Refusal::silent;
        p.printer.machine().edit().hms = {{0x0500'0500, 0x0001'0007}};
        p.run(6s);
    }
    CHECK(p.act(SetBedTarget{50}) == 0);
    p.run(10s);
    CHECK(p.truth().bed.target == 0);
    CHECK(developer_mode(p.state()) == DeveloperMode::off);
    CHECK(p.state().link.link == Link::online);
    CHECK(p.act(SetBedTarget{50}) == -1);
    CHECK(p.act(SetLight{Lamp::chamber, true}) == 1);
}
