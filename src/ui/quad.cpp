#include "ui/quad.hpp"

#include <algorithm>
#include <cmath>

namespace farmwall::ui {
namespace {

constexpr float most_cut_off = 0.21F;

}  // namespace

float Scrim::at(float y, float upper_edge) const {
    float share = 0;
    if (y < top_end) share = top * (top_end - y) / std::max(top_end - upper_edge, 1.0F);
    if (y > bottom_from) {
        const float rising = (y - bottom_from) / std::max(bottom_full - bottom_from, 1.0F);
        share = std::max(share, bottom * std::min(rising, 1.0F));
    }
    return std::clamp(share, 0.0F, 1.0F);
}

PlacedPicture place_picture(const Rect& area, int width, int height) {
    PlacedPicture placed{area, {0, 0, 1, 1}};
    if (width <= 0 || height <= 0 || area.width < 1 || area.height < 1) return placed;
    const float own = static_cast<float>(width) / static_cast<float>(height);
    const float wanted = area.width / area.height;
    const bool too_high = own < wanted;  // the picture, when it is as wide as the area
    const float kept = too_high ? own / wanted : wanted / own;
    if (kept >= 1 - most_cut_off) {
        if (too_high) {
            placed.part = {0, (1 - kept) / 2, 1, kept};
        } else {
            placed.part = {(1 - kept) / 2, 0, kept, 1};
        }
        return placed;
    }
    if (too_high) {
        const float fitting = std::max(1.0F, std::floor(area.height * own));
        placed.box = {std::floor(area.x + (area.width - fitting) / 2), area.y, fitting, area.height};
    } else {
        const float fitting = std::max(1.0F, std::floor(area.width / own));
        placed.box = {area.x, std::floor(area.y + (area.height - fitting) / 2), area.width, fitting};
    }
    return placed;
}

Rect common_part(const Rect& a, const Rect& b) {
    const float left = std::max(a.x, b.x);
    const float top = std::max(a.y, b.y);
    const float right = std::min(a.right(), b.right());
    const float bottom = std::min(a.bottom(), b.bottom());
    return {left, top, std::max(0.0F, right - left), std::max(0.0F, bottom - top)};
}

}  // namespace farmwall::ui
