#pragma once

#include <string_view>

#include "ui/widgets.hpp"

namespace farmwall::ui {

// Cards one below the other in a column of a page.
class Column {
public:
    Column(const Widgets& widgets, float x, float y, float width)
        : widgets_{&widgets}, x_{x}, y_{y}, width_{width} {}

    // Draws an empty card of this inner height with its title and returns the box for its content.
    Rect card(std::string_view title, float inner_height);
    // Takes the place of a card of this height, without drawing any.
    Rect place(float height);
    [[nodiscard]] float inner_width() const;
    [[nodiscard]] float x() const { return x_; }
    [[nodiscard]] float width() const { return width_; }
    // Below the last card.
    [[nodiscard]] float bottom() const { return y_; }

private:
    const Widgets* widgets_;
    float x_;
    float y_;
    float width_;
};

// A small grey label with its value below it; returns the height used.
float draw_fact(const Canvas& canvas, const Rect& box, std::string_view label, std::string_view value);

// The width at which draw_fact cuts nothing off this value.
[[nodiscard]] float fact_width(const Canvas& canvas, std::string_view value);

}  // namespace farmwall::ui
