#include "base/file.hpp"

#include <doctest/doctest.h>

#include <filesystem>

#include "base/clock.hpp"
#include "base/platform.hpp"
#include "base/result.hpp"

using namespace farmwall;
namespace fs = std::filesystem;

namespace {

// A folder of the test's own, removed at its end.
class Folder {
public:
    Folder() {
        static int number = 0;
        path_ = fs::temp_directory_path() / ("farmwall-test-" + std::to_string(platform::process_number()) +
                                             "-" + std::to_string(++number));
        fs::create_directories(path_);
    }
    ~Folder() {
        std::error_code ignored;
        fs::remove_all(path_, ignored);
    }
    Folder(const Folder&) = delete;
    Folder& operator=(const Folder&) = delete;
    [[nodiscard]] fs::path operator/(const char* name) const { return path_ / name; }
    [[nodiscard]] const fs::path& path() const { return path_; }

private:
    fs::path path_;
};

}  // namespace

TEST_CASE("file: what is replaced is read back, whole") {
    const Folder folder;
    const std::string content = std::string(200'000, 'x') + std::string{"\0\xFF", 2};
    REQUIRE(platform::replace_file(folder / "a", "old", false).ok());
    REQUIRE(platform::replace_file(folder / "a", content, true).ok());
    const auto read = read_file(folder / "a", 1'000'000);
    REQUIRE(read.ok());
    CHECK(read.value() == content);
    CHECK_FALSE(platform::readable_by_others(folder / "a"));
    // Nothing is left beside it.
    CHECK(std::distance(fs::directory_iterator{folder.path()}, fs::directory_iterator{}) == 1);
}

TEST_CASE("file: what gets its final name replaces what had it, and what cannot keeps its own") {
    const Folder folder;
    REQUIRE(platform::replace_file(folder / "final", "old", false).ok());
    REQUIRE(platform::replace_file(folder / "part", "new", false).ok());
    REQUIRE(platform::move_flushed(folder / "part", folder / "final").ok());
    CHECK(read_file(folder / "final", 10).value() == "new");
    CHECK_FALSE(fs::exists(folder / "part"));
    CHECK(platform::move_flushed(folder / "part", folder / "final").error().kind == ErrorKind::io);
    CHECK(platform::move_flushed(folder / "final", folder.path() / "none" / "final").error().kind ==
          ErrorKind::io);
    CHECK(read_file(folder / "final", 10).value() == "new");
}

TEST_CASE("file: what cannot be read says why") {
    const Folder folder;
    CHECK(read_file(folder / "none", 10).error().kind == ErrorKind::not_found);
    CHECK(read_file(folder.path(), 10).error().kind == ErrorKind::io);
    REQUIRE(platform::replace_file(folder / "long", std::string(11, 'x'), false).ok());
    CHECK(read_file(folder / "long", 10).error().kind == ErrorKind::bad_input);
    CHECK(read_file(folder / "long", 11).ok());
}

TEST_CASE("file: a file that cannot be replaced is left alone and named") {
    const Folder folder;
    const auto result = platform::replace_file(folder / "no" / "such" / "folder", "x", false);
    REQUIRE_FALSE(result.ok());
    CHECK(result.error().text().find("folder") != std::string::npos);
}

TEST_CASE("platform: a process knows itself") {
    CHECK(fs::exists(platform::executable_path()));
    const auto usage = platform::process_usage();
    CHECK(usage.resident_bytes > 100'000);
    CHECK(usage.threads >= 1);
    CHECK(usage.cpu_seconds >= 0);
}

TEST_CASE("clock: the manual one stands still until it is moved") {
    ManualClock clock;
    const TimePoint start = clock.now();
    const WallTime wall = clock.wall_now();
    CHECK(clock.now() == start);
    clock.advance(std::chrono::seconds{90});
    CHECK(clock.now() - start == std::chrono::seconds{90});
    CHECK(clock.wall_now() - wall == std::chrono::seconds{90});
}

TEST_CASE("result: an error prints its sentence and then its subject") {
    const Error error{ErrorKind::io, "The file cannot be read", "a.txt"};
    CHECK(error.text() == "The file cannot be read: a.txt");
    const Result<int> failed{error};
    CHECK_FALSE(failed.ok());
    CHECK(failed.error() == error);
    CHECK(Result<int>{3}.value() == 3);
}
