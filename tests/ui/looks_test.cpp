#include <doctest/doctest.h>

#include <cstdlib>
#include <filesystem>

#include "fake_pictures.hpp"
#include "ui/screenshot.hpp"

using namespace farmwall;
using namespace farmwall::ui;

// For a person to look at: run with FARMWALL_LOOKS=FOLDER and -ns -tc=looks*.
TEST_CASE("looks: every screen at the sizes that matter, as pictures in a folder" * doctest::skip()) {
    const char* folder = std::getenv("FARMWALL_LOOKS");
    if (folder == nullptr) return;
    std::filesystem::create_directories(folder);
    const Theme theme = test::theme_from_assets().theme;
    const QuadShaders shaders = test::shaders_from_assets();
    struct Size {
        int width, height;
    };
    const auto shoot = [&](unsigned count, Size size, Screen screen, const char* printer,
                           camera::PixelLayout layout) {
        const FleetSnapshot fleet = test::with_cameras(test::fake_farm(count));
        TelemetryStore telemetry;
        test::fill_telemetry(telemetry, std::min(count, 12U));
        camera::PictureBoard board{test::serials_of(*fleet)};
        test::fill_board(board, *fleet, layout);
        ScreenshotOptions options;
        options.width = size.width;
        options.height = size.height;
        options.screen = screen;
        options.printer = PrinterId{printer};
        options.cameras = screen == Screen::diagnostics;
        options.now = test::farm_now;
        options.wall_now = WallTime{std::chrono::hours{480'000}};
        const std::string name = std::string{screen_name(screen)} + "-" + std::to_string(count) + "-" +
                                 std::to_string(size.width) + "x" + std::to_string(size.height) + printer +
                                 (layout == camera::PixelLayout::rgba ? "" : "-i420") + ".png";
        const Status drawn = render_png({fleet, telemetry, board, theme, shaders}, options,
                                        std::filesystem::path{folder} / name);
        CHECK_MESSAGE(drawn.ok(), (drawn.ok() ? "" : drawn.error().text()));
    };
    constexpr auto rgba = camera::PixelLayout::rgba;
    for (const unsigned count : {1U, 4U, 12U, 17U, 34U, 100U}) {
        for (const Size size : {Size{1920, 1080}, {1280, 800}, {1080, 1920}})
            shoot(count, size, Screen::wall, "", rgba);
    }
    shoot(12, {1920, 1080}, Screen::wall, "", camera::PixelLayout::i420);
    for (const Size size : {Size{1920, 1080}, {1280, 800}, {1080, 1920}}) {
        for (const char* printer : {"p1", "p4", "p6", "p15"})
            shoot(17, size, Screen::printer, printer, rgba);
        shoot(17, size, Screen::diagnostics, "", rgba);
    }
}
