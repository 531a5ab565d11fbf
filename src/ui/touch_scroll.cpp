#include "ui/touch_scroll.hpp"

#include <algorithm>

#include "ui/compat.hpp"

namespace farmwall::ui {

void scroll_by_hand() {
    ImGuiStorage& memory = *ImGui::GetStateStorage();
    const ImGuiID in_hand = ImGui::GetID("hand");
    const ImGuiID from_scroll = ImGui::GetID("hand/scroll");
    const ImGuiID from_y = ImGui::GetID("hand/y");
    const float y = ImGui::GetIO().MousePos.y;
    const bool on_ground =
        ImGui::IsWindowHovered(ImGuiHoveredFlags_AllowWhenBlockedByActiveItem) && !ImGui::IsAnyItemHovered();
    if (ImGui::IsMouseClicked(0) && on_ground) {
        memory.SetBool(in_hand, true);
        memory.SetFloat(from_scroll, ImGui::GetScrollY());
        memory.SetFloat(from_y, y);
    }
    if (!ImGui::IsMouseDown(0)) memory.SetBool(in_hand, false);
    if (!memory.GetBool(in_hand)) return;
    const float wanted = memory.GetFloat(from_scroll) + memory.GetFloat(from_y) - y;
    ImGui::SetScrollY(std::clamp(wanted, 0.0F, ImGui::GetScrollMaxY()));
}

}  // namespace farmwall::ui
