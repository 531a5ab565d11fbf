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
// Costs that were not measured follow from the machine's speed; rates that are not known yet are taken
// as 30 pictures and one key frame a second (JPEG: one picture).
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

// What is decoded of one camera. JPEG knows only discard and full, and gives way by `least_interval`.
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
    int step = 0;              // how far the wishes were lowered; 0: not at all
};

struct Machine {
    // 1080p pictures that one core decodes in a second; costs that were not measured follow from it.
    double pictures_a_second = 200;
    double budget_cores = 1;  // what decoding may use in all
};

// Drawn as high as this, every picture of a camera is wished: below, a full-rate 1080p30 costs seven
// hundredths of a core for each hundred pixels that hardly show the motion (performance: 0.147 core full,
// 0.01 by key frames; a wall of 16 on 1080p draws tiles 270 high, one of 4 draws them 540 high).
inline constexpr int full_height = 360;
// Smaller tiles show at most five JPEG pictures or key frames a second; it matters to fast cameras only.
inline constexpr Duration small_tile_interval = std::chrono::milliseconds{200};
// The floor, and what a camera that nobody sees is looked at: one picture in so long.
inline constexpr Duration longest_interval = std::chrono::seconds{10};

// Parts of the cost of a picture decoded fully: without deblocking (measured 0.63-0.8), and of a key frame,
// which is bigger than the mean.
inline constexpr double no_deblock_cost = 0.7;
inline constexpr double key_cost = 1.5;

// The wish of one camera without regard for others: focused or drawn high enough gives every picture;
// attention gives every picture without deblocking even in a small tile; the rest that is visible gives
// key frames; invisible is discarded, or one key frame in ten seconds where `watched`. Whether it is open
// does not matter: the order in force decides what happens to its first picture.
[[nodiscard]] PacingOrder wished(const PacingInput& input);

// What one order costs, in cores. 0 for a camera that is not open.
[[nodiscard]] double cost(const PacingInput& input, const PacingOrder& order, const Machine& machine);

// Pure: fits the wishes into the budget. What must be saved is taken evenly from all cameras that nobody
// focuses, a step at a time (deblocking, then pictures between key frames, then key frames, down to one
// in ten seconds); then from the focused ones, which keep at least their key frames (JPEG: one picture a
// second). A step is a bound on everybody's order, so equal cameras get equal orders. The first step that
// fits is taken; where none fits, the last. `before` is the plan in force: rates go up again only
// when the budget has a tenth to spare, so that a plan on the border does not flap.
[[nodiscard]] PacingPlan plan(std::span<const PacingInput> inputs, const Machine& machine,
                              const PacingPlan* before);

}  // namespace farmwall::camera
