#include <doctest/doctest.h>

#include "config_texts.hpp"

using namespace farmwall;
using namespace farmwall::config;

namespace {

// An old config with one good printer; `more` is put into its entry, `top` into the file.
std::string old_config(const std::string& more = "", const std::string& top = "") {
    return "{" + top + R"("printers": [{"id": "left", "printer_ip": "192.0.2.10", "serial": "01P00A111111111",
        "access_code": "70051942")" +
           more + "}]}";
}

Imported import_text(const std::string& json) { return import_json(json, "config.json"); }

// What the imported text means; it has to be accepted.
Config imported_config(const std::string& json) {
    const Imported imported = import_text(json);
    CHECK(joined(imported.problems) == "");
    const Loaded loaded = parse_text(imported.toml_text);
    CHECK(joined(loaded.problems) == "");
    REQUIRE_FALSE(loaded.config.printers.empty());
    return loaded.config;
}

}  // namespace

TEST_CASE("import: every key of the old config arrives with its value") {
    const Config config = imported_config(R"({
        "poll_interval_sec": 3, "dispatch_interval_sec": 7,
        "slicer": {"enabled": true, "preferred": "bambu", "command_args": ["--slice", "0", "{input}"],
                   "orca_paths": ["/opt/orca"], "bambu_paths": ["C:\\Program Files\\Bambu"], "max_wait_sec": 90},
        "printers": [{"id": "left", "name": "Left \"one\" \u00fc", "printer_ip": "192.0.2.10",
                      "serial": "01P00A111111111", "access_code": "70051942", "camera_enabled": false,
                      "camera_protocol": "rtsp", "camera_port": 8554, "camera_path": "/live",
                      "camera_user": "viewer", "camera_url": "rtsp://u:p@192.0.2.20/x"},
                     {"id": "right", "printer_ip": "192.0.2.11", "serial": "01P00A222222222",
                      "access_code": "70051943"}]})");
    CHECK(config.poll_interval_sec == 3);
    CHECK(config.dispatch_interval_sec == 7);
    CHECK(config.slicer.enabled);
    CHECK(config.slicer.preferred == "bambu");
    CHECK(config.slicer.command_args == std::vector<std::string>{"--slice", "0", "{input}"});
    CHECK(config.slicer.orca_paths == std::vector<std::string>{"/opt/orca"});
    CHECK(config.slicer.bambu_paths == std::vector<std::string>{"C:\\Program Files\\Bambu"});
    CHECK(config.slicer.max_wait_sec == 90);
    REQUIRE(config.printers.size() == 2);
    const Printer& left = config.printers[0];
    CHECK(left.name == "Left \"one\" \xC3\xBC");
    CHECK(left.serial == Serial{"01P00A111111111"});
    CHECK(left.access_code == Secret{"70051942"});
    CHECK_FALSE(left.camera_enabled);
    CHECK(left.camera_protocol == "rtsp");
    CHECK(left.camera_port == 8554);
    CHECK(left.camera_path == "/live");
    CHECK(left.camera_user == "viewer");
    CHECK(left.camera_url == Secret{"rtsp://u:p@192.0.2.20/x"});
    CHECK(config.printers[1].id == PrinterId{"right"});
}

TEST_CASE("import: the text has comments and names the old file, whatever that is called") {
    const Imported imported = import_json(old_config(), "folder/old\nname.json");
    CHECK(contains(imported.toml_text, "# Configuration of Farmwall, imported from old?name.json."));
    CHECK(parse_text(imported.toml_text).ok());
}

TEST_CASE("import: numbers, switches and lists in other clothes are understood") {
    const Config config = imported_config(old_config(
        R"(, "camera_port": "8554", "camera_enabled": "no")",
        R"("poll_interval_sec": "5", "slicer": {"enabled": 1, "max_wait_sec": 90.0, "command_args": "--slice"}, )"));
    CHECK(config.poll_interval_sec == 5);
    CHECK(config.printers[0].camera_port == 8554);
    CHECK_FALSE(config.printers[0].camera_enabled);
    CHECK(config.slicer.enabled);
    CHECK(config.slicer.max_wait_sec == 90);
    CHECK(config.slicer.command_args == std::vector<std::string>{"--slice"});
}

TEST_CASE("import: an access code that was a number becomes text") {
    CHECK(imported_config(R"({"printers": [{"id": 7, "printer_ip": "192.0.2.10", "serial": "01P00A111111111",
        "access_code": 70051942}]})")
              .printers[0]
              .access_code == Secret{"70051942"});
}

TEST_CASE("import: null and empty optional values are left out") {
    const Config config = imported_config(
        old_config(R"(, "camera_url": "", "camera_port": null, "name": " ")", R"("slicer": null, )"));
    CHECK_FALSE(config.printers[0].camera_url.has_value());
    CHECK_FALSE(config.printers[0].camera_port.has_value());
    CHECK(config.printers[0].name == "left");
}

TEST_CASE("import: a rounded number is warned about") {
    const Imported imported = import_text(old_config("", R"("poll_interval_sec": 2.6, )"));
    CHECK(contains(imported.toml_text, "poll_interval_sec = 3\n"));
    REQUIRE(imported.warnings.size() == 1);
    CHECK(imported.warnings[0].text() ==
          "config.json: poll_interval_sec: The number was rounded; this is a whole number here");
}

TEST_CASE("import: unknown keys are warned about and not carried over") {
    const Imported imported =
        import_text(old_config(R"(, "mood": "blue")", R"("http_port": 80, "slicer": {"speed": 3}, )"));
    CHECK(joined(imported.problems) == "");
    REQUIRE(imported.warnings.size() == 3);
    CHECK(imported.warnings[0].key == "http_port");
    CHECK(imported.warnings[1].key == "slicer.speed");
    CHECK(imported.warnings[2].key == "printers[1].mood");
    CHECK(contains(imported.warnings[2].what, "not carried over"));
    CHECK_FALSE(contains(imported.toml_text, "mood"));
}

TEST_CASE("import: comments, trailing commas and a byte order mark are accepted") {
    CHECK(joined(import_text("\xEF\xBB\xBF// mine\n" + old_config(", ")).problems) == "");
}

TEST_CASE("import: wrong JSON is one problem with its line") {
    const Imported imported = import_text("{\n\"printers\": [\n{\"id\" \"left\"}]}");
    REQUIRE(imported.problems.size() == 1);
    CHECK(imported.problems[0].line == 3);
    CHECK(contains(imported.problems[0].what, "not valid JSON"));
    CHECK(import_text("").problems.size() == 1);
    CHECK(import_text(old_config() + "x").problems.size() == 1);
    CHECK(import_text(std::string(10'000, '[')).problems.size() == 1);
}

TEST_CASE("import: something else than an object with a list of printers is refused") {
    CHECK(import_text("[]").problems.at(0).what == "Expected an object with \"printers\", found a list");
    CHECK(import_text("{}").problems.at(0).what == "Expected a list of printers, found none");
    CHECK(import_text(R"({"printers": {}})").problems.at(0).what ==
          "Expected a list of printers, found an object");
    CHECK(import_text(R"({"printers": [5]})").problems.at(0).text() ==
          "config.json: printers[1]: Expected an object, found a number");
    CHECK(contains(joined(import_text(R"({"printers": []})").problems), "There is no printer"));
    CHECK(contains(joined(import_text(old_config("", R"("slicer": 5, )")).problems),
                   "slicer: Expected an object"));
}

TEST_CASE("import: every problem of the values is reported in one pass, by key") {
    const Imported imported = import_text(R"({"poll_interval_sec": {}, "slicer": {"orca_paths": [true]},
        "printers": [{"id": "a b", "printer_ip": "256.1.1.1", "serial": "01P00A111111111", "access_code": ""},
                     {"id": true, "printer_ip": "192.0.2.10", "serial": "01P00A111111111"}]})");
    const std::string said = joined(imported.problems);
    CHECK(imported.toml_text.empty());
    CHECK(contains(said, "config.json: poll_interval_sec: Expected a whole number, found an object"));
    CHECK(contains(said, "config.json: slicer.orca_paths: Expected text, found true or false in the list"));
    CHECK(contains(said, "config.json: printers[1].id: There is a space at position 2"));
    CHECK(contains(said, "config.json: printers[1].printer_ip: Part 1 of 256.1.1.1"));
    CHECK(contains(said, "config.json: printers[1].access_code: The access code is empty"));
    CHECK(contains(said, "config.json: printers[2].id: Expected text, found true or false"));
    CHECK(contains(said, "config.json: printers[2].access_code: The access code is missing"));
    CHECK(contains(said, "config.json: printers[2].serial: printers[1] has the same serial"));
    CHECK(imported.problems.size() == 8);
    for (const Problem& problem : imported.problems)
        CHECK(problem.line == 0);
}

TEST_CASE("import: text that needs escapes comes through or is refused, never breaks the file") {
    CHECK(imported_config(old_config(R"(, "name": "a \\ \" ' # = [[printers]]")")).printers[0].name ==
          "a \\ \" ' # = [[printers]]");
    CHECK(contains(joined(import_text(old_config(R"(, "name": "a\nb")")).problems), "control character"));
    CHECK(contains(joined(import_text(old_config(R"(, "name": "a\u0000b")")).problems), "control character"));
}
