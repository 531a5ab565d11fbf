#include "app/options.hpp"

#include <fmt/format.h>

#include <CLI/CLI.hpp>
#include <map>

#include "base/text.hpp"
#include "config/checks.hpp"

namespace farmwall::app {
namespace {

// "1920x1080"; both from 320 to 8192.
bool read_size(const std::string& text, Options& options) {
    const auto cross = text.find('x');
    if (cross == std::string::npos) return false;
    const auto width = parse_int(std::string_view{text}.substr(0, cross));
    const auto height = parse_int(std::string_view{text}.substr(cross + 1));
    const auto fits = [](const auto& value) { return value && *value >= 320 && *value <= 8192; };
    if (!fits(width) || !fits(height)) return false;
    options.width = static_cast<int>(*width);
    options.height = static_cast<int>(*height);
    return true;
}

std::string one_line(std::string text) {
    for (char& c : text) {
        if (c == '\n') c = ' ';
    }
    std::string line{trim(text)};
    if (!line.empty() && line.back() != '.') line += '.';
    return line;
}

const std::map<std::string, Mode> modes{{"desk", Mode::desk}, {"wall", Mode::wall}};
const std::map<std::string, Screen> screens{
    {"wall", Screen::wall}, {"overview", Screen::overview}, {"printer", Screen::printer},
    {"jobs", Screen::jobs}, {"alarms", Screen::alarms},     {"diagnostics", Screen::diagnostics}};

// Accepts the names of the table; anything else is answered with all of them.
template <class Value>
CLI::Validator one_of(const std::map<std::string, Value>& table) {
    return CLI::Validator{[&table](const std::string& word) -> std::string {
                              if (table.contains(word)) return {};
                              std::string names;
                              for (const auto& [name, value] : table)
                                  names += (names.empty() ? "" : ", ") + name;
                              return fmt::format("'{}' is not known; allowed are {}.", printable(word),
                                                 names);
                          },
                          ""};
}

struct Raw {
    std::string config, root, import_json, inspect, screenshot, snapshots, scenario, size = "1920x1080";
    std::string mode = "desk", screen = "wall", fetch_hms;
    int demo = 12;
};

void define(CLI::App& app, Options& options, Raw& raw) {
    app.set_version_flag("--version", std::string{"farmwall "} + FARMWALL_VERSION);
    app.add_option("--config", raw.config, "The config file, instead of config.toml under the root")
        ->option_text("FILE");
    app.add_option("--root", raw.root, "The folder of the program's data")->option_text("FOLDER");
    app.add_option("--mode", raw.mode, "wall: full screen; desk: a window (default)")
        ->check(one_of(modes))
        ->option_text("wall|desk");
    app.add_flag("--headless", options.headless, "Everything but the window");
    app.add_flag("--watch", options.watch,
                 "With --headless: print one line of JSON whenever a printer changes");
    app.add_flag("--intents", options.intents,
                 "With --watch: do what standard input says, one JSON object a line, such as "
                 R"({"printer":"a","do":"pause"})");
    app.add_option("--demo", raw.demo, "Show N virtual printers (default 12), started on this machine")
        ->expected(0, 1)
        ->default_str("12")
        ->check(CLI::Range(1, 200))
        ->option_text("[N]");
    app.add_option("--demo-scenario", raw.scenario,
                   "What happens to the virtual printers (farmwall-sim --scenario)")
        ->option_text("FILE");
    app.add_flag("--check-config", options.check_config, "Read the config, report every problem, and end");
    app.add_option("--import", raw.import_json,
                   "Print a config.toml made from the JSON config of the older system")
        ->option_text("FILE.json");
    app.add_option("--inspect", raw.inspect,
                   "Print what is understood from a recorded report or a sliced file")
        ->option_text("FILE");
    app.add_option("--fetch-hms", raw.fetch_hms,
                   "Fetch the printers' error codes in words from the vendor, in this language, and end")
        ->option_text("LANG");
    app.add_option("--screenshot", raw.screenshot,
                   "Write a picture of a screen once the printers have reported, and end")
        ->option_text("FILE.png");
    app.add_option("--screen", raw.screen, "Which screen --screenshot shows")
        ->check(one_of(screens))
        ->option_text("wall|overview|printer|jobs|alarms|diagnostics");
    app.add_option("--printer", options.printer, "Whose page --screen printer shows; the first if not given")
        ->option_text("ID");
    app.add_option("--after", options.after_seconds,
                   "Let --screenshot wait so much longer, so that the plots have something to show")
        ->check(CLI::Range(0, 3600))
        ->option_text("SECONDS");
    app.add_option("--size", raw.size, "Size of the window or picture in pixels")->option_text("WxH");
    app.add_option("--redraw-hz", options.redraw_hz,
                   "Redraw everything so often, to measure what drawing costs")
        ->check(CLI::Range(0.0, 120.0))
        ->option_text("N");
    app.add_option("--snapshots", raw.snapshots,
                   "Keep the newest picture of each camera as FOLDER/ID.jpg, written at most once a second")
        ->option_text("FOLDER");
    app.add_flag("--verbose", options.verbose, "Log more");
}

std::optional<std::filesystem::path> path_or_nothing(const std::string& text) {
    if (text.empty()) return std::nullopt;
    return std::filesystem::path{text};
}

std::string contradiction(const Options& options) {
    if (options.watch && !options.headless) return "--watch needs --headless.";
    if (options.intents && !options.watch) return "--intents needs --headless --watch.";
    if (options.headless && options.screenshot) return "--headless and --screenshot exclude each other.";
    if (options.snapshots && options.screenshot) return "--snapshots and --screenshot exclude each other.";
    if (options.after_seconds > 0 && !options.screenshot) return "--after needs --screenshot.";
    if (options.demo && options.config) return "--demo brings its own config; leave out --config.";
    if (options.demo && options.fetch_hms) return "--fetch-hms and --demo exclude each other.";
    if (options.fetch_hms) {
        const std::string wrong = config::check_language(*options.fetch_hms);
        if (!wrong.empty()) return "--fetch-hms: " + wrong + ".";
    }
    if (options.demo_scenario && !options.demo) return "--demo-scenario needs --demo.";
    return {};
}

}  // namespace

std::variant<Options, EarlyExit> parse_command_line(int argc, const char* const* argv) {
    CLI::App app{"Farmwall shows and watches a room full of 3D printers.", "farmwall"};
    Options options;
    Raw raw;
    define(app, options, raw);
    try {
        app.parse(argc, argv);
    } catch (const CLI::CallForHelp&) {
        return EarlyExit{0, app.help()};
    } catch (const CLI::CallForVersion& version) {
        return EarlyExit{0, std::string{version.what()} + "\n"};
    } catch (const CLI::ParseError& problem) {
        return EarlyExit{2, fmt::format("farmwall: {} See farmwall --help.\n", one_line(problem.what()))};
    }
    if (!read_size(raw.size, options)) {
        return EarlyExit{
            2, fmt::format("farmwall: --size is '{}', but must be WIDTHxHEIGHT with both from 320 to "
                           "8192, such as 1920x1080.\n",
                           printable(raw.size))};
    }
    options.mode = modes.at(raw.mode);
    options.screen = screens.at(raw.screen);
    options.config = path_or_nothing(raw.config);
    options.root = path_or_nothing(raw.root);
    options.import_json = path_or_nothing(raw.import_json);
    options.inspect = path_or_nothing(raw.inspect);
    options.screenshot = path_or_nothing(raw.screenshot);
    options.snapshots = path_or_nothing(raw.snapshots);
    options.demo_scenario = path_or_nothing(raw.scenario);
    if (app.count("--fetch-hms") > 0) options.fetch_hms = raw.fetch_hms;
    if (app.count("--demo") > 0) options.demo = raw.demo;
    const std::string wrong = contradiction(options);
    if (!wrong.empty()) return EarlyExit{2, fmt::format("farmwall: {} See farmwall --help.\n", wrong)};
    return options;
}

}  // namespace farmwall::app
