#include "app/locations.hpp"

#include <cstdlib>

#include "base/platform.hpp"

namespace farmwall::app {
namespace {

namespace fs = std::filesystem;

std::optional<std::string> variable(const char* name) {
    const char* const value = std::getenv(name);
    if (value == nullptr || *value == '\0') return std::nullopt;
    return std::string{value};
}

bool is_file(const fs::path& path) {
    std::error_code problem;
    return fs::is_regular_file(path, problem);
}

// The nearest folder above `start` that holds `name`; empty when none does.
fs::path folder_above(const fs::path& start, const fs::path& name) {
    for (fs::path folder = start.parent_path(); !folder.empty(); folder = folder.parent_path()) {
        if (is_file(folder / name)) return folder;
        if (folder == folder.parent_path()) break;
    }
    return {};
}

// XDG base directories: the variable, else the usual folder below the home directory.
fs::path xdg(const std::optional<std::string>& given, const std::optional<std::string>& home,
             const char* usual) {
    if (given && fs::path{*given}.is_absolute()) return fs::path{*given} / "farmwall";
    if (home) return fs::path{*home} / usual / "farmwall";
    return {};
}

}  // namespace

Surroundings surroundings_of_this_process() {
    Surroundings here;
    here.executable = platform::executable_path();
    here.farmwall_root = variable("FARMWALL_ROOT");
    here.xdg_config_home = variable("XDG_CONFIG_HOME");
    here.xdg_data_home = variable("XDG_DATA_HOME");
    here.home = variable("HOME");
    if (!here.home) here.home = variable("USERPROFILE");
    return here;
}

Result<Locations> find_locations(const std::optional<fs::path>& config_option,
                                 const std::optional<fs::path>& root_option,
                                 const Surroundings& surroundings) {
    Locations found;
    fs::path config_folder;
    if (root_option) {
        found.root = *root_option;
    } else if (surroundings.farmwall_root) {
        found.root = *surroundings.farmwall_root;
    } else if (const fs::path above = folder_above(surroundings.executable, "config.example.toml");
               !above.empty()) {
        found.root = above;
    } else {
        found.root = xdg(surroundings.xdg_data_home, surroundings.home, ".local/share");
        config_folder = xdg(surroundings.xdg_config_home, surroundings.home, ".config");
        if (found.root.empty()) {
            return Error{ErrorKind::not_found,
                         "There is no place for the program's files; name one with --root FOLDER"};
        }
    }
    if (config_folder.empty()) config_folder = found.root;

    if (config_option) {
        found.config = *config_option;
        return found;
    }
    found.config = config_folder / "config.toml";
    if (is_file(found.config)) return found;
    const fs::path example = config_folder / "config.example.toml";
    if (is_file(example)) {
        found.config = example;
        found.notice = "There is no config.toml; this is the example. Copy " + example.string() + " to " +
                       (config_folder / "config.toml").string() + " and enter your printers.";
        return found;
    }
    return Error{
        ErrorKind::not_found,
        "There is no config file; write one (config.example.toml shows how), or name it with --config FILE, "
        "or try --demo",
        found.config.string()};
}

Result<fs::path> find_asset(const fs::path& name, const Surroundings& surroundings) {
    const fs::path inside = fs::path{"assets"} / name;
    if (const fs::path above = folder_above(surroundings.executable, inside); !above.empty())
        return above / inside;
    const fs::path shared =
        surroundings.executable.parent_path().parent_path() / "share" / "farmwall" / inside;
    if (is_file(shared)) return shared;
    return Error{ErrorKind::not_found, "A file of the program is missing; install it again", inside.string()};
}

}  // namespace farmwall::app
