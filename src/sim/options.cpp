#include "sim/options.hpp"

#include <fmt/format.h>

#include <CLI/CLI.hpp>

#include "base/file.hpp"
#include "base/text.hpp"
#include "sim/machine/control_request.hpp"

namespace farmwall::sim {

namespace {

constexpr std::size_t scenario_limit_bytes = std::size_t{1024} * 1024;

Error bad(std::string what) { return Error{ErrorKind::bad_input, std::move(what)}; }

Result<std::vector<Model>> models_in(const std::string& list) {
    std::vector<Model> models;
    for (std::size_t begin = 0; begin < list.size();) {
        const std::size_t end = std::min(list.find(',', begin), list.size());
        const auto key = trim(std::string_view{list}.substr(begin, end - begin));
        const auto model = model_named(key);
        if (!model) {
            std::string known;
            for (const auto& spec : all_models())
                known += fmt::format("{}{}", known.empty() ? "" : ", ", spec.key);
            return bad(fmt::format("--models does not know '{}'; known are {}", printable(key), known));
        }
        models.push_back(*model);
        begin = end + 1;
    }
    return models;
}

Status take_scenario(Options& options, const std::string& name) {
    if (name.empty()) return Done{};
    if (name == "demo") {
        options.demo = true;
        options.scenario = demo_scenario(options.count);
        return Done{};
    }
    auto text = read_file(name, scenario_limit_bytes);
    if (!text) return text.error();
    options.scenario = std::move(text).value();
    if (const auto events = parse_scenario(options.scenario); !events)
        return Error{ErrorKind::bad_input, events.error().what, name};
    return Done{};
}

Status check_ranges(const Options& options) {
    if (options.count < 1 || options.count > 500) return bad("--count is a number of printers from 1 to 500");
    if (!(options.speed >= 0.1 && options.speed <= 10000))
        return bad("--speed is a factor from 0.1 to 10000");
    if (options.port < 0 || options.port > 65535)
        return bad("--port is a TCP port from 1 to 65535, or 0 for a free one");
    if (options.discovery_port < 0 || options.discovery_port > 65535)
        return bad("--discovery-port is a UDP port from 1 to 65535, or 0 for a free one");
    return Done{};
}

Status check_ftps(const Options& options) {
    if (options.ftps_port < 0 || options.ftps_port > 65535)
        return bad("--ftps-port is a TCP port from 1 to 65535, or 0 for a free one");
    if (options.ftps_port == 0) return Done{};
    if (!options.ftps) return bad("--ftps-port needs --ftps");
    if (options.ftps_port == options.port || (options.ftps_port == options.camera_port))
        return bad("--ftps-port, --port and --camera-port are different ports of the same address");
    return Done{};
}

// "1280x720"; even numbers, as the video format has them.
std::optional<Size> size_in(const std::string& text) {
    const std::size_t x = text.find('x');
    if (x == std::string::npos) return std::nullopt;
    const auto width = parse_int(std::string_view{text}.substr(0, x));
    const auto height = parse_int(std::string_view{text}.substr(x + 1));
    const auto fits = [](const auto& side) {
        return side && *side >= 128 && *side <= 3840 && *side % 2 == 0;
    };
    if (!fits(width) || !fits(height)) return std::nullopt;
    return Size{static_cast<int>(*width), static_cast<int>(*height)};
}

Status take_cameras(Options& options, const std::string& size) {
    if (options.camera_port < 0 || options.camera_port > 65535)
        return bad("--camera-port is a TCP port from 1 to 65535, or 0 for a free one");
    if (options.camera_port != 0 && options.camera_port == options.port)
        return bad("--camera-port and --port are different ports of the same address");
    const auto pixels = size_in(size);
    if (!pixels) return bad("--camera-size is WIDTHxHEIGHT in pixels, even numbers from 128 to 3840");
    options.camera_pace.size = *pixels;
    if (options.camera_pace.video_per_second < 1 || options.camera_pace.video_per_second > 60)
        return bad("--camera-fps is a number of pictures a second from 1 to 60");
    if (options.camera_pace.jpeg_per_second < 1 || options.camera_pace.jpeg_per_second > 60)
        return bad("--jpeg-fps is a number of pictures a second from 1 to 60");
    return Done{};
}

std::string one_line(std::string text) {
    for (char& c : text)
        if (c == '\n') c = ' ';
    return std::string{trim(text)};
}

}  // namespace

Result<std::optional<Options>> read_options(int argc, char** argv) {
    Options options;
    std::string models;
    std::string scenario;
    std::string initial = "mixed";
    std::string camera_size = "1280x720";
    bool no_cameras = false;
    bool loop = false;
    bool no_loop = false;
    CLI::App app{"Virtual Bambu Lab printers on 127.77.0.0/16, for Farmwall's tests and its demo.",
                 "farmwall-sim"};
    app.add_option("--count", options.count, "Number of printers, 1 to 500")->capture_default_str();
    app.add_option("--seed", options.seed, "The same seed gives the same farm")->capture_default_str();
    app.add_option("--speed", options.speed, "Printer seconds per second")->capture_default_str();
    app.add_option("--root", options.root, "Folder for config.toml and sim.json; else a temporary one");
    app.add_option("--port", options.port, "MQTT port of every printer; else a free one");
    app.add_option("--discovery-port", options.discovery_port, "UDP port for announcements; else a free one");
    app.add_option("--camera-port", options.camera_port, "TCP port of every camera; else a free one");
    app.add_option("--camera-size", camera_size, "Pixels of the cameras' pictures")->capture_default_str();
    app.add_option("--camera-fps", options.camera_pace.video_per_second, "Pictures a second of RTSPS cameras")
        ->capture_default_str();
    app.add_option("--jpeg-fps", options.camera_pace.jpeg_per_second, "Pictures a second of JPEG cameras")
        ->capture_default_str();
    app.add_flag("--no-cameras", no_cameras, "The printers have no cameras");
    app.add_flag("--ftps", options.ftps, "The printers have a storage, reached by FTPS");
    app.add_option("--ftps-port", options.ftps_port,
                   "FTPS port of every printer with --ftps; else a free one");
    app.add_option("--broker", options.broker, "The mosquitto program; else searched in PATH and /usr/sbin");
    app.add_option("--models", models, "Models in turn, such as x1c,p1s,a1-mini; else a mix");
    app.add_option("--scenario", scenario, "demo, or a JSON file with events");
    app.add_option("--initial", initial, "First states: mixed or idle")->capture_default_str();
    app.add_flag("--loop", loop, "Finished printers start another print (on in the demo)");
    app.add_flag("--no-loop", no_loop, "They do not");
    app.add_flag("--until-stdin-closes", options.until_stdin_closes, "End when standard input is closed");
    try {
        app.parse(argc, argv);
    } catch (const CLI::CallForHelp&) {
        fmt::print("{}", app.help());
        return std::optional<Options>{};
    } catch (const CLI::ParseError& failed) {
        return bad(one_line(failed.what()));
    }
    if (auto in_range = check_ranges(options); !in_range) return in_range.error();
    if (auto taken = check_ftps(options); !taken) return taken.error();
    options.cameras = !no_cameras;
    if (auto taken = take_cameras(options, camera_size); !taken) return taken.error();
    if (initial != "mixed" && initial != "idle") return bad("--initial is mixed or idle");
    auto known = models_in(models);
    if (!known) return known.error();
    options.models = std::move(known).value();
    if (auto taken = take_scenario(options, scenario); !taken) return taken.error();
    options.lively = initial == "mixed";
    options.loop = (loop || options.demo) && !no_loop;
    return std::optional{std::move(options)};
}

}  // namespace farmwall::sim
