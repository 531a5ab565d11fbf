#include <array>
#include <cmath>
#include <numbers>

#include "ui/canvas.hpp"

namespace farmwall::ui {
namespace {

// Corners of a regular polygon; the first at `turn` turns clockwise from the top.
template <std::size_t Corners>
std::array<Vec2, Corners> regular(Vec2 center, float radius, float turn) {
    std::array<Vec2, Corners> points{};
    for (std::size_t i = 0; i < Corners; ++i) {
        const float angle = (turn + static_cast<float>(i) / static_cast<float>(Corners) - 0.25F) * 2 *
                            std::numbers::pi_v<float>;
        points[i] = {center.x + radius * std::cos(angle), center.y + radius * std::sin(angle)};
    }
    return points;
}

void exclamation(const Canvas& canvas, Vec2 center, float r, Color color) {
    canvas.fill({center.x - r * 0.11F, center.y - r * 0.42F, r * 0.22F, r * 0.56F}, color, r * 0.1F);
    canvas.disc({center.x, center.y + r * 0.38F}, r * 0.14F, color);
}

void pause_bars(const Canvas& canvas, Vec2 center, float r, Color color) {
    canvas.fill({center.x - r * 0.38F, center.y - r * 0.42F, r * 0.26F, r * 0.84F}, color, r * 0.06F);
    canvas.fill({center.x + r * 0.12F, center.y - r * 0.42F, r * 0.26F, r * 0.84F}, color, r * 0.06F);
}

void triangle_alarm(const Canvas& canvas, Vec2 center, float r, Color color, Color inside) {
    const Vec2 middle{center.x, center.y + r * 0.12F};
    canvas.polygon(regular<3>(middle, r * 1.14F, 0), color);
    exclamation(canvas, {middle.x, middle.y + r * 0.05F}, r * 0.92F, inside);
}

void empty_spool(const Canvas& canvas, Vec2 center, float r, Color color) {
    canvas.polygon(regular<4>(center, r * 1.08F, 0), color);
    canvas.disc(center, r * 0.52F, canvas.theme().surface);
    canvas.ring(center, r * 0.30F, color, r * 0.16F);
}

void check_disc(const Canvas& canvas, Vec2 center, float r, Color color, Color inside) {
    canvas.disc(center, r, color);
    const std::array<Vec2, 3> mark{Vec2{center.x - r * 0.45F, center.y + r * 0.02F},
                                   Vec2{center.x - r * 0.12F, center.y + r * 0.36F},
                                   Vec2{center.x + r * 0.46F, center.y - r * 0.32F}};
    canvas.polyline(mark, inside, r * 0.24F);
}

void crossed_ring(const Canvas& canvas, Vec2 center, float r, Color color) {
    canvas.ring(center, r, color, r * 0.2F);
    const float d = r * 0.62F;
    canvas.line({center.x - d, center.y + d}, {center.x + d, center.y - d}, color, r * 0.2F);
}

void padlock(const Canvas& canvas, Vec2 center, float r, Color color, Color inside) {
    canvas.arc({center.x, center.y - r * 0.2F}, r * 0.58F, -0.25F, 0.25F, color, r * 0.22F);
    canvas.fill({center.x - r * 0.78F, center.y - r * 0.22F, r * 1.56F, r * 1.12F}, color, r * 0.2F);
    canvas.disc({center.x, center.y + r * 0.32F}, r * 0.2F, inside);
}

void play_disc(const Canvas& canvas, Vec2 center, float r, Color color, Color inside) {
    canvas.disc(center, r, color);
    canvas.polygon(regular<3>({center.x + r * 0.06F, center.y}, r * 0.56F, 0.25F), inside);
}

}  // namespace

void draw_shape(const Canvas& canvas, Condition condition, Vec2 center, float radius, Color color) {
    const Color inside = canvas.theme().on_color;
    const float r = radius;
    switch (condition) {
        case Condition::failed:
            return triangle_alarm(canvas, center, r, color, inside);
        case Condition::runout:
            return empty_spool(canvas, center, r, color);
        case Condition::paused_error:
            canvas.polygon(regular<8>(center, r * 1.04F, 1.0F / 16), color);
            return exclamation(canvas, center, r, inside);
        case Condition::refused:
            return padlock(canvas, center, r, color, inside);
        case Condition::paused:
            canvas.fill({center.x - r * 0.92F, center.y - r * 0.92F, r * 1.84F, r * 1.84F}, color, r * 0.3F);
            return pause_bars(canvas, center, r, inside);
        case Condition::offline:
            return crossed_ring(canvas, center, r, color);
        case Condition::connecting:
            for (int dot = -1; dot <= 1; ++dot) {
                canvas.disc({center.x + static_cast<float>(dot) * r * 0.68F, center.y}, r * 0.22F, color);
            }
            return;
        case Condition::printing:
            return play_disc(canvas, center, r, color, inside);
        case Condition::preparing:
            canvas.ring(center, r, mix(color, canvas.theme().surface, 0.6F), r * 0.26F);
            return canvas.arc(center, r, 0, 0.62F, color, r * 0.26F);
        case Condition::finished:
            return check_disc(canvas, center, r, color, inside);
        case Condition::stopped:
            return canvas.fill({center.x - r * 0.78F, center.y - r * 0.78F, r * 1.56F, r * 1.56F}, color,
                               r * 0.16F);
        case Condition::idle:
            return canvas.ring(center, r * 0.92F, color, r * 0.22F);
        case Condition::unknown:
            canvas.ring(center, r, color, r * 0.14F);
            return void(canvas.text({center.x, center.y - r * 0.72F}, {Weight::bold, r * 1.4F, color}, "?",
                                    Align::center));
    }
}

}  // namespace farmwall::ui
