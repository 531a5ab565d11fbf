#include <doctest/doctest.h>

#include <algorithm>

#include "camera/jpeg_codec.hpp"
#include "clips.hpp"
#include "pool_bench.hpp"

using namespace farmwall;
using namespace farmwall::camera;
using namespace std::chrono_literals;

namespace {

int number_in(const Snapshot& snapshot) {
    JpegCodec codec{PictureMemory{}};
    const auto picture = codec.decode(snapshot.jpeg->view(), 0, 0);
    REQUIRE(picture.ok());
    Frame frame;
    frame.width = picture.value().width;
    frame.height = picture.value().height;
    frame.planes = picture.value().planes;
    frame.full_range = true;
    return clips::read_counter(frame);
}

const std::vector<Packet>& clip() {
    static const std::vector<Packet> made = clips::h264({}, clips::counter(640, 360));
    return made;
}

}  // namespace

TEST_CASE("snapshot: before the first picture there is none") {
    PoolBench bench{1};
    const auto answer = bench.snapshot(0, 0);
    REQUIRE_FALSE(answer.ok());
    CHECK(answer.error().kind == ErrorKind::unavailable);
}

TEST_CASE("snapshot: a JPEG camera's picture comes byte for byte, seen or not, unless it is too wide") {
    PoolBench bench{1};
    bench.order(0, DecodeLevel::discard);
    const auto packet = clips::jpeg(640, 360, clips::Sampling::s422, 55, clips::counter(640, 360));
    bench.pool->submit(0, packet);
    for (const int width : {0, 640, 4000}) {
        const auto answer = bench.snapshot(0, width);
        REQUIRE(answer.ok());
        CHECK(answer.value().as_received);
        CHECK(std::ranges::equal(answer.value().jpeg->view(), packet.bytes->view()));
        CHECK(answer.value().serial == Serial{"SERIAL0"});
        CHECK(answer.value().arrived == packet.arrived);
    }
    for (const int width : {639, 500, 320, 100, 3, 1}) {
        const auto answer = bench.snapshot(0, width);
        REQUIRE(answer.ok());
        CHECK_FALSE(answer.value().as_received);
        const auto [made_width, made_height] = clips::jpeg_size(*answer.value().jpeg);
        CHECK(made_width <= std::max(2, width));
        CHECK(made_width >= std::min(2, width));
        CHECK(made_height >= 1);
        if (width >= 100) CHECK(number_in(answer.value()) == 55);
    }
}

TEST_CASE("snapshot: an unseen H.264 camera is shown by its newest key picture") {
    if (!clips::can_encode()) return;
    PoolBench bench{1};
    bench.order(0, DecodeLevel::discard);
    for (std::size_t i = 0; i < 15; ++i)
        bench.pool->submit(0, clip()[i]);
    const auto answer = bench.snapshot(0, 320);
    REQUIRE(answer.ok());
    CHECK(number_in(answer.value()) == 10);
    CHECK(answer.value().arrived == clip()[10].arrived);
    CHECK(clips::jpeg_size(*answer.value().jpeg) == std::pair{320, 180});
    CHECK(bench.board.slot(0).newest() == nullptr);
    CHECK(bench.told.values().empty());
}

TEST_CASE("snapshot: the newest frame is used where it is large enough, else the newest key picture") {
    if (!clips::can_encode()) return;
    for (const auto layout : {PixelLayout::i420, PixelLayout::rgba}) {
        PoolBench bench{1};
        bench.order(0, DecodeLevel::full, 320, 180, layout);
        for (std::size_t i = 0; i < 5; ++i)
            bench.feed(0, clip()[i]);
        CHECK(number_in(bench.snapshot(0, 320).value()) == 4);
        const auto large = bench.snapshot(0, 0);
        REQUIRE(large.ok());
        CHECK(number_in(large.value()) == 0);
        CHECK(large.value().arrived == clip()[0].arrived);
        CHECK(clips::jpeg_size(*large.value().jpeg) == std::pair{640, 360});
    }
}

TEST_CASE("snapshot: when the connection is over, the newest frame is what there is") {
    if (!clips::can_encode()) return;
    PoolBench bench{1};
    bench.order(0, DecodeLevel::full, 160, 90);
    bench.feed(0, clip()[0]);
    bench.feed(0, clip()[1]);
    bench.pool->forget(0);
    const auto answer = bench.snapshot(0, 0);
    REQUIRE(answer.ok());
    CHECK(number_in(answer.value()) == 1);
    CHECK(clips::jpeg_size(*answer.value().jpeg) == std::pair{160, 90});
}

TEST_CASE("snapshot: colours are those of the camera") {
    if (!clips::can_encode()) return;
    const auto paint = [](int x, int, int) { return clips::card(x, 960); };
    for (const bool bt709 : {true, false}) {
        clips::Plan plan;
        plan.width = 960;
        plan.pictures = 1;
        plan.bt709 = bt709;
        PoolBench bench{1};
        bench.pool->submit(0, clips::h264(plan, paint)[0]);
        const auto answer = bench.snapshot(0, 480);
        REQUIRE(answer.ok());
        JpegCodec codec{PictureMemory{}};
        const auto picture = codec.decode(answer.value().jpeg->view(), 0, 0);
        REQUIRE(picture.ok());
        Frame frame;
        frame.width = picture.value().width;
        frame.height = picture.value().height;
        frame.planes = picture.value().planes;
        frame.full_range = true;
        for (int third = 0; third < 3; ++third)
            CHECK(clips::alike(clips::read_card(frame, third), clips::card(third * 320, 960), 12));
    }
}

TEST_CASE("snapshot: too many at once are refused at once, and all are answered") {
    PoolBench bench{1};
    const auto packet = clips::jpeg(1280, 720, clips::Sampling::s420, 1, clips::counter(1280, 720));
    bench.pool->submit(0, packet);
    constexpr std::size_t many = 400;
    Arrivals<bool> answers;
    for (std::size_t i = 0; i < many; ++i)
        bench.pool->snapshot(0, 640, [&](const auto& answer) { answers.put(answer.ok()); });
    REQUIRE(answers.wait_for(many));
    const auto values = answers.values();
    CHECK(std::ranges::count(values, true) >= 32);
    CHECK(std::ranges::count(values, false) > 0);
}

TEST_CASE("snapshot: those that wait when the pool ends are answered as well") {
    Arrivals<bool> answers;
    {
        PoolBench bench{1};
        bench.pool->submit(0, clips::jpeg(1280, 720, clips::Sampling::s420, 1, clips::counter(1280, 720)));
        for (int i = 0; i < 20; ++i)
            bench.pool->snapshot(0, 640, [&](const auto& answer) { answers.put(answer.ok()); });
    }
    CHECK(answers.values().size() == 20);
}
