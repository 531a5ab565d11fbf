#include "model/events.hpp"

#include <doctest/doctest.h>

#include "builders.hpp"

using namespace farmwall;
using namespace farmwall::testing;

namespace {

std::vector<EventKind> kinds(const PrinterState& before, const PrinterState& after, bool own_stop = false) {
    std::vector<EventKind> out;
    for (const Event& event : derive_events(before, after, WallTime{}, own_stop)) {
        CHECK_FALSE(event.text.empty());
        CHECK(event.printer == after.id);
        out.push_back(event.kind);
    }
    return out;
}

PrinterState in(JobState state) {
    PrinterState printer = online(PrinterModel::x1c, state);
    printer.report.subtask_name = "bracket";
    return printer;
}

using Kinds = std::vector<EventKind>;

}  // namespace

TEST_CASE("events: equal states make none") {
    CHECK(kinds(in(JobState::running), in(JobState::running)).empty());
}

TEST_CASE("events: a print starts, pauses, resumes and finishes") {
    CHECK(kinds(in(JobState::idle), in(JobState::prepare)) == Kinds{EventKind::print_started});
    CHECK(kinds(in(JobState::prepare), in(JobState::running)).empty());
    CHECK(kinds(in(JobState::running), in(JobState::pause)) == Kinds{EventKind::paused});
    CHECK(kinds(in(JobState::pause), in(JobState::running)) == Kinds{EventKind::resumed});
    CHECK(kinds(in(JobState::running), in(JobState::finish)) == Kinds{EventKind::print_finished});
    CHECK(kinds(in(JobState::finish), in(JobState::idle)).empty());  // the prompt was dismissed
}

TEST_CASE("events: the end of a job tells stopped from failed") {
    PrinterState failed = in(JobState::failed);
    CHECK(kinds(in(JobState::running), failed) == Kinds{EventKind::print_canceled});
    failed.report.print_error = 0x03004000;
    CHECK(kinds(in(JobState::running), failed) == Kinds{EventKind::print_failed, EventKind::error_raised});
    CHECK(kinds(in(JobState::running), failed, true) ==
          Kinds{EventKind::print_canceled, EventKind::error_raised});
}

TEST_CASE("events: an unknown state is no end") {
    CHECK(kinds(in(JobState::running), in(JobState::unknown)).empty());
}

TEST_CASE("events: another job on a printer that was never seen idle ends the first") {
    PrinterState before = in(JobState::running);
    before.report.subtask_id = "7";
    PrinterState after = before;
    after.report.subtask_id = "8";
    CHECK(kinds(before, after) == Kinds{EventKind::print_canceled, EventKind::print_started});
    after.report.subtask_id = "0";
    CHECK(kinds(before, after).empty());
}

TEST_CASE("events: a run-out names unit and slot") {
    PrinterState after = in(JobState::pause);
    after.report.hms = std::vector<HmsEntry>{{0x07012200, 0x00020001}};
    const auto events = derive_events(in(JobState::running), after, WallTime{}, false);
    REQUIRE(events.size() == 2);
    CHECK(events[0].kind == EventKind::runout);
    CHECK(events[0].text == "Filament ran out in AMS B, slot 3.");
    CHECK(events[1].kind == EventKind::hms_raised);
}

TEST_CASE("events: health messages are raised and cleared one by one") {
    PrinterState one = in(JobState::running);
    one.report.hms = std::vector<HmsEntry>{{50331904, 65543}};
    PrinterState two = one;
    two.report.hms->push_back({0x05000200, 0x00020001});
    CHECK(kinds(one, two) == Kinds{EventKind::hms_raised});
    CHECK(kinds(two, one) == Kinds{EventKind::hms_cleared});
}

TEST_CASE("events: what was so before the first full report is no news") {
    PrinterState before = in(JobState::idle);
    before.full_report_seen = false;
    before.link.link = Link::connecting;
    CHECK(kinds(before, in(JobState::running)) == Kinds{EventKind::link_up});
}

TEST_CASE("events: the link's changes are told once each") {
    PrinterState up = in(JobState::idle);
    PrinterState down = up;
    down.link.link = Link::offline;
    down.link.problem = LinkProblem::unreachable;
    CHECK(kinds(up, down) == Kinds{EventKind::link_down});
    CHECK(kinds(down, down).empty());
    CHECK(kinds(down, up) == Kinds{EventKind::link_up});
    PrinterState quiet = up;
    quiet.link.link = Link::quiet;
    CHECK(kinds(up, quiet).empty());
    PrinterState refused = up;
    refused.link.link = Link::refused;
    refused.link.problem = LinkProblem::bad_access_code;
    CHECK(kinds(up, refused) == Kinds{EventKind::refused});
    refused.link.problem = LinkProblem::certificate_changed;
    CHECK(kinds(up, refused) == Kinds{EventKind::certificate_changed});
    PrinterState half = up;
    half.link.link = Link::half_dead;
    half.link.problem = LinkProblem::commands_vanish;
    CHECK(kinds(up, half) == Kinds{EventKind::half_dead});
    PrinterState moved = up;
    moved.link.address = "192.0.2.2";
    up.link.address = "192.0.2.1";
    CHECK(kinds(up, moved) == Kinds{EventKind::address_changed});
}

TEST_CASE("events: Developer Mode going off is told") {
    PrinterState on = in(JobState::idle);
    on.report.fun = 0;
    PrinterState off = on;
    off.report.fun = 0x20000000;
    CHECK(kinds(on, off) == Kinds{EventKind::developer_mode_off});
    CHECK(kinds(off, off).empty());
}
