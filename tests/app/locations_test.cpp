#include "app/locations.hpp"

#include <doctest/doctest.h>

#include <filesystem>
#include <fstream>

#include "base/platform.hpp"

using namespace farmwall;
using namespace farmwall::app;
namespace fs = std::filesystem;

namespace {

class Tree {
public:
    Tree()
        : root_{fs::temp_directory_path() /
                ("farmwall-locations-" + std::to_string(platform::process_number()))} {
        fs::remove_all(root_);
        fs::create_directories(root_);
    }
    ~Tree() {
        std::error_code ignored;
        fs::remove_all(root_, ignored);
    }
    Tree(const Tree&) = delete;
    Tree& operator=(const Tree&) = delete;
    fs::path file(const char* name) const {
        fs::create_directories((root_ / name).parent_path());
        std::ofstream{root_ / name} << "x";
        return root_ / name;
    }
    [[nodiscard]] fs::path operator/(const char* name) const { return root_ / name; }

private:
    fs::path root_;
};

// A program in a build tree below `tree`/project.
Surroundings built_in(const Tree& tree) {
    Surroundings here;
    here.executable = tree / "project/build/release/bin/farmwall";
    return here;
}

}  // namespace

TEST_CASE("locations: --root wins, then the environment, then the folder above the program, then XDG") {
    const Tree tree;
    tree.file("option/config.toml");
    tree.file("environment/config.toml");
    tree.file("project/config.example.toml");
    tree.file("project/config.toml");
    tree.file("xdg/farmwall/config.toml");
    Surroundings here = built_in(tree);
    here.farmwall_root = (tree / "environment").string();
    here.xdg_config_home = (tree / "xdg").string();
    here.xdg_data_home = (tree / "data").string();

    CHECK(find_locations({}, tree / "option", here).value().config == tree / "option/config.toml");
    CHECK(find_locations({}, {}, here).value().config == tree / "environment/config.toml");
    here.farmwall_root.reset();
    CHECK(find_locations({}, {}, here).value().config == tree / "project/config.toml");
    CHECK(find_locations({}, {}, here).value().root == tree / "project");
    fs::remove(tree / "project/config.example.toml");
    const auto xdg = find_locations({}, {}, here);
    CHECK(xdg.value().config == tree / "xdg/farmwall/config.toml");
    CHECK(xdg.value().root == tree / "data/farmwall");
}

TEST_CASE("locations: without XDG variables the usual folders of the home directory are used") {
    const Tree tree;
    tree.file("home/.config/farmwall/config.toml");
    Surroundings here = built_in(tree);
    here.home = (tree / "home").string();
    const auto found = find_locations({}, {}, here);
    CHECK(found.value().config == tree / "home/.config/farmwall/config.toml");
    CHECK(found.value().root == tree / "home/.local/share/farmwall");
}

TEST_CASE("locations: the example is used with a notice, a named config without") {
    const Tree tree;
    tree.file("project/config.example.toml");
    const auto example = find_locations({}, {}, built_in(tree));
    CHECK(example.value().config == tree / "project/config.example.toml");
    CHECK(example.value().notice.find("config.toml") != std::string::npos);
    const auto named = find_locations(tree / "mine.toml", {}, built_in(tree));
    CHECK(named.value().config == tree / "mine.toml");
    CHECK(named.value().root == tree / "project");
    CHECK(named.value().notice.empty());
}

TEST_CASE("locations: no config at all is an error that says what to do") {
    const Tree tree;
    const auto nothing = find_locations({}, tree / "empty", built_in(tree));
    REQUIRE_FALSE(nothing.ok());
    CHECK(nothing.error().text().find("--demo") != std::string::npos);
    CHECK_FALSE(find_locations({}, {}, built_in(tree)).ok());
}

TEST_CASE("locations: assets lie above the program, or in share beside bin") {
    const Tree tree;
    CHECK_FALSE(find_asset("theme.toml", built_in(tree)).ok());
    tree.file("project/build/release/share/farmwall/assets/theme.toml");
    CHECK(find_asset("theme.toml", built_in(tree)).value() ==
          tree / "project/build/release/share/farmwall/assets/theme.toml");
    tree.file("project/assets/theme.toml");
    CHECK(find_asset("theme.toml", built_in(tree)).value() == tree / "project/assets/theme.toml");
}
