#include "ui/tile_draw.hpp"

#include <algorithm>
#include <cmath>

#include "ui/icons.hpp"

namespace farmwall::ui {
namespace {

// One tile while it is drawn. Lengths are in units: a sixteenth of a 16:10 tile's width.
struct Painter {
    const Canvas& canvas;
    const TileView& view;
    Rect box;
    float unit;
    Color surface;  // of this tile
    Color signal;   // the one colour

    [[nodiscard]] float u(float units) const { return units * unit; }
    [[nodiscard]] const Theme& theme() const { return canvas.theme(); }
    [[nodiscard]] Color tone(Color color) const { return view.stale ? desaturate(color, 1.0F) : color; }
    // Secondary text, stronger where the tile itself is coloured.
    [[nodiscard]] Color muted() const {
        const bool tinted = view.needs_hands && !view.stale;
        return tinted ? mix(theme().text_muted, theme().text_color, 0.6F) : theme().text_muted;
    }
    [[nodiscard]] TextStyle style(Weight weight, float units, Color color) const {
        return {weight, std::max(u(units), 12.0F), tone(color)};
    }

    void background() const;
    void frame(const TileLook& look) const;
    float age(Vec2 top_right, float size) const;
    float word(Vec2 left_middle, float size, float limit) const;
    void number(Vec2 left_base, float size) const;
    void camera(const Rect& area) const;
    void progress(const Rect& area) const;
    [[nodiscard]] bool story_fits(const Rect& area) const;
    void story(const Rect& area, float biggest) const;
    void temperatures(Vec2 left_top, float size, float limit) const;
    float swatches(Vec2 right_middle, float size) const;
};

// A lone printer's tile gives the room to its picture, not to ever bigger letters.
constexpr float biggest_unit = 62;

float tile_unit(const Rect& box, float scale) {
    return std::min({box.width / 16, box.height / 10, biggest_unit * scale});
}

Color tile_surface(const Theme& theme, const TileView& view, const TileLook& look) {
    const Color plain = look.hovered ? theme.surface_raised : theme.surface;
    if (view.needs_hands && !view.stale) return mix(plain, theme.of(view.condition), 0.26F);
    return plain;
}

void Painter::background() const {
    const float radius = std::min(canvas.px(theme().radius), box.height * 0.16F);
    canvas.fill(box, theme().background);  // the corners
    canvas.fill(box, surface, radius);
    if (view.stale) {
        canvas.hatch(box, with_alpha(theme().text_color, 0.045F), std::max(u(0.55F), 8.0F),
                     std::max(u(0.14F), 2.0F));
    }
}

void Painter::frame(const TileLook& look) const {
    const float radius = std::min(canvas.px(theme().radius), box.height * 0.16F);
    if (view.needs_hands) canvas.outline(box, signal, radius, std::max(u(0.14F), 2.0F));
    if (look.focused) canvas.outline(box, theme().focus, radius, std::max(u(0.12F), 2.0F));
}

// Returns the left edge.
float Painter::age(Vec2 top_right, float size) const {
    const bool live = view.age == "live";
    const TextStyle text = style(Weight::regular, size, live ? theme().text_faint : theme().text_muted);
    const float width = canvas.text(top_right, text, view.age, Align::right);
    const float line = canvas.line_height(text);
    if (live) {
        canvas.disc({top_right.x - width - line * 0.42F, top_right.y + line * 0.54F}, line * 0.16F,
                    theme().finished);
    }
    return top_right.x - width - (live ? line * 0.6F : 0.0F);
}

// Shape and word; returns the right edge.
float Painter::word(Vec2 left_middle, float size, float limit) const {
    const float radius = u(size * 0.46F);
    draw_shape(canvas, view.condition, {left_middle.x + radius, left_middle.y}, radius, signal);
    const float x = left_middle.x + radius * 2 + u(size * 0.32F);
    const TextStyle big{Weight::bold, u(size), signal};
    const TextStyle fitting = canvas.shrunk(big, view.word, limit - (x - left_middle.x));
    const float y = left_middle.y - canvas.line_height(fitting) * 0.52F;
    return x + canvas.text_within({x, y}, limit - (x - left_middle.x), fitting, view.word);
}

// Big digits with a smaller unit beside them, both standing on the same line.
void Painter::number(Vec2 left_base, float size) const {
    if (view.number.empty()) return;
    const TextStyle digits{Weight::digits, u(size), tone(theme().text_color)};
    const TextStyle unit_style{Weight::medium, u(size * 0.48F), tone(muted())};
    const float ascent = 0.79F;  // Roboto: share of the line above its base
    const float height = canvas.line_height(digits);
    const float width = canvas.text({left_base.x, left_base.y - height * ascent}, digits, view.number);
    canvas.text(
        {left_base.x + width + u(size * 0.08F), left_base.y - canvas.line_height(unit_style) * ascent},
        unit_style, view.unit);
}

void Painter::camera(const Rect& area) const {
    canvas.fill(area, mix(surface, theme().background, 0.55F), canvas.px(theme().radius) * 0.6F);
    const TextStyle icon{Weight::icon, std::min(u(1.5F), area.height * 0.36F), tone(theme().text_faint)};
    const float inner = area.width - u(0.7F);
    constexpr int most_lines = 4;
    // The reason is worth more than the icon, which goes first where both do not fit.
    float icon_height = canvas.line_height(icon) + u(0.2F);
    TextStyle reason = style(Weight::regular, 0.56F, theme().text_faint);
    float text_height = canvas.paragraph_height(inner, most_lines, reason, view.camera);
    if (icon_height + text_height > area.height - u(0.3F)) {
        icon_height = 0;
        for (float size = 0.56F; size > 0.44F && text_height > area.height - u(0.1F); size -= 0.04F) {
            reason = style(Weight::regular, size, theme().text_faint);
            text_height = canvas.paragraph_height(inner, most_lines, reason, view.camera);
        }
    }
    const float line = canvas.paragraph_height(inner, 1, reason, view.camera);
    const int lines = std::clamp(static_cast<int>((area.height - icon_height) / line), 1, most_lines);
    text_height = canvas.paragraph_height(inner, lines, reason, view.camera);
    // Measured first, so that icon and text stand in the middle together.
    float y = area.y + (area.height - icon_height - text_height) / 2;
    if (icon_height > 0) canvas.text({area.center().x, y}, icon, icon::video_off, Align::center);
    y += icon_height;
    canvas.paragraph({area.center().x, y}, inner, lines, reason, view.camera, Align::center);
}

void Painter::progress(const Rect& area) const {
    if (!view.progress) return;
    const Color empty = mix(surface, theme().text_color, 0.10F);
    canvas.bar(area, *view.progress, signal, empty);
}

void Painter::temperatures(Vec2 left_top, float size, float limit) const {
    const TextStyle text = style(Weight::medium, size, muted());
    const float line = canvas.line_height(text);
    const TextStyle icon{Weight::icon, line, tone(theme().text_faint)};
    float x = left_top.x;
    const auto put = [&](std::string_view glyph, const std::string& value) {
        const float needed = canvas.measure(icon, glyph).x + line * 0.3F + canvas.measure(text, value).x;
        if (value.empty() || x + needed > left_top.x + limit) return;
        x += canvas.text({x, left_top.y}, icon, glyph) + line * 0.3F;
        x += canvas.text({x, left_top.y}, text, value) + line * 0.9F;
    };
    put(icon::thermometer, view.nozzle);
    put(icon::radiator, view.bed);
    put(icon::cube, view.chamber);
}

// In units; letters of a story are not made smaller.
constexpr float smallest_story = 0.54F;
constexpr int no_limit = 99;  // lines

bool Painter::story_fits(const Rect& area) const {
    const TextStyle text = style(Weight::medium, 0.6F, muted());
    return canvas.paragraph_height(area.width, no_limit, text, view.detail) <= area.height;
}

// What explains the word, as big as the area lets it be whole; cut only where the smallest is too big.
void Painter::story(const Rect& area, float biggest) const {
    if (view.detail.empty() || area.height <= 0) return;
    constexpr float step = 0.04F;
    TextStyle text = style(Weight::medium, biggest, muted());
    for (float size = biggest; size > smallest_story; size -= step) {
        text = style(Weight::medium, size, muted());
        if (canvas.paragraph_height(area.width, no_limit, text, view.detail) <= area.height) break;
    }
    const float line = canvas.paragraph_height(area.width, 1, text, view.detail);
    const int lines = std::max(1, static_cast<int>((area.height + 1) / line));
    canvas.paragraph({area.x, area.y}, area.width, lines, text, view.detail);
}

// Spools right to left, the active one with a ring; returns the width.
float Painter::swatches(Vec2 right_middle, float size) const {
    const float radius = std::max(u(size) / 2, 3.0F);
    const float step = radius * 2 + std::max(radius * 0.6F, 2.0F);
    float x = right_middle.x;
    std::size_t shown = std::min<std::size_t>(view.swatches.size(), 8);
    for (; shown > 0; --shown) {
        const Swatch& swatch = view.swatches[shown - 1];
        const Vec2 center{x - radius, right_middle.y};
        canvas.disc(center, radius, tone(swatch.color));
        canvas.ring(center, radius, with_alpha(theme().text_color, 0.25F), 1);
        if (swatch.active) {
            canvas.ring(center, radius + std::max(radius * 0.42F, 2.0F), tone(theme().text_color),
                        std::max(radius * 0.18F, 1.2F));
        }
        x -= step;
    }
    return right_middle.x - x;
}

// In the place of the number: how old it all is or what is left, and below it the reason.
void paint_story(const Painter& p, Rect area) {
    std::string first = p.view.left;
    if (!p.view.number.empty()) first = p.view.number + " " + p.view.unit + " " + first;
    if (!first.empty()) {
        const TextStyle strong = p.style(Weight::bold, 0.86F, p.theme().text_color);
        const TextStyle fitting = p.canvas.shrunk(strong, first, area.width);
        const float line = p.canvas.line_height(strong) * 1.3F;
        const Rect below{area.x, area.y + line, area.width, area.height - line};
        // The corner tells the age as well, so that the reason goes first where room is short.
        if (p.story_fits(below)) {
            p.canvas.text_within({area.x, area.y}, area.width, fitting, first);
            area = below;
        }
    }
    p.story(area, 0.95F);
}

void paint_full(const Painter& p) {
    const float left = p.box.x + p.u(0.75F);
    const float right = p.box.right() - p.u(0.75F);
    const float top = p.box.y;
    const Theme& theme = p.theme();

    p.age({right, top + p.u(0.72F)}, 0.68F);
    const TextStyle name = p.style(Weight::medium, 1.1F, theme.text_color);
    p.canvas.text_within({left, top + p.u(0.55F)}, right - left - p.u(3.4F), name, p.view.name);

    p.word({left, top + p.u(2.95F)}, 1.75F, right - left);

    // From the bottom upwards, so that taller tiles give the room to the camera.
    const float bottom = p.box.bottom();
    const float temperatures_top = bottom - p.u(1.28F);
    const float spools = p.swatches({right, temperatures_top + p.u(0.36F)}, 0.62F);
    p.temperatures({left, temperatures_top}, 0.70F, right - left - spools);
    const float file_top = bottom - p.u(2.38F);
    const TextStyle small = p.style(Weight::regular, 0.70F, p.muted());
    float layers = 0;
    if (!p.view.layers.empty()) {
        layers = p.canvas.text({right, file_top}, small, p.view.layers, Align::right) + p.u(0.6F);
    }
    // A tile that has a story instead of a job's number tells it there.
    const bool told = p.view.stale || p.view.number.empty();
    const std::string& line = p.view.file.empty() && !told ? p.view.detail : p.view.file;
    p.canvas.text_within({left, file_top}, right - left - layers, small, line);
    const float bar_top = bottom - p.u(3.02F);
    p.progress({left, bar_top, right - left, std::max(p.u(0.34F), 4.0F)});

    const float area_top = top + p.u(4.15F);
    const float area_height = bar_top - p.u(0.55F) - area_top;
    // Where nobody answers there is more to read than to see.
    const float most = (right - left) * (p.view.stale ? 0.31F : told ? 0.42F : 0.46F);
    const float camera_width = std::min(std::max(area_height * 16 / 9, p.u(5.4F)), most);
    p.camera({right - camera_width, area_top, camera_width, area_height});
    const float text_limit = right - left - camera_width - p.u(0.5F);
    if (told) {
        const float end = p.view.progress ? bar_top : p.view.file.empty() ? temperatures_top : file_top;
        paint_story(p, {left, area_top, text_limit, end - p.u(0.2F) - area_top});
        return;
    }
    const float base = bar_top - p.u(1.46F);
    // Where the tile is higher than wide, the number takes the room.
    const float word_bottom = top + p.u(3.95F);
    p.number({left, base}, std::clamp((base - word_bottom) / p.unit / 0.75F, 2.2F, 5.0F));
    const bool has_left = !p.view.left.empty();
    const std::string& under = has_left ? p.view.left : p.view.file.empty() ? std::string{} : p.view.detail;
    const TextStyle left_style = p.style(Weight::medium, 0.78F, p.muted());
    p.canvas.text_within({left, bar_top - p.u(1.22F)}, text_limit, left_style, under);
}

void paint_compact(const Painter& p) {
    const float left = p.box.x + p.u(0.8F);
    const float right = p.box.right() - p.u(0.8F);
    const float bottom = p.box.bottom();
    const Theme& theme = p.theme();
    const float age_left = p.age({right, p.box.y + p.u(0.72F)}, 0.8F);
    const TextStyle no_camera = p.style(Weight::icon, 1.0F, theme.text_faint);
    p.canvas.text({age_left - p.u(0.5F), p.box.y + p.u(0.66F)}, no_camera, icon::video_off, Align::right);
    const TextStyle name = p.style(Weight::medium, 1.25F, theme.text_color);
    p.canvas.text_within({left, p.box.y + p.u(0.6F)}, age_left - left - p.u(2.2F), name, p.view.name);
    p.word({left, p.box.y + p.u(3.35F)}, 2.1F, right - left);
    const float temperatures_top = bottom - p.u(1.5F);
    p.temperatures({left, temperatures_top}, 0.85F, right - left);
    const float bar_top = bottom - p.u(2.35F);
    p.progress({left, bar_top, right - left, std::max(p.u(0.38F), 3.0F)});
    const Rect story{left, p.box.y + p.u(4.75F), right - left,
                     temperatures_top - p.u(0.2F) - p.box.y - p.u(4.75F)};
    if (p.view.stale) return paint_story(p, story);
    const float base = bar_top - p.u(0.7F);
    p.number({left, base}, 3.4F);
    const TextStyle text = p.style(Weight::medium, 0.92F, p.muted());
    const bool reason = p.view.file.empty() || p.view.needs_hands;
    if (reason) {
        const float end = !p.view.number.empty() ? base - p.u(2.8F)
                          : p.view.progress      ? bar_top
                                                 : temperatures_top;
        const float least = p.canvas.line_height(text) * 1.25F;
        p.story({left, story.y, story.width, std::max(least, end - p.u(0.2F) - story.y)}, 0.92F);
    } else {
        p.canvas.text_within({left, story.y}, story.width, text, p.view.file);
    }
    const float top = base - p.canvas.line_height(text) * 0.79F;
    const std::string& words = p.view.left.empty() && !reason ? p.view.detail : p.view.left;
    const float used = p.view.number.empty() ? 0.0F : p.u(6.6F);
    p.canvas.text_within({right, top}, right - left - used, text, words, Align::right);
}

void paint_small(const Painter& p) {
    const float left = p.box.x + p.u(0.9F);
    const float right = p.box.right() - p.u(0.9F);
    const float bottom = p.box.bottom();
    const TextStyle name = p.style(Weight::medium, 1.35F, p.theme().text_color);
    p.canvas.text_within({left, p.box.y + p.u(0.75F)}, right - left, name, p.view.name);
    p.word({left, p.box.y + p.u(3.85F)}, 2.25F, right - left);
    const float bar_top = bottom - p.u(1.2F);
    p.progress({left, bar_top, right - left, std::max(p.u(0.42F), 3.0F)});
    p.number({left, bar_top - p.u(0.75F)}, 3.5F);
    const TextStyle text = p.style(Weight::medium, 1.1F, p.muted());
    if (!p.view.left.empty()) {
        const std::string_view minutes = std::string_view{p.view.left}.substr(0, p.view.left.rfind(' '));
        const float top = bar_top - p.u(0.75F) - p.canvas.line_height(text) * 0.79F;
        p.canvas.text_within({right, top}, right - left - p.u(6.6F), text, p.view.stale ? "" : minutes,
                             Align::right);
    }
}

void paint_tiny(const Painter& p) {
    const float radius = std::max(3.0F, std::min(p.box.height * 0.3F, p.box.width * 0.12F));
    draw_shape(p.canvas, p.view.condition, {p.box.x + radius * 1.8F, p.box.center().y}, radius, p.signal);
    const Rect text{p.box.x + radius * 3.4F, p.box.y, p.box.width - radius * 4.4F, p.box.height};
    p.canvas.text_in(text, p.style(Weight::medium, 1.2F, p.theme().text_color), p.view.name, Align::left);
}

}  // namespace

TileDetail tile_detail(const Rect& box, float scale) {
    const float unit = std::min(box.width / 16, box.height / 10) / scale;
    if (unit >= 19) return TileDetail::full;
    if (unit >= 13.5F) return TileDetail::compact;
    return unit >= 7.5F ? TileDetail::small : TileDetail::tiny;
}

void draw_tile(const Canvas& canvas, const Rect& box, const TileView& view, const TileLook& look) {
    const Theme& theme = canvas.theme();
    const Color plain = theme.of(view.condition);
    const bool grey = view.stale && !view.needs_hands;
    const Painter painter{canvas,
                          view,
                          box,
                          tile_unit(box, canvas.scale()),
                          tile_surface(theme, view, look),
                          grey ? desaturate(plain, 1.0F) : plain};
    canvas.push_clip(box);
    painter.background();
    switch (tile_detail(box, canvas.scale())) {
        case TileDetail::full:
            paint_full(painter);
            break;
        case TileDetail::compact:
            paint_compact(painter);
            break;
        case TileDetail::small:
            paint_small(painter);
            break;
        case TileDetail::tiny:
            paint_tiny(painter);
            break;
    }
    painter.frame(look);
    canvas.pop_clip();
}

}  // namespace farmwall::ui
