#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "ui/canvas.hpp"

namespace farmwall::ui {

// A place that reacts to a press, under its stable id. For tests and for moving by keyboard.
struct Target {
    std::string id;
    Rect box;
    bool enabled = true;
};

struct Hit {
    bool pressed = false;
    bool hovered = false;
    bool held = false;
    bool focused = false;  // by the keyboard
};

// Interactive parts inside the current ImGui window. Makes no drawing of its own but for buttons.
class Widgets {
public:
    Widgets(const Theme& theme, const Fonts& fonts, float scale, std::vector<Target>& targets, Quads& quads)
        : theme_{&theme}, fonts_{&fonts}, scale_{scale}, targets_{&targets}, quads_{&quads} {}

    // On the draw list of the current ImGui window.
    [[nodiscard]] Canvas canvas() const;
    [[nodiscard]] float px(float size) const { return size * scale_; }
    [[nodiscard]] const Theme& theme() const { return *theme_; }

    // A rectangle that can be pressed, by mouse, or by Space or Enter when the keyboard is on it.
    Hit hit(const std::string& id, const Rect& box, bool enabled = true) const;

    struct ButtonLook {
        std::string_view label;
        std::string_view icon = {};
        bool enabled = true;
        bool primary = false;  // filled with the accent
        bool danger = false;
        std::string_view below = {};  // a second, small line: what became of the last press
        bool chosen = false;          // of several the one that holds, or switched on
        float filled = 0;             // how much of a hold is done, 0-1
    };
    // Width that the button needs.
    [[nodiscard]] float button_width(const ButtonLook& look) const;
    // The look alone, for whoever asks hit() for more than a press.
    void paint_button(const Rect& box, const ButtonLook& look, const Hit& at) const;
    // True when pressed; a disabled button never is.
    bool button(const std::string& id, const Rect& box, const ButtonLook& look) const;
    // A line that a person types into, at most 150 bytes; `hint` is shown while it is empty. True when it
    // changed.
    bool text_field(const std::string& id, const Rect& box, std::string& text, std::string_view hint) const;

private:
    const Theme* theme_;
    const Fonts* fonts_;
    float scale_;
    std::vector<Target>* targets_;
    Quads* quads_;
};

}  // namespace farmwall::ui
