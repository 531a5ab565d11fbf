#pragma once

#include <span>
#include <string>
#include <string_view>

#include "ui/fonts.hpp"
#include "ui/geometry.hpp"
#include "ui/quad.hpp"
#include "ui/theme.hpp"

struct ImDrawList;

namespace farmwall::ui {

struct TextStyle {
    Weight weight = Weight::regular;
    float px = 16;
    Color color = {};
};

enum class Align { left, center, right };

// Draws on one ImGui draw list, and below it with quads. Cheap to make; lives for one frame.
class Canvas {
public:
    Canvas(ImDrawList& list, Quads& quads, const Theme& theme, const Fonts& fonts, float scale)
        : list_{&list}, quads_{&quads}, theme_{&theme}, fonts_{&fonts}, scale_{scale} {}

    [[nodiscard]] const Theme& theme() const { return *theme_; }
    // Pixels a 96 dpi pixel.
    [[nodiscard]] float scale() const { return scale_; }
    // A size of the theme on this screen.
    [[nodiscard]] float px(float size) const { return size * scale_; }

    // Width and height of one line.
    [[nodiscard]] Vec2 measure(const TextStyle& style, std::string_view text) const;
    // The size the style is really drawn with.
    [[nodiscard]] float line_height(const TextStyle& style) const;
    // One line with its top at `at.y`; `at.x` is the left edge, middle or right edge. Returns the width.
    float text(Vec2 at, const TextStyle& style, std::string_view text, Align align = Align::left) const;
    // The same, cut with "…" to at most `limit` pixels.
    float text_within(Vec2 at, float limit, const TextStyle& style, std::string_view text,
                      Align align = Align::left) const;
    // Vertically centred in `box`.
    float text_in(const Rect& box, const TextStyle& style, std::string_view text, Align align) const;
    // Several lines, broken between words; stops at `most_lines`, cutting the last with "…". Returns the
    // height.
    float paragraph(Vec2 at, float width, int most_lines, const TextStyle& style, std::string_view text,
                    Align align = Align::left) const;
    // What paragraph() would return, without drawing.
    [[nodiscard]] float paragraph_height(float width, int most_lines, const TextStyle& style,
                                         std::string_view text) const;
    // The style, made smaller until the text is not wider than `limit`.
    [[nodiscard]] TextStyle shrunk(TextStyle style, std::string_view text, float limit) const;

    // Below everything that is drawn by other calls, in the order of the layers; the colour's alpha does
    // not count. Faster than fill().
    void cover(const Rect& box, Color color, Layer layer = Layer::ground) const;
    // The same with stripes: this is not live.
    void cover_hatched(const Rect& box, Color color) const;
    // The same with a picture, as place_picture() says; `ground` is where it does not reach.
    void picture(const Rect& area, const camera::SharedFrame& frame, bool doubtful, const Scrim& scrim,
                 Color ground) const;
    // Covers what lies outside the rounded corners of the box.
    void round_off(const Rect& box, float radius, Color color) const;

    void fill(const Rect& box, Color color, float radius = 0) const;
    void outline(const Rect& box, Color color, float radius, float thickness) const;
    void line(Vec2 from, Vec2 to, Color color, float thickness) const;
    void polyline(std::span<const Vec2> points, Color color, float thickness, bool closed = false) const;
    void polygon(std::span<const Vec2> points, Color color) const;  // convex only
    void disc(Vec2 center, float radius, Color color) const;
    void ring(Vec2 center, float radius, Color color, float thickness) const;
    // From `from` to `to` turns clockwise, 0 at the top.
    void arc(Vec2 center, float radius, float from, float to, Color color, float thickness) const;
    // Diagonal lines over the box: this is not live.
    void hatch(const Rect& box, Color color, float spacing, float thickness) const;
    // A rounded bar filled to `share`, 0-1.
    void bar(const Rect& box, float share, Color filled, Color empty) const;

    // Whether anything drawn there could be seen.
    [[nodiscard]] bool sees(const Rect& box) const { return overlap(box, clip()); }
    void push_clip(const Rect& box) const;
    void pop_clip() const;

private:
    // Takes the next line of a paragraph off `text`.
    std::string_view next_line(float width, const TextStyle& style, std::string_view& text) const;

    [[nodiscard]] Rect clip() const;

    ImDrawList* list_;
    Quads* quads_;
    const Theme* theme_;
    const Fonts* fonts_;
    float scale_;
};

// The shape of a condition, so that no meaning hangs on colour alone.
void draw_shape(const Canvas& canvas, Condition condition, Vec2 center, float radius, Color color);

}  // namespace farmwall::ui
