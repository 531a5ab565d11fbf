#include <doctest/doctest.h>

#include <cstdlib>

#include "config/keys.hpp"
#include "config_texts.hpp"

using namespace farmwall;
using namespace farmwall::config;
namespace fs = std::filesystem;

namespace {

// config.example.toml of the project, above the folder the tests run in.
fs::path example_file() {
    for (fs::path folder = fs::current_path(); folder.has_relative_path(); folder = folder.parent_path()) {
        if (fs::exists(folder / "config.example.toml")) return folder / "config.example.toml";
    }
    return "config.example.toml";
}

std::string content_of(const fs::path& file) {
    std::ifstream in{file, std::ios::binary};
    return {std::istreambuf_iterator<char>{in}, {}};
}

Problem only_problem(const Loaded& loaded) {
    INFO(joined(loaded.problems));
    REQUIRE(loaded.problems.size() == 1);
    return loaded.problems[0];
}

}  // namespace

TEST_CASE("config: a missing file is one problem that says what to copy") {
    const TemporaryFolder folder;
    const Problem problem = only_problem(load(folder.path() / "none.toml"));
    CHECK(problem.line == 0);
    CHECK(problem.file == folder.path() / "none.toml");
    CHECK(contains(problem.what, "no such file; copy config.example.toml"));
}

TEST_CASE("config: a folder and a file over 1 MiB are one problem each") {
    const TemporaryFolder folder;
    CHECK(contains(only_problem(load(folder.path())).what, "folder"));
    const auto huge = folder.write("huge.toml", std::string(1024 * 1024 + 1, '#'));
    CHECK(contains(only_problem(load(huge)).what, "longer than 1048576 bytes"));
}

TEST_CASE("config: a private file loads without a warning, an open one that holds a code with one") {
    const TemporaryFolder folder;
    const auto file = folder.write("config.toml", entry());
    const Loaded closed = load(file);
    CHECK(closed.ok());
    CHECK(closed.warnings.empty());

    fs::permissions(file, fs::perms::others_read, fs::perm_options::add);
    const Loaded open = load(file);
    CHECK(open.ok());
    REQUIRE(open.warnings.size() == 1);
    CHECK(open.warnings[0].line == 0);
    CHECK(contains(open.warnings[0].what, "600"));
}

TEST_CASE("config: an open file without codes in it is not warned about") {
    const TemporaryFolder folder;
    folder.write("left.code", std::string{test_code});
    const auto file =
        folder.write("config.toml", entry({{"access_code", ""}, {"access_code_file", "\"left.code\""}}));
    fs::permissions(file, fs::perms::others_read, fs::perm_options::add);
    CHECK(joined(load(file).warnings) == "");
}

TEST_CASE("config: an access code comes from a file beside the config or at an absolute path") {
    const TemporaryFolder folder;
    const auto code = folder.write("left.code", "  " + std::string{test_code} + "\n");
    for (const std::string& path : {std::string{"left.code"}, code.string()}) {
        const Loaded loaded = load(folder.write(
            "config.toml", entry({{"access_code", ""}, {"access_code_file", '"' + path + '"'}})));
        CHECK(joined(loaded.problems) == "");
        CHECK(loaded.config.printers.at(0).access_code == Secret{std::string{test_code}});
    }
}

TEST_CASE(
    "config: a file of an access code that is missing, a folder, empty or too long is a problem of its key") {
    const TemporaryFolder folder;
    fs::create_directory(folder.path() / "folder");
    folder.write("empty", "\n");
    folder.write("two words", "700 51942\n");
    folder.write("long", std::string(2000, '7'));
    for (const std::string name : {"none", "folder", "empty", "two words", "long"}) {
        const Problem problem = only_problem(load(folder.write(
            "config.toml", entry({{"access_code", ""}, {"access_code_file", '"' + name + '"'}}))));
        CHECK(problem.key == "printers[1].access_code_file");
        CHECK(problem.line == 5);
        CHECK(contains(problem.what, "named here"));
        CHECK_FALSE(contains(problem.what, "51942"));
    }
}

TEST_CASE("config: a file of an access code that others can read is warned about") {
    const TemporaryFolder folder;
    const auto code = folder.write("left.code", std::string{test_code});
    fs::permissions(code, fs::perms::group_read, fs::perm_options::add);
    const Loaded loaded = load(
        folder.write("config.toml", entry({{"access_code", ""}, {"access_code_file", "\"left.code\""}})));
    CHECK(loaded.ok());
    REQUIRE(loaded.warnings.size() == 1);
    CHECK(loaded.warnings[0].key == "printers[1].access_code_file");
}

TEST_CASE("config: an access code comes from the environment") {
    const std::string text =
        entry({{"access_code", ""}, {"access_code_env", "\"FARMWALL_CONFIG_TEST_CODE\""}});
    CHECK(contains(only_problem(parse_text(text)).what, "is not set"));
    setenv("FARMWALL_CONFIG_TEST_CODE", test_code.data(), 1);
    CHECK(parse_text(text).config.printers.at(0).access_code == Secret{std::string{test_code}});
    setenv("FARMWALL_CONFIG_TEST_CODE", "", 1);
    CHECK(contains(only_problem(parse_text(text)).what, "does not hold an access code"));
    unsetenv("FARMWALL_CONFIG_TEST_CODE");
    CHECK(contains(
        only_problem(parse_text(entry({{"access_code", ""}, {"access_code_env", "\"70051942\""}}))).what,
        "not the name of an environment variable"));
}

TEST_CASE("config: the example is accepted, and shows the defaults of the program") {
    const std::string text = content_of(example_file());
    REQUIRE_FALSE(text.empty());
    const Loaded loaded = parse(text, "config.example.toml");
    CHECK(joined(loaded.problems) == "");
    CHECK(joined(loaded.warnings) == "");
    const Config defaults;
    CHECK(loaded.config.poll_interval_sec == defaults.poll_interval_sec);
    CHECK(loaded.config.dispatch_interval_sec == defaults.dispatch_interval_sec);
    for (const Key<LinkTimes>& key : link_keys()) {
        const auto member = std::get<SecondsRule<LinkTimes>>(key.rule).to;
        CAPTURE(key.name);
        CHECK((loaded.config.link.*member).count() == (defaults.link.*member).count());
    }
    CHECK(loaded.config.discovery.enabled == defaults.discovery.enabled);
    CHECK(loaded.config.discovery.port == defaults.discovery.port);
    CHECK(loaded.config.camera == defaults.camera);
    CHECK(loaded.config.dispatch == defaults.dispatch);
    CHECK(loaded.config.slicer.enabled == defaults.slicer.enabled);
    CHECK(loaded.config.slicer.preferred == defaults.slicer.preferred);
    CHECK(loaded.config.slicer.command_args == defaults.slicer.command_args);
    CHECK(loaded.config.slicer.orca_paths == defaults.slicer.orca_paths);
    CHECK(loaded.config.slicer.bambu_paths == defaults.slicer.bambu_paths);
    CHECK(loaded.config.slicer.max_wait_sec == defaults.slicer.max_wait_sec);
    CHECK(loaded.config.alarms == defaults.alarms);
    CHECK(loaded.config.history == defaults.history);
    CHECK(loaded.config.error_texts == defaults.error_texts);
    CHECK(loaded.config.http == defaults.http);
    REQUIRE(loaded.config.printers.size() == 1);
    CHECK(loaded.config.printers[0].mqtt_port == Printer{}.mqtt_port);
    CHECK(loaded.config.printers[0].ftps_port == Printer{}.ftps_port);
    CHECK(loaded.config.printers[0].auto_clear == Printer{}.auto_clear);
    CHECK(loaded.config.printers[0].tags == Printer{}.tags);
    CHECK(loaded.config.printers[0].maintenance == Printer{}.maintenance);
    CHECK(loaded.config.printers[0].camera_enabled == Printer{}.camera_enabled);
}

TEST_CASE("config: the example shows every known key") {
    const std::string text = content_of(example_file());
    for (const SectionNames& names : all_names()) {
        for (const std::string_view key : names.keys) {
            CAPTURE(key);
            const std::string line = std::string{key} + " = ";
            CHECK((contains(text, "\n" + line) || contains(text, "\n# " + line)));
        }
    }
}

TEST_CASE("config: the example with its comments opened has no unknown key") {
    std::string text = content_of(example_file());
    for (const std::string key :
         {"model", "camera_protocol", "camera_port", "camera_path", "camera_user", "camera_url"}) {
        const std::string closed = "\n# " + key + " = ";
        REQUIRE(contains(text, closed));
        text.erase(text.find(closed) + 1, 2);
    }
    CHECK(joined(parse(text, "config.example.toml").problems) == "");
}

TEST_CASE("config: the example's ways of telling alarms, opened, are accepted and show their defaults") {
    std::string text = content_of(example_file());
    for (const std::string line : {"[alarms.webhook]", "[alarms.ntfy]", "[alarms.mqtt]", "url = ",
                                   "header = ", "topic = ", "host = ", "port = 1883", "tls = ", "user = "}) {
        for (auto at = text.find("\n# " + line); at != std::string::npos; at = text.find("\n# " + line)) {
            text.erase(at + 1, 2);
        }
    }
    const Loaded loaded = parse(text, "config.example.toml");
    CHECK(joined(loaded.problems) == "");
    REQUIRE(loaded.config.alarms.webhook);
    REQUIRE(loaded.config.alarms.ntfy);
    REQUIRE(loaded.config.alarms.mqtt);
    CHECK(loaded.config.alarms.webhook->header == Webhook{}.header);
    CHECK(loaded.config.alarms.ntfy->url == Ntfy{}.url);
    CHECK(loaded.config.alarms.mqtt->topic == AlarmMqtt{}.topic);
    CHECK(loaded.config.alarms.mqtt->tls == AlarmMqtt{}.tls);
}
