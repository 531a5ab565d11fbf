#pragma once

#include <array>
#include <vector>

#include "sim/picture/canvas.hpp"

namespace farmwall::sim {

// Millimetres: x to the right, y to the back, z up; the middle of the bed is x = y = 0.
struct Place {
    float x = 0;
    float y = 0;
    float z = 0;
    friend Place operator+(Place a, Place b) { return {a.x + b.x, a.y + b.y, a.z + b.z}; }
    friend Place operator-(Place a, Place b) { return {a.x - b.x, a.y - b.y, a.z - b.z}; }
    friend Place operator*(Place a, float by) { return {a.x * by, a.y * by, a.z * by}; }
};
[[nodiscard]] float dot(Place a, Place b);
[[nodiscard]] Place cross(Place a, Place b);
[[nodiscard]] Place unit(Place a);

// A pinhole camera.
class View {
public:
    // `opening` is the height of the picture at distance 1.
    View(Size size, Place eye, Place target, float opening);
    [[nodiscard]] Point on(Place place) const;
    // Pixels a millimetre takes there.
    [[nodiscard]] float scale_at(Place place) const;
    [[nodiscard]] Place eye() const { return eye_; }

private:
    Place eye_;
    Place right_;
    Place up_;
    Place forward_;
    float focal_;
    Point middle_;
};

// A canvas, how it is looked at, and the light in front of the camera.
struct Stage {
    Canvas& canvas;
    View view;
    Rgb light;

    // The share of the light that a surface of this direction sends on.
    [[nodiscard]] static float shade(Place normal);
    [[nodiscard]] Rgb lit(Rgb color, float by = 1) const { return color * light * by; }

    void face(const std::vector<Place>& corners, const Paint& paint) const;
    // One side brighter than the other: from corner 0 and 3 to corner 1 and 2.
    void shaded_face(const std::array<Place, 4>& corners, Rgb from, Rgb to, float grain) const;
    void bar(Place from, Place to, float thickness, Rgb color) const;
    // The faces of a box that the camera sees from the front, above and the left.
    void box(Place low, Place high, Rgb color, float grain) const;
};

}  // namespace farmwall::sim
