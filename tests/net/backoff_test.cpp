#include "net/backoff.hpp"

#include <doctest/doctest.h>

using namespace farmwall;
using namespace farmwall::net;
using namespace std::chrono_literals;

namespace {

const TimePoint t0{1h};

Backoff with_chance(double chance) {
    return Backoff{BackoffTimes{}, [chance] { return chance; }};
}

}  // namespace

TEST_CASE("backoff: waits double from one second to thirty") {
    Backoff backoff = with_chance(1.0);
    for (const auto wait : {1s, 2s, 4s, 8s, 16s, 30s, 30s, 30s})
        CHECK(backoff.next() == Duration{wait});
}

TEST_CASE("backoff: jitter takes away at most a quarter") {
    Backoff backoff = with_chance(0.0);
    CHECK(backoff.next() == Duration{750ms});
    for (int i = 0; i < 100; ++i)
        CHECK(backoff.next() <= Duration{22500ms});
}

TEST_CASE("backoff: after a refusal it never comes back before the minute, and the step does not grow") {
    CHECK(with_chance(0.0).next_refused() == Duration{60s});
    CHECK(with_chance(0.999).next_refused() < Duration{66s});
    Backoff backoff = with_chance(1.0);
    (void)backoff.next_refused();
    CHECK(backoff.next() == Duration{1s});
}

TEST_CASE("backoff: a connect alone resets nothing, a stable minute does") {
    Backoff backoff = with_chance(1.0);
    (void)backoff.next();
    (void)backoff.next();
    backoff.connected(t0);
    backoff.note_time(t0 + 59s);
    backoff.lost();
    CHECK(backoff.next() == Duration{4s});
    backoff.connected(t0 + 100s);
    backoff.note_time(t0 + 160s);
    backoff.lost();
    CHECK(backoff.next() == Duration{1s});
}

TEST_CASE("backoff: a person's wish starts it anew") {
    Backoff backoff = with_chance(1.0);
    for (int i = 0; i < 10; ++i)
        (void)backoff.next();
    backoff.reset();
    CHECK(backoff.next() == Duration{1s});
}
