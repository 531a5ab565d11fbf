#include <doctest/doctest.h>

#include <algorithm>
#include <boost/json.hpp>
#include <fstream>
#include <iterator>
#include <set>

#include "base/file.hpp"
#include "camera/black_box.hpp"
#include "camera/clip_material.hpp"
#include "temporary_folder.hpp"

using namespace farmwall;
using namespace farmwall::camera;
using namespace farmwall::testing;
using namespace std::chrono_literals;
namespace fs = std::filesystem;

namespace {

const TimePoint t0{1h};
// 2026-11-24T06:01:03.250Z.
const WallTime fault_time{std::chrono::sys_days{std::chrono::year{2026} / 11 / 24} + 6h + 1min + 3250ms};

ClipSubject fault_at(TimePoint at) {
    ClipSubject subject;
    subject.printer = PrinterId{"x1-left"};
    subject.serial = Serial{"00M00A000000001"};
    subject.name = "Left \"X1\"";
    subject.cause = "print_failed";
    subject.text = "The print failed";
    subject.when = fault_time;
    subject.at = at;
    return subject;
}

boost::json::object description(const fs::path& file) {
    const auto text = read_file(file, 1'000'000);
    REQUIRE(text);
    return boost::json::parse(text.value()).as_object();
}

std::set<std::string> names_in(const fs::path& folder) {
    std::set<std::string> names;
    for (const auto& entry : fs::directory_iterator{folder})
        names.insert(entry.path().filename().string());
    return names;
}

// The picture on screen at this second of the clip.
const ReadPicture& shown_at(const ReadClip& clip, double second) {
    const auto later = std::ranges::find_if(
        clip.pictures, [&](const ReadPicture& p) { return p.seconds > second + 0.0005; });
    return *std::prev(later);
}

}  // namespace

TEST_CASE(
    "clip: an MP4 holds every picture at its time to a millisecond, and that of the fault at its moment") {
    const TemporaryFolder folder;
    const auto packets = h264_film({}, t0);
    const auto made = write_clip(folder.path(), fault_at(t0 + 4230ms), packets);
    REQUIRE(made);
    CHECK(made.value() == std::vector{folder.path() / "x1-left" / "2026-11-24T06-01-03Z_print_failed.mp4",
                                      folder.path() / "x1-left" / "2026-11-24T06-01-03Z_print_failed.json"});
    CHECK(names_in(folder.path() / "x1-left").size() == 2);

    const auto clip = read_clip(made.value().front());
    REQUIRE(clip);
    CHECK(clip->codec == "h264");
    CHECK(clip->width == 64);
    CHECK(clip->height == 48);
    CHECK(clip->packets == 60);
    REQUIRE(clip->pictures.size() == 60);
    CHECK(clip->pictures.front().key);
    for (int i = 0; i < 60; ++i) {
        const ReadPicture& picture = clip->pictures[static_cast<std::size_t>(i)];
        CHECK(picture.seconds == doctest::Approx(0.1 * i).epsilon(0.0001));
        CHECK(picture.mean_luma == doctest::Approx(luma_of(i)).epsilon(0.01));
    }
    const auto text = description(made.value().back());
    const double at = text.at("fault_at_sec").as_double();
    CHECK(at == doctest::Approx(4.23));
    CHECK(shown_at(*clip, at).mean_luma == doctest::Approx(luma_of(42)).epsilon(0.01));
}

TEST_CASE("clip: the JSON beside it says what, when and where in the clip") {
    const TemporaryFolder folder;
    ClipSubject subject = fault_at(t0 + 4s);
    subject.text = "A \"quoted\"\nline \\ and \xFF";
    subject.telemetry = R"({"nozzle":[1,2,3]})";
    const auto made = write_clip(folder.path(), subject, h264_film({}, t0));
    REQUIRE(made);
    const auto text = description(made.value().back());
    CHECK(text.at("printer") == "x1-left");
    CHECK(text.at("name") == "Left \"X1\"");
    CHECK(text.at("serial") == "00M00A000000001");
    CHECK(text.at("cause") == "print_failed");
    CHECK(text.at("text") == "A \"quoted\"\nline \\ and \xEF\xBF\xBD");
    CHECK(text.at("when") == "2026-11-24T06:01:03.250Z");
    CHECK(text.at("first_picture") == "2026-11-24T06:00:59.250Z");
    CHECK(text.at("fault_at_sec").as_double() == doctest::Approx(4));
    CHECK(text.at("pictures").as_int64() == 60);
    CHECK(text.at("seconds").as_double() == doctest::Approx(5.9));
    CHECK(text.at("codec") == "h264");
    CHECK(text.at("width").as_int64() == 64);
    CHECK(text.at("height").as_int64() == 48);
    CHECK(text.at("telemetry").at("nozzle").as_array().size() == 3);
}

TEST_CASE("clip: without serial and telemetry there is none in the JSON") {
    const TemporaryFolder folder;
    ClipSubject subject = fault_at(t0);
    subject.serial = {};
    const auto made = write_clip(folder.path(), subject, h264_film({}, t0));
    REQUIRE(made);
    const auto text = description(made.value().back());
    CHECK_FALSE(text.contains("serial"));
    CHECK(text.at("telemetry").is_null());
}

TEST_CASE("clip: JPEG pictures become an MKV with the very bytes that came") {
    const TemporaryFolder folder;
    const auto packets = jpeg_film({20, 1, 64, 48, false, 730ms}, t0);
    const auto made = write_clip(folder.path(), fault_at(t0 + 10s), packets);
    REQUIRE(made);
    CHECK(made.value().front().extension() == ".mkv");
    const auto clip = read_clip(made.value().front());
    REQUIRE(clip);
    CHECK(clip->codec == "mjpeg");
    CHECK(clip->width == 64);
    REQUIRE(clip->pictures.size() == 20);
    for (int i = 0; i < 20; ++i) {
        const ReadPicture& picture = clip->pictures[static_cast<std::size_t>(i)];
        CHECK(picture.seconds == doctest::Approx(0.73 * i).epsilon(0.0001));
        CHECK(picture.mean_luma == doctest::Approx(luma_of(i)).epsilon(0.02));
    }
    const auto file = read_file(made.value().front(), 1'000'000);
    REQUIRE(file);
    for (const Packet& packet : packets) {
        const auto view = packet.bytes->view();
        CHECK(file.value().find(std::string{view.begin(), view.end()}) != std::string::npos);
    }
    CHECK(description(made.value().back()).at("codec") == "jpeg");
}

TEST_CASE("clip: pictures that arrived at once, or out of time, still follow each other") {
    const TemporaryFolder folder;
    for (const bool jpeg : {false, true}) {
        auto packets = jpeg ? jpeg_film({}, t0) : h264_film({}, t0);
        for (std::size_t i = 20; i < 40; ++i)
            packets[i].arrived = t0 + 3s;
        packets[50].arrived = t0 + 1s;
        const auto made = write_clip(folder.path(), fault_at(t0 + 3s), packets);
        REQUIRE(made);
        const auto clip = read_clip(made.value().front());
        REQUIRE(clip);
        REQUIRE(clip->pictures.size() == 60);
        for (std::size_t i = 1; i < 60; ++i)
            CHECK(clip->pictures[i].seconds > clip->pictures[i - 1].seconds);
        CHECK(clip->pictures[39].seconds < 3.021);
        CHECK(clip->pictures[45].seconds == doctest::Approx(4.5).epsilon(0.0003));
    }
}

TEST_CASE("clip: it begins at a key frame, whatever came before it") {
    const TemporaryFolder folder;
    auto packets = h264_film({}, t0);
    packets.erase(packets.begin(), packets.begin() + 5);
    const auto made = write_clip(folder.path(), fault_at(t0 + 4s), packets);
    REQUIRE(made);
    const auto clip = read_clip(made.value().front());
    REQUIRE(clip);
    REQUIRE(clip->pictures.size() == 50);
    CHECK(clip->pictures.front().key);
    CHECK(clip->pictures.front().mean_luma == doctest::Approx(luma_of(10)).epsilon(0.01));
    CHECK(description(made.value().back()).at("fault_at_sec").as_double() == doctest::Approx(3));
}

TEST_CASE("clip: parameter sets that also come in band do no harm") {
    const TemporaryFolder folder;
    Film film;
    film.parameters_in_band = true;
    const auto made = write_clip(folder.path(), fault_at(t0 + 4s), h264_film(film, t0));
    REQUIRE(made);
    const auto clip = read_clip(made.value().front());
    REQUIRE(clip);
    CHECK(clip->pictures.size() == 60);
}

TEST_CASE("clip: where the parameters change, it is the stretch with those of the fault's moment") {
    const TemporaryFolder folder;
    auto packets = h264_film({30, 10, 64, 48, false, 100ms}, t0);
    const auto wider = h264_film({30, 10, 96, 48, false, 100ms}, t0 + 3s);
    packets.insert(packets.end(), wider.begin(), wider.end());
    const auto width_of = [&](Duration fault) {
        const auto made = write_clip(folder.path(), fault_at(t0 + fault), packets);
        REQUIRE(made);
        const auto clip = read_clip(made.value().front());
        REQUIRE(clip);
        CHECK(clip->pictures.size() == 30);
        return clip->width;
    };
    CHECK(width_of(2950ms) == 64);
    CHECK(width_of(3s) == 96);
    CHECK(width_of(1h) == 96);
    CHECK(width_of(-1h) == 64);
}

TEST_CASE("clip: equal parameters in other bytes are no change") {
    const TemporaryFolder folder;
    auto packets = h264_film({}, t0);
    for (std::size_t i = 30; i < 60; ++i)
        packets[i].parameters = std::make_shared<const Bytes>(*packets[i].parameters);
    const auto made = write_clip(folder.path(), fault_at(t0 + 1s), packets);
    REQUIRE(made);
    CHECK(description(made.value().back()).at("pictures").as_int64() == 60);
}

TEST_CASE("clip: a second clip of the same second and cause has its own name") {
    const TemporaryFolder folder;
    const auto packets = jpeg_film({3, 1, 64, 48, false, 1s}, t0);
    for (int i = 0; i < 3; ++i)
        REQUIRE(write_clip(folder.path(), fault_at(t0), packets));
    CHECK(names_in(folder.path() / "x1-left") ==
          std::set<std::string>{
              "2026-11-24T06-01-03Z_print_failed.mkv", "2026-11-24T06-01-03Z_print_failed.json",
              "2026-11-24T06-01-03Z_print_failed-2.mkv", "2026-11-24T06-01-03Z_print_failed-2.json",
              "2026-11-24T06-01-03Z_print_failed-3.mkv", "2026-11-24T06-01-03Z_print_failed-3.json"});
}

TEST_CASE("clip: names never leave the folder, and hold no serial") {
    const TemporaryFolder folder;
    ClipSubject subject = fault_at(t0);
    subject.printer = PrinterId{"../..\\a b"};
    subject.cause = "../../etc/x: y";
    const auto packets = jpeg_film({3, 1, 64, 48, false, 1s}, t0);
    const auto made = write_clip(folder.path() / "clips", subject, packets);
    REQUIRE(made);
    CHECK(names_in(folder.path()) == std::set<std::string>{"clips"});
    CHECK(names_in(folder.path() / "clips") == std::set<std::string>{"______a_b"});
    CHECK(made.value().front().filename().string() == "2026-11-24T06-01-03Z_______etc_x__y.mkv");
    CHECK(made.value().front().string().find(subject.serial.value) == std::string::npos);

    subject.printer = {};
    subject.cause.clear();
    const auto unnamed = write_clip(folder.path() / "clips", subject, packets);
    REQUIRE(unnamed);
    CHECK(unnamed.value().front() == folder.path() / "clips" / "printer" / "2026-11-24T06-01-03Z_fault.mkv");
}

TEST_CASE("clip: without a key frame, or with pictures of no size, there is none and it is said") {
    const TemporaryFolder folder;
    auto packets = h264_film({}, t0);
    SUBCASE("no packets") { packets.clear(); }
    SUBCASE("no key frame") {
        for (Packet& packet : packets)
            packet.key = false;
    }
    SUBCASE("no parameters") {
        for (Packet& packet : packets)
            packet.parameters = nullptr;
    }
    SUBCASE("no bytes") {
        for (Packet& packet : packets)
            packet.bytes = nullptr;
    }
    SUBCASE("parameters that are none") {
        const auto junk = std::make_shared<const Bytes>(std::vector<std::uint8_t>{0, 0, 0, 1, 0x67, 1, 2, 3});
        for (Packet& packet : packets)
            packet.parameters = junk;
    }
    SUBCASE("a JPEG that is none") {
        packets = jpeg_film({3, 1, 64, 48, false, 1s}, t0);
        packets[0].bytes = std::make_shared<const Bytes>(std::vector<std::uint8_t>{0xFF, 0xD8, 1, 2, 3});
    }
    const auto made = write_clip(folder.path(), fault_at(t0), packets);
    REQUIRE_FALSE(made);
    CHECK(made.error().kind == ErrorKind::bad_input);
    CHECK(names_in(folder.path()).empty());
}

TEST_CASE("clip: parameters and pictures cut at every length make a clip or an error, never harm") {
    const TemporaryFolder folder;
    const auto packets = h264_film({2, 2, 64, 48, false, 100ms}, t0);
    const auto cut = [](const SharedBytes& bytes, std::size_t length) {
        const auto view = bytes->view().first(length);
        return std::make_shared<const Bytes>(std::vector<std::uint8_t>{view.begin(), view.end()});
    };
    for (std::size_t length = 0; length < packets[0].parameters->size(); ++length) {
        auto hurt = packets;
        for (Packet& packet : hurt)
            packet.parameters = cut(packet.parameters, length);
        (void)write_clip(folder.path(), fault_at(t0), hurt);
    }
    for (std::size_t length = 0; length < std::min<std::size_t>(packets[0].bytes->size(), 80); ++length) {
        auto hurt = packets;
        for (Packet& packet : hurt)
            packet.bytes = cut(packet.bytes, std::min(length, packet.bytes->size()));
        (void)write_clip(folder.path(), fault_at(t0), hurt);
    }
    for (const auto& name : names_in(folder.path() / "x1-left"))
        CHECK(name.starts_with("2026-11-24"));
}
