#include "ui/gestures.hpp"

#include <algorithm>
#include <cmath>

#include "ui/compat.hpp"

namespace farmwall::ui {
namespace {

// One frame adds no more to a hold: whoever holds has seen it fill, however slow the drawing.
constexpr Duration longest_step = std::chrono::milliseconds{250};
constexpr float least_movement = 6;  // pixels at 96 dpi

float share_of(const Gestures::Slider& slider, int value) {
    if (slider.most <= 0) return 0;
    return std::clamp(static_cast<float>(value) / static_cast<float>(slider.most), 0.0F, 1.0F);
}

void paint_slider(const Canvas& canvas, const Rect& box, const Gestures::Slider& slider, int value,
                  const Hit& at) {
    if (!canvas.sees(box)) return;
    const Theme& theme = canvas.theme();
    const float radius = canvas.px(13);
    const float thick = canvas.px(8);
    const float way = box.width - 2 * radius;
    const float middle = box.center().y;
    const auto x_of = [&](int number) { return box.x + radius + way * share_of(slider, number); };
    const Color color = slider.enabled ? slider.color : theme.text_faint;
    const Rect track{box.x, middle - thick / 2, box.width, thick};
    canvas.fill(track, theme.surface_raised, thick / 2);
    if (value > 0) canvas.fill({box.x, track.y, x_of(value) - box.x, thick}, color, thick / 2);
    if (slider.reported != value) {
        const float x = x_of(slider.reported);
        canvas.line({x, middle - radius}, {x, middle + radius}, theme.text_muted, canvas.px(2));
    }
    const Vec2 knob{x_of(value), middle};
    canvas.disc(knob, radius,
                slider.enabled ? mix(color, theme.text_color, at.held ? 0.6F : 0.3F) : theme.line);
    if (at.focused) canvas.ring(knob, radius + canvas.px(3), theme.focus, canvas.px(2));
}

}  // namespace

int slider_value(const Gestures::Slider& slider, float share) {
    const int step = std::max(1, slider.step);
    const float wanted = std::clamp(share, 0.0F, 1.0F) * static_cast<float>(slider.most);
    const int snapped = static_cast<int>(std::lround(wanted / static_cast<float>(step))) * step;
    const int value = std::min(snapped, slider.most);
    if (value >= slider.least_above_zero) return value;
    return value * 2 < slider.least_above_zero ? 0 : slider.least_above_zero;
}

void Gestures::begin_frame() { drawn_ = false; }

void Gestures::end_frame() {
    if (!drawn_) drop();
}

void Gestures::drop() {
    id_.clear();
    subject_.clear();
    spent_ = false;
}

void Gestures::begin(const std::string& id) {
    id_ = id;
    drawn_ = true;
    held_ = {};
    spent_ = moved_ = false;
}

bool Gestures::hold(const Widgets& widgets, const std::string& id, const Rect& box, Widgets::ButtonLook look,
                    const Hold& wanted) {
    const Hit hit = widgets.hit(id, box, look.enabled);
    bool done = false;
    if (mine(id)) {
        drawn_ = true;
        spent_ = spent_ || !hit.hovered || subject_ != wanted.subject;
        if (!hit.held || !look.enabled) {
            drop();
        } else if (!spent_) {
            held_ += std::clamp(wanted.now - last_, Duration{0}, longest_step);
            done = spent_ = held_ >= wanted.needed;
        }
        last_ = wanted.now;
    } else if (hit.held && hit.hovered && look.enabled && !active()) {
        begin(id);
        subject_ = wanted.subject;
        last_ = wanted.now;
    }
    if (mine(id) && (!spent_ || done)) {
        look.filled = std::clamp(
            std::chrono::duration<float>(held_) / std::chrono::duration<float>(wanted.needed), 0.02F, 1.0F);
    }
    widgets.paint_button(box, look, hit);
    return done;
}

Gestures::Slid Gestures::slide(const Widgets& widgets, const std::string& id, const Rect& box,
                               const Slider& slider) {
    const Hit hit = widgets.hit(id, box, slider.enabled);
    Slid slid{slider.shown, false, false};
    // A slider taken by the keyboard has no place to go to.
    const bool in_hand = hit.held && slider.enabled && ImGui::IsMouseDown(0);
    const float x = ImGui::GetIO().MousePos.x;
    if (in_hand && !active()) {
        begin(id);
        from_x_ = x;
    }
    if (mine(id)) {
        drawn_ = true;
        if (in_hand) {
            moved_ = moved_ || std::abs(x - from_x_) >= widgets.px(least_movement);
            const float radius = widgets.px(13);
            if (moved_) value_ = slider_value(slider, (x - box.x - radius) / (box.width - 2 * radius));
            slid.dragged = moved_;
        } else {
            slid.released = moved_ && slider.enabled;
            drop();
        }
        if (moved_ && slider.enabled) slid.value = value_;
    }
    paint_slider(widgets.canvas(), box, slider, slid.value, hit);
    return slid;
}

}  // namespace farmwall::ui
