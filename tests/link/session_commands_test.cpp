#include <doctest/doctest.h>

#include <string>
#include <vector>

#include "session_bench.hpp"

using namespace farmwall;
using namespace farmwall::link;
using namespace std::chrono_literals;
using dispatch::LinkEvent;

namespace {

std::string report(const std::string& members, int msg = 0) {
    return R"({"print":{"command":"push_status","msg":)" + std::to_string(msg) + "," + members + "}}";
}
const std::string idle = report(R"("gcode_state":"IDLE","home_flag":7,"bed_temper":25.5)");
const std::string running =
    report(R"("gcode_state":"RUNNING","subtask_id":"17","subtask_name":"boat","home_flag":7,"spd_lvl":2)");
const std::string silent_refusal = report(R"("hms":[{"attr":83887360,"code":65543}])", 1);

std::string member(const std::string& payload, const std::string& name) {
    const std::string head = "\"" + name + "\":\"";
    const auto at = payload.find(head);
    if (at == std::string::npos) return {};
    const auto from = at + head.size();
    return payload.substr(from, payload.find('"', from) - from);
}

// A session that is up, knows its printer, and has answered the questions of the beginning.
struct Talk : Bench {
    explicit Talk(const std::string& first_report = idle) {
        come_up();
        message(first_report);
        answer();
        port.published.clear();
        port.qualities.clear();
        heard.clear();
    }
    void send(const Action& action, CommandId id = 1, const std::optional<JobIdentity>& seen = {}) {
        session->send(id, action, {}, seen);
    }
    // The message echoed, with `more` members.
    void echo(const std::string& payload, const std::string& more) {
        message(payload.substr(0, payload.size() - 2) + more + "}}");
    }
    [[nodiscard]] LinkEvent one() {
        const auto events = told();
        REQUIRE(events.size() == 1);
        CHECK(events.front().printer == 1);
        return events.front();
    }
};

constexpr auto yes = R"(,"result":"success","reason":"success")";
const JobIdentity boat{"17", "boat"};

}  // namespace

TEST_CASE("session commands: a command goes out once, and its echo is its answer") {
    Talk t;
    t.send(SetBedTarget{60}, 7);
    REQUIRE(t.port.published.size() == 1);
    CHECK(t.port.published[0].find(R"(M140 S60\n)") != std::string::npos);
    const LinkEvent sent = t.one();
    CHECK(sent.kind == LinkEvent::Kind::sent);
    CHECK(sent.command == 7);
    CHECK(sent.messages == 1);
    t.echo(t.port.published[0], yes);
    const LinkEvent answered = t.one();
    CHECK(answered.kind == LinkEvent::Kind::answered);
    CHECK(answered.command == 7);
    CHECK_FALSE(answered.failed);
    CHECK_FALSE(answered.unsigned_refused);
    CHECK(answered.text.empty());
    CHECK(t.port.published.size() == 1);
}

TEST_CASE("session commands: pause, resume and stop are sent with quality 1") {
    Talk t{running};
    t.send(Pause{}, 1);
    t.send(Stop{}, 2);
    t.message(report(R"("gcode_state":"PAUSE")", 1));
    t.send(Resume{}, 3);
    CHECK(t.port.published.size() == 3);
    CHECK(t.port.qualities == std::vector<int>{1, 1, 1});
}

TEST_CASE("session commands: every message of a command is answered for itself") {
    Talk t;
    t.send(CoolDown{}, 3);
    REQUIRE(t.port.published.size() == 2);
    CHECK(t.one().messages == 2);
    t.echo(t.port.published[1], yes);
    CHECK(t.one().command == 3);
    t.echo(t.port.published[0], R"(,"result":"fail","reason":"busy")");
    const LinkEvent answered = t.one();
    CHECK(answered.command == 3);
    CHECK(answered.failed);
}

TEST_CASE("session commands: what the gate says with the newest state counts at the last moment") {
    Talk t;
    const auto refused = [&](const Action& action, Refusal refusal) {
        t.send(action, 5);
        const LinkEvent event = t.one();
        CHECK(event.kind == LinkEvent::Kind::not_sent);
        CHECK(event.command == 5);
        CHECK(event.refusal == refusal);
        CHECK_FALSE(event.text.empty());
        CHECK(t.port.published.empty());
    };
    SUBCASE("a print began meanwhile") {
        t.message(report(R"("gcode_state":"PREPARE")", 1));
        refused(Jog{10, 0, 0, 3000}, Refusal::busy);
        refused(Home{}, Refusal::busy);
    }
    SUBCASE("the axes are not homed any more") {
        t.message(report(R"("home_flag":3)", 1));
        refused(Jog{10, 0, 0, 3000}, Refusal::not_homed);
    }
    SUBCASE("the value is outside the model's range, and the sentence says the range") {
        t.send(SetBedTarget{130}, 5);
        CHECK(t.told().front().text.find("100 °C") != std::string::npos);
        refused(SetBedTarget{130}, Refusal::out_of_range);
    }
    SUBCASE("the report is too old by the session's own clock") {
        t.clock.advance(stale_after + 1s);
        refused(SetBedTarget{60}, Refusal::stale_report);
    }
    SUBCASE("where the nozzle is counts too") {
        t.session->send(5, Jog{0, 0, -10, 600}, Position{128, 128, 5}, {});
        CHECK(t.one().refusal == Refusal::outside_volume);
        CHECK(t.port.published.empty());
    }
    SUBCASE("the session is gone") {
        t.event(MqttLost{"reset"});
        refused(SetBedTarget{60}, Refusal::offline);
        refused(Stop{}, Refusal::offline);
    }
    SUBCASE("a new session knows nothing yet") {
        t.event(MqttLost{"reset"});
        t.pass(1s);
        t.event(MqttConnected{});
        t.event(MqttSubscribed{});
        t.message(report(R"("gcode_state":"RUNNING")", 1));
        t.port.published.clear();
        refused(Stop{}, Refusal::no_report_yet);
    }
}

TEST_CASE("session commands: of another job than the one that was looked at, nothing is sent") {
    Talk t{running};
    SUBCASE("the same job: sent") {
        t.send(Stop{}, 1, boat);
        CHECK(t.one().kind == LinkEvent::Kind::sent);
    }
    SUBCASE("whichever runs: sent") {
        t.send(Stop{}, 1);
        CHECK(t.one().kind == LinkEvent::Kind::sent);
    }
    SUBCASE("another number or another name: refused") {
        for (const auto* change : {R"("subtask_id":"18")", R"("subtask_name":"anchor")"}) {
            t.message(running);
            t.message(report(change, 1));
            t.send(Stop{}, 1, boat);
            CHECK(t.one().refusal == Refusal::another_job);
        }
        CHECK(t.port.published.empty());
    }
    SUBCASE("no job any more: the gate's own reason") {
        t.message(report(R"("gcode_state":"FINISH")", 1));
        t.send(Stop{}, 1, boat);
        CHECK(t.one().refusal == Refusal::nothing_to_stop);
    }
}

TEST_CASE("session commands: a selected tray is a load on the wire, and only of a print that waits") {
    const std::string trays =
        R"("ams":{"ams":[{"id":"0","tray":[{"id":"0","tray_type":"PLA"},{"id":"1"}]}],"tray_exist_bits":"1"})";
    Talk t{report(R"("gcode_state":"RUNNING",)" + trays)};
    const SelectTray first{{TraySource::Kind::ams, 0, 0}};
    t.send(first);
    CHECK(t.one().refusal == Refusal::busy);
    t.message(report(R"("gcode_state":"IDLE")", 1));
    t.send(first);
    CHECK(t.one().refusal == Refusal::nothing_to_resume);
    t.message(report(R"("gcode_state":"PAUSE")", 1));
    t.send(SelectTray{{TraySource::Kind::ams, 0, 1}});
    CHECK(t.one().refusal == Refusal::tray_empty);
    CHECK(t.port.published.empty());
    t.send(first);
    CHECK(t.one().kind == LinkEvent::Kind::sent);
    REQUIRE(t.port.published.size() == 1);
    CHECK(member(t.port.published[0], "command") == "ams_change_filament");
}

TEST_CASE("session commands: a queue without room is said, wholly or in part") {
    Talk t;
    SUBCASE("none found room") {
        t.port.full = true;
        t.send(CoolDown{}, 4);
        const LinkEvent event = t.one();
        CHECK(event.kind == LinkEvent::Kind::not_sent);
        CHECK_FALSE(event.refusal);
        CHECK_FALSE(event.text.empty());
    }
    SUBCASE("one of two did: the other is answered with a failure at once") {
        t.port.room = 1;
        t.send(CoolDown{}, 4);
        const auto events = t.told();
        REQUIRE(events.size() == 2);
        CHECK(events[0].kind == LinkEvent::Kind::sent);
        CHECK(events[0].messages == 2);
        CHECK(events[1].kind == LinkEvent::Kind::answered);
        CHECK(events[1].failed);
        CHECK_FALSE(events[1].unsigned_refused);
        CHECK_FALSE(events[1].text.empty());
        t.echo(t.port.published.at(0), yes);
        CHECK_FALSE(t.one().failed);
    }
}

TEST_CASE("session commands: a refusal of the printer comes with its reason") {
    Talk t;
    t.send(SetBedTarget{60});
    (void)t.told();
    const std::string& payload = t.port.published.at(0);
    SUBCASE("result and reason") {
        t.echo(payload, R"(,"result":"FAIL","reason":"the printer is busy")");
        const LinkEvent event = t.one();
        CHECK(event.failed);
        CHECK_FALSE(event.unsigned_refused);
        CHECK(event.text == "The printer refused it: the printer is busy.");
    }
    SUBCASE("a code alone, as of a P1S") {
        t.echo(payload, R"(,"err_code":83902468)");
        const LinkEvent event = t.one();
        CHECK(event.failed);
        CHECK(event.text == "The printer refused it (0500-4004).");
    }
    SUBCASE("a negative number") {
        t.echo(payload, R"(,"result":"success","errno":-3)");
        const LinkEvent event = t.one();
        CHECK(event.failed);
        CHECK(event.text == "The printer refused it (error -3).");
    }
}

TEST_CASE("session commands: an unsigned command that is refused says so, in every shape that answers") {
    Talk t;
    t.send(SetBedTarget{60});
    (void)t.told();
    const auto* shape = R"(,"result":"failed","reason":"mqtt message verify failed","err_code":84033543)";
    SUBCASE("result, reason and code") {}
    SUBCASE("no signature, code alone") { shape = R"(,"err_code":84033543)"; }
    SUBCASE("bad signature, code alone, as text") { shape = R"(,"err_code":"84033545")"; }
    SUBCASE("reason alone") { shape = R"(,"result":"failed","reason":"mqtt message verify failed")"; }
    t.echo(t.port.published.at(0), shape);
    const LinkEvent event = t.one();
    CHECK(event.failed);
    CHECK(event.unsigned_refused);
    CHECK(event.text.find("Developer Mode") != std::string::npos);
    CHECK(t.state().learnt_developer_mode == DeveloperMode::off);
    t.send(SetBedTarget{60}, 2);
    CHECK(t.one().refusal == Refusal::needs_developer_mode);
    CHECK(t.port.published.size() == 1);
    // The lamp needs no signature.
    t.send(SetLight{Lamp::chamber, true}, 3);
    CHECK(t.one().kind == LinkEvent::Kind::sent);
}

TEST_CASE("session commands: silence with the entry of an unsigned command is a refusal as well") {
    Talk t;
    t.send(SetBedTarget{60});
    (void)t.told();
    t.message(silent_refusal);
    CHECK(t.state().learnt_developer_mode == DeveloperMode::unknown);
    t.pass(11s);
    CHECK(t.state().learnt_developer_mode == DeveloperMode::off);
    CHECK(t.told().empty());
    CHECK(t.state().link.link == Link::online);
    t.message(idle);
    t.send(SetBedTarget{60}, 2);
    CHECK(t.one().refusal == Refusal::needs_developer_mode);
}

TEST_CASE("session commands: a late answer is told, a second one is not") {
    Talk t;
    t.send(SetBedTarget{60}, 9);
    (void)t.told();
    const std::string payload = t.port.published.at(0);
    SUBCASE("late") {
        t.pass(9s);
        t.answer();
        t.pass(4s);
        t.answer();
        t.pass(10s);
        CHECK(t.told().empty());
        t.echo(payload, yes);
        CHECK(t.one().command == 9);
    }
    SUBCASE("twice") {
        t.echo(payload, yes);
        CHECK(t.one().command == 9);
        t.echo(payload, yes);
        t.echo(payload, R"(,"result":"fail")");
        CHECK(t.told().empty());
    }
    SUBCASE("never") {
        for (int i = 0; i < 30; ++i) {
            t.pass(1s);
            t.message(idle);
            t.answer();
        }
        CHECK(t.told().empty());
    }
}

TEST_CASE("session commands: with the session goes what is unanswered, and nothing is sent again") {
    Talk t;
    t.send(SetBedTarget{60}, 9);
    (void)t.told();
    const std::string payload = t.port.published.at(0);
    t.event(MqttLost{"reset"});
    t.pass(1s);
    t.port.published.clear();
    t.event(MqttConnected{});
    t.event(MqttSubscribed{});
    t.message(idle);
    for (const std::string& question : t.port.published)
        CHECK(member(question, "command") != "gcode_line");
    t.echo(payload, yes);
    CHECK(t.told().empty());
}

TEST_CASE("session commands: other clients' commands are told by name, their questions are not") {
    Talk t;
    const auto foreign = [&](const std::string& text) -> std::string {
        t.message(text);
        const auto events = t.told();
        if (events.empty()) return "";
        CHECK(events.size() == 1);
        CHECK(events.front().kind == LinkEvent::Kind::foreign);
        CHECK(events.front().command == 0);
        return events.front().text;
    };
    CHECK(foreign(R"({"print":{"command":"gcode_line","sequence_id":"20017","result":"success"}})") ==
          "gcode_line");
    CHECK(foreign(R"({"system":{"command":"ledctrl","sequence_id":"20018"}})") == "ledctrl");
    CHECK(foreign(R"({"camera":{"command":"ipcam_timelapse","sequence_id":"1"}})") == "ipcam_timelapse");
    CHECK(foreign(R"({"xcam":{"command":"xcam_control_set","sequence_id":"1"}})") == "xcam_control_set");
    CHECK(foreign(R"({"upgrade":{"command":"start","sequence_id":"1"}})") == "start");
    CHECK(foreign(R"({"print":{"command":"ams_get_rfid"}})") == "ams_get_rfid");
    CHECK(foreign(R"({"print":{"command":"stop\u0007\u001b[2J","sequence_id":"1"}})") == "stop??[2J");
    CHECK(foreign(R"({"print":{"command":")" + std::string(5000, 'x') + R"("}})").size() == 64);

    CHECK(foreign(R"({"info":{"command":"get_version","sequence_id":"20001","module":[]}})").empty());
    CHECK(foreign(R"({"pushing":{"command":"pushall","sequence_id":"20002"}})").empty());
    CHECK(foreign(R"({"print":{"command":"extrusion_cali_get","sequence_id":"20003"}})").empty());
    CHECK(foreign(R"({"system":{"command":"get_access_code","sequence_id":"20003"}})").empty());
    CHECK(foreign(R"({"mc_print":{"command":"push_info","sequence_id":"20004","param":"x"}})").empty());
    CHECK(foreign(running).empty());
}

TEST_CASE("session commands: a number of our range is ours only with the command that we gave it") {
    Talk t;
    t.send(SetBedTarget{60}, 9);
    (void)t.told();
    const std::string id = member(t.port.published.at(0), "sequence_id");
    // Another program like this one, which counts alike.
    t.message(R"({"print":{"command":"stop","sequence_id":")" + id + R"(","result":"success"}})");
    CHECK(t.one().kind == LinkEvent::Kind::foreign);
    t.message(R"({"print":{"command":"stop","sequence_id":"59000","result":"success"}})");
    CHECK(t.one().kind == LinkEvent::Kind::foreign);
    t.echo(t.port.published.at(0), yes);
    CHECK(t.one().command == 9);
}

TEST_CASE("session commands: answers cut off at any length are no answers, and break nothing") {
    Talk t;
    t.send(SetBedTarget{60}, 9);
    (void)t.told();
    const std::string& payload = t.port.published.at(0);
    const std::string whole = payload.substr(0, payload.size() - 2) + yes + "}}";
    for (std::size_t length = 0; length < whole.size(); ++length)
        t.message(whole.substr(0, length));
    CHECK(t.told().empty());
    t.message(whole);
    CHECK(t.one().command == 9);
}

TEST_CASE("session commands: only so many open messages are remembered, the newest") {
    Talk t;
    for (CommandId id = 1; id <= 300; ++id)
        t.send(SetFan{Fan::part, 10}, id);
    // Without a fan in the report there is none to set.
    CHECK(t.told().front().refusal == Refusal::not_fitted);
    t.message(report(R"("cooling_fan_speed":"0")", 1));
    for (CommandId id = 1; id <= 300; ++id)
        t.send(SetFan{Fan::part, 10}, id);
    REQUIRE(t.port.published.size() == 300);
    (void)t.told();
    t.echo(t.port.published.front(), yes);
    CHECK(t.told().empty());
    t.echo(t.port.published.back(), yes);
    CHECK(t.one().command == 300);
}

TEST_CASE("session commands: the state that belongs to an event is published before it, and it may send") {
    Talk t;
    std::optional<DeveloperMode> seen;
    bool sent = false;
    t.on_event = [&](const LinkEvent& event) {
        if (event.kind != LinkEvent::Kind::answered || std::exchange(sent, true)) return;
        seen = t.state().learnt_developer_mode;
        t.send(SetLight{Lamp::chamber, true}, 2);
    };
    t.send(SetBedTarget{60});
    t.echo(t.port.published.at(0), yes);
    CHECK(seen == DeveloperMode::on);
    const auto events = t.told();
    REQUIRE(events.size() == 3);
    CHECK(events[2].kind == LinkEvent::Kind::sent);
    CHECK(events[2].command == 2);
}

TEST_CASE("session commands: a command that stays unanswered wakes the session to doubt") {
    Talk t;
    t.send(SetBedTarget{60});
    REQUIRE(t.port.wake);
    CHECK(*t.port.wake <= t.clock.now() + 10s);
    t.send(SetBedTarget{70}, 2);
    for (int i = 0; i < 10; ++i) {
        t.pass(1s);
        t.message(idle);
    }
    CHECK(t.state().link.link == Link::half_dead);
    (void)t.told();
    t.send(SetBedTarget{80}, 3);
    CHECK(t.one().refusal == Refusal::half_dead);
    // What makes things safer passes the gate, but there is no session to send it by.
    t.send(CoolDown{}, 4);
    const LinkEvent event = t.one();
    CHECK(event.kind == LinkEvent::Kind::not_sent);
    CHECK_FALSE(event.refusal);
    CHECK_FALSE(event.text.empty());
}

TEST_CASE(
    "session commands: silence after closing an error is no doubt, and its answer counts all the same") {
    Talk t{report(R"("gcode_state":"IDLE","print_error":117456933,"subtask_id":"17")")};
    t.send(ClearFault{}, 6);
    REQUIRE(t.port.published.size() == 2);
    CHECK(member(t.port.published[0], "subtask_id") == "17");
    CHECK(member(t.port.published[1], "err") == "07004025");
    CHECK(t.one().messages == 2);
    const std::string second = t.port.published[1];
    t.port.published.clear();
    for (int i = 0; i < 30; ++i) {
        t.pass(1s);
        t.message(idle);
    }
    CHECK(t.state().link.link == Link::online);
    CHECK(t.port.published.empty());
    t.echo(second, yes);
    CHECK(t.one().command == 6);
}

TEST_CASE("session commands: wishes that are not the session's do nothing") {
    Talk t;
    const auto before = t.port.published.size();
    t.session->wish(Command{Stop{}, Origin::screen, {}, {}});
    t.session->wish(AcknowledgeAlarm{});
    t.session->wish(SnoozeAlarm{});
    t.session->wish(TestAlarmOutputs{});
    CHECK(t.port.published.size() == before);
    CHECK(t.told().empty());
}
