#include "camera/packet_queue.hpp"

#include <doctest/doctest.h>

#include <vector>

using namespace farmwall;
using namespace farmwall::camera;
using namespace std::chrono_literals;

namespace {

const TimePoint t0{1h};

// The number is kept in the bytes.
Packet picture(int number, bool key, Duration at, Codec codec = Codec::h264) {
    Packet packet;
    packet.codec = codec;
    packet.bytes =
        std::make_shared<const Bytes>(std::vector<std::uint8_t>{static_cast<std::uint8_t>(number)});
    packet.key = key;
    packet.arrived = t0 + at;
    return packet;
}

std::vector<int> take_all(PacketQueue& queue) {
    std::vector<int> taken;
    while (const auto packet = queue.take())
        taken.push_back(packet->bytes->view()[0]);
    return taken;
}

PacketQueue queue_at(DecodeLevel level, Duration least = {}) {
    PacketQueue queue;
    queue.set_order({level, least});
    return queue;
}

}  // namespace

TEST_CASE("queue: every picture waits in order, from the first key picture on") {
    PacketQueue queue = queue_at(DecodeLevel::full);
    for (int i = 0; i < 6; ++i)
        queue.offer(picture(i, i == 2, i * 33ms));
    CHECK(take_all(queue) == std::vector{2, 3, 4, 5});
    CHECK(queue.late() == 0);
}

TEST_CASE("queue: a decoder that is more than a few pictures behind skips to the key picture that waits") {
    PacketQueue queue = queue_at(DecodeLevel::full);
    for (int i = 0; i < 11; ++i)
        queue.offer(picture(i, i % 8 == 0, i * 33ms));
    CHECK(take_all(queue) == std::vector{8, 9, 10});
    CHECK(queue.late() == 8);
}

TEST_CASE("queue: where no key picture waits, it skips to the next that comes, and goes on from there") {
    PacketQueue queue = queue_at(DecodeLevel::no_deblock);
    for (int i = 0; i < 40; ++i) {
        queue.offer(picture(i, i % 30 == 0, i * 33ms));
        if (i == 2) CHECK(queue.take()->bytes->view()[0] == 0);
    }
    CHECK(take_all(queue) == std::vector{30, 31, 32, 33, 34, 35, 36, 37, 38, 39});
    CHECK(queue.late() == 29);
}

TEST_CASE("queue: pictures that come in one burst are not late, as long as they are not too many") {
    PacketQueue queue = queue_at(DecodeLevel::full);
    for (int i = 0; i < 60; ++i)
        queue.offer(picture(i, i == 0, 5ms));
    CHECK(take_all(queue).size() == 60);
    CHECK(queue.late() == 0);
    for (int i = 0; i < 70; ++i)
        queue.offer(picture(i, i == 0, 6ms));
    CHECK(take_all(queue).empty());
    CHECK(queue.late() == 70);
}

TEST_CASE("queue: of key pictures and JPEG only the newest waits, and those it replaces are late") {
    for (const Codec codec : {Codec::h264, Codec::jpeg}) {
        PacketQueue queue = queue_at(DecodeLevel::keys);
        for (int i = 0; i < 4; ++i) {
            queue.offer(picture(i * 2, true, i * 1s, codec));
            if (codec == Codec::h264) queue.offer(picture(i * 2 + 1, false, i * 1s + 33ms));
        }
        CHECK(take_all(queue) == std::vector{6});
        CHECK(queue.late() == 3);
    }
}

TEST_CASE("queue: key pictures and JPEG come no more often than the order says, and that is not late") {
    for (const Codec codec : {Codec::h264, Codec::jpeg}) {
        PacketQueue queue = queue_at(DecodeLevel::keys, 2s);
        std::vector<int> taken;
        for (int i = 0; i < 9; ++i) {
            queue.offer(picture(i, true, i * 1s + i % 2 * 40ms, codec));
            for (const int number : take_all(queue))
                taken.push_back(number);
        }
        CHECK(taken == std::vector{0, 2, 4, 6, 8});
        CHECK(queue.late() == 0);
    }
}

TEST_CASE("queue: a period as long as the pictures' own loses none of them to jitter") {
    PacketQueue queue = queue_at(DecodeLevel::keys, 1s);
    std::size_t taken = 0;
    for (int i = 0; i < 20; ++i) {
        queue.offer(picture(i, true, i * 1s + i * 7919 % 100 * 1ms));
        taken += take_all(queue).size();
    }
    CHECK(taken == 20);
}

TEST_CASE("queue: at discard nothing waits, but the newest picture that stands alone is known") {
    PacketQueue queue = queue_at(DecodeLevel::discard);
    queue.offer(picture(1, true, 0s));
    queue.offer(picture(2, false, 33ms));
    CHECK(queue.empty());
    REQUIRE(queue.newest_whole());
    CHECK(queue.newest_whole()->bytes->view()[0] == 1);
    queue.clear();
    CHECK_FALSE(queue.newest_whole());
}

TEST_CASE("queue: from keys to every picture it waits for the next key picture") {
    PacketQueue queue = queue_at(DecodeLevel::keys);
    queue.offer(picture(0, true, 0s));
    CHECK(take_all(queue) == std::vector{0});
    queue.set_order({DecodeLevel::full, {}});
    for (int i = 1; i < 6; ++i)
        queue.offer(picture(i, i == 4, i * 33ms));
    CHECK(take_all(queue) == std::vector{4, 5});
}

TEST_CASE("queue: from every picture to keys what builds on others is dropped, and none of it is late") {
    PacketQueue queue = queue_at(DecodeLevel::full);
    for (int i = 0; i < 7; ++i)
        queue.offer(picture(i, i % 4 == 0, i * 33ms));
    queue.set_order({DecodeLevel::keys, {}});
    CHECK(take_all(queue) == std::vector{4});
    queue.set_order({DecodeLevel::full, {}});
    queue.offer(picture(7, false, 7 * 33ms));
    CHECK(queue.empty());
    CHECK(queue.late() == 0);
}

TEST_CASE("queue: between deblocking and not it goes on without a break") {
    PacketQueue queue = queue_at(DecodeLevel::full);
    queue.offer(picture(0, true, 0s));
    queue.set_order({DecodeLevel::no_deblock, {}});
    queue.offer(picture(1, false, 33ms));
    queue.set_order({DecodeLevel::full, {}});
    queue.offer(picture(2, false, 66ms));
    CHECK(take_all(queue) == std::vector{0, 1, 2});
}

TEST_CASE("queue: after a failure what builds on the picture is dropped, up to a key picture") {
    PacketQueue queue = queue_at(DecodeLevel::full);
    for (int i = 0; i < 4; ++i)
        queue.offer(picture(i, i == 0, i * 33ms));
    CHECK(queue.take()->bytes->view()[0] == 0);
    queue.broken();
    queue.offer(picture(4, false, 140ms));
    CHECK(queue.empty());
    queue.offer(picture(5, true, 170ms));
    queue.offer(picture(6, false, 200ms));
    queue.offer(picture(7, true, 230ms));
    queue.offer(picture(8, false, 260ms));
    CHECK(queue.take()->bytes->view()[0] == 5);
    queue.broken();
    CHECK(take_all(queue) == std::vector{7, 8});
    CHECK(queue.late() == 0);
}

TEST_CASE("queue: after a picture that was none the next whole one is taken at once, not in its time") {
    PacketQueue queue = queue_at(DecodeLevel::keys, 10s);
    queue.offer(picture(1, true, 0s));
    CHECK(take_all(queue) == std::vector{1});
    queue.broken();
    queue.offer(picture(2, true, 1s));
    CHECK(take_all(queue) == std::vector{2});
    queue.offer(picture(3, true, 2s));
    CHECK(queue.empty());
}

TEST_CASE("queue: a packet without bytes is none") {
    PacketQueue queue = queue_at(DecodeLevel::full);
    queue.offer({});
    Packet empty = picture(0, true, 0s);
    empty.bytes = std::make_shared<const Bytes>();
    queue.offer(empty);
    CHECK(queue.empty());
    CHECK_FALSE(queue.newest_whole());
}
