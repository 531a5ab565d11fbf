#include "camera/pacing.hpp"

#include <doctest/doctest.h>

#include <algorithm>
#include <random>

using namespace farmwall;
using namespace farmwall::camera;
using namespace std::chrono_literals;

namespace {

const Machine typical;  // 200 pictures a second, one core

PacingInput rtsp(PictureWish wish) {
    PacingInput input;
    input.codec = Codec::h264;
    input.open = true;
    input.wish = wish;
    input.pictures_a_second = 30;
    input.keys_a_second = 1;
    input.source_height = 1080;
    return input;
}
PacingInput jpeg(PictureWish wish, double pictures_a_second = 1) {
    PacingInput input;
    input.codec = Codec::jpeg;
    input.open = true;
    input.wish = wish;
    input.pictures_a_second = pictures_a_second;
    input.keys_a_second = pictures_a_second;
    input.source_height = 720;
    return input;
}
PictureWish tile(int height) { return {height * 16 / 9, height, false, false}; }
PictureWish focused_tile(int height) { return {height * 16 / 9, height, true, false}; }
PictureWish needing_hands(int height) { return {height * 16 / 9, height, false, true}; }

PacingInput watched(PacingInput input) {
    input.watched = true;
    return input;
}

constexpr PacingOrder discard{DecodeLevel::discard, Duration::zero()};
constexpr PacingOrder keys{DecodeLevel::keys, Duration::zero()};
constexpr PacingOrder no_deblock{DecodeLevel::no_deblock, Duration::zero()};
constexpr PacingOrder full{DecodeLevel::full, Duration::zero()};
PacingOrder every(Duration interval, DecodeLevel level) { return {level, interval}; }

Machine with_budget(double cores) { return {200, cores}; }

}  // namespace

TEST_CASE("pacing: what is focused or drawn high is wished whole, the rest that is visible by key frames") {
    CHECK(wished(rtsp(focused_tile(100))) == full);
    CHECK(wished(rtsp(tile(full_height))) == full);
    CHECK(wished(rtsp(tile(full_height - 1))) == keys);
    CHECK(wished(rtsp(needing_hands(100))) == no_deblock);
    CHECK(wished(rtsp(needing_hands(full_height))) == full);
}

TEST_CASE("pacing: what nobody sees is discarded, or looked at once in ten seconds where it is watched") {
    CHECK(wished(rtsp({})) == discard);
    CHECK(wished(jpeg({})) == discard);
    CHECK(wished(rtsp({0, 0, true, true})) == discard);
    CHECK(wished(watched(rtsp({}))) == every(10s, DecodeLevel::keys));
    CHECK(wished(watched(jpeg({}))) == every(10s, DecodeLevel::full));
}

TEST_CASE("pacing: every JPEG picture is wished, but small tiles of fast cameras at five a second") {
    CHECK(wished(jpeg(tile(100))) == full);
    CHECK(wished(jpeg(tile(100), 5)) == full);
    CHECK(wished(jpeg(tile(100), 15)) == every(200ms, DecodeLevel::full));
    CHECK(wished(jpeg(tile(full_height), 15)) == full);
    CHECK(wished(jpeg(focused_tile(100), 15)) == full);
    CHECK(wished(jpeg(needing_hands(100), 15)) == full);
    PacingInput intra = rtsp(tile(100));
    intra.keys_a_second = 30;
    CHECK(wished(intra) == every(200ms, DecodeLevel::keys));
}

TEST_CASE("pacing: a camera that is not open gets its order in advance and costs nothing") {
    PacingInput input = rtsp(focused_tile(500));
    input.open = false;
    CHECK(wished(input) == full);
    CHECK(cost(input, full, typical) == 0);
}

TEST_CASE("pacing: costs follow the measured picture, or else the machine and the size") {
    PacingInput input = rtsp(tile(500));
    CHECK(cost(input, full, typical) == doctest::Approx(0.15));
    CHECK(cost(input, no_deblock, typical) == doctest::Approx(0.105));
    CHECK(cost(input, keys, typical) == doctest::Approx(0.0075));
    CHECK(cost(input, every(10s, DecodeLevel::keys), typical) == doctest::Approx(0.00075));
    CHECK(cost(input, discard, typical) == 0);
    input.source_height = 540;
    CHECK(cost(input, full, typical) == doctest::Approx(0.0375));
    input.full_ms = 10;
    CHECK(cost(input, full, typical) == doctest::Approx(0.3));
    CHECK(cost(jpeg(tile(100)), full, typical) == doctest::Approx(0.005 * 1.2 * 4 / 9));
}

TEST_CASE(
    "pacing: rates that are not known yet are taken as usual ones, and key frames cost no more than all") {
    PacingInput input = rtsp(tile(500));
    input.pictures_a_second = 0;
    input.keys_a_second = 0;
    CHECK(cost(input, full, typical) == doctest::Approx(0.15));
    CHECK(cost(input, keys, typical) == doctest::Approx(0.0075));
    input.pictures_a_second = 25;
    input.keys_a_second = 25;  // nothing but key frames
    CHECK(cost(input, keys, typical) == cost(input, full, typical));
}

TEST_CASE("pacing: within the budget everybody gets what is wished") {
    const std::vector<PacingInput> inputs = {rtsp(focused_tile(800)), rtsp(tile(200)), jpeg(tile(200)),
                                             rtsp({}), rtsp(needing_hands(200))};
    const PacingPlan made = plan(inputs, typical, nullptr);
    CHECK(made.orders == std::vector<PacingOrder>{full, keys, full, discard, no_deblock});
    CHECK(made.rate == 1);
    CHECK(made.step == 0);
    CHECK(made.planned_cores == made.wished_cores);
}

TEST_CASE("pacing: nothing wished costs nothing and is no lowered rate") {
    const PacingPlan none = plan({}, with_budget(0), nullptr);
    CHECK(none.orders.empty());
    CHECK(none.rate == 1);
    const std::vector<PacingInput> unseen(100, rtsp({}));
    CHECK(plan(unseen, with_budget(0), nullptr).rate == 1);
}

TEST_CASE(
    "pacing: deblocking goes first, then the pictures between key frames, then key frames; the focused "
    "one gives last") {
    std::vector<PacingInput> inputs(5, rtsp(tile(500)));
    inputs.push_back(rtsp(focused_tile(500)));
    const auto orders = [&](double budget) { return plan(inputs, with_budget(budget), nullptr).orders; };
    const auto expected = [](PacingOrder others, PacingOrder one) {
        return std::vector<PacingOrder>{others, others, others, others, others, one};
    };
    CHECK(orders(0.91) == expected(full, full));
    CHECK(orders(0.7) == expected(no_deblock, full));
    CHECK(orders(0.6) == expected(every(200ms, DecodeLevel::keys), full));
    CHECK(orders(0.17) == expected(every(2s, DecodeLevel::keys), full));
    CHECK(orders(0.154) == expected(every(10s, DecodeLevel::keys), full));
    CHECK(orders(0.15) == expected(every(10s, DecodeLevel::keys), no_deblock));
    CHECK(orders(0.1) == expected(every(10s, DecodeLevel::keys), every(0s, DecodeLevel::keys)));
    CHECK(orders(0) == expected(every(10s, DecodeLevel::keys), every(0s, DecodeLevel::keys)));
}

TEST_CASE("pacing: a focused JPEG camera keeps a picture a second, a watched one keeps being looked at") {
    const std::vector<PacingInput> inputs = {jpeg(focused_tile(500), 30), jpeg(tile(500), 30),
                                             watched(jpeg({}, 30)), watched(rtsp({}))};
    CHECK(plan(inputs, with_budget(0), nullptr).orders ==
          std::vector<PacingOrder>{every(1s, DecodeLevel::full), every(10s, DecodeLevel::full),
                                   every(10s, DecodeLevel::full), every(10s, DecodeLevel::keys)});
}

TEST_CASE("pacing: rates go up again only when the budget has a tenth to spare") {
    const std::vector<PacingInput> inputs(10, rtsp(tile(500)));  // 1.5 cores whole, 1.05 without deblocking
    const PacingPlan lowered = plan(inputs, with_budget(1.45), nullptr);
    REQUIRE(lowered.orders.front() == no_deblock);
    CHECK(plan(inputs, with_budget(1.55), &lowered).orders.front() == no_deblock);
    CHECK(plan(inputs, with_budget(1.55), nullptr).orders.front() == full);
    const PacingPlan raised = plan(inputs, with_budget(1.67), &lowered);
    CHECK(raised.orders.front() == full);
    // Down at once, and not by more than is needed.
    CHECK(plan(inputs, with_budget(1.45), &raised).orders.front() == no_deblock);
    // A plan that is kept stays where it is, however often it is made anew.
    PacingPlan again = lowered;
    for (int i = 0; i < 5; ++i)
        again = plan(inputs, with_budget(1.6), &again);
    CHECK(again.orders == lowered.orders);
}

namespace {

struct Farm {
    std::vector<PacingInput> inputs;
    Machine machine;
};

Farm any_farm(std::mt19937& random) {
    const auto below = [&](int bound) { return std::uniform_int_distribution<int>{0, bound - 1}(random); };
    const auto between = [&](double a, double b) { return std::uniform_real_distribution<>{a, b}(random); };
    Farm farm;
    farm.machine = {between(20, 1000), between(0, 2)};
    const int cameras = below(30);
    for (int i = 0; i < cameras; ++i) {
        if (i > 0 && below(3) == 0) {  // some are equal
            farm.inputs.push_back(farm.inputs.at(static_cast<std::size_t>(below(i))));
            continue;
        }
        PacingInput input;
        input.codec = below(2) == 0 ? Codec::h264 : Codec::jpeg;
        input.open = below(5) > 0;
        input.wish = below(4) == 0 ? PictureWish{} : tile(1 + below(1000));
        input.wish.focused = below(8) == 0;
        input.wish.attention = below(5) == 0;
        input.watched = below(2) == 0;
        input.pictures_a_second = below(4) == 0 ? 0 : between(0.1, 60);
        input.keys_a_second = below(4) == 0 ? 0 : between(0.05, 1) * input.pictures_a_second;
        if (below(2) == 0) input.full_ms = between(0, 20);
        input.source_height = below(3) == 0 ? 0 : 240 + below(2000);
        farm.inputs.push_back(input);
    }
    return farm;
}

double sum_of(const Farm& farm, const PacingPlan& made) {
    double sum = 0;
    for (std::size_t i = 0; i < farm.inputs.size(); ++i)
        sum += cost(farm.inputs[i], made.orders[i], farm.machine);
    return sum;
}

bool at_floor(const PacingInput& input, const PacingOrder& order) {
    if (order.level == DecodeLevel::discard) return true;
    if (input.codec == Codec::h264 && order.level != DecodeLevel::keys) return false;
    const bool focused = input.wish.focused && input.wish.height > 0;
    if (focused) return input.codec == Codec::h264 || order.least_interval >= 1s;
    return order.least_interval == longest_interval;
}

bool lower(const PacingOrder& a, const PacingOrder& b) {
    return a.level < b.level || (a.level == b.level && a.least_interval > b.least_interval);
}

bool equal(const PacingInput& a, const PacingInput& b) {
    return a.codec == b.codec && a.open == b.open && a.wish == b.wish && a.watched == b.watched &&
           a.pictures_a_second == b.pictures_a_second && a.keys_a_second == b.keys_a_second;
}

}  // namespace

TEST_CASE(
    "pacing: no plan is above the budget unless everybody is at the floor, and nobody gets more than "
    "wished") {
    std::mt19937 random{1};
    for (int round = 0; round < 3000; ++round) {
        const Farm farm = any_farm(random);
        const PacingPlan made = plan(farm.inputs, farm.machine, nullptr);
        REQUIRE(made.orders.size() == farm.inputs.size());
        REQUIRE(made.planned_cores == doctest::Approx(sum_of(farm, made)));
        bool floor = true;
        for (std::size_t i = 0; i < farm.inputs.size(); ++i) {
            floor = floor && at_floor(farm.inputs[i], made.orders[i]);
            REQUIRE_FALSE(lower(wished(farm.inputs[i]), made.orders[i]));
            REQUIRE(made.orders[i].least_interval <= longest_interval);
            // What is visible or watched is never given up.
            const bool wanted = wished(farm.inputs[i]).level != DecodeLevel::discard;
            REQUIRE((made.orders[i].level != DecodeLevel::discard) == wanted);
        }
        REQUIRE((floor || made.planned_cores <= farm.machine.budget_cores));
        REQUIRE(made.rate >= 0);
    }
}

TEST_CASE("pacing: equal cameras get equal orders, and the same question the same answer") {
    std::mt19937 random{2};
    for (int round = 0; round < 1000; ++round) {
        const Farm farm = any_farm(random);
        const PacingPlan made = plan(farm.inputs, farm.machine, nullptr);
        REQUIRE(plan(farm.inputs, farm.machine, nullptr).orders == made.orders);
        for (std::size_t i = 0; i < farm.inputs.size(); ++i)
            for (std::size_t j = 0; j < i; ++j)
                if (equal(farm.inputs[i], farm.inputs[j])) REQUIRE(made.orders[i] == made.orders[j]);
        // The order of the cameras does not matter.
        Farm turned = farm;
        std::reverse(turned.inputs.begin(), turned.inputs.end());
        PacingPlan other = plan(turned.inputs, turned.machine, nullptr);
        std::reverse(other.orders.begin(), other.orders.end());
        if (other.step == made.step) REQUIRE(other.orders == made.orders);
    }
}

TEST_CASE("pacing: more budget never lowers anybody, whatever plan is in force") {
    std::mt19937 random{3};
    for (int round = 0; round < 2000; ++round) {
        const Farm farm = any_farm(random);
        Farm earlier = any_farm(random);
        const PacingPlan before = plan(earlier.inputs, earlier.machine, nullptr);
        const PacingPlan* in_force = round % 2 == 0 ? &before : nullptr;
        Machine richer = farm.machine;
        richer.budget_cores *= std::uniform_real_distribution<>{1, 3}(random);
        const PacingPlan poor = plan(farm.inputs, farm.machine, in_force);
        const PacingPlan rich = plan(farm.inputs, richer, in_force);
        for (std::size_t i = 0; i < farm.inputs.size(); ++i)
            REQUIRE_FALSE(lower(rich.orders[i], poor.orders[i]));
    }
}

TEST_CASE("pacing: a wall of sixteen with one focused keeps its key frames on a small machine") {
    std::vector<PacingInput> inputs(15, rtsp(tile(270)));
    inputs.push_back(rtsp(focused_tile(270)));
    const PacingPlan made = plan(inputs, with_budget(0.3), nullptr);
    CHECK(made.step == 0);
    CHECK(made.planned_cores == doctest::Approx(0.15 + 15 * 0.0075));
}
