#include "camera/decode_pool.hpp"

#include <doctest/doctest.h>

#include <set>

#include "clips.hpp"
#include "pool_bench.hpp"

using namespace farmwall;
using namespace farmwall::camera;
using namespace std::chrono_literals;

namespace {

const std::vector<Packet>& counting_clip() {
    static const std::vector<Packet> clip = clips::h264({}, clips::counter(640, 360));
    return clip;
}

}  // namespace

TEST_CASE("pool: at full every picture comes, in order, with its number, serial and time") {
    if (!clips::can_encode()) return;
    for (const DecodeLevel level : {DecodeLevel::full, DecodeLevel::no_deblock}) {
        PoolBench bench{1};
        bench.order(0, level);
        int expected = 0;
        for (const Packet& packet : counting_clip()) {
            const auto told = bench.feed(0, packet);
            REQUIRE(told.facts.ok);
            REQUIRE(told.frame != nullptr);
            CHECK(clips::read_counter(*told.frame) == expected++);
            CHECK(told.frame->number == static_cast<std::uint64_t>(expected));
            CHECK(told.frame->serial == Serial{"SERIAL0"});
            CHECK(told.frame->arrived == packet.arrived);
            CHECK(told.facts.arrived == packet.arrived);
            CHECK(told.facts.width == 640);
            CHECK(told.facts.height == 360);
            CHECK(told.facts.decoder == "software");
            CHECK(told.facts.late == 0);
        }
        CHECK(expected == 30);
    }
}

TEST_CASE("pool: at keys only key pictures are decoded, and at discard nothing") {
    if (!clips::can_encode()) return;
    PoolBench bench{2};
    bench.order(0, DecodeLevel::keys);
    bench.order(1, DecodeLevel::discard);
    std::vector<int> seen;
    for (const Packet& packet : counting_clip()) {
        bench.pool->submit(1, packet);
        if (packet.key) {
            seen.push_back(clips::read_counter(*bench.feed(0, packet).frame));
        } else {
            bench.pool->submit(0, packet);
        }
    }
    bench.settle(0);
    bench.settle(1);
    CHECK(seen == std::vector<int>{0, 10, 20});
    CHECK(bench.told.values().size() == 3);
    CHECK(bench.board.slot(1).newest() == nullptr);
}

TEST_CASE("pool: cameras that share the decoder of key pictures get their own pictures") {
    if (!clips::can_encode()) return;
    clips::Plan plan;
    plan.pictures = 4;
    plan.gop = 1;
    const auto first = clips::h264(plan, clips::counter(640, 360));
    const auto second = clips::h264(
        plan, [paint = clips::counter(640, 360)](int x, int y, int n) { return paint(x, y, n + 100); });
    REQUIRE(std::ranges::equal(first[0].parameters->view(), second[0].parameters->view()));
    PoolBench bench{2};
    bench.order(0, DecodeLevel::keys, 160, 90);
    bench.order(1, DecodeLevel::keys, 160, 90);
    for (std::size_t i = 0; i < first.size(); ++i) {
        const auto one = bench.feed(0, first[i]);
        const auto other = bench.feed(1, second[i]);
        CHECK(one.frame->serial == Serial{"SERIAL0"});
        CHECK(other.frame->serial == Serial{"SERIAL1"});
        CHECK(clips::read_counter(*one.frame) == static_cast<int>(i));
        CHECK(clips::read_counter(*other.frame) == static_cast<int>(i) + 100);
    }
}

TEST_CASE("pool: from keys to every picture it goes on with the next key picture") {
    if (!clips::can_encode()) return;
    PoolBench bench{1};
    bench.order(0, DecodeLevel::keys);
    std::vector<int> seen;
    const auto& clip = counting_clip();
    for (std::size_t i = 0; i < clip.size(); ++i) {
        if (i == 3) bench.order(0, DecodeLevel::full);
        const bool expected = i == 0 || i >= 10;
        if (expected) {
            seen.push_back(clips::read_counter(*bench.feed(0, clip[i]).frame));
        } else {
            bench.pool->submit(0, clip[i]);
        }
    }
    CHECK(seen.size() == 21);
    CHECK(seen[1] == 10);
    CHECK(seen.back() == 29);
    CHECK(bench.told.values().size() == 21);
}

TEST_CASE("pool: a picture is scaled by exactly 1, 1/2 or 1/4 to the smallest that fills the box") {
    if (!clips::can_encode()) return;
    struct Case {
        int box_width, box_height, width, height;
    };
    PoolBench bench{1};
    const Packet& key = counting_clip()[0];
    for (const auto layout : {PixelLayout::i420, PixelLayout::rgba}) {
        for (const auto& [box_width, box_height, width, height] :
             {Case{0, 0, 640, 360}, Case{2000, 2000, 640, 360}, Case{321, 170, 320, 180},
              Case{330, 170, 640, 360}, Case{320, 180, 320, 180}, Case{161, 90, 160, 90},
              Case{170, 90, 320, 180}, Case{10, 10, 160, 90}}) {
            bench.order(0, DecodeLevel::keys, box_width, box_height, layout);
            const auto told = bench.feed(0, key);
            REQUIRE(told.frame != nullptr);
            CHECK(told.frame->width == width);
            CHECK(told.frame->height == height);
            CHECK(told.frame->source_width == 640);
            CHECK(told.frame->source_height == 360);
            CHECK(told.frame->layout == layout);
            CHECK(clips::read_counter(*told.frame) == 0);
        }
    }
}

TEST_CASE("pool: colours come out as they were filmed, in both layouts, at every size and of both codecs") {
    if (!clips::can_encode()) return;
    struct Case {
        bool bt709, full_range, said;
        int height;
    };
    constexpr int tolerance = 9;  // libyuv's blue of BT.709 is that much too weak
    PoolBench bench{1};
    const auto paint = [](int x, int, int) { return clips::card(x, 960); };
    std::vector<Packet> packets;
    for (const auto& [bt709, full_range, said, height] :
         {Case{true, false, true, 360}, Case{false, false, true, 360}, Case{true, true, true, 360},
          Case{false, true, true, 720}, Case{false, false, false, 360}, Case{true, false, false, 720}}) {
        clips::Plan plan;
        plan.width = 960;
        plan.height = height;
        plan.pictures = 1;
        plan.bt709 = bt709;
        plan.full_range = full_range;
        plan.say_colors = said;
        packets.push_back(clips::h264(plan, paint)[0]);
    }
    for (const auto sampling : {clips::Sampling::s420, clips::Sampling::s422, clips::Sampling::s444,
                                clips::Sampling::s440, clips::Sampling::s411})
        packets.push_back(clips::jpeg(960, 360, sampling, 0, paint));
    for (std::size_t index = 0; index < packets.size(); ++index) {
        const Packet& packet = packets[index];
        for (const auto layout : {PixelLayout::i420, PixelLayout::rgba}) {
            for (const int box : {0, 480, 200}) {
                bench.order(0, DecodeLevel::keys, box, box / 3, layout);
                const auto told = bench.feed(0, packet);
                REQUIRE(told.frame != nullptr);
                for (int third = 0; third < 3; ++third) {
                    CHECK(clips::alike(clips::read_card(*told.frame, third), clips::card(third * 320, 960),
                                       tolerance));
                }
            }
        }
    }
}

TEST_CASE("pool: a picture that is sent again is no change, and a head that moves is one") {
    if (!clips::can_encode()) return;
    clips::Plan plan;
    plan.width = 960;
    plan.height = 540;
    plan.quality = 28;
    // Textured and noisy like a chamber; the head stands for 12 pictures, then moves.
    const auto paint = [](int x, int y, int number) -> clips::Rgb {
        const int head = 300 + std::max(0, number - 12) * 8;
        const bool in_head = x > head && x < head + 90 && y > 150 && y < 260;
        const auto noise = static_cast<int>((x * 7919U + y * 104729U + 31U * number * (x ^ y)) >> 3 & 7);
        const int level = (in_head ? 170 : 60 + (x + y) / 20 % 40) + noise;
        return {level, level, level};
    };
    const auto clip = clips::h264(plan, paint);
    for (const int box : {960, 240}) {
        PoolBench bench{1};
        bench.order(0, DecodeLevel::full, box, box * 9 / 16);
        for (std::size_t i = 0; i < clip.size(); ++i) {
            const auto told = bench.feed(0, clip[i]);
            if (i == 0) CHECK(told.facts.changed);
            if (i > 0 && i <= 12) CHECK_FALSE(told.facts.changed);
            if (i > 13) CHECK(told.facts.changed);
            CHECK(told.facts.mean_luma > 60);
            CHECK(told.facts.mean_luma < 110);
        }
    }
}

TEST_CASE("pool: mean brightness is told in full range, and a black picture is 0") {
    if (!clips::can_encode()) return;
    PoolBench bench{1};
    bench.order(0, DecodeLevel::keys, 160, 90);
    for (const int level : {0, 128, 255}) {
        const auto paint = [level](int, int, int) { return clips::Rgb{level, level, level}; };
        clips::Plan plan;
        plan.pictures = 1;
        CHECK(bench.feed(0, clips::h264(plan, paint)[0]).facts.mean_luma ==
              doctest::Approx(level).epsilon(0.02));
        CHECK(bench.feed(0, clips::jpeg(640, 360, clips::Sampling::s420, 0, paint)).facts.mean_luma ==
              doctest::Approx(level).epsilon(0.02));
    }
}

TEST_CASE("pool: pictures of many cameras on several threads all come, each camera's in order") {
    if (!clips::can_encode()) return;
    constexpr std::size_t cameras = 6;
    PoolBench bench{cameras, {3, HardwareDecoding::off, nullptr}};
    const auto& clip = counting_clip();
    for (std::size_t camera = 0; camera < cameras; ++camera)
        bench.order(camera, camera % 2 == 0 ? DecodeLevel::full : DecodeLevel::no_deblock, 320, 180,
                    camera % 3 == 0 ? PixelLayout::rgba : PixelLayout::i420);
    for (const Packet& packet : clip) {
        for (std::size_t camera = 0; camera < cameras; ++camera) {
            Packet now = packet;
            now.arrived = clip[0].arrived;  // one burst: nothing of it is late
            bench.pool->submit(camera, now);
        }
    }
    REQUIRE(bench.told.wait_for(clip.size() * cameras));
    for (std::size_t camera = 0; camera < cameras; ++camera) {
        const SharedFrame last = bench.board.slot(camera).newest();
        REQUIRE(last != nullptr);
        CHECK(last->number == clip.size());
        CHECK(clips::read_counter(*last) == static_cast<int>(clip.size()) - 1);
        CHECK(last->serial == bench.board.serial(camera));
    }
    for (const auto& told : bench.told.values())
        CHECK(told.facts.ok);
}

TEST_CASE("pool: after forget nothing of the connection is decoded, and the newest frame stays") {
    if (!clips::can_encode()) return;
    PoolBench bench{1};
    bench.order(0, DecodeLevel::full);
    bench.feed(0, counting_clip()[0]);
    bench.feed(0, counting_clip()[1]);
    bench.pool->forget(0);
    bench.pool->submit(0, counting_clip()[2]);  // builds on what was forgotten
    bench.settle(0);
    CHECK(bench.told.values().size() == 2);
    CHECK(clips::read_counter(*bench.board.slot(0).newest()) == 1);
    const auto told = bench.feed(0, counting_clip()[10]);
    CHECK(clips::read_counter(*told.frame) == 10);
    CHECK(told.frame->number == 3);
}

TEST_CASE("pool: a damaged picture is counted, and the next key picture goes on") {
    if (!clips::can_encode()) return;
    PoolBench bench{1};
    bench.order(0, DecodeLevel::full);
    const auto& clip = counting_clip();
    std::vector<int> seen;
    for (std::size_t i = 0; i < clip.size(); ++i) {
        Packet packet = clip[i];
        if (i == 4)
            packet.bytes = std::make_shared<const Bytes>(std::vector<std::uint8_t>{0, 0, 0, 1, 0x41, 0x9A});
        if (i > 4 && i < 10) {
            bench.pool->submit(0, packet);
            continue;
        }
        const auto told = bench.feed(0, packet);
        CHECK(told.facts.ok == (i != 4));
        if (told.frame) seen.push_back(clips::read_counter(*told.frame));
    }
    CHECK(seen.size() == 24);
    CHECK(seen[3] == 3);
    CHECK(seen[4] == 10);
}

TEST_CASE("pool: a JPEG picture is decoded whatever the level, but not at discard") {
    PoolBench bench{1};
    const auto packet = clips::jpeg(640, 360, clips::Sampling::s420, 77, clips::counter(640, 360));
    for (const DecodeLevel level : {DecodeLevel::keys, DecodeLevel::no_deblock, DecodeLevel::full}) {
        bench.order(0, level, 160, 90);
        const auto told = bench.feed(0, packet);
        REQUIRE(told.frame != nullptr);
        CHECK(told.frame->width == 160);
        CHECK(told.frame->source_width == 640);
        CHECK(told.frame->full_range);
        CHECK(clips::read_counter(*told.frame) == 77);
        CHECK(told.facts.decoder == "turbo");
    }
    bench.order(0, DecodeLevel::discard);
    bench.pool->submit(0, packet);
    bench.settle(0);
    CHECK(bench.told.values().size() == 3);
}

TEST_CASE("pool: a grey JPEG and one of odd sides are pictures") {
    PoolBench bench{1};
    bench.order(0, DecodeLevel::keys, 0, 0, PixelLayout::rgba);
    const auto paint = [](int, int, int) { return clips::Rgb{90, 90, 90}; };
    for (const auto sampling : {clips::Sampling::grey, clips::Sampling::s420, clips::Sampling::s422}) {
        for (const int size : {1, 7, 33, 101}) {
            const auto told = bench.feed(0, clips::jpeg(size, size + 2, sampling, 0, paint));
            REQUIRE(told.frame != nullptr);
            CHECK(told.frame->width == size);
            CHECK(told.frame->height == size + 2);
            CHECK(clips::alike(clips::read_card(*told.frame, 1), {90, 90, 90}, 4));
        }
    }
}
