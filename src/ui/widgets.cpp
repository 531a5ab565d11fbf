#include "ui/widgets.hpp"

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

bool Widgets::button(const std::string& id, const Rect& box, const ButtonLook& look) const {
    const Hit at = hit(id, box, look.enabled);
    const Canvas on = canvas();
    const Color strong = look.danger ? theme_->failed : theme_->accent;
    Color face = look.primary || look.danger ? strong : theme_->surface_raised;
    Color ink = look.primary || look.danger ? theme_->on_color : theme_->text_color;
    if (!look.enabled) {
        face = mix(theme_->surface_raised, theme_->surface, 0.5F);
        ink = theme_->text_faint;
    } else if (at.held) {
        face = mix(face, theme_->background, 0.25F);
    } else if (at.hovered) {
        face = mix(face, theme_->text_color, 0.12F);
    }
    const float radius = px(theme_->radius) * 0.6F;
    on.fill(box, face, radius);
    if (at.focused) on.outline(box, theme_->focus, radius, px(2));
    const TextStyle label{Weight::medium, px(theme_->text), ink};
    const TextStyle icon{Weight::icon, px(theme_->text) * 1.25F, ink};
    const float icon_width = look.icon.empty() ? 0 : px(theme_->text) * 1.75F;
    const float width = on.measure(label, look.label).x + icon_width;
    const float x = box.center().x - width / 2;
    if (!look.icon.empty()) on.text_in({x, box.y, icon_width, box.height}, icon, look.icon, Align::left);
    on.text_in({x + icon_width, box.y, box.right() - x - icon_width, box.height}, label, look.label,
               Align::left);
    return at.pressed && look.enabled;
}

}  // namespace farmwall::ui
