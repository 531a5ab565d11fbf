#include "ui/window.hpp"

#include <doctest/doctest.h>

#include <atomic>
#include <cstdlib>
#include <thread>

#include "fake_pictures.hpp"

using namespace farmwall;
using namespace farmwall::ui;
using namespace std::chrono_literals;

namespace {

// Variables of the environment as they are now, put back at the end.
struct KeptVariable {
    explicit KeptVariable(const char* name_) : name{name_} {
        if (const char* value = std::getenv(name)) text = value;
    }
    ~KeptVariable() {
        if (text) setenv(name, text->c_str(), 1);
    }
    const char* name;
    std::optional<std::string> text;
};

// The farm with the time of this machine, so that its data is live.
void publish_farm(FleetStore& store, const Clock& clock, unsigned count) {
    const auto shift = clock.now() - test::farm_now;
    store.update([&](FleetState& fleet) {
        fleet.printers.clear();
        for (unsigned i = 0; i < count; ++i) {
            PrinterState printer = test::fake_printer(i);
            if (printer.last_report) *printer.last_report += shift;
            fleet.printers.push_back(std::make_shared<const PrinterState>(std::move(printer)));
        }
    });
}

void heat(FleetStore& store, std::size_t index, double celsius) {
    store.update([&](FleetState& fleet) {
        PrinterState printer = *fleet.printers[index];
        printer.report.bed_celsius = celsius;
        fleet.printers[index] = std::make_shared<const PrinterState>(std::move(printer));
    });
}

}  // namespace

TEST_CASE("window: without a display there is one sentence that says what to do") {
    const KeptVariable x11{"DISPLAY"};
    const KeptVariable wayland{"WAYLAND_DISPLAY"};
    unsetenv("DISPLAY");
    unsetenv("WAYLAND_DISPLAY");
    const FleetStore store;
    const TelemetryStore telemetry;
    const SystemClock clock;
    camera::PictureBoard board{{}};
    const auto made = Window::create({}, test::theme_from_assets().theme, test::shaders_from_assets(),
                                     {store, telemetry, clock, board}, {});
    REQUIRE_FALSE(made.ok());
    CHECK(made.error().kind == ErrorKind::unsupported);
    CHECK(
        made.error().what ==
        "No display was found; start the program inside a desktop session, use --headless for the server, or "
        "--screenshot F.png for a picture");
}

TEST_CASE("window: draws the whole wall once, then only the tile that changed, then nothing") {
    if (std::getenv("DISPLAY") == nullptr && std::getenv("WAYLAND_DISPLAY") == nullptr) {
        MESSAGE("SKIPPED: no display; run under xvfb-run");
        return;
    }
    std::atomic<Window*> shown = nullptr;
    FleetStore store{[&] {
        if (Window* window = shown.load()) window->wake();
    }};
    const TelemetryStore telemetry;
    const SystemClock clock;
    publish_farm(store, clock, 12);
    WindowOptions options;
    options.width = 1280;
    options.height = 800;
    camera::PictureBoard board{test::serials_of(*store.read())};
    auto made = Window::create(options, test::theme_from_assets().theme, test::shaders_from_assets(),
                               {store, telemetry, clock, board}, {});
    REQUIRE_MESSAGE(made.ok(), (made.ok() ? "" : made.error().text()));
    Window& window = *made.value();
    shown = &window;

    std::atomic<bool> stop = false;
    std::atomic<bool> in_time = true;
    // Waits for the counters to show it, with a limit.
    const auto wait_for = [&](auto condition) {
        const TimePoint limit = clock.now() + 20s;
        while (!condition(window.stats())) {
            if (clock.now() > limit) {
                in_time = false;
                return;
            }
            std::this_thread::yield();
        }
    };
    DrawStats first;
    DrawStats second;
    std::jthread person{[&] {
        wait_for([](const DrawStats& stats) { return stats.tiles_drawn >= 12; });
        first = window.stats();
        heat(store, 3, 44);
        wait_for([&](const DrawStats& stats) { return stats.tiles_drawn > first.tiles_drawn; });
        second = window.stats();
        for (int i = 0; i < 1000; ++i)
            window.wake();  // nothing changed: nothing is drawn
        stop = true;
        window.wake();
    }};
    window.run([&] { return stop.load(); });
    person.join();
    shown = nullptr;
    CHECK(in_time);
    CHECK(second.tiles_drawn - first.tiles_drawn <= 2);  // a pointer over the window may light one more
    CHECK(window.stats().frames_drawn - second.frames_drawn <= 1);
    CHECK_FALSE(window.stats().renderer.empty());
}

TEST_CASE("window: a newer picture draws the tile of its camera alone, once") {
    if (std::getenv("DISPLAY") == nullptr && std::getenv("WAYLAND_DISPLAY") == nullptr) {
        MESSAGE("SKIPPED: no display; run under xvfb-run");
        return;
    }
    std::atomic<Window*> shown = nullptr;
    FleetStore store{[&] {
        if (Window* window = shown.load()) window->wake();
    }};
    const TelemetryStore telemetry;
    const SystemClock clock;
    publish_farm(store, clock, 12);
    store.update([&](FleetState& fleet) {
        for (std::size_t i = 0; i < fleet.printers.size(); ++i) {
            fleet.cameras.push_back(
                std::make_shared<const CameraState>(test::camera_state(CameraTruth::live)));
        }
    });
    camera::PictureBoard board{test::serials_of(*store.read())};
    board.on_frame([&](std::size_t camera) {
        if (Window* window = shown.load()) window->wake_for_picture(camera);
    });
    WindowOptions options;
    options.width = 1280;
    options.height = 800;
    auto made = Window::create(options, test::theme_from_assets().theme, test::shaders_from_assets(),
                               {store, telemetry, clock, board}, {});
    REQUIRE_MESSAGE(made.ok(), (made.ok() ? "" : made.error().text()));
    Window& window = *made.value();
    shown = &window;

    std::atomic<bool> stop = false;
    DrawStats before;
    std::jthread feeder{[&] {
        const TimePoint limit = clock.now() + 20s;
        const auto wait_for = [&](auto condition) {
            while (!condition(window.stats()) && clock.now() < limit)
                std::this_thread::yield();
        };
        wait_for([](const DrawStats& stats) { return stats.tiles_drawn >= 12; });
        before = window.stats();
        for (std::uint64_t number = 1; number <= 3; ++number) {
            board.put(4, test::solid_frame(board.serial(4), {200, 30, 30, 255}, clock.now(), number));
            wait_for([&](const DrawStats& stats) { return stats.pictures_uploaded >= number; });
        }
        stop = true;
        window.wake();
    }};
    window.run([&] { return stop.load(); });
    feeder.join();
    shown = nullptr;
    CHECK(window.stats().pictures_uploaded == 3);
    CHECK(window.stats().tiles_drawn - before.tiles_drawn <= 5);  // a pointer over the window may light two
    CHECK(board.wishes()[4].width > 200);
    const bool software = window.stats().software_gl;
    CHECK(board.layout() == (software ? camera::PixelLayout::rgba : camera::PixelLayout::i420));
    made.value().reset();
    CHECK(board.wishes()[4].width == 0);
}
