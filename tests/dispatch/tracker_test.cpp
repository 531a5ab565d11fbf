#include "dispatch/tracker.hpp"

#include "bench.hpp"

using namespace farmwall;
using namespace farmwall::dispatch;
using farmwall::testing::TrackerBench;
using namespace std::chrono_literals;
using Phases = std::vector<Phase>;

namespace {

void print(TrackerBench& bench) {
    bench.state.report.state = JobState::running;
    bench.state.report.subtask_id = "7001";
    bench.state.report.subtask_name = "Cube";
}

}  // namespace

TEST_CASE("tracker: from the wish over the echo to the effect") {
    TrackerBench bench;
    bench.ask(SetBedTarget{60});
    REQUIRE(bench.sends.size() == 1);
    CHECK(bench.sends[0].action == Action{SetBedTarget{60}});
    bench.sent();
    bench.echo();
    bench.report([](Report& report) { report.bed_target_celsius = 60; });
    CHECK(bench.phases == Phases{Phase::queued, Phase::sent, Phase::accepted, Phase::confirmed});
    CHECK_FALSE(bench.tracker.next_due());
}

TEST_CASE("tracker: what the gate refuses is never sent and says why") {
    TrackerBench bench;
    bench.ask(Pause{});
    CHECK(bench.sends.empty());
    CHECK(bench.phase() == Phase::refused);
    CHECK(bench.status->refusal == Refusal::nothing_to_pause);
    CHECK(bench.status->reason == "No print is running.");
    bench.ask(SetBedTarget{101});
    CHECK(bench.status->reason == "The bed goes up to 100 °C.");
}

TEST_CASE("tracker: what is refused at the last moment was never sent") {
    TrackerBench bench;
    bench.ask(Home{});
    LinkEvent event;
    event.kind = LinkEvent::Kind::not_sent;
    event.command = bench.sends[0].command;
    event.refusal = Refusal::busy;
    bench.link(event);
    CHECK(bench.phases == Phases{Phase::queued, Phase::refused});
    CHECK(bench.status->refusal == Refusal::busy);
}

TEST_CASE("tracker: what could not be handed over failed with that reason") {
    TrackerBench bench;
    bench.ask(Home{});
    LinkEvent event;
    event.kind = LinkEvent::Kind::not_sent;
    event.command = bench.sends[0].command;
    event.text = "The session ended.";
    bench.link(event);
    CHECK(bench.phase() == Phase::failed);
    CHECK(bench.status->reason == "The session ended.");
}

TEST_CASE("tracker: an echo that says no fails with the printer's reason") {
    TrackerBench bench;
    bench.ask(SetBedTarget{60});
    bench.sent();
    bench.echo(true, "The printer says: busy.");
    CHECK(bench.phase() == Phase::failed);
    CHECK(bench.status->reason == "The printer says: busy.");
    bench.report([](Report& report) { report.bed_target_celsius = 60; });
    CHECK(bench.phase() == Phase::failed);
}

TEST_CASE("tracker: a refusal for a missing signature says what to switch on") {
    TrackerBench bench;
    bench.ask(SetBedTarget{60});
    bench.sent();
    LinkEvent event;
    event.kind = LinkEvent::Kind::answered;
    event.command = bench.sends[0].command;
    event.failed = event.unsigned_refused = true;
    event.text = "mqtt message verify failed";
    bench.link(event);
    CHECK(bench.phase() == Phase::failed);
    CHECK(bench.status->reason == sentence(Refusal::needs_developer_mode));
}

TEST_CASE("tracker: silence is unknown after ten seconds, and nothing is sent again") {
    TrackerBench bench;
    bench.ask(SetBedTarget{60});
    bench.sent();
    bench.advance(9999ms);
    CHECK(bench.phase() == Phase::sent);
    bench.advance(1ms);
    CHECK(bench.phase() == Phase::unknown);
    bench.advance(1h);
    CHECK(bench.sends.size() == 1);
}

TEST_CASE("tracker: an effect without an echo is an answer, too") {
    TrackerBench bench;
    bench.ask(SetBedTarget{60});
    bench.sent();
    bench.report([](Report& report) { report.bed_target_celsius = 60; });
    CHECK(bench.phases == Phases{Phase::queued, Phase::sent, Phase::confirmed});
}

TEST_CASE("tracker: accepted without an effect is unknown in the end") {
    TrackerBench bench;
    bench.ask(SetBedTarget{60});
    bench.sent();
    bench.echo();
    bench.report();
    bench.advance(10s);
    CHECK(bench.phase() == Phase::unknown);
    CHECK(bench.status->reason == "The printer accepted it, but does not show that it was done.");
}

TEST_CASE("tracker: a late echo and a late effect better an unknown, for a minute") {
    TrackerBench bench;
    bench.ask(SetBedTarget{60});
    bench.sent();
    bench.advance(15s);
    REQUIRE(bench.phase() == Phase::unknown);
    bench.echo();
    CHECK(bench.phase() == Phase::accepted);
    bench.report([](Report& report) { report.bed_target_celsius = 60; });
    CHECK(bench.phase() == Phase::confirmed);

    TrackerBench too_late;
    too_late.ask(SetBedTarget{60});
    too_late.sent();
    too_late.advance(11s);
    too_late.advance(61s);
    too_late.echo();
    CHECK(too_late.phase() == Phase::unknown);
}

TEST_CASE("tracker: an echo that comes twice changes nothing the second time") {
    TrackerBench bench;
    bench.ask(SetBedTarget{60});
    bench.sent();
    bench.echo();
    bench.echo();
    bench.report([](Report& report) { report.bed_target_celsius = 60; });
    bench.echo();
    bench.echo(true);
    CHECK(bench.phases == Phases{Phase::queued, Phase::sent, Phase::accepted, Phase::confirmed});
}

TEST_CASE(
    "tracker: what was so before confirms only what the printer accepted; then it has nothing to report") {
    TrackerBench bench;
    bench.state.report.bed_target_celsius = 60;
    bench.ask(SetBedTarget{60});
    bench.sent();
    bench.report();
    CHECK(bench.phase() == Phase::sent);
    bench.echo();
    CHECK(bench.phase() == Phase::confirmed);
}

TEST_CASE("tracker: a report that was on its way before the command shows nothing") {
    TrackerBench bench;
    bench.ask(SetBedTarget{60});
    bench.sent();
    bench.state.report.bed_target_celsius = 60;  // known, but by an old report
    bench.keep(bench.tracker.report(0, bench.state, bench.now));
    CHECK(bench.phase() == Phase::sent);
}

TEST_CASE("tracker: the same action on the same thing waits for the answer to the first") {
    TrackerBench bench;
    bench.ask(SetBedTarget{60});
    bench.sent();
    bench.ask(SetBedTarget{70});
    CHECK(bench.status->refusal == Refusal::under_way);
    bench.ask(SetNozzleTarget{0, 200});
    CHECK(bench.sends.size() == 2);
}

TEST_CASE("tracker: of two things that move the head the second waits for the end of the first") {
    TrackerBench bench;
    bench.state.report.home_flag = 0;
    bench.ask(Home{});
    bench.sent();
    bench.echo();
    bench.ask(LoadTray{{TraySource::Kind::ams, 0, 2}});
    CHECK(bench.status->refusal == Refusal::under_way);
    bench.report([](Report& report) { report.home_flag = 7; });
    bench.ask(LoadTray{{TraySource::Kind::ams, 0, 2}});
    CHECK(bench.sends.size() == 2);
}

TEST_CASE("tracker: stop is never held back by another stop") {
    TrackerBench bench;
    print(bench);
    bench.ask(Stop{});
    bench.ask(Stop{});
    bench.ask(Stop{});
    CHECK(bench.sends.size() == 3);
}

TEST_CASE("tracker: a stop while preparing has thirty seconds to show") {
    TrackerBench bench;
    print(bench);
    bench.state.report.state = JobState::prepare;
    bench.ask(Stop{});
    bench.sent();
    bench.echo();
    bench.advance(29s);
    CHECK(bench.phase() == Phase::accepted);
    bench.report([](Report& report) { report.state = JobState::failed; }, 0s);
    CHECK(bench.phase() == Phase::confirmed);
}

TEST_CASE("tracker: a stop of ours explains the end of a print for thirty seconds") {
    TrackerBench bench;
    print(bench);
    CHECK_FALSE(bench.tracker.own_stop(0, bench.now));
    bench.ask(Stop{});
    CHECK_FALSE(bench.tracker.own_stop(0, bench.now));
    bench.sent();
    CHECK(bench.tracker.own_stop(0, bench.now + 29s));
    CHECK_FALSE(bench.tracker.own_stop(0, bench.now + 30s));
}

TEST_CASE("tracker: a command meant for one print does not meet the next") {
    TrackerBench bench;
    print(bench);
    const JobIdentity seen = job_identity(bench.state.report);
    bench.ask(Stop{}, seen);
    CHECK(bench.sends.size() == 1);
    CHECK(bench.sends[0].seen_job == seen);
    bench.state.report.subtask_id = "7002";
    bench.ask(Stop{}, seen);
    CHECK(bench.status->refusal == Refusal::another_job);
    CHECK(bench.sends.size() == 1);
}

TEST_CASE("tracker: of the two forms of clearing an error one good answer is enough") {
    TrackerBench bench;
    bench.state.report.state = JobState::failed;
    bench.state.report.print_error = 0x07004025;
    bench.ask(ClearFault{});
    bench.sent(2);
    bench.echo(true, "unknown command");
    CHECK(bench.phase() == Phase::sent);
    bench.echo();
    CHECK(bench.phase() == Phase::accepted);
    bench.report([](Report& report) { report.print_error = 0; });
    CHECK(bench.phase() == Phase::confirmed);
    CHECK(bench.status->reason ==
          "The error is closed; the printer goes on saying FAILED until its next job, which it takes.");
}

TEST_CASE("tracker: an error that stays was not cleared, whatever the echo says") {
    TrackerBench bench;
    bench.state.report.state = JobState::failed;
    bench.state.report.print_error = 0x07004025;
    bench.ask(ClearFault{});
    bench.sent(2);
    bench.echo();
    bench.report();
    bench.advance(10s);
    CHECK(bench.phase() == Phase::unknown);
}

TEST_CASE("tracker: a command of several messages is accepted with the last answer") {
    TrackerBench bench;
    bench.state.report.bed_target_celsius = 60;
    bench.state.report.nozzle_target_celsius = 200;
    bench.ask(CoolDown{});
    bench.sent(2);
    bench.echo();
    CHECK(bench.phase() == Phase::sent);
    bench.echo();
    CHECK(bench.phase() == Phase::accepted);
    bench.report([](Report& report) { report.bed_target_celsius = 0; });
    CHECK(bench.phase() == Phase::accepted);
    bench.report([](Report& report) { report.nozzle_target_celsius = 0; });
    CHECK(bench.phase() == Phase::confirmed);
}

TEST_CASE("tracker: what no report shows ends with the echo") {
    TrackerBench bench;
    bench.ask(Jog{1, 0, 0, 3000});
    CHECK_FALSE(bench.status->can_be_confirmed);
    bench.sent();
    bench.echo();
    CHECK(bench.phase() == Phase::accepted);
    CHECK_FALSE(bench.tracker.next_due());
    bench.ask(Jog{1, 0, 0, 3000});
    CHECK(bench.sends.size() == 2);
}

TEST_CASE("tracker: the position begins with a home of ours and follows the jogs that were accepted") {
    TrackerBench bench;
    bench.ask(Home{});
    bench.sent();
    CHECK_FALSE(bench.position);
    bench.echo();
    REQUIRE(bench.position);
    CHECK(*bench.position == Position{128, 128, 0});
    bench.ask(Jog{10, -5, 20, 3000});
    bench.sent();
    CHECK(*bench.position == Position{128, 128, 0});
    bench.echo();
    CHECK(*bench.position == Position{138, 123, 20});
    bench.ask(Jog{0, 0, -20.5, 900});
    CHECK(bench.status->refusal == Refusal::outside_volume);
    SUBCASE("a jog without an answer ends the reckoning") {
        bench.ask(Jog{1, 0, 0, 3000});
        bench.sent();
        bench.advance(10s);
        CHECK_FALSE(bench.position);
    }
    SUBCASE("a jog that failed did not move") {
        bench.ask(Jog{1, 0, 0, 3000});
        bench.sent();
        bench.echo(true);
        CHECK(*bench.position == Position{138, 123, 20});
    }
    SUBCASE("a print ends the reckoning") {
        bench.report([](Report& report) { report.state = JobState::prepare; });
        CHECK_FALSE(bench.position);
    }
    SUBCASE("a print that came and went unseen ends the reckoning") {
        bench.report([](Report& report) { report.state = JobState::finish; });
        CHECK_FALSE(bench.position);
    }
    SUBCASE("a new session ends the reckoning") {
        ++bench.state.stats.connects;
        bench.report();
        CHECK_FALSE(bench.position);
    }
    SUBCASE("motors that were switched off end the reckoning") {
        bench.report([](Report& report) { report.home_flag = 0; });
        CHECK_FALSE(bench.position);
    }
    SUBCASE("another client's command ends the reckoning, and is shown") {
        LinkEvent event;
        event.kind = LinkEvent::Kind::foreign;
        event.text = "gcode_line";
        bench.link(event);
        CHECK_FALSE(bench.position);
        REQUIRE(bench.foreigns.size() == 1);
        CHECK(bench.foreigns[0].command == "gcode_line");
    }
}

TEST_CASE("tracker: homing is confirmed where the printer shows it") {
    TrackerBench bench;
    bench.state.report.home_flag = 0;
    bench.ask(Home{});
    bench.sent();
    bench.echo();
    CHECK(bench.phase() == Phase::accepted);
    CHECK_FALSE(bench.position);
    bench.report([](Report& report) { report.home_flag = 3; });
    CHECK(bench.phase() == Phase::accepted);
    bench.report([](Report& report) { report.home_flag = 7; });
    CHECK(bench.phase() == Phase::confirmed);
    CHECK(bench.position == Position{128, 128, 0});
}

TEST_CASE("tracker: axes that a print has homed are no home of ours") {
    TrackerBench bench;
    bench.state.report.home_flag = 0;
    bench.ask(Home{});
    bench.sent();
    bench.echo();
    bench.report([](Report& report) {
        report.home_flag = 7;
        report.state = JobState::prepare;
    });
    CHECK_FALSE(bench.position);
}

TEST_CASE("tracker: a tray for the next start is kept without asking the printer") {
    TrackerBench bench;
    bench.ask(SelectTray{{TraySource::Kind::ams, 0, 2}});
    CHECK(bench.sends.empty());
    CHECK(bench.phase() == Phase::confirmed);
    CHECK(bench.selected == TraySource{TraySource::Kind::ams, 0, 2});
}

TEST_CASE(
    "tracker: on a run-out pause the chosen tray is loaded, the dialog answered and the print resumed") {
    TrackerBench bench;
    print(bench);
    bench.state.report.state = JobState::pause;
    bench.state.report.stage = 6;
    bench.ask(SelectTray{{TraySource::Kind::ams, 0, 2}});
    REQUIRE(bench.sends.size() == 1);
    CHECK(bench.sends[0].action == Action{LoadTray{{TraySource::Kind::ams, 0, 2}}});
    bench.sent();
    bench.echo();
    bench.report([](Report& report) { report.ams_status = 1 << 8; });
    bench.advance(2min);
    CHECK(bench.phase() == Phase::accepted);
    bench.report([](Report& report) {
        report.ams_status = 0;
        report.tray_now = 2;
    });
    REQUIRE(bench.sends.size() == 2);
    CHECK(bench.sends[1].action == Action{AnswerDialog{AnswerDialog::Answer::retry}});
    bench.sent();
    bench.echo();
    REQUIRE(bench.sends.size() == 3);
    CHECK(bench.sends[2].action == Action{Resume{}});
    bench.sent();
    bench.echo();
    CHECK(bench.phase() == Phase::accepted);
    bench.report([](Report& report) { report.state = JobState::running; });
    CHECK(bench.phase() == Phase::confirmed);
}

TEST_CASE("tracker: a printer that resumes by itself when its dialog is answered has done what was wanted") {
    for (const bool by_itself : {true, false}) {
        TrackerBench bench;
        print(bench);
        bench.state.report.state = JobState::pause;
        bench.state.report.stage = 6;
        bench.state.report.tray_now = 2;
        bench.ask(SelectTray{{TraySource::Kind::ams, 0, 2}});
        bench.sent();
        bench.echo();
        bench.sent();
        bench.echo();
        REQUIRE(bench.sends.size() == 3);
        bench.sent();
        bench.echo(true, "The printer refused it: not paused.");
        CHECK(bench.phase() == Phase::accepted);
        if (by_itself) bench.report([](Report& report) { report.state = JobState::running; });
        bench.advance(10s);
        CHECK(bench.phase() == (by_itself ? Phase::confirmed : Phase::failed));
        CHECK(bench.status->reason == (by_itself ? "" : "The printer refused it: not paused."));
    }
}

TEST_CASE("tracker: a step that is not allowed any more ends the whole with its reason") {
    TrackerBench bench;
    print(bench);
    bench.state.report.state = JobState::pause;
    bench.state.report.stage = 6;
    bench.ask(SelectTray{{TraySource::Kind::ams, 0, 2}});
    bench.sent();
    bench.echo();
    bench.report([](Report& report) {
        report.tray_now = 2;
        report.state = JobState::failed;
    });
    CHECK(bench.phase() == Phase::failed);
    CHECK(bench.status->reason == sentence(Refusal::no_dialog));
    CHECK(bench.sends.size() == 1);
}

TEST_CASE("tracker: only so many commands wait for one printer") {
    TrackerBench bench;
    bench.state.report.aux_fan_step = 0;
    bench.state.report.chamber_fan_step = 0;
    const std::vector<Action> different{SetBedTarget{60},
                                        SetNozzleTarget{0, 200},
                                        SetFan{Fan::part, 10},
                                        SetFan{Fan::aux, 10},
                                        SetFan{Fan::chamber, 10},
                                        SetLight{Lamp::chamber, true},
                                        Home{}};
    for (const Action& action : different)
        bench.ask(action);
    CHECK(bench.sends.size() == different.size());
    bench.ask(SetBedTarget{61});
    CHECK(bench.status->refusal == Refusal::under_way);
}

TEST_CASE("tracker: a session that never tells what became of a command makes it unknown") {
    TrackerBench bench;
    bench.ask(SetBedTarget{60});
    bench.advance(10s);
    CHECK(bench.phase() == Phase::unknown);
}
