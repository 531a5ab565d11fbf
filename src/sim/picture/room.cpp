#include "sim/picture/room.hpp"

#include <cmath>

#include "sim/picture/shapes.hpp"

namespace farmwall::sim {

namespace {

constexpr float half_width = 205;
constexpr float back = 195;
constexpr float ground = -280;
constexpr float ceiling = 420;
constexpr float front = -420;

constexpr float table = -128;  // of an open frame
constexpr float open_bed = -100;

constexpr Rgb cool{0.93F, 0.97F, 1.0F};

Rgb wall_color(const Scene& scene) {
    // Machines of one room are not all alike.
    constexpr Rgb colors[] = {{0.20F, 0.21F, 0.23F}, {0.165F, 0.175F, 0.2F}, {0.24F, 0.245F, 0.25F}};
    return colors[scene.number % 3];
}

void draw_back_wall(const Stage& stage, Rgb wall) {
    stage.shaded_face({{{-half_width, back, ground},
                        {half_width, back, ground},
                        {half_width, back, ceiling},
                        {-half_width, back, ceiling}}},
                      wall * 1.25F, wall * 0.62F, 0.03F);
    // A recessed panel with slots for air.
    stage.shaded_face(
        {{{-120, back - 1, -150}, {120, back - 1, -150}, {120, back - 1, 120}, {-120, back - 1, 120}}},
        wall * 1.02F, wall * 0.55F, 0.03F);
    stage.bar({-120, back - 1, 120}, {120, back - 1, 120}, 2, wall * 0.9F);
    stage.bar({-120, back - 1, -150}, {-120, back - 1, 120}, 2, wall * 1.6F);
    for (int row = 0; row < 7; ++row)
        for (int column = 0; column < 2; ++column) {
            const float z = 84 - 13 * static_cast<float>(row);
            const float x = column == 0 ? -96.0F : 24.0F;
            stage.face(
                {{x, back - 2, z}, {x + 72, back - 2, z}, {x + 72, back - 2, z + 5}, {x, back - 2, z + 5}},
                stage.lit(wall, 0.22F));
        }
    // The chute for waste, at the left.
    stage.face({{-196, back - 2, -20}, {-140, back - 2, -20}, {-140, back - 2, 40}, {-196, back - 2, 40}},
               stage.lit(wall, 0.35F));
}

void draw_chamber(const Stage& stage, const Scene& scene) {
    const Rgb wall = wall_color(scene);
    stage.canvas.fill(stage.canvas.bounds(), packed(stage.lit(wall, 0.35F)));
    stage.shaded_face({{{-half_width, front, ground},
                        {half_width, front, ground},
                        {half_width, back, ground},
                        {-half_width, back, ground}}},
                      wall * 0.5F, wall * 0.3F, 0.05F);
    draw_back_wall(stage, wall);
    stage.shaded_face({{{half_width, back, ground},
                        {half_width, front, ground},
                        {half_width, front, ceiling},
                        {half_width, back, ceiling}}},
                      wall * 0.66F, wall * 1.15F, 0.03F);
    stage.shaded_face({{{-half_width, back, ground},
                        {-half_width, front, ground},
                        {-half_width, front, ceiling},
                        {-half_width, back, ceiling}}},
                      wall * 1.1F, wall * 0.5F, 0.03F);
    // A lid over the electronics in the right wall.
    stage.shaded_face({{{half_width - 1, 150, -190},
                        {half_width - 1, -40, -190},
                        {half_width - 1, -40, -10},
                        {half_width - 1, 150, -10}}},
                      wall * 0.6F, wall * 0.85F, 0.04F);
    stage.bar({half_width - 1, 150, -10}, {half_width - 1, -40, -10}, 2, wall * 1.3F);
    stage.bar({half_width, back, ground}, {half_width, back, ceiling}, 5, wall * 0.5F);
    stage.bar({-half_width, back, ground}, {-half_width, back, ceiling}, 5, wall * 1.3F);
    stage.bar({-half_width, back, ground}, {half_width, back, ground}, 6, wall * 0.35F);
    // Spindles that carry the bed.
    for (const float x : {-165.0F, 165.0F}) {
        stage.bar({x, 168, ground}, {x, 168, ceiling}, 11, {0.62F, 0.64F, 0.68F});
        stage.bar({x + 20, 172, ground}, {x + 20, 172, ceiling}, 6, {0.42F, 0.44F, 0.47F});
    }
    // Rails at both sides, on which the beam runs.
    for (const float x : {-196.0F, 196.0F})
        stage.bar({x, back, 44}, {x, front, 44}, 6, {0.3F, 0.31F, 0.33F});
}

void draw_bench(const Stage& stage, const Scene& scene) {
    const Rgb wall =
        mix(Rgb{0.40F, 0.44F, 0.49F}, Rgb{0.46F, 0.43F, 0.39F}, static_cast<float>(scene.number % 3) / 2);
    const Size s = stage.canvas.size();
    const auto w = static_cast<float>(s.width);
    const auto h = static_cast<float>(s.height);
    const std::array<Point, 4> all{{{0, 0}, {w, 0}, {w, h}, {0, h}}};
    stage.canvas.polygon(
        all, Paint{stage.lit(wall, 0.9F), {0, 0}, stage.lit(wall, 0.45F), {w, h}}.with_grain(0.03F));
    // Shelves, out of focus.
    for (const float z : {30.0F, 150.0F}) {
        stage.bar({-700, 620, z}, {760, 620, z}, 14, wall * 0.55F);
        for (int i = 0; i < 7; ++i) {
            const float x = -560 + 190 * static_cast<float>(i) + 40 * z / 150;
            const Rgb box = mix(wall, i % 3 == 0 ? Rgb{0.7F, 0.42F, 0.25F} : Rgb{0.25F, 0.4F, 0.5F}, 0.4F);
            stage.face({{x, 619, z + 6}, {x + 90, 619, z + 6}, {x + 90, 619, z + 78}, {x, 619, z + 78}},
                       Paint{stage.lit(box, 0.55F)}.with_opacity(0.75F));
        }
    }
    const Rgb wood{0.46F, 0.36F, 0.26F};
    stage.shaded_face({{{-900, -420, table}, {900, -420, table}, {900, 500, table}, {-900, 500, table}}},
                      wood * 1.1F, wood * 0.55F, 0.05F);
    // The foot of the printer and its posts.
    const Rgb body{0.62F, 0.63F, 0.65F};
    stage.box({-175, -150, table}, {175, 190, table + 12}, body * 0.75F, 0.02F);
    stage.box({-205, 12, table}, {-170, 70, 250}, body, 0.02F);
    stage.box({170, 12, table}, {205, 70, 250}, body, 0.02F);
    stage.bar({-60, -150, table + 16}, {-60, 200, table + 16}, 9, {0.5F, 0.5F, 0.53F});
    stage.bar({60, -150, table + 16}, {60, 200, table + 16}, 9, {0.5F, 0.5F, 0.53F});
}

// Darker towards the corners, and the glow of the lamps.
void draw_air(const Stage& stage, const Scene& scene) {
    const Size s = stage.canvas.size();
    const auto w = static_cast<float>(s.width);
    const auto h = static_cast<float>(s.height);
    if (!scene.bed_slinger && scene.light) {
        const Point lamp = stage.view.on({-half_width + 8, 90, 120});
        stage.bar({-half_width + 4, -20, 126}, {-half_width + 4, 186, 126}, 6, {1.6F, 1.65F, 1.7F});
        stage.canvas.glow(lamp, w * 0.42F, h * 0.75F, Rgb{0.13F, 0.145F, 0.16F});
    }
    for (int y = 0; y < s.height; ++y) {
        const float dy = (static_cast<float>(y) - h * 0.5F) / h;
        for (int x = 0; x < s.width; x += 8) {
            const float dx = (static_cast<float>(x) - w * 0.5F) / w;
            stage.canvas.dim({x, y, 8, 1}, 1 - 0.75F * (dx * dx + dy * dy));
        }
    }
}

}  // namespace

View view_for(const Scene& scene, Size size) {
    if (scene.bed_slinger) return {size, {-150, -470, 205}, {6, 40, -22}, 0.86F};
    return {size, {-118, -350, 158}, {10, 15, -62}, 0.86F};
}

Rgb light_for(const Scene& scene) {
    if (scene.light) return scene.bed_slinger ? Rgb{1.22F, 1.2F, 1.16F} : cool * 1.3F;
    return scene.bed_slinger ? Rgb{0.42F, 0.43F, 0.47F} : Rgb{0.38F, 0.41F, 0.47F};
}

void draw_room(const Stage& stage, const Scene& scene) {
    if (scene.bed_slinger) {
        draw_bench(stage, scene);
    } else {
        draw_chamber(stage, scene);
    }
    draw_air(stage, scene);
}

Pose pose_for(const Scene& scene, float height, double seconds) {
    const Shape shape{scene.shape};
    const float printed_mm = scene.has_object ? height * shape.height_mm() : 0;
    Pose pose;
    Place tool{96, 96, 0};  // parked
    if (scene.working) {
        // Around the outline, now and then across it.
        const auto turn = static_cast<float>(std::fmod(seconds * 1.7, 6.28318));
        const float inside = 0.62F + 0.38F * std::cos(static_cast<float>(std::fmod(seconds * 2.9, 6.28318)));
        const float radius = shape.radius_mm(turn, height) * inside;
        tool = {radius * std::cos(turn), radius * std::sin(turn), 0};
    } else {
        tool.z = 6;
    }
    if (scene.bed_slinger) {
        pose.bed_z = open_bed;
        pose.bed_y = scene.working ? -tool.y : 40.0F;
        pose.nozzle = {tool.x, 0, open_bed + printed_mm + tool.z};
        if (!scene.working) pose.nozzle = {-105, 0, open_bed + printed_mm + 30};
        return pose;
    }
    pose.bed_z = -printed_mm - tool.z - (scene.has_object ? 0.0F : 40.0F);
    pose.nozzle = {tool.x, tool.y, 0};
    return pose;
}

}  // namespace farmwall::sim
