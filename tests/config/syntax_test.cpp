#include <doctest/doctest.h>

#include "config_texts.hpp"

using namespace farmwall;
using namespace farmwall::config;

namespace {

// The first problem of `text` followed by a good printer.
Problem first_problem(const std::string& text) {
    const Loaded loaded = parse_text(text + "\n" + entry());
    REQUIRE_FALSE(loaded.problems.empty());
    return loaded.problems[0];
}

}  // namespace

TEST_CASE("config: wrong TOML gives its line and one sentence about it") {
    const std::pair<std::string, std::string> cases[] = {
        {"poll_interval_sec =", "There is no value after the '='"},
        {"poll_interval_sec 5", "neither key = value nor a [section]"},
        {"poll_interval_sec = five", "neither a number nor true or false"},
        {"poll_interval_sec = 05", "neither a number nor true or false"},
        {"poll_interval_sec = 99999999999999999999", "too many digits"},
        {"poll interval = 5", "is not a key"},
        {"= 5", "is not a key"},
        {"x = \"no end", "begins and ends with the same quote"},
        {"x = 'no end", "begins and ends with the same quote"},
        {"x = \"C:\\Users\\me\"", "A backslash"},
        {"x = \"a\\qb\"", "A backslash"},
        {"x = \"a\x01\"", "control character"},
        {"x = \"\xFF\"", "not UTF-8"},
        {"x = [1 2]", "A list is written"},
        {"x = True", "true or false, in lower case"},
        {"x = yes", "true or false, in lower case"},
        {"[link", "A section is written [name]"},
    };
    for (const auto& one : cases) {
        const Problem problem = first_problem("\n" + one.first);
        CAPTURE(one.first);
        CHECK(problem.line == 2);
        CHECK(contains(problem.what, one.second));
    }
}

TEST_CASE("config: a text in no quotes is told to stand in quotes") {
    const Loaded loaded = parse_text(entry({{"printer_ip", "192.0.2.10"}}));
    REQUIRE(loaded.problems.size() == 1);
    CHECK(loaded.problems[0].line == 3);
    CHECK(loaded.problems[0].key == "printer_ip");
    CHECK(contains(loaded.problems[0].what, "stands in double quotes"));
}

TEST_CASE("config: several wrong lines and wrong values are found in one pass") {
    const Loaded loaded = parse_text(entry({{"printer_ip", "192.0.2.10"}, {"serial", "01P00A111111111"}}) +
                                     other_entry({{"mqtt_port", "0"}, {"maintenance", "True"}}));
    REQUIRE(loaded.problems.size() == 4);
    CHECK(loaded.problems[0].line == 3);
    CHECK(loaded.problems[1].line == 4);
    CHECK(loaded.problems[2].key == "printers[2].mqtt_port");
    CHECK(loaded.problems[3].line == 12);
}

TEST_CASE("config: a wrong line hides only its own key of its own printer") {
    const Loaded loaded = parse_text(entry({{"serial", "01P00A111111111"}}) + other_entry({{"serial", ""}}));
    REQUIRE(loaded.problems.size() == 2);
    CHECK(loaded.problems[0].line == 4);
    CHECK(loaded.problems[1].key == "printers[2].serial");
    CHECK(contains(loaded.problems[1].what, "missing"));
}

TEST_CASE("config: a key or section given twice is refused at its second place") {
    const Loaded twice = parse_text("poll_interval_sec = 1\npoll_interval_sec = 2\n" + entry());
    REQUIRE(twice.problems.size() == 1);
    CHECK(twice.problems[0].text() ==
          "farm.toml:2: poll_interval_sec: This key is given already; each is given once");
    const Loaded section = parse_text("[link]\n[link]\n" + entry());
    REQUIRE(section.problems.size() == 1);
    CHECK(section.problems[0].line == 2);
    CHECK(contains(section.problems[0].what, "This section stands in the file already"));
}

TEST_CASE("config: a list or text without an end is one problem, not one a line") {
    const Loaded list = parse_text("[slicer]\norca_paths = [\n\"a\",\n" + entry());
    CHECK(list.problems.size() == 1);
    const Loaded text = parse_text("x = \"\"\"\n" + entry());
    REQUIRE(text.problems.size() == 1);
    CHECK(contains(text.problems[0].what, "does not end"));
}

TEST_CASE("config: the number of wrong lines that are looked for is bounded") {
    std::string text;
    for (int i = 0; i < 200; ++i)
        text += "k" + std::to_string(i) + " = ?\n";
    CHECK(parse_text(text).problems.size() == 50);
}

TEST_CASE("config: deeply nested lists are refused") {
    const Problem problem = first_problem("x = " + std::string(2000, '[') + std::string(2000, ']'));
    CHECK(problem.line == 1);
    CHECK(contains(problem.what, "nested too deeply"));
}

TEST_CASE("config: Windows line ends and a byte order mark are accepted") {
    std::string text;
    for (const char c : entry())
        text += c == '\n' ? std::string{"\r\n"} : std::string{c};
    CHECK(joined(parse_text("\xEF\xBB\xBF" + text).problems) == "");
}
