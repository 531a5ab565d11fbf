#include "ui/frame_render.hpp"

#include <backends/imgui_impl_opengl3.h>
#include <glad/gl.h>

#include <algorithm>
#include <cstdint>

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

void use_nearest_glyphs() {
#if IMGUI_VERSION_NUM < 19200
    // Thick lines are otherwise a stretched piece of the same texture, which has to be mixed.
    ImGui::GetStyle().AntiAliasedLinesUseTex = false;
    const auto name = reinterpret_cast<std::uintptr_t>(ImGui::GetIO().Fonts->TexID);  // NOLINT: a GL name
    glBindTexture(GL_TEXTURE_2D, static_cast<GLuint>(name));
    glTexParameteri(GL_TEXTURE_2D, GL_TEXTURE_MIN_FILTER, GL_NEAREST);
    glTexParameteri(GL_TEXTURE_2D, GL_TEXTURE_MAG_FILTER, GL_NEAREST);
    glBindTexture(GL_TEXTURE_2D, 0);
#endif
}

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
