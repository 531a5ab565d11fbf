#include <doctest/doctest.h>

#include <algorithm>

#include "shell_bench.hpp"
#include "ui/screens.hpp"
#include "ui/screenshot.hpp"

using namespace farmwall;
using namespace farmwall::ui;
using namespace std::chrono_literals;
using test::Bench;

namespace {

FleetSnapshot farm(unsigned count) { return test::with_cameras(test::fake_farm(count)); }

// The frames among the quads of a result.
std::vector<camera::SharedFrame> pictures_in(const FrameResult& result) {
    std::vector<camera::SharedFrame> found;
    for (const Quad& quad : result.quads) {
        if (quad.frame) found.push_back(quad.frame);
    }
    return found;
}

std::size_t seen(const std::vector<camera::PictureWish>& wishes) {
    return static_cast<std::size_t>(
        std::count_if(wishes.begin(), wishes.end(), [](const auto& wish) { return wish.width > 0; }));
}

void put_solid(Bench& bench, std::size_t index, std::uint64_t number, TimePoint arrived = test::farm_now) {
    bench.board.put(index, test::solid_frame(bench.board.serial(index), {200, 40, 40, 255}, arrived, number));
}

}  // namespace

TEST_CASE("wishes: the wall wishes for every picture in the size in which it is drawn") {
    Bench bench{farm(12), 1920, 1080};
    bench.frame();
    const auto wishes = bench.board.wishes();
    REQUIRE(wishes.size() == 12);
    for (const auto& wish : wishes) {
        CHECK(wish.width > 400);
        CHECK(wish.width < 480);
        CHECK(wish.height > 200);
        CHECK_FALSE(wish.focused);
    }
}

TEST_CASE("wishes: pixels of the screen count, where the system scales") {
    Bench bench{farm(12), 960, 540};
    bench.input.unit = 2;
    bench.frame();
    CHECK(bench.board.wishes()[0].width > 400);
}

TEST_CASE("wishes: a printer that needs hands asks for attention") {
    Bench bench{farm(12)};
    bench.frame();
    CHECK(bench.board.wishes()[7].attention);  // failed
    CHECK_FALSE(bench.board.wishes()[0].attention);
}

TEST_CASE("wishes: the page wishes for its own printer alone, focused and big") {
    Bench bench{farm(12), 1920, 1080};
    bench.shell->show_printer(PrinterId{"p3"});
    bench.frame();
    const auto wishes = bench.board.wishes();
    CHECK(seen(wishes) == 1);
    CHECK(wishes[2].focused);
    CHECK(wishes[2].width > 1000);
    CHECK(wishes[2].height > 560);
}

TEST_CASE("wishes: screens without pictures, a hidden window and a shell that is gone wish for nothing") {
    Bench bench{farm(12)};
    bench.frame();
    REQUIRE(seen(bench.board.wishes()) == 12);
    SUBCASE("overview") {
        bench.shell->show(Screen::overview);
        bench.frame();
    }
    SUBCASE("diagnostics") {
        bench.shell->show(Screen::diagnostics);
        bench.frame();
    }
    SUBCASE("hidden") { bench.shell->hide(); }
    SUBCASE("gone") { bench.shell.reset(); }
    CHECK(seen(bench.board.wishes()) == 0);
}

TEST_CASE("wishes: a window that is seen again is drawn whole and wishes again") {
    Bench bench{farm(12)};
    bench.settle();
    bench.shell->hide();
    CHECK(bench.shell->wants_frame(bench.input));
    CHECK(bench.frame().tiles == 12);
    CHECK(seen(bench.board.wishes()) == 12);
}

TEST_CASE("wishes: tiles too small for a picture wish for none") {
    Bench bench{farm(100), 640, 400};
    bench.frame();
    CHECK(seen(bench.board.wishes()) == 0);
}

TEST_CASE("wishes: told again only when they change") {
    Bench bench{farm(12)};
    int told = 0;
    bench.board.on_wish([&] { ++told; });
    bench.settle();
    CHECK(told == 1);
}

TEST_CASE("wished_pictures: tells the same without drawing anything") {
    const FleetSnapshot fleet = farm(12);
    TelemetryStore telemetry;
    const Theme theme = test::theme_from_assets().theme;
    const QuadShaders shaders;
    camera::PictureBoard board{test::serials_of(*fleet)};
    ScreenshotOptions options;
    options.now = test::farm_now;
    const ScreenshotSources sources{fleet, telemetry, board, theme, shaders};
    CHECK(seen(wished_pictures(sources, options)) == 12);
    options.screen = Screen::printer;
    options.printer = PrinterId{"p5"};
    const auto wishes = wished_pictures(sources, options);
    CHECK(seen(wishes) == 1);
    CHECK(wishes[4].focused);
    CHECK(seen(board.wishes()) == 0);
}

TEST_CASE("pictures: a newer picture draws its own tile again and no other") {
    Bench bench{farm(12)};
    bench.settle();
    put_solid(bench, 4, 1);
    CHECK(bench.shell->wants_frame(bench.input));
    const FrameResult result = bench.frame();
    CHECK(result.tiles == 1);
    REQUIRE(pictures_in(result).size() == 1);
    CHECK(pictures_in(result)[0]->serial == bench.board.serial(4));
    REQUIRE(result.dirty.size() == 1);
    CHECK_FALSE(bench.shell->wants_frame(bench.input));
    CHECK(bench.frame().tiles == 0);
}

TEST_CASE("pictures: a picture lies where its printer's tile is") {
    Bench bench{farm(12)};
    for (std::size_t i = 0; i < 12; ++i)
        put_solid(bench, i, 1);
    const FrameResult result = bench.frame();
    std::size_t found = 0;
    for (const Quad& quad : result.quads) {
        if (!quad.frame) continue;
        for (std::size_t i = 0; i < 12; ++i) {
            if (bench.board.serial(i) != quad.frame->serial) continue;
            const auto tile = bench.target("tile/p" + std::to_string(i + 1));
            REQUIRE(tile.has_value());
            CHECK(common_part(tile->box, quad.box) == quad.box);
            ++found;
        }
    }
    CHECK(found == 11);  // one camera is off
}

TEST_CASE("pictures: a frame of another serial is never drawn") {
    Bench bench{farm(3)};
    // Past the board's own check.
    bench.board.slot(1).put(test::solid_frame(bench.board.serial(0), {9, 9, 9, 255}, test::farm_now));
    CHECK(pictures_in(bench.frame()).empty());
}

TEST_CASE("pictures: a board of another farm shows nothing") {
    Bench bench{farm(3)};
    bench.change(1, [](PrinterState& printer) { printer.serial = Serial{"another"}; });
    put_solid(bench, 0, 1);
    put_solid(bench, 1, 1);
    const auto pictures = pictures_in(bench.frame());
    REQUIRE(pictures.size() == 1);
    CHECK(pictures[0]->serial == bench.board.serial(0));
}

TEST_CASE("pictures: what was cleared is gone from the tile") {
    Bench bench{farm(3)};
    put_solid(bench, 0, 1);
    bench.settle();
    bench.board.clear(0);
    CHECK(bench.shell->wants_frame(bench.input));
    const FrameResult result = bench.frame();
    CHECK(result.tiles == 1);
    CHECK(pictures_in(result).empty());
}

TEST_CASE("pictures: a tile without room for them does not follow them") {
    Bench bench{farm(100), 640, 400};
    bench.settle();
    put_solid(bench, 4, 1);
    CHECK_FALSE(bench.shell->wants_frame(bench.input));
}

TEST_CASE("pictures: pictures that nobody sees want no frame") {
    Bench bench{farm(12)};
    bench.shell->show(Screen::overview);
    bench.settle();
    put_solid(bench, 4, 1);
    CHECK_FALSE(bench.shell->wants_frame(bench.input));
}

TEST_CASE("pictures: a stale one wakes the loop each second and is drawn doubtful") {
    Bench bench{farm(12)};
    put_solid(bench, 3, 1, test::farm_now - 12s);
    bench.settle();
    CHECK(bench.shell->next_change(bench.input) == test::farm_now + 1s);
    bench.input.now += 1s;
    CHECK(bench.shell->wants_frame(bench.input));
    const FrameResult result = bench.frame();
    const auto doubtful = std::count_if(result.quads.begin(), result.quads.end(),
                                        [](const Quad& quad) { return quad.frame && quad.doubtful; });
    CHECK(doubtful == 1);
}

TEST_CASE("pictures: with a stale link a live camera's picture stays in colour") {
    Bench bench{farm(12)};
    auto fleet = std::make_shared<FleetState>(*bench.input.fleet);
    fleet->cameras[6] = std::make_shared<const CameraState>(test::camera_state(CameraTruth::live));
    bench.input.fleet = std::move(fleet);
    put_solid(bench, 6, 1);
    const FrameResult result = bench.frame();
    const auto found = std::find_if(result.quads.begin(), result.quads.end(),
                                    [](const Quad& quad) { return quad.frame != nullptr; });
    REQUIRE(found != result.quads.end());
    CHECK_FALSE(found->doubtful);
}

TEST_CASE("pictures: a farm without published cameras shows none") {
    Bench bench{test::fake_farm(3)};
    put_solid(bench, 0, 1);
    CHECK(pictures_in(bench.frame()).empty());
}

TEST_CASE("printer page: a newer picture alone draws the camera's card and nothing else") {
    Bench bench{farm(12), 1920, 1080};
    bench.shell->show_printer(PrinterId{"p1"});
    bench.input.touched = false;
    put_solid(bench, 0, 1);
    bench.settle();
    CHECK_FALSE(bench.shell->wants_frame(bench.input));
    put_solid(bench, 0, 2);
    CHECK(bench.shell->wants_frame(bench.input));
    FrameResult result = bench.frame();
    CHECK(result.clip.width < 1200);
    REQUIRE(result.dirty.size() == 1);
    CHECK(result.dirty[0] == result.clip);
    SUBCASE("after a report everything is drawn") {
        put_solid(bench, 0, 3);
        bench.change(0, [](PrinterState& printer) { printer.report.bed_celsius = 51; });
        result = bench.frame();
        CHECK(result.clip.width == 1920);
    }
    SUBCASE("after a person's touch everything is drawn") {
        put_solid(bench, 0, 3);
        bench.input.touched = true;
        result = bench.frame();
        CHECK(result.clip.width == 1920);
    }
    SUBCASE("the plots move on although pictures come all the time") {
        bench.input.now += 6s;
        put_solid(bench, 0, 3, bench.input.now);
        result = bench.frame();
        CHECK(result.clip.width == 1920);
    }
}

TEST_CASE("printer page: a certificate that changed at the camera alone is trusted in two steps") {
    Bench bench{farm(12), 1280, 1400};
    auto fleet = std::make_shared<FleetState>(*bench.input.fleet);
    CameraState changed = test::camera_state(CameraTruth::no_signal);
    changed.problem = CameraProblem::certificate_changed;
    changed.new_certificate = std::string(64, 'c');
    fleet->cameras[0] = std::make_shared<const CameraState>(changed);
    bench.input.fleet = std::move(fleet);
    bench.shell->show_printer(PrinterId{"p1"});
    bench.settle();
    CHECK_FALSE(bench.target("printer/trust").has_value());
    bench.click("camera/trust");
    CHECK(bench.intents.empty());
    bench.click("camera/trust/confirm");
    REQUIRE(bench.intents.size() == 1);
    const auto* trust = std::get_if<TrustCertificate>(&bench.intents[0].wish);
    REQUIRE(trust != nullptr);
    CHECK(trust->sha256 == std::string(64, 'c'));
}

TEST_CASE("printer page: pictures of other cameras want no frame") {
    Bench bench{farm(12), 1920, 1080};
    bench.shell->show_printer(PrinterId{"p1"});
    bench.settle();
    put_solid(bench, 4, 1);
    CHECK_FALSE(bench.shell->wants_frame(bench.input));
}

TEST_CASE("diagnostics: the cameras' table is a press away and back") {
    Bench bench{farm(12), 1280, 800};
    test::fill_board(bench.board, *bench.input.fleet, camera::PixelLayout::rgba);
    bench.shell->show(Screen::diagnostics);
    bench.settle();
    const int links = bench.vertices;
    bench.click("diagnostics/tab/cameras");
    bench.settle();
    CHECK(bench.vertices != links);
    bench.click("diagnostics/tab/links");
    bench.settle();
    CHECK(bench.vertices == links);
}
