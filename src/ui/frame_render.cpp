#include "ui/frame_render.hpp"

#include <backends/imgui_impl_opengl3.h>

#include <algorithm>

#include "ui/compat.hpp"

namespace farmwall::ui {
namespace {

// The backend skips what has no size left.
void clip_to(ImDrawData& data, const Rect& clip) {
    for (int i = 0; i < data.CmdListsCount; ++i) {
        for (ImDrawCmd& command : data.CmdLists[i]->CmdBuffer) {
            ImVec4& box = command.ClipRect;
            box.x = std::max(box.x, clip.x);
            box.y = std::max(box.y, clip.y);
            box.z = std::min(box.z, clip.right());
            box.w = std::min(box.w, clip.bottom());
        }
    }
}

}  // namespace

void render_frame(const FrameResult& result, GlQuads& quads, const GlTarget& target, float unit,
                  TimePoint now) {
    ImDrawData* const data = ImGui::GetDrawData();
    target.bind();
    quads.draw(result.quads, target.width(), target.height(), unit, result.clip, now);
    if (data == nullptr) return;
    clip_to(*data, result.clip);
    ImGui_ImplOpenGL3_RenderDrawData(data);
}

}  // namespace farmwall::ui
