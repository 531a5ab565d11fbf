#include <doctest/doctest.h>

#include <algorithm>
#include <fstream>
#include <set>

#include "camera/black_box.hpp"
#include "camera/clip_names.hpp"
#include "temporary_folder.hpp"

using namespace farmwall;
using namespace farmwall::camera;
using namespace std::chrono_literals;
namespace fs = std::filesystem;

namespace {

void put(const fs::path& file, std::size_t bytes) {
    fs::create_directories(file.parent_path());
    std::ofstream{file, std::ios::binary} << std::string(bytes, 'x');
}

// A clip of 1000 bytes: 900 of video, 100 of JSON.
void put_clip(const fs::path& folder, const std::string& name) {
    put(folder / (name + ".mp4"), 900);
    put(folder / (name + ".json"), 100);
}

std::set<std::string> files_below(const fs::path& folder) {
    std::set<std::string> found;
    for (const auto& entry : fs::recursive_directory_iterator{folder})
        if (!entry.is_directory()) found.insert(fs::relative(entry.path(), folder).generic_string());
    return found;
}

}  // namespace

TEST_CASE("clip names: a moment is written in UTC, for people and for file names") {
    const WallTime moment{std::chrono::sys_days{std::chrono::year{2026} / 3 / 9} + 4h + 5min + 6007ms};
    CHECK(iso_time(moment) == "2026-03-09T04:05:06.007Z");
    CHECK(file_time(moment) == "2026-03-09T04-05-06Z");
    CHECK(iso_time(WallTime{} - 1ms) == "1969-12-31T23:59:59.999Z");
}

TEST_CASE("clip names: only what the writer names is a clip's file") {
    CHECK(clip_stem("2026-11-24T06-01-03Z_print_failed.mp4") == "2026-11-24T06-01-03Z_print_failed");
    CHECK(clip_stem("2026-11-24T06-01-03Z_print_failed-2.json") == "2026-11-24T06-01-03Z_print_failed-2");
    CHECK(clip_stem("2026-11-24T06-01-03Z_x.mkv") == "2026-11-24T06-01-03Z_x");
    for (const char* name :
         {"", ".mp4", "holiday.mp4", "2026-11-24T06-01-03Z_.mp4", "2026-11-24T06-01-03Z.mp4",
          "2026-11-24T06:01:03Z_x.mp4", "2026-11-24T06-01-03Z_x.txt", "2026-11-24T06-01-03Z_x",
          "2026-11-24T06-01-03Z_x y.mp4", "2026-11-24T06-01-03Z_x.old.mp4", ".2026-11-24T06-01-03Z_x.mp4",
          "copy of 2026-11-24T06-01-03Z_x.mp4"})
        CHECK(clip_stem(name).empty());

    CHECK(is_unfinished(unfinished_name("2026-11-24T06-01-03Z_x.mp4")));
    CHECK(clip_stem(unfinished_name("2026-11-24T06-01-03Z_x.mp4")).empty());
    for (const char* name : {"", ".part", "..part", ".x.part", ".mp4.part", "2026-11-24T06-01-03Z_x.mp4.part",
                             ".2026-11-24T06-01-03Z_x.mp4", ".2026-11-24T06-01-03Z_x.part"})
        CHECK_FALSE(is_unfinished(name));
}

TEST_CASE("keep_newest: the oldest clips go first, across printers, video and JSON together") {
    const TemporaryFolder folder;
    put_clip(folder.path() / "a", "2026-01-01T00-00-01Z_x");
    put_clip(folder.path() / "b", "2026-01-01T00-00-02Z_x");
    put_clip(folder.path() / "a", "2026-01-01T00-00-03Z_x");
    put_clip(folder.path() / "b", "2026-01-01T00-00-04Z_x");
    CHECK(keep_newest(folder.path(), 4000) == 4000);
    CHECK(files_below(folder.path()).size() == 8);
    CHECK(keep_newest(folder.path(), 2999) == 2000);
    CHECK(files_below(folder.path()) ==
          std::set<std::string>{"a/2026-01-01T00-00-03Z_x.mp4", "a/2026-01-01T00-00-03Z_x.json",
                                "b/2026-01-01T00-00-04Z_x.mp4", "b/2026-01-01T00-00-04Z_x.json"});
}

TEST_CASE("keep_newest: of the same second, the higher number is newer") {
    const TemporaryFolder folder;
    for (const char* name :
         {"2026-01-01T00-00-01Z_x", "2026-01-01T00-00-01Z_x-2", "2026-01-01T00-00-01Z_x-10"})
        put_clip(folder.path() / "a", name);
    CHECK(keep_newest(folder.path(), 1500) == 1000);
    CHECK(files_below(folder.path()).count("a/2026-01-01T00-00-01Z_x-10.mp4") == 1);
}

TEST_CASE("keep_newest: the newest is kept even when it alone is too big") {
    const TemporaryFolder folder;
    put_clip(folder.path() / "a", "2026-01-01T00-00-01Z_x");
    put_clip(folder.path() / "a", "2026-01-01T00-00-02Z_x");
    CHECK(keep_newest(folder.path(), 0) == 1000);
    CHECK(files_below(folder.path()) ==
          std::set<std::string>{"a/2026-01-01T00-00-02Z_x.mp4", "a/2026-01-01T00-00-02Z_x.json"});
}

TEST_CASE("keep_newest: a clip named as kept stays, also when its clock was wrong") {
    const TemporaryFolder folder;
    put_clip(folder.path() / "a", "1970-01-01T00-00-09Z_x");
    put_clip(folder.path() / "a", "2026-01-01T00-00-01Z_x");
    put_clip(folder.path() / "a", "2026-01-01T00-00-02Z_x");
    CHECK(keep_newest(folder.path(), 2000, folder.path() / "a" / "1970-01-01T00-00-09Z_x.mp4") == 2000);
    CHECK(files_below(folder.path()).count("a/1970-01-01T00-00-09Z_x.json") == 1);
    CHECK(files_below(folder.path()).count("a/2026-01-01T00-00-01Z_x.json") == 0);
}

TEST_CASE("keep_newest: what the writer did not make is neither counted nor touched") {
    const TemporaryFolder folder;
    put(folder.path() / "2026-01-01T00-00-01Z_x.mp4", 5000);
    put(folder.path() / "a" / "holiday.mp4", 5000);
    put(folder.path() / "a" / "deep" / "2026-01-01T00-00-01Z_x.mp4", 5000);
    put(folder.path() / "elsewhere.bin", 5000);
    fs::create_directories(folder.path() / "a" / "2026-01-01T00-00-01Z_folder.mp4");
    fs::create_symlink(folder.path() / "elsewhere.bin", folder.path() / "a" / "2026-01-01T00-00-02Z_x.mp4");
    const auto before = files_below(folder.path());
    put_clip(folder.path() / "a", "2026-01-01T00-00-03Z_x");
    put_clip(folder.path() / "a", "2026-01-01T00-00-04Z_x");
    CHECK(keep_newest(folder.path(), 0) == 1000);
    auto after = files_below(folder.path());
    CHECK(std::ranges::includes(after, before));
    CHECK(after.size() == before.size() + 2);
}

TEST_CASE("keep_newest: half a clip counts as one, and a folder that is not there holds nothing") {
    const TemporaryFolder folder;
    put(folder.path() / "a" / "2026-01-01T00-00-01Z_x.json", 100);
    put(folder.path() / "a" / "2026-01-01T00-00-02Z_x.mp4", 900);
    CHECK(keep_newest(folder.path(), 950) == 900);
    CHECK(keep_newest(folder.path() / "none", 0) == 0);
    CHECK(keep_newest(folder.path() / "a" / "2026-01-01T00-00-02Z_x.mp4", 0) == 0);
}

TEST_CASE("leftovers: what was begun when the power went is removed, and nothing else") {
    const TemporaryFolder folder;
    put(folder.path() / "a" / unfinished_name("2026-01-01T00-00-01Z_x.mp4"), 10);
    put(folder.path() / "a" / unfinished_name("2026-01-01T00-00-01Z_x.json"), 10);
    put(folder.path() / "a" / ".hidden.part", 10);
    put_clip(folder.path() / "a", "2026-01-01T00-00-02Z_x");
    put(folder.path() / unfinished_name("2026-01-01T00-00-01Z_x.mp4"), 10);  // not where we write
    remove_leftovers(folder.path());
    CHECK(files_below(folder.path()) ==
          std::set<std::string>{"a/.hidden.part", "a/2026-01-01T00-00-02Z_x.mp4",
                                "a/2026-01-01T00-00-02Z_x.json", ".2026-01-01T00-00-01Z_x.mp4.part"});
    remove_leftovers(folder.path() / "none");
}
