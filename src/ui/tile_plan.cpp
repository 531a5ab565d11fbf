#include "ui/tile_plan.hpp"

#include <algorithm>
#include <cmath>

namespace farmwall::ui {
namespace {

// A lone printer's tile gives the room to its picture, not to ever bigger letters.
constexpr float biggest_unit = 56;

float tile_unit(const Rect& box, float scale) {
    return std::min({box.width / 16, box.height / 10, biggest_unit * scale});
}

float letter_of(TileDetail detail) {
    switch (detail) {
        case TileDetail::full:
            return 1;
        case TileDetail::compact:
            return 1.16F;
        case TileDetail::small:
        case TileDetail::tiny:
            return 1.36F;
    }
    return 1;
}

}  // namespace

TileDetail tile_detail(const Rect& box, float scale) {
    const float unit = std::min(box.width / 16, box.height / 10) / scale;
    if (unit >= 19) return TileDetail::full;
    if (unit >= 13.5F) return TileDetail::compact;
    return unit >= 6.5F ? TileDetail::small : TileDetail::tiny;
}

TilePlan tile_plan(const Rect& box, float scale) {
    TilePlan plan;
    plan.detail = tile_detail(box, scale);
    plan.unit = tile_unit(box, scale);
    plan.letter = letter_of(plan.detail);
    if (plan.detail == TileDetail::tiny) {
        plan.strip = box;
        return plan;
    }
    const float u = plan.unit * plan.letter;
    plan.pad = std::floor(plan.unit * 0.62F);
    plan.bar_height = std::max(3.0F, std::floor(u * 0.26F));
    const float line = std::max(std::floor(u * 0.86F), 12.0F * scale);
    const float air = std::floor(u * (plan.detail == TileDetail::small ? 0.18F : 0.34F));
    const float words = std::floor(u * 2.3F);
    const float facts = std::floor(u * 1.15F);
    const float least = plan.bar_height + line * 1.25F + air * 2;
    const float wished = std::floor(box.width * 9 / 16);  // the whole picture
    float spare = box.height - least - wished;
    plan.words_over = spare < words;
    float strip = least;
    if (!plan.words_over) {
        strip += words;
        spare -= words;
    }
    const bool with_facts = spare >= facts && plan.detail != TileDetail::small;
    if (with_facts) {
        strip += facts;
        spare -= facts;
    }
    // What is left is shared by the strip's lines, up to the picture's own shape.
    strip += std::max(0.0F, spare);
    const float top = std::floor(box.bottom() - strip);
    plan.picture = {box.x, box.y, box.width, top - box.y};
    plan.strip = {box.x, top, box.width, box.bottom() - top};
    const float inner = box.width - 2 * plan.pad;
    const float extra = std::max(0.0F, spare) / (with_facts ? 3 : 2);
    float y = top + plan.bar_height + air + extra * 0.5F;
    if (plan.words_over) {
        plan.words = {box.x + plan.pad, top - words, inner, words};
    } else {
        plan.words = {box.x + plan.pad, y, inner, words};
        y += words + extra * 0.5F;
    }
    plan.line = {box.x + plan.pad, y, inner, line * 1.25F};
    y += line * 1.25F + extra * 0.5F;
    if (with_facts) plan.facts = {box.x + plan.pad, y, inner, facts};
    return plan;
}

Rect tile_picture(const Rect& box, float scale) { return tile_plan(box, scale).picture; }

}  // namespace farmwall::ui
