#include <doctest/doctest.h>

#include <random>

#include "config_texts.hpp"

using namespace farmwall;
using namespace farmwall::config;

namespace {

const std::string& whole_file() {
    static const std::string text =
        "poll_interval_sec = 2\n[link]\nquiet_after_sec = 1.5\n[discovery]\nenabled = false\n"
        "[slicer]\ncommand_args = [\"-a\", 'b']\n"
        "[alarms]\nrepeat_sec = 9\n[alarms.webhook]\nurl = \"https://example.com/hiddenword\"\n"
        "[alarms.mqtt]\nhost = \"192.0.2.8\"\n[error_texts]\nlanguage = \"de\"\n" +
        entry({{"model", "\"p1s\""}, {"camera_url", "\"rtsp://u:hiddenword@192.0.2.9/x\""}}) +
        other_entry({{"maintenance", "true"}});
    return text;
}

// Judges a damaged file: no crash, problems or a usable config, and no secret in any text.
void check_survives(const std::string& text) {
    const Loaded loaded = parse_text(text);
    CHECK(loaded.ok() != !loaded.problems.empty());
    if (loaded.ok()) CHECK_FALSE(loaded.config.printers.empty());
    const std::string said = joined(loaded.problems) + joined(loaded.warnings);
    CHECK_FALSE(contains(said, test_code));
    CHECK_FALSE(contains(said, "hiddenword"));
    for (const Problem& problem : loaded.problems)
        CHECK_FALSE(problem.what.empty());
}

}  // namespace

TEST_CASE("config: a file cut at any length gives problems or is accepted, and shows no secret") {
    REQUIRE(joined(parse_text(whole_file()).problems) == "");
    for (std::size_t length = 0; length <= whole_file().size(); ++length) {
        CAPTURE(length);
        check_survives(whole_file().substr(0, length));
    }
}

TEST_CASE("config: 2000 random changes of a file crash nothing and show no secret") {
    std::mt19937 random{20'260'723};
    const auto below = [&](std::size_t limit) { return random() % limit; };
    for (int round = 0; round < 2000; ++round) {
        std::string text = whole_file();
        for (std::size_t change = 0; change <= below(3); ++change) {
            const std::size_t at = below(text.size());
            switch (below(4)) {
                case 0:
                    text[at] = static_cast<char>(below(256));
                    break;
                case 1:
                    text.erase(at, 1 + below(8));
                    break;
                case 2:
                    text.insert(at, 1, "\"'[]{}=.#\n\\,"[below(12)]);
                    break;
                default:
                    text.insert(at, text.substr(below(text.size()), below(40)));
                    break;
            }
        }
        CAPTURE(round);
        check_survives(text);
    }
}

TEST_CASE("config: an old JSON config cut at any length gives problems or is accepted, and shows no secret") {
    const std::string json = R"({"poll_interval_sec": "5", "slicer": {"enabled": true, "orca_paths": ["/a"]},
        "printers": [{"id": "left", "printer_ip": "192.0.2.10", "serial": "01P00A111111111",
        "access_code": "70051942", "camera_url": "rtsp://u:hiddenword@192.0.2.9/x", "extra": null}]})";
    REQUIRE(joined(import_json(json, "old.json").problems) == "");
    std::mt19937 random{7};
    for (std::size_t length = 0; length <= json.size(); ++length) {
        for (const bool damaged : {false, true}) {
            std::string text = damaged ? json : json.substr(0, length);
            if (damaged) text[random() % text.size()] = static_cast<char>(random() % 256);
            const Imported imported = import_json(text, "old.json");
            const std::string said = joined(imported.problems) + joined(imported.warnings);
            CHECK_FALSE(contains(said, test_code));
            CHECK_FALSE(contains(said, "hiddenword"));
            CHECK(imported.toml_text.empty() != imported.problems.empty());
            if (imported.problems.empty()) CHECK(parse_text(imported.toml_text).ok());
        }
    }
}
