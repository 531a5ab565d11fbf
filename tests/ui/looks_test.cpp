#include <doctest/doctest.h>
#include <png.h>

#include <cstdlib>
#include <filesystem>

#include "fake_hands.hpp"
#include "fake_queue.hpp"
#include "gl_rig.hpp"
#include "model/error_texts.hpp"
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

TEST_CASE("looks: the jobs, their timeline and the plates, as pictures in a folder" * doctest::skip()) {
    const char* folder = std::getenv("FARMWALL_LOOKS");
    if (folder == nullptr) return;
    std::filesystem::create_directories(folder);
    const Theme theme = test::theme_from_assets().theme;
    const QuadShaders shaders = test::shaders_from_assets();
    const FleetSnapshot fleet =
        test::with_queue(test::with_cameras(test::fake_farm(12)), test::every_phase());
    TelemetryStore telemetry;
    camera::PictureBoard board{test::serials_of(*fleet)};
    test::fill_board(board, *fleet, camera::PixelLayout::rgba);
    ScreenshotOptions options;
    options.screen = Screen::jobs;
    options.now = test::farm_now;
    options.wall_now = test::farm_wall;
    options.jobs = test::fake_setup();
    struct Size {
        int width, height;
    };
    using Part = ScreenshotOptions::Jobs;
    for (const Size size : {Size{1920, 1080}, {1280, 800}, {1080, 1920}}) {
        options.width = size.width;
        options.height = size.height;
        for (const auto& [part, name] :
             {std::pair{Part::queue, "queue"}, {Part::timeline, "timeline"}, {Part::plates, "plates"}}) {
            options.part = part;
            const std::string file = std::string{"jobs-"} + name + "-" + std::to_string(size.width) + "x" +
                                     std::to_string(size.height) + ".png";
            const Status drawn = render_png({fleet, telemetry, board, theme, shaders}, options,
                                            std::filesystem::path{folder} / file);
            CHECK_MESSAGE(drawn.ok(), (drawn.ok() ? "" : drawn.error().text()));
        }
    }
}

namespace {

// A rig with everything to press, and what is pressed.
class Hands {
public:
    Hands(int width, int height) {
        std::string why;
        FleetSnapshot fleet =
            test::with_queue(test::with_hands(test::with_cameras(test::fake_farm(12))), test::every_phase());
        rig_ = test::GlRig::create(fleet, width, height, why);
        if (!rig_) return;
        texts_.codes["0300800B"] =
            "The cutter is stuck. Please make sure that its handle is out, and that the head moves freely.";
        rig_->input.error_texts = &texts_;
        rig_->input.jobs = &setup_;
        rig_->shell = std::make_unique<Shell>(rig_->theme, rig_->fonts, rig_->telemetry, rig_->board,
                                              [](const Intent&) { return true; });
        test::fill_board(rig_->board, *fleet, camera::PixelLayout::rgba);
    }
    explicit operator bool() const { return rig_ != nullptr; }
    [[nodiscard]] Shell& shell() const { return *rig_->shell; }
    void edit(std::size_t index, void (*change)(PrinterState&)) {
        auto next = std::make_shared<FleetState>(*rig_->input.fleet);
        PrinterState printer = *next->printers[index];
        change(printer);
        next->printers[index] = std::make_shared<const PrinterState>(std::move(printer));
        ++next->revision;
        rig_->input.fleet = std::move(next);
    }
    void settle(int rounds) {
        for (int i = 0; i < rounds; ++i)
            rig_->settle();
    }
    // To the newest file that was added.
    void answer_add(const JobId& job) {
        rig_->settle();
        auto next = std::make_shared<FleetState>(*rig_->input.fleet);
        auto queue = std::make_shared<QueueState>(*next->queue);
        const auto now =
            std::chrono::duration_cast<std::chrono::microseconds>(test::farm_wall.time_since_epoch());
        queue->answers.push_back({static_cast<std::uint64_t>(now.count()), {job}, {}});
        next->queue = std::move(queue);
        ++next->revision;
        rig_->input.fleet = std::move(next);
    }
    void press(const std::string& id, Duration how_long = {}) {
        rig_->settle();
        for (const Target& target : rig_->shell->targets()) {
            if (target.id == id) compat::feed_mouse(target.box.center().x, target.box.center().y);
        }
        rig_->settle();
        compat::feed_button(true);
        rig_->frame();
        for (Duration held{}; held < how_long; held += std::chrono::milliseconds{50}) {
            rig_->input.now += std::chrono::milliseconds{50};
            rig_->frame();
        }
        if (how_long > Duration{} && how_long < std::chrono::milliseconds{700}) return;  // still held
        compat::feed_button(false);
        rig_->settle();
    }
    void save(const std::filesystem::path& path) {
        rig_->settle();
        png_image image{};
        image.version = PNG_IMAGE_VERSION;
        image.width = static_cast<png_uint_32>(rig_->target.width());
        image.height = static_cast<png_uint_32>(rig_->target.height());
        image.format = PNG_FORMAT_RGBA;
        const auto pixels = rig_->target.read();
        CHECK(png_image_write_to_file(&image, path.c_str(), 0, pixels.data(), -4 * rig_->target.width(),
                                      nullptr) != 0);
    }

private:
    std::unique_ptr<test::GlRig> rig_;
    ErrorTexts texts_;
    JobsSetup setup_ = test::fake_setup();
};

}  // namespace

TEST_CASE("looks: a job that was chosen, the panels of files and plates, as pictures" * doctest::skip()) {
    const char* name = std::getenv("FARMWALL_LOOKS");
    if (name == nullptr) return;
    const std::filesystem::path folder{name};
    std::filesystem::create_directories(folder);
    struct Size {
        int width, height;
    };
    for (const Size size : {Size{1280, 800}, {1920, 1080}, {1080, 1920}}) {
        Hands hands{size.width, size.height};
        if (!hands) return;
        const std::string end = "-" + std::to_string(size.width) + "x" + std::to_string(size.height) + ".png";
        hands.shell().show(Screen::jobs);
        hands.settle(20);
        hands.press("jobs/row/000000000004");
        hands.press("jobs/matrix/p3");
        hands.save(folder / ("jobs-chosen" + end));
        hands.press("jobs/row/000000000000");
        hands.press("jobs/000000000000/cancel");
        hands.save(folder / ("jobs-cancel" + end));
        hands.shell().add_files({"/home/anna/parts/Bracket_left_v7.gcode.3mf"});
        hands.answer_add(JobId{"000000000007"});
        hands.settle(5);
        hands.press("add/copies/more");
        hands.save(folder / ("jobs-add" + end));
        hands.press("add/discard");
        hands.shell().show_plates();
        hands.press("plates/p5/bad");
        hands.save(folder / ("jobs-bad" + end));
        hands.press("plates/p5/keep");
        hands.press("plates/all");
        hands.save(folder / ("jobs-all" + end));
        hands.shell().show_printer(PrinterId{"p1"});
        hands.save(folder / ("jobs-printer" + end));
    }
}

TEST_CASE("looks: whatever can be pressed, as pictures in a folder" * doctest::skip()) {
    const char* name = std::getenv("FARMWALL_LOOKS");
    if (name == nullptr) return;
    const std::filesystem::path folder{name};
    std::filesystem::create_directories(folder);
    struct Size {
        int width, height;
    };
    for (const Size size : {Size{1280, 800}, {1280, 3000}, {1920, 1080}, {1920, 2600}}) {
        Hands hands{size.width, size.height};
        if (!hands) return;
        const std::string end = "-" + std::to_string(size.width) + "x" + std::to_string(size.height) + ".png";
        hands.edit(3, [](PrinterState& printer) {
            printer.report.airduct_mode = 0;
            printer.report.timelapse = true;
            printer.report.ams->front().info = 3;
            printer.learnt_developer_mode = DeveloperMode::off;
        });
        for (const char* printer : {"p1", "p3", "p4", "p8"}) {
            hands.shell().show_printer(PrinterId{printer});
            if (std::string{printer} == "p8") hands.press("printer/error/0300800B/page");
            hands.save(folder / ("hands-" + std::string{printer} + end));
        }
        if (size.height > 2000) continue;
        hands.shell().show_printer(PrinterId{"p1"});
        hands.press("printer/stop", std::chrono::milliseconds{500});
        hands.save(folder / ("hands-hold" + end));
        compat::feed_button(false);
        hands.shell().show(Screen::alarms);
        hands.save(folder / ("hands-alarms" + end));
        hands.press("events/printer");
        hands.save(folder / ("hands-names" + end));
        hands.shell().show(Screen::overview);
        hands.press("overview/pick/p2");
        hands.save(folder / ("hands-overview" + end));
        hands.press("fleet/all");
        hands.press("fleet/fans");
        hands.save(folder / ("hands-fans" + end));
        hands.press("fleet/cancel");
        hands.press("fleet/stop_all");
        hands.save(folder / ("hands-stop" + end));
        hands.press("fleet/confirm_stop", std::chrono::seconds{2});
        hands.save(folder / ("hands-results" + end));
    }
}
