#pragma once

#include <cstdint>
#include <span>
#include <vector>

namespace farmwall::sim {

// Brightness of the three primaries, 0 to 1; what lies outside is cut when it is drawn.
struct Rgb {
    float r = 0;
    float g = 0;
    float b = 0;
    friend bool operator==(const Rgb&, const Rgb&) = default;
    friend Rgb operator*(Rgb c, float by) { return {c.r * by, c.g * by, c.b * by}; }
    friend Rgb operator*(Rgb a, Rgb b) { return {a.r * b.r, a.g * b.g, a.b * b.b}; }
    friend Rgb operator+(Rgb a, Rgb b) { return {a.r + b.r, a.g + b.g, a.b + b.b}; }
};
[[nodiscard]] Rgb mix(Rgb a, Rgb b, float share_of_b);

struct Size {
    int width = 0;
    int height = 0;
    friend bool operator==(const Size&, const Size&) = default;
};

struct Point {
    float x = 0;
    float y = 0;
};

struct Rect {
    int x = 0;
    int y = 0;
    int width = 0;
    int height = 0;
    [[nodiscard]] bool empty() const { return width <= 0 || height <= 0; }
    friend bool operator==(const Rect&, const Rect&) = default;
};
[[nodiscard]] Rect united(Rect a, Rect b);
[[nodiscard]] Rect common(Rect a, Rect b);

// A colour that changes from one point to another and may have grain, fixed to the picture.
struct Paint {
    Paint(Rgb color) : from{color}, to{color} {}  // NOLINT: a colour is a paint
    Paint(Rgb first, Point at, Rgb second, Point other) : from{first}, to{second}, begin{at}, end{other} {}
    Rgb from;
    Rgb to;
    Point begin;
    Point end;
    float opacity = 1;
    float grain = 0;
    [[nodiscard]] Paint with_opacity(float share) const;
    [[nodiscard]] Paint with_grain(float share) const;
};

// A picture in memory, 0x00RRGGBB a pixel. Remembers where it was drawn on.
class Canvas {
public:
    explicit Canvas(Size size);

    [[nodiscard]] Size size() const { return size_; }
    [[nodiscard]] std::uint32_t* row(int y) {
        return pixels_.data() + static_cast<std::size_t>(y) * stride();
    }
    [[nodiscard]] const std::uint32_t* row(int y) const {
        return pixels_.data() + static_cast<std::size_t>(y) * stride();
    }
    [[nodiscard]] std::size_t stride() const { return static_cast<std::size_t>(size_.width); }
    [[nodiscard]] Rect bounds() const { return {0, 0, size_.width, size_.height}; }

    // Whole pixels.
    void fill(Rect area, std::uint32_t color);
    // Smooth edges; the outline may cross itself only where that leaves no hole.
    void polygon(std::span<const Point> outline, const Paint& paint);
    void line(Point from, Point to, float width, const Paint& paint);
    void disc(Point center, float radius_x, float radius_y, const Paint& paint);
    // Adds light that fades with the distance.
    void glow(Point center, float radius_x, float radius_y, Rgb light);
    void copy(const Canvas& from, Rect area);
    // Multiplies what is there.
    void dim(Rect area, float by);

    // Everything drawn on since the last call.
    [[nodiscard]] Rect take_touched();

private:
    void touch(Rect area) { touched_ = united(touched_, common(area, bounds())); }
    void cover(float x0, float y0, float x1, float y1, Rect area);
    [[nodiscard]] float* coverage_of(int y) {
        return coverage_.data() + static_cast<std::size_t>(y) * (stride() + 2);
    }

    Size size_;
    std::vector<std::uint32_t> pixels_;
    struct Row {  // what a polygon's edges cross of it
        int first;
        int last;
    };
    std::vector<float> coverage_;  // all zero between two polygons
    std::vector<Row> rows_;
    Rect touched_;
};

[[nodiscard]] std::uint32_t packed(Rgb color);

}  // namespace farmwall::sim
