#include "sim/picture/view.hpp"

#include <algorithm>
#include <cmath>

namespace farmwall::sim {

namespace {

// From the surface to the lamps: a strip of LEDs above, at the front left.
const Place to_lamp = unit({-0.45F, -0.55F, 0.7F});
constexpr float ambient = 0.42F;

}  // namespace

float dot(Place a, Place b) { return a.x * b.x + a.y * b.y + a.z * b.z; }

Place cross(Place a, Place b) {
    return {a.y * b.z - a.z * b.y, a.z * b.x - a.x * b.z, a.x * b.y - a.y * b.x};
}

Place unit(Place a) {
    const float length = std::sqrt(dot(a, a));
    return length > 0 ? a * (1 / length) : a;
}

View::View(Size size, Place eye, Place target, float opening)
    : eye_{eye},
      right_{unit(cross(target - eye, {0, 0, 1}))},
      up_{unit(cross(right_, target - eye))},
      forward_{unit(target - eye)},
      focal_{static_cast<float>(size.height) / opening},
      middle_{static_cast<float>(size.width) / 2, static_cast<float>(size.height) / 2} {}

Point View::on(Place place) const {
    const Place seen = place - eye_;
    const float per_mm = scale_at(place);
    return {middle_.x + dot(seen, right_) * per_mm, middle_.y - dot(seen, up_) * per_mm};
}

// What lies beside or behind the camera is drawn as if just in front of it.
float View::scale_at(Place place) const { return focal_ / std::max(40.0F, dot(place - eye_, forward_)); }

float Stage::shade(Place normal) {
    return ambient + (1 - ambient) * std::max(0.0F, dot(unit(normal), to_lamp));
}

void Stage::face(const std::vector<Place>& corners, const Paint& paint) const {
    std::vector<Point> outline;
    outline.reserve(corners.size());
    for (const Place& corner : corners)
        outline.push_back(view.on(corner));
    canvas.polygon(outline, paint);
}

void Stage::shaded_face(const std::array<Place, 4>& corners, Rgb from, Rgb to, float grain) const {
    const Point begin = view.on((corners[0] + corners[3]) * 0.5F);
    const Point end = view.on((corners[1] + corners[2]) * 0.5F);
    face({corners.begin(), corners.end()}, Paint{lit(from), begin, lit(to), end}.with_grain(grain));
}

void Stage::bar(Place from, Place to, float thickness, Rgb color) const {
    const Point a = view.on(from);
    const Point b = view.on(to);
    const float width = thickness * (view.scale_at(from) + view.scale_at(to)) / 2;
    canvas.line(a, b, width, lit(color, 0.45F));
    const auto moved = [&](Point p, float by) { return Point{p.x - width * by * 0.4F, p.y - width * by}; };
    canvas.line(moved(a, 0.12F), moved(b, 0.12F), width * 0.6F, lit(color, 0.8F));
    canvas.line(moved(a, 0.2F), moved(b, 0.2F), width * 0.22F, lit(color, 1.25F));
}

void Stage::box(Place low, Place high, Rgb color, float grain) const {
    const auto paint = [&](Place normal) { return Paint{lit(color, shade(normal))}.with_grain(grain); };
    if (view.eye().x > high.x)
        face({{high.x, low.y, low.z},
              {high.x, high.y, low.z},
              {high.x, high.y, high.z},
              {high.x, low.y, high.z}},
             paint({1, 0, 0}));
    if (view.eye().x < low.x)
        face({{low.x, low.y, low.z}, {low.x, high.y, low.z}, {low.x, high.y, high.z}, {low.x, low.y, high.z}},
             paint({-1, 0, 0}));
    if (view.eye().z > high.z)
        face({{low.x, low.y, high.z},
              {high.x, low.y, high.z},
              {high.x, high.y, high.z},
              {low.x, high.y, high.z}},
             paint({0, 0, 1}));
    face({{low.x, low.y, low.z}, {high.x, low.y, low.z}, {high.x, low.y, high.z}, {low.x, low.y, high.z}},
         paint({0, -1, 0}));
}

}  // namespace farmwall::sim
