#include "sim/picture/canvas.hpp"

#include <algorithm>
#include <array>
#include <cmath>
#include <utility>

namespace farmwall::sim {

namespace {

constexpr float pi = 3.14159265F;

std::uint32_t channel(float value) {
    return static_cast<std::uint32_t>(std::clamp(value, 0.0F, 1.0F) * 255.0F + 0.5F);
}

Rgb unpacked(std::uint32_t pixel) {
    constexpr float step = 1.0F / 255.0F;
    return {static_cast<float>((pixel >> 16) & 255) * step, static_cast<float>((pixel >> 8) & 255) * step,
            static_cast<float>(pixel & 255) * step};
}

// The same for the same place, about -1 to 1.
float grain_at(int x, int y) {
    auto hash = static_cast<std::uint32_t>(x) * 0x9E3779B1U ^ static_cast<std::uint32_t>(y) * 0x85EBCA77U;
    hash = (hash ^ (hash >> 15)) * 0x2C1B3C6DU;
    hash ^= hash >> 12;
    return static_cast<float>(hash & 0xFFFF) / 32768.0F - 1.0F;
}

// `opacity` in 1/256.
std::uint32_t blended(std::uint32_t below, std::uint32_t color, std::uint32_t opacity) {
    // Red and blue in one multiplication: there is room between them.
    constexpr std::uint32_t outer = 0xFF00FF;
    constexpr std::uint32_t inner = 0x00FF00;
    const std::uint32_t rest = 256 - opacity;
    return (((below & outer) * rest + (color & outer) * opacity) >> 8 & outer) |
           (((below & inner) * rest + (color & inner) * opacity) >> 8 & inner);
}

constexpr int grain_levels = 8;
constexpr int grain_side = 64;

// Levels of grain for a tile of the picture.
const std::array<std::uint8_t, grain_side * grain_side>& grain_tile() {
    static const auto tile = [] {
        std::array<std::uint8_t, grain_side * grain_side> levels{};
        for (int i = 0; i < grain_side * grain_side; ++i)
            levels[static_cast<std::size_t>(i)] = static_cast<std::uint8_t>(std::min(
                grain_levels - 1,
                static_cast<int>((grain_at(i % grain_side, i / grain_side) + 1) * grain_levels / 2)));
        return levels;
    }();
    return tile;
}

// A paint prepared for one polygon: the colours of all its steps and levels of grain.
class Brush {
public:
    explicit Brush(const Paint& paint) : grainy_{paint.grain > 0} {
        const float dx = paint.end.x - paint.begin.x;
        const float dy = paint.end.y - paint.begin.y;
        const float length = dx * dx + dy * dy;
        if (length > 0) {
            const auto per_pixel = [&](float way) { return static_cast<int>(way / length * whole); };
            per_x_ = per_pixel(dx);
            per_y_ = per_pixel(dy);
            start_ = -static_cast<std::int64_t>((paint.begin.x * dx + paint.begin.y * dy) / length * whole);
        }
        steps_ = length > 0 ? 256 : 1;
        levels_ = grainy_ ? grain_levels : 1;
        for (int step = 0; step < steps_; ++step)
            for (int level = 0; level < levels_; ++level) {
                const Rgb color = mix(paint.from, paint.to, static_cast<float>(step) / 255.0F);
                const float shift =
                    grainy_ ? (static_cast<float>(2 * level + 1) / grain_levels - 1) * paint.grain : 0;
                colors_[static_cast<std::size_t>(step * levels_ + level)] = packed(color * (1 + shift));
            }
    }
    [[nodiscard]] std::uint32_t at(int x, int y) const {
        std::size_t index = 0;
        if (steps_ > 1) {
            const std::int64_t share = start_ + std::int64_t{x} * per_x_ + std::int64_t{y} * per_y_;
            index = static_cast<std::size_t>(std::clamp<std::int64_t>(share >> 16, 0, steps_ - 1) * levels_);
        }
        if (grainy_)
            index += grain_tile()[static_cast<std::size_t>((y % grain_side) * grain_side + x % grain_side)];
        return colors_[index];
    }

private:
    static constexpr float whole = 256.0F * 65536.0F;  // 256 steps in 1/65536

    bool grainy_;
    int steps_ = 1;
    int levels_ = 1;
    int per_x_ = 0;
    int per_y_ = 0;
    std::int64_t start_ = 0;
    std::array<std::uint32_t, std::size_t{256} * grain_levels> colors_;
};

Rect bounds_of(std::span<const Point> outline) {
    float left = outline[0].x;
    float right = left;
    float top = outline[0].y;
    float bottom = top;
    for (const Point& p : outline) {
        left = std::min(left, p.x);
        right = std::max(right, p.x);
        top = std::min(top, p.y);
        bottom = std::max(bottom, p.y);
    }
    const auto low = [](float value) { return static_cast<int>(std::floor(std::clamp(value, -1e5F, 1e5F))); };
    return {low(left), low(top), low(right) - low(left) + 1, low(bottom) - low(top) + 1};
}

}  // namespace

Rgb mix(Rgb a, Rgb b, float share_of_b) { return a * (1 - share_of_b) + b * share_of_b; }

std::uint32_t packed(Rgb color) { return channel(color.r) << 16 | channel(color.g) << 8 | channel(color.b); }

Rect united(Rect a, Rect b) {
    if (a.empty()) return b;
    if (b.empty()) return a;
    const int x = std::min(a.x, b.x);
    const int y = std::min(a.y, b.y);
    return {x, y, std::max(a.x + a.width, b.x + b.width) - x, std::max(a.y + a.height, b.y + b.height) - y};
}

Rect common(Rect a, Rect b) {
    const int x = std::max(a.x, b.x);
    const int y = std::max(a.y, b.y);
    return {x, y, std::min(a.x + a.width, b.x + b.width) - x, std::min(a.y + a.height, b.y + b.height) - y};
}

Paint Paint::with_opacity(float share) const {
    Paint changed = *this;
    changed.opacity = share;
    return changed;
}

Paint Paint::with_grain(float share) const {
    Paint changed = *this;
    changed.grain = share;
    return changed;
}

Canvas::Canvas(Size size)
    : size_{size},
      pixels_(stride() * static_cast<std::size_t>(size.height)),
      coverage_((stride() + 2) * static_cast<std::size_t>(size.height)) {}

void Canvas::fill(Rect area, std::uint32_t color) {
    area = common(area, bounds());
    if (area.empty()) return;
    touch(area);
    for (int y = area.y; y < area.y + area.height; ++y)
        std::fill_n(row(y) + area.x, area.width, color);
}

// Adds an edge to the coverage: each pixel gets the signed share of it that lies to the right of
// the edge, so that a running sum along the row is the coverage by the polygon.
void Canvas::cover(float x0, float y0, float x1, float y1, Rect area) {
    if (y0 == y1) return;
    float direction = 1;
    if (y0 > y1) {
        std::swap(x0, x1);
        std::swap(y0, y1);
        direction = -1;
    }
    const float slope = (x1 - x0) / (y1 - y0);
    const auto limit = static_cast<float>(area.width);
    const int last = std::min(area.height, static_cast<int>(std::ceil(y1)));
    for (int y = std::max(0, static_cast<int>(std::floor(y0))); y < last; ++y) {
        Row& crossed_row = rows_[static_cast<std::size_t>(y)];
        float* line = coverage_of(y);
        const float top = std::max(y0, static_cast<float>(y));
        const float bottom = std::min(y1, static_cast<float>(y + 1));
        if (bottom <= top) continue;
        const float height = (bottom - top) * direction;
        const float a = std::clamp(x0 + (top - y0) * slope, 0.0F, limit);
        const float b = std::clamp(x0 + (bottom - y0) * slope, 0.0F, limit);
        const float left = std::min(a, b);
        const float right = std::max(a, b);
        const int first = static_cast<int>(left);
        const int end = static_cast<int>(right);
        crossed_row.first = std::min(crossed_row.first, first);
        crossed_row.last = std::max(crossed_row.last, end + 1);
        if (first == end) {
            const float inside = 1 - ((left + right) / 2 - static_cast<float>(first));
            line[first] += height * inside;
            line[first + 1] += height * (1 - inside);
            continue;
        }
        // The edge crosses several pixels of this row: each one takes its trapezoid.
        const float per_pixel = height / (right - left);
        float before = 0;
        for (int x = first; x <= end; ++x) {
            const float from = std::max(left, static_cast<float>(x));
            const float to = std::min(right, static_cast<float>(x + 1));
            const float crossed = (to - from) * per_pixel;
            const float inside = 1 - ((from + to) / 2 - static_cast<float>(x));
            line[x] += before + crossed * inside;
            before = crossed * (1 - inside);
        }
        line[end + 1] += before;
    }
}

void Canvas::polygon(std::span<const Point> outline, const Paint& paint) {
    if (outline.size() < 3) return;
    const Rect area = common(bounds_of(outline), bounds());
    if (area.empty()) return;
    touch(area);
    rows_.assign(static_cast<std::size_t>(area.height), Row{area.width, -1});
    const auto left = static_cast<float>(area.x);
    const auto top = static_cast<float>(area.y);
    for (std::size_t i = 0; i < outline.size(); ++i) {
        const Point a = outline[i];
        const Point b = outline[(i + 1) % outline.size()];
        cover(a.x - left, a.y - top, b.x - left, b.y - top, area);
    }
    const Brush brush{paint};
    const float full = 256 * paint.opacity;
    for (int y = 0; y < area.height; ++y) {
        const Row crossed = rows_[static_cast<std::size_t>(y)];
        float* covered = coverage_of(y);
        std::uint32_t* pixel = row(area.y + y) + area.x;
        float sum = 0;
        std::uint32_t opacity = 0;
        for (int x = crossed.first; x <= crossed.last; ++x) {
            if (covered[x] != 0) {
                sum += std::exchange(covered[x], 0.0F);
                opacity = static_cast<std::uint32_t>(std::min(1.0F, std::abs(sum)) * full + 0.5F);
            }
            if (opacity == 0 || x >= area.width) continue;
            const std::uint32_t color = brush.at(area.x + x, area.y + y);
            pixel[x] = opacity >= 256 ? color : blended(pixel[x], color, opacity);
        }
    }
}

void Canvas::line(Point from, Point to, float width, const Paint& paint) {
    const float dx = to.x - from.x;
    const float dy = to.y - from.y;
    const float length = std::hypot(dx, dy);
    if (length <= 0) return;
    const float nx = -dy / length * width / 2;
    const float ny = dx / length * width / 2;
    const std::array<Point, 4> outline{{{from.x + nx, from.y + ny},
                                        {to.x + nx, to.y + ny},
                                        {to.x - nx, to.y - ny},
                                        {from.x - nx, from.y - ny}}};
    polygon(outline, paint);
}

void Canvas::disc(Point center, float radius_x, float radius_y, const Paint& paint) {
    std::array<Point, 40> outline{};
    for (std::size_t i = 0; i < outline.size(); ++i) {
        const float angle = 2 * pi * static_cast<float>(i) / static_cast<float>(outline.size());
        outline[i] = {center.x + radius_x * std::cos(angle), center.y + radius_y * std::sin(angle)};
    }
    polygon(outline, paint);
}

void Canvas::glow(Point center, float radius_x, float radius_y, Rgb light) {
    const std::array<Point, 2> corners{
        {{center.x - radius_x, center.y - radius_y}, {center.x + radius_x, center.y + radius_y}}};
    const Rect area = common(bounds_of(corners), bounds());
    if (area.empty()) return;
    touch(area);
    for (int y = area.y; y < area.y + area.height; ++y) {
        const float dy = (static_cast<float>(y) - center.y) / radius_y;
        std::uint32_t* pixels = row(y);
        for (int x = area.x; x < area.x + area.width; ++x) {
            const float dx = (static_cast<float>(x) - center.x) / radius_x;
            const float near = 1 - (dx * dx + dy * dy);
            if (near > 0) pixels[x] = packed(unpacked(pixels[x]) + light * (near * near));
        }
    }
}

void Canvas::copy(const Canvas& from, Rect area) {
    area = common(area, bounds());
    if (area.empty()) return;
    touch(area);
    for (int y = area.y; y < area.y + area.height; ++y)
        std::copy_n(from.row(y) + area.x, area.width, row(y) + area.x);
}

void Canvas::dim(Rect area, float by) {
    area = common(area, bounds());
    if (area.empty()) return;
    touch(area);
    for (int y = area.y; y < area.y + area.height; ++y) {
        std::uint32_t* pixels = row(y);
        for (int x = area.x; x < area.x + area.width; ++x)
            pixels[x] = packed(unpacked(pixels[x]) * by);
    }
}

Rect Canvas::take_touched() { return std::exchange(touched_, Rect{}); }

}  // namespace farmwall::sim
