#include "model/errors.hpp"

#include <doctest/doctest.h>

#include "builders.hpp"
#include "model/attention.hpp"
#include "model/availability.hpp"

using namespace farmwall;
using namespace farmwall::testing;

TEST_CASE("errors: a code is eight hex digits in two groups") {
    CHECK(error_code_text(83902476) == "0500-400C");
    CHECK(error_code_text(50348044) == "0300-400C");
    CHECK(error_code_text(0) == "0000-0000");
    CHECK(is_cancel_code(50348044));
    CHECK(is_cancel_code(83902478));
    CHECK(is_noise_code(83935249));
    CHECK_FALSE(is_cancel_code(83935249));
    CHECK(is_signature_code(84033543));
}

TEST_CASE("errors: an HMS entry names code, severity, module, unit and slot") {
    const HmsMeaning plain = explain({50331904, 65543});
    CHECK(plain.code == "HMS_0300_0100_0001_0007");
    CHECK(plain.key == "0300010000010007");
    CHECK(plain.severity == Severity::fatal);
    CHECK(plain.module == "motion controller");
    CHECK_FALSE(plain.unit);

    const HmsMeaning slot = explain({0x07012200, 0x00020001});
    CHECK(slot.module == "AMS");
    CHECK(slot.unit == 1);
    CHECK(slot.slot == 2);
    CHECK(slot.severity == Severity::serious);
    CHECK(slot.runout);
    CHECK_FALSE(explain({0x07012200, 0x00030001}).runout);  // the printer switches over by itself
    CHECK(explain({0x99010000, 0x00020001}).module == "module 99");
}

TEST_CASE("errors: an HMS entry without severity is a short code") {
    const HmsMeaning meaning = explain({0x05000000, 0x8092});
    CHECK(meaning.code == "0500-8092");
    CHECK(meaning.key == "05008092");
    CHECK(meaning.severity == Severity::unknown);
}

TEST_CASE("errors: entries of two zeros are skipped") {
    Report report;
    report.hms = std::vector<HmsEntry>{{0, 0}, {50331904, 65543}};
    CHECK(explain_all(report).size() == 1);
}

TEST_CASE("errors: a run-out is a pause with its stage, its HMS or its print error") {
    Report report;
    report.stage = 6;
    report.state = JobState::running;
    CHECK_FALSE(runout(report));
    report.state = JobState::pause;
    CHECK(runout(report) == Runout{});
    report.stage = 0;
    CHECK_FALSE(runout(report));
    report.print_error = 0x07018011;
    CHECK(runout(report) == Runout{1, std::nullopt});
    report.print_error = 0x07FF8011;
    CHECK(runout(report)->unit == 255);
    report.hms = std::vector<HmsEntry>{{0x07002300, 0x00020001}};
    CHECK(runout(report) == Runout{0, 3});
}

TEST_CASE("errors: a stopped job is canceled, a failed one failed") {
    Report report;
    report.state = JobState::failed;
    CHECK(is_soft_fail(report));
    CHECK(job_outcome(report, false) == JobOutcome::canceled);
    report.print_error = 0x03004000;
    CHECK(job_outcome(report, false) == JobOutcome::failed);
    CHECK(job_outcome(report, true) == JobOutcome::canceled);
    report.print_error = 0;
    report.fail_reason = 50348044;
    CHECK(job_outcome(report, false) == JobOutcome::canceled);
    report.state = JobState::finish;
    CHECK(job_outcome(report, false) == JobOutcome::completed);
}

TEST_CASE("errors: noise is not shown as an error") {
    Report report;
    report.state = JobState::running;
    report.print_error = 83935249;
    CHECK_FALSE(shown_error(report));
    report.print_error = 0x03004000;
    CHECK(shown_error(report) == 0x03004000U);
    report.print_error = 0;
    report.fail_reason = 0x05004003;
    CHECK_FALSE(shown_error(report));  // stale text of an older job
    report.state = JobState::failed;
    CHECK(shown_error(report) == 0x05004003U);
}

TEST_CASE("availability: idle and finished printers, and soft fails, take a job") {
    CHECK(is_available(online(PrinterModel::x1c, JobState::idle)));
    CHECK(is_available(online(PrinterModel::x1c, JobState::finish)));
    CHECK(is_available(online(PrinterModel::x1c, JobState::failed)));
    for (const JobState busy : {JobState::prepare, JobState::slicing, JobState::running, JobState::pause}) {
        CHECK(availability(online(PrinterModel::x1c, busy)) == Availability::busy);
    }
    CHECK(availability(online(PrinterModel::x1c, JobState::init)) == Availability::not_ready);
    CHECK(availability(online(PrinterModel::x1c, JobState::unknown)) == Availability::not_ready);
}

TEST_CASE("availability: a failure with any code or HMS needs a look first") {
    PrinterState printer = online(PrinterModel::x1c, JobState::failed);
    printer.report.mc_print_error_code = 0;
    CHECK(is_available(printer));
    printer.report.hms = std::vector<HmsEntry>{{50331904, 65543}};
    CHECK(availability(printer) == Availability::failed);
    printer.report.hms->clear();
    printer.report.print_error = 1;
    CHECK(availability(printer) == Availability::failed);
}

TEST_CASE("availability: unknown, disconnected and out of service are never available") {
    PrinterState printer = online(PrinterModel::x1c, JobState::idle);
    printer.full_report_seen = false;
    CHECK(availability(printer) == Availability::no_report_yet);
    printer = online(PrinterModel::x1c, JobState::idle);
    printer.maintenance = true;
    CHECK(availability(printer) == Availability::maintenance);
    printer.maintenance = false;
    for (const Link link : {Link::connecting, Link::offline, Link::refused, Link::half_dead}) {
        printer.link.link = link;
        CHECK(availability(printer) == Availability::not_connected);
    }
    printer.link.link = Link::quiet;
    CHECK(is_available(printer));
}

TEST_CASE("attention: the link comes before the report, hands before everything") {
    PrinterState printer = online(PrinterModel::x1c, JobState::running);
    CHECK(condition(printer) == Condition::printing);
    printer.report.state = JobState::pause;
    printer.report.stage = 16;
    CHECK(condition(printer) == Condition::paused);
    printer.report.stage = 35;
    CHECK(condition(printer) == Condition::paused_error);
    printer.report.stage = 6;
    CHECK(condition(printer) == Condition::runout);
    printer.report.state = JobState::failed;
    CHECK(condition(printer) == Condition::stopped);
    printer.report.print_error = 0x03004000;
    CHECK(condition(printer) == Condition::failed);
    printer.link.link = Link::offline;
    CHECK(condition(printer) == Condition::offline);
    printer.link.link = Link::refused;
    CHECK(condition(printer) == Condition::refused);
    CHECK(needs_hands(Condition::failed));
    CHECK_FALSE(needs_hands(Condition::printing));
}
