#include <doctest/doctest.h>

#include <string_view>

#include "builders.hpp"
#include "model/report_fields.hpp"

using namespace farmwall;
using namespace farmwall::testing;

namespace {

Report running_at(int percent) {
    Report report;
    report.state = JobState::running;
    report.percent = percent;
    report.bed_celsius = 60.0;
    return report;
}

}  // namespace

TEST_CASE("merge: a partial report changes what it says and leaves the rest") {
    Report said;
    said.percent = 43;
    const Report after = merge(running_at(42), partial(said));
    CHECK(after.percent == 43);
    CHECK(after.state == JobState::running);
    CHECK(after.bed_celsius == 60.0);
    CHECK_FALSE(after.nozzle_celsius);
}

TEST_CASE("merge: a full report replaces everything, an unmarked one only what it says") {
    Report said;
    said.percent = 50;
    CHECK_FALSE(merge(running_at(42), full(said)).bed_celsius);
    const Report unmarked = merge(running_at(42), {ReportDelta::Kind::unmarked, said, 0});
    CHECK(unmarked.bed_celsius == 60.0);
    CHECK(unmarked.percent == 50);
}

TEST_CASE("merge: an empty list replaces, an absent one does not") {
    Report before;
    before.hms = std::vector<HmsEntry>{{1, 2}};
    CHECK(merge(before, partial({})).hms->size() == 1);
    Report said;
    said.hms.emplace();
    CHECK(merge(before, partial(said)).hms->empty());
}

TEST_CASE("merge: every field of a report has its place in the list of fields") {
    int listed = 0;
    visit_report_fields([&](std::string_view name, auto field) {
        CAPTURE(name);
        Report said;
        (said.*field).emplace();
        CHECK(merge(Report{}, partial(said)) == said);
        CHECK(merge(said, partial({})) == said);
        ++listed;
    });
    // A new field must be listed too. Report has two more, which merge by rules of their own: ams, external.
    CHECK(listed == 87);
}

TEST_CASE("merge: AMS units merge by id and trays by id, in ascending order") {
    Report before;
    before.ams = std::vector<AmsUnit>{unit(0, {tray(0, "PLA", "FFFFFFFF"), tray(2, "PETG", "000000FF")})};
    Report said;
    AmsUnit changed = unit(0, {tray(1, "ABS", "FF0000FF")});
    changed.humidity_index = 3;
    said.ams = std::vector<AmsUnit>{unit(128, {tray(0, "PA", "00FF00FF")}), changed};
    const Report after = merge(before, partial(said));
    REQUIRE(after.ams->size() == 2);
    CHECK(after.ams->at(0).id == 0);
    CHECK(after.ams->at(1).id == 128);
    CHECK(after.ams->at(0).humidity_index == 3);
    REQUIRE(after.ams->at(0).trays.size() == 3);
    CHECK(after.ams->at(0).trays[0].material == "PLA");
    CHECK(after.ams->at(0).trays[1].material == "ABS");
    CHECK(after.ams->at(0).trays[2].material == "PETG");
}

TEST_CASE("merge: a tray named without filament forgets its filament and keeps its state") {
    Report before;
    before.ams = std::vector<AmsUnit>{unit(0, {tray(0, "PLA", "FFFFFFFF")})};
    Tray emptied;
    emptied.id = 0;
    emptied.emptied = true;
    emptied.state = 10;
    Report said;
    said.ams = std::vector<AmsUnit>{unit(0, {emptied})};
    const Report after = merge(before, partial(said));
    const Tray& left = after.ams->at(0).trays.at(0);
    CHECK_FALSE(left.material);
    CHECK_FALSE(left.color);
    CHECK(left.state == 10);
    CHECK_FALSE(left.emptied);
}

TEST_CASE("merge: in a full report a unit that is not listed is gone, in a partial one it stays") {
    Report before;
    before.ams = std::vector<AmsUnit>{unit(0, {}), unit(1, {})};
    Report said;
    said.ams = std::vector<AmsUnit>{unit(1, {})};
    CHECK(merge(before, partial(said)).ams->size() == 2);
    CHECK(merge(before, full(said)).ams->size() == 1);
}

TEST_CASE("merge: the external spool merges field by field") {
    Report before;
    before.external = tray(254, "PLA", "FFFFFFFF");
    Report said;
    said.external = Tray{};
    said.external->id = 254;
    said.external->color = "FF0000FF";
    const Report after = merge(before, partial(said));
    CHECK(after.external->material == "PLA");
    CHECK(after.external->color == "FF0000FF");
}

TEST_CASE("job state: texts of any case are known, others are unknown and not active") {
    CHECK(job_state_from("RUNNING") == JobState::running);
    CHECK(job_state_from("pause") == JobState::pause);
    CHECK(job_state_from("") == JobState::unknown);
    CHECK(job_state_from("DANCING") == JobState::unknown);
    CHECK(wire_name(JobState::failed) == "FAILED");
    CHECK(wire_name(JobState::unknown) == "UNKNOWN");
    CHECK(is_active(JobState::slicing));
    CHECK(is_active(JobState::pause));
    CHECK_FALSE(is_active(JobState::finish));
    CHECK_FALSE(is_active(JobState::unknown));
}
