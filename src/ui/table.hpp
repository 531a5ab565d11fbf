#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "ui/canvas.hpp"

namespace farmwall::ui {

struct TableColumn {
    std::string_view id;
    std::string_view title;
    float least = 60;  // pixels at 96 dpi
    float share = 0;   // of the width that is left
    Align align = Align::left;
    int priority = 0;  // 0 is always shown; the highest go first when there is no room
};

struct PlacedColumn {
    std::size_t index = 0;  // into the columns
    float x = 0;
    float width = 0;
};

// Places as many columns as fit into `width`, in their order.
[[nodiscard]] std::vector<PlacedColumn> place_columns(const std::vector<TableColumn>& columns, float width,
                                                      float scale, float gap);

}  // namespace farmwall::ui
