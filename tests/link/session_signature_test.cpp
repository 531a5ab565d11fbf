#include <doctest/doctest.h>

#include "machine_driver.hpp"

using namespace farmwall;
using namespace farmwall::link;
using namespace std::chrono_literals;

// The refusal of unsigned commands that is no answer at all (protocol 8.3).

namespace {

struct Signing : Driver {
    Signing() { be_online(); }
    std::uint32_t send(bool print_family = true) {
        const std::uint32_t id = machine.next_sequence_id();
        machine.command_sent(id, now, print_family);
        return id;
    }
    void alarm(bool present = true) { machine.signature_alarm(present, now); }
    // Time passes; reports come and questions are answered.
    void go_on(Duration time) {
        for (const TimePoint end = now + time; now < end;) {
            pass(1s);
            for (const Ask& question : asked(Question::version))
                version(question.sequence_id);
            report(ReportDelta::Kind::partial);
        }
    }
    [[nodiscard]] DeveloperMode mode() const { return machine.developer_mode(); }
};

}  // namespace

TEST_CASE("session: an unanswered command and the HMS entry of an unsigned one mean no Developer Mode") {
    Signing d;
    SUBCASE("the entry was there before") {
        d.alarm();
        d.send();
    }
    SUBCASE("it comes a second later") {
        d.send();
        d.go_on(1s);
        d.alarm();
    }
    SUBCASE("it comes and goes while the command waits") {
        d.send();
        d.go_on(1s);
        d.alarm();
        d.go_on(1s);
        d.alarm(false);
    }
    // While the command may still be answered there is no verdict.
    d.go_on(7s);
    CHECK(d.mode() == DeveloperMode::unknown);
    d.go_on(4s);
    CHECK(d.mode() == DeveloperMode::off);
    CHECK(d.link() == Link::online);
}

TEST_CASE("session: the HMS entry counts up to 15 s after the command was sent") {
    Signing d;
    d.send();
    SUBCASE("14 s") {
        d.go_on(14s);
        CHECK(d.mode() == DeveloperMode::unknown);
        d.alarm();
        CHECK(d.mode() == DeveloperMode::off);
    }
    SUBCASE("16 s") {
        d.go_on(16s);
        d.alarm();
        CHECK(d.mode() == DeveloperMode::unknown);
    }
    SUBCASE("in the session after, when two commands were silent") {
        d.send();
        d.pass_reporting(11s);
        REQUIRE_FALSE(d.machine.is_up());
        d.pass(1s);
        d.come_up();
        d.report();
        d.alarm();
        CHECK(d.mode() == DeveloperMode::off);
    }
}

TEST_CASE("session: the HMS entry alone, or silence alone, teaches nothing") {
    Signing d;
    SUBCASE("no command was sent") {
        d.alarm();
        d.go_on(30s);
    }
    SUBCASE("no entry came") {
        d.send();
        d.go_on(30s);
    }
    SUBCASE("the command was one that needs no signature") {
        d.alarm();
        d.send(false);
        d.go_on(30s);
    }
    SUBCASE("the entry went before the command was sent") {
        d.alarm();
        d.alarm(false);
        d.send();
        d.go_on(30s);
    }
    SUBCASE("the session ended before the command was given up") {
        d.send();
        d.go_on(2s);
        d.did(d.machine.connection_lost("", d.now));
        d.pass(1s);
        d.come_up();
        d.report();
        d.alarm();
        d.go_on(20s);
    }
    CHECK(d.mode() == DeveloperMode::unknown);
}

TEST_CASE("session: an answer outweighs the HMS entry") {
    Signing d;
    d.alarm();
    const std::uint32_t id = d.send();
    SUBCASE("taken") {
        d.go_on(1s);
        d.echo(std::to_string(id));
        d.go_on(20s);
        CHECK(d.mode() == DeveloperMode::on);
    }
    SUBCASE("failed for another reason") {
        d.go_on(1s);
        d.echo(std::to_string(id), "fail");
        d.go_on(20s);
        CHECK(d.mode() == DeveloperMode::unknown);
    }
    SUBCASE("taken, but late") {
        d.go_on(12s);
        CHECK(d.mode() == DeveloperMode::off);
        d.echo(std::to_string(id));
        CHECK(d.mode() == DeveloperMode::on);
    }
    SUBCASE("late, and the entry came only after it") {
        d.alarm(false);
        const std::uint32_t second = d.send();
        d.echo(std::to_string(id), "fail");
        d.go_on(12s);
        d.echo(std::to_string(second), "fail");
        d.alarm();
        CHECK(d.mode() == DeveloperMode::unknown);
    }
}

TEST_CASE("session: without Developer Mode silence is no doubt, but that of a lamp still is") {
    Signing d;
    d.alarm();
    d.send();
    d.go_on(11s);
    REQUIRE(d.mode() == DeveloperMode::off);
    for (int i = 0; i < 3; ++i)
        d.send();
    d.go_on(20s);
    CHECK(d.link() == Link::online);
    d.send(false);
    d.send(false);
    d.pass_reporting(11s);
    CHECK(d.link() == Link::half_dead);
}

TEST_CASE("session: numbers that were given out are known, also after they came round") {
    Driver d;
    CHECK_FALSE(d.machine.issued(first_sequence_id));
    CHECK(d.machine.next_sequence_id() == first_sequence_id);
    CHECK(d.machine.issued(first_sequence_id));
    CHECK_FALSE(d.machine.issued(first_sequence_id + 1));
    for (std::uint32_t id = first_sequence_id; id < last_sequence_id; ++id)
        (void)d.machine.next_sequence_id();
    CHECK(d.machine.next_sequence_id() == first_sequence_id);
    CHECK(d.machine.issued(last_sequence_id));
    CHECK_FALSE(d.machine.issued(last_sequence_id + 1));
    CHECK_FALSE(d.machine.issued(20'000));
}
