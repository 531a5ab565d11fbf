#include <doctest/doctest.h>

#include <cstdlib>

#include "config/http_reader.hpp"
#include "config_texts.hpp"

using namespace farmwall;
using namespace farmwall::config;

namespace {

const std::string good_hash = "pbkdf2-sha256$600000$c2FsdA==$aGFzaA==";

// "key: sentence" of the only problem; empty where there is none.
std::string problem(const std::string& lines) {
    const Loaded loaded = parse_text("[http]\n" + lines + "\n" + entry());
    CHECK(loaded.problems.size() <= 1);
    return loaded.problems.empty() ? "" : loaded.problems[0].key + ": " + loaded.problems[0].what;
}
std::string account_problem(const std::string& lines) { return problem("[[http.accounts]]\n" + lines); }

// Of the environment, for as long as it lives.
class Variable {
public:
    Variable(const char* name, const char* value) : name_{name} { setenv(name, value, 1); }
    ~Variable() { unsetenv(name_); }
    Variable(const Variable&) = delete;
    Variable& operator=(const Variable&) = delete;

private:
    const char* name_;
};

}  // namespace

TEST_CASE("config http: every key arrives where it belongs") {
    const Loaded loaded = parse_text(R"([http]
enabled = false
host = "0.0.0.0"
port = 0
allow_unauthenticated_lan = true
realm = "The farm"
tls_cert = "a.crt"
tls_key = "/b.key"
max_upload_mb = 100
[[http.accounts]]
name = "anna"
password_hash = ")" + good_hash + R"("
[[http.accounts]]
name = "hall"
role = "viewer"
token_hash = ")" + good_hash + "\"\n" +
                                     entry());
    CHECK(joined(loaded.problems) == "");
    const Http& http = loaded.config.http;
    CHECK_FALSE(http.enabled);
    CHECK(http.host == "0.0.0.0");
    CHECK(http.port == 0);
    CHECK(http.allow_unauthenticated_lan);
    CHECK(http.realm == "The farm");
    CHECK(http.tls_cert == "a.crt");
    CHECK(http.tls_key == "/b.key");
    CHECK(http.max_upload_mb == 100);
    REQUIRE(http.accounts.size() == 2);
    CHECK(http.accounts[0] == HttpAccount{"anna", "engineer", good_hash, {}, false});
    CHECK(http.accounts[1] == HttpAccount{"hall", "viewer", good_hash, {}, true});
}

TEST_CASE("config http: a secret of an account may come from the environment") {
    const Variable password{"FARMWALL_TEST_ANNA", "long and secret"};
    const Loaded loaded =
        parse_text("[[http.accounts]]\nname = \"anna\"\npassword_env = \"FARMWALL_TEST_ANNA\"\n" + entry());
    CHECK(joined(loaded.problems) == "");
    REQUIRE(loaded.config.http.accounts.size() == 1);
    CHECK(loaded.config.http.accounts[0].secret.reveal() == "long and secret");
}

TEST_CASE("config http: what is wrong is named with what is allowed") {
    CHECK(problem("port = 65536") ==
          "http.port: This is out of range; allowed is a whole number from 0 to 65535");
    CHECK(problem("tls = \"on\"") ==
          "http.tls: Allowed is self-signed; a certificate of your own is given by tls_cert and tls_key");
    CHECK(problem("tls_cert = \"a\"") == "http.tls_cert: tls_cert and tls_key belong together; give both");
    CHECK(problem("tls = \"self-signed\"\ntls_cert = \"a\"\ntls_key = \"b\"") ==
          "http.tls: A certificate is given by tls_cert already; give one of the two");
    CHECK(problem("realm = 'a\"b'").starts_with("http.realm: A realm is"));
    CHECK(problem("hosts = \"a\"") == "http.hosts: This key is not known; did you mean host?");
    CHECK(problem("accounts = 3") ==
          "http.accounts: Each account begins with a line [[http.accounts]], with two brackets");
}

TEST_CASE("config http: an account has a name of its own and exactly one secret") {
    const std::string anna = "name = \"anna\"\n";
    const std::string hash = "password_hash = \"" + good_hash + "\"\n";
    CHECK(account_problem(anna + hash).empty());
    CHECK(account_problem(hash).starts_with("http.accounts[1].name: The name is missing"));
    CHECK(account_problem(anna).starts_with(
        "http.accounts[1].password_hash: The password or token is missing"));
    CHECK(account_problem(anna + hash + "token_hash = \"" + good_hash + "\"")
              .starts_with("http.accounts[1].token_hash: password_hash is given already"));
    CHECK(account_problem(anna + "password_hash = \"secret\"") ==
          "http.accounts[1].password_hash: This is no hash; farmwall --hash-password prints one");
    CHECK(account_problem(anna + hash + "role = \"owner\"") ==
          "http.accounts[1].role: This is not known here; allowed are viewer, operator, engineer");
    CHECK(account_problem(anna + hash + "[[http.accounts]]\n" + anna + hash) ==
          "http.accounts[2].name: Another account has this name; each has its own");
}

TEST_CASE("config http: the environment wins over the file") {
    Http http;
    CHECK(apply_environment(http).empty());
    CHECK(http == Http{});
    {
        const Variable host{"HOST", "0.0.0.0"};
        const Variable port{"PORT", "9000"};
        const Variable user{"DASH_USER", "dash"};
        const Variable password{"DASH_PASS", "board"};
        http.accounts.resize(3);
        CHECK(apply_environment(http).empty());
    }
    CHECK(http.host == "0.0.0.0");
    CHECK(http.port == 9000);
    REQUIRE(http.accounts.size() == 1);
    CHECK(http.accounts[0].name == "dash");
    CHECK(http.accounts[0].secret.reveal() == "board");
    CHECK(http.accounts[0].role == "engineer");
    const Variable port{"PORT", "many"};
    CHECK(apply_environment(http) == "The environment variable PORT must be a whole number from 0 to 65535.");
}
