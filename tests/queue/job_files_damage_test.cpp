#include <doctest/doctest.h>

#include <algorithm>
#include <cstdlib>

#include "job_files_bench.hpp"

using namespace farmwall;
using namespace farmwall::testing;
using queue::FilesEvent;
using Names = std::vector<std::string>;
namespace fs = std::filesystem;

namespace {

bool has(std::string_view text, std::string_view part) { return text.find(part) != std::string_view::npos; }

std::string text_of(const queue::QueueContent& content) { return queue_to_json(content, slicer_codec()); }

// What was set aside, by what it was.
std::vector<fs::path> set_aside(const JobFilesBench& bench) {
    std::vector<fs::path> out;
    for (const std::string& name : names_in(bench.folder)) {
        if (has(name, ".damaged-")) out.push_back(bench.folder / name);
    }
    return out;
}

struct TinyDisk {
    explicit TinyDisk(fs::path at) : folder{std::move(at)} {
        fs::create_directories(folder);
        mounted =
            std::system(("mount -t tmpfs -o size=24m tmpfs '" + folder.string() + "' 2>/dev/null").c_str()) ==
            0;
    }
    ~TinyDisk() {
        if (mounted && std::system(("umount '" + folder.string() + "'").c_str()) != 0)
            MESSAGE("the tiny disk stays: " << folder.string());
    }
    TinyDisk(const TinyDisk&) = delete;
    TinyDisk& operator=(const TinyDisk&) = delete;
    fs::path folder;
    bool mounted = false;
};

// False, aloud: this account may write everywhere.
bool make_read_only(const fs::path& folder) {
    fs::permissions(folder, fs::perms::owner_read | fs::perms::owner_exec);
    if (!std::ofstream{folder / "probe"}) return true;
    fs::remove(folder / "probe");
    fs::permissions(folder, fs::perms::owner_all);
    MESSAGE("skipped: this account may write to a read-only folder");
    return false;
}

}  // namespace

TEST_CASE("job files: a damaged queue is set aside as it is, and the copy before is taken") {
    JobFilesBench bench;
    write_file(bench.queue, "{\"version\":1,\"jobs\":[{\"id\":\"new");
    queue::QueueContent before =
        queue_of({job("a"), job("b", JobPhase::uploading), job("c", JobPhase::running),
                  job("d", JobPhase::completed), job("e", JobPhase::starting)});
    before.desks.emplace_back(PrinterId{"p1"}, PrinterDesk{});
    before.desks[0].second.plate.state = PlateState::clear;
    write_file(bench.good, text_of(before));
    const auto store = bench.open_and_load();

    const auto aside = set_aside(bench);
    REQUIRE(aside.size() == 1);
    CHECK(aside[0].filename().string().starts_with("queue.json.damaged-20"));
    CHECK(content_of(aside[0]) == "{\"version\":1,\"jobs\":[{\"id\":\"new");
    CHECK(has(bench.loaded.problem, aside[0].filename().string()));
    CHECK(has(bench.loaded.problem, "The copy before it was taken, and its jobs wait for a person."));
    CHECK(bench.loaded.writable);

    // What waited then may have been started since.
    std::vector<JobPhase> phases;
    for (const Job& each : bench.loaded.content.jobs)
        phases.push_back(each.phase);
    CHECK(phases == std::vector{JobPhase::held, JobPhase::held, JobPhase::running, JobPhase::completed,
                                JobPhase::starting});
    CHECK(has(bench.loaded.content.jobs[0].error, "may have been printed"));
    REQUIRE(bench.loaded.content.desks.size() == 1);
    CHECK(bench.loaded.content.desks[0].second.plate.state == PlateState::unknown);

    // The copy stays until there is a newer one.
    bench.save_now(*store, 1, bench.loaded.content);
    CHECK(content_of(bench.good) == text_of(before));
    bench.save_now(*store, 2, {});
    CHECK(content_of(bench.good) == text_of(bench.loaded.content));
}

TEST_CASE("job files: a queue cut off at any length is never taken for a whole one, and never lost") {
    queue::QueueContent content = queue_of({job("a")});
    content.desks.emplace_back(PrinterId{"p1"}, PrinterDesk{});
    const std::string text = text_of(content);
    const std::size_t whole = text.find_last_of('}') + 1;
    // Every length is queue_json_test's; here the folder is looked at, which takes the disk its time.
    constexpr std::size_t step = 37;
    for (std::size_t length = 0; length < whole; length += std::min(step, whole - length)) {
        CAPTURE(length);
        JobFilesBench bench;
        write_file(bench.queue, std::string_view{text}.substr(0, length));
        write_file(bench.good, text_of(queue_of({job("before")})));
        const auto store = bench.open_and_load();
        REQUIRE(bench.loaded.content.jobs.size() == 1);
        REQUIRE(bench.loaded.content.jobs[0].id == JobId{"before"});
        const auto aside = set_aside(bench);
        REQUIRE(aside.size() == 1);
        REQUIRE(content_of(aside[0]) == text.substr(0, length));
        REQUIRE_FALSE(bench.loaded.problem.empty());
    }
}

TEST_CASE("job files: what is understood of a queue is used, and a copy of all of it set aside") {
    JobFilesBench bench;
    const std::string text = R"([{"id":"a","filename":"x","filepath":"/x.3mf","status":"queued"},7])";
    write_file(bench.queue, text);
    write_file(bench.good, "older");
    const auto store = bench.open_and_load();
    REQUIRE(bench.loaded.content.jobs.size() == 1);
    CHECK(bench.loaded.content.jobs[0].phase == JobPhase::queued);
    const auto aside = set_aside(bench);
    REQUIRE(aside.size() == 1);
    CHECK(content_of(aside[0]) == text);
    CHECK(has(bench.loaded.problem,
              "Not all of queue.json was understood (Job 2 of the file is not an object)"));
    CHECK(has(bench.loaded.problem, aside[0].filename().string()));
    bench.save_now(*store, 1, bench.loaded.content);
    CHECK(content_of(bench.good) == "older");
}

TEST_CASE("job files: a missing queue is replaced by the copy before, and said") {
    JobFilesBench bench;
    write_file(bench.good, text_of(queue_of({job("a")})));
    const auto store = bench.open_and_load();
    REQUIRE(bench.loaded.content.jobs.size() == 1);
    CHECK(bench.loaded.problem ==
          "queue.json is missing. The copy before it was taken, and its jobs wait for a person.");
}

TEST_CASE("job files: with both damaged both are set aside and the queue begins empty") {
    JobFilesBench bench;
    write_file(bench.queue, "?");
    write_file(bench.good, "!");
    const auto store = bench.open_and_load();
    CHECK(bench.loaded.content == queue::QueueContent{});
    CHECK(set_aside(bench).size() == 2);
    CHECK(has(bench.loaded.problem, "The queue begins empty."));
    bench.save_now(*store, 1, {});
}

TEST_CASE("job files: a damaged queue without a copy is set aside each time under a new name") {
    JobFilesBench bench;
    for (int round = 0; round < 2; ++round) {
        write_file(bench.queue, "?");
        const auto store = bench.open_and_load();
        CHECK(has(bench.loaded.problem, "There is no copy before it; the queue begins empty."));
    }
    CHECK(set_aside(bench).size() == 2);
}

TEST_CASE("job files: a folder in the place of the queue is set aside") {
    JobFilesBench bench;
    fs::create_directories(bench.queue);
    const auto store = bench.open_and_load();
    CHECK(has(bench.loaded.problem, "This is a folder, not a file"));
    bench.save_now(*store, 1, queue_of({job("a")}));
}

TEST_CASE("job files: what the disk refuses is said and tried again") {
    JobFilesBench bench;
    bench.retry = 20ms;
    const auto store = bench.open_and_load();
    // A folder that is not empty cannot be replaced by a file.
    fs::create_directories(bench.queue / "in the way");
    bench.save(*store, 1, queue_of({job("a")}));
    const FilesEvent failed = bench.next();
    CHECK(failed.kind == FilesEvent::Kind::not_saved);
    CHECK(failed.revision == 1);
    CHECK(failed.text.starts_with("The job queue cannot be saved: "));
    bench.save(*store, 2, queue_of({job("b")}));
    CHECK(bench.next().revision == 2);
    fs::remove_all(bench.queue);
    const FilesEvent saved = bench.next();
    CHECK(saved.kind == FilesEvent::Kind::saved);
    CHECK(saved.revision == 2);
    CHECK(has(content_of(bench.queue), "\"id\":\"b\""));
}

TEST_CASE("job files: a folder that cannot be written is said, and its queue still read") {
    JobFilesBench bench;
    write_file(bench.queue, text_of(queue_of({job("a")})));
    if (!make_read_only(bench.folder)) return;
    const auto store = bench.open_and_load();
    CHECK_FALSE(bench.loaded.writable);
    CHECK(bench.loaded.content.jobs.size() == 1);
    CHECK(has(bench.loaded.problem, "The job queue cannot be opened for writing"));
    bench.save(*store, 1, {});
    CHECK(bench.next().kind == FilesEvent::Kind::not_saved);
    fs::permissions(bench.folder, fs::perms::owner_all);
}

TEST_CASE("job files: a jobs folder that turns read-only refuses files with one sentence") {
    JobFilesBench bench;
    const auto store = bench.open_and_load();
    if (!make_read_only(bench.tmp)) return;
    store->take(1, bench.outside("x.gcode"), "x.gcode", JobId{"a"});
    CHECK(bench.next().text == "The file cannot be stored in the jobs folder (Permission denied)");
    fs::permissions(bench.tmp, fs::perms::owner_all);
}

TEST_CASE("job files: what cannot be set aside is not replaced before it can") {
    JobFilesBench bench;
    bench.retry = 20ms;
    // Where another disk hangs, nothing can be renamed.
    auto disk = std::make_unique<TinyDisk>(bench.queue);
    if (!disk->mounted) {
        MESSAGE("skipped: this account cannot make a small disk");
        return;
    }
    const auto store = bench.open_and_load();
    CHECK(has(bench.loaded.problem,
              "queue.json cannot be used whole (This is a folder, not a file) nor set aside"));
    bench.save(*store, 1, queue_of({job("a")}));
    const FilesEvent failed = bench.next();
    CHECK(failed.kind == FilesEvent::Kind::not_saved);
    CHECK(failed.text.starts_with("The job queue is not saved, because a damaged one cannot be set aside: "));
    CHECK(fs::is_directory(bench.queue));
    disk.reset();
    CHECK(bench.next().kind == FilesEvent::Kind::saved);
    CHECK(set_aside(bench).size() == 1);
    CHECK(has(content_of(bench.queue), "\"id\":\"a\""));
}

TEST_CASE("job files: a full disk is said with its sizes, and nothing is left") {
    JobFilesBench bench;
    const TinyDisk disk{bench.home() / "disk"};
    if (!disk.mounted) {
        MESSAGE("skipped: this account cannot make a small disk");
        return;
    }
    bench.live_in(disk.folder);
    bench.retry = 20ms;
    const auto store = bench.open_and_load();
    store->take(1, bench.outside("x.gcode", std::string(9'000'000, 'x')), "x.gcode", JobId{"a"});
    const FilesEvent refused = bench.next();
    CHECK(refused.kind == FilesEvent::Kind::not_taken);
    CHECK(
        has(refused.text, "There is not enough space on this machine for the file: it has 9.0 MB, and 25."));
    CHECK(names_in(bench.files).empty());
    CHECK(names_in(bench.tmp).empty());

    write_file(disk.folder / "filler", std::string(26'000'000, 'x'));
    bench.save(*store, 1, queue_of(std::vector<Job>(100, job("a"))));
    const FilesEvent failed = bench.next();
    CHECK(failed.kind == FilesEvent::Kind::not_saved);
    CHECK(has(failed.text, "No space left on device"));
    fs::remove(disk.folder / "filler");
    CHECK(bench.next().kind == FilesEvent::Kind::saved);
    CHECK(bench.names() == Names{"files", "queue.json", "tmp"});
}
