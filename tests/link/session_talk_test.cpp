#include <doctest/doctest.h>

#include <random>

#include "machine_driver.hpp"

using namespace farmwall;
using namespace farmwall::link;
using namespace std::chrono_literals;

namespace {

// One thing that may happen, likely or not; `d.effects` is what came of it.
void happen(Driver& d, std::mt19937& random) {
    switch (random() % 16) {
        case 0:
            d.did(d.machine.certificate_fetched(certificate(), d.now));
            break;
        case 1:
            d.did(d.machine.certificate_fetched(certificate("ff"), d.now));
            break;
        case 2:
            d.did(d.machine.certificate_fetched(net::FetchError{}, d.now));
            break;
        case 3:
            d.did(d.machine.pin_saved(Done{}, d.now));
            break;
        case 4:
            d.did(d.machine.connected(d.now));
            break;
        case 5:
            d.did(d.machine.subscribed(d.now));
            break;
        case 6:
            d.did(d.machine.connect_failed(ConnectFailure::no_session, "", d.now));
            break;
        case 7:
            d.did(d.machine.connection_lost("", d.now));
            break;
        case 8:
            d.report();
            break;
        case 9:
            d.version(30'000 + static_cast<std::uint32_t>(random() % 40));
            break;
        case 10:
            d.did(d.machine.message_lost(d.now));
            break;
        case 11:
            d.did(d.machine.connect_now(d.now));
            break;
        case 12:
            d.did(d.machine.announced("192.0.2." + std::to_string(random() % 9), true, d.now));
            break;
        case 13:
            d.did(d.machine.trust_certificate("ff", d.now));
            break;
        case 14:
            d.machine.command_sent(d.machine.next_sequence_id(), d.now);
            d.effects.clear();
            break;
        default:
            d.pass(std::chrono::milliseconds{random() % 40'000});
            break;
    }
}

}  // namespace

TEST_CASE("session: nothing heard after asking for everything raises doubts about the serial") {
    Driver d;
    d.come_up();
    d.pass(9999ms);
    CHECK(d.link() == Link::connecting);
    d.pass(1ms);
    CHECK(d.link() == Link::offline);
    CHECK(d.problem() == LinkProblem::silent_serial);
    CHECK(d.machine.is_up());
    SUBCASE("a late report proves it right") {
        d.report();
        CHECK(d.link() == Link::online);
        CHECK(d.problem() == LinkProblem::none);
    }
    SUBCASE("still nothing: a new session, the doubt stays on show") {
        d.pass(10s);
        CHECK(d.wanted<CloseClient>() != nullptr);
        CHECK(d.problem() == LinkProblem::silent_serial);
        d.pass(1s);
        CHECK(d.wanted<OpenClient>() != nullptr);
        CHECK(d.problem() == LinkProblem::silent_serial);
    }
}

TEST_CASE("session: messages that say nothing we need are a sign of life") {
    Driver d;
    d.come_up();
    d.machine.other_arrived(d.now);
    d.pass(11s);
    CHECK(d.link() == Link::connecting);
    d.pass(10s);
    CHECK(d.problem() == LinkProblem::no_answer);
}

TEST_CASE("session: a version answer without any report is a quiet printer, not a wrong serial") {
    Driver d;
    d.come_up();
    d.version(d.asked(Question::version).front().sequence_id);
    d.pass(11s);
    CHECK(d.link() == Link::quiet);
    CHECK(d.problem() == LinkProblem::none);
}

TEST_CASE("session: after a minute without a report it is quiet and asked, and stays so while it answers") {
    Driver d;
    d.be_online();
    d.pass(59999ms);
    CHECK(d.link() == Link::online);
    CHECK(d.effects.empty());
    d.pass(1ms);
    CHECK(d.link() == Link::quiet);
    REQUIRE(d.asked(Question::version).size() == 1);
    CHECK(d.asked(Question::full_report).empty());
    d.version(d.asked(Question::version).front().sequence_id);
    d.pass_answering(1h);
    CHECK(d.link() == Link::quiet);
    CHECK(d.machine.connects() == 1);
    d.report(ReportDelta::Kind::partial);
    CHECK(d.link() == Link::online);
}

TEST_CASE("session: a quiet printer is asked once a minute, not more") {
    Driver d;
    d.be_online();
    int questions = 0;
    for (int i = 0; i < 600; ++i) {
        d.pass(1s);
        for (const Ask& question : d.asked(Question::version)) {
            ++questions;
            d.version(question.sequence_id);
        }
    }
    CHECK(questions == 10);
}

TEST_CASE("session: two probes without an answer, ten seconds apart, end the session") {
    Driver d;
    d.be_online();
    d.pass(60s);
    CHECK(d.asked(Question::version).size() == 1);
    d.pass(10s);
    CHECK(d.asked(Question::version).size() == 1);
    CHECK(d.link() == Link::quiet);
    d.pass(9999ms);
    CHECK(d.effects.empty());
    d.pass(1ms);
    CHECK(d.wanted<CloseClient>() != nullptr);
    CHECK(d.link() == Link::offline);
    CHECK(d.problem() == LinkProblem::no_answer);
    CHECK(d.machine.status().next_attempt);
}

TEST_CASE("session: an answer to the second probe, or a late one to the first, saves the session") {
    Driver d;
    d.be_online();
    d.pass(60s);
    const auto first = d.asked(Question::version).front().sequence_id;
    d.pass(10s);
    const auto second = d.asked(Question::version).front().sequence_id;
    SUBCASE("the first") { d.version(first); }
    SUBCASE("the second") { d.version(second); }
    d.pass(30s);
    CHECK(d.link() == Link::quiet);
    CHECK(d.machine.is_up());
}

TEST_CASE("session: a question is asked every five minutes although reports flow") {
    Driver d;
    d.be_online();
    d.pass_reporting(299s);
    CHECK(d.asked(Question::version).empty());
    d.pass_reporting(2s);
    CHECK(d.asked(Question::version).size() == 1);
    CHECK(d.link() == Link::online);
}

TEST_CASE(
    "session: reports that flow while two questions vanish are a half-dead session: new client, new id") {
    Driver d;
    d.did(d.machine.start(d.now));
    const std::string old_id = d.wanted<OpenClient>()->client_id;
    d.be_online();
    d.pass_reporting(301s);
    REQUIRE(d.asked(Question::version).size() == 1);
    d.pass_reporting(8s);
    CHECK(d.effects.empty());
    d.pass_reporting(2s);
    CHECK(d.asked(Question::version).size() == 1);
    CHECK(d.link() == Link::online);
    d.pass_reporting(9s);
    CHECK(d.link() == Link::half_dead);
    CHECK(d.problem() == LinkProblem::commands_vanish);
    CHECK(d.wanted<CloseClient>() != nullptr);
    d.pass(1s);
    REQUIRE(d.wanted<OpenClient>() != nullptr);
    CHECK(d.wanted<OpenClient>()->client_id != old_id);
    CHECK(d.link() == Link::half_dead);
    d.be_online();
    CHECK(d.machine.connects() == 2);
}

TEST_CASE("session: an answer to somebody else's question does not count as ours") {
    Driver d;
    d.be_online();
    d.pass_reporting(301s);
    REQUIRE(d.asked(Question::version).size() == 1);
    d.version(20'077);
    d.version(first_sequence_id + 20'000);
    d.pass_reporting(21s);
    CHECK(d.link() == Link::half_dead);
}

TEST_CASE("session: an unanswered command asks once, and then the session is half-dead") {
    Driver d;
    d.be_online();
    d.pass_reporting(5s);
    const auto id = d.machine.next_sequence_id();
    d.machine.command_sent(id, d.now);
    SUBCASE("answered in time") {
        d.echo(std::to_string(id));
        d.pass_reporting(60s);
        CHECK(d.link() == Link::online);
        CHECK(d.effects.empty());
    }
    SUBCASE("the question is answered") {
        d.pass_reporting(11s);
        REQUIRE(d.asked(Question::version).size() == 1);
        d.version(d.asked(Question::version).front().sequence_id);
        d.pass_reporting(60s);
        CHECK(d.link() == Link::online);
    }
    SUBCASE("the question vanishes too") {
        d.pass_reporting(22s);
        CHECK(d.link() == Link::half_dead);
    }
}

TEST_CASE("session: two commands in a row without an answer are enough") {
    Driver d;
    d.be_online();
    d.machine.command_sent(d.machine.next_sequence_id(), d.now);
    d.pass_reporting(2s);
    d.machine.command_sent(d.machine.next_sequence_id(), d.now);
    d.pass_reporting(8s);
    CHECK(d.link() == Link::online);
    d.pass_reporting(3s);
    CHECK(d.link() == Link::half_dead);
}

TEST_CASE("session: silence after commands means nothing where the firmware is known to refuse them") {
    Driver d;
    d.be_online();
    const auto id = d.machine.next_sequence_id();
    d.machine.command_sent(id, d.now);
    d.echo(std::to_string(id), "failed", 84'033'543);
    CHECK(d.machine.developer_mode() == DeveloperMode::off);
    for (int i = 0; i < 3; ++i)
        d.machine.command_sent(d.machine.next_sequence_id(), d.now);
    d.pass_reporting(60s);
    CHECK(d.link() == Link::online);
    CHECK(d.effects.empty());
}

TEST_CASE("session: for 150 s after a project file no doubt closes the session") {
    Driver d;
    d.be_online();
    d.machine.project_file_sent(d.now);
    d.machine.command_sent(d.machine.next_sequence_id(), d.now);
    d.machine.command_sent(d.machine.next_sequence_id(), d.now);
    SUBCASE("reports flow, nothing answers") {
        d.pass_reporting(149s);
        CHECK(d.machine.is_up());
        CHECK(d.link() == Link::online);
        d.pass_reporting(22s);
        CHECK_FALSE(d.machine.is_up());
    }
    SUBCASE("total silence") {
        d.pass(149s);
        CHECK(d.machine.is_up());
        d.pass(22s);
        CHECK_FALSE(d.machine.is_up());
        CHECK(d.problem() == LinkProblem::no_answer);
    }
    SUBCASE("the printer wakes up and answers an older question") {
        d.pass(80s);
        const auto questions = d.asked(Question::version);
        REQUIRE(questions.size() >= 2);
        d.version(questions.front().sequence_id);
        d.report();
        d.pass_reporting(200s);
        CHECK(d.machine.is_up());
    }
}

TEST_CASE("session: a full report is asked for on connect, and by hand at most every five minutes") {
    Driver d;
    d.be_online();
    Effects effects;
    CHECK(d.machine.ask_full_report(d.now, effects) == FullReportWish::too_soon);
    CHECK(effects.empty());
    d.pass_reporting(300s);
    CHECK(d.asked(Question::full_report).empty());
    CHECK(d.machine.ask_full_report(d.now, effects) == FullReportWish::asked);
    REQUIRE(effects.size() == 1);
    CHECK(d.machine.ask_full_report(d.now, effects) == FullReportWish::too_soon);
    d.did(d.machine.connection_lost("", d.now));
    CHECK(d.machine.ask_full_report(d.now, effects) == FullReportWish::not_connected);
}

TEST_CASE("session: five messages that cannot be read ask for a full report, within the same limit") {
    Driver d;
    d.be_online();
    SUBCASE("four do not") {
        d.pass_reporting(301s);
        for (int i = 0; i < 4; ++i)
            d.did(d.machine.message_lost(d.now));
        CHECK(d.asked(Question::full_report).empty());
    }
    SUBCASE("five do") {
        d.pass_reporting(301s);
        for (int i = 0; i < 5; ++i)
            d.did(d.machine.message_lost(d.now));
        CHECK(d.asked(Question::full_report).size() == 1);
    }
    SUBCASE("a full report between them settles the matter") {
        d.pass_reporting(301s);
        for (int i = 0; i < 4; ++i)
            d.did(d.machine.message_lost(d.now));
        d.report();
        d.did(d.machine.message_lost(d.now));
        CHECK(d.asked(Question::full_report).empty());
    }
    SUBCASE("too soon after the last one, the question waits") {
        for (int i = 0; i < 50; ++i)
            d.did(d.machine.message_lost(d.now));
        CHECK(d.asked(Question::full_report).empty());
        d.pass_reporting(299s);
        CHECK(d.asked(Question::full_report).empty());
        d.pass_reporting(2s);
        CHECK(d.asked(Question::full_report).size() == 1);
    }
}

TEST_CASE("session: while no full report has come it is asked for every five minutes") {
    Driver d;
    d.come_up();
    d.version(d.asked(Question::version).front().sequence_id);
    d.report(ReportDelta::Kind::partial);
    CHECK(d.link() == Link::online);
    d.pass_reporting(302s);
    CHECK(d.asked(Question::full_report).size() == 1);
}

TEST_CASE("session: older firmware that marks no report as full is taken as full") {
    Driver d;
    d.come_up();
    d.version(d.asked(Question::version).front().sequence_id);
    d.report(ReportDelta::Kind::unmarked);
    d.pass_reporting(290s);
    CHECK(d.asked(Question::full_report).empty());
    d.pass_reporting(20s);
    CHECK(d.asked(Question::full_report).empty());
}

TEST_CASE("session: an incomplete module list is asked for again, not for ever") {
    Driver d;
    d.come_up();
    d.version(d.asked(Question::version).front().sequence_id, false);
    d.report();
    int again = 0;
    for (int i = 0; i < 200; ++i) {
        d.pass_reporting(1s);
        for (const Ask& question : d.asked(Question::version)) {
            ++again;
            d.version(question.sequence_id, false);
        }
    }
    CHECK(again == 6);
    CHECK(d.link() == Link::online);
}

TEST_CASE("session: developer mode is learnt from our own commands alone and kept over a reconnect") {
    Driver d;
    d.be_online();
    CHECK(d.machine.developer_mode() == DeveloperMode::unknown);
    const auto id = std::to_string(d.machine.next_sequence_id());
    SUBCASE("another client's refusal teaches nothing") {
        d.echo("20011", "failed", 84'033'543);
        CHECK(d.machine.developer_mode() == DeveloperMode::unknown);
        CHECK(d.machine.foreign_echoes() == 1);
    }
    SUBCASE("a failure for another reason teaches nothing") {
        d.echo(id, "fail", 0x0500'4003);
        CHECK(d.machine.developer_mode() == DeveloperMode::unknown);
    }
    SUBCASE("taken: on") {
        d.echo(id, "success");
        CHECK(d.machine.developer_mode() == DeveloperMode::on);
    }
    SUBCASE("refused for want of a signature: off, until the access code changes") {
        d.echo(id, "", 84'033'543);
        d.did(d.machine.connect_now(d.now));
        d.did(d.machine.connect_failed(ConnectFailure::bad_access_code, "", d.now));
        CHECK(d.machine.developer_mode() == DeveloperMode::unknown);
    }
    SUBCASE("refused for want of a signature: off, until the firmware changes") {
        d.echo(id, "", 84'033'543);
        d.did(d.machine.connection_lost("", d.now));
        d.pass(1s);
        d.be_online();
        CHECK(d.machine.developer_mode() == DeveloperMode::off);
        d.machine.forget_developer_mode();
        CHECK(d.machine.developer_mode() == DeveloperMode::unknown);
    }
}

TEST_CASE("session: answers to ids outside our range are other people's commands and are counted") {
    Driver d;
    d.be_online();
    for (const auto* id : {"20000", "29999", "60000", "-1", "", "2021", "30000x", "99999999999999999999"}) {
        d.echo(id);
    }
    CHECK(d.machine.foreign_echoes() == 8);
    d.echo("30000");
    d.echo("59999");
    CHECK(d.machine.foreign_echoes() == 8);
}

TEST_CASE("session: messages before the subscription and after the end change nothing") {
    Driver d;
    d.did(d.machine.start(d.now));
    d.report();
    CHECK(d.link() == Link::connecting);
    d.be_online();
    d.did(d.machine.connection_lost("", d.now));
    d.report();
    d.version(30'001);
    d.echo("20000");
    CHECK(d.link() == Link::offline);
    CHECK(d.machine.foreign_echoes() == 0);
}

TEST_CASE("session: open commands are bounded") {
    Driver d;
    d.be_online();
    for (int i = 0; i < 1000; ++i)
        d.machine.command_sent(d.machine.next_sequence_id(), d.now);
    d.pass(11s);
    CHECK_FALSE(d.machine.is_up());
}

TEST_CASE(
    "session: whatever happens in whatever order, it wakes later than now and holds one client at most") {
    std::mt19937 random{7};
    for (int run = 0; run < 200; ++run) {
        Driver d{run % 3 == 0 ? std::nullopt : std::optional{certificate()}};
        d.did(d.machine.start(d.now));
        int open = 0;
        const auto count = [&](const Effects& effects) {
            for (const Effect& effect : effects) {
                if (std::holds_alternative<OpenClient>(effect)) ++open;
                if (std::holds_alternative<CloseClient>(effect)) --open;
                if (std::holds_alternative<FetchCertificate>(effect)) REQUIRE(open == 0);
                REQUIRE((open == 0 || open == 1));
            }
        };
        count(d.effects);
        for (int step = 0; step < 300; ++step) {
            happen(d, random);
            count(d.effects);
        }
        d.did(d.machine.stop(d.now));
        count(d.effects);
        CHECK(open == 0);
    }
}
