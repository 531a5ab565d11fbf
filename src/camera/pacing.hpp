#pragma once

#include <chrono>
#include <optional>
#include <span>
#include <vector>

#include "base/clock.hpp"
#include "camera/packet.hpp"
#include "camera/picture_board.hpp"

namespace farmwall::camera {

// What is known of one camera when its rate is decided.
struct PacingInput {
    Codec codec = Codec::h264;
    bool open = false;  // pictures come
    PictureWish wish;
    bool watched = false;           // its picture has to be looked at now and then even when nobody sees it
    double pictures_a_second = 0;   // as received; 0: not known yet
    double keys_a_second = 0;       // of these, decodable alone
    std::optional<double> full_ms;  // CPU to decode one picture fully; nothing: not measured yet
    int source_height = 0;          // 0: not known yet
};

// What is decoded of one camera.
struct PacingOrder {
    DecodeLevel level = DecodeLevel::discard;
    // For keys and JPEG: not more often than this.
    Duration least_interval{};
    friend bool operator==(const PacingOrder&, const PacingOrder&) = default;
};

struct PacingPlan {
    std::vector<PacingOrder> orders;
    double wished_cores = 0;   // what the wishes would cost
    double planned_cores = 0;  // what the orders cost
    double rate = 1;           // planned over wished, 1 when nothing is wished
};

struct Machine {
    // 1080p pictures that one core decodes in a second; costs that were not measured follow from it.
    double pictures_a_second = 200;
    double budget_cores = 1;  // what decoding may use in all
};

// The wish of one camera without regard for others: focused or drawn high enough gives every picture;
// attention gives every picture without deblocking even in a small tile; the rest that is visible gives
// key frames; invisible is discarded, or one key frame in ten seconds where `watched`.
[[nodiscard]] PacingOrder wished(const PacingInput& input);

// Pure: fits the wishes into the budget. What must be saved is taken evenly from all cameras that nobody
// focuses, a step at a time (deblocking, then pictures between key frames, then key frames); the
// focused one gives last. `before` is the plan in force: rates go up again only when the budget has a
// tenth to spare, so that a plan on the border does not flap.
[[nodiscard]] PacingPlan plan(std::span<const PacingInput> inputs, const Machine& machine,
                              const PacingPlan* before);

}  // namespace farmwall::camera
