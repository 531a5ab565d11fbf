#include <fmt/format.h>

#include <cstdio>
#include <exception>

#include "sim/options.hpp"
#include "sim/simulation.hpp"

// Exit codes: 0 ended as asked, 1 something broke, 2 it could not start with what it was given.
int main(int argc, char** argv) {
    using namespace farmwall;
    try {
        const auto options = sim::read_options(argc, argv);
        if (!options) {
            fmt::print(stderr, "farmwall-sim: {}\n", options.error().text());
            return 2;
        }
        if (!options.value()) return 0;
        const auto ended = sim::run_farm(*options.value());
        if (ended) return 0;
        fmt::print(stderr, "farmwall-sim: {}\n", ended.error().text());
        return ended.error().kind == ErrorKind::io ? 1 : 2;
    } catch (const std::exception& failed) {
        fmt::print(stderr, "farmwall-sim: {}\n", failed.what());
        return 1;
    }
}
