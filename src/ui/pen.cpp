#include "ui/pen.hpp"

#include <algorithm>
#include <cmath>

#include "ui/compat.hpp"
#include "ui/icons.hpp"
#include "ui/job_text.hpp"
#include "ui/touch_scroll.hpp"

namespace farmwall::ui {
float Pen::height() const { return std::max(0.0F, y_ - box_.y - px(between)); }

Rect Pen::room(float height) {
    const Rect box{box_.x, y_, box_.width, height};
    y_ += height + px(between);
    return box;
}

void Pen::heading(std::string_view text) {
    const Theme& theme = frame_->widgets.theme();
    const TextStyle style{Weight::bold, px(theme.title), theme.text_color};
    const Rect line = room(canvas().line_height(style) + px(2));
    if (draw_) canvas().text_within({line.x, line.y}, line.width, style, text);
}

void Pen::caption(std::string_view text) {
    const Theme& theme = frame_->widgets.theme();
    gap(4);
    const Rect line = room(px(theme.text_small) + px(2));
    if (draw_)
        canvas().text_within({line.x, line.y}, line.width,
                             {Weight::medium, px(theme.text_small), theme.text_faint}, text);
}

void Pen::say(std::string_view text, Color color, int most_lines) {
    if (text.empty()) return;
    const Theme& theme = frame_->widgets.theme();
    const TextStyle style{Weight::regular, px(theme.text_small) * 1.08F, color};
    const Rect box = room(canvas().paragraph_height(box_.width, most_lines, style, text));
    if (draw_) canvas().paragraph({box.x, box.y}, box.width, most_lines, style, text);
}

bool Pen::key_at(const Rect& box, const Key& key) {
    Widgets::ButtonLook look{key.label, key.icon, key.why.empty(), key.primary, key.danger};
    look.chosen = key.chosen;
    if (key.hold <= Duration{0}) return frame_->widgets.button(key.id, box, look);
    return frame_->gestures.hold(frame_->widgets, key.id, box, look,
                                 {key.hold, key.subject, frame_->input.now});
}

// Each reason once, with the labels that it is for unless it is for all.
void Pen::say_why(const std::vector<Key>& list) {
    std::vector<std::string> said;
    for (const Key& key : list) {
        if (key.why.empty() || std::find(said.begin(), said.end(), key.why) != said.end()) continue;
        said.push_back(key.why);
        std::string who;
        std::size_t count = 0;
        for (const Key& other : list) {
            if (other.why != key.why) continue;
            ++count;
            std::string_view label = other.label;
            constexpr std::string_view more = " …";
            if (label.ends_with(more)) label.remove_suffix(more.size());
            who += (who.empty() ? "" : ", ") + std::string{label};
        }
        const bool of_all = (count == list.size() && count > 1) || key.hold > Duration{0};
        say(of_all ? key.why : who + ": " + key.why, frame_->widgets.theme().text_muted, 2);
    }
}

void Pen::boxes(std::size_t count, float least_width,
                const std::function<void(std::size_t index, const Rect& box)>& visit) {
    if (count == 0) return;
    const float space = px(between);
    const auto fitting = static_cast<std::size_t>((box_.width + space) / (px(least_width) + space));
    const std::size_t columns = std::clamp<std::size_t>(fitting, 1, count);
    const float width = (box_.width + space) / static_cast<float>(columns) - space;
    Rect row;
    for (std::size_t i = 0; i < count; ++i) {
        if (i % columns == 0) row = room(px(frame_->widgets.theme().button_height));
        visit(i, {row.x + static_cast<float>(i % columns) * (width + space), row.y, width, row.height});
    }
}

std::optional<std::size_t> Pen::keys(const std::vector<Key>& list, float least_width) {
    std::optional<std::size_t> pressed;
    boxes(list.size(), least_width, [&](std::size_t i, const Rect& box) {
        if (draw_ && key_at(box, list[i])) pressed = i;
    });
    say_why(list);
    return pressed;
}

int Pen::stepper(const std::string& id, std::string_view label, std::string_view value, bool less,
                 bool more) {
    const Theme& theme = frame_->widgets.theme();
    const Rect row = room(px(theme.button_height));
    if (!draw_) return 0;
    const float side = row.height;
    const float middle = px(74);
    const float right = row.right();
    canvas().text_in({row.x, row.y, row.width - 2 * side - middle, row.height},
                     {Weight::medium, px(theme.text), theme.text_color}, label, Align::left);
    int by = 0;
    Widgets::ButtonLook minus{"", icon::minus, less};
    if (frame_->widgets.button(id + "/less", {right - 2 * side - middle, row.y, side, side}, minus)) by = -1;
    canvas().text_in({right - side - middle, row.y, middle, side},
                     {Weight::bold, px(theme.text), theme.text_color}, value, Align::center);
    Widgets::ButtonLook plus{"", icon::plus, more};
    if (frame_->widgets.button(id + "/more", {right - side, row.y, side, side}, plus)) by = 1;
    return by;
}

bool Pen::field(const std::string& id, std::string& text, std::string_view hint) {
    const Rect row = room(px(frame_->widgets.theme().button_height));
    return draw_ && frame_->widgets.text_field(id, row, text, hint);
}

bool send(const Frame& frame, Intent intent, std::string& note, std::string_view done) {
    const bool taken = frame.emit && frame.emit(std::move(intent));
    note = taken ? std::string{done} : "Too many requests wait already; try again in a moment.";
    return taken;
}

Rect ground_card(const Frame& frame, const Rect& box, std::string_view title) {
    const Widgets& widgets = frame.widgets;
    const Theme& theme = widgets.theme();
    const Canvas canvas = widgets.canvas();
    canvas.cover(box, theme.surface);
    canvas.round_off(box, widgets.px(theme.radius), theme.background);
    const float padding = widgets.px(theme.card_padding) * 0.75F;
    const TextStyle style{Weight::medium, widgets.px(theme.text_small), theme.text_faint};
    const float head = title.empty() ? 0 : canvas.line_height(style) + widgets.px(10);
    if (!title.empty())
        canvas.text_within({box.x + padding, box.y + padding * 0.9F}, box.width - 2 * padding, style, title);
    return {box.x + padding, box.y + padding + head, std::max(1.0F, box.width - 2 * padding),
            std::max(1.0F, box.height - 2 * padding - head)};
}

void draw_swatch(const Canvas& canvas, const Rect& box, std::string_view hex) {
    const Theme& theme = canvas.theme();
    const float radius = canvas.px(4);
    if (const auto color = filament_color(hex)) {
        canvas.fill(box, *color, radius);
    } else {
        canvas.text_in(box, {Weight::medium, canvas.px(theme.text_small), theme.text_muted}, "?",
                       Align::center);
    }
    canvas.outline(box, theme.text_faint, radius, 1);
}

void draw_verdict(const Canvas& canvas, Verdict verdict, Vec2 center, float radius) {
    const Theme& theme = canvas.theme();
    const float thick = std::max(1.5F, radius * 0.3F);
    switch (verdict) {
        case Verdict::pass: {
            const Vec2 tick[] = {{center.x - radius * 0.75F, center.y + radius * 0.05F},
                                 {center.x - radius * 0.2F, center.y + radius * 0.6F},
                                 {center.x + radius * 0.8F, center.y - radius * 0.6F}};
            canvas.polyline(tick, theme.finished, thick);
            return;
        }
        case Verdict::warn: {
            const Vec2 triangle[] = {{center.x, center.y - radius * 0.95F},
                                     {center.x + radius * 0.95F, center.y + radius * 0.75F},
                                     {center.x - radius * 0.95F, center.y + radius * 0.75F}};
            canvas.polygon(triangle, theme.paused);
            canvas.line({center.x, center.y - radius * 0.4F}, {center.x, center.y + radius * 0.2F},
                        theme.on_color, thick * 0.8F);
            canvas.disc({center.x, center.y + radius * 0.5F}, thick * 0.5F, theme.on_color);
            return;
        }
        case Verdict::refuse: {
            const float reach = radius * 0.7F;
            canvas.line({center.x - reach, center.y - reach}, {center.x + reach, center.y + reach},
                        theme.failed, thick);
            canvas.line({center.x - reach, center.y + reach}, {center.x + reach, center.y - reach},
                        theme.failed, thick);
            return;
        }
    }
}

void scrolled(const Frame& frame, const char* id, const Rect& box,
              const std::function<float(Vec2 top)>& fill) {
    ImGui::SetCursorScreenPos({box.x, box.y});
    ImGui::PushStyleColor(ImGuiCol_ScrollbarBg, 0);
    ImGui::BeginChild(id, {box.width + frame.widgets.px(12), std::max(1.0F, box.height)}, false,
                      ImGuiWindowFlags_NoBackground);
    const ImVec2 top = ImGui::GetCursorScreenPos();
    const float bottom = fill({top.x, top.y});
    ImGui::SetCursorScreenPos(top);
    ImGui::Dummy({1, std::max(1.0F, bottom - top.y)});
    scroll_by_hand();
    ImGui::EndChild();
    ImGui::PopStyleColor();
}

}  // namespace farmwall::ui
