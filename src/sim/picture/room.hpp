#pragma once

#include "sim/picture/scene.hpp"
#include "sim/picture/view.hpp"

namespace farmwall::sim {

// Where the parts of a printer are at one moment. The nozzle's tip is at z = 0 in a chamber, whose bed
// sinks; on an open frame the bed stays at one height, moves to and fro, and the beam climbs.
struct Pose {
    float bed_z = 0;
    float bed_y = 0;
    Place nozzle;
};

[[nodiscard]] View view_for(const Scene& scene, Size size);
// Light of the printer's own lamps, or what is left without them.
[[nodiscard]] Rgb light_for(const Scene& scene);

// What never moves.
void draw_room(const Stage& stage, const Scene& scene);
// The plate and what is printed on it; returns nothing beyond it.
void draw_bed(const Stage& stage, const Scene& scene, const Pose& pose);
void draw_object(const Stage& stage, const Scene& scene, const Pose& pose);
// What carries the head from side to side.
void draw_beam(const Stage& stage, const Scene& scene, const Pose& pose);
// The head and its nozzle.
void draw_head(const Stage& stage, const Scene& scene, const Pose& pose);

// `seconds` moves the head while the printer works.
[[nodiscard]] Pose pose_for(const Scene& scene, float height, double seconds);

}  // namespace farmwall::sim
