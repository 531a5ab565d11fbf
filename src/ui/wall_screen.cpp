#include <cmath>

#include "ui/compat.hpp"
#include "ui/screens.hpp"

namespace farmwall::ui {
namespace {

// Where there is nothing to show yet.
void draw_empty_wall(const Canvas& canvas, const Rect& area) {
    const Theme& theme = canvas.theme();
    const TextStyle big{Weight::bold, canvas.px(34), theme.text_muted};
    const TextStyle small{Weight::regular, canvas.px(theme.text), theme.text_faint};
    const Vec2 middle = area.center();
    canvas.text({middle.x, middle.y - canvas.px(44)}, big, "No printers yet", Align::center);
    canvas.text_within({middle.x, middle.y + canvas.px(8)}, area.width, small,
                       "Add a [[printers]] entry for each printer to config.toml and start again.",
                       Align::center);
}

// The background where no tile is: tiles cover every pixel of their own.
void cover_between(const Canvas& canvas, const Rect& area, const WallLayout& layout) {
    const Color color = canvas.theme().background;
    const auto cover = [&](float left, float top, float right, float bottom) {
        if (right > left && bottom > top) canvas.cover({left, top, right - left, bottom - top}, color);
    };
    float x = area.x;  // covered up to here in this row …
    float y = area.y;  // … and all of the area up to here
    float row_bottom = area.y;
    for (const Rect& tile : layout.tiles) {
        if (tile.y >= row_bottom) {  // a new row
            cover(x, y, area.right(), row_bottom);
            cover(area.x, row_bottom, area.right(), tile.y);
            x = area.x;
            y = tile.y;
            row_bottom = tile.bottom();
        }
        cover(x, y, tile.x, row_bottom);
        x = tile.right();
    }
    cover(x, y, area.right(), row_bottom);
    cover(area.x, row_bottom, area.right(), area.bottom());
}

void move_focus(WallState& state) {
    using compat::Key;
    const auto step = [&](Key key, int dx, int dy) {
        if (!compat::pressed(key)) return;
        if (state.focus_shown) state.focus = neighbour(state.layout, state.focus, dx, dy);
        state.focus_shown = true;
    };
    step(Key::left, -1, 0);
    step(Key::right, 1, 0);
    step(Key::up, 0, -1);
    step(Key::down, 0, 1);
}

}  // namespace

WallLayout lay_out_wall(const Theme& theme, const Rect& area, float scale, std::size_t count) {
    const float margin = theme.margin * scale;
    const Rect room{area.x + margin, area.y, area.width - 2 * margin, area.height - margin};
    const float dense = count > 40 ? 0.6F : 1.0F;  // many tiles, narrower gaps
    return wall_layout(count, room, std::floor(theme.gap * scale * dense));
}

bool tile_changed(const std::optional<DrawnTile>& drawn, const CachedView& view,
                  const CachedPicture& picture) {
    return !drawn || drawn->sequence != picture.sequence || drawn->picture != picture.view ||
           drawn->view != view.view;
}

std::optional<std::size_t> draw_wall(const Frame& frame, const std::vector<CachedView>& views,
                                     const std::vector<CachedPicture>& pictures, WallState& state,
                                     FrameResult& result) {
    const Widgets& widgets = frame.widgets;
    const Canvas canvas = widgets.canvas();
    const Theme& theme = canvas.theme();
    WallLayout layout = lay_out_wall(theme, frame.area, canvas.scale(), views.size());
    if (layout != state.layout || state.drawn.size() != views.size()) {
        state.layout = std::move(layout);
        state.background_drawn = false;
    }
    if (!state.background_drawn) {
        cover_between(canvas, frame.area, state.layout);
        if (views.empty()) draw_empty_wall(canvas, frame.area);
        state.drawn.assign(views.size(), std::nullopt);
        state.background_drawn = true;
        result.drew = true;
        result.dirty.push_back(frame.area);
    }
    if (state.focus >= views.size()) state.focus = 0;
    move_focus(state);

    std::optional<std::size_t> chosen;
    for (std::size_t i = 0; i < views.size(); ++i) {
        const Rect& box = state.layout.tiles[i];
        const Hit hit = widgets.hit("tile/" + views[i].state->id.value, box);
        if (hit.pressed) chosen = i;
        const TileLook look{hit.hovered, state.focus_shown && state.focus == i};
        auto& drawn = state.drawn[i];
        const CachedPicture& picture = pictures[i];
        if (!tile_changed(drawn, views[i], picture) && drawn->look == look) continue;
        draw_tile(canvas, box, {views[i].view, picture.view, picture.frame}, look);
        drawn = DrawnTile{views[i].view, picture.view, picture.sequence, look};
        ++result.tiles;
        result.drew = true;
        result.dirty.push_back(box);
    }
    const bool enter = compat::pressed(compat::Key::enter) || compat::pressed(compat::Key::keypad_enter);
    if (enter && state.focus_shown && state.focus < views.size()) chosen = state.focus;
    return chosen;
}

}  // namespace farmwall::ui
