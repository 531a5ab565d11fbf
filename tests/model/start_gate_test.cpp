#include <doctest/doctest.h>

#include "matching_builders.hpp"
#include "model/start_gate.hpp"

using namespace farmwall;
using namespace farmwall::testing;
using namespace std::chrono_literals;

namespace {

template <class Change>
std::optional<Refusal> after(const Change& change) {
    Station at = station();
    change(at.printer, at.printer.report);
    return gate_start(at.printer, match_time);
}

}  // namespace

TEST_CASE("start gate: a ready printer may be started, quiet or not") {
    CHECK_FALSE(after([](PrinterState&, Report&) {}));
    CHECK_FALSE(after([](PrinterState& p, Report&) { p.link.link = Link::quiet; }));
    CHECK_FALSE(after([](PrinterState&, Report& r) { r.state = JobState::finish; }));
    CHECK_FALSE(after([](PrinterState&, Report& r) { r.state = JobState::failed; }));
    CHECK_FALSE(after([](PrinterState& p, Report&) { p.learnt_developer_mode = DeveloperMode::unknown; }));
}

TEST_CASE("start gate: the link must stand") {
    for (const Link link : {Link::connecting, Link::offline, Link::refused})
        CHECK(after([&](PrinterState& p, Report&) { p.link.link = link; }) == Refusal::offline);
    CHECK(after([](PrinterState& p, Report&) { p.link.link = Link::half_dead; }) == Refusal::half_dead);
}

TEST_CASE("start gate: what is known must be of this session and at most a minute old") {
    CHECK(after([](PrinterState& p, Report&) { p.full_report_seen = false; }) == Refusal::no_report_yet);
    CHECK(after([](PrinterState&, Report& r) { r.state.reset(); }) == Refusal::no_report_yet);
    CHECK(after([](PrinterState& p, Report&) { p.last_report.reset(); }) == Refusal::no_report_yet);
    CHECK(after([](PrinterState& p, Report&) { p.last_message.reset(); }) == Refusal::stale_report);
    CHECK(after([](PrinterState& p, Report&) { p.last_message = match_time - 60s - 1ms; }) ==
          Refusal::stale_report);
    // An idle P1 reports nothing, but it answered a question.
    CHECK_FALSE(after([](PrinterState& p, Report&) {
        p.last_report = match_time - 5h;
        p.last_message = match_time - 60s;
    }));
}

TEST_CASE("start gate: only IDLE, FINISH and a soft FAILED may be started") {
    for (const JobState state : {JobState::prepare, JobState::slicing, JobState::running, JobState::pause})
        CHECK(after([&](PrinterState&, Report& r) { r.state = state; }) == Refusal::busy);
    for (const JobState state : {JobState::unknown, JobState::init, JobState::offline})
        CHECK(after([&](PrinterState&, Report& r) { r.state = state; }) == Refusal::unknown_state);
    CHECK(after([](PrinterState&, Report& r) {
              r.state = JobState::failed;
              r.print_error = 0x0300'4000;
          }) == Refusal::shows_error);
    CHECK(after([](PrinterState&, Report& r) {
              r.state = JobState::failed;
              r.hms = {{0x0300'0100, 0x0003'0007}};
          }) == Refusal::shows_error);
    CHECK(after([](PrinterState&, Report& r) {
              r.hms = {{0x0300'0100, 0x0001'0007}};
          }) == Refusal::shows_error);
    CHECK_FALSE(after([](PrinterState&, Report& r) { r.hms = {{0x0300'0100, 0x0002'0007}}; }));
    CHECK(after([](PrinterState&, Report& r) { r.ams_status = 0x0103; }) == Refusal::busy);
    CHECK_FALSE(after([](PrinterState&, Report& r) { r.ams_status = 0x0300; }));
}

TEST_CASE("start gate: mode, service, tool and storage are asked") {
    CHECK(after([](PrinterState& p, Report&) { p.maintenance = true; }) == Refusal::maintenance);
    CHECK(after([](PrinterState& p, Report&) { p.learnt_developer_mode = DeveloperMode::off; }) ==
          Refusal::needs_developer_mode);
    CHECK(after([](PrinterState&, Report& r) { r.device_type = 2; }) == Refusal::not_fdm);
    CHECK_FALSE(after([](PrinterState&, Report& r) { r.device_type = 3; }));
    CHECK(after([](PrinterState&, Report& r) { r.storage_present = false; }) == Refusal::no_storage);
    CHECK(after([](PrinterState&, Report& r) { r.storage_present.reset(); }) == Refusal::no_storage);
    CHECK(after([](PrinterState&, Report& r) { r.home_flag = 0x300; }) == Refusal::storage_read_only);
    CHECK(after([](PrinterState&, Report& r) { r.home_flag = 0x200; }) == Refusal::no_storage);
}

TEST_CASE("start gate: where it allows a start, the matrix refuses nothing of the printer but the plate") {
    for (const JobState state : {JobState::idle, JobState::finish, JobState::failed, JobState::running}) {
        for (const bool fatal : {false, true}) {
            for (const bool storage : {false, true}) {
                Station at = station();
                at.report().state = state;
                at.report().storage_present = storage;
                if (fatal) at.report().hms = {{0x0300'0100, 0x0001'0007}};
                const bool allowed = !gate_start(at.printer, match_time);
                CHECK(allowed == match_printer(at.as_place(), {}, match_time).possible());
            }
        }
    }
}
