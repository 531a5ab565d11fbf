#include <doctest/doctest.h>

#include <future>
#include <thread>

#include "job_files_bench.hpp"

using namespace farmwall;
using namespace farmwall::testing;
using queue::FilesEvent;
using Names = std::vector<std::string>;

namespace {

bool has(std::string_view text, std::string_view part) { return text.find(part) != std::string_view::npos; }

FilesEvent take(JobFilesBench& bench, const std::filesystem::path& source, const std::string& name,
                const std::string& id = "0123456789ab") {
    const auto store = bench.open_and_load();
    store->take(7, source, name, JobId{id});
    return bench.next();
}

void nothing_is_left(const JobFilesBench& bench) {
    CHECK(names_in(bench.files).empty());
    CHECK(names_in(bench.tmp).empty());
}

}  // namespace

TEST_CASE("job files: a new folder is made and its queue is empty") {
    JobFilesBench bench;
    const auto store = bench.open_and_load();
    CHECK(bench.loaded.content == queue::QueueContent{});
    CHECK(bench.loaded.problem.empty());
    CHECK(bench.loaded.writable);
    CHECK(std::filesystem::is_directory(bench.files));
    CHECK(std::filesystem::is_directory(bench.tmp));
}

TEST_CASE("job files: a file is copied, inspected and gets its final name") {
    JobFilesBench bench;
    const std::string content(300'000, 'x');
    const auto source = bench.outside("Halter (1).gcode.3mf", content);
    const FilesEvent event = take(bench, source, "Halter (1).gcode.3mf");
    CHECK(event.kind == FilesEvent::Kind::taken);
    CHECK(event.ticket == 7);
    CHECK(event.path == (bench.files / "0123456789ab__Halter_1_.gcode.3mf").string());
    CHECK(content_of(event.path) == content);
    CHECK(content_of(source) == content);
    REQUIRE(event.sliced != nullptr);
    CHECK(event.sliced->slicer == "S");
    CHECK(names_in(bench.tmp).empty());
}

TEST_CASE("job files: a file that lies in jobs/tmp is moved") {
    JobFilesBench bench;
    const auto source = bench.tmp / "upload-1";
    write_file(source, "G28\n");
    const FilesEvent event = take(bench, source, "x.gcode");
    CHECK(event.kind == FilesEvent::Kind::taken);
    CHECK(content_of(event.path) == "G28\n");
    CHECK(names_in(bench.tmp).empty());
}

TEST_CASE("job files: two files of one name and job do not replace each other") {
    JobFilesBench bench;
    const auto store = bench.open_and_load();
    Names paths;
    for (const char* content : {"first", "second", "third"}) {
        store->take(1, bench.outside("x.gcode", content), "x.gcode", JobId{"a"});
        paths.push_back(bench.next().path);
        CHECK(content_of(paths.back()) == content);
    }
    CHECK(names_in(bench.files) == Names{"a-2__x.gcode", "a-3__x.gcode", "a__x.gcode"});
    CHECK(content_of(paths.front()) == "first");
}

TEST_CASE("job files: what must be sliced first is taken without an inspection's result") {
    JobFilesBench bench;
    bench.inspection = Error{ErrorKind::unsupported, "The project is not sliced"};
    for (const char* name : {"x.stl", "x.obj", "x.3mf"}) {
        CAPTURE(name);
        const FilesEvent event = take(bench, bench.outside("source"), name);
        CHECK(event.kind == FilesEvent::Kind::taken);
        CHECK(event.sliced == nullptr);
        CHECK(std::filesystem::exists(event.path));
    }
}

TEST_CASE("job files: a file that calls itself sliced and is not is refused") {
    JobFilesBench bench;
    bench.inspection = Error{ErrorKind::unsupported, "The project is not sliced", "secret path"};
    const FilesEvent event = take(bench, bench.outside("x.gcode.3mf"), "x.gcode.3mf");
    CHECK(event.kind == FilesEvent::Kind::not_taken);
    CHECK(event.text == "The project is not sliced");
    nothing_is_left(bench);
}

TEST_CASE("job files: a kind that is not accepted is refused with what is") {
    JobFilesBench bench;
    write_file(bench.tmp / "upload", "x");
    const FilesEvent event = take(bench, bench.tmp / "upload", "holiday.jpg");
    CHECK(event.kind == FilesEvent::Kind::not_taken);
    CHECK(event.ticket == 7);
    CHECK(event.text ==
          "This kind of file is not accepted; accepted are .gcode.3mf, .gcode, .3mf, .stl and .obj");
    nothing_is_left(bench);
}

TEST_CASE("job files: a file that fails the inspection leaves nothing") {
    JobFilesBench bench;
    bench.inspection = Error{ErrorKind::bad_input, "The archive is damaged"};
    write_file(bench.tmp / "upload", "x");
    for (const auto& source : {bench.tmp / "upload", bench.outside("x.gcode")}) {
        const FilesEvent event = take(bench, source, "x.gcode");
        CHECK(event.kind == FilesEvent::Kind::not_taken);
        CHECK(event.text == "The archive is damaged");
        nothing_is_left(bench);
    }
    CHECK(std::filesystem::exists(bench.home() / "x.gcode"));
}

TEST_CASE("job files: what is no file, or empty, is refused") {
    JobFilesBench bench;
    std::filesystem::create_directories(bench.home() / "folder.gcode");
    CHECK(take(bench, bench.home() / "gone.gcode", "x.gcode").text == "The file is not there any more");
    CHECK(take(bench, bench.home() / "folder.gcode", "x.gcode").text ==
          "This is a folder or device, not a file");
    CHECK(take(bench, bench.outside("x", ""), "x.gcode").text == "The file is empty");
    nothing_is_left(bench);
}

TEST_CASE("job files: a link in jobs/tmp is followed, not moved") {
    JobFilesBench bench;
    const auto target = bench.outside("target.gcode");
    std::filesystem::create_directories(bench.tmp);
    std::filesystem::create_symlink(target, bench.tmp / "link");
    const FilesEvent event = take(bench, bench.tmp / "link", "x.gcode");
    CHECK(event.kind == FilesEvent::Kind::taken);
    CHECK(std::filesystem::is_regular_file(std::filesystem::symlink_status(event.path)));
    CHECK(std::filesystem::exists(target));
}

TEST_CASE("job files: only files in jobs/files are removed") {
    JobFilesBench bench;
    const auto outside = bench.outside("keep.gcode");
    auto store = bench.open_and_load();
    write_file(bench.files / "a__x.gcode", "x");
    write_file(bench.files / "b__x.gcode", "x");
    std::filesystem::create_symlink(outside, bench.files / "link");
    std::filesystem::create_directories(bench.files / "folder");
    std::filesystem::create_directory_symlink(bench.home(), bench.files / "out");
    write_file(bench.files / "folder" / "deep.gcode", "x");
    for (const std::filesystem::path& path :
         {outside, bench.files / ".." / ".." / "keep.gcode", bench.files / ".." / "files" / "b__x.gcode",
          bench.files / "link", bench.files / "folder", bench.files / "folder" / "deep.gcode",
          bench.files / "out" / "keep.gcode", bench.queue, bench.files, std::filesystem::path{},
          std::filesystem::path{"b__x.gcode"}, bench.files / "gone", bench.files / "a__x.gcode"})
        store->remove(path.string());
    store.reset();  // what waits is done first
    CHECK(names_in(bench.files) == Names{"b__x.gcode", "folder", "link", "out"});
    CHECK(std::filesystem::exists(bench.files / "folder" / "deep.gcode"));
    CHECK(std::filesystem::exists(outside));
}

TEST_CASE("job files: what is saved is there at the next start") {
    JobFilesBench bench;
    Job made = job("a", JobPhase::running);
    made.sliced = std::make_shared<const SlicedFile>(sliced_file("S"));
    queue::QueueContent content = queue_of({made, job("b")});
    content.desks.emplace_back(PrinterId{"p1"}, PrinterDesk{});
    content.desks[0].second.plate.state = PlateState::clear;
    bench.save_now(*bench.open_and_load(), 1, content);
    const auto again = bench.open_and_load();
    CHECK(bench.loaded.problem.empty());
    CHECK(bench.loaded.content == content);
    CHECK(bench.names() == Names{"files", "queue.json", "tmp"});
}

TEST_CASE("job files: the copy before is kept beside") {
    JobFilesBench bench;
    const auto store = bench.open_and_load();
    bench.save_now(*store, 1, queue_of({job("a")}));
    CHECK_FALSE(std::filesystem::exists(bench.good));
    const std::string first = content_of(bench.queue);
    bench.save_now(*store, 2, queue_of({job("b")}));
    CHECK(content_of(bench.good) == first);
    bench.save_now(*store, 3, queue_of({job("c")}));
    CHECK(has(content_of(bench.good), "\"id\":\"b\""));
    CHECK(has(content_of(bench.queue), "\"id\":\"c\""));
}

TEST_CASE(
    "job files: while a file is stored only the newest of several revisions is saved, and before its end") {
    JobFilesBench bench;
    std::promise<void> go;
    auto gate = go.get_future().share();
    std::promise<void> inside;
    queue::JobFiles store{bench.folder,
                          [&](const std::filesystem::path&, std::string_view) -> Result<SlicedFile> {
                              inside.set_value();
                              gate.wait();
                              return sliced_file("S");
                          },
                          slicer_codec(), [](const FilesEvent&) {}};
    static_cast<void>(store.load());
    store.take(1, bench.outside("x.gcode"), "x.gcode", JobId{"a"});
    inside.get_future().wait();
    store.save(1, std::make_shared<const queue::QueueContent>(queue_of({job("one")})));
    store.save(3, std::make_shared<const queue::QueueContent>(queue_of({job("three")})));
    store.save(2, std::make_shared<const queue::QueueContent>(queue_of({job("two")})));
    go.set_value();
    for (int left = 2000; left > 0 && !std::filesystem::exists(bench.queue); --left)
        std::this_thread::sleep_for(5ms);
    CHECK(has(content_of(bench.queue), "\"id\":\"three\""));
    CHECK_FALSE(std::filesystem::exists(bench.good));
}

TEST_CASE("job files: what waits is done before the end") {
    JobFilesBench bench;
    auto store = bench.open_and_load();
    store->take(1, bench.outside("x.gcode"), "x.gcode", JobId{"a"});
    bench.save(*store, 1, queue_of({job("a")}));
    store.reset();
    CHECK(names_in(bench.files) == Names{"a__x.gcode"});
    CHECK(has(content_of(bench.queue), "\"id\":\"a\""));
}

TEST_CASE("job files: before the queue was read nothing is taken, saved or removed") {
    JobFilesBench bench;
    write_file(bench.queue, queue_to_json(queue_of({job("a")}), {}));
    write_file(bench.files / "a__x.gcode", "x");
    auto store = bench.open();
    bench.save(*store, 1, {});
    const FilesEvent saved = bench.next();
    CHECK(saved.kind == FilesEvent::Kind::not_saved);
    CHECK(saved.text == "The job queue was not read yet");
    store->take(1, bench.outside("x.gcode"), "x.gcode", JobId{"a"});
    CHECK(bench.next().kind == FilesEvent::Kind::not_taken);
    store->remove((bench.files / "a__x.gcode").string());
    store.reset();
    CHECK(has(content_of(bench.queue), "\"id\":\"a\""));
    CHECK(names_in(bench.files) == Names{"a__x.gcode"});
}

TEST_CASE("job files: leftovers of a program that ended suddenly are removed") {
    JobFilesBench bench;
    write_file(bench.tmp / "3.part", "x");
    write_file(bench.tmp / "upload", "x");
    write_file(bench.folder / "queue.json.new-77", "x");
    write_file(bench.folder / "queue.json.good.new-77", "x");
    const auto store = bench.open_and_load();
    CHECK(names_in(bench.tmp) == Names{"upload"});
    CHECK(bench.names() == Names{"files", "tmp"});
}

TEST_CASE("job files: a second program gets nothing of a folder that is in use") {
    JobFilesBench bench;
    const auto first = bench.open_and_load();
    bench.save_now(*first, 1, queue_of({job("a")}));
    auto second = bench.open_and_load();
    CHECK_FALSE(bench.loaded.writable);
    CHECK(has(bench.loaded.problem, "The job queue is in use by another Farmwall"));
    CHECK(bench.loaded.content.jobs.empty());
    bench.save(*second, 2, {});
    CHECK(bench.next().text == "The job queue is in use by another Farmwall");
    second.reset();
    CHECK(has(content_of(bench.queue), "\"id\":\"a\""));
}
