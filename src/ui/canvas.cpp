#include "ui/canvas.hpp"

#include <algorithm>
#include <cmath>
#include <numbers>

#include "ui/compat.hpp"
#include "ui/text_format.hpp"

namespace farmwall::ui {
namespace {

ImVec2 point(Vec2 at) { return {at.x, at.y}; }
ImU32 packed(Color color) { return IM_COL32(color.r, color.g, color.b, color.a); }
float snapped(float at) { return std::floor(at + 0.5F); }

float width_of(const FontRef& font, std::string_view text) {
    return font.font->CalcTextSizeA(font.px, 1e9F, 0.0F, text.data(), text.data() + text.size()).x;
}

float aligned(float x, float width, Align align) {
    switch (align) {
        case Align::left:
            return x;
        case Align::center:
            return x - width / 2;
        case Align::right:
            return x - width;
    }
    return x;
}

}  // namespace

Vec2 Canvas::measure(const TextStyle& style, std::string_view text) const {
    const FontRef font = fonts_->pick(style.weight, style.px);
    return {width_of(font, text), font.px};
}

float Canvas::line_height(const TextStyle& style) const { return fonts_->pick(style.weight, style.px).px; }

float Canvas::text(Vec2 at, const TextStyle& style, std::string_view text, Align align) const {
    const FontRef font = fonts_->pick(style.weight, style.px);
    const float width = width_of(font, text);
    const Vec2 start{snapped(aligned(at.x, width, align)), snapped(at.y)};
    list_->AddText(font.font, font.px, point(start), packed(style.color), text.data(),
                   text.data() + text.size());
    return width;
}

float Canvas::text_within(Vec2 at, float limit, const TextStyle& style, std::string_view text,
                          Align align) const {
    if (limit <= 0 || text.empty()) return 0;
    const FontRef font = fonts_->pick(style.weight, style.px);
    const std::string shown = elide(text, limit, [&](std::string_view part) { return width_of(font, part); });
    return this->text(at, style, shown, align);
}

float Canvas::text_in(const Rect& box, const TextStyle& style, std::string_view text, Align align) const {
    const float y = box.y + (box.height - line_height(style)) / 2;
    const float x = align == Align::left ? box.x : align == Align::right ? box.right() : box.center().x;
    return text_within({x, y}, box.width, style, text, align);
}

std::string_view Canvas::next_line(float width, const TextStyle& style, std::string_view& text) const {
    std::size_t end = text.size();
    while (end > 0 && measure(style, text.substr(0, end)).x > width) {
        const auto gap = text.substr(0, end).find_last_of(' ');
        if (gap == std::string_view::npos) break;
        end = gap;
    }
    const std::string_view line = text.substr(0, end);
    text.remove_prefix(std::min(text.size(), end + 1));
    return line;
}

float Canvas::paragraph(Vec2 at, float width, int most_lines, const TextStyle& style, std::string_view text,
                        Align align) const {
    const float line = line_height(style) * 1.25F;
    float y = at.y;
    for (int row = 0; row < most_lines && !text.empty(); ++row, y += line) {
        const std::string_view rest = text;
        const std::string_view words = next_line(width, style, text);
        text_within({at.x, y}, width, style, row + 1 == most_lines ? rest : words, align);
    }
    return y - at.y;
}

float Canvas::paragraph_height(float width, int most_lines, const TextStyle& style,
                               std::string_view text) const {
    int rows = 0;
    for (; rows < most_lines && !text.empty(); ++rows)
        next_line(width, style, text);
    return line_height(style) * 1.25F * static_cast<float>(rows);
}

TextStyle Canvas::shrunk(TextStyle style, std::string_view text, float limit) const {
    // Each round steps down at least one made size; at the smallest it ends.
    for (Vec2 size = measure(style, text); size.x > limit;) {
        const float wanted = std::max(0.0F, size.y * limit / size.x);
        style.px = std::min(size.y - 1, wanted);
        const Vec2 smaller = measure(style, text);
        if (smaller.y >= size.y) break;
        size = smaller;
    }
    return style;
}

Rect Canvas::clip() const {
    const ImVec2 low = list_->GetClipRectMin();
    const ImVec2 high = list_->GetClipRectMax();
    return {low.x, low.y, high.x - low.x, high.y - low.y};
}

void Canvas::cover(const Rect& box, Color color, Layer layer) const {
    quads_->push_back({.layer = layer, .box = box, .clip = common_part(box, clip()), .color = color});
}

void Canvas::cover_hatched(const Rect& box, Color color) const {
    Quad quad{.layer = Layer::strip, .box = box, .clip = common_part(box, clip()), .color = color};
    quad.doubtful = true;
    quads_->push_back(std::move(quad));
}

void Canvas::picture(const Rect& area, const camera::SharedFrame& frame, bool doubtful, const Scrim& scrim,
                     Color ground) const {
    const PlacedPicture placed = place_picture(area, frame->width, frame->height);
    if (placed.box != area) cover(area, ground);
    Quad quad{.layer = Layer::picture, .box = placed.box, .clip = common_part(placed.box, clip())};
    quad.frame = frame;
    quad.part = placed.part;
    quad.doubtful = doubtful;
    quad.scrim = scrim;
    quads_->push_back(std::move(quad));
}

void Canvas::round_off(const Rect& box, float radius, Color color) const {
    if (radius < 1) return;
    quads_->push_back({.layer = Layer::corners,
                       .box = box,
                       .clip = common_part(box, clip()),
                       .color = color,
                       .radius = radius});
}

void Canvas::fill(const Rect& box, Color color, float radius) const {
    list_->AddRectFilled({box.x, box.y}, {box.right(), box.bottom()}, packed(color), radius);
}

void Canvas::outline(const Rect& box, Color color, float radius, float thickness) const {
    const Rect line = box.inset(thickness / 2);
    list_->AddRect({line.x, line.y}, {line.right(), line.bottom()}, packed(color), radius, 0, thickness);
}

void Canvas::line(Vec2 from, Vec2 to, Color color, float thickness) const {
    list_->AddLine(point(from), point(to), packed(color), thickness);
}

void Canvas::polyline(std::span<const Vec2> points, Color color, float thickness, bool closed) const {
    static_assert(sizeof(Vec2) == sizeof(ImVec2));
    if (points.size() < 2) return;
    list_->PathClear();
    for (const Vec2& at : points)
        list_->PathLineTo(point(at));
    list_->PathStroke(packed(color), closed ? ImDrawFlags_Closed : 0, thickness);
}

void Canvas::polygon(std::span<const Vec2> points, Color color) const {
    list_->PathClear();
    for (const Vec2& at : points)
        list_->PathLineTo(point(at));
    list_->PathFillConvex(packed(color));
}

void Canvas::disc(Vec2 center, float radius, Color color) const {
    // A driver without a GPU counts triangles: a dot needs few.
    constexpr float dot = 6;
    list_->AddCircleFilled(point(center), radius, packed(color), radius < dot ? 10 : 0);
}

void Canvas::ring(Vec2 center, float radius, Color color, float thickness) const {
    list_->AddCircle(point(center), radius - thickness / 2, packed(color), 0, thickness);
}

void Canvas::arc(Vec2 center, float radius, float from, float to, Color color, float thickness) const {
    constexpr float turn = 2 * std::numbers::pi_v<float>;
    list_->PathClear();
    list_->PathArcTo(point(center), radius - thickness / 2, (from - 0.25F) * turn, (to - 0.25F) * turn, 0);
    list_->PathStroke(packed(color), 0, thickness);
}

void Canvas::hatch(const Rect& box, Color color, float spacing, float thickness) const {
    push_clip(box);
    const int lines = static_cast<int>(std::ceil((box.width + box.height) / spacing));
    for (int i = 0; i < lines; ++i) {
        const float x = box.x - box.height + static_cast<float>(i) * spacing;
        line({x, box.bottom()}, {x + box.height, box.y}, color, thickness);
    }
    pop_clip();
}

void Canvas::bar(const Rect& box, float share, Color filled, Color empty) const {
    fill(box, empty, box.height / 2);
    share = std::clamp(share, 0.0F, 1.0F);
    if (share <= 0) return;
    fill({box.x, box.y, std::max(box.height, box.width * share), box.height}, filled, box.height / 2);
}

void Canvas::push_clip(const Rect& box) const {
    list_->PushClipRect({box.x, box.y}, {box.right(), box.bottom()}, true);
}
void Canvas::pop_clip() const { list_->PopClipRect(); }

}  // namespace farmwall::ui
