#include "app/screens.hpp"

#include <fmt/format.h>

#include <cstdio>

#ifdef FARMWALL_UI
#include <atomic>
#include <chrono>

#include "app/bell.hpp"
#include "app/farm.hpp"
#include "app/snapshot_files.hpp"
#include "base/file.hpp"
#include "base/log.hpp"
#include "base/platform.hpp"
#include "config/palette.hpp"
#include "net/stop_signals.hpp"
#include "ui/screenshot.hpp"
#include "ui/window.hpp"
#endif

namespace farmwall::app {

#ifdef FARMWALL_UI

namespace {

using namespace std::chrono_literals;

constexpr int bad_input_code = 2;

void complain(const std::string& sentence) { fmt::print(stderr, "farmwall: {}\n", sentence); }

// The theme, with every problem printed; nothing when it is not usable.
std::optional<ui::Theme> load_theme(const Surroundings& surroundings) {
    const auto file = find_asset("theme.toml", surroundings);
    if (!file) {
        complain(file.error().text());
        return std::nullopt;
    }
    const config::Palette palette = config::load_palette(file.value());
    for (const config::Problem& problem : palette.problems) {
        fmt::print(stderr, "{}\n", problem.text());
    }
    const ui::MadeTheme made = ui::make_theme(palette.colors, palette.sizes);
    for (const std::string& problem : made.problems) {
        fmt::print(stderr, "{}: {}\n", file.value().string(), problem);
    }
    if (!palette.problems.empty() || !made.problems.empty()) return std::nullopt;
    return made.theme;
}

// The text of the shaders; nothing, after a complaint, when a file cannot be read.
std::optional<ui::QuadShaders> load_shaders(const Surroundings& surroundings) {
    constexpr std::size_t most_bytes = std::size_t{64} * 1024;
    ui::QuadShaders shaders;
    for (const auto& [name, text] :
         {std::pair{"shaders/quad.vert", &shaders.vertex}, {"shaders/quad.frag", &shaders.fragment}}) {
        const auto file = find_asset(name, surroundings);
        if (!file) {
            complain(file.error().text());
            return std::nullopt;
        }
        auto read = read_file(file.value(), most_bytes);
        if (!read) {
            complain(read.error().text());
            return std::nullopt;
        }
        *text = std::move(read).value();
    }
    return shaders;
}

// What a screen is drawn with.
struct Look {
    ui::Theme theme;
    ui::QuadShaders shaders;
    std::shared_ptr<const ErrorTexts> texts;
    ui::JobsSetup jobs;
};

ui::Screen screen_of(Screen screen) {
    switch (screen) {
        case Screen::wall:
            return ui::Screen::wall;
        case Screen::overview:
            return ui::Screen::overview;
        case Screen::printer:
            return ui::Screen::printer;
        case Screen::jobs:
            return ui::Screen::jobs;
        case Screen::alarms:
            return ui::Screen::alarms;
        case Screen::diagnostics:
            return ui::Screen::diagnostics;
    }
    return ui::Screen::wall;
}

// Of the whole time since `start`, as a picture has no second look.
ui::OwnUsage usage_since(TimePoint start, TimePoint now) {
    const platform::ProcessUsage used = platform::process_usage();
    const double seconds = std::chrono::duration<double>(now - start).count();
    ui::OwnUsage usage;
    if (seconds > 0) usage.cpu_percent = used.cpu_seconds / seconds * 100;
    usage.resident_bytes = used.resident_bytes;
    usage.threads = used.threads;
    return usage;
}

// Wishes for the pictures that the screen shows, and waits until each camera that may give one has, or
// for some seconds.
void wait_for_pictures(Farm& farm, const std::vector<camera::PictureWish>& wishes, Bell& bell) {
    constexpr auto longest_wait = 8s;
    const TimePoint end = farm.clock().now() + longest_wait;
    farm.board().wish("screenshot", wishes);
    const auto missing = [&] {
        const FleetSnapshot fleet = farm.store().read();
        for (std::size_t i = 0; i < wishes.size(); ++i) {
            const CameraTruth truth = camera_of(*fleet, i).truth;
            const bool expected = truth != CameraTruth::off && truth != CameraTruth::no_signal;
            if (wishes[i].width > 0 && expected && !farm.board().slot(i).newest()) return true;
        }
        return false;
    };
    while (missing() && farm.clock().now() < end && bell.wait_for(100ms)) {
    }
}

// Waits until every printer has said how it is, and as much longer as was asked for, then draws
// one picture.
int take_screenshot(const Options& options, const config::Config& config, const Locations& places,
                    const Look& look) {
    Bell bell;
    net::IoThread signal_thread{"signals"};
    const net::StopSignals signals{signal_thread, [&] { bell.request_stop(); }};
    Farm farm{config, places.root, [&] { bell.ring(); }, Purpose::look};
    farm.store().update([&](FleetState& fleet) { fleet.error_texts = look.texts; });
    const TimePoint start = farm.clock().now();
    farm.start();
    constexpr auto longest_wait = 30s;
    const TimePoint end = start + longest_wait;
    while (!farm.settled() && farm.clock().now() < end && bell.wait_for(200ms)) {
    }
    if (!bell.pause(std::chrono::seconds{options.after_seconds})) return bad_input_code;
    if (!farm.settled()) complain("Not every printer has answered; the picture shows what is known.");
    ui::ScreenshotOptions shot;
    shot.width = options.width;
    shot.height = options.height;
    shot.screen = screen_of(options.screen);
    shot.printer = PrinterId{options.printer};
    shot.jobs = look.jobs;
    ui::ScreenshotSources sources{farm.store().read(), farm.telemetry(), farm.board(), look.theme,
                                  look.shaders};
    wait_for_pictures(farm, ui::wished_pictures(sources, shot), bell);
    sources.fleet = farm.store().read();
    shot.now = farm.clock().now();
    shot.wall_now = farm.clock().wall_now();
    shot.usage = usage_since(start, shot.now);
    const Status drawn = ui::render_png(sources, shot, *options.screenshot);
    farm.stop();
    if (!drawn) {
        complain(drawn.error().text());
        return bad_input_code;
    }
    return 0;
}

int show_window(const Options& options, const config::Config& config, const Locations& places,
                const Look& look) {
    std::atomic<ui::Window*> shown = nullptr;
    const auto wake = [&] {
        if (ui::Window* const window = shown.load()) window->wake();
    };
    Farm farm{config, places.root, wake};
    farm.store().update([&](FleetState& fleet) { fleet.error_texts = look.texts; });
    farm.board().on_frame([&](std::size_t camera) {
        if (ui::Window* const window = shown.load()) window->wake_for_picture(camera);
    });
    ui::WindowOptions wanted;
    wanted.width = options.width;
    wanted.height = options.height;
    wanted.fullscreen = options.mode == Mode::wall;
    wanted.redraw_hz = options.redraw_hz;
    wanted.jobs = look.jobs;
    auto window = ui::Window::create(wanted, look.theme, look.shaders,
                                     {farm.store(), farm.telemetry(), farm.clock(), farm.board()},
                                     [&](Intent intent) { return farm.push(std::move(intent)); });
    if (!window) {
        complain(window.error().text());
        return bad_input_code;
    }
    shown = window.value().get();
    std::atomic<bool> stop = false;
    {
        net::IoThread signal_thread{"signals"};
        const net::StopSignals signals{signal_thread, [&] {
                                           stop = true;
                                           wake();
                                       }};
        farm.start();
        auto snapshots = keep_snapshots(options, config, farm.cameras());
        if (!snapshots) {
            complain(snapshots.error().text());
            farm.stop();
            return bad_input_code;
        }
        window.value()->run([&] { return stop.load(); });
    }
    farm.stop();
    shown = nullptr;
    const auto stats = window.value()->stats();
    log::debug("farmwall", fmt::format("total messages {}, total frames {}, total tiles {}", farm.messages(),
                                       stats.frames_drawn, stats.tiles_drawn));
    return 0;
}

}  // namespace

int run_screens(const Options& options, const config::Config& config, const Locations& places,
                const Surroundings& surroundings, const std::shared_ptr<const ErrorTexts>& texts) {
    const auto theme = load_theme(surroundings);
    const auto shaders = load_shaders(surroundings);
    if (!theme || !shaders) return bad_input_code;
    ui::JobsSetup jobs;
    if (surroundings.home) jobs.home = *surroundings.home;
    jobs.explain = [](const Job& job, const Place& place, const MatchRules& rules, TimePoint now) {
        return explain(job, place, rules, now);
    };
    const Look look{*theme, *shaders, texts, std::move(jobs)};
    if (options.screenshot) return take_screenshot(options, config, places, look);
    return show_window(options, config, places, look);
}

#else

int run_screens(const Options&, const config::Config&, const Locations&, const Surroundings&,
                const std::shared_ptr<const ErrorTexts>&) {
    fmt::print(stderr, "farmwall: This program was built without a window; start it with --headless.\n");
    return 2;
}

#endif

}  // namespace farmwall::app
