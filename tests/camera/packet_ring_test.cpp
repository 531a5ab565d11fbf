#include <doctest/doctest.h>

#include <random>

#include "camera/black_box.hpp"

using namespace farmwall;
using namespace farmwall::camera;
using namespace std::chrono_literals;

namespace {

const TimePoint t0{1h};
const auto parameters = std::make_shared<const Bytes>(std::vector<std::uint8_t>(20));

Packet packet(Duration after, bool key, std::size_t size = 1000) {
    return {Codec::h264, std::make_shared<const Bytes>(std::vector<std::uint8_t>(size)), parameters, key,
            t0 + after};
}

// Ten pictures a second, a key frame each second, 1000 bytes each.
PacketRing filled(Duration longest, std::size_t most_bytes, int pictures) {
    PacketRing ring{longest, most_bytes};
    for (int i = 0; i < pictures; ++i)
        ring.push(packet(i * 100ms, i % 10 == 0));
    return ring;
}

constexpr std::size_t plenty = 100'000'000;

}  // namespace

TEST_CASE("ring: what is taken begins at the last key frame not after the moment asked for") {
    const PacketRing ring = filled(60s, plenty, 100);
    const auto taken = ring.since(t0 + 4550ms);
    REQUIRE(taken.size() == 60);
    CHECK(taken.front().key);
    CHECK(taken.front().arrived == t0 + 4s);
    CHECK(taken.back().arrived == t0 + 9900ms);
    CHECK(ring.since(t0 + 4s).front().arrived == t0 + 4s);
    CHECK(ring.since(t0 + 3999ms).front().arrived == t0 + 3s);
}

TEST_CASE("ring: where no key frame that old is left, it begins at the oldest") {
    CHECK(filled(60s, plenty, 100).since(t0 - 1h).size() == 100);
}

TEST_CASE("ring: nothing since then is nothing, however much is older") {
    const PacketRing ring = filled(60s, plenty, 100);
    CHECK(ring.since(t0 + 9900ms).size() == 10);
    CHECK(ring.since(t0 + 9901ms).empty());
    CHECK(PacketRing{60s, plenty}.since(t0).empty());
}

TEST_CASE("ring: what is taken shares its bytes with the ring") {
    PacketRing ring{60s, plenty};
    const Packet pushed = packet(0s, true);
    ring.push(pushed);
    CHECK(ring.since(t0).front().bytes.get() == pushed.bytes.get());
    CHECK(ring.since(t0).front().parameters.get() == parameters.get());
}

TEST_CASE("ring: by time it keeps the key frame that leads into the span, and drops what is older") {
    const PacketRing ring = filled(5s, plenty, 100);
    const auto kept = ring.since(t0);
    CHECK(kept.front().arrived == t0 + 4s);
    CHECK(kept.size() == 60);
}

TEST_CASE("ring: by bytes it drops the oldest key frame with all that needs it") {
    PacketRing ring = filled(60s, 40'000, 100);
    CHECK(ring.bytes() <= 40'000);
    auto kept = ring.since(t0);
    CHECK(kept.front().key);
    CHECK(kept.size() == 30);
    ring.set_most_bytes(15'000);
    CHECK(ring.bytes() <= 15'000);
    kept = ring.since(t0);
    CHECK(kept.size() == 10);
    ring.set_most_bytes(5'000);
    CHECK(ring.since(t0).empty());
    CHECK(ring.bytes() == 0);
}

TEST_CASE("ring: pictures before the first key frame are of no use and not kept") {
    PacketRing ring{60s, plenty};
    ring.push(packet(0s, false));
    ring.push(Packet{});
    CHECK(ring.bytes() == 0);
    ring.push(packet(1s, true));
    ring.push(packet(2s, false));
    CHECK(ring.since(t0).size() == 2);
    ring.clear();
    CHECK(ring.bytes() == 0);
    ring.push(packet(3s, false));
    CHECK(ring.since(t0).empty());
}

TEST_CASE("ring: tiny packets are counted with what they hold besides their bytes") {
    PacketRing ring{1h, 100'000};
    for (int i = 0; i < 10'000; ++i)
        ring.push(packet(i * 1ms, true, 1));
    CHECK(ring.since(t0).size() < 1000);
    CHECK(ring.since(t0).size() > 100);
}

TEST_CASE("ring: whatever is pushed, it stays within its bytes, begins at a key frame and keeps the order") {
    std::mt19937 random{4};
    const auto below = [&](int bound) { return std::uniform_int_distribution<int>{0, bound - 1}(random); };
    for (int round = 0; round < 200; ++round) {
        const auto most = std::size_t{1000} + static_cast<std::size_t>(below(100'000));
        PacketRing ring{std::chrono::milliseconds{below(10'000)}, most};
        Duration at = 0s;
        for (int i = 0; i < 300; ++i) {
            at += std::chrono::milliseconds{below(200)};
            ring.push(packet(at, below(8) == 0, static_cast<std::size_t>(below(3000))));
            REQUIRE(ring.bytes() <= most);
            const auto kept = ring.since(t0 + at);
            if (!kept.empty()) {
                REQUIRE(kept.front().key);
                REQUIRE(kept.back().arrived == t0 + at);
            }
        }
        const auto all = ring.since(TimePoint{});
        for (std::size_t i = 1; i < all.size(); ++i)
            REQUIRE(all[i - 1].arrived <= all[i].arrived);
    }
}
