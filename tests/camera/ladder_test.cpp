#include "camera/ladder.hpp"

#include <doctest/doctest.h>

#include <array>
#include <vector>

using namespace farmwall;
using namespace farmwall::camera;
using namespace std::chrono_literals;

namespace {

const TimePoint t0{1h};
constexpr auto broken = CameraProblem::stalled;

Ladder with_chance(double chance) {
    return Ladder{[chance] { return chance; }};
}

std::vector<Duration> waits(Ladder& ladder, int count, CameraProblem problem = broken) {
    std::vector<Duration> found;
    found.reserve(static_cast<std::size_t>(count));
    for (int i = 0; i < count; ++i)
        found.push_back(ladder.next(problem, t0));
    return found;
}

}  // namespace

TEST_CASE("ladder: waits 1, 2, 5, 15 and then always 60 seconds") {
    Ladder ladder = with_chance(0);
    CHECK(waits(ladder, 7) == std::vector<Duration>{1s, 2s, 5s, 15s, 60s, 60s, 60s});
}

TEST_CASE("ladder: jitter takes away up to a quarter and never adds") {
    std::array<double, 4> script = {0.0, 0.5, 0.999999, 0.25};
    std::size_t drawn = 0;
    Ladder ladder{[&] { return script.at(drawn++); }};
    CHECK(ladder.next(broken, t0) == Duration{1s});
    CHECK(ladder.next(broken, t0) == Duration{1750ms});
    const Duration third = ladder.next(broken, t0);
    CHECK(third > Duration{3750ms});
    CHECK(third < Duration{3751ms});
    CHECK(ladder.next(broken, t0) == Duration{14062500us});
    CHECK(drawn == 4);
}

TEST_CASE("ladder: a minute of pictures starts it anew, less does not, and a connect alone never") {
    Ladder ladder = with_chance(0);
    (void)waits(ladder, 3);
    ladder.pictures_began(t0);
    CHECK(ladder.next(broken, t0 + 59999ms) == Duration{15s});
    CHECK(ladder.next(broken, t0 + 2min) == Duration{60s});  // no pictures in between
    ladder.pictures_began(t0 + 3min);
    CHECK(ladder.next(broken, t0 + 4min) == Duration{1s});
    CHECK(ladder.next(broken, t0 + 9min) == Duration{2s});
}

TEST_CASE("ladder: a refused login or certificate waits the longest step at once, and climbs no step") {
    for (const auto problem :
         {CameraProblem::bad_access_code, CameraProblem::certificate_changed, CameraProblem::wrong_serial}) {
        Ladder ladder = with_chance(0);
        CHECK(ladder.next(problem, t0) == Duration{60s});
        CHECK(ladder.next(problem, t0) == Duration{60s});
        CHECK(ladder.next(broken, t0) == Duration{1s});
    }
    CHECK(with_chance(0.999999).next(CameraProblem::bad_access_code, t0) >= Duration{45s});
}

TEST_CASE("ladder: five refusals of the port in a row are told as such") {
    constexpr auto refused = CameraProblem::refused_connection;
    Ladder ladder = with_chance(0);
    for (int i = 0; i < 4; ++i) {
        (void)ladder.next(refused, t0);
        CHECK(ladder.told(refused) == refused);
    }
    (void)ladder.next(refused, t0);
    CHECK(ladder.told(refused) == CameraProblem::refused_often);
    CHECK(ladder.told(CameraProblem::unreachable) == CameraProblem::unreachable);

    SUBCASE("another problem in between ends the row") {
        (void)ladder.next(CameraProblem::unreachable, t0);
        (void)ladder.next(refused, t0);
        CHECK(ladder.told(refused) == refused);
    }
    SUBCASE("pictures end the row") {
        ladder.pictures_began(t0);
        (void)ladder.next(refused, t0 + 1s);
        CHECK(ladder.told(refused) == refused);
    }
    SUBCASE("a sixth and any further refusal is still often") {
        (void)waits(ladder, 100, refused);
        CHECK(ladder.told(refused) == CameraProblem::refused_often);
    }
}

TEST_CASE("ladder: a person's wish starts it anew") {
    Ladder ladder = with_chance(0);
    (void)waits(ladder, 10, CameraProblem::refused_connection);
    ladder.reset();
    CHECK(ladder.told(CameraProblem::refused_connection) == CameraProblem::refused_connection);
    CHECK(ladder.next(broken, t0) == Duration{1s});
}
