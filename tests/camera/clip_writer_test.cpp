#include <doctest/doctest.h>

#include <chrono>
#include <fstream>
#include <functional>
#include <thread>

#include "camera/black_box.hpp"
#include "camera/clip_material.hpp"
#include "camera/clip_names.hpp"
#include "temporary_folder.hpp"

#ifndef _WIN32
#include <sys/resource.h>

#include <csignal>
#endif

using namespace farmwall;
using namespace farmwall::camera;
using namespace farmwall::testing;
using namespace std::chrono_literals;
namespace fs = std::filesystem;

namespace {

const TimePoint t0{1h};

ClipSubject fault(const std::string& printer, Duration after_epoch) {
    ClipSubject subject;
    subject.printer = PrinterId{printer};
    subject.name = printer;
    subject.cause = "jam";
    subject.when = WallTime{std::chrono::duration_cast<WallTime::duration>(after_epoch)};
    subject.at = t0;
    return subject;
}

std::vector<Packet> pictures() { return jpeg_film({5, 1, 64, 48, false, 1s}, t0); }

bool wait_for(const std::function<bool()>& condition) {
    for (int i = 0; i < 2000 && !condition(); ++i)
        std::this_thread::sleep_for(5ms);
    return condition();
}

std::size_t files_in(const fs::path& folder) {
    std::error_code none;
    return static_cast<std::size_t>(std::distance(fs::directory_iterator{folder, none}, {}));
}

#ifndef _WIN32
// While it lives no file of this process grows beyond a size: as on a disk that is full.
class FullDisk {
public:
    explicit FullDisk(rlim_t bytes) {
        before_handler_ = std::signal(SIGXFSZ, SIG_IGN);
        ::getrlimit(RLIMIT_FSIZE, &before_);
        rlimit now = before_;
        now.rlim_cur = bytes;
        ::setrlimit(RLIMIT_FSIZE, &now);
    }
    ~FullDisk() {
        ::setrlimit(RLIMIT_FSIZE, &before_);
        std::signal(SIGXFSZ, before_handler_);
    }
    FullDisk(const FullDisk&) = delete;
    FullDisk& operator=(const FullDisk&) = delete;

private:
    rlimit before_{};
    void (*before_handler_)(int) = nullptr;
};
#endif

}  // namespace

TEST_CASE("clip writer: what is queued is written, also when it is destroyed at once") {
    const TemporaryFolder folder;
    {
        ClipWriter writer{folder.path(), {}};
        for (int i = 0; i < 20; ++i)
            CHECK(writer.write(fault("p" + std::to_string(i % 4), i * 1s), pictures()));
    }
    for (int i = 0; i < 4; ++i)
        CHECK(files_in(folder.path() / ("p" + std::to_string(i))) == 10);
}

TEST_CASE("clip writer: its totals tell what was written and what lies on the disk") {
    const TemporaryFolder folder;
    fs::create_directories(folder.path() / "old");
    std::ofstream{folder.path() / "old" / "2020-01-01T00-00-00Z_x.mp4"} << std::string(500, 'x');
    ClipWriter writer{folder.path(), {}};
    CHECK(wait_for([&] { return writer.totals().bytes == 500; }));
    CHECK(writer.write(fault("p1", 1s), pictures()));
    CHECK(wait_for([&] { return writer.totals().written == 1; }));
    std::uint64_t bytes = 500;
    for (const auto& entry : fs::directory_iterator{folder.path() / "p1"})
        bytes += entry.file_size();
    CHECK(writer.totals().bytes == bytes);
    CHECK(writer.totals().problem.empty());
}

TEST_CASE("clip writer: the clips together stay within their bound, and the newest is always there") {
    const TemporaryFolder folder;
    const auto packets = pictures();
    REQUIRE(write_clip(folder.path(), fault("p1", 1s), packets));
    const std::uint64_t one = keep_newest(folder.path(), 0);
    ClipBounds bounds;
    bounds.most_bytes = one * 3 + 50;
    {
        ClipWriter writer{folder.path(), bounds};
        for (int i = 2; i < 10; ++i)
            CHECK(writer.write(fault("p1", i * 1s), packets));
    }
    CHECK(files_in(folder.path() / "p1") == 6);
    CHECK(fs::exists(folder.path() / "p1" / "1970-01-01T00-00-09Z_jam.mkv"));
    bounds.most_bytes = 10;
    {
        ClipWriter writer{folder.path(), bounds};
        // Its clock went back: by name it is not the newest.
        CHECK(writer.write(fault("p2", 2s), packets));
    }
    CHECK(fs::exists(folder.path() / "p2" / "1970-01-01T00-00-02Z_jam.mkv"));
}

TEST_CASE("clip writer: what a power cut left half-written is gone after the next start") {
    const TemporaryFolder folder;
    fs::create_directories(folder.path() / "p1");
    const auto leftover = folder.path() / "p1" / unfinished_name("1970-01-01T00-00-01Z_jam.mp4");
    std::ofstream{leftover} << "half";
    {
        ClipWriter writer{folder.path(), {}};
        CHECK(writer.write(fault("p1", 1s), pictures()));
    }
    CHECK_FALSE(fs::exists(leftover));
    CHECK(fs::exists(folder.path() / "p1" / "1970-01-01T00-00-01Z_jam.mkv"));
    CHECK(files_in(folder.path() / "p1") == 2);
}

TEST_CASE("clip writer: a folder that cannot be is said in the totals, and the next good clip clears it") {
    const TemporaryFolder folder;
    const fs::path blocked = folder.path() / "clips";
    std::ofstream{blocked} << "a file where the folder should be";
    ClipWriter writer{blocked, {}};
    CHECK(writer.write(fault("p1", 1s), pictures()));
    CHECK(wait_for([&] { return !writer.totals().problem.empty(); }));
    CHECK(writer.totals().written == 0);
    CHECK(writer.totals().problem.find("folder") != std::string::npos);
    fs::remove(blocked);
    CHECK(writer.write(fault("p1", 2s), pictures()));
    CHECK(wait_for([&] { return writer.totals().written == 1; }));
    CHECK(writer.totals().problem.empty());
}

TEST_CASE("clip writer: a clip of nothing is a problem, not a file") {
    const TemporaryFolder folder;
    ClipWriter writer{folder.path(), {}};
    CHECK(writer.write(fault("p1", 1s), {}));
    CHECK(wait_for([&] { return !writer.totals().problem.empty(); }));
    CHECK(files_in(folder.path()) == 0);
}

#ifndef _WIN32
TEST_CASE("clip: a full disk is an error that says so, and leaves nothing behind") {
    const TemporaryFolder folder;
    for (const bool jpeg : {false, true}) {
        const Film film{60, 10, 640, 480, false, 100ms};
        const auto packets = jpeg ? jpeg_film(film, t0) : h264_film(film, t0);
        // In the header, in the pictures, in the index or in the JSON: wherever the disk ends.
        for (const rlim_t bytes : {rlim_t{0}, rlim_t{10}, rlim_t{700}, rlim_t{20'000}}) {
            const FullDisk full{bytes};
            CAPTURE(bytes);
            const auto made = write_clip(folder.path(), fault("p1", 1s), packets);
            REQUIRE_FALSE(made);
            CHECK(made.error().kind == ErrorKind::io);
            CHECK(files_in(folder.path() / "p1") == 0);
        }
        CHECK(write_clip(folder.path(), fault("p2", 1s), packets));
    }
}
#endif
