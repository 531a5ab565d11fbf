#include "ui/jobs_screen.hpp"

#include <doctest/doctest.h>

#include <fstream>
#include <thread>

#include "fake_queue.hpp"
#include "shell_bench.hpp"
#include "temporary_folder.hpp"

using namespace farmwall;
using namespace farmwall::ui;
using namespace std::chrono_literals;
using test::Bench;

namespace {

std::string id_of(unsigned i) { return test::fake_job(i, JobPhase::queued).id.value; }

// The jobs on the screen, ready to be pressed.
struct JobsBench : Bench {
    explicit JobsBench(const std::vector<JobPhase>& phases, unsigned printers = 6)
        : Bench{test::with_queue(test::fake_farm(printers), phases), 1920, 1080} {
        input.jobs = &setup;
        input.wall_now = test::farm_wall;
        shell->show(Screen::jobs);
        settle();
    }
    // Selects the job, so that all its buttons are there.
    void choose(unsigned i) {
        click("jobs/row/" + id_of(i));
        intents.clear();
    }
    OrderJob last_order() const {
        REQUIRE(intents.size() == 1);
        const auto* order = std::get_if<OrderJob>(&intents[0].wish);
        REQUIRE(order != nullptr);
        return *order;
    }
    template <class Edit>
    void change_queue(Edit edit) {
        auto next = std::make_shared<FleetState>(*input.fleet);
        auto queue = std::make_shared<QueueState>(*next->queue);
        edit(*queue);
        next->queue = std::move(queue);
        ++next->revision;
        input.fleet = std::move(next);
        settle();
    }
    template <class Edit>
    void change_desk(std::size_t index, Edit edit) {
        change_queue([&](QueueState& queue) {
            PrinterDesk desk = *queue.desks[index];
            edit(desk);
            queue.desks[index] = std::make_shared<const PrinterDesk>(std::move(desk));
        });
    }
    JobsSetup setup = test::fake_setup();
};

void check_order(JobPhase phase, JobOrder order) {
    CAPTURE(name(phase));
    CAPTURE(name(order));
    JobsBench bench{{phase}};
    bench.choose(0);
    bench.click("jobs/" + id_of(0) + "/" + std::string{name(order)});
    const OrderJob sent = bench.last_order();
    CHECK(sent.job.value == id_of(0));
    CHECK(sent.order == order);
    CHECK(sent.origin == Origin::screen);
}

void check_second_step(JobPhase phase, JobOrder order) {
    CAPTURE(name(phase));
    CAPTURE(name(order));
    JobsBench bench{{phase}};
    bench.choose(0);
    const std::string id = "jobs/" + id_of(0);
    bench.click(id + "/" + std::string{name(order)});
    CHECK(bench.intents.empty());
    bench.click(id + "/confirm");  // too short
    CHECK(bench.intents.empty());
    bench.hold(id + "/confirm", 1s);
    CHECK(bench.last_order().order == order);
    bench.settle();
    CHECK_FALSE(bench.target(id + "/confirm").has_value());
}

// The first AddJob that was sent.
AddJob added(const Bench& bench) {
    for (const Intent& intent : bench.intents) {
        if (const auto* add = std::get_if<AddJob>(&intent.wish)) return *add;
    }
    FAIL("no file was added");
    return {};
}

}  // namespace

TEST_CASE("jobs: what destroys nothing is done by one press") {
    check_order(JobPhase::queued, JobOrder::hold);
    check_order(JobPhase::queued, JobOrder::cancel);
    check_order(JobPhase::held, JobOrder::release);
    check_order(JobPhase::held, JobOrder::retry);
    check_order(JobPhase::failed, JobOrder::retry);
    check_order(JobPhase::canceled, JobOrder::retry);
    check_order(JobPhase::completed, JobOrder::again);
    check_order(JobPhase::running, JobOrder::again);
}

TEST_CASE("jobs: what destroys something needs a second step that is held") {
    check_second_step(JobPhase::running, JobOrder::cancel);
    check_second_step(JobPhase::uploading, JobOrder::cancel);
    check_second_step(JobPhase::running, JobOrder::complete);
    check_second_step(JobPhase::queued, JobOrder::remove);
    check_second_step(JobPhase::completed, JobOrder::remove);
}

TEST_CASE("jobs: the second step is over when the job goes on meanwhile, or is left") {
    JobsBench bench{{JobPhase::uploading}};
    bench.choose(0);
    const std::string id = "jobs/" + id_of(0);
    bench.click(id + "/cancel");
    REQUIRE(bench.target(id + "/confirm").has_value());
    bench.change_queue([&](QueueState& queue) {
        queue.jobs[0] = std::make_shared<const JobView>(test::fake_view(0, JobPhase::running));
    });
    CHECK_FALSE(bench.target(id + "/confirm").has_value());
    bench.click(id + "/cancel");
    bench.click(id + "/keep");
    CHECK_FALSE(bench.target(id + "/confirm").has_value());
    CHECK(bench.intents.empty());
}

TEST_CASE("jobs: a disabled button emits nothing") {
    JobsBench bench{{JobPhase::running}};
    bench.choose(0);
    const std::string remove = "jobs/" + id_of(0) + "/remove";
    REQUIRE(bench.target(remove).has_value());
    CHECK_FALSE(bench.target(remove)->enabled);
    bench.click(remove);
    CHECK(bench.intents.empty());
    CHECK_FALSE(bench.target("jobs/" + id_of(0) + "/confirm").has_value());
}

TEST_CASE("jobs: the arrows of a row move it among those that wait") {
    using enum JobPhase;
    JobsBench bench{{running, queued, queued, queued}};
    bench.click("jobs/" + id_of(2) + "/up");
    REQUIRE(bench.intents.size() == 1);
    CHECK(std::get<MoveJob>(bench.intents[0].wish).job.value == id_of(2));
    CHECK(std::get<MoveJob>(bench.intents[0].wish).before.value == id_of(1));
    bench.intents.clear();
    bench.click("jobs/" + id_of(2) + "/down");
    REQUIRE(bench.intents.size() == 1);
    CHECK(std::get<MoveJob>(bench.intents[0].wish).before.empty());
    bench.intents.clear();
    bench.click("jobs/" + id_of(1) + "/up");  // the first of them
    bench.click("jobs/" + id_of(3) + "/down");
    CHECK(bench.intents.empty());
    CHECK_FALSE(bench.target("jobs/" + id_of(0) + "/up").has_value());  // prints
}

TEST_CASE("jobs: the quick button of a row does what is done most in its phase") {
    using enum JobPhase;
    JobsBench bench{{queued, held, failed, completed}};
    const JobOrder expected[] = {JobOrder::hold, JobOrder::release, JobOrder::retry, JobOrder::again};
    for (unsigned i = 0; i < 4; ++i) {
        bench.intents.clear();
        bench.click("jobs/" + id_of(i) + "/quick");
        CHECK(bench.last_order().order == expected[i]);
    }
}

TEST_CASE("jobs: Dispatch now asks once for each press") {
    JobsBench bench{{JobPhase::queued}};
    bench.click("jobs/dispatch");
    REQUIRE(bench.intents.size() == 1);
    CHECK(std::holds_alternative<DispatchNow>(bench.intents[0].wish));
}

TEST_CASE("jobs: of a thousand only those that can be seen are drawn") {
    JobsBench bench{std::vector<JobPhase>(1000, JobPhase::queued)};
    const auto rows = [&] {
        return std::count_if(bench.shell->targets().begin(), bench.shell->targets().end(),
                             [](const Target& target) { return target.id.starts_with("jobs/row/"); });
    };
    CHECK(rows() >= 8);
    CHECK(rows() <= 16);
    const auto first = bench.shell->targets();
    const auto at = bench.target("jobs/row/" + id_of(2))->box;
    compat::feed_mouse(at.x + 20, at.center().y);
    bench.frame();
    for (int i = 0; i < 30; ++i) {
        compat::feed_wheel(-5);
        bench.frame();
    }
    CHECK(rows() <= 16);
    CHECK_FALSE(bench.target("jobs/row/" + id_of(0)).has_value());
}

TEST_CASE("jobs: without a queue the screen says so and offers nothing") {
    Bench bench{test::fake_farm(3)};
    bench.shell->show(Screen::jobs);
    bench.settle();
    CHECK_FALSE(bench.target("jobs/dispatch").has_value());
}

TEST_CASE("jobs: ids of targets are unique in every view") {
    JobsBench bench{test::every_phase(), 12};
    bench.choose(4);
    for (const char* view : {"jobs/view/queue", "jobs/view/timeline", "jobs/view/plates"}) {
        bench.click(view);
        std::vector<std::string> ids;
        for (const Target& target : bench.shell->targets())
            ids.push_back(target.id);
        std::sort(ids.begin(), ids.end());
        CHECK(std::adjacent_find(ids.begin(), ids.end()) == ids.end());
    }
}

TEST_CASE("jobs: the matrix asks at most once a second, and again for another job") {
    JobsBench bench{{JobPhase::queued, JobPhase::queued}};
    int asked = 0;
    bench.setup.explain = [&](const Job& job, const Place& place, const MatchRules& rules, TimePoint now) {
        ++asked;
        return test::fake_checks(job, place, rules, now);
    };
    bench.choose(0);
    CHECK(asked == 6);
    bench.change(0, [](PrinterState& printer) { printer.report.bed_celsius = 51; });
    bench.settle();
    CHECK(asked == 6);
    bench.input.now += 1s;
    bench.settle();
    CHECK(asked == 12);
    bench.choose(1);
    CHECK(asked == 18);
    CHECK(bench.target("jobs/matrix/p3").has_value());
}

TEST_CASE("jobs: a block of the timeline leads to its job") {
    JobsBench bench{{JobPhase::running, JobPhase::queued}};
    bench.click("jobs/view/timeline");
    bench.click("timeline/0/0");
    CHECK(bench.target("jobs/" + id_of(0) + "/cancel").has_value());
    CHECK(bench.intents.empty());
}

TEST_CASE("add: a dropped file is added held, shown when it was looked at, and enqueued as chosen") {
    JobsBench bench{{JobPhase::queued, JobPhase::held}};
    bench.shell->show(Screen::wall);
    bench.shell->add_files({"/home/anna/Bracket.gcode.3mf"});
    CHECK(bench.shell->screen() == Screen::jobs);
    bench.settle();
    REQUIRE(bench.intents.size() == 1);
    const AddJob add = added(bench);
    CHECK(add.source == "/home/anna/Bracket.gcode.3mf");
    CHECK(add.file_name == "Bracket.gcode.3mf");
    CHECK(add.request.hold);
    CHECK(add.origin == Origin::screen);
    CHECK_FALSE(bench.target("add/enqueue").has_value());
    const JobId job{id_of(1)};
    bench.change_queue([&](QueueState& queue) { queue.answers.push_back({add.ticket, {job}, {}}); });
    bench.intents.clear();
    bench.click("add/plate/2");
    bench.click("add/copies/more");
    bench.click("add/copies/more");
    bench.click("add/priority/more");
    bench.click("add/printer/p2");
    CHECK(bench.intents.empty());
    bench.click("add/enqueue");
    REQUIRE(bench.intents.size() == 4);
    const auto edit = std::get<EditJob>(bench.intents[0].wish);
    CHECK(edit.job == job);
    CHECK(edit.plate == 2);
    CHECK(edit.priority == 10);
    CHECK(edit.printer == PrinterId{"p2"});
    CHECK(std::get<OrderJob>(bench.intents[1].wish).order == JobOrder::again);
    CHECK(std::get<OrderJob>(bench.intents[2].wish).order == JobOrder::again);
    CHECK(std::get<OrderJob>(bench.intents[3].wish).order == JobOrder::release);
    CHECK_FALSE(bench.target("add/enqueue").has_value());
}

TEST_CASE("add: a refused file says why and leaves nothing behind; the next one is looked at") {
    JobsBench bench{{}};
    bench.shell->add_files({"/a/one.gcode", "/a/notes.txt", "/a/two.gcode"});
    bench.settle();
    const AddJob first = added(bench);
    bench.change_queue([&](QueueState& queue) {
        queue.answers.push_back({first.ticket, {}, "The archive is broken."});
    });
    CHECK_FALSE(bench.target("add/enqueue").has_value());
    bench.intents.clear();
    bench.click("add/close");
    CHECK(bench.intents.empty());  // a text is no job: never sent
    bench.click("add/close");
    bench.settle();
    CHECK(added(bench).file_name == "two.gcode");
    CHECK(added(bench).ticket != first.ticket);
}

TEST_CASE("add: what is not taken is sent again, from where it stopped") {
    JobsBench bench{{JobPhase::held}};
    bench.takes_intents = false;
    bench.shell->add_files({"/a/one.gcode.3mf"});
    bench.settle();
    REQUIRE(bench.target("add/again").has_value());
    bench.takes_intents = true;
    bench.intents.clear();
    bench.click("add/again");
    const AddJob add = added(bench);
    bench.change_queue([&](QueueState& queue) {
        queue.answers.push_back({add.ticket, {JobId{id_of(0)}}, {}});
    });
    bench.click("add/copies/more");
    bench.takes_intents = false;
    bench.click("add/enqueue");
    CHECK(bench.target("add/enqueue").has_value());
    CHECK_FALSE(bench.target("add/discard")->enabled);
    bench.takes_intents = true;
    bench.intents.clear();
    bench.click("add/enqueue");
    REQUIRE(bench.intents.size() == 2);
    CHECK(std::get<OrderJob>(bench.intents[0].wish).order == JobOrder::again);
    CHECK(std::get<OrderJob>(bench.intents[1].wish).order == JobOrder::release);
}

TEST_CASE("add: Discard removes the job, and one that is to be held is not released") {
    for (const bool discard : {true, false}) {
        JobsBench bench{{JobPhase::held}};
        bench.shell->add_files({"/a/one.gcode.3mf"});
        bench.settle();
        const AddJob add = added(bench);
        bench.change_queue([&](QueueState& queue) {
            queue.answers.push_back({add.ticket, {JobId{id_of(0)}}, {}});
        });
        bench.intents.clear();
        if (discard) {
            bench.click("add/discard");
            CHECK(bench.last_order().order == JobOrder::remove);
        } else {
            bench.click("add/hold");
            bench.click("add/enqueue");
            CHECK(bench.intents.empty());
        }
        CHECK_FALSE(bench.target("add/enqueue").has_value());
    }
}

TEST_CASE("add: a tag is a target without a printer") {
    AddPanel panel;
    panel.job = JobId{"a"};
    panel.target = AddPanel::Target::tag;
    panel.tag = "pla-only";
    const auto list = enqueue_intents(panel);
    REQUIRE(list.size() == 2);
    CHECK(std::get<EditJob>(list[0].wish).printer == PrinterId{});
    CHECK(std::get<EditJob>(list[0].wish).tag == "pla-only");
    panel.target = AddPanel::Target::any;
    CHECK(enqueue_intents(panel).size() == 1);
}

TEST_CASE("plates: a good one takes a hold, a bad one a reason and a hold") {
    JobsBench bench{{}};
    bench.click("jobs/view/plates");
    bench.click("plates/p5/clear_good");
    CHECK(bench.intents.empty());
    bench.hold("plates/p5/clear_good", 800ms);
    REQUIRE(bench.intents.size() == 1);
    CHECK(bench.intents[0].printer == PrinterId{"p5"});
    CHECK(std::get<PlateCleared>(bench.intents[0].wish).good);
    bench.intents.clear();
    bench.click("plates/p5/bad");
    bench.hold("plates/p5/clear_bad", 800ms);  // without a reason
    CHECK(bench.intents.empty());
    bench.click("plates/p5/reason/Spaghetti");
    bench.hold("plates/p5/clear_bad", 800ms);
    REQUIRE(bench.intents.size() == 1);
    const auto said = std::get<PlateCleared>(bench.intents[0].wish);
    CHECK_FALSE(said.good);
    CHECK(said.reason == "Spaghetti");
    CHECK_FALSE(said.requeue);
}

TEST_CASE("plates: a bad print of ours can be printed again, and words win over the list") {
    JobsBench bench{{JobPhase::completed}};
    bench.change_desk(4, [](PrinterDesk& desk) { desk.plate.job = JobId{id_of(0)}; });
    bench.click("jobs/view/plates");
    bench.click("plates/p5/bad");
    bench.click("plates/p5/reason/Spaghetti");
    bench.click("plates/p5/requeue");
    bench.click("plates/p5/words");
    for (const char c : std::string{"Warped"})
        ImGui::GetIO().AddInputCharacter(static_cast<unsigned>(c));
    bench.settle();
    bench.hold("plates/p5/clear_bad", 800ms);
    REQUIRE(bench.intents.size() == 1);
    CHECK(std::get<PlateCleared>(bench.intents[0].wish).reason == "Warped");
    CHECK(std::get<PlateCleared>(bench.intents[0].wish).requeue);
}

TEST_CASE("plates: all at once takes the list and a longer hold, and spares the flagged ones") {
    JobsBench bench{{}, 12};
    bench.change_desk(9, [](PrinterDesk& desk) { desk.flagged = "Three prints failed."; });
    bench.click("jobs/view/plates");
    CHECK(bench.target("plates/p10/unflag").has_value());
    bench.click("plates/all");
    bench.hold("plates/all_clear", 1s);
    CHECK(bench.intents.empty());
    bench.hold("plates/all_clear", 2s);
    REQUIRE(bench.intents.size() >= 2);
    for (const Intent& intent : bench.intents) {
        CHECK(std::get<PlateCleared>(intent.wish).good);
        CHECK(intent.printer != PrinterId{"p10"});
    }
}

TEST_CASE("plates: a flagged printer gets jobs again after a press") {
    JobsBench bench{{}};
    bench.change_desk(2, [](PrinterDesk& desk) { desk.flagged = "Three prints failed."; });
    bench.click("jobs/view/plates");
    bench.click("plates/p3/unflag");
    REQUIRE(bench.intents.size() == 1);
    CHECK(bench.intents[0].printer == PrinterId{"p3"});
    CHECK(std::holds_alternative<UnflagPrinter>(bench.intents[0].wish));
}

TEST_CASE("plates: on the printer's page the plate can be called clear, not while it prints") {
    JobsBench bench{{}};
    bench.shell->show_printer(PrinterId{"p5"});  // finished
    bench.settle();
    bench.hold("printer/plate/clear_good", 800ms);
    REQUIRE(bench.intents.size() == 1);
    CHECK(std::get<PlateCleared>(bench.intents[0].wish).good);
    bench.intents.clear();
    bench.change_desk(0, [](PrinterDesk& desk) { desk.plate.state = PlateState::occupied; });
    bench.shell->show_printer(PrinterId{"p1"});  // prints
    bench.settle();
    bench.hold("printer/plate/clear_good", 800ms);
    CHECK(bench.intents.empty());
}

TEST_CASE("printer page: our job is canceled with a second step") {
    JobsBench bench{{JobPhase::running}};
    bench.shell->show_printer(PrinterId{"p1"});
    bench.settle();
    bench.click("printer/job/cancel");
    CHECK(bench.intents.empty());
    bench.hold("printer/job/confirm", 1s);
    CHECK(bench.last_order().order == JobOrder::cancel);
}

TEST_CASE("printer page: chosen objects are left out after a hold, never all of them") {
    JobsBench bench{{JobPhase::running}};
    bench.shell->show_printer(PrinterId{"p1"});
    bench.settle();
    bench.hold("printer/skip/confirm", 1s);
    CHECK(bench.intents.empty());  // none is chosen
    bench.click("printer/skip/305");
    bench.hold("printer/skip/confirm", 1s);
    CHECK(bench.last_command().action == Action{SkipObjects{{305}}});
    bench.intents.clear();
    for (const char* object : {"printer/skip/201", "printer/skip/305", "printer/skip/409"})
        bench.click(object);
    bench.hold("printer/skip/confirm", 1s);
    CHECK(bench.intents.empty());
}

TEST_CASE("printer page: what is left out already cannot be chosen and counts as gone") {
    JobsBench bench{{JobPhase::running}};
    bench.change(0, [](PrinterState& printer) { printer.report.skipped_objects = std::vector<int>{201}; });
    bench.shell->show_printer(PrinterId{"p1"});
    bench.settle();
    CHECK_FALSE(bench.target("printer/skip/201")->enabled);
    bench.click("printer/skip/305");
    bench.click("printer/skip/409");
    bench.hold("printer/skip/confirm", 1s);
    CHECK(bench.intents.empty());
    bench.click("printer/skip/409");
    bench.hold("printer/skip/confirm", 1s);
    CHECK(bench.last_command().action == Action{SkipObjects{{305}}});
}

TEST_CASE("decode_thumbnail: a PNG cut at any length is no picture, and never a crash") {
    const std::string png = test::thumbnail_png(200, 30, 30, 24);
    const auto whole = decode_thumbnail(png, "a", Color{10, 20, 30});
    REQUIRE(whole != nullptr);
    CHECK(whole->width == 24);
    CHECK(whole->planes[0].data[0] == 10);  // the transparent corner shows the ground
    CHECK(whole->planes[0].data[3] == 255);
    for (std::size_t length = 0; length + 12 < png.size(); ++length)
        CHECK(decode_thumbnail(png.substr(0, length), "a", {}) == nullptr);
    CHECK(decode_thumbnail(test::thumbnail_png(1, 2, 3, 1025), "a", {}) == nullptr);
}

TEST_CASE("Thumbnails: one is decoded a frame, each once, and a bounded number is kept") {
    Thumbnails thumbnails;
    thumbnails.begin_frame();
    const Job first = test::fake_job(0, JobPhase::queued);
    const Job second = test::fake_job(1, JobPhase::queued);
    const auto picture = thumbnails.get(first, 1, {});
    CHECK(picture != nullptr);
    CHECK(thumbnails.get(second, 1, {}) == nullptr);
    CHECK(thumbnails.pending());
    thumbnails.begin_frame();
    CHECK(thumbnails.get(second, 1, {}) != nullptr);
    CHECK(thumbnails.get(first, 1, {}) == picture);
    CHECK_FALSE(thumbnails.pending());
    CHECK(thumbnails.get(test::fake_job(3, JobPhase::queued), 1, {}) == nullptr);  // it has none
    Job many = first;
    for (unsigned i = 0; i < Thumbnails::most_kept + 20; ++i) {
        auto file = std::make_shared<SlicedFile>(*first.sliced);
        file->sha256 = "many" + std::to_string(i);
        many.sliced = file;
        thumbnails.begin_frame();
        CHECK(thumbnails.get(many, 1, {}) != nullptr);
    }
    CHECK(thumbnails.kept() == Thumbnails::most_kept);
}

TEST_CASE("list_folder: folders first, only what is accepted, and errors in words") {
    const TemporaryFolder folder;
    std::filesystem::create_directories(folder.path() / "parts");
    for (const char* file : {"b.gcode.3mf", "A.stl", "notes.txt", ".hidden.gcode"})
        std::ofstream{folder.path() / file} << "x";
    const FileListing listing = list_folder(folder.path());
    REQUIRE(listing.entries.size() == 3);
    CHECK(listing.entries[0].name == "parts");
    CHECK(listing.entries[0].folder);
    CHECK(listing.entries[1].name == "A.stl");
    CHECK(listing.entries[2].name == "b.gcode.3mf");
    CHECK(listing.entries[2].bytes == 1);
    CHECK(listing.error.empty());
    CHECK(list_folder(folder.path() / "none").error == "There is no such folder any more.");
    CHECK(list_folder(folder.path() / "A.stl").error == "This is not a folder.");
}

TEST_CASE("add: the file list is read elsewhere, goes into folders, and gives the pressed file") {
    const TemporaryFolder folder;
    std::filesystem::create_directories(folder.path() / "parts");
    std::ofstream{folder.path() / "parts" / "gear.gcode.3mf"} << "x";
    JobsBench bench{{}};
    bench.setup.start_folder = folder.path();
    const auto wait_for = [&](const std::string& id) {
        for (int i = 0; i < 5000 && !bench.target(id); ++i) {
            std::this_thread::yield();
            bench.frame();
        }
        REQUIRE_MESSAGE(bench.target(id).has_value(), id);
    };
    bench.click("jobs/add");
    wait_for("files/entry/parts");
    bench.click("files/entry/parts");
    wait_for("files/entry/gear.gcode.3mf");
    bench.click("files/entry/gear.gcode.3mf");
    bench.settle();
    CHECK(added(bench).source == utf8_of(folder.path() / "parts" / "gear.gcode.3mf"));
    CHECK_FALSE(bench.target("files/close").has_value());
}
