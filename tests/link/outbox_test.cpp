#include "link/outbox.hpp"

#include <doctest/doctest.h>

#include <string>

using namespace farmwall;
using namespace farmwall::link;
using namespace std::chrono_literals;

namespace {

constexpr TimePoint t0{1h};

Outbox<std::string> usual() { return Outbox<std::string>{{1s, 5s, 30s, 120s}, 3}; }

// What may be tried at `now`; "-": nothing.
std::string due(const Outbox<std::string>& box, TimePoint now) {
    const auto entry = box.due(now);
    return entry ? entry->item : "-";
}

}  // namespace

TEST_CASE("outbox: an empty one has nothing due, a filled one the oldest at once") {
    auto box = usual();
    CHECK_FALSE(box.next_due());
    CHECK(due(box, t0) == "-");
    CHECK(box.push("a"));
    CHECK(box.push("b"));
    REQUIRE(box.next_due());
    CHECK(*box.next_due() < t0);
    CHECK(due(box, t0) == "a");
}

TEST_CASE("outbox: what was delivered or refused is gone, and the next one is due at once") {
    auto box = usual();
    CHECK(box.push("a"));
    CHECK(box.push("b"));
    CHECK(box.push("c"));
    box.delivered(box.due(t0)->number);
    CHECK(due(box, t0) == "b");
    box.refused(box.due(t0)->number);
    CHECK(due(box, t0) == "c");
    CHECK(box.size() == 1);
}

TEST_CASE("outbox: waits grow with each failure, the last one repeats, and a delivery ends them") {
    auto box = usual();
    CHECK(box.push("a"));
    TimePoint now = t0;
    for (const Duration wait : {Duration{1s}, Duration{5s}, Duration{30s}, Duration{120s}, Duration{120s}}) {
        box.failed(now);
        CHECK(box.next_due() == now + wait);
        CHECK(due(box, now + wait - 1ms) == "-");
        CHECK(due(box, now + wait) == "a");
        now += wait;
    }
    box.delivered(box.due(now)->number);
    CHECK(box.push("b"));
    CHECK(due(box, now) == "b");
    box.failed(now);
    CHECK(box.next_due() == now + 1s);
}

TEST_CASE("outbox: a message that comes during a wait does not shorten it") {
    auto box = usual();
    CHECK(box.push("a"));
    box.failed(t0);
    CHECK(box.push("b"));
    CHECK(due(box, t0 + 999ms) == "-");
    CHECK(due(box, t0 + 1s) == "a");
}

TEST_CASE("outbox: a refused message does not end the wait of the others") {
    auto box = usual();
    CHECK(box.push("a"));
    const auto entry = box.due(t0);
    box.failed(t0);
    box.refused(entry->number);
    CHECK(box.push("b"));
    CHECK(due(box, t0) == "-");
}

TEST_CASE("outbox: trying now forgets the failures") {
    auto box = usual();
    CHECK(box.push("a"));
    box.failed(t0);
    box.failed(t0);
    box.try_now();
    CHECK(due(box, t0) == "a");
    box.failed(t0);
    CHECK(box.next_due() == t0 + 1s);
}

TEST_CASE("outbox: a full one drops the oldest and says so") {
    auto box = usual();
    CHECK(box.push("a"));
    CHECK(box.push("b"));
    CHECK(box.push("c"));
    CHECK_FALSE(box.push("d"));
    CHECK(box.size() == 3);
    CHECK(due(box, t0) == "b");
}

TEST_CASE("outbox: what was dropped on its way and arrives takes no other with it") {
    auto box = usual();
    CHECK(box.push("a"));
    const auto on_its_way = box.due(t0);
    CHECK(box.push("b"));
    CHECK(box.push("c"));
    CHECK_FALSE(box.push("d"));
    box.delivered(on_its_way->number);
    CHECK(box.size() == 3);
    CHECK(due(box, t0) == "b");
}
