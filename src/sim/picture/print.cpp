// The moving parts of a printer: bed, object, head.
#include <algorithm>
#include <array>
#include <cmath>

#include "sim/picture/room.hpp"
#include "sim/picture/shapes.hpp"

namespace farmwall::sim {

namespace {

constexpr float pi = 3.14159265F;
constexpr float half_bed = 128;
constexpr std::size_t segments = 56;
constexpr float slice_pixels = 1.7F;
constexpr int layers_between_colors = 10;

using Outline = std::array<Place, segments>;

Outline outline_at(const Shape& shape, float height, const Pose& pose) {
    Outline outline;
    for (std::size_t i = 0; i < segments; ++i) {
        const float angle = 2 * pi * static_cast<float>(i) / static_cast<float>(segments);
        const float radius = shape.radius_mm(angle, height);
        outline[i] = {radius * std::cos(angle), pose.bed_y + radius * std::sin(angle),
                      pose.bed_z + height * shape.height_mm()};
    }
    return outline;
}

Rgb color_at(const Scene& scene, float height) {
    if (scene.filaments.empty()) return {0.75F, 0.76F, 0.78F};
    const int layer = static_cast<int>(height * static_cast<float>(scene.layers));
    return scene.filaments[static_cast<std::size_t>(layer / layers_between_colors) % scene.filaments.size()];
}

// The band between two heights: every face that looks at the camera.
void draw_band(const Stage& stage, const Outline& low, const Outline& high, Rgb color) {
    for (std::size_t i = 0; i < segments; ++i) {
        const std::size_t next = (i + 1) % segments;
        const Place normal = cross(low[next] - low[i], high[i] - low[i] + Place{0, 0, 0.01F});
        const Place to_eye = unit(stage.view.eye() - low[i]);
        if (dot(normal, to_eye) <= 0) continue;
        const float mirror = std::max(0.0F, dot(unit(unit(normal) + Place{0, 0, 0.25F}), to_eye));
        const Rgb plain = stage.lit(color, Stage::shade(normal));
        const Rgb shown = plain + stage.lit(Rgb{0.13F, 0.13F, 0.13F}, std::pow(mirror, 14.0F));
        // A little wider and lower than it is, so that no gap shows between neighbours.
        Point a = stage.view.on(low[i]);
        Point b = stage.view.on(low[next]);
        Point c = stage.view.on(high[next]);
        Point d = stage.view.on(high[i]);
        const float wider = a.x < b.x ? -0.5F : 0.5F;
        a.x += wider;
        d.x += wider;
        b.x -= wider;
        c.x -= wider;
        a.y += 0.8F;
        b.y += 0.8F;
        stage.canvas.polygon(std::array<Point, 4>{{a, b, c, d}}, shown);
    }
}

// The newest layer from above: its walls, and the pattern inside while there is more to come.
void draw_top(const Stage& stage, const Outline& top, Rgb color, bool finished) {
    std::vector<Place> whole{top.begin(), top.end()};
    const float above = Stage::shade({0, 0, 1});
    stage.face(whole, stage.lit(color, above * 1.04F));
    if (finished) return;
    Place middle;
    for (const Place& place : top)
        middle = middle + place * (1.0F / static_cast<float>(segments));
    std::vector<Place> inner;
    for (const Place& place : top)
        inner.push_back(middle + (place - middle) * 0.88F);
    stage.face(inner, stage.lit(color, above * 0.5F));
    const float width = 1.6F * stage.view.scale_at(middle);
    for (const std::size_t turn : {std::size_t{7}, std::size_t{35}})
        for (std::size_t i = 1; i < segments / 2; i += 3) {
            const Place& from = inner[(turn + i) % segments];
            const Place& to = inner[(turn + segments - i) % segments];
            stage.canvas.line(stage.view.on(from), stage.view.on(to), width, stage.lit(color, above * 0.86F));
        }
}

void draw_shadow(const Stage& stage, const Shape& shape, const Pose& pose, float height) {
    const float reach = std::min(70.0F, height * shape.height_mm() * 0.5F);
    for (const float wide : {1.45F, 1.25F, 1.08F}) {
        std::vector<Place> shadow;
        for (Place place : outline_at(shape, 0, pose)) {
            place.x = place.x * wide + reach * 0.45F;
            place.y = pose.bed_y + (place.y - pose.bed_y) * wide + reach * 0.55F;
            shadow.push_back(place);
        }
        stage.face(shadow, Paint{Rgb{0, 0, 0}}.with_opacity(0.2F));
    }
}

}  // namespace

void draw_bed(const Stage& stage, const Scene& scene, const Pose& pose) {
    const float z = pose.bed_z;
    const float y = pose.bed_y;
    const Rgb plate = scene.number % 4 == 3 ? Rgb{0.17F, 0.19F, 0.2F} : Rgb{0.40F, 0.31F, 0.15F};
    const Rgb metal{0.34F, 0.35F, 0.37F};
    stage.box({-half_bed - 6, y - half_bed - 4, z - 14}, {half_bed + 6, y + half_bed + 4, z - 3},
              metal * 0.6F, 0.03F);
    stage.face({{-half_bed, y - half_bed, z - 3},
                {half_bed, y - half_bed, z - 3},
                {half_bed, y - half_bed, z},
                {-half_bed, y - half_bed, z}},
               stage.lit(plate, 0.55F));
    const Point left = stage.view.on({-half_bed, y - 60, z});
    const Point right = stage.view.on({half_bed, y + 60, z});
    std::vector<Place> corners;
    for (const auto& [x, dy] : {std::pair{-1.0F, -0.95F},
                                {-0.95F, -1.0F},
                                {-0.28F, -1.0F},
                                {-0.24F, -1.07F},
                                {0.24F, -1.07F},
                                {0.28F, -1.0F},
                                {0.95F, -1.0F},
                                {1.0F, -0.95F},
                                {1.0F, 0.95F},
                                {0.95F, 1.0F},
                                {-0.95F, 1.0F},
                                {-1.0F, 0.95F}})
        corners.push_back({half_bed * x, y + half_bed * dy, z});
    stage.face(corners,
               Paint{stage.lit(plate, 1.25F), left, stage.lit(plate, 0.72F), right}.with_grain(0.06F));
    for (int i = -3; i <= 3; ++i) {
        const float at = 32 * static_cast<float>(i);
        const auto mark = Paint{stage.lit(plate, 1.35F)}.with_opacity(i == 0 ? 0.45F : 0.2F);
        const float width = 0.8F * stage.view.scale_at({at, y, z});
        stage.canvas.line(stage.view.on({at, y - 120, z}), stage.view.on({at, y + 120, z}), width, mark);
        stage.canvas.line(stage.view.on({-120, y + at, z}), stage.view.on({120, y + at, z}), width, mark);
    }
    // The line with which every print begins.
    if (scene.has_object)
        stage.canvas.line(stage.view.on({-90, y - 118, z}), stage.view.on({10, y - 118, z}),
                          1.8F * stage.view.scale_at({0, y - 118, z}),
                          Paint{stage.lit(color_at(scene, 0), 0.9F)}.with_opacity(0.8F));
}

void draw_object(const Stage& stage, const Scene& scene, const Pose& pose) {
    if (!scene.has_object || scene.height <= 0) return;
    const Shape shape{scene.shape};
    draw_shadow(stage, shape, pose, scene.height);
    const float tall = scene.height * shape.height_mm() * stage.view.scale_at({0, pose.bed_y, pose.bed_z});
    const int slices = std::max(1, static_cast<int>(tall / slice_pixels));
    Outline low = outline_at(shape, 0, pose);
    for (int i = 0; i < slices; ++i) {
        const float height = scene.height * static_cast<float>(i + 1) / static_cast<float>(slices);
        const Outline high = outline_at(shape, height, pose);
        const float line = i % 2 == 0 ? 1.0F : 0.94F;
        draw_band(stage, low, high, color_at(scene, height) * line);
        low = high;
    }
    draw_top(stage, low, color_at(scene, scene.height), scene.height >= 1);
}

void draw_beam(const Stage& stage, const Scene& scene, const Pose& pose) {
    const Place at = pose.nozzle;
    const Rgb rod{0.30F, 0.31F, 0.33F};
    if (scene.bed_slinger) {
        stage.box({-200, at.y + 30, at.z + 44}, {200, at.y + 52, at.z + 74}, Rgb{0.66F, 0.67F, 0.69F}, 0.02F);
        stage.bar({-196, at.y + 29, at.z + 58}, {196, at.y + 29, at.z + 58}, 5, rod * 1.3F);
    } else {
        stage.box({-203, at.y - 22, 28}, {-186, at.y + 30, 56}, Rgb{0.2F, 0.2F, 0.22F}, 0.02F);
        stage.box({186, at.y - 22, 28}, {203, at.y + 30, 56}, Rgb{0.2F, 0.2F, 0.22F}, 0.02F);
        stage.bar({-186, at.y + 20, at.z + 46}, {186, at.y + 20, at.z + 46}, 9, rod);
        stage.bar({-186, at.y - 6, at.z + 46}, {186, at.y - 6, at.z + 46}, 9, rod);
    }
}

void draw_head(const Stage& stage, const Scene& scene, const Pose& pose) {
    const Place at = pose.nozzle;
    // Nozzle and heater block.
    stage.face({{at.x - 6, at.y, at.z + 12},
                {at.x + 6, at.y, at.z + 12},
                {at.x + 1.4F, at.y, at.z},
                {at.x - 1.4F, at.y, at.z}},
               stage.lit(Rgb{0.75F, 0.58F, 0.28F}));
    stage.box({at.x - 11, at.y - 9, at.z + 11}, {at.x + 11, at.y + 9, at.z + 20}, Rgb{0.5F, 0.5F, 0.5F},
              0.03F);
    const Rgb shell = scene.bed_slinger ? Rgb{0.72F, 0.73F, 0.74F} : Rgb{0.17F, 0.175F, 0.19F};
    const Place low{at.x - 29, at.y - 30, at.z + 19};
    const Place high{at.x + 29, at.y + 16, at.z + 92};
    stage.box(low, high, shell, 0.03F);
    // The front cover with its fan, and a small light.
    stage.face({{low.x + 5, low.y, low.z + 6},
                {high.x - 5, low.y, low.z + 6},
                {high.x - 5, low.y, high.z - 6},
                {low.x + 5, low.y, high.z - 6}},
               stage.lit(shell, 0.78F));
    const Point fan = stage.view.on({at.x, low.y, at.z + 46});
    const float radius = 17 * stage.view.scale_at(low);
    stage.canvas.disc(fan, radius, radius, stage.lit(shell, 0.35F));
    stage.canvas.disc(fan, radius * 0.86F, radius * 0.86F, stage.lit(shell, 0.55F));
    for (int blade = 0; blade < 6; ++blade) {
        const float angle = pi / 3 * static_cast<float>(blade) + 0.4F;
        stage.canvas.line(fan,
                          {fan.x + radius * 0.8F * std::cos(angle), fan.y + radius * 0.8F * std::sin(angle)},
                          radius * 0.2F, stage.lit(shell, 0.3F));
    }
    stage.canvas.disc(fan, radius * 0.26F, radius * 0.26F, stage.lit(shell, 0.8F));
    const Point lamp = stage.view.on({at.x, low.y, at.z + 76});
    const Rgb signal = scene.working ? Rgb{0.35F, 0.95F, 0.55F} : Rgb{0.9F, 0.7F, 0.3F};
    stage.canvas.disc(lamp, radius * 0.32F, radius * 0.1F, signal);
    if (scene.working)
        stage.canvas.glow(stage.view.on(at), radius * 1.3F, radius * 0.9F, Rgb{0.16F, 0.14F, 0.1F});
}

}  // namespace farmwall::sim
