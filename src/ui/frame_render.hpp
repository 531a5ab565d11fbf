#pragma once

#include "base/clock.hpp"
#include "ui/gl_quads.hpp"
#include "ui/gl_target.hpp"
#include "ui/shell.hpp"

namespace farmwall::ui {

// Draws what frame() left in the current ImGui context, after ImGui::Render(): the quads, then ImGui's
// own, both inside the result's clip. `unit` is FrameInput's. Render thread.
void render_frame(const FrameResult& result, GlQuads& quads, const GlTarget& target, float unit,
                  TimePoint now);

}  // namespace farmwall::ui
