#include <doctest/doctest.h>

#include <algorithm>

#include "builders.hpp"
#include "model/alarm.hpp"

using namespace farmwall;
using namespace farmwall::testing;

namespace {

PrinterState in(JobState state) { return online(PrinterModel::x1c, state); }

PrinterState paused_with(std::uint32_t error) {
    PrinterState printer = in(JobState::pause);
    printer.report.print_error = error;
    return printer;
}

std::vector<AlarmCause> causes(const PrinterState& printer, bool was_printing = false,
                               const CameraState& camera = {}) {
    return alarm_causes(printer, camera, was_printing);
}

std::vector<AlarmKind> kinds(const std::vector<AlarmCause>& causes) {
    std::vector<AlarmKind> out;
    for (const AlarmCause& cause : causes) {
        CHECK_FALSE(cause.text.empty());
        CHECK(cause.text.back() == '.');
        out.push_back(cause.kind);
    }
    return out;
}
using Kinds = std::vector<AlarmKind>;

// The text of the only cause.
std::string only(AlarmKind kind, const std::vector<AlarmCause>& found) {
    REQUIRE(kinds(found) == Kinds{kind});
    return found.front().text;
}

CameraState frozen() {
    CameraState camera;
    camera.truth = CameraTruth::frozen;
    return camera;
}

constexpr HmsEntry serious_toolhead{0x08010100, 0x00020001};
constexpr HmsEntry fatal_motion{0x03000100, 0x00010007};
constexpr HmsEntry common_motion{0x03000200, 0x00030001};
constexpr HmsEntry runout_a2{0x07002100, 0x00020001};

}  // namespace

TEST_CASE("alarm causes: a printer at work, at rest or paused by a person has none") {
    for (const JobState state : {JobState::running, JobState::prepare, JobState::slicing, JobState::idle,
                                 JobState::unknown, JobState::init}) {
        CAPTURE(wire_name(state));
        CHECK(causes(in(state)).empty());
    }
    PrinterState paused = in(JobState::pause);
    CHECK(causes(paused).empty());
    paused.report.stage = 16;
    CHECK(causes(paused).empty());
}

TEST_CASE("alarm causes: before the first full report nothing is known of the job") {
    PrinterState printer = paused_with(0x03008003);
    printer.full_report_seen = false;
    CHECK(causes(printer).empty());
}

TEST_CASE("alarm causes: a pause by an error names the code") {
    const auto found = causes(paused_with(0x03008003));
    CHECK(only(AlarmKind::paused_by_error, found) == "Print paused by error 0300-8003.");
    CHECK(found.front().subjects == std::vector<std::string>{"0300-8003"});
}

TEST_CASE("alarm causes: a pause that no person asked for is one by an error") {
    PrinterState printer = in(JobState::pause);
    printer.report.stage = 17;
    CHECK(only(AlarmKind::paused_by_error, causes(printer)) == "Print paused: front cover fell off.");
}

TEST_CASE("alarm causes: run-out names the slot that the message names") {
    PrinterState printer = in(JobState::pause);
    printer.report.hms = std::vector<HmsEntry>{runout_a2};
    CHECK(only(AlarmKind::runout, causes(printer)) == "Filament ran out in tray A2.");
    printer.report.hms = std::vector<HmsEntry>{{0x18022000, 0x00020001}};
    CHECK(only(AlarmKind::runout, causes(printer)) == "Filament ran out in AMS HT 3.");
    CHECK(only(AlarmKind::runout, causes(paused_with(0x18018011))) == "Filament ran out in AMS HT 2.");
    CHECK(only(AlarmKind::runout, causes(paused_with(0x07FF8011))) ==
          "Filament ran out on the external spool.");
    CHECK(only(AlarmKind::runout, causes(paused_with(0x07FE8011))) ==
          "Filament ran out on the left external spool.");
}

TEST_CASE("alarm causes: where run-out names no slot, the tray in use is meant if it fits") {
    PrinterState printer = paused_with(0x07018011);
    CHECK(only(AlarmKind::runout, causes(printer)) == "Filament ran out in AMS B.");
    printer.report.tray_now = 6;  // B3
    CHECK(only(AlarmKind::runout, causes(printer)) == "Filament ran out in tray B3.");
    printer.report.tray_now = 2;  // A3: another unit
    CHECK(only(AlarmKind::runout, causes(printer)) == "Filament ran out in AMS B.");

    PrinterState vague = in(JobState::pause);
    vague.report.stage = 6;
    CHECK(only(AlarmKind::runout, causes(vague)) == "Filament ran out.");
    vague.report.tray_now = 2;
    CHECK(only(AlarmKind::runout, causes(vague)) == "Filament ran out in tray A3.");
    vague.report.tray_now = 254;
    CHECK(only(AlarmKind::runout, causes(vague)) == "Filament ran out on the external spool.");
}

TEST_CASE("alarm causes: a failed print names its code, a stopped one is none") {
    PrinterState printer = in(JobState::failed);
    CHECK(causes(printer).empty());  // nothing wrong: somebody stopped it
    printer.report.print_error = 0x0300400C;
    CHECK(causes(printer).empty());  // "task canceled"
    printer.report.print_error = 0x03004000;
    CHECK(only(AlarmKind::print_failed, causes(printer)) == "Print failed with error 0300-4000.");
    printer.report.print_error = 0;
    printer.report.fail_reason = 0x05004003;
    CHECK(only(AlarmKind::print_failed, causes(printer)) == "Print failed with error 0500-4003.");
}

TEST_CASE("alarm causes: serious and fatal HMS entries count whatever the printer does, others never") {
    for (const JobState state : {JobState::running, JobState::idle, JobState::prepare}) {
        PrinterState printer = in(state);
        printer.report.hms = std::vector<HmsEntry>{common_motion};
        CHECK(causes(printer).empty());
        printer.report.hms = std::vector<HmsEntry>{common_motion, serious_toolhead, fatal_motion};
        const auto found = causes(printer);
        // The gravest first.
        CHECK(only(AlarmKind::hms_serious, found) ==
              "HMS_0300_0100_0001_0007 (motion controller, fatal), HMS_0801_0100_0002_0001 (toolhead, "
              "serious).");
        CHECK(found.front().subjects ==
              std::vector<std::string>{"HMS_0801_0100_0002_0001", "HMS_0300_0100_0001_0007"});
    }
}

TEST_CASE("alarm causes: many HMS entries are named in part and all of them are subjects") {
    PrinterState printer = in(JobState::running);
    printer.report.hms.emplace();
    for (std::uint32_t code = 1; code <= 5; ++code)
        printer.report.hms->push_back({0x08010100, 0x00020000 | code});
    const auto found = causes(printer);
    CHECK(only(AlarmKind::hms_serious, found).find("and 2 more.") != std::string::npos);
    CHECK(found.front().subjects.size() == 5);
}

TEST_CASE("alarm causes: a pause by HMS entries tells them itself, and nothing is lost") {
    PrinterState printer = in(JobState::pause);
    printer.report.hms = std::vector<HmsEntry>{serious_toolhead};
    CHECK(only(AlarmKind::paused_by_error, causes(printer)) ==
          "Print paused by HMS_0801_0100_0002_0001 (toolhead, serious).");
    // With a code of its own the pause does not name the entry.
    printer.report.print_error = 0x03008003;
    CHECK(kinds(causes(printer)) == Kinds{AlarmKind::paused_by_error, AlarmKind::hms_serious});
    // Resumed, the entry still stands.
    printer.report.print_error = 0;
    printer.report.state = JobState::running;
    CHECK(kinds(causes(printer)) == Kinds{AlarmKind::hms_serious});
    // Run-out names its own entry and no other.
    printer.report.state = JobState::pause;
    printer.report.hms = std::vector<HmsEntry>{runout_a2, fatal_motion};
    const auto found = causes(printer);
    CHECK(kinds(found) == Kinds{AlarmKind::runout, AlarmKind::hms_serious});
    CHECK(found.back().subjects == std::vector<std::string>{"HMS_0300_0100_0001_0007"});
}

TEST_CASE("alarm causes: silence of a printer that printed is one, of another it is not") {
    PrinterState printer = in(JobState::running);
    for (const Link link : {Link::offline, Link::connecting, Link::refused}) {
        printer.link.link = link;
        printer.link.problem = LinkProblem::no_answer;
        CHECK(only(AlarmKind::offline_while_printing, causes(printer, true)) ==
              "Offline while printing: The printer no longer answers.");
        CHECK(causes(printer, false).empty());
    }
    for (const Link link : {Link::online, Link::quiet, Link::half_dead}) {
        printer.link.link = link;
        CHECK(causes(printer, true).empty());
    }
}

TEST_CASE("alarm causes: what a printer last reported still counts while it is silent") {
    PrinterState printer = paused_with(0x03008003);
    printer.link.link = Link::offline;
    CHECK(kinds(causes(printer, true)) ==
          Kinds{AlarmKind::paused_by_error, AlarmKind::offline_while_printing});
}

TEST_CASE("alarm causes: a frozen picture is one only while the print goes on and is heard") {
    PrinterState printer = in(JobState::running);
    CHECK(kinds(causes(printer, true, frozen())) == Kinds{AlarmKind::camera_frozen});
    CameraState stale;
    stale.truth = CameraTruth::stale;
    CHECK(causes(printer, true, stale).empty());
    CHECK(causes(in(JobState::pause), true, frozen()).empty());
    CHECK(causes(in(JobState::idle), false, frozen()).empty());
    printer.link.link = Link::offline;
    CHECK(kinds(causes(printer, true, frozen())) == Kinds{AlarmKind::offline_while_printing});
}

TEST_CASE("alarm causes: a changed certificate of printer or camera is one, and the same one") {
    PrinterState printer = in(JobState::running);
    printer.link.link = Link::refused;
    printer.link.problem = LinkProblem::certificate_changed;
    const auto of_link = causes(printer, true);  // it says more than "offline"
    CHECK(only(AlarmKind::certificate_changed, of_link).starts_with("The printer shows another certificate"));
    CHECK(of_link.front().subjects == std::vector<std::string>{"printer"});

    CameraState camera;
    camera.truth = CameraTruth::no_signal;
    camera.problem = CameraProblem::certificate_changed;
    const auto of_camera = causes(in(JobState::idle), false, camera);
    CHECK(only(AlarmKind::certificate_changed, of_camera) ==
          "The camera shows another certificate than before.");
    CHECK(causes(printer, true, camera).front().subjects == std::vector<std::string>{"printer", "camera"});
}

TEST_CASE("alarm causes: Developer Mode that is off and a plate that waits are shown and do not ring") {
    PrinterState printer = in(JobState::finish);
    CHECK(only(AlarmKind::waiting_for_clearing, causes(printer)) ==
          "Finished: the plate waits to be cleared.");
    printer.learnt_developer_mode = DeveloperMode::off;
    CHECK(kinds(causes(printer)) == Kinds{AlarmKind::waiting_for_clearing, AlarmKind::needs_developer_mode});
    CHECK_FALSE(rings(AlarmKind::waiting_for_clearing));
    CHECK_FALSE(rings(AlarmKind::needs_developer_mode));
    for (const AlarmKind kind :
         {AlarmKind::print_failed, AlarmKind::paused_by_error, AlarmKind::runout, AlarmKind::hms_serious,
          AlarmKind::offline_while_printing, AlarmKind::camera_frozen, AlarmKind::certificate_changed})
        CHECK(rings(kind));
}

TEST_CASE("alarm causes: no kind comes twice, whatever a report holds") {
    const std::vector<std::uint32_t> codes{0, 0x03008003, 0x0300400C, 0x07018011, 0x0500C011};
    const std::vector<HmsEntry> entries{serious_toolhead, fatal_motion, common_motion, runout_a2, {0, 0}};
    for (int state = 0; state <= static_cast<int>(JobState::offline); ++state) {
        for (const std::uint32_t code : codes) {
            for (std::uint32_t mask = 0; mask < 32; ++mask) {
                PrinterState printer = in(static_cast<JobState>(state));
                printer.report.print_error = code;
                printer.report.hms.emplace();
                for (std::size_t i = 0; i < entries.size(); ++i) {
                    if ((mask >> i & 1U) != 0) printer.report.hms->push_back(entries[i]);
                }
                Kinds found = kinds(causes(printer, true, frozen()));
                std::ranges::sort(found);
                CHECK(std::ranges::adjacent_find(found) == found.end());
            }
        }
    }
}
