#include "model/forecast.hpp"

#include <doctest/doctest.h>

#include <list>
#include <string>

#include "matching_builders.hpp"

using namespace farmwall;
using namespace farmwall::testing;
using namespace std::chrono_literals;

namespace {

const WallTime noon{std::chrono::hours{480'000}};

// A farm and its queue; what a forecast is asked about.
struct Farm {
    Station& add(Station at) {
        stations.push_back(std::move(at));
        holders.push_back(nullptr);
        return stations.back();
    }
    Job& queue_job(Job job, std::optional<std::chrono::seconds> length) {
        job.id = JobId{"job-" + std::to_string(jobs.size())};
        edit_plate(job, [&](SlicedPlate& p) { p.prediction = length; });
        jobs.push_back(std::move(job));
        queue.push_back(&jobs.back());
        return jobs.back();
    }
    // On the printer with this number.
    Job& running_job(std::size_t at, std::optional<std::chrono::seconds> length) {
        Job& job = queue_job(simple_job(), length);
        queue.pop_back();
        job.phase = JobPhase::running;
        holders.at(at) = &job;
        return job;
    }
    [[nodiscard]] Forecast ask() const {
        std::vector<Place> places;
        for (const Station& at : stations)
            places.push_back(at.as_place());
        return forecast({queue, places, holders, 5min, noon, match_time, {}});
    }

    std::list<Station> stations;
    std::list<Job> jobs;
    std::vector<const Job*> queue;
    std::vector<const Job*> holders;
};

Station printing(std::optional<int> minutes) {
    Station at = station();
    at.report().state = JobState::running;
    at.report().remaining_minutes = minutes;
    at.desk.plate.state = PlateState::occupied;
    return at;
}

}  // namespace

TEST_CASE("forecast: an empty farm and an empty queue say nothing") {
    Farm farm;
    CHECK(farm.ask() == Forecast{});
    farm.add(station());
    CHECK(farm.ask() == Forecast{});
}

TEST_CASE("forecast: jobs follow each other on a printer, with the change of the plate between them") {
    Farm farm;
    farm.add(station());
    farm.queue_job(simple_job(), 1h);
    farm.queue_job(simple_job(), 2h);
    const Forecast said = farm.ask();
    REQUIRE(said.jobs.size() == 2);
    CHECK(said.jobs[0] == ForecastEntry{JobId{"job-0"}, 0, noon, noon + 1h, false});
    CHECK(said.jobs[1] == ForecastEntry{JobId{"job-1"}, 0, noon + 65min, noon + 185min, false});
    CHECK(said.blocks == std::vector<ForecastBlock>{{0, JobId{"job-0"}, noon, noon + 1h},
                                                    {0, JobId{"job-1"}, noon + 65min, noon + 185min}});
    CHECK(said.runs_dry == noon + 65min);
    CHECK_FALSE(said.next_free);
}

TEST_CASE("forecast: an ejector changes the plate in no time") {
    Farm farm;
    farm.add(station()).place.auto_clear = true;
    farm.queue_job(simple_job(), 1h);
    farm.queue_job(simple_job(), 1h);
    const Forecast said = farm.ask();
    CHECK(said.jobs[1].start == noon + 1h);
    CHECK(said.plate_changes_per_hour == 0);
}

TEST_CASE("forecast: each job takes the printer that is free first, the earlier one among equals") {
    Farm farm;
    farm.add(printing(30));
    farm.add(station());
    farm.add(station());
    for (int i = 0; i < 4; ++i)
        farm.queue_job(simple_job(), 1h);
    const Forecast said = farm.ask();
    std::vector<std::size_t> printers;
    for (const ForecastEntry& entry : said.jobs)
        printers.push_back(entry.printer.value());
    CHECK(printers == std::vector<std::size_t>{1, 2, 0, 1});
    CHECK(said.jobs[2].start == noon + 35min);
    CHECK(said.jobs[3].start == noon + 65min);
    CHECK(said.next_free == 0);
    CHECK(said.next_free_at == noon + 30min);
    // Blocks by printer; the first is somebody else's print.
    REQUIRE(said.blocks.size() == 5);
    CHECK(said.blocks[0] == ForecastBlock{0, std::nullopt, noon, noon + 30min});
    CHECK(said.blocks[1].job == JobId{"job-2"});
    CHECK(said.blocks[2].job == JobId{"job-0"});
    CHECK(said.blocks[3].job == JobId{"job-3"});
}

TEST_CASE("forecast: a running job ends when its printer says so") {
    Farm farm;
    farm.add(printing(42));
    Job& job = farm.running_job(0, 3h);
    job.started = noon - 2h;
    farm.queue_job(simple_job(), 1h);
    const Forecast said = farm.ask();
    CHECK(said.jobs[0] == ForecastEntry{JobId{"job-0"}, 0, noon - 2h, noon + 42min, false});
    CHECK(said.jobs[1].start == noon + 47min);
}

TEST_CASE("forecast: a printer that does not say gets the length of its job, at least a minute") {
    Farm farm;
    farm.add(printing(std::nullopt));
    Job& job = farm.running_job(0, 3h);
    job.started = noon - 1h;
    CHECK(farm.ask().jobs[0].end == noon + 2h);
    job.started = noon - 5h;
    CHECK(farm.ask().jobs[0].end == noon + 1min);
    CHECK_FALSE(farm.ask().jobs[0].estimated);
}

TEST_CASE("forecast: a job that is on its way to its printer holds it") {
    Farm farm;
    Station& at = farm.add(station());
    at.report().remaining_minutes = 500;  // of the print before
    Job& job = farm.running_job(0, 1h);
    job.phase = JobPhase::uploading;
    at.desk.job = job.id;
    farm.queue_job(simple_job(), 1h);
    const Forecast said = farm.ask();
    CHECK(said.jobs[0].end == noon + 1h);
    CHECK(said.jobs[1].start == noon + 65min);
}

TEST_CASE("forecast: who does not know its length gets the mean of the others, and says so") {
    Farm farm;
    farm.add(station());
    farm.queue_job(simple_job(), 1h);
    farm.queue_job(simple_job(), std::nullopt);
    farm.queue_job(simple_job(), 3h);
    const Forecast said = farm.ask();
    CHECK(said.jobs[1].estimated);
    CHECK(*said.jobs[1].end - *said.jobs[1].start == 2h);
    CHECK_FALSE(said.jobs[0].estimated);
    Farm alone;
    alone.add(station());
    alone.queue_job(simple_job(), std::nullopt);
    CHECK(alone.ask().jobs[0].end == noon + 1h);
}

TEST_CASE("forecast: a plate that is not clear takes a person's time first") {
    Farm farm;
    farm.add(station()).desk.plate.state = PlateState::unknown;
    farm.queue_job(simple_job(), 1h);
    CHECK(farm.ask().jobs[0].start == noon + 5min);
}

TEST_CASE("forecast: held jobs, and those that no printer could print, have no start") {
    Farm farm;
    farm.add(station());
    farm.queue_job(simple_job(), 1h).phase = JobPhase::held;
    farm.queue_job(simple_job(PrinterModel::a1), 1h);
    Job& unsliced = farm.queue_job(simple_job(), 1h);
    unsliced.phase = JobPhase::slicing;
    unsliced.sliced.reset();
    farm.queue_job(simple_job(), 1h);
    const Forecast said = farm.ask();
    REQUIRE(said.jobs.size() == 4);
    for (std::size_t i = 0; i < 3; ++i) {
        CAPTURE(i);
        CHECK_FALSE(said.jobs[i].printer);
        CHECK_FALSE(said.jobs[i].start);
        CHECK_FALSE(said.jobs[i].end);
    }
    CHECK(said.jobs[3].start == noon);
    CHECK(said.runs_dry == noon);
}

TEST_CASE("forecast: a printer that is out gets nothing while another could, and no time when it is alone") {
    const auto out = [](auto change) {
        Farm farm;
        change(farm.add(station()));
        farm.queue_job(simple_job(), 1h);
        const Forecast alone = farm.ask();
        CHECK(alone.jobs[0].printer == 0);
        CHECK_FALSE(alone.jobs[0].start);
        CHECK_FALSE(alone.runs_dry);
        farm.add(printing(100));
        const Forecast both = farm.ask();
        CHECK(both.jobs[0].printer == 1);
        CHECK(both.jobs[0].start == noon + 105min);
    };
    out([](Station& s) { s.printer.link.link = Link::offline; });
    out([](Station& s) { s.printer.maintenance = true; });
    out([](Station& s) { s.desk.flagged = "Look at it."; });
    out([](Station& s) { s.printer.learnt_developer_mode = DeveloperMode::off; });
    out([](Station& s) { s.report().storage_present = false; });
    out([](Station& s) {
        s.report().state = JobState::failed;
        s.report().print_error = 0x0300'4000;
    });
}

TEST_CASE("forecast: a job waits for its time, and one that would come too late is not started") {
    Farm farm;
    farm.add(station());
    farm.queue_job(simple_job(), 1h).start_after = noon + 2h;
    farm.queue_job(simple_job(), 1h).start_before = noon + 3h;
    farm.queue_job(simple_job(), 1h).start_before = noon + 4h;
    const Forecast said = farm.ask();
    CHECK(said.jobs[0].start == noon + 2h);
    CHECK_FALSE(said.jobs[1].start);
    CHECK(said.jobs[2].start == noon + 3h + 5min);
}

TEST_CASE("forecast: a job goes to the printer that it names or that has its tag") {
    Farm farm;
    farm.add(station());
    Station& second = farm.add(station());
    second.printer.id = PrinterId{"p2"};
    second.place.tags = {"big"};
    farm.queue_job(simple_job(), 1h).printer = PrinterId{"p2"};
    farm.queue_job(simple_job(), 1h).tag = "big";
    farm.queue_job(simple_job(), 1h);
    const Forecast said = farm.ask();
    CHECK(said.jobs[0].printer == 1);
    CHECK(said.jobs[1].printer == 1);
    CHECK(said.jobs[1].start == noon + 65min);
    CHECK(said.jobs[2].printer == 0);
}

TEST_CASE("forecast: plate changes are counted over eight hours or until the queue runs dry") {
    Farm farm;
    farm.add(station());
    for (int i = 0; i < 5; ++i)
        farm.queue_job(simple_job(), 55min);
    // Starts at 0, 1, 2, 3 and 4 h: four prints have ended when the last one starts.
    CHECK(farm.ask().runs_dry == noon + 4h);
    CHECK(farm.ask().plate_changes_per_hour == doctest::Approx(1));
    for (int i = 0; i < 50; ++i)
        farm.queue_job(simple_job(), 55min);
    CHECK(farm.ask().plate_changes_per_hour == doctest::Approx(1));
    Farm short_one;
    short_one.add(printing(30));
    short_one.add(station());
    short_one.queue_job(simple_job(), 30min);
    CHECK(short_one.ask().plate_changes_per_hour == doctest::Approx(2));
}

TEST_CASE("forecast: the same question has the same answer, blocks of a printer never overlap") {
    Farm farm;
    for (int i = 0; i < 20; ++i) {
        Station& at = farm.add(i % 3 == 0 ? printing(10 * i)
                                          : station(i % 2 == 0 ? PrinterModel::p1s : PrinterModel::a1));
        at.place.auto_clear = i % 5 == 0;
    }
    for (int i = 0; i < 200; ++i) {
        const auto length = i % 7 == 0 ? std::nullopt : std::optional{std::chrono::seconds{600 + 97 * i}};
        farm.queue_job(simple_job(i % 2 == 0 ? PrinterModel::p1s : PrinterModel::a1), length);
    }
    const Forecast said = farm.ask();
    CHECK(said == farm.ask());
    REQUIRE(said.jobs.size() == 200);
    for (std::size_t i = 1; i < said.blocks.size(); ++i) {
        const ForecastBlock& before = said.blocks[i - 1];
        const ForecastBlock& after = said.blocks[i];
        REQUIRE(before.printer <= after.printer);
        if (before.printer == after.printer) REQUIRE(before.end <= after.start);
    }
}

TEST_CASE("heating: a heater far below its target, or PREPARE, takes the model's power") {
    PrinterState printer = online(PrinterModel::p1s, JobState::running);
    Report& report = printer.report;
    CHECK(heating_watts(printer) == 0);
    report.bed_celsius = 50;
    report.bed_target_celsius = 60;
    CHECK(heating_watts(printer) == heat_up_watts(PrinterModel::p1s));
    report.bed_celsius = 57;
    CHECK(heating_watts(printer) == 0);
    report.nozzle_celsius = 180;
    report.nozzle_target_celsius = 220;
    CHECK(heating_watts(printer) == heat_up_watts(PrinterModel::p1s));
    report.nozzle_target_celsius = 0;
    CHECK(heating_watts(printer) == 0);
    report.state = JobState::prepare;
    CHECK(heating_watts(printer) == heat_up_watts(PrinterModel::p1s));
    for (const ModelInfo& info : all_models()) {
        CHECK(heat_up_watts(info.model) > 0);
        CHECK(heat_up_watts(info.model) <= heat_up_watts(PrinterModel::unknown));
    }
}
