#include "ui/widgets.hpp"

#include <algorithm>
#include <array>

#include "ui/compat.hpp"

namespace farmwall::ui {

Canvas Widgets::canvas() const { return {*ImGui::GetWindowDrawList(), *quads_, *theme_, *fonts_, scale_}; }

Hit Widgets::hit(const std::string& id, const Rect& box, bool enabled) const {
    if (box.width < 1 || box.height < 1) return {};
    targets_->push_back({id, box, enabled});
    ImGui::BeginDisabled(!enabled);
    ImGui::SetCursorScreenPos({box.x, box.y});
    Hit hit;
    hit.pressed = ImGui::InvisibleButton(id.c_str(), {box.width, box.height});
    hit.hovered = ImGui::IsItemHovered();
    hit.held = ImGui::IsItemActive();
    hit.focused = ImGui::IsItemFocused() && ImGui::GetIO().NavVisible;
    ImGui::EndDisabled();
    if (hit.focused && enabled &&
        (compat::pressed(compat::Key::enter) || compat::pressed(compat::Key::keypad_enter))) {
        hit.pressed = true;
    }
    if (hit.hovered) ImGui::SetMouseCursor(ImGuiMouseCursor_Hand);
    return hit;
}

float Widgets::button_width(const ButtonLook& look) const {
    const Canvas on = canvas();
    const float text = on.measure({Weight::medium, px(theme_->text), {}}, look.label).x;
    const float icon = look.icon.empty() ? 0 : px(theme_->text) * 1.75F;
    return text + icon + px(theme_->button_height) * 0.9F;
}

namespace {

struct ButtonColors {
    Color face;
    Color ink;
};
ButtonColors colors_of(const Theme& theme, const Widgets::ButtonLook& look, const Hit& at) {
    const Color strong = look.danger ? theme.failed : theme.accent;
    const bool filled = look.primary || look.danger;
    ButtonColors colors{filled ? strong : theme.surface_raised, filled ? theme.on_color : theme.text_color};
    if (look.chosen && !filled) colors.face = mix(theme.surface_raised, theme.accent, 0.28F);
    if (!look.enabled) {
        colors.face = mix(colors.face, theme.surface, filled ? 0.86F : 0.5F);
        colors.ink = theme.text_faint;
    } else if (at.held) {
        colors.face = mix(colors.face, theme.background, 0.25F);
    } else if (at.hovered) {
        colors.face = mix(colors.face, theme.text_color, 0.12F);
    }
    return colors;
}

}  // namespace

void Widgets::paint_button(const Rect& box, const ButtonLook& look, const Hit& at) const {
    const Canvas on = canvas();
    if (!on.sees(box)) return;
    ButtonColors colors = colors_of(*theme_, look, at);
    const float radius = px(theme_->radius) * 0.6F;
    on.fill(box, colors.face, radius);
    if (look.filled > 0) {
        on.push_clip({box.x, box.y, box.width * look.filled, box.height});
        on.fill(box, mix(colors.face, theme_->on_color, 0.35F), radius);
        on.pop_clip();
        colors.ink = theme_->focus;
    }
    if (look.chosen) on.outline(box, theme_->accent, radius, px(1.5F));
    if (at.focused) on.outline(box, theme_->focus, radius, px(2));
    const bool bare = look.label.empty();
    const bool hold = look.filled > 0;
    const float icon_width = look.icon.empty() ? 0 : px(theme_->text) * (bare ? 1.25F : hold ? 2.3F : 1.75F);
    const float room = box.width - icon_width - px(8);
    const TextStyle label = on.shrunk({Weight::medium, px(theme_->text), colors.ink}, look.label, room);
    const TextStyle icon{Weight::icon, px(theme_->text) * 1.25F, colors.ink};
    const float width = std::min(room, on.measure(label, look.label).x) + icon_width;
    const float x = box.center().x - width / 2;
    const float lift = look.below.empty() ? 0 : px(8);
    const Rect line{x, box.y - lift, box.right() - x, box.height};
    if (!look.icon.empty()) on.text_in({x, line.y, icon_width, line.height}, icon, look.icon, Align::left);
    if (hold) {
        const Vec2 center{x + px(theme_->text) * 0.625F, line.center().y};
        on.arc(center, px(16), 0, look.filled, theme_->focus, px(3.5F));
    }
    on.text_in({x + icon_width, line.y, line.right() - x - icon_width, line.height}, label, look.label,
               Align::left);
    if (look.below.empty()) return;
    const TextStyle small{Weight::regular, px(13), look.enabled ? colors.ink : theme_->text_muted};
    on.text_in({box.x + px(4), box.y + px(11), box.width - px(8), box.height}, small, look.below,
               Align::center);
}

bool Widgets::button(const std::string& id, const Rect& box, const ButtonLook& look) const {
    const Hit at = hit(id, box, look.enabled);
    paint_button(box, look, at);
    return at.pressed && look.enabled;
}

bool Widgets::text_field(const std::string& id, const Rect& box, std::string& text,
                         std::string_view hint) const {
    if (box.width < 1 || box.height < 1) return false;
    targets_->push_back({id, box, true});
    const FontRef font = fonts_->pick(Weight::regular, px(theme_->text));
    std::array<char, 151> typed{};
    text.copy(typed.data(), typed.size() - 1);
    const auto color = [](Color c) { return IM_COL32(c.r, c.g, c.b, c.a); };
    compat::push_font(font.font, font.px);
    ImGui::PushStyleColor(ImGuiCol_FrameBg, color(theme_->background));
    ImGui::PushStyleColor(ImGuiCol_Text, color(theme_->text_color));
    ImGui::PushStyleColor(ImGuiCol_TextDisabled, color(theme_->text_muted));
    ImGui::PushStyleColor(ImGuiCol_Border, color(theme_->text_faint));
    ImGui::PushStyleVar(ImGuiStyleVar_FramePadding, {px(12), std::max(0.0F, (box.height - font.px) / 2)});
    ImGui::PushStyleVar(ImGuiStyleVar_FrameRounding, px(theme_->radius) * 0.6F);
    ImGui::PushStyleVar(ImGuiStyleVar_FrameBorderSize, 1);
    ImGui::SetCursorScreenPos({box.x, box.y});
    ImGui::SetNextItemWidth(box.width);
    const bool changed =
        ImGui::InputTextWithHint(("##" + id).c_str(), std::string{hint}.c_str(), typed.data(), typed.size());
    ImGui::PopStyleVar(3);
    ImGui::PopStyleColor(4);
    ImGui::PopFont();
    if (changed) text = typed.data();
    return changed;
}

}  // namespace farmwall::ui
