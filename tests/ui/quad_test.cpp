#include "ui/quad.hpp"

#include <doctest/doctest.h>

#include <cmath>

#include "ui/tile_plan.hpp"

using namespace farmwall;
using namespace farmwall::ui;

TEST_CASE("place_picture: a picture of the area's shape fills it whole") {
    const PlacedPicture placed = place_picture({10, 20, 320, 180}, 1920, 1080);
    CHECK(placed.box == Rect{10, 20, 320, 180});
    CHECK(placed.part == Rect{0, 0, 1, 1});
}

TEST_CASE("place_picture: at most a fifth is cut off, evenly at both ends, and nothing is stretched") {
    for (const auto& [width, height] : {std::pair{1280, 720}, {1536, 1080}, {640, 480}, {1920, 800}}) {
        for (float wide = 100; wide < 400; wide += 7) {
            const Rect area{0, 0, wide, 150};
            const PlacedPicture placed = place_picture(area, width, height);
            CHECK(placed.part.width * placed.part.height >= 0.78F);
            CHECK(placed.part.x * 2 + placed.part.width == doctest::Approx(1));
            CHECK(placed.part.y * 2 + placed.part.height == doctest::Approx(1));
            const float across = placed.box.width / (placed.part.width * static_cast<float>(width));
            const float down = placed.box.height / (placed.part.height * static_cast<float>(height));
            CHECK(across == doctest::Approx(down).epsilon(0.02));
            CHECK(common_part(placed.box, area) == placed.box);
        }
    }
}

TEST_CASE("place_picture: sizes that cannot be are survived") {
    CHECK(place_picture({0, 0, 100, 100}, 0, 0).box == Rect{0, 0, 100, 100});
    CHECK(place_picture({0, 0, 0, 0}, 640, 360).box == Rect{});
    CHECK(place_picture({0, 0, 100, 100}, 1, 100000).box.width >= 1);
}

TEST_CASE("Scrim: darkest where words stand, none between") {
    const Scrim scrim{.top = 0.8F, .top_end = 30, .bottom = 0.9F, .bottom_from = 60, .bottom_full = 80};
    CHECK(scrim.at(0, 0) == doctest::Approx(0.8F));
    CHECK(scrim.at(15, 0) == doctest::Approx(0.4F));
    CHECK(scrim.at(45, 0) == 0);
    CHECK(scrim.at(70, 0) == doctest::Approx(0.45F));
    CHECK(scrim.at(95, 0) == doctest::Approx(0.9F));
}

TEST_CASE("tile_plan: the picture takes most of a tile, is never narrower, and leaves room for the words") {
    for (float width = 20; width < 1900; width += 13) {
        for (const float aspect : {1.12F, 1.3F, 1.42F, 1.6F, 1.7F}) {
            const Rect box{7, 9, width, std::floor(width / aspect)};
            const TilePlan plan = tile_plan(box, 1);
            CAPTURE(width);
            CAPTURE(aspect);
            CHECK(plan.strip.bottom() == box.bottom());
            if (plan.detail == TileDetail::tiny) {
                CHECK(plan.picture == Rect{});
                continue;
            }
            CHECK(plan.picture.width == box.width);
            CHECK(plan.picture.bottom() == plan.strip.y);
            CHECK(plan.picture.height >= 0.6F * box.height);
            CHECK(plan.picture.height <= std::ceil(box.width * 9 / 16) + 1);
            CHECK(plan.line.bottom() <= box.bottom() + 0.5F);
            CHECK(plan.facts.bottom() <= box.bottom() + 0.5F);
            CHECK(plan.words.y > box.y);
        }
    }
}
