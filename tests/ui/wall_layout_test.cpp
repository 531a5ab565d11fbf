#include <doctest/doctest.h>

#include <algorithm>

#include "ui/wall_layout.hpp"

using namespace farmwall::ui;

namespace {

constexpr Rect screens[] = {{16, 60, 1888, 1004},  {16, 60, 1248, 724}, {16, 60, 1048, 1844},
                            {32, 120, 3776, 2008}, {0, 0, 640, 400},    {0, 0, 300, 90}};

}  // namespace

TEST_CASE("wall_layout: every printer has a tile inside the area, and no two overlap") {
    for (const Rect& area : screens) {
        for (std::size_t count = 1; count <= 100; ++count) {
            CAPTURE(count);
            CAPTURE(area.width);
            const WallLayout layout = wall_layout(count, area, 12);
            REQUIRE(layout.tiles.size() == count);
            for (std::size_t i = 0; i < count; ++i) {
                const Rect& tile = layout.tiles[i];
                REQUIRE(tile.width >= 1);
                REQUIRE(tile.height >= 1);
                REQUIRE(tile.x >= area.x);
                REQUIRE(tile.y >= area.y);
                REQUIRE(tile.right() <= area.right() + 0.5F);
                REQUIRE(tile.bottom() <= area.bottom() + 0.5F);
                for (std::size_t other = 0; other < i; ++other)
                    REQUIRE(!overlap(tile, layout.tiles[other]));
            }
        }
    }
}

TEST_CASE(
    "wall_layout: tiles have the shape of a picture with a strip of words and cover most of a usual screen") {
    for (std::size_t count = 1; count <= 100; ++count) {
        CAPTURE(count);
        const Rect area = screens[0];
        const WallLayout layout = wall_layout(count, area, 12);
        const Rect& tile = layout.tiles.front();
        CHECK(tile.width / tile.height >= 1.11F);
        CHECK(tile.width / tile.height <= 1.71F);
        CHECK(tile.width * tile.height * static_cast<float>(count) > 0.5F * area.width * area.height);
    }
}

TEST_CASE("wall_layout: tiles lie on whole pixels, so that a tile redrawn leaves no seam") {
    for (const std::size_t count : {1U, 7U, 12U, 34U, 100U}) {
        for (const Rect& tile : wall_layout(count, {16.4F, 59.6F, 1887.2F, 1003.9F}, 9.3F).tiles) {
            CHECK(tile.x == static_cast<float>(static_cast<int>(tile.x)));
            CHECK(tile.y == static_cast<float>(static_cast<int>(tile.y)));
            CHECK(tile.width == static_cast<float>(static_cast<int>(tile.width)));
            CHECK(tile.height == static_cast<float>(static_cast<int>(tile.height)));
        }
    }
}

TEST_CASE("wall_layout: nothing for no printers, something harmless for no room") {
    CHECK(wall_layout(0, screens[0], 12).tiles.empty());
    CHECK(wall_layout(5, {0, 0, 0, 0}, 12).tiles.size() == 5);
    CHECK(wall_layout(100, {0, 0, 20, 20}, 12).tiles.size() == 100);
}

TEST_CASE("neighbour: arrows move by one and stop at the edges") {
    const WallLayout layout = wall_layout(10, screens[0], 12);  // 4 columns, the last row has 2
    REQUIRE(layout.columns == 4);
    CHECK(neighbour(layout, 0, 1, 0) == 1);
    CHECK(neighbour(layout, 3, 1, 0) == 3);
    CHECK(neighbour(layout, 0, -1, 0) == 0);
    CHECK(neighbour(layout, 1, 0, 1) == 5);
    CHECK(neighbour(layout, 7, 0, 1) == 7);
    CHECK(neighbour(layout, 5, 0, 1) == 9);
    CHECK(neighbour(layout, 2, 0, -1) == 2);
    CHECK(neighbour(layout, 99, 1, 0) == 99);
}
