#include "ui/screenshot.hpp"

#include <doctest/doctest.h>
#include <png.h>

#include <cmath>
#include <filesystem>
#include <optional>
#include <set>

#include "base/platform.hpp"
#include "fake_pictures.hpp"
#include "ui/tile_view.hpp"
#include "ui/wall_layout.hpp"

using namespace farmwall;
using namespace farmwall::ui;

namespace {

struct Picture {
    int width = 0;
    int height = 0;
    std::vector<png_byte> rgba;

    [[nodiscard]] Color at(int x, int y) const {
        const auto i =
            (static_cast<std::size_t>(y) * static_cast<std::size_t>(width) + static_cast<std::size_t>(x)) * 4;
        return {rgba[i], rgba[i + 1], rgba[i + 2], rgba[i + 3]};
    }
};

struct TempFolder {
    std::filesystem::path path = std::filesystem::temp_directory_path() /
                                 ("farmwall-ui-" + std::to_string(platform::process_number()));
    TempFolder() { std::filesystem::create_directories(path); }
    ~TempFolder() {
        std::error_code ignored;
        std::filesystem::remove_all(path, ignored);
    }
};

Picture read_png(const std::filesystem::path& path) {
    png_image image{};
    image.version = PNG_IMAGE_VERSION;
    REQUIRE(png_image_begin_read_from_file(&image, path.c_str()) != 0);
    image.format = PNG_FORMAT_RGBA;
    Picture picture{static_cast<int>(image.width), static_cast<int>(image.height), {}};
    picture.rgba.resize(PNG_IMAGE_SIZE(image));
    REQUIRE(png_image_finish_read(&image, nullptr, picture.rgba.data(), 0, nullptr) != 0);
    return picture;
}

// A picture of the screen; nothing, said aloud, where this machine cannot draw any.
std::optional<Picture> shoot(const FleetSnapshot& fleet, ScreenshotOptions options,
                             camera::PictureBoard* board = nullptr) {
    static const TempFolder folder;
    static TelemetryStore telemetry;
    static const bool filled = (test::fill_telemetry(telemetry, 12), true);
    REQUIRE(filled);
    options.now = test::farm_now;
    options.wall_now = WallTime{std::chrono::hours{480'000}};
    const auto path = folder.path / "shot.png";
    static const Theme theme = test::theme_from_assets().theme;
    static const QuadShaders shaders = test::shaders_from_assets();
    camera::PictureBoard empty{test::serials_of(*fleet)};
    const Status drawn =
        render_png({fleet, telemetry, board != nullptr ? *board : empty, theme, shaders}, options, path);
    if (!drawn.ok() && drawn.error().kind == ErrorKind::unsupported) {
        MESSAGE("SKIPPED, no picture can be drawn here: " << drawn.error().text());
        return std::nullopt;
    }
    REQUIRE_MESSAGE(drawn.ok(), (drawn.ok() ? "" : drawn.error().text()));
    return read_png(path);
}

std::set<std::uint32_t> colors_in(const Picture& picture, const Rect& box) {
    std::set<std::uint32_t> found;
    for (int y = static_cast<int>(box.y); y < static_cast<int>(box.bottom()); ++y) {
        for (int x = static_cast<int>(box.x); x < static_cast<int>(box.right()); ++x) {
            const Color color = picture.at(x, y);
            found.insert(static_cast<std::uint32_t>(color.r) << 16 |
                         static_cast<std::uint32_t>(color.g) << 8 | color.b);
        }
    }
    return found;
}

bool has_color(const Picture& picture, const Rect& box, Color wanted) {
    return colors_in(picture, box)
        .contains(static_cast<std::uint32_t>(wanted.r) << 16 | static_cast<std::uint32_t>(wanted.g) << 8 |
                  wanted.b);
}

// How much colour there is in the strongest pixels of a box.
int strongest_color(const Picture& picture, const Rect& box) {
    int most = 0;
    for (const std::uint32_t rgb : colors_in(picture, box)) {
        const int r = static_cast<int>(rgb >> 16 & 0xFFU);
        const int g = static_cast<int>(rgb >> 8 & 0xFFU);
        const int b = static_cast<int>(rgb & 0xFFU);
        most = std::max(most, std::max({r, g, b}) - std::min({r, g, b}));
    }
    return most;
}

WallLayout layout_of(const Theme& theme, std::size_t count, const ScreenshotOptions& options) {
    const auto width = static_cast<float>(options.width);
    const auto height = static_cast<float>(options.height);
    const Rect room{theme.margin, theme.header_height, width - 2 * theme.margin,
                    height - theme.header_height - theme.margin};
    return wall_layout(count, room, count > 40 ? std::floor(theme.gap * 0.6F) : theme.gap);
}

}  // namespace

TEST_CASE("screenshot: every screen gives a picture of the size asked for, with something on it") {
    for (const Screen screen : {Screen::wall, Screen::overview, Screen::printer, Screen::jobs, Screen::alarms,
                                Screen::diagnostics}) {
        ScreenshotOptions options;
        options.width = 1280;
        options.height = 800;
        options.screen = screen;
        const auto picture = shoot(test::fake_farm(12), options);
        if (!picture) return;
        CHECK(picture->width == 1280);
        CHECK(picture->height == 800);
        CHECK(colors_in(*picture, {0, 60, 1280, 740}).size() > 50);
        for (std::size_t i = 3; i < picture->rgba.size(); i += 4)
            REQUIRE(picture->rgba[i] == 255);
    }
}

TEST_CASE("screenshot: each printer's tile is on the wall, with its name and the colour of its condition") {
    const Theme theme = test::theme_from_assets().theme;
    for (const unsigned count : {1U, 12U, 34U, 100U}) {
        CAPTURE(count);
        const auto fleet = test::fake_farm(count);
        const ScreenshotOptions options;
        const auto picture = shoot(fleet, options);
        if (!picture) return;
        const WallLayout layout = layout_of(theme, count, options);
        for (unsigned i = 0; i < count; ++i) {
            CAPTURE(i);
            const Rect& tile = layout.tiles[i];
            const Rect name{tile.x, tile.y, tile.width * 0.6F, tile.height * 0.3F};
            CHECK(colors_in(*picture, name).size() > 4);
            const TileView view = tile_view(*fleet->printers[i], test::farm_now);
            const Color plain = theme.of(view.condition);
            CHECK(has_color(*picture, tile, view.stale && !view.needs_hands ? desaturate(plain, 1) : plain));
        }
    }
}

TEST_CASE("screenshot: a stale tile has no colour, a live one has") {
    const Theme theme = test::theme_from_assets().theme;
    const ScreenshotOptions options;
    const auto picture = shoot(test::fake_farm(12), options);
    if (!picture) return;
    const WallLayout layout = layout_of(theme, 12, options);
    CHECK(strongest_color(*picture, layout.tiles[6]) < 40);   // offline
    CHECK(strongest_color(*picture, layout.tiles[0]) > 120);  // printing
}

TEST_CASE("screenshot: sizes out of range and folders that do not exist are refused in one sentence") {
    TelemetryStore telemetry;
    const Theme theme = test::theme_from_assets().theme;
    ScreenshotOptions options;
    options.width = 10;
    const QuadShaders shaders = test::shaders_from_assets();
    camera::PictureBoard board{{}};
    const ScreenshotSources sources{test::fake_farm(1), telemetry, board, theme, shaders};
    Status refused = render_png(sources, options, "/nowhere/x.png");
    REQUIRE_FALSE(refused.ok());
    CHECK(refused.error().kind == ErrorKind::bad_input);
    CHECK(refused.error().what == "A picture is 64 to 8192 pixels wide and high, not 10.");
    options.width = 640;
    refused = render_png(sources, options, "/nowhere/x.png");
    REQUIRE_FALSE(refused.ok());
    const bool told = refused.error().kind == ErrorKind::io || refused.error().kind == ErrorKind::unsupported;
    CHECK(told);
}
