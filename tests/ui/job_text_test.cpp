#include "ui/job_text.hpp"

#include <doctest/doctest.h>

#include <algorithm>

#include "fake_queue.hpp"
#include "ui/job_matrix.hpp"
#include "ui/text_format.hpp"
#include "ui/timeline.hpp"

using namespace farmwall;
using namespace farmwall::ui;
using namespace std::chrono_literals;

namespace {

constexpr WallTime now = test::farm_wall;

JobView view_of(JobPhase phase) { return test::fake_view(1, phase); }

FleetSnapshot queue_of(const std::vector<JobPhase>& phases) {
    return test::with_queue(test::fake_farm(4), phases);
}

const JobOffer* find(const std::vector<JobOffer>& offers, JobOrder order) {
    const auto found = std::find_if(offers.begin(), offers.end(),
                                    [&](const JobOffer& offer) { return offer.order == order; });
    return found == offers.end() ? nullptr : &*found;
}

}  // namespace

TEST_CASE("job_title: the endings of sliced files are left out, and a name that is only an ending stays") {
    Job job;
    job.file_name = "Bracket.gcode.3mf";
    CHECK(job_title(job) == "Bracket");
    job.file_name = "part.STL";
    CHECK(job_title(job) == "part");
    job.file_name = ".3mf";
    CHECK(job_title(job) == ".3mf");
}

TEST_CASE("target_text: whoever has it comes before whom it is for") {
    const auto fleet = test::fake_farm(2);
    Job job;
    CHECK(target_text(job, *fleet) == "for any printer");
    job.tag = "pla-only";
    CHECK(target_text(job, *fleet) == "for any with pla-only");
    job.printer = PrinterId{"p1"};
    CHECK(target_text(job, *fleet) == "for X1C-01");
    job.assigned = PrinterId{"p2"};
    CHECK(target_text(job, *fleet) == "on P1S-02");
    job.assigned = PrinterId{"gone"};
    CHECK(target_text(job, *fleet) == "on gone");
}

TEST_CASE("plate_text: says what the file says and leaves out the rest") {
    Job job = test::fake_job(1, JobPhase::queued);
    CHECK(plate_text(job) == "plate 1 of 2 · 42 min · 19 g");
    job.plate = 9;
    CHECK(plate_text(job) == "plate 9 of 2 · no such plate");
    job.sliced = nullptr;
    CHECK(plate_text(job) == "not sliced yet");
}

TEST_CASE("filament_text: every filament with its weight where that is said") {
    SlicedPlate plate;
    CHECK(filament_text(plate).empty());
    plate.filaments.push_back({1, "GFA00", "PLA", "FFFFFFFF", 12.2, 0, {}});
    plate.filaments.push_back({2, "", "", "", 0, 0, {}});
    CHECK(filament_text(plate) == "PLA 12 g, unknown material");
}

TEST_CASE("filament_color: takes six or eight hex digits and nothing else") {
    CHECK(filament_color("D8382F") == Color{0xD8, 0x38, 0x2F, 255});
    CHECK(filament_color("D8382F80") == Color{0xD8, 0x38, 0x2F, 255});
    for (const char* bad : {"", "D8382", "D8382FF", "GGGGGG", "#D8382"})
        CHECK_FALSE(filament_color(bad).has_value());
}

TEST_CASE("progress_text: an upload has its speed, a waiting job nothing") {
    CHECK(progress_text(view_of(JobPhase::uploading)) == "37 % · 4.2 MB/s");
    CHECK(progress_text(view_of(JobPhase::running)) == "42 %");
    CHECK(progress_text(view_of(JobPhase::queued)).empty());
    JobView silent = view_of(JobPhase::uploading);
    silent.bytes_per_second = 0;
    silent.progress = 7;
    CHECK(progress_text(silent) == "100 %");
}

TEST_CASE("why_text: what the queue says now comes before what the job remembers") {
    JobView view = view_of(JobPhase::held);
    CHECK(why_text(view) == view.job->error);
    view.waiting = "Its printer is offline.";
    CHECK(why_text(view) == "Its printer is offline.");
}

TEST_CASE("moment_text: another day is named") {
    CHECK(moment_text(now, now) == clock_text(now));
    CHECK(moment_text(now + 24h, now) == "tomorrow " + clock_text(now));
    CHECK(moment_text(now - 24h, now) == "yesterday " + clock_text(now));
    CHECK(moment_text(now + 72h, now) == "in 3 d " + clock_text(now));
    CHECK(moment_text(now - 48h, now) == "2 d ago " + clock_text(now));
}

TEST_CASE("forecast_text: begin and end, an estimate is marked, and what fits nowhere is said so") {
    const JobId job{"a"};
    Forecast forecast;
    CHECK(forecast_text(nullptr, job, now).empty());
    CHECK(forecast_text(&forecast, job, now).empty());
    forecast.jobs.push_back({job, std::nullopt, {}, {}, false});
    CHECK(forecast_text(&forecast, job, now) == "fits no printer");
    forecast.jobs[0] = {job, 0, now, now + 90min, false};
    CHECK(forecast_text(&forecast, job, now) == clock_text(now) + " – " + clock_text(now + 90min));
    forecast.jobs[0].estimated = true;
    CHECK(forecast_text(&forecast, job, now).starts_with("~ "));
    forecast.jobs[0].start.reset();
    CHECK(forecast_text(&forecast, job, now).empty());  // held
}

TEST_CASE("dispatch_text: what the last dispatch did and how long ago") {
    QueueState queue;
    CHECK(dispatch_text(queue, now) == "Nothing was dispatched yet");
    DispatchResult result;
    result.queued = 5;
    result.dispatched.resize(2);
    queue.last_result = std::make_shared<const DispatchResult>(result);
    queue.last_dispatch = now - 10s;
    CHECK(dispatch_text(queue, now) == "2 started, 3 wait, 10 s ago");
    result.failed.resize(2);
    queue.last_result = std::make_shared<const DispatchResult>(result);
    CHECK(dispatch_text(queue, now + 5min) == "2 started, 2 failed, 1 waits, 5 min ago");
    CHECK(dispatch_text(queue, now - 20s) == "2 started, 2 failed, 1 waits, just now");
}

TEST_CASE("queue_figures: counts the jobs and names who frees next") {
    using enum JobPhase;
    const auto fleet = queue_of({queued, held, slicing, running, uploading, completed});
    const QueueFigures figures = queue_figures(*fleet, now);
    CHECK(figures.waiting == 2);
    CHECK(figures.held == 1);
    CHECK(figures.printing == 2);
    CHECK(figures.next_free == "P1S-02 " + clock_text(now + 35min));
    CHECK(figures.plate_changes == "2.4 / h");
    CHECK(queue_figures(*test::fake_farm(1), now).next_free == "–");
}

TEST_CASE("job_offers: what makes sense in a phase, and what destroys asks again") {
    const auto running = job_offers(test::fake_job(1, JobPhase::running));
    REQUIRE(find(running, JobOrder::cancel) != nullptr);
    CHECK(find(running, JobOrder::cancel)->destroys);
    CHECK(find(running, JobOrder::remove)->why == "It holds a printer: cancel it first.");
    CHECK(find(running, JobOrder::hold) == nullptr);
    const auto queued = job_offers(test::fake_job(1, JobPhase::queued));
    CHECK_FALSE(find(queued, JobOrder::cancel)->destroys);
    CHECK(find(queued, JobOrder::hold)->why.empty());
    CHECK(find(queued, JobOrder::remove)->destroys);
    const auto failed = job_offers(test::fake_job(1, JobPhase::failed));
    CHECK(find(failed, JobOrder::retry) != nullptr);
    CHECK(find(failed, JobOrder::cancel) == nullptr);
    CHECK_FALSE(find(job_offers(test::fake_job(1, JobPhase::uploading)), JobOrder::complete)->why.empty());
    Job unsliced = test::fake_job(1, JobPhase::held);
    unsliced.sliced = nullptr;
    CHECK_FALSE(find(job_offers(unsliced), JobOrder::release)->why.empty());
}

TEST_CASE("move_up, move_down: among those that wait, over those that print") {
    using enum JobPhase;
    const auto fleet = queue_of({running, queued, uploading, held, queued});
    const QueueState& queue = *fleet->queue;
    const auto id = [&](std::size_t i) { return queue.jobs[i]->job->id; };
    CHECK_FALSE(move_up(queue, id(1)).has_value());
    REQUIRE(move_up(queue, id(3)).has_value());
    CHECK(move_up(queue, id(3))->before == id(1));
    REQUIRE(move_down(queue, id(1)).has_value());
    CHECK(move_down(queue, id(1))->before == id(4));
    CHECK(move_down(queue, id(3))->before.empty());  // to the end
    CHECK_FALSE(move_down(queue, id(4)).has_value());
    CHECK_FALSE(move_up(queue, id(0)).has_value());
}

TEST_CASE("confirm_question: names the job and what stops") {
    const auto fleet = test::fake_farm(2);
    Job job = test::fake_job(0, JobPhase::running);
    job.assigned = PrinterId{"p2"};
    CHECK(confirm_question(JobOrder::cancel, job, *fleet) ==
          "Cancel Bracket_left_v7? What P1S-02 does for it is stopped.");
    CHECK(confirm_question(JobOrder::hold, job, *fleet).empty());
}

TEST_CASE("verdict_text, worst_of: the worst of several counts") {
    std::vector<Check> checks{{CheckKind::filament, Verdict::pass, "", "", ""},
                              {CheckKind::filament, Verdict::warn, "", "", ""}};
    CHECK(worst_of(checks, CheckKind::filament) == Verdict::warn);
    CHECK_FALSE(worst_of(checks, CheckKind::space).has_value());
    CHECK(verdict_text(checks) == "can print, 1 warning");
    checks.push_back({CheckKind::idle, Verdict::refuse, "", "", ""});
    CHECK(verdict_text(checks) == "1 against it");
    CHECK(verdict_text({}) == "can print");
}

TEST_CASE("column_word, check_words: every kind of check has a title, and no two the same") {
    std::vector<std::string_view> seen;
    for (int i = 0; i < check_kinds; ++i) {
        const auto kind = static_cast<CheckKind>(i);
        CHECK_FALSE(column_word(kind).empty());
        CHECK_FALSE(check_words(kind).empty());
        CHECK(std::find(seen.begin(), seen.end(), check_words(kind)) == seen.end());
        seen.push_back(check_words(kind));
    }
}

TEST_CASE("telling_columns: a check that everybody passes has no column") {
    const std::vector<std::vector<Check>> rows{
        {{CheckKind::online, Verdict::pass, "", "", ""}},
        {{CheckKind::online, Verdict::pass, "", "", ""}, {CheckKind::idle, Verdict::refuse, "", "", ""}}};
    CHECK(telling_columns(rows) == std::vector<CheckKind>{CheckKind::idle});
    CHECK(telling_columns({}).empty());
}

TEST_CASE("asks_for_plate: of a plate that is not known to be clear, when nothing prints there") {
    PrinterState printer = test::fake_printer(2);  // idle
    PrinterDesk desk;
    CHECK(asks_for_plate(printer, desk));
    desk.plate.state = PlateState::occupied;
    CHECK(asks_for_plate(printer, desk));
    printer.report.state = JobState::running;
    CHECK_FALSE(asks_for_plate(printer, desk));
    printer.report.state = JobState::pause;
    CHECK_FALSE(asks_for_plate(printer, desk));
    printer.report.state = JobState::finish;
    desk.plate.state = PlateState::clear;
    CHECK_FALSE(asks_for_plate(printer, desk));
}

TEST_CASE("plate_state_text: what lies there and since when, or how the last print was") {
    PlateRecord plate;
    CHECK(plate_state_text(plate, now) == "Nobody has said whether the plate is free.");
    plate.state = PlateState::occupied;
    plate.since = now;
    plate.print = "gear";
    CHECK(plate_state_text(plate, now) == "Occupied since " + clock_text(now) + ": gear");
    plate.state = PlateState::clear;
    plate.last_good = false;
    plate.last_reason = "Spaghetti";
    CHECK(plate_state_text(plate, now).ends_with("the last print was bad: Spaghetti"));
}

TEST_CASE("skip_text: how many are left, and why none can be left out") {
    SlicedPlate plate;
    plate.objects = {{1, "a"}, {2, "b"}};
    CHECK(skip_text(plate, 0).find("does not name its objects") != std::string::npos);
    plate.labelled_objects = true;
    CHECK(skip_text(plate, 1) == "1 of 2 objects are left.");
    plate.objects.pop_back();
    CHECK(skip_text(plate, 0).find("stop the print") != std::string::npos);
}

TEST_CASE("time_axis: holds now and the end, its lines stand apart and inside") {
    Forecast forecast;
    for (const auto end : {30min, 300min, 100'000min}) {
        forecast.blocks = {{0, std::nullopt, now - 10h, now + end}};
        const TimeAxis axis = time_axis(forecast, now, 0.08F);
        CHECK(axis.share(now) > 0);
        CHECK(axis.share(now) < 0.3F);
        CHECK(axis.to >= now + 2h);
        CHECK(axis.to <= now + 50h);
        REQUIRE(axis.ticks.size() >= 2);
        for (std::size_t i = 0; i < axis.ticks.size(); ++i) {
            CHECK(axis.share(axis.ticks[i]) > 0);
            CHECK(axis.share(axis.ticks[i]) < 1);
            if (i > 0) CHECK(axis.share(axis.ticks[i]) - axis.share(axis.ticks[i - 1]) > 0.079F);
        }
    }
}
