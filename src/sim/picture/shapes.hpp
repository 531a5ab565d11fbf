#pragma once

#include <cstdint>

namespace farmwall::sim {

// What is printed: a body whose outline at every height is seen whole from its axis.
class Shape {
public:
    explicit Shape(std::uint64_t seed);
    [[nodiscard]] float height_mm() const { return height_mm_; }
    // From the axis to the surface; `height` from 0, the bed, to 1.
    [[nodiscard]] float radius_mm(float angle, float height) const;

private:
    enum class Kind { vase, gear, box, rocket, planter, pawn, tree, knob };
    Kind kind_;
    float height_mm_;
    float size_;  // of all radii
    float turn_;  // where the outline begins
};

}  // namespace farmwall::sim
