#include "app/options.hpp"

#include <doctest/doctest.h>

#include <vector>

using namespace farmwall::app;

namespace {

std::variant<Options, EarlyExit> parsed(std::vector<const char*> words) {
    words.insert(words.begin(), "farmwall");
    return parse_command_line(static_cast<int>(words.size()), words.data());
}

Options good(std::vector<const char*> words) {
    const auto result = parsed(std::move(words));
    REQUIRE(std::holds_alternative<Options>(result));
    return std::get<Options>(result);
}

// The sentence of a refused command line: one line, code 2.
std::string refused(std::vector<const char*> words) {
    const auto result = parsed(std::move(words));
    REQUIRE(std::holds_alternative<EarlyExit>(result));
    const auto& exit = std::get<EarlyExit>(result);
    CHECK(exit.code == 2);
    CHECK(exit.text.find('\n') == exit.text.size() - 1);
    return exit.text;
}

}  // namespace

TEST_CASE("options: nothing given is a window on the desk") {
    const Options options = good({});
    CHECK(options.mode == Mode::desk);
    CHECK_FALSE(options.headless);
    CHECK_FALSE(options.demo);
    CHECK_FALSE(options.config);
    CHECK(options.width == 1920);
}

TEST_CASE("options: --demo has twelve printers unless told otherwise") {
    CHECK(good({"--demo"}).demo == 12);
    CHECK(good({"--demo", "34"}).demo == 34);
    CHECK(good({"--demo", "--headless"}).demo == 12);
    CHECK(refused({"--demo", "0"}).find("--demo") != std::string::npos);
    CHECK(refused({"--demo", "many"}).find("--demo") != std::string::npos);
}

TEST_CASE("options: paths, mode, screen and size are read") {
    const Options options = good({"--config", "a.toml", "--root", "r", "--mode", "wall", "--screenshot",
                                  "p.png", "--screen", "overview", "--size", "800x600"});
    CHECK(options.config == "a.toml");
    CHECK(options.root == "r");
    CHECK(options.mode == Mode::wall);
    CHECK(options.screenshot == "p.png");
    CHECK(options.screen == Screen::overview);
    CHECK(options.width == 800);
    CHECK(options.height == 600);
}

TEST_CASE("options: a picture can wait for up to an hour, nothing else can") {
    CHECK(good({"--screenshot", "p.png"}).after_seconds == 0);
    CHECK(good({"--screenshot", "p.png", "--after", "25"}).after_seconds == 25);
    CHECK(good({"--screenshot", "p.png", "--after", "3600"}).after_seconds == 3600);
    CHECK(refused({"--after", "25"}).find("--after needs --screenshot.") != std::string::npos);
    for (const char* wrong : {"-1", "3601", "soon"}) {
        CAPTURE(wrong);
        CHECK(refused({"--screenshot", "p.png", "--after", wrong}).find("--after") != std::string::npos);
    }
}

TEST_CASE(
    "options: the newest pictures go into a folder, but not while one screen is drawn and that is all") {
    CHECK_FALSE(good({"--headless"}).snapshots);
    CHECK(good({"--headless", "--snapshots", "pictures"}).snapshots == "pictures");
    CHECK(good({"--snapshots", "pictures"}).snapshots == "pictures");
    CHECK(refused({"--screenshot", "a.png", "--snapshots", "b"}).find("exclude") != std::string::npos);
}

TEST_CASE("options: error texts are fetched in a language that can be a file's name") {
    CHECK_FALSE(good({}).fetch_hms);
    CHECK(good({"--fetch-hms", "en"}).fetch_hms == "en");
    CHECK(good({"--fetch-hms", "zh-cn"}).fetch_hms == "zh-cn");
    CHECK(refused({"--fetch-hms"}).find("--fetch-hms") != std::string::npos);
    CHECK(refused({"--fetch-hms", ""}).find("such as en") != std::string::npos);
    CHECK(refused({"--fetch-hms", "../../x"}).find("such as en") != std::string::npos);
    CHECK(refused({"--fetch-hms", "en", "--demo"}).find("exclude") != std::string::npos);
}

TEST_CASE("options: what is wrong is said in one line") {
    CHECK(refused({"--colour"}).find("--colour") != std::string::npos);
    CHECK(refused({"--size", "800"}).find("1920x1080") != std::string::npos);
    CHECK(refused({"--size", "10x10"}).find("10x10") != std::string::npos);
    CHECK(refused({"--mode", "cinema"}).find("cinema") != std::string::npos);
    CHECK(refused({"--config"}).find("--config") != std::string::npos);
    CHECK(refused({"--watch"}).find("--headless") != std::string::npos);
    CHECK(refused({"--headless", "--screenshot", "a.png"}).find("exclude") != std::string::npos);
    CHECK(refused({"--demo", "--config", "a"}).find("--config") != std::string::npos);
}

TEST_CASE("options: help and version end well") {
    for (const char* word : {"--help", "--version"}) {
        const auto result = parsed({word});
        REQUIRE(std::holds_alternative<EarlyExit>(result));
        CHECK(std::get<EarlyExit>(result).code == 0);
        CHECK_FALSE(std::get<EarlyExit>(result).text.empty());
    }
}
