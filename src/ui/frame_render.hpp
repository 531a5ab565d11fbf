#pragma once

#include "base/clock.hpp"
#include "ui/gl_quads.hpp"
#include "ui/gl_target.hpp"
#include "ui/shell.hpp"

namespace farmwall::ui {

// Text stands on whole pixels in the size its letters were made for: reading the nearest of them gives the
// same picture as mixing four, at half the cost where the CPU draws. To be called once, after the first
// frame of the backend began; render thread.
void use_nearest_glyphs();

// Draws what frame() left in the current ImGui context, after ImGui::Render(): the quads, then ImGui's
// own, both inside the result's clip. `unit` is FrameInput's. Render thread.
void render_frame(const FrameResult& result, GlQuads& quads, const GlTarget& target, float unit,
                  TimePoint now);

}  // namespace farmwall::ui
