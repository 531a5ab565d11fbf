#include "dispatch/belief.hpp"

#include <doctest/doctest.h>

#include "model/builders.hpp"

using namespace farmwall;
using namespace farmwall::dispatch;
using farmwall::testing::online;

namespace {

const StartAttempt ours{4711, "farmwall-0123456789ab-4711.gcode.3mf"};

PrinterState showing(JobState state, std::string id, std::string name, std::string file) {
    PrinterState printer = online(PrinterModel::p1s, state);
    printer.report.subtask_id = std::move(id);
    printer.report.subtask_name = std::move(name);
    printer.report.gcode_file = std::move(file);
    return printer;
}

}  // namespace

TEST_CASE("belief: the task id tells, whatever the names say") {
    CHECK(sight(showing(JobState::running, "4711", "x", "y"), ours, "part") == Sighting::ours_active);
    CHECK(sight(showing(JobState::running, "4712", "part", ours.remote_name), ours, "part") ==
          Sighting::other_active);
    CHECK(sight(showing(JobState::finish, "4711", "", ""), ours, "part") == Sighting::ours_finished);
    CHECK(sight(showing(JobState::failed, "4711", "", ""), ours, "part") == Sighting::ours_ended);
    CHECK(sight(showing(JobState::finish, "4712", "", ""), ours, "part") == Sighting::nothing);
}

TEST_CASE("belief: without an id the file's name tells, and where that says nothing the job's") {
    CHECK(sight(showing(JobState::prepare, "0", "other", ours.remote_name), ours, "part") ==
          Sighting::ours_active);
    CHECK(sight(showing(JobState::prepare, "0", "part", "/data/Metadata/plate_1.gcode"), ours, "part") ==
          Sighting::ours_active);
    CHECK(sight(showing(JobState::prepare, "0", "part", "another.gcode.3mf"), ours, "part") ==
          Sighting::other_active);
}

TEST_CASE("belief: a print without any name decides nothing yet") {
    CHECK(sight(showing(JobState::prepare, "0", "", ""), ours, "part") == Sighting::unknown);
}

TEST_CASE("belief: what is not known of this session decides nothing") {
    PrinterState printer = showing(JobState::running, "4711", "part", "");
    printer.full_report_seen = false;
    CHECK(sight(printer, ours, "part") == Sighting::unknown);
    printer.full_report_seen = true;
    printer.link.link = Link::offline;
    CHECK(sight(printer, ours, "part") == Sighting::unknown);
}

TEST_CASE("belief: one print is told from another only where both say something") {
    CHECK(is_other_print("1/a", "2/a"));
    CHECK(is_other_print("1/a", "1/b"));
    CHECK_FALSE(is_other_print("1/a", "/a"));
    CHECK_FALSE(is_other_print("1/a", "1/a"));
    CHECK_FALSE(is_other_print("", "1/a"));
    CHECK(is_other_print("none", "1/a"));
    CHECK_FALSE(is_other_print("none", ""));
}

TEST_CASE("belief: the name shown at the printer is the file's without its ending, cut between characters") {
    Job job;
    job.file_name = "Bracket v2.gcode.3mf";
    CHECK(subtask_name_of(job) == "Bracket v2");
    job.file_name = "UPPER.GCODE";
    CHECK(subtask_name_of(job) == "UPPER");
    job.file_name = std::string(79, 'a') + "ü.gcode.3mf";
    CHECK(subtask_name_of(job) == std::string(79, 'a'));
}

TEST_CASE("belief: the file on the printer has a name of ours that no other attempt has") {
    Job job;
    job.id = JobId{"0123456789ab"};
    job.file_name = "a b/ü.gcode.3mf";
    CHECK(remote_name_of(job, 4711) == ours.remote_name);
    CHECK(remote_name_of(job, 4712) != ours.remote_name);
}
