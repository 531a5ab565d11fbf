#include <doctest/doctest.h>

#include <cstdlib>
#include <set>

#include "gl_rig.hpp"
#include "ui/tile_draw.hpp"

using namespace farmwall;
using namespace farmwall::ui;
using namespace std::chrono_literals;
using camera::PixelLayout;
using test::GlRig;

namespace {

constexpr std::array<Color, 6> paints{Color{210, 40, 30, 255}, {30, 190, 60, 255},  {40, 70, 220, 255},
                                      {220, 200, 40, 255},     {30, 200, 210, 255}, {200, 60, 200, 255}};
Color paint_of(std::size_t index) { return paints[index % paints.size()]; }

// Printers and cameras that are all well.
FleetSnapshot all_live(unsigned count) {
    auto fleet = std::make_shared<FleetState>(*test::fake_farm(count));
    for (unsigned i = 0; i < count; ++i) {
        PrinterState printer = test::fake_printer(i);
        printer.link.link = Link::online;
        printer.link.problem = LinkProblem::none;
        fleet->printers[i] = std::make_shared<const PrinterState>(std::move(printer));
        fleet->cameras.push_back(std::make_shared<const CameraState>(test::camera_state(CameraTruth::live)));
    }
    return fleet;
}

std::unique_ptr<GlRig> rig_of(unsigned count, int width = 1280, int height = 800) {
    setenv("LIBGL_ALWAYS_SOFTWARE", "1", 1);
    std::string why;
    auto rig = GlRig::create(all_live(count), width, height, why);
    if (!rig) MESSAGE("SKIPPED, no picture can be drawn here: " << why);
    return rig;
}

void put(GlRig& rig, std::size_t index, Color color, PixelLayout layout, bool full_range,
         std::uint64_t number = 1) {
    auto frame = test::solid_frame(rig.board.serial(index), color, test::farm_now, number);
    if (layout == PixelLayout::i420) frame = test::i420_frame(*frame, full_range);
    REQUIRE(rig.board.put(index, std::move(frame)));
}

Rect picture_of(const GlRig& rig, std::size_t index) {
    for (const Target& target : rig.shell->targets()) {
        if (target.id == "tile/p" + std::to_string(index + 1)) return tile_picture(target.box, 1);
    }
    return {};
}

Color middle_of(const GlRig& rig, std::size_t index) {
    const Rect box = picture_of(rig, index);
    return rig.at(box.center().x, box.y + box.height * 0.42F);  // between the words above and below
}

bool near(Color a, Color b, int by) {
    return std::abs(a.r - b.r) <= by && std::abs(a.g - b.g) <= by && std::abs(a.b - b.b) <= by;
}

}  // namespace

TEST_CASE("picture render: each printer's tile shows its own camera in its own colours, in either layout") {
    struct Kind {
        PixelLayout layout;
        bool full_range;
    };
    for (const Kind kind :
         {Kind{PixelLayout::rgba, false}, {PixelLayout::i420, false}, {PixelLayout::i420, true}}) {
        const auto rig = rig_of(12);
        if (!rig) return;
        for (std::size_t i = 0; i < 12; ++i)
            put(*rig, i, paint_of(i), kind.layout, kind.full_range);
        rig->settle();
        rig->read();
        for (std::size_t i = 0; i < 12; ++i) {
            CAPTURE(i);
            CHECK(near(middle_of(*rig, i), paint_of(i), 4));
        }
    }
}

TEST_CASE("picture render: an odd size and a stride of its own give the same colours") {
    const auto rig = rig_of(2);
    if (!rig) return;
    constexpr int width = 101;
    constexpr int height = 57;
    constexpr int stride = 421;  // no multiple of a pixel
    auto bytes = std::make_shared<std::vector<std::uint8_t>>(std::size_t{stride} * height, std::uint8_t{0});
    for (int y = 0; y < height; ++y) {
        for (int x = 0; x < width; ++x) {
            std::uint8_t* pixel = bytes->data() + y * stride + x * 4;
            pixel[0] = 10;
            pixel[1] = 200;
            pixel[2] = 90;
            pixel[3] = 255;
        }
    }
    auto odd = *test::solid_frame(rig->board.serial(0), {}, test::farm_now, 1, width, height);
    odd.planes[0] = {bytes->data(), stride};
    odd.keeper = bytes;
    REQUIRE(rig->board.put(0, std::make_shared<const camera::Frame>(odd)));
    auto planes = test::i420_frame(
        *test::solid_frame(rig->board.serial(1), {10, 200, 90, 255}, test::farm_now, 1, width, height),
        false);
    REQUIRE(rig->board.put(1, planes));
    rig->settle();
    rig->read();
    CHECK(near(middle_of(*rig, 0), {10, 200, 90, 255}, 2));
    CHECK(near(middle_of(*rig, 1), {10, 200, 90, 255}, 4));
}

TEST_CASE("picture render: a stale picture is grey and hatched, in either layout") {
    for (const PixelLayout layout : {PixelLayout::rgba, PixelLayout::i420}) {
        const auto rig = rig_of(12);
        if (!rig) return;
        auto fleet = std::make_shared<FleetState>(*rig->input.fleet);
        fleet->cameras[0] = std::make_shared<const CameraState>(test::camera_state(CameraTruth::stale));
        rig->input.fleet = std::move(fleet);
        put(*rig, 0, {210, 40, 30, 255}, layout, false);
        put(*rig, 1, {210, 40, 30, 255}, layout, false);
        rig->settle();
        rig->read();
        const Rect box = picture_of(*rig, 0);
        std::set<int> greys;
        for (float x = box.x + box.width * 0.3F; x < box.x + box.width * 0.7F; ++x) {
            const Color color = rig->at(x, box.y + box.height * 0.42F);
            CHECK(near(color, {color.r, color.r, color.r, 255}, 2));
            greys.insert(color.r);
        }
        CHECK(*greys.rbegin() - *greys.begin() > 10);  // stripes
        CHECK(near(middle_of(*rig, 1), {210, 40, 30, 255}, 4));
    }
}

TEST_CASE("picture render: a newer picture changes the pixels of its own tile alone") {
    const auto rig = rig_of(12);
    if (!rig) return;
    for (std::size_t i = 0; i < 12; ++i)
        put(*rig, i, paint_of(i), PixelLayout::rgba, false);
    rig->settle();
    rig->read();
    std::vector<Color> before;
    for (float y = 5; y < 800; y += 7) {
        for (float x = 5; x < 1280; x += 7)
            before.push_back(rig->at(x, y));
    }
    put(*rig, 5, {250, 250, 250, 255}, PixelLayout::rgba, false, 2);
    const FrameResult result = rig->frame();
    CHECK(result.tiles == 1);
    rig->read();
    CHECK(near(middle_of(*rig, 5), {250, 250, 250, 255}, 2));
    REQUIRE(result.dirty.size() == 1);
    std::size_t i = 0;
    std::size_t changed_inside = 0;
    for (float y = 5; y < 800; y += 7) {
        for (float x = 5; x < 1280; x += 7, ++i) {
            if (result.dirty[0].contains({x, y})) {
                changed_inside += before[i] != rig->at(x, y) ? 1 : 0;
            } else {
                REQUIRE(before[i] == rig->at(x, y));
            }
        }
    }
    CHECK(changed_inside > 100);
}

TEST_CASE("picture render: a tile drawn again over itself leaves the same pixels") {
    const auto rig = rig_of(12);
    if (!rig) return;
    for (std::size_t i = 0; i < 12; ++i)
        put(*rig, i, paint_of(i), PixelLayout::rgba, false);
    rig->settle();
    rig->read();
    const Rect box = picture_of(*rig, 7);
    std::vector<Color> before;
    for (float y = box.y; y < box.bottom(); ++y) {
        for (float x = box.x; x < box.right(); ++x)
            before.push_back(rig->at(x, y));
    }
    put(*rig, 7, paint_of(7), PixelLayout::rgba, false, 2);
    CHECK(rig->frame().tiles == 1);
    rig->read();
    std::size_t i = 0;
    std::size_t different = 0;
    for (float y = box.y; y < box.bottom(); ++y) {
        for (float x = box.x; x < box.right(); ++x, ++i)
            different += before[i] != rig->at(x, y) ? 1 : 0;
    }
    CHECK(different == 0);
}

TEST_CASE("picture render: the page's picture alone is drawn anew, in the right colours") {
    const auto rig = rig_of(3);
    if (!rig) return;
    put(*rig, 1, {210, 40, 30, 255}, PixelLayout::i420, true);
    rig->shell->show_printer(PrinterId{"p2"});
    rig->settle();
    put(*rig, 1, {30, 60, 210, 255}, PixelLayout::i420, true, 2);
    const FrameResult result = rig->frame();
    CHECK(result.clip.width < 1000);
    rig->read();
    CHECK(near(rig->at(result.clip.center().x, result.clip.y + 100), {30, 60, 210, 255}, 4));
}

TEST_CASE("picture textures: one a camera, uploaded once a picture, freed when nobody takes it") {
    const auto rig = rig_of(12);
    if (!rig) return;
    for (std::size_t i = 0; i < 12; ++i)
        put(*rig, i, paint_of(i), PixelLayout::rgba, false);
    rig->settle();
    PictureTextures& textures = rig->quads->textures();
    CHECK(textures.cameras() == 12);
    CHECK(textures.uploads() == 12);
    rig->shell->invalidate();
    rig->frame();
    CHECK(textures.uploads() == 12);
    put(*rig, 3, paint_of(4), PixelLayout::rgba, false, 2);
    rig->frame();
    CHECK(textures.uploads() == 13);
    put(*rig, 3, paint_of(4), PixelLayout::i420, false, 3);  // another layout
    rig->frame();
    CHECK(textures.uploads() == 14);
    textures.free_unused(rig->input.now + 9s);
    CHECK(textures.cameras() == 12);
    textures.free_unused(rig->input.now + 10s);
    CHECK(textures.cameras() == 0);
    rig->shell->invalidate();
    rig->frame();
    CHECK(textures.cameras() == 12);
}

TEST_CASE("picture textures: frames that cannot be right are not shown and not kept") {
    const auto rig = rig_of(1);
    if (!rig) return;
    const auto good = test::solid_frame(rig->board.serial(0), {1, 2, 3, 255}, test::farm_now);
    PictureTextures& textures = rig->quads->textures();
    const auto refuse = [&](auto edit) {
        camera::Frame bad = *good;
        edit(bad);
        CHECK(textures.take(bad, test::farm_now) == PictureTextures::Names{});
    };
    refuse([](camera::Frame& frame) { frame.width = 0; });
    refuse([](camera::Frame& frame) { frame.height = -3; });
    refuse([](camera::Frame& frame) { frame.width = 1 << 20; });
    refuse([](camera::Frame& frame) { frame.planes[0].data = nullptr; });
    refuse([](camera::Frame& frame) { frame.planes[0].stride = frame.width; });
    refuse([](camera::Frame& frame) { frame.layout = PixelLayout::i420; });  // planes are missing
    CHECK(textures.cameras() == 0);
    CHECK(textures.take(*good, test::farm_now)[0] != 0);
}

TEST_CASE("gl_quads: a shader that does not compile is told in one sentence") {
    const auto rig = rig_of(1);
    if (!rig) return;
    QuadShaders shaders = test::shaders_from_assets();
    shaders.fragment = "void main() { nonsense; }";
    const auto made = GlQuads::create(shaders);
    REQUIRE_FALSE(made.ok());
    CHECK(made.error().kind == ErrorKind::unsupported);
    CHECK(made.error().what.find("quad.frag") != std::string::npos);
}
