#pragma once

#include <filesystem>
#include <optional>
#include <string>

#include "base/result.hpp"

namespace farmwall::app {

// What the search for files depends on, as values: tests give their own.
struct Surroundings {
    std::filesystem::path executable;
    std::optional<std::string> farmwall_root;    // FARMWALL_ROOT
    std::optional<std::string> xdg_config_home;  // XDG_CONFIG_HOME
    std::optional<std::string> xdg_data_home;    // XDG_DATA_HOME
    std::optional<std::string> home;             // HOME, or USERPROFILE
};
[[nodiscard]] Surroundings surroundings_of_this_process();

struct Locations {
    std::filesystem::path root;    // of the data: certificates, later jobs
    std::filesystem::path config;  // the file to load
    std::string notice;            // a sentence to show when the example is used; else empty
};

// design 8: --root, else FARMWALL_ROOT, else the nearest folder above the executable that holds
// config.example.toml, else the XDG folders; never the current directory. --config names the file
// itself. Errors (not_found): there is no config; the sentence says how to get one.
[[nodiscard]] Result<Locations> find_locations(const std::optional<std::filesystem::path>& config_option,
                                               const std::optional<std::filesystem::path>& root_option,
                                               const Surroundings& surroundings);

// A file of assets/: above the executable (a build tree) or in share/farmwall beside its bin folder.
[[nodiscard]] Result<std::filesystem::path> find_asset(const std::filesystem::path& name,
                                                       const Surroundings& surroundings);

}  // namespace farmwall::app
