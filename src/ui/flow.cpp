#include "ui/flow.hpp"

namespace farmwall::ui {

float Column::inner_width() const { return width_ - 2 * widgets_->px(widgets_->theme().card_padding); }

Rect Column::place(float height) {
    const Rect box{x_, y_, width_, height};
    y_ = box.bottom() + widgets_->px(widgets_->theme().gap);
    return box;
}

Rect Column::card(std::string_view title, float inner_height) {
    const Theme& theme = widgets_->theme();
    const Canvas canvas = widgets_->canvas();
    const float padding = widgets_->px(theme.card_padding);
    const TextStyle style{Weight::medium, widgets_->px(theme.text_small), theme.text_faint};
    const float head = title.empty() ? 0 : canvas.line_height(style) + widgets_->px(14);
    const Rect box{x_, y_, width_, inner_height + head + padding * 2};
    canvas.fill(box, theme.surface, widgets_->px(theme.radius));
    if (!title.empty()) canvas.text({box.x + padding, box.y + padding * 0.85F}, style, title);
    y_ = box.bottom() + widgets_->px(theme.gap);
    return {box.x + padding, box.y + padding + head, box.width - 2 * padding, inner_height};
}

namespace {

TextStyle fact_style(const Canvas& canvas) {
    const Theme& theme = canvas.theme();
    return {Weight::medium, canvas.px(theme.title), theme.text_color};
}

}  // namespace

float fact_width(const Canvas& canvas, std::string_view value) {
    return canvas.measure(fact_style(canvas), value).x;
}

float draw_fact(const Canvas& canvas, const Rect& box, std::string_view label, std::string_view value) {
    const Theme& theme = canvas.theme();
    const TextStyle small{Weight::regular, canvas.px(theme.text_small), theme.text_faint};
    const TextStyle big = fact_style(canvas);
    canvas.text_within({box.x, box.y}, box.width, small, label);
    const float below = canvas.line_height(small) + canvas.px(5);
    canvas.text_within({box.x, box.y + below}, box.width, big, value);
    return below + canvas.line_height(big);
}

}  // namespace farmwall::ui
