#include "queue_world.hpp"

using namespace farmwall;
using namespace farmwall::testing;

TEST_CASE(
    "queue: in 100 000 random steps nothing starts where it must not, and no job is lost or started twice") {
    int starts = 0;
    int crashes = 0;
    for (std::uint64_t seed = 1; seed <= 20; ++seed) {
        CAPTURE(seed);
        QueueWorld world{seed};
        for (int step = 0; step < 5'000; ++step) {
            CAPTURE(step);
            world.step();
        }
        starts += world.starts();
        crashes += world.crashes();
    }
    // The steps did reach what they are about.
    CHECK(starts > 200);
    CHECK(crashes > 100);
}

TEST_CASE("queue: whatever happened, once nothing new happens no job is left halfway") {
    for (std::uint64_t seed = 101; seed <= 110; ++seed) {
        CAPTURE(seed);
        QueueWorld world{seed};
        for (int step = 0; step < 1'000; ++step)
            world.step();
        world.settle();
        for (const auto& [phase, count] : world.ends()) {
            CAPTURE(name(phase));
            CHECK((count == 0 || is_over(phase) || phase == JobPhase::queued || phase == JobPhase::held));
        }
    }
}
