#include "camera/fault_clips.hpp"

#include <doctest/doctest.h>

#include <algorithm>

#include "camera/clip_material.hpp"
#include "temporary_folder.hpp"

using namespace farmwall;
using namespace farmwall::camera;
using namespace farmwall::testing;
using namespace std::chrono_literals;
namespace fs = std::filesystem;

namespace {

const TimePoint t0{1h};

ClipSubject fault(Duration after, const std::string& cause, const std::string& text = "Something happened") {
    ClipSubject subject;
    subject.printer = PrinterId{"p1"};
    subject.cause = cause;
    subject.text = text;
    subject.at = t0 + after;
    subject.telemetry = "\"" + cause + "\"";
    return subject;
}

}  // namespace

TEST_CASE("fault clips: a fault is due when the pictures after it are there, once") {
    FaultClips clips{ClipBounds{}};
    CHECK_FALSE(clips.next_due());
    CHECK(clips.tick(t0 + 1h).empty());
    clips.fault(fault(0s, "jam"));
    CHECK(clips.next_due() == t0 + 10s);
    CHECK(clips.tick(t0 + 9999ms).empty());
    const auto due = clips.tick(t0 + 10s);
    REQUIRE(due.size() == 1);
    CHECK(due.front().subject.cause == "jam");
    CHECK(due.front().subject.text == "Something happened");
    CHECK(due.front().from == t0 - 60s);
    CHECK(due.front().until == t0 + 10s);
    CHECK_FALSE(clips.next_due());
    CHECK(clips.tick(t0 + 1h).empty());
}

TEST_CASE("fault clips: faults within one window make one clip of the first's cause, with all texts") {
    FaultClips clips{ClipBounds{}};
    clips.fault(fault(0s, "jam", "The extruder is jammed"));
    clips.fault(fault(3s, "paused", "The print paused"));
    clips.fault(fault(4s, "paused", "The print paused"));
    const auto due = clips.tick(t0 + 1min);
    REQUIRE(due.size() == 1);
    CHECK(due.front().subject.cause == "jam");
    CHECK(due.front().subject.at == t0);
    CHECK(due.front().subject.text == "The extruder is jammed; The print paused");
    CHECK(due.front().subject.telemetry == "\"paused\"");
    CHECK(due.front().until == t0 + 14s);
}

TEST_CASE("fault clips: faults that do not end extend a clip to twice its time, then the next begins") {
    FaultClips clips{ClipBounds{}};
    for (int second = 0; second <= 21; ++second)
        clips.fault(fault(second * 1s, "n" + std::to_string(second), "text " + std::to_string(second)));
    CHECK(clips.next_due() == t0 + 20s);
    const auto due = clips.tick(TimePoint::max());
    REQUIRE(due.size() == 2);
    CHECK(due[0].subject.cause == "n0");
    CHECK(due[0].until - due[0].from <= FaultClips::longest(ClipBounds{}));
    CHECK(due[0].subject.text ==
          "text 0; text 1; text 2; text 3; text 4; text 5; text 6; text 7; and 13 more");
    CHECK(due[1].subject.cause == "n21");
    CHECK(due[1].until == t0 + 31s);
}

TEST_CASE(
    "fault clips: from the ring to the file: a minute before, ten seconds after, the fault's picture "
    "within") {
    const TemporaryFolder folder;
    const ClipBounds bounds;
    FaultClips clips{bounds};
    PacketRing ring{FaultClips::longest(bounds), 10'000'000};
    const auto film = h264_film({110, 4, 64, 48, false, 1s}, t0);
    for (const Packet& packet : film) {
        if (packet.arrived == t0 + 90s) clips.fault(fault(90s, "jam"));
        ring.push(packet);
        if (clips.next_due() && *clips.next_due() <= packet.arrived) {
            ClipWriter writer{folder.path(), bounds};
            clips.save_due(packet.arrived, ring, writer);
        }
    }
    REQUIRE(fs::exists(folder.path() / "p1"));
    const auto files = fs::directory_iterator{folder.path() / "p1"};
    const auto video =
        std::ranges::find_if(files, [](const auto& entry) { return entry.path().extension() == ".mp4"; });
    const auto clip = read_clip(video->path());
    REQUIRE(clip);
    // The key frame before the minute is at 28 s.
    REQUIRE(clip->pictures.size() == 73);
    CHECK(clip->pictures.front().mean_luma == doctest::Approx(luma_of(28)).epsilon(0.01));
    CHECK(clip->pictures.at(90 - 28).mean_luma == doctest::Approx(luma_of(90)).epsilon(0.01));
}

TEST_CASE("fault clips: a camera that gave no picture in the whole time makes no clip") {
    const TemporaryFolder folder;
    FaultClips clips{ClipBounds{}};
    PacketRing ring{90s, 10'000'000};
    for (const Packet& packet : jpeg_film({3, 1, 64, 48, false, 1s}, t0))
        ring.push(packet);
    {
        ClipWriter writer{folder.path(), {}};
        clips.fault(fault(2min, "jam"));
        clips.save_due(t0 + 130s, ring, writer);
        clips.fault(fault(3min, "jam"));
        clips.save_due(t0 + 190s, ring, writer);
    }
    CHECK(fs::is_empty(folder.path()));
    CHECK_FALSE(clips.next_due());
}
