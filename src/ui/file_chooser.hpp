#pragma once

#include "ui/add_panel.hpp"

namespace farmwall::ui {

// Folders and the files that can be printed; a pressed file is put in front of those that wait.
void draw_file_chooser(const Frame& frame, const Rect& box, AddState& state);

}  // namespace farmwall::ui
