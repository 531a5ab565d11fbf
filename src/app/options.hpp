#pragma once

#include <filesystem>
#include <optional>
#include <string>
#include <variant>

namespace farmwall::app {

enum class Mode { desk, wall };
enum class Screen { wall, overview, printer, jobs, alarms, diagnostics };

struct Options {
    std::optional<std::filesystem::path> config;
    std::optional<std::filesystem::path> root;
    Mode mode = Mode::desk;
    bool headless = false;
    bool watch = false;       // with headless: a line of JSON for each change, on standard output
    bool intents = false;     // with watch: what to do is read from standard input, a JSON object a line
    std::optional<int> demo;  // number of virtual printers
    std::optional<std::filesystem::path> demo_scenario;
    bool check_config = false;
    std::optional<std::filesystem::path> import_json;
    std::optional<std::filesystem::path> inspect;
    std::optional<std::string> fetch_hms;  // language
    std::optional<std::filesystem::path> screenshot;
    Screen screen = Screen::wall;
    int after_seconds = 0;  // the screenshot waits so much longer, 0-3600
    std::string printer;    // of the screenshot's printer page; empty: the first
    int width = 1920;
    int height = 1080;
    double redraw_hz = 0;  // redraw everything so often, to measure what drawing costs; 0: when needed
    std::optional<std::filesystem::path> snapshots;  // folder for the newest picture of each camera
    bool verbose = false;
};

// What the program ends with when the command line already decided it: --help, --version, or an
// error in one sentence (code 2).
struct EarlyExit {
    int code = 0;
    std::string text;
};

[[nodiscard]] std::variant<Options, EarlyExit> parse_command_line(int argc, const char* const* argv);

}  // namespace farmwall::app
