#include "camera/pacing.hpp"

#include <algorithm>
#include <array>

namespace farmwall::camera {
namespace {

constexpr double default_pictures = 30;
constexpr double default_keys = 1;
constexpr double default_jpegs = 1;
constexpr int default_height = 1080;
constexpr int default_jpeg_height = 720;
// A JPEG picture against an H.264 picture of the same size (performance: 2.65 ms at 720p, 4.9 ms at 1080p).
constexpr double jpeg_cost = 1.2;
constexpr double spare_before_up = 0.1;
constexpr Duration every = Duration::zero();

// A bound on what is decoded of one camera.
struct Bound {
    DecodeLevel level = DecodeLevel::full;
    Duration least_interval = every;
};

// What each step leaves to a camera that nobody focuses. The intervals grow by about half each time: fine
// enough that no step saves much more than is needed.
constexpr auto bound = [](DecodeLevel level, int milliseconds) {
    return Bound{level, std::chrono::milliseconds{milliseconds}};
};
constexpr std::array<Bound, 16> others_steps = {
    bound(DecodeLevel::full, 0),    bound(DecodeLevel::no_deblock, 0),
    bound(DecodeLevel::keys, 200),  bound(DecodeLevel::keys, 330),
    bound(DecodeLevel::keys, 500),  bound(DecodeLevel::keys, 750),
    bound(DecodeLevel::keys, 1000), bound(DecodeLevel::keys, 1250),
    bound(DecodeLevel::keys, 1500), bound(DecodeLevel::keys, 2000),
    bound(DecodeLevel::keys, 3000), bound(DecodeLevel::keys, 4000),
    bound(DecodeLevel::keys, 5000), bound(DecodeLevel::keys, 6500),
    bound(DecodeLevel::keys, 8000), Bound{DecodeLevel::keys, longest_interval},
};
// The focused one's, once the others have nothing left to give. Its key frames are never bounded.
constexpr std::array<Bound, 4> focused_steps = {
    bound(DecodeLevel::full, 0),
    bound(DecodeLevel::no_deblock, 0),
    bound(DecodeLevel::keys, 200),
    bound(DecodeLevel::keys, 1000),
};
constexpr int last_step = static_cast<int>(others_steps.size() + focused_steps.size()) - 2;

bool visible(const PacingInput& input) { return input.wish.width > 0 && input.wish.height > 0; }
bool focused(const PacingInput& input) { return visible(input) && input.wish.focused; }

// A small tile shows no more than this of pictures that each stand alone.
Duration small_interval(double pictures_a_second) {
    const double in_one = pictures_a_second * std::chrono::duration<double>(small_tile_interval).count();
    return in_one > 1 ? small_tile_interval : every;
}

PacingOrder wished_jpeg(const PacingInput& input) {
    if (!visible(input)) {
        if (!input.watched) return {DecodeLevel::discard, every};
        return {DecodeLevel::full, longest_interval};
    }
    const bool small = !input.wish.focused && !input.wish.attention && input.wish.height < full_height;
    return {DecodeLevel::full, small ? small_interval(input.pictures_a_second) : every};
}

PacingOrder lowered(const PacingInput& input, int step) {
    PacingOrder order = wished(input);
    const int others_last = static_cast<int>(others_steps.size()) - 1;
    const Bound& to = focused(input)
                          ? focused_steps.at(static_cast<std::size_t>(std::max(0, step - others_last)))
                          : others_steps.at(static_cast<std::size_t>(std::min(step, others_last)));
    if (input.codec == Codec::h264) order.level = std::min(order.level, to.level);
    const bool bounded = input.codec == Codec::jpeg || (order.level == DecodeLevel::keys && !focused(input));
    if (bounded && order.level != DecodeLevel::discard)
        order.least_interval = std::max(order.least_interval, to.least_interval);
    return order;
}

double cost_at(std::span<const PacingInput> inputs, const Machine& machine, int step) {
    double sum = 0;
    for (const PacingInput& input : inputs)
        sum += cost(input, lowered(input, step), machine);
    return sum;
}

double full_ms(const PacingInput& input, const Machine& machine) {
    if (input.full_ms) return std::max(0.0, *input.full_ms);
    const bool jpeg = input.codec == Codec::jpeg;
    const double height =
        input.source_height > 0 ? input.source_height : (jpeg ? default_jpeg_height : default_height);
    const double size = height / default_height * height / default_height;
    return (jpeg ? jpeg_cost : 1.0) * size * 1000 / std::max(1.0, machine.pictures_a_second);
}

}  // namespace

PacingOrder wished(const PacingInput& input) {
    if (input.codec == Codec::jpeg) return wished_jpeg(input);
    if (!visible(input)) {
        if (!input.watched) return {DecodeLevel::discard, every};
        return {DecodeLevel::keys, longest_interval};
    }
    if (input.wish.focused || input.wish.height >= full_height) return {DecodeLevel::full, every};
    if (input.wish.attention) return {DecodeLevel::no_deblock, every};
    return {DecodeLevel::keys, small_interval(input.keys_a_second)};
}

double cost(const PacingInput& input, const PacingOrder& order, const Machine& machine) {
    if (!input.open || order.level == DecodeLevel::discard) return 0;
    const bool jpeg = input.codec == Codec::jpeg;
    const double pictures =
        input.pictures_a_second > 0 ? input.pictures_a_second : (jpeg ? default_jpegs : default_pictures);
    const double picture = full_ms(input, machine) / 1000;
    if (!jpeg && order.level == DecodeLevel::full) return pictures * picture;
    if (!jpeg && order.level == DecodeLevel::no_deblock) return pictures * picture * no_deblock_cost;

    double rate = pictures;
    if (!jpeg) rate = std::min(pictures, input.keys_a_second > 0 ? input.keys_a_second : default_keys);
    if (order.least_interval > every)
        rate = std::min(rate, 1 / std::chrono::duration<double>(order.least_interval).count());
    // Key frames are dearer than the mean, but together no dearer than all pictures.
    return jpeg ? rate * picture : std::min(rate * key_cost, pictures) * picture;
}

PacingPlan plan(std::span<const PacingInput> inputs, const Machine& machine, const PacingPlan* before) {
    PacingPlan made;
    made.wished_cores = cost_at(inputs, machine, 0);
    made.planned_cores = made.wished_cores;
    const int in_force = before ? std::clamp(before->step, 0, last_step) : 0;
    for (;; ++made.step) {
        if (made.step > 0) made.planned_cores = cost_at(inputs, machine, made.step);
        // Steps above the one in force would raise rates.
        const double spare = made.step < in_force ? spare_before_up : 0;
        if (made.planned_cores <= machine.budget_cores * (1 - spare) || made.step == last_step) break;
    }
    made.orders.reserve(inputs.size());
    for (const PacingInput& input : inputs)
        made.orders.push_back(lowered(input, made.step));
    if (made.wished_cores > 0) made.rate = made.planned_cores / made.wished_cores;
    return made;
}

}  // namespace farmwall::camera
