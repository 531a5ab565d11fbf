#include <doctest/doctest.h>

#include <cstdlib>

#include "config_texts.hpp"

using namespace farmwall;
using namespace farmwall::config;
using namespace std::chrono_literals;
namespace fs = std::filesystem;

namespace {

Problem only_problem(const Loaded& loaded) {
    INFO(joined(loaded.problems));
    REQUIRE(loaded.problems.size() == 1);
    return loaded.problems[0];
}

// The only problem of a section with these lines; it names the key.
std::string section_problem(const std::string& section, const std::string& lines, const std::string& key) {
    const Problem problem = only_problem(parse_text("[" + section + "]\n" + lines + "\n" + entry()));
    CHECK(problem.key == section + "." + key);
    return problem.what;
}

Config good(const std::string& text) {
    const Loaded loaded = parse_text(text + entry());
    CHECK(joined(loaded.problems) == "");
    CHECK(joined(loaded.warnings) == "");
    return loaded.config;
}

// Set for as long as it lives.
class Variable {
public:
    Variable(const char* name, const std::string& value) : name_{name} { setenv(name, value.c_str(), 1); }
    ~Variable() { unsetenv(name_); }
    Variable(const Variable&) = delete;
    Variable& operator=(const Variable&) = delete;

private:
    const char* name_;
};

constexpr const char* secret_variable = "FARMWALL_ALARM_TEST_SECRET";
const std::string secret_text = "tk_hiddenword";

}  // namespace

TEST_CASE("config alarms: without the sections there is sound, usual times, and nothing else") {
    const Config config = good("");
    CHECK(config.alarms == Alarms{});
    CHECK(config.alarms.sound);
    CHECK(config.alarms.repeat == 2min);
    CHECK_FALSE(config.alarms.webhook);
    CHECK_FALSE(config.alarms.ntfy);
    CHECK_FALSE(config.alarms.mqtt);
    CHECK(config.history.max_mb == 512);
    CHECK(config.error_texts.language == "en");
    CHECK(config.error_texts.file.empty());
    CHECK(contains(config.error_texts.query_url.reveal(), "{lang}"));
}

TEST_CASE("config alarms: every key arrives where it belongs") {
    const Variable secret{secret_variable, secret_text};
    const std::string env = std::string{"\""} + secret_variable + "\"\n";
    const Config config = good(
        "[alarms]\nsound = false\nvolume_percent = 5\nsettle_sec = 0\nrepeat_sec = 1.5\nescalate_sec = 7\n"
        "[alarms.webhook]\nurl = \"https://u:p@example.com/x?y=z\"\nheader = \"X-Key\"\nsecret_env = " +
        env + "[alarms.ntfy]\nurl = \"http://192.0.2.7:8080\"\ntopic = \"farm_1-a\"\ntoken_env = " + env +
        "[alarms.mqtt]\nhost = \"broker.lan\"\nport = 2000\ntls = true\nuser = \"farm\"\ntopic = \"a/b\"\n"
        "password_env = " +
        env +
        "[history]\nmax_mb = 8\n"
        "[error_texts]\nlanguage = \"zh-cn\"\nfile = \"texts.json\"\nquery_url = "
        "\"http://127.0.0.1/q?{lang}\"\n");
    CHECK_FALSE(config.alarms.sound);
    CHECK(config.alarms.volume_percent == 5);
    CHECK(config.alarms.settle == 0ms);
    CHECK(config.alarms.repeat == 1500ms);
    CHECK(config.alarms.escalate == 7s);
    CHECK(config.alarms.webhook ==
          Webhook{Secret{"https://u:p@example.com/x?y=z"}, "X-Key", Secret{secret_text}});
    CHECK(config.alarms.ntfy == Ntfy{"http://192.0.2.7:8080", Secret{"farm_1-a"}, Secret{secret_text}});
    CHECK(config.alarms.mqtt == AlarmMqtt{"broker.lan", 2000, true, "farm", Secret{secret_text}, "a/b"});
    CHECK(config.history.max_mb == 8);
    CHECK(config.error_texts.language == "zh-cn");
    CHECK(config.error_texts.file == "texts.json");
    CHECK(config.error_texts.query_url == Secret{"http://127.0.0.1/q?{lang}"});
}

TEST_CASE("config alarms: the few keys that are needed are enough") {
    CHECK(good("[alarms.webhook]\nurl = \"https://example.com\"\n").alarms.webhook->secret.empty());
    CHECK(good("[alarms.ntfy]\ntopic = \"x\"\n").alarms.ntfy->url == "https://ntfy.sh");
    const AlarmMqtt plain = *good("[alarms.mqtt]\nhost = \"192.0.2.3\"\n").alarms.mqtt;
    CHECK(plain.port == 1883);
    CHECK_FALSE(plain.tls);
    CHECK(plain.topic == "farmwall/alarms");
    CHECK(good("[alarms.mqtt]\nhost = \"::1\"\ntls = true\n").alarms.mqtt->port == 8883);
}

TEST_CASE("config alarms: a missing key says what belongs there") {
    CHECK(contains(section_problem("alarms.webhook", "", "url"), "The url is missing"));
    CHECK(contains(section_problem("alarms.ntfy", "", "topic"), "who knows it can read along"));
    CHECK(contains(section_problem("alarms.mqtt", "tls = true", "host"), "The host is missing"));
    // Not when its line is there and no TOML.
    const Loaded loaded = parse_text("[alarms.mqtt]\nhost = broker\n" + entry());
    CHECK(only_problem(loaded).line == 2);
}

TEST_CASE("config alarms: an unknown key or section names the nearest known one") {
    CHECK(contains(section_problem("alarms", "volume = 3", "volume"), "did you mean volume_percent?"));
    CHECK(contains(section_problem("alarms", "ring = 3", "ring"), "known here are sound, volume_percent"));
    CHECK(contains(only_problem(parse_text("[alarms.webhok]\nurl = \"x\"\n" + entry())).what,
                   "did you mean webhook?"));
    CHECK(contains(section_problem("alarms.ntfy", "topic = \"x\"\ntoken = \"y\"", "token"),
                   "did you mean token_file?"));
    CHECK(
        contains(only_problem(parse_text("[alarm]\nsound = true\n" + entry())).what, "did you mean alarms?"));
    CHECK(contains(only_problem(parse_text("[alarms]\nlink = 1\n" + entry())).what, "not known"));
    CHECK(contains(only_problem(parse_text("\"alarms.ntfy\" = 1\n" + entry())).what, "not known"));
}

TEST_CASE("config alarms: what should be a section and is none says how sections are written") {
    CHECK(only_problem(parse_text("alarms = 3\n" + entry())).what ==
          "Expected a section that begins with a line [alarms], found a whole number");
    CHECK(section_problem("alarms", "ntfy = \"x\"", "ntfy") ==
          "Expected a section that begins with a line [alarms.ntfy], found text");
    CHECK(contains(only_problem(parse_text("history = 1\n" + entry())).what, "[history]"));
}

TEST_CASE("config alarms: numbers and types outside what is allowed say what is") {
    CHECK(contains(section_problem("alarms", "volume_percent = 101", "volume_percent"), "from 0 to 100"));
    CHECK(contains(section_problem("alarms", "sound = 1", "sound"), "true or false"));
    CHECK(contains(section_problem("alarms", "settle_sec = 601", "settle_sec"), "from 0 to 600"));
    CHECK(contains(section_problem("alarms", "repeat_sec = 0.5", "repeat_sec"), "from 1 to 86400"));
    CHECK(contains(section_problem("alarms", "escalate_sec = nan", "escalate_sec"), "from 1 to 86400"));
    CHECK(contains(section_problem("alarms.mqtt", "host = \"x\"\nport = 0", "port"), "from 1 to 65535"));
    CHECK(contains(section_problem("history", "max_mb = 7", "max_mb"), "from 8 to 1000000"));
    CHECK(contains(section_problem("error_texts", "language = 5", "language"), "text in double quotes"));
}

TEST_CASE("config alarms: addresses, names and topics say what is allowed and do not repeat the value") {
    const auto webhook = [](const std::string& url) {
        const std::string what = section_problem("alarms.webhook", "url = \"" + url + "\"", "url");
        CHECK_FALSE(contains(what, "hiddenword"));
        return what;
    };
    CHECK(contains(webhook("ftp://hiddenword"), "https:// or http://"));
    CHECK(contains(webhook("https://"), "name of a server"));
    CHECK(contains(webhook("https:///hiddenword"), "name of a server"));
    CHECK(contains(webhook("https://hiddenword/a b"), "%20"));
    CHECK(contains(section_problem("alarms.webhook", "url = \"https://x\"\nheader = \"a: b\"", "header"),
                   "such as Authorization"));
    CHECK(contains(section_problem("alarms.ntfy", "topic = \"a/b\"", "topic"), "A-Z a-z 0-9 _ -"));
    CHECK(contains(section_problem("alarms.ntfy", "topic = \"\"", "topic"), "1 to 64"));
    CHECK(contains(section_problem("alarms.mqtt", "host = \"mqtt://x\"", "host"), "This is a URL"));
    CHECK(contains(section_problem("alarms.mqtt", "host = \"x:1883\"", "host"), "give it as port"));
    CHECK(contains(section_problem("alarms.mqtt", "host = \"a b\"", "host"), "a space at position 2"));
    CHECK(contains(section_problem("alarms.mqtt", "host = \"\"", "host"), "empty"));
    CHECK(contains(section_problem("alarms.mqtt", "host = \"x\"\ntopic = \"a/#\"", "topic"),
                   "no '+' and no '#'"));
    CHECK(
        contains(section_problem("alarms.mqtt", "host = \"x\"\ntopic = \"a/\"", "topic"), "begins nor ends"));
    CHECK(contains(section_problem("alarms.mqtt", "host = \"x\"\ntopic = \"$SYS\"", "topic"),
                   "the broker's own"));
    CHECK(contains(section_problem("alarms.mqtt", "host = \"x\"\ntopic = \"\"", "topic"), "empty"));
    CHECK(contains(section_problem("error_texts", "language = \"../en\"", "language"), "such as en"));
    CHECK(contains(section_problem("error_texts", "language = \"e\"", "language"), "such as en"));
    CHECK(contains(section_problem("error_texts", "query_url = \"https://x/\"", "query_url"), "{lang}"));
    CHECK(
        contains(section_problem("error_texts", "query_url = \"file:///{lang}\"", "query_url"), "https://"));
}

TEST_CASE("config alarms: a secret comes from a file beside the config or from the environment") {
    const TemporaryFolder folder;
    folder.write("token", "  " + secret_text + "\n");
    const Loaded loaded =
        load(folder.write("config.toml", "[alarms.ntfy]\ntopic = \"x\"\ntoken_file = \"token\"\n" + entry()));
    CHECK(joined(loaded.problems) == "");
    CHECK(joined(loaded.warnings) == "");
    CHECK(loaded.config.alarms.ntfy->token == Secret{secret_text});
}

TEST_CASE("config alarms: a secret that is not there, empty or given twice is a problem of its key") {
    const Variable empty{"FARMWALL_ALARM_TEST_EMPTY", ""};
    const Variable secret{secret_variable, secret_text};
    const std::string host = "host = \"x\"\n";
    CHECK(
        contains(section_problem("alarms.mqtt", host + "password_file = \"/no/such/file\"", "password_file"),
                 "it holds the password alone"));
    CHECK(contains(
        section_problem("alarms.mqtt", host + "password_env = \"FARMWALL_ALARM_TEST_NONE\"", "password_env"),
        "set it to the password"));
    CHECK(contains(
        section_problem("alarms.mqtt", host + "password_env = \"FARMWALL_ALARM_TEST_EMPTY\"", "password_env"),
        "does not hold a password: it is empty"));
    CHECK(contains(section_problem("alarms.mqtt", host + "password_env = \"1x\"", "password_env"),
                   "not the name of an environment variable"));
    const std::string both = "password_env = \"" + std::string{secret_variable} + "\"\npassword_file = \"x\"";
    CHECK(contains(section_problem("alarms.mqtt", host + both, "password_env"), "give one of the two"));
}

TEST_CASE("config alarms: a secret never shows in what is said") {
    const Variable bad{"FARMWALL_ALARM_TEST_BAD", "hiddenword\n\x01"};
    const Loaded loaded = parse_text(
        "[alarms.webhook]\nurl = \"ftp://hiddenword\"\nsecret_env = \"FARMWALL_ALARM_TEST_BAD\"\n"
        "[alarms.ntfy]\ntopic = \"hiddenword!\"\ntoken_env = \"FARMWALL_ALARM_TEST_BAD\"\n" +
        entry());
    CHECK(loaded.problems.size() == 4);
    CHECK_FALSE(contains(joined(loaded.problems) + joined(loaded.warnings), "hiddenword"));
}

TEST_CASE("config alarms: an open file with a webhook's address in it is warned about") {
    const TemporaryFolder folder;
    folder.write("left.code", std::string{test_code});
    const std::string closed = entry({{"access_code", ""}, {"access_code_file", "\"left.code\""}});
    for (const bool webhook : {true, false}) {
        const std::string text =
            webhook ? "[alarms.webhook]\nurl = \"https://x/hiddenword\"\n" : "[alarms.ntfy]\ntopic = \"x\"\n";
        const auto file = folder.write("config.toml", text + closed);
        fs::permissions(file, fs::perms::others_read, fs::perm_options::add);
        CHECK(load(file).warnings.size() == (webhook ? 1 : 0));
    }
}

TEST_CASE("config error texts: a file is looked for beside the config, and none is none") {
    const TemporaryFolder folder;
    const auto file = folder.write("config.toml", "[error_texts]\nfile = \"my.json\"\n" + entry());
    CHECK(load(file).config.error_texts.file == folder.path() / "my.json");
    CHECK(good("[error_texts]\nfile = \"/x/my.json\"\n").error_texts.file == "/x/my.json");
    CHECK(good("[error_texts]\nfile = \"\"\n").error_texts.file.empty());
}
