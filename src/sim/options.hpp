#pragma once

#include <cstdint>
#include <filesystem>
#include <optional>
#include <string>
#include <vector>

#include "base/result.hpp"
#include "sim/camera/studio.hpp"
#include "sim/machine/model_spec.hpp"

namespace farmwall::sim {

struct Options {
    int count = 12;
    std::uint64_t seed = 7;
    double speed = 60;
    std::filesystem::path root;  // empty: a temporary folder, removed at the end
    int port = 0;                // 0: a free one
    int discovery_port = 0;      // 0: a free one
    bool cameras = true;
    int camera_port = 0;  // 0: a free one
    Studio::Pace camera_pace;
    bool ftps = false;
    int ftps_port = 0;             // 0: a free one
    std::filesystem::path broker;  // the mosquitto program; empty: searched
    std::vector<Model> models;     // empty: the usual mix
    std::string scenario;          // JSON text; empty: none
    bool demo = false;
    bool lively = true;  // false: every printer starts idle
    bool loop = false;
    bool until_stdin_closes = false;
};

// Nothing when --help or --version was asked for and answered. Errors: bad_input, one sentence.
[[nodiscard]] Result<std::optional<Options>> read_options(int argc, char** argv);

}  // namespace farmwall::sim
