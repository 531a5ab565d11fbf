#include "app/virtual_farm.hpp"

#include <fmt/format.h>

#include <boost/process.hpp>
#include <chrono>
#include <future>
#include <random>
#include <string>
#include <thread>
#include <vector>

#include "base/log.hpp"

namespace farmwall::app {
namespace {

namespace fs = std::filesystem;
namespace process = boost::process;
using namespace std::chrono_literals;

// A new folder that only this account can enter.
Result<fs::path> make_private_folder() {
    std::random_device random;
    std::error_code problem;
    const fs::path base = fs::temp_directory_path(problem);
    if (problem) return Error{ErrorKind::io, "There is no folder for temporary files; set TMPDIR"};
    for (int attempt = 0; attempt < 16; ++attempt) {
        const fs::path folder = base / fmt::format("farmwall-demo-{:08x}", random());
        if (!fs::create_directory(folder, problem)) continue;
        fs::permissions(folder, fs::perms::owner_all, problem);
        if (!problem) return folder;
    }
    return Error{ErrorKind::io, "A temporary folder for the demo cannot be made", base.string()};
}

}  // namespace

struct VirtualFarm::Impl {
    fs::path root;
    process::opstream keep_alive;  // the child ends when this closes
    process::ipstream said;
    process::child child;
    std::jthread drain;  // reads on after the first line, so that the child never blocks on a full pipe
};

VirtualFarm::VirtualFarm(std::unique_ptr<Impl> impl) : impl_{std::move(impl)} {}

const fs::path& VirtualFarm::root() const { return impl_->root; }
fs::path VirtualFarm::config() const { return impl_->root / "config.toml"; }

Result<std::unique_ptr<VirtualFarm>> VirtualFarm::start(const fs::path& executable, int count,
                                                        const std::optional<fs::path>& scenario) {
    const fs::path program = executable.parent_path() / "farmwall-sim";
    std::error_code problem;
    if (!fs::exists(program, problem) && !fs::exists(fs::path{program}.replace_extension(".exe"), problem)) {
        return Error{ErrorKind::not_found,
                     "The virtual farm's program is missing; build the target farmwall-sim",
                     program.string()};
    }
    auto folder = make_private_folder();
    if (!folder) return folder.error();

    auto impl = std::make_unique<Impl>();
    impl->root = folder.value();
    const std::vector<std::string> arguments{
        "--count",    std::to_string(count),
        "--seed",     "7",
        "--speed",    "20",
        "--scenario", scenario ? fs::absolute(*scenario).string() : "demo",
        "--root",     impl->root.string(),
        "--ftps",     "--until-stdin-closes"};
    auto farm = std::unique_ptr<VirtualFarm>{new VirtualFarm{std::move(impl)}};
    Impl& state = *farm->impl_;
    std::promise<bool> ready;
    auto is_ready = ready.get_future();
    try {
        state.child = process::child{program.string(), process::args(arguments),
                                     process::std_in<state.keep_alive, process::std_out> state.said};
    } catch (const process::process_error& trouble) {
        return Error{ErrorKind::io, fmt::format("The virtual farm cannot be started ({})", trouble.what())};
    }
    state.drain = std::jthread{[&said = state.said, answer = std::move(ready)]() mutable {
        bool answered = false;
        for (std::string line; std::getline(said, line);) {
            if (!answered && line.starts_with("ready ")) {
                answered = true;
                answer.set_value(true);
            }
        }
        if (!answered) answer.set_value(false);
    }};
    if (is_ready.wait_for(60s) != std::future_status::ready || !is_ready.get()) {
        return Error{ErrorKind::unavailable, "The virtual farm did not start; what it said stands above"};
    }
    return farm;
}

VirtualFarm::~VirtualFarm() {
    Impl& state = *impl_;
    std::error_code problem;
    if (state.child.valid()) {
        state.keep_alive.close();
        state.keep_alive.pipe().close();
        // The library's own wait with a limit is unreliable beside other children.
        const auto end = std::chrono::steady_clock::now() + 3s;
        while (state.child.running(problem) && std::chrono::steady_clock::now() < end) {
            std::this_thread::sleep_for(20ms);
        }
        if (state.child.running(problem)) {
            log::warning("demo", "The virtual farm did not end by itself and is ended now.");
            state.child.terminate(problem);
        }
    }
    if (state.drain.joinable()) state.drain.join();
    std::error_code ignored;
    fs::remove_all(state.root, ignored);
}

}  // namespace farmwall::app
