#include "app/run.hpp"

#include <fmt/format.h>

#include <array>
#include <chrono>
#include <cstdio>
#include <fstream>
#include <thread>

#include "app/bell.hpp"
#include "app/error_texts.hpp"
#include "app/farm.hpp"
#include "app/input_lines.hpp"
#include "app/locations.hpp"
#include "app/screens.hpp"
#include "app/snapshot_files.hpp"
#include "app/virtual_farm.hpp"
#include "app/watch.hpp"
#include "base/file.hpp"
#include "base/log.hpp"
#include "base/platform.hpp"
#include "config/config.hpp"
#include "fleet/control_json.hpp"
#include "fleet/intent_json.hpp"
#include "model/sliced_file.hpp"
#include "net/stop_signals.hpp"
#include "wire/inspect.hpp"
#include "wire/sliced_file_reader.hpp"
#include "wire/sliced_json.hpp"

namespace farmwall::app {
namespace {

using namespace std::chrono_literals;

constexpr int bad_input_code = 2;

void complain(const std::string& sentence) { fmt::print(stderr, "farmwall: {}\n", sentence); }

void print_problems(const std::vector<config::Problem>& problems, const char* kind) {
    for (const config::Problem& problem : problems) {
        fmt::print(stderr, "{}{}\n", kind, problem.text());
    }
}

// True for what begins as a ZIP archive does.
bool is_zip(const std::filesystem::path& file) {
    std::ifstream in{file, std::ios::binary};
    std::array<char, 4> begin{};
    in.read(begin.data(), begin.size());
    return in && std::string_view{begin.data(), begin.size()}.starts_with("PK") &&
           (begin[2] == 3 || begin[2] == 5) && begin[3] == begin[2] + 1;
}

int inspect_sliced_file(const std::filesystem::path& file, std::string_view name) {
    const auto sliced = wire::inspect_sliced(file, name);
    if (!sliced) {
        complain(sliced.error().what + ": " + file.string());
        return bad_input_code;
    }
    fmt::print("{}\n", wire::sliced_to_json(sliced.value()));
    return 0;
}

// A recorded report, or a sliced file.
int inspect_file(const std::filesystem::path& file) {
    const std::string name = file.filename().string();
    const JobFileKind kind = job_file_kind(name);
    if (kind != JobFileKind::unknown) return inspect_sliced_file(file, name);
    if (is_zip(file)) return inspect_sliced_file(file, name + ".3mf");
    constexpr std::size_t limit_bytes = std::size_t{64} * 1024 * 1024;
    const auto text = read_file(file, limit_bytes);
    if (!text) {
        complain(text.error().text());
        return bad_input_code;
    }
    const auto understood = wire::inspect(text.value());
    if (!understood) {
        complain(understood.error().what + ": " + file.string());
        return bad_input_code;
    }
    fmt::print("{}\n", understood.value());
    return 0;
}

int import_file(const std::filesystem::path& file) {
    constexpr std::size_t limit_bytes = std::size_t{4} * 1024 * 1024;
    const auto text = read_file(file, limit_bytes);
    if (!text) {
        complain(text.error().text());
        return bad_input_code;
    }
    const auto imported = config::import_json(text.value(), file);
    print_problems(imported.warnings, "warning: ");
    print_problems(imported.problems, "");
    if (!imported.problems.empty()) return bad_input_code;
    fmt::print("{}", imported.toml_text);
    return 0;
}

std::string count_of_printers(std::size_t count) {
    return fmt::format("{} printer{}", count, count == 1 ? "" : "s");
}

// Lines of two threads do not mix: the C library locks its stream for each call.
void write_line(std::string line) {
    line += '\n';
    std::fwrite(line.data(), 1, line.size(), stdout);
    std::fflush(stdout);
}

// What standard input says, line by line; what is wrong with a line is answered on standard output.
void take_intents(Farm& farm, const std::stop_token& stop) {
    platform::name_this_thread("intents");
    InputLines lines;
    while (const auto line = lines.next(stop)) {
        if (line->empty()) continue;
        auto intent = intent_from_json(*line, Origin::script);
        std::string problem;
        if (!intent) {
            problem = intent.error().what + ".";
        } else if (names_printer(intent.value().wish) &&
                   find_printer(*farm.store().read(), intent.value().printer) == nullptr) {
            problem = "There is no printer with this id.";
        } else if (!farm.push(std::move(intent).value())) {
            problem = "Too many intents wait.";
        }
        if (!problem.empty()) write_line(problem_json(problem));
    }
}

// Starts everything but a window and stays until asked to stop.
int run_headless(const Options& options, const config::Config& config, const std::filesystem::path& root,
                 const std::shared_ptr<const ErrorTexts>& texts) {
    Bell bell;
    net::IoThread signal_thread{"signals"};
    const net::StopSignals signals{signal_thread, [&] { bell.request_stop(); }};
    std::function<void()> on_publish;
    if (options.watch) on_publish = [&] { bell.ring(); };
    Farm farm{config, root, std::move(on_publish)};
    farm.store().update([&](FleetState& fleet) { fleet.error_texts = texts; });
    farm.start();
    auto snapshots = keep_snapshots(options, config, farm.cameras());
    if (!snapshots) {
        complain(snapshots.error().text());
        return bad_input_code;
    }
    log::info("farmwall",
              fmt::format("Watching {} without a window.", count_of_printers(config.printers.size())));

    Watch watch{[](const std::string& line) { write_line(line); }};
    std::jthread intents;
    if (options.intents)
        intents = std::jthread{[&](const std::stop_token& stop) { take_intents(farm, stop); }};
    // Changes within this time are written together.
    constexpr auto gather = 50ms;
    const auto report_total = [&] {
        log::debug("farmwall", fmt::format("total messages {}", farm.messages()));
    };
    constexpr auto between_totals = 2s;
    while (!options.watch && options.verbose && bell.pause(between_totals)) {
        report_total();
    }
    while (bell.wait() && bell.pause(gather)) {
        watch.look(farm.store().read(), farm.clock().now());
        std::fflush(stdout);
    }
    intents = {};
    snapshots.value().reset();
    farm.stop();
    report_total();
    log::info("farmwall", "Stopped.");
    return 0;
}

// The config, with every problem printed; nothing when it is not usable.
std::optional<config::Config> load_config(const Locations& places) {
    config::Loaded loaded = config::load(places.config);
    // The example holds no secrets: that others can read it is no news.
    if (places.notice.empty()) print_problems(loaded.warnings, "warning: ");
    print_problems(loaded.problems, "");
    if (!loaded.ok()) return std::nullopt;
    return std::move(loaded.config);
}

int run_farm(const Options& options, const Locations& places, const Surroundings& surroundings) {
    if (!places.notice.empty()) fmt::print(stderr, "notice: {}\n", places.notice);
    const auto config = load_config(places);
    if (!config) return bad_input_code;
    const LoadedErrorTexts texts = load_error_texts(config->error_texts, places.root);
    if (!texts.warning.empty()) fmt::print(stderr, "warning: {}\n", texts.warning);
    if (options.check_config) {
        fmt::print("{} is fine: {}.\n", places.config.string(), count_of_printers(config->printers.size()));
        return 0;
    }
    if (options.headless) return run_headless(options, *config, places.root, texts.texts);
    return run_screens(options, *config, places, surroundings, texts.texts);
}

int fetch_texts(const std::string& language, const Locations& places) {
    const auto config = load_config(places);
    if (!config) return bad_input_code;
    const auto done = fetch_error_texts(config->error_texts, places.root, language);
    if (!done) {
        complain(done.error().text());
        return bad_input_code;
    }
    fmt::print("{}\n", done.value());
    return 0;
}

}  // namespace

int run(const Options& options) {
    if (options.verbose) log::set_level(log::Level::debug);
    platform::name_this_thread("farmwall");
    if (options.inspect) return inspect_file(*options.inspect);
    if (options.import_json) return import_file(*options.import_json);

    const Surroundings surroundings = surroundings_of_this_process();
    if (options.demo) {
        auto farm = VirtualFarm::start(surroundings.executable, *options.demo, options.demo_scenario);
        if (!farm) {
            complain(farm.error().text());
            return bad_input_code;
        }
        return run_farm(options, {farm.value()->root(), farm.value()->config(), ""}, surroundings);
    }
    const auto places = find_locations(options.config, options.root, surroundings);
    if (!places) {
        complain(places.error().text());
        return bad_input_code;
    }
    if (options.fetch_hms) return fetch_texts(*options.fetch_hms, places.value());
    return run_farm(options, places.value(), surroundings);
}

}  // namespace farmwall::app
