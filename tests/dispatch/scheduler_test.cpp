#include "scheduler_bench.hpp"

using namespace farmwall;
using namespace farmwall::testing;

TEST_CASE(
    "scheduler: a job is uploaded, its intent is on the disk before the start, and the printer's word makes "
    "it run") {
    SchedulerBench bench;
    const JobId id = bench.add();
    CHECK(bench.phase(id) == JobPhase::uploading);
    bench.uploaded();
    CHECK(bench.phase(id) == JobPhase::starting);
    CHECK_FALSE(bench.newest<SendStart>());
    bench.saved();
    const auto sent = bench.newest<SendStart>();
    REQUIRE(sent);
    CHECK(bench.disk.jobs.at(0).phase == JobPhase::starting);
    CHECK(bench.disk.jobs.at(0).attempt.task_id == sent->start.task_id);
    CHECK(sent->start.subtask_name == "part");
    CHECK(bench.phase(id) == JobPhase::starting);
    bench.begins_printing();
    CHECK(bench.phase(id) == JobPhase::running);
    CHECK(bench.job(id).job->started);
    bench.ends(sent->printer, JobState::finish);
    CHECK(bench.phase(id) == JobPhase::completed);
    CHECK(bench.newest<RemoveRemote>()->remote_name == sent->start.remote_name);
    CHECK(bench.count<SendStart>() == 1);
}

TEST_CASE("scheduler: a job is answered for once it is on the disk") {
    SchedulerBench bench;
    AddJob add;
    add.ticket = 77;
    add.source = "/a/part.gcode.3mf";
    add.file_name = "part.gcode.3mf";
    bench.wish(add);
    queue::FilesEvent taken;
    taken.ticket = bench.newest<TakeFile>()->ticket;
    taken.path = "/jobs/files/x";
    taken.sliced = SchedulerBench::white_pla();
    bench.take(bench.scheduler->files_event(taken, bench.now, bench.wall));
    CHECK(bench.scheduler->published(bench.now, bench.wall)->answers.empty());
    bench.saved();
    CHECK(bench.scheduler->published(bench.now, bench.wall)->answers.back().ticket == 77);
}

TEST_CASE("scheduler: a printer whose plate was not cleared gets nothing, whatever ended its print") {
    for (const JobState end : {JobState::finish, JobState::failed, JobState::idle}) {
        SchedulerBench bench{{}, 1};
        const JobId first = bench.add();
        bench.start_print();
        const JobId second = bench.add();
        CHECK(bench.job(second).waiting == "Waits for a printer: 1 is busy.");
        bench.ends(0, end);
        CHECK(is_over(bench.phase(first)));
        bench.pass(10s);
        CHECK(bench.phase(second) == JobPhase::queued);
        CHECK(bench.job(second).waiting == "Waits for a printer: 1 waits for its plate to be cleared.");
        bench.clear_plate(0);
        CHECK(bench.phase(second) == JobPhase::uploading);
    }
}

TEST_CASE("scheduler: the plate stays occupied over a restart") {
    SchedulerBench bench{{}, 1};
    (void)bench.add();
    bench.start_print();
    bench.begin(bench.disk);
    bench.states[0] = job_printer(0);
    bench.look(0);
    CHECK(bench.desk(0).plate.state == PlateState::occupied);
}

TEST_CASE("scheduler: somebody else's print occupies the plate") {
    SchedulerBench bench{{}, 1};
    bench.states[0].report.state = JobState::running;
    bench.states[0].report.subtask_name = "benchy";
    bench.look(0);
    CHECK(bench.desk(0).plate.state == PlateState::occupied);
    CHECK(bench.desk(0).plate.print == "benchy");
    CHECK_FALSE(bench.desk(0).plate.job);
}

TEST_CASE("scheduler: a print that began and ended while nobody looked occupies the plate") {
    SchedulerBench bench{{}, 1};
    bench.begin(bench.disk);
    CHECK(bench.desk(0).plate.state == PlateState::clear);
    bench.states[0].report.state = JobState::finish;
    bench.states[0].report.subtask_id = "4711";
    bench.states[0].report.subtask_name = "benchy";
    bench.look(0);
    CHECK(bench.desk(0).plate.state == PlateState::occupied);
}

TEST_CASE("scheduler: an ejector clears the plate after a print that ended well, and only then") {
    SchedulerSettings settings;
    settings.places = {PrinterPlace{{}, true}};
    SchedulerBench bench{settings, 1};
    (void)bench.add();
    bench.start_print();
    CHECK(bench.desk(0).plate.state == PlateState::occupied);
    SUBCASE("well") {
        bench.ends(0, JobState::finish);
        CHECK(bench.desk(0).plate.state == PlateState::clear);
    }
    SUBCASE("failed") {
        bench.ends(0, JobState::failed, 0x03004000);
        CHECK(bench.desk(0).plate.state == PlateState::occupied);
    }
}

TEST_CASE("scheduler: nobody's word clears a plate on which the printer works") {
    SchedulerBench bench{{}, 1};
    (void)bench.add();
    bench.start_print();
    bench.clear_plate(0);
    CHECK(bench.desk(0).plate.state == PlateState::occupied);
}

TEST_CASE("scheduler: a bad print is made again when the person wants it") {
    SchedulerBench bench{{}, 1};
    const JobId id = bench.add();
    bench.start_print();
    bench.ends(0, JobState::finish);
    bench.wish(0, PlateCleared{false, "warped", true, Origin::screen});
    const auto jobs = bench.scheduler->published(bench.now, bench.wall)->jobs;
    REQUIRE(jobs.size() == 2);
    CHECK(jobs[1]->job->id != id);
    CHECK(jobs[1]->job->phase == JobPhase::uploading);
    CHECK(bench.desk(0).plate.last_good == false);
    CHECK(bench.desk(0).plate.last_reason == "warped");
}

TEST_CASE("scheduler: what the printer does not show in time is held for a person, and never sent again") {
    SchedulerBench bench{{}, 1};
    const JobId id = bench.add();
    bench.uploaded();
    bench.saved();
    bench.answered(LinkEvent::Kind::sent);
    bench.answered(LinkEvent::Kind::answered);
    bench.pass(149s);  // a P1 may take so long
    CHECK(bench.phase(id) == JobPhase::starting);
    bench.pass(2s);
    CHECK(bench.phase(id) == JobPhase::held);
    CHECK_FALSE(bench.job(id).job->error.empty());
    CHECK(bench.desk(0).plate.state == PlateState::occupied);
    // Its file stays: the printer may still print it.
    CHECK_FALSE(bench.newest<RemoveRemote>());
    bench.pass(60s);
    CHECK(bench.count<SendStart>() == 1);
    SUBCASE("and when the printer shows it after all, it runs") {
        bench.begins_printing();
        CHECK(bench.phase(id) == JobPhase::running);
    }
}

TEST_CASE("scheduler: a job that was taken over and is never begun is held, and the printer gets no more") {
    SchedulerBench bench{{}, 1};
    const JobId id = bench.add();
    bench.uploaded();
    bench.saved();
    bench.states[0].report.subtask_id = std::to_string(bench.newest<SendStart>()->start.task_id);
    bench.states[0].report.state = JobState::failed;
    bench.look(0);
    CHECK(bench.phase(id) == JobPhase::starting);
    bench.pass(181s);
    CHECK(bench.phase(id) == JobPhase::held);
    CHECK_FALSE(bench.desk(0).flagged.empty());
}

TEST_CASE("scheduler: a refused start changes nothing at the printer") {
    SchedulerBench bench{{}, 1};
    const JobId id = bench.add();
    bench.uploaded();
    bench.saved();
    SUBCASE("by the printer: a person decides") {
        bench.answered(LinkEvent::Kind::answered, true, "The storage is full.");
        CHECK(bench.phase(id) == JobPhase::held);
        CHECK(bench.job(id).job->error == "The storage is full.");
    }
    SUBCASE("by the gate just before: it waits again") {
        bench.answered(LinkEvent::Kind::not_sent, false, "The printer is busy.");
        CHECK(bench.phase(id) != JobPhase::held);
    }
    CHECK(bench.disk.jobs.size() == 1);
    CHECK(bench.desk(0).plate.state == PlateState::clear);
}

TEST_CASE(
    "scheduler: after a crash a start that may have been sent is held, and found again by the printer's "
    "word") {
    SchedulerBench bench{{}, 1};
    const JobId id = bench.add();
    bench.uploaded();
    bench.saved();
    const auto sent = bench.newest<SendStart>();
    const auto states = bench.states;
    bench.begin(bench.disk);
    CHECK(bench.phase(id) == JobPhase::held);
    bench.look(0);
    bench.pass(60s);
    CHECK_FALSE(bench.newest<SendStart>());
    bench.states[0].report.state = JobState::running;
    bench.states[0].report.subtask_id = std::to_string(sent->start.task_id);
    bench.look(0);
    CHECK(bench.phase(id) == JobPhase::running);
}

TEST_CASE("scheduler: a crash before the intent was written sends the job back into the queue") {
    SchedulerBench bench{{}, 1};
    const JobId id = bench.add();
    const auto disk = bench.disk;
    bench.uploaded();  // not saved
    bench.begin(disk);
    bench.look(0);
    bench.pass(5s);
    CHECK(bench.phase(id) == JobPhase::uploading);
}

TEST_CASE("scheduler: how a print ended is told apart") {
    SchedulerBench bench{{}, 1};
    const JobId id = bench.add();
    bench.start_print();
    SUBCASE("a person stopped it at the printer") {
        bench.ends(0, JobState::failed);
        CHECK(bench.phase(id) == JobPhase::canceled);
        CHECK(bench.job(id).job->error == "Stopped at the printer.");
    }
    SUBCASE("a real fault") {
        bench.ends(0, JobState::failed, 0x03004000);
        CHECK(bench.phase(id) == JobPhase::failed);
        CHECK(bench.job(id).job->error == "The print failed with error 0300-4000.");
    }
    SUBCASE("a cancel code") {
        bench.ends(0, JobState::failed, 0x0300400C);
        CHECK(bench.phase(id) == JobPhase::canceled);
    }
    SUBCASE("another print runs") {
        bench.states[0].report.state = JobState::running;
        bench.states[0].report.subtask_id = "4711";
        bench.look(0);
        CHECK(bench.phase(id) == JobPhase::held);
    }
    SUBCASE("cancelled here: stop is asked for, and the end is a cancel") {
        bench.wish(OrderJob{id, JobOrder::cancel, Origin::screen});
        REQUIRE(bench.newest<StopPrint>());
        CHECK(bench.phase(id) == JobPhase::running);
        bench.ends(0, JobState::failed);
        CHECK(bench.phase(id) == JobPhase::canceled);
        CHECK(bench.job(id).job->error == "Canceled by a person.");
    }
}

TEST_CASE("scheduler: a print without filament does not count as made") {
    SchedulerBench bench{{}, 1};
    const JobId id = bench.add();
    bench.states[0].report.tray_now = 255;
    bench.states[0].report.toolhead_filament = 0;
    bench.look(0);
    bench.start_print();
    bench.ends(0, JobState::finish);
    CHECK(bench.phase(id) == JobPhase::failed);
}

TEST_CASE("scheduler: a failed upload goes back into the queue and is held after the third time") {
    SchedulerBench bench{{}, 1};
    const JobId id = bench.add();
    for (int time = 1; time <= 3; ++time) {
        CAPTURE(time);
        CHECK(bench.phase(id) == JobPhase::uploading);
        bench.uploaded(UploadProblem::connection_lost, "The connection was lost.");
        if (time < 3) bench.pass(5s);
    }
    CHECK(bench.phase(id) == JobPhase::held);
    CHECK(bench.desk(0).plate.state == PlateState::clear);
}

TEST_CASE("scheduler: a printer without a usable card is flagged, and the job goes to another one") {
    SchedulerBench bench;
    const JobId id = bench.add();
    const std::size_t first = bench.newest<BeginUpload>()->printer;
    bench.uploaded(UploadProblem::no_storage, "There is no card in the printer.");
    CHECK(bench.desk(first).flagged == "There is no card in the printer.");
    bench.pass(5s);
    CHECK(bench.phase(id) == JobPhase::uploading);
    CHECK(bench.newest<BeginUpload>()->printer != first);
}

TEST_CASE("scheduler: the printer that was not used for longest comes first") {
    SchedulerBench bench;
    const JobId one = bench.add();
    const std::size_t first = bench.start_print();
    bench.ends(first, JobState::finish);
    bench.clear_plate(first);
    (void)one;
    (void)bench.add();
    CHECK(bench.newest<BeginUpload>()->printer != first);
}

TEST_CASE("scheduler: a higher priority goes first, then the order by hand") {
    SchedulerBench bench{{}, 1};
    bench.states[0].report.state = JobState::running;
    bench.look(0);
    const JobId low = bench.add();
    const JobId also_low = bench.add();
    JobRequest urgent;
    urgent.priority = 5;
    const JobId high = bench.add(urgent);
    bench.wish(MoveJob{also_low, low});
    const auto next = [&] {
        bench.states[0].report.state = JobState::idle;
        bench.states[0].report.subtask_id = "0";
        bench.look(0);
        bench.clear_plate(0);
        const auto content = bench.scheduler->content();
        for (const Job& job : content.jobs)
            if (job.phase == JobPhase::uploading) return job.id;
        return JobId{};
    };
    CHECK(next() == high);
    bench.wish(OrderJob{high, JobOrder::cancel, Origin::screen});
    CHECK(next() == also_low);
    bench.wish(OrderJob{also_low, JobOrder::cancel, Origin::screen});
    CHECK(next() == low);
}

TEST_CASE("scheduler: a time window is kept") {
    SchedulerBench bench{{}, 1};
    JobRequest request;
    SUBCASE("not before") {
        request.start_after = bench.wall + 90min;
        const JobId id = bench.add(request);
        CHECK(bench.job(id).waiting == "Starts in 90 min at the earliest.");
        bench.pass(91min);
        CHECK(bench.phase(id) == JobPhase::uploading);
    }
    SUBCASE("not after") {
        bench.states[0].report.state = JobState::running;
        bench.look(0);
        request.start_before = bench.wall + 1h;
        const JobId id = bench.add(request);
        bench.pass(61min);
        CHECK(bench.phase(id) == JobPhase::held);
    }
}

TEST_CASE("scheduler: heating up is spread when the power is limited") {
    SchedulerSettings settings;
    settings.max_heating_watts = heat_up_watts(PrinterModel::p1s) + 10;
    SchedulerBench bench{settings};
    JobRequest two;
    two.copies = 2;
    (void)bench.add(two);
    std::vector<BeginUpload> uploads;
    for (const SchedulerEffect& effect : bench.effects)
        if (const auto* upload = std::get_if<BeginUpload>(&effect)) uploads.push_back(*upload);
    REQUIRE(uploads.size() == 2);
    for (const BeginUpload& upload : uploads) {
        UploadEvent event;
        event.kind = UploadEvent::Kind::done;
        event.upload = upload.upload;
        event.printer = upload.printer;
        bench.take(bench.scheduler->upload_event(event, bench.now, bench.wall));
    }
    bench.saved();
    CHECK(bench.count<SendStart>() == 1);
    const std::size_t first = bench.newest<SendStart>()->printer;
    const auto waiting = bench.scheduler->content().jobs.at(first == uploads[0].printer ? 1 : 0);
    CHECK(bench.job(waiting.id).waiting.starts_with("Waits for heating power"));
    bench.begins_printing();
    bench.states[first].report.state = JobState::running;
    bench.states[first].report.nozzle_celsius = 220;
    bench.states[first].report.nozzle_target_celsius = 220;
    bench.states[first].report.bed_celsius = 60;
    bench.states[first].report.bed_target_celsius = 60;
    bench.pass(5s);
    bench.saved();
    CHECK(bench.count<SendStart>() == 2);
}

TEST_CASE("scheduler: what changed between the intent and the start is noticed") {
    SchedulerBench bench{{}, 1};
    const JobId id = bench.add();
    bench.uploaded();
    bench.states[0].report.ams->at(0).trays.at(0).material = "PETG";
    bench.look(0);
    bench.saved();
    CHECK_FALSE(bench.newest<SendStart>());
    CHECK(bench.phase(id) == JobPhase::queued);
    CHECK(bench.desk(0).plate.state == PlateState::clear);
}

TEST_CASE("scheduler: a disk that takes nothing keeps every start back, and says so") {
    SchedulerBench bench{{}, 1};
    (void)bench.add();
    bench.uploaded();
    queue::FilesEvent event;
    event.kind = queue::FilesEvent::Kind::not_saved;
    event.text = "The disk is full.";
    bench.take(bench.scheduler->files_event(event, bench.now, bench.wall));
    CHECK_FALSE(bench.newest<SendStart>());
    CHECK(bench.scheduler->published(bench.now, bench.wall)->problem == "The disk is full.");
    bench.saved();
    CHECK(bench.newest<SendStart>());
    CHECK(bench.scheduler->published(bench.now, bench.wall)->problem.empty());
}

TEST_CASE("scheduler: copies share a file, which goes with the last of them") {
    SchedulerBench bench{{}, 1};
    bench.states[0].report.state = JobState::running;
    bench.look(0);
    JobRequest two;
    two.copies = 2;
    const JobId first = bench.add(two);
    const auto jobs = bench.scheduler->content().jobs;
    REQUIRE(jobs.size() == 2);
    CHECK(jobs[0].file_path == jobs[1].file_path);
    bench.wish(OrderJob{first, JobOrder::remove, Origin::screen});
    CHECK_FALSE(bench.newest<RemoveFile>());
    bench.wish(OrderJob{jobs[1].id, JobOrder::remove, Origin::screen});
    CHECK(bench.newest<RemoveFile>()->path == jobs[0].file_path);
}

TEST_CASE("scheduler: a wish that cannot be is answered in a sentence") {
    SchedulerBench bench;
    JobRequest request;
    SUBCASE("unknown printer") {
        request.printer = PrinterId{"nobody"};
        CHECK(bench.add(request).empty());
        CHECK(bench.last_error == "There is no printer \"nobody\".");
    }
    SUBCASE("no such plate") {
        request.plate = 3;
        CHECK(bench.add(request).empty());
        CHECK(bench.last_error == "The file has no plate 3; it has 1.");
    }
    SUBCASE("kind of file") {
        CHECK(bench.add(request, nullptr, "notes.txt").empty());
        CHECK(bench.last_error.find(".gcode.3mf") != std::string::npos);
    }
    SUBCASE("plain G-code") {
        SlicedFile plain = *SchedulerBench::white_pla();
        plain.kind = SlicedFile::Kind::gcode;
        CHECK(bench.add(request, std::make_shared<const SlicedFile>(plain), "part.gcode").empty());
        CHECK(bench.last_error.find(".gcode.3mf") != std::string::npos);
    }
    SUBCASE("neither printer nor automatic") {
        request.auto_assign = false;
        CHECK(bench.add(request).empty());
        CHECK_FALSE(bench.last_error.empty());
    }
    CHECK(bench.scheduler->content().jobs.empty());
}

TEST_CASE("scheduler: a held job starts only after it was released") {
    SchedulerBench bench{{}, 1};
    JobRequest held;
    held.hold = true;
    const JobId id = bench.add(held);
    bench.pass(10s);
    CHECK(bench.phase(id) == JobPhase::held);
    bench.wish(OrderJob{id, JobOrder::release, Origin::screen});
    CHECK(bench.phase(id) == JobPhase::uploading);
}

TEST_CASE("scheduler: a job that holds a printer is not removed") {
    SchedulerBench bench{{}, 1};
    const JobId id = bench.add();
    bench.start_print();
    bench.wish(OrderJob{id, JobOrder::remove, Origin::screen});
    CHECK(bench.phase(id) == JobPhase::running);
}

TEST_CASE("scheduler: what a printer said of its free space counts for a while only") {
    SchedulerBench bench{{}, 1};
    const JobId id = bench.add({}, [] {
        SlicedFile big = *SchedulerBench::white_pla();
        big.bytes = 5000;
        return std::make_shared<const SlicedFile>(std::move(big));
    }());
    UploadEvent full;
    full.kind = UploadEvent::Kind::failed;
    full.upload = bench.newest<BeginUpload>()->upload;
    full.free_bytes = 1000;
    full.problem = UploadProblem::storage_full;
    full.text = "The card is full.";
    bench.take(bench.scheduler->upload_event(full, bench.now, bench.wall));
    bench.pass(5s);
    CHECK(bench.job(id).waiting == "No printer can print it as set up now: 1 has too little space left.");
    SUBCASE("it is asked again after some minutes") { bench.pass(11min); }
    SUBCASE("a person says that it was seen to") { bench.wish(0, UnflagPrinter{}); }
    CHECK(bench.phase(id) == JobPhase::uploading);
}
