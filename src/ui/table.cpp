#include "ui/table.hpp"

#include <algorithm>

namespace farmwall::ui {

std::vector<PlacedColumn> place_columns(const std::vector<TableColumn>& columns, float width, float scale,
                                        float gap) {
    std::vector<std::size_t> shown;
    for (std::size_t i = 0; i < columns.size(); ++i)
        shown.push_back(i);
    const auto needed = [&] {
        float sum = 0;
        for (const std::size_t i : shown)
            sum += columns[i].least * scale + gap;
        return sum - gap;
    };
    while (shown.size() > 1 && needed() > width) {
        const auto least = std::max_element(shown.begin(), shown.end(), [&](std::size_t a, std::size_t b) {
            return columns[a].priority < columns[b].priority;
        });
        if (columns[*least].priority == 0) break;
        shown.erase(least);
    }
    float shares = 0;
    for (const std::size_t i : shown)
        shares += columns[i].share;
    const float spare = std::max(0.0F, width - needed());
    std::vector<PlacedColumn> placed;
    float x = 0;
    for (const std::size_t i : shown) {
        const float extra = shares > 0 ? spare * columns[i].share / shares : 0;
        const float own = columns[i].least * scale + extra;
        placed.push_back({i, x, own});
        x += own + gap;
    }
    return placed;
}

}  // namespace farmwall::ui
