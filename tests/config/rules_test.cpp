#include <doctest/doctest.h>

#include "config_texts.hpp"

using namespace farmwall;
using namespace farmwall::config;

namespace {

// The only problem that `text` has.
Problem only_problem(const std::string& text) {
    const Loaded loaded = parse_text(text);
    INFO(joined(loaded.problems));
    REQUIRE(loaded.problems.size() == 1);
    return loaded.problems[0];
}

// The only problem of one printer with `key` given as raw TOML; it names the key and its line.
std::string printer_problem(const std::string& key, const std::string& value) {
    const std::string text = entry({{key, value}});
    const Problem problem = only_problem(text);
    CHECK(problem.key == "printers[1]." + key);
    const auto before = text.substr(0, text.find("\n" + key + " =") + 1);
    CHECK(problem.line == 1 + std::count(before.begin(), before.end(), '\n'));
    return problem.what;
}

std::string section_problem(const std::string& section, const std::string& key, const std::string& value) {
    const Problem problem = only_problem("[" + section + "]\n" + key + " = " + value + "\n" + entry());
    CHECK(problem.line == 2);
    CHECK(problem.key == section + "." + key);
    return problem.what;
}

}  // namespace

TEST_CASE("config: an unknown key is an error that names the nearest known one") {
    CHECK(contains(printer_problem("acces_code_file", "\"x\""), "did you mean access_code_file?"));
    CHECK(contains(printer_problem("printr_ip", "\"192.0.2.1\""), "did you mean printer_ip?"));
    CHECK(contains(printer_problem("ip", "\"192.0.2.1\""), "did you mean printer_ip?"));
    CHECK(contains(printer_problem("serial_number", "\"01P00A111111111\""), "did you mean serial?"));
    CHECK(contains(section_problem("link", "quiet_after", "3"), "did you mean quiet_after_sec?"));
    CHECK(contains(only_problem("pol_interval_sec = 3\n" + entry()).what, "did you mean poll_interval_sec?"));
    CHECK(contains(only_problem("[slcer]\nenabled = true\n" + entry()).what, "did you mean slicer?"));
}

TEST_CASE("config: a share of the processor is a number from 0.01 to 1") {
    CHECK(contains(section_problem("camera", "cpu_budget", "1.5"), "a number from 0.01 to 1"));
    CHECK(contains(section_problem("camera", "cpu_budget", "nan"), "a number from 0.01 to 1"));
    CHECK(contains(section_problem("camera", "cpu_budget", "\"half\""), "a number from 0.01 to 1"));
    CHECK(parse_text("[camera]\ncpu_budget = 1\n" + entry()).config.camera.cpu_budget == 1);
    CHECK(parse_text("[camera]\ncpu_budget = 0.25\n" + entry()).config.camera.cpu_budget == 0.25);
}

TEST_CASE("config: an unknown hardware decoder lists the known ones") {
    CHECK(contains(section_problem("camera", "hardware_decoding", "\"cuda\""),
                   "auto, off, vaapi, v4l2, d3d11"));
}

TEST_CASE("config: a ring of pictures that is shorter than a clip is refused") {
    CHECK(contains(section_problem("camera", "ring_sec", "60"), "80 s together"));
    CHECK(parse_text("[camera]\nring_sec = 80\n" + entry()).ok());
}

TEST_CASE("config: an unknown key that resembles nothing lists the known ones") {
    CHECK(contains(section_problem("discovery", "colour", "3"), "known here are enabled, port"));
}

TEST_CASE("config: a key in the wrong section is told where it belongs") {
    CHECK(contains(printer_problem("poll_interval_sec", "3"), "top of the file"));
    CHECK(contains(printer_problem("quiet_after_sec", "3"), "under [link]"));
    CHECK(contains(only_problem("serial = \"01P00A111111111\"\n" + entry()).what, "[[printers]] entry"));
}

TEST_CASE("config: the name of an unknown key is shown only when it is a plain word") {
    CHECK(only_problem("\"70051942\" = 1\n" + entry()).key == "?");
    CHECK(only_problem("\"a b\" = 1\n" + entry()).key == "?");
    CHECK(only_problem("colour = 1\n" + entry()).key == "colour");
}

TEST_CASE("config: a wrong type names the expected type and the one found") {
    CHECK(printer_problem("id", "7") == "Expected text in double quotes, found a whole number");
    CHECK(printer_problem("access_code", "70051942") ==
          "Expected text in double quotes, found a whole number");
    CHECK(printer_problem("maintenance", "\"yes\"") == "Expected true or false, without quotes, found text");
    CHECK(printer_problem("mqtt_port", "\"8883\"") ==
          "Expected a port from 1 to 65535 as a whole number, found text");
    CHECK(printer_problem("name", "2026-11-23") == "Expected text in double quotes, found a date or time");
    CHECK(printer_problem("camera_port", "1.5") ==
          "Expected a port from 1 to 65535 as a whole number, found a decimal number");
    CHECK(section_problem("link", "quiet_after_sec", "\"60\"") ==
          "Expected a number of seconds from 0.2 to 3600, found text");
    CHECK(section_problem("slicer", "max_wait_sec", "true") ==
          "Expected a whole number from 1 to 86400, found true or false");
    CHECK(contains(section_problem("slicer", "orca_paths", "\"/opt\""), "Expected a list of texts"));
    CHECK(contains(section_problem("slicer", "orca_paths", "[1]"), "found a whole number in it"));
}

TEST_CASE("config: a section that is none says how sections are written") {
    CHECK(only_problem("link = 5\n" + entry()).what ==
          "Expected a section that begins with a line [link], found a whole number");
    CHECK(contains(only_problem("[[slicer]]\nenabled = true\n" + entry()).what, "found a list"));
    CHECK(contains(only_problem("[printers]\nid = \"left\"\n").what, "[[printers]], with two brackets"));
    CHECK(contains(only_problem("printers = 5\n").what, "found a whole number"));
    CHECK(contains(only_problem("printers = [5]\n").what, "found a whole number"));
}

TEST_CASE("config: numbers outside their range say the range") {
    CHECK(contains(only_problem("poll_interval_sec = 0\n" + entry()).what, "from 1 to 3600"));
    CHECK(contains(only_problem("dispatch_interval_sec = 3601\n" + entry()).what, "from 1 to 3600"));
    CHECK(contains(section_problem("link", "quiet_after_sec", "0.1"), "from 0.2 to 3600"));
    CHECK(contains(section_problem("link", "quiet_after_sec", "nan"), "from 0.2 to 3600"));
    CHECK(contains(section_problem("link", "probe_timeout_sec", "inf"), "from 0.2 to 3600"));
    CHECK(contains(section_problem("link", "retry_refused_sec", "-1"), "from 0.2 to 3600"));
    CHECK(contains(section_problem("link", "full_report_interval_sec", "0.9"), "from 1 to 3600"));
    CHECK(contains(section_problem("slicer", "max_wait_sec", "9223372036854775807"), "from 1 to 86400"));
    CHECK(contains(section_problem("discovery", "port", "0"), "from 1 to 65535"));
    CHECK(contains(printer_problem("mqtt_port", "65536"), "from 1 to 65535"));
    CHECK(contains(printer_problem("camera_port", "-1"), "from 1 to 65535"));
    CHECK(contains(printer_problem("ftps_port", "0"), "from 1 to 65535"));
    CHECK(contains(section_problem("dispatch", "parallel_uploads", "17"), "from 1 to 16"));
    CHECK(contains(section_problem("dispatch", "parallel_uploads", "0"), "from 1 to 16"));
    CHECK(contains(section_problem("dispatch", "max_heating_watts", "100001"), "from 0 to 100000"));
    CHECK(contains(section_problem("dispatch", "plate_change_min", "241"), "from 0 to 240"));
    CHECK(contains(section_problem("dispatch", "plate_change_min", "1.5"), "a whole number from 0 to 240"));
    CHECK(contains(section_problem("dispatch", "most_humid_percent", "0"), "from 1 to 100"));
    CHECK(contains(section_problem("dispatch", "require_plate_clear", "1"), "true or false"));
    CHECK(contains(section_problem("dispatch", "delete_after_print", "\"no\""), "true or false"));
}

TEST_CASE("config: tags are a short list of short names, each once") {
    const std::string most = R"(["1","2","3","4","5","6","7","8","9","10","11","12","13","14","15","16"])";
    CHECK(parse_text(entry({{"tags", most}})).ok());
    CHECK(parse_text(entry({{"tags", "[]"}})).ok());
    CHECK(contains(printer_problem("tags", most.substr(0, most.size() - 1) + ",\"17\"]"), "at most 16 tags"));
    CHECK(contains(printer_problem("tags", "\"large\""), "Expected a list of texts"));
    CHECK(contains(printer_problem("tags", "[\"a\", 2]"), "found a whole number in it"));
    for (const std::string bad : {"", "a b", "a,b", "\u00e4", "123456789012345678901234567890123"}) {
        CAPTURE(bad);
        CHECK(contains(printer_problem("tags", "[\"a\", \"" + bad + "\"]"),
                       "In value 2 of the list: A tag has 1 to 32 of the characters A-Z a-z 0-9 . _ -"));
    }
    CHECK(contains(printer_problem("tags", "[\"a\", \"b\", \"a\"]"),
                   "Value 3 of the list stands there already"));
}

TEST_CASE("config: in a slicer's arguments only what is filled in stands in braces") {
    const Loaded loaded = parse_text(
        "[slicer]\ncommand_args = [\"nice\", \"{exe}\", \"--out={outdir}/{base}.3mf\", \"{output}{input}\", "
        "\"a}\"]\n" +
        entry());
    CHECK(joined(loaded.problems) == "");
    CHECK(loaded.config.slicer.command_args.size() == 5);
    for (const std::string bad : {"{file}", "{exe}{", "{Input}", "{}", "x{input"}) {
        CAPTURE(bad);
        CHECK(
            section_problem("slicer", "command_args", "[\"-a\", \"" + bad + "\"]") ==
            "In value 2 of the list: There is a {...} that is not known, or a { without its end; allowed are "
            "{exe}, {input}, {output}, {outdir}, {base}");
    }
    CHECK(contains(section_problem("slicer", "command_args", "[\"\"]"),
                   "In value 1 of the list: This is empty"));
    CHECK(contains(section_problem("slicer", "orca_paths", "[\"a\", \" \"]"),
                   "In value 2 of the list: This is empty"));
}

TEST_CASE("config: a key of a printer among those of the dispatcher is told where it belongs") {
    CHECK(contains(section_problem("dispatch", "auto_clear", "true"), "belongs into a [[printers]] entry"));
    CHECK(contains(printer_problem("require_plate_clear", "false"), "belongs under [dispatch]"));
    CHECK(contains(section_problem("dispatch", "dispatch_interval_sec", "5"), "at the top of the file"));
}

TEST_CASE("config: the first wait of the back-off is not longer than the longest") {
    CHECK(contains(section_problem("link", "retry_first_sec", "31"),
                   "31 s, is longer than retry_longest_sec, 30 s"));
}

TEST_CASE("config: an id has the characters that scripts and file names can carry") {
    CHECK(contains(printer_problem("id", "\"left one\""), "a space at position 5"));
    CHECK(contains(printer_problem("id", "\"a/b\""), "another character at position 2"));
    CHECK(contains(printer_problem("id", "\"\""), "1 to 64"));
    CHECK(contains(printer_problem("id", "\"..\""), "more than dots"));
    CHECK(contains(printer_problem("id", '"' + std::string(65, 'a') + '"'), "65 characters"));
    CHECK(parse_text(entry({{"id", '"' + std::string(64, 'a') + '"'}})).ok());
    CHECK(parse_text(entry({{"id", "\"A.b_c-9\""}})).ok());
}

TEST_CASE("config: an address says which part of it is wrong") {
    CHECK(contains(printer_problem("printer_ip", "\"256.1.1.1\""), "Part 1 of 256.1.1.1 is larger than 255"));
    CHECK(contains(printer_problem("printer_ip", "\"192.0.2\""), "four parts and this has 3"));
    CHECK(contains(printer_problem("printer_ip", "\"192.0.2.1.1\""), "four parts and this has 5"));
    CHECK(contains(printer_problem("printer_ip", "\"192.0..1\""), "Part 3 of 192.0..1 is empty"));
    CHECK(contains(printer_problem("printer_ip", "\"192.0.2.\""), "Part 4 of 192.0.2. is empty"));
    CHECK(
        contains(printer_problem("printer_ip", "\"192.0.02.1\""), "Part 3 of 192.0.02.1 has a leading zero"));
    CHECK(contains(printer_problem("printer_ip", "\"printer.lan\""), "host names are not looked up"));
    CHECK(contains(printer_problem("printer_ip", "\"http://192.0.2.1\""), "This is a URL"));
    CHECK(contains(printer_problem("printer_ip", "\"192.0.2.1:8883\""), "give it as mqtt_port"));
    CHECK(contains(printer_problem("printer_ip", "\"\""), "empty"));
    CHECK(contains(printer_problem("printer_ip", '"' + std::string(40, '1') + '"'), "too long"));
    CHECK(contains(printer_problem("printer_ip", "\"0.0.0.0\""), "No single machine"));
    CHECK(contains(printer_problem("printer_ip", "\"255.255.255.255\""), "No single machine"));
}

TEST_CASE("config: a serial has digits and upper-case letters") {
    CHECK(contains(printer_problem("serial", "\"01P 0A111111111\""), "a space at position 4"));
    CHECK(contains(printer_problem("serial", "\"01P-0A111111111\""), "another character at position 4"));
    CHECK(contains(printer_problem("serial", "\"01p00a111111111\""), "case-sensitive"));
    CHECK(contains(printer_problem("serial", "\"\""), "empty"));
    CHECK(contains(printer_problem("serial", "\"01P00A1\""), "7 characters"));
    CHECK(contains(printer_problem("serial", '"' + std::string(33, 'A') + '"'), "33 characters"));
}

TEST_CASE("config: a serial that is not 15 characters long is only warned about") {
    const Loaded loaded = parse_text(entry({{"serial", "\"01P00A11\""}}));
    CHECK(loaded.ok());
    REQUIRE(loaded.warnings.size() == 1);
    CHECK(loaded.warnings[0].key == "printers[1].serial");
    CHECK(loaded.warnings[0].line == 4);
    CHECK(contains(loaded.warnings[0].what, "8 characters"));
}

TEST_CASE("config: an access code that is not 8 characters long is only warned about") {
    const Loaded loaded = parse_text(entry({{"access_code", "\"700519\""}}));
    CHECK(loaded.ok());
    REQUIRE(loaded.warnings.size() == 1);
    CHECK(contains(loaded.warnings[0].what, "8 characters"));
    CHECK_FALSE(contains(loaded.warnings[0].text(), "700519"));
}

TEST_CASE("config: a missing access code says where the printer shows it") {
    const Problem problem = only_problem(entry({{"access_code", ""}}));
    CHECK(problem.key == "printers[1].access_code");
    CHECK(problem.line == 1);
    CHECK(contains(problem.what, "on the printer's screen"));
    CHECK(contains(problem.what, "access_code_file or access_code_env"));
}

TEST_CASE("config: an access code is neither empty nor has spaces nor is too long") {
    CHECK(contains(printer_problem("access_code", "\"\""), "empty"));
    CHECK(contains(printer_problem("access_code", "\"   \""), "empty"));
    CHECK(contains(printer_problem("access_code", "\"7005 942\""), "space"));
    CHECK(
        contains(printer_problem("access_code", "\"7005\\u00e9942\""), "character that no access code has"));
    CHECK(contains(printer_problem("access_code", '"' + std::string(33, '7') + '"'), "longer"));
}

TEST_CASE("config: the access code is given in exactly one way") {
    const Loaded loaded = parse_text(entry({{"access_code_env", "\"FARMWALL_TEST_UNSET\""}}));
    CHECK(contains(joined(loaded.problems),
                   "farm.toml:6: printers[1].access_code_env: The access code is given by "
                   "access_code already; give exactly one"));
}

TEST_CASE("config: each missing required key is reported at the line of its entry") {
    const Loaded loaded = parse_text("\n[[printers]]\nname = \"x\"\n");
    REQUIRE(loaded.problems.size() == 4);
    for (const Problem& problem : loaded.problems)
        CHECK(problem.line == 2);
    CHECK(loaded.problems[0].key == "printers[1].id");
    CHECK(loaded.problems[1].key == "printers[1].printer_ip");
    CHECK(loaded.problems[2].key == "printers[1].serial");
    CHECK(loaded.problems[3].key == "printers[1].access_code");
}

TEST_CASE("config: texts of a camera are checked, and its URL is never repeated") {
    CHECK(contains(printer_problem("camera_protocol", "\"https\""), "allowed are rtsps, rtsp, http, jpeg"));
    CHECK(contains(printer_problem("camera_path", "\"live\""), "begins with '/'"));
    CHECK(contains(printer_problem("camera_user", "\"\""), "empty"));
    CHECK(contains(printer_problem("camera_url", "\"ftp://u:secretword@192.0.2.1/\""), "rtsps://, rtsp://"));
    CHECK(contains(printer_problem("camera_url", "\"rtsp://u:secret word@192.0.2.1/\""), "%20"));
    CHECK_FALSE(contains(printer_problem("camera_url", "\"ftp://u:secretword@192.0.2.1/\""), "secretword"));
}

TEST_CASE("config: a model that is not known lists the models, and the nearest one") {
    const std::string what = printer_problem("model", "\"a1-mimi\"");
    CHECK(contains(what,
                   "allowed are x1c, x1, x1e, p1p, p1s, p2s, x2d, a1, a1-mini, a2l, h2s, h2d, h2d-pro, h2c"));
    CHECK(contains(what, "did you mean a1-mini?"));
    CHECK(parse_text(entry({{"model", "\"Bambu Lab X1 Carbon\""}})).config.printers.at(0).model ==
          PrinterModel::x1c);
}

TEST_CASE("config: other texts are not empty, not endless and without control characters") {
    CHECK(contains(printer_problem("name", "\" \""), "empty"));
    CHECK(contains(printer_problem("name", "\"a\\nb\""), "control character"));
    CHECK(contains(printer_problem("name", '"' + std::string(81, 'n') + '"'), "80 bytes"));
    CHECK(contains(section_problem("slicer", "preferred", "\"cura\""), "allowed are orca, bambu"));
    CHECK(contains(section_problem("slicer", "command_args", "[\"a\", \"\"]"), "value 2 of the list"));
}

TEST_CASE("config: two printers with one id, serial or address are refused, naming both lines") {
    SUBCASE("id, whatever its case") {
        const Problem problem = only_problem(entry() + other_entry({{"id", "\"LEFT\""}}));
        CHECK(problem.key == "printers[2].id");
        CHECK(problem.line == 7);
        CHECK(problem.what == "printers[1] at line 2 has the same id; every printer has its own");
    }
    SUBCASE("serial") {
        const Problem problem = only_problem(entry() + other_entry({{"serial", "\"01P00A111111111\""}}));
        CHECK(problem.key == "printers[2].serial");
        CHECK(problem.line == 9);
        CHECK(contains(problem.what, "printers[1] at line 4 has the same serial"));
    }
    SUBCASE("serial, whatever its case") {
        const Loaded loaded = parse_text(entry() + other_entry({{"serial", "\"01p00a111111111\""}}));
        CHECK(contains(joined(loaded.problems), "printers[1] at line 4 has the same serial"));
    }
    SUBCASE("address and port") {
        const Problem problem = only_problem(entry() + other_entry({{"printer_ip", "\"192.0.2.10\""}}));
        CHECK(problem.key == "printers[2].printer_ip");
        CHECK(problem.line == 8);
        CHECK(contains(problem.what, "printers[1] at line 3 has the same address and mqtt_port"));
    }
}

TEST_CASE("config: a file without printers says how to add one") {
    for (const std::string text :
         {"", "\n\n", "# only a comment\n", "poll_interval_sec = 5\n", "printers = []\n"}) {
        const Problem problem = only_problem(text);
        CHECK(problem.line == 0);
        CHECK(contains(problem.what, "[[printers]]"));
        CHECK(contains(problem.what, "config.example.toml"));
    }
}

TEST_CASE("config: every problem of a file is reported in one pass, in the order of the file") {
    const Loaded loaded =
        parse_text("poll_interval_sec = 0\n[link]\nquiet = 1\nretry_first_sec = \"1\"\n" +
                   entry({{"id", "\"a b\""}, {"printer_ip", "\"256.1.1.1\""}, {"nme", "1"}}) +
                   entry({{"serial", "\"x\""}, {"mqtt_port", "0"}, {"access_code", ""}}));
    REQUIRE(loaded.problems.size() == 9);
    for (std::size_t i = 1; i < loaded.problems.size(); ++i) {
        CHECK(loaded.problems[i - 1].line <= loaded.problems[i].line);
    }
    CHECK(loaded.problems.front().key == "poll_interval_sec");
    CHECK(loaded.problems.back().key == "printers[2].mqtt_port");
}

TEST_CASE("config: a code in the wrong key is not repeated") {
    for (const std::string key : {"id", "printer_ip", "serial", "model", "camera_protocol", "access_code_env",
                                  "access_code_file", "camera_path", "camera_url", "mqtt_port", "name"}) {
        const Loaded loaded = parse_text(entry({{key, "\"70051942 \""}, {"access_code", "\"192.0.2.1 \""}}));
        CHECK_FALSE(contains(joined(loaded.problems) + joined(loaded.warnings), test_code));
    }
}
