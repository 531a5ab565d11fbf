#include "ui/tile_draw.hpp"

#include <algorithm>
#include <cmath>

#include "ui/icons.hpp"
#include "ui/tile_plan.hpp"

namespace farmwall::ui {
namespace {

// One tile while it is drawn.
struct Painter {
    const Canvas& canvas;
    const TileView& view;
    const PictureView& picture;
    Rect box;
    TilePlan plan;
    Color surface;  // of the strip
    Color signal;   // the one colour

    // Letters are measured in these.
    [[nodiscard]] float u(float units) const { return units * plan.unit * plan.letter; }
    [[nodiscard]] const Theme& theme() const { return canvas.theme(); }
    [[nodiscard]] bool loud() const { return view.needs_hands && !view.stale; }
    [[nodiscard]] Color tone(Color color) const { return view.stale ? desaturate(color, 1.0F) : color; }
    // Secondary text, stronger where the tile itself is coloured.
    [[nodiscard]] Color muted() const {
        return loud() ? mix(theme().text_muted, theme().text_color, 0.6F) : theme().text_muted;
    }
    [[nodiscard]] TextStyle style(Weight weight, float units, Color color) const {
        return {weight, std::max(u(units), 12.0F), color};
    }

    [[nodiscard]] Scrim scrim() const;
    void paint_picture(const camera::SharedFrame& frame) const;
    void no_picture(const Rect& area) const;
    float mark(Vec2 top_right) const;
    void head() const;
    void words() const;
    [[nodiscard]] float number(Vec2 right_base) const;
    void progress() const;
    void line() const;
    void facts(const Rect& row) const;
    void temperatures(Vec2 left_top, float size, float limit) const;
    [[nodiscard]] float swatches(Vec2 right_middle, float size) const;
    void frame(const TileLook& look) const;
};

float corner(const Canvas& canvas, const Rect& box) {
    return std::min(canvas.px(canvas.theme().radius), std::floor(box.height * 0.09F));
}

Color tile_surface(const Theme& theme, const TileView& view, const TileLook& look) {
    const Color plain = look.hovered ? theme.surface_raised : theme.surface;
    if (view.needs_hands && !view.stale) return mix(plain, theme.of(view.condition), 0.34F);
    return plain;
}

Scrim Painter::scrim() const {
    const Theme& t = theme();
    Scrim scrim;
    scrim.color = loud() ? mix(t.picture_scrim, signal, 0.30F) : t.picture_scrim;
    scrim.top = 0.80F;
    scrim.top_end = box.y + u(2.5F);
    if (!plan.words_over) return scrim;
    scrim.bottom = loud() ? 0.94F : 0.88F;
    scrim.bottom_from = plan.words.y - u(1.1F);
    scrim.bottom_full = plan.words.y + plan.words.height * 0.55F;
    return scrim;
}

void Painter::paint_picture(const camera::SharedFrame& frame) const {
    if (picture.shown && frame) {
        canvas.picture(plan.picture, frame, picture.doubtful, scrim(), theme().picture_ground);
        return;
    }
    const Color ground = theme().picture_ground;
    canvas.cover(plan.picture, loud() ? mix(ground, signal, 0.16F) : ground);
    const float top = box.y + u(1.9F);
    const float bottom = plan.words_over ? plan.words.y : plan.strip.y;
    no_picture({plan.picture.x, top, plan.picture.width, bottom - top});
}

// Why there is none, and what else there is to tell where nothing is to be seen.
void Painter::no_picture(const Rect& area) const {
    const bool with_facts =
        plan.facts.height <= 0 && plan.detail == TileDetail::full && !view.stale && view.age != "no data";
    const float facts_height = with_facts ? u(1.3F) : 0;
    const Rect room{area.x + plan.pad, area.y, area.width - 2 * plan.pad, area.height - facts_height};
    if (with_facts) facts({room.x, room.bottom(), room.width, facts_height});
    const TextStyle icon{Weight::icon, u(1.35F), theme().text_faint};
    const std::string& reason = plan.detail == TileDetail::small ? std::string{} : picture.reason;
    TextStyle text = style(Weight::regular, 0.62F, theme().text_faint);
    constexpr int most_lines = 3;
    const float inner = std::min(room.width, u(13));
    const float text_height = canvas.paragraph_height(inner, most_lines, text, reason);
    float icon_height = canvas.line_height(icon) + u(0.15F);
    if (icon_height + text_height > room.height) icon_height = 0;
    float y = room.y + (room.height - icon_height - text_height) / 2;
    if (icon_height > 0) {
        const bool failing = picture.truth != CameraTruth::connecting;
        const std::string_view glyph = failing ? icon::video_off : icon::video;
        canvas.text({room.center().x, y}, icon, glyph, Align::center);
    }
    y += icon_height;
    if (text_height > room.height) return;
    canvas.paragraph({room.center().x, y}, inner, most_lines, text, reason, Align::center);
}

// What may be believed of the picture; returns the left edge.
float Painter::mark(Vec2 top_right) const {
    const Theme& t = theme();
    const bool small = plan.detail == TileDetail::small;
    switch (picture.truth) {
        case CameraTruth::off:
            return top_right.x;
        case CameraTruth::live: {
            const float radius = std::max(u(0.15F), 2.0F);
            canvas.disc({top_right.x - radius, top_right.y + u(0.55F)}, radius, t.picture_live);
            return top_right.x - radius * 2;
        }
        case CameraTruth::slow:
        case CameraTruth::connecting: {
            const TextStyle text = style(Weight::medium, 0.58F, t.text_muted);
            const float y = top_right.y + u(0.55F) - canvas.line_height(text) * 0.52F;
            return top_right.x - canvas.text({top_right.x, y}, text, picture.mark, Align::right);
        }
        case CameraTruth::stale:
        case CameraTruth::frozen:
        case CameraTruth::dark:
        case CameraTruth::no_signal:
            break;
    }
    // Bold letters are made up to this size.
    TextStyle text = style(Weight::bold, small ? 0.72F : 0.78F, t.on_color);
    text.px = std::min(text.px, 34.0F);
    const Vec2 size = canvas.measure(text, picture.mark);
    const float inside = u(0.3F);
    Rect chip{top_right.x - size.x - inside * 2, top_right.y + u(0.52F) - size.y * 0.66F, size.x + inside * 2,
              size.y * 1.28F};
    const bool beside_name = !small || chip.x > box.x + plan.pad + box.width * 0.36F;
    if (!beside_name) chip.y += u(1.3F);
    canvas.fill(chip, t.picture_doubt, u(0.22F));
    canvas.text_in({chip.x + inside, chip.y, size.x + 1, chip.height}, text, picture.mark, Align::left);
    return beside_name ? chip.x : top_right.x;
}

// Name, how old the report is, and what may be believed of the picture.
void Painter::head() const {
    const float top = box.y + u(0.42F);
    const float right = mark({box.right() - plan.pad, top}) - u(0.4F);
    const TextStyle name = style(Weight::medium, 1.02F, theme().text_color);
    float x = box.x + plan.pad;
    x += canvas.text_within({x, top}, right - x, name, view.name) + u(0.5F);
    const bool told_by_number = view.stale && !view.number.empty();
    if (view.age == "live" || told_by_number || plan.detail == TileDetail::small) return;
    const TextStyle text = style(Weight::regular, 0.66F, theme().text_muted);
    const std::string age = view.age == "no data" ? view.age : view.age + " ago";
    if (x + canvas.measure(text, age).x > right) return;
    const float base = top + (canvas.line_height(name) - canvas.line_height(text)) * 0.79F;
    canvas.text({x, base}, text, age);
}

// Big digits with a smaller unit beside them, both standing on the same line; returns the left edge.
float Painter::number(Vec2 right_base) const {
    if (view.number.empty()) return right_base.x;
    const TextStyle digits{Weight::digits, u(2.25F), tone(theme().text_color)};
    const TextStyle unit_style{Weight::medium, u(1.05F), tone(muted())};
    constexpr float ascent = 0.79F;  // Roboto: share of the line above its base
    float x = right_base.x;
    x -= canvas.text({x, right_base.y - canvas.line_height(unit_style) * ascent}, unit_style, view.unit,
                     Align::right);
    x -= u(0.12F);
    x -= canvas.text({x, right_base.y - canvas.line_height(digits) * ascent}, digits, view.number,
                     Align::right);
    return x;
}

// Shape and word left, number right.
void Painter::words() const {
    const Rect& row = plan.words;
    const float base = row.bottom() - u(plan.words_over ? 0.48F : 0.38F);
    const float limit = number({row.right(), base}) - u(0.5F);
    constexpr float size = 1.55F;
    const float radius = u(size * 0.46F);
    const TextStyle big{Weight::bold, u(size), signal};
    const float x = row.x + radius * 2 + u(size * 0.26F);
    const TextStyle fitting = canvas.shrunk(big, view.word, limit - x);
    const float middle = base - u(size) * 0.36F;
    draw_shape(canvas, view.condition, {row.x + radius, middle}, radius, signal);
    canvas.text_within({x, middle - canvas.line_height(fitting) * 0.52F}, limit - x, fitting, view.word);
}

// From edge to edge, between picture and words.
void Painter::progress() const {
    if (!view.progress) return;
    const Rect bar{box.x, plan.strip.y, box.width, plan.bar_height};
    const float filled = std::floor(bar.width * std::clamp(*view.progress, 0.0F, 1.0F));
    canvas.cover({bar.x + filled, bar.y, bar.width - filled, bar.height},
                 mix(surface, theme().text_color, 0.16F), Layer::strip);
    canvas.cover({bar.x, bar.y, filled, bar.height}, signal, Layer::strip);
}

// The file and the time left; where there is trouble, what it is, and the file where it has room.
void Painter::line() const {
    const Rect& row = plan.line;
    const TextStyle plain = style(Weight::regular, 0.86F, tone(muted()));
    const bool troubled = !view.detail.empty() && (view.left.empty() || view.needs_hands || view.stale);
    const TextStyle strong = style(
        Weight::medium, 0.86F, loud() ? theme().text_color : tone(mix(muted(), theme().text_color, 0.5F)));
    const std::string& first = troubled ? view.detail : view.file;
    const std::string& second = troubled ? view.file : view.left;
    const TextStyle& first_style = troubled ? strong : plain;
    const TextStyle& second_style = troubled ? plain : strong;
    // The time left is whole; a file gives way to what is wrong.
    float right = row.right();
    const float gap = u(0.6F);
    if (!second.empty()) {
        const float wanted = canvas.measure(second_style, second).x;
        const float room = troubled ? row.width - canvas.measure(first_style, first).x - gap : row.width;
        const float width = std::min(wanted, room);
        if (width >= std::min(wanted, u(3.2F))) {
            const Rect cell{right - width, row.y, width, row.height};
            right -= canvas.text_in(cell, second_style, second, Align::right) + gap;
        }
    }
    canvas.text_in({row.x, row.y, right - row.x, row.height}, first_style, first, Align::left);
}

void Painter::temperatures(Vec2 left_middle, float size, float limit) const {
    const TextStyle text = style(Weight::medium, size, tone(muted()));
    const float line = canvas.line_height(text);
    const TextStyle icon{Weight::icon, line, theme().text_faint};
    const float y = left_middle.y - line / 2;
    float x = left_middle.x;
    const auto put = [&](std::string_view glyph, const std::string& value) {
        const float needed = canvas.measure(icon, glyph).x + line * 0.3F + canvas.measure(text, value).x;
        if (value.empty() || x + needed > left_middle.x + limit) return;
        x += canvas.text({x, y}, icon, glyph) + line * 0.3F;
        x += canvas.text({x, y}, text, value) + line * 0.9F;
    };
    put(icon::thermometer, view.nozzle);
    put(icon::radiator, view.bed);
    put(icon::cube, view.chamber);
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

void Painter::facts(const Rect& row) const {
    const float spools = swatches({row.right() - u(0.1F), row.center().y}, 0.62F);
    temperatures({row.x, row.center().y}, 0.72F, row.width - spools - u(0.5F));
}

void Painter::frame(const TileLook& look) const {
    const float radius = corner(canvas, box);
    canvas.round_off(box, radius, theme().background);
    if (view.needs_hands) canvas.outline(box, signal, radius, std::max(std::floor(u(0.2F)), 2.0F));
    if (look.focused) canvas.outline(box, theme().focus, radius, std::max(std::floor(u(0.14F)), 2.0F));
}

constexpr int no_limit = 99;  // lines

// A story too long for one line takes the room it needs from the picture, which then shows nothing that
// is worth more.
void make_room_for_story(Painter& p, TextStyle& text) {
    const Canvas& canvas = p.canvas;
    const float inner = p.plan.line.width;
    const float most = p.box.height * 0.46F;
    float height = 0;
    for (float size = 0.86F; size >= 0.58F; size -= 0.04F) {
        text = p.style(Weight::medium, size, text.color);
        height = canvas.paragraph_height(inner, no_limit, text, p.view.detail);
        if (height <= most) break;
    }
    height = std::min(height, most);
    const float below = p.u(0.34F);
    const float grown = std::max(0.0F, height + below - (p.box.bottom() - p.plan.line.y));
    TilePlan& plan = p.plan;
    plan.line.y = std::floor(plan.line.y - grown);
    plan.line.height = p.box.bottom() - below - plan.line.y;
    plan.words.y -= std::ceil(grown);
    plan.strip = {p.box.x, std::floor(plan.strip.y - grown), p.box.width,
                  p.box.bottom() - std::floor(plan.strip.y - grown)};
    plan.facts = {};
}

void paint_tiny(const Painter& p) {
    const float radius = std::max(3.0F, std::min(p.box.height * 0.3F, p.box.width * 0.12F));
    draw_shape(p.canvas, p.view.condition, {p.box.x + radius * 1.8F, p.box.center().y}, radius, p.signal);
    const Rect text{p.box.x + radius * 3.4F, p.box.y, p.box.width - radius * 4.4F, p.box.height};
    p.canvas.text_in(text, p.style(Weight::medium, 1.0F, p.theme().text_color), p.view.name, Align::left);
}

void paint_strip(const Painter& p) {
    const TilePlan& plan = p.plan;
    if (p.view.stale) {
        p.canvas.cover_hatched(plan.strip, p.surface);
    } else {
        p.canvas.cover(plan.strip, p.surface, Layer::strip);
    }
    p.progress();
}

void paint(Painter& p, const TileContent& content) {
    const TextStyle one_line = p.style(Weight::medium, 0.86F, {});
    const bool told = content.view.needs_hands || content.view.stale || content.view.left.empty();
    const bool story = told && p.plan.detail != TileDetail::small && !content.view.detail.empty() &&
                       p.canvas.measure(one_line, content.view.detail).x > p.plan.line.width;
    TextStyle text = p.style(Weight::medium, 0.86F, mix(p.muted(), p.theme().text_color, 0.5F));
    if (p.view.stale) text.color = desaturate(text.color, 1);
    const TilePlan before = p.plan;
    if (story) make_room_for_story(p, text);
    Painter seen = p;  // the picture keeps its place, so that its size does not change with every story
    seen.plan.picture = before.picture;
    seen.paint_picture(content.frame);
    paint_strip(p);
    p.head();
    p.words();
    if (story) {
        const float line = p.canvas.paragraph_height(p.plan.line.width, 1, text, content.view.detail);
        const int lines = std::max(1, static_cast<int>((p.plan.line.height + 1) / line));
        p.canvas.paragraph({p.plan.line.x, p.plan.line.y}, p.plan.line.width, lines, text,
                           content.view.detail);
    } else {
        p.line();
    }
    if (p.plan.facts.height > 0) p.facts(p.plan.facts);
}

}  // namespace

void draw_tile(const Canvas& canvas, const Rect& box, const TileContent& content, const TileLook& look) {
    const Theme& theme = canvas.theme();
    const Color plain = theme.of(content.view.condition);
    const bool grey = content.view.stale && !content.view.needs_hands;
    Painter painter{canvas,
                    content.view,
                    content.picture,
                    box,
                    tile_plan(box, canvas.scale()),
                    tile_surface(theme, content.view, look),
                    grey ? desaturate(plain, 1.0F) : plain};
    canvas.push_clip(box);
    if (painter.plan.detail == TileDetail::tiny) {
        paint_strip(painter);
        paint_tiny(painter);
    } else {
        paint(painter, content);
    }
    painter.frame(look);
    canvas.pop_clip();
}

}  // namespace farmwall::ui
