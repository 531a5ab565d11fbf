#pragma once

namespace farmwall::ui {

// The current ImGui window follows a hand that is put down where nothing can be pressed, and moved. To be
// called after everything in it was drawn.
void scroll_by_hand();

}  // namespace farmwall::ui
