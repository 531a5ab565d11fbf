#include "dispatch/print_log.hpp"

#include "bench.hpp"

using namespace farmwall;
using dispatch::PrintLog;
using namespace std::chrono_literals;

namespace {

WallTime at(int seconds) { return WallTime{std::chrono::seconds{1'700'000'000 + seconds}}; }

PrinterState with(JobState state, std::string id, std::string name) {
    PrinterState made = testing::idle_printer();
    made.report.state = state;
    made.report.subtask_id = std::move(id);
    made.report.subtask_name = std::move(name);
    return made;
}

}  // namespace

TEST_CASE("print log: a print is one record, begun when it is seen and ended with its outcome") {
    PrintLog log{1};
    CHECK(log.look(0, with(JobState::idle, "", ""), false, at(0)).empty());
    const auto begun = log.look(0, with(JobState::prepare, "71", "Cube"), false, at(10));
    REQUIRE(begun.size() == 1);
    CHECK(begun[0].name == "Cube");
    CHECK(begun[0].started == at(10));
    CHECK_FALSE(begun[0].ended);
    PrinterState running = with(JobState::running, "71", "Cube");
    running.report.percent = 64;
    running.report.layer = 120;
    CHECK(log.look(0, running, false, at(20)).empty());
    PrinterState finished = with(JobState::finish, "71", "Cube");
    finished.report.percent.reset();
    const auto ended = log.look(0, finished, false, at(30));
    REQUIRE(ended.size() == 1);
    CHECK(ended[0].started == at(10));
    CHECK(ended[0].ended == at(30));
    CHECK(ended[0].outcome == JobOutcome::completed);
    CHECK(ended[0].percent == 100);
    CHECK(ended[0].layers == 120);
    CHECK(log.look(0, finished, false, at(40)).empty());
}

TEST_CASE("print log: a failure keeps its code and how far it came; a stop of ours is no failure") {
    for (const bool own_stop : {false, true}) {
        PrintLog log{1};
        PrinterState running = with(JobState::running, "71", "Cube");
        running.report.percent = 33;
        CHECK(log.look(0, running, false, at(0)).size() == 1);
        PrinterState failed = with(JobState::failed, "71", "Cube");
        failed.report.print_error = 0x03004006;
        const auto ended = log.look(0, failed, own_stop, at(5));
        REQUIRE(ended.size() == 1);
        CHECK(ended[0].outcome == (own_stop ? JobOutcome::canceled : JobOutcome::failed));
        CHECK(ended[0].error == (own_stop ? 0U : 0x03004006U));
        CHECK(ended[0].percent == 33);
    }
}

TEST_CASE("print log: another print at once ends the one before, of whose end nothing is known") {
    PrintLog log{1};
    CHECK(log.look(0, with(JobState::running, "71", "Cube"), false, at(0)).size() == 1);
    const auto both = log.look(0, with(JobState::prepare, "72", "Vase"), false, at(5));
    REQUIRE(both.size() == 2);
    CHECK(both[0].name == "Cube");
    CHECK(both[0].ended == at(5));
    CHECK_FALSE(both[0].outcome);
    CHECK(both[1].name == "Vase");
    CHECK_FALSE(both[1].ended);
}

TEST_CASE("print log: absence ends nothing") {
    PrintLog log{1};
    CHECK(log.look(0, with(JobState::running, "71", "Cube"), false, at(0)).size() == 1);
    PrinterState gone = with(JobState::idle, "", "");
    gone.link.link = Link::offline;
    CHECK(log.look(0, gone, false, at(5)).empty());
    PrinterState back = with(JobState::running, "71", "Cube");
    back.full_report_seen = false;
    CHECK(log.look(0, back, false, at(6)).empty());
    back.full_report_seen = true;
    CHECK(log.look(0, back, false, at(7)).empty());
}

TEST_CASE("print log: a print from before the program's start is gone on with, or ended without an outcome") {
    queue::PrintRecord before;
    before.printer = PrinterId{"p1"};
    before.name = "Cube";
    before.subtask_id = "71";
    before.started = at(-100);
    SUBCASE("it still runs") {
        PrintLog log{1};
        log.resume(0, before);
        CHECK(log.look(0, with(JobState::running, "71", "Cube"), false, at(0)).empty());
        const auto ended = log.look(0, with(JobState::finish, "71", "Cube"), false, at(9));
        REQUIRE(ended.size() == 1);
        CHECK(ended[0].started == at(-100));
    }
    SUBCASE("another one runs") {
        PrintLog log{1};
        log.resume(0, before);
        const auto both = log.look(0, with(JobState::running, "72", "Vase"), false, at(0));
        REQUIRE(both.size() == 2);
        CHECK(both[0].started == at(-100));
        CHECK_FALSE(both[0].outcome);
    }
}
