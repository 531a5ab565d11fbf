#include "config/alarms_reader.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <utility>

#include "config/checks.hpp"
#include "config/keys.hpp"
#include "config/secret_source.hpp"
#include "config/section.hpp"

namespace farmwall::config {
namespace {

// The keys that name the place of a secret, and what it is called.
struct SecretKeys {
    std::string_view file;
    std::string_view env;
    std::string_view noun;
};

class OutputReader {
public:
    OutputReader(const Document& document, const Node& alarms, Findings& findings)
        : document_{document}, alarms_{alarms}, findings_{findings} {}

    // Null: there is no such section. One that is none is reported.
    template <class Into>
    const Node* read(std::string_view name, std::span<const Key<Into>> keys, Into& into) {
        const Node* const table = find(alarms_, name);
        if (table == nullptr) return nullptr;
        const std::string section = join_key("alarms", name);
        if (table->kind != Node::Kind::table) {
            findings_.problem(table->line, section,
                              fmt::format("Expected a section that begins with a line [{}], found {}",
                                          section, kind_words(table->kind)));
            return nullptr;
        }
        read_section(*table, section, section, keys, into, findings_);
        for (const Key<Into>& key : keys) {
            if (key.when_missing.empty() || find(*table, key.name) != nullptr || lost(key.name)) continue;
            findings_.problem(table->line, join_key(section, key.name), std::string{key.when_missing});
        }
        return table;
    }

    Secret take(const Node& table, std::string_view name, const SecretSource& source,
                const SecretKeys& keys) {
        if (source.file && source.env) {
            findings_.problem(
                line_of(table, keys.env), join_key(join_key("alarms", name), keys.env),
                fmt::format("The {} is given by {} already; give one of the two", keys.noun, keys.file));
            return {};
        }
        const std::string_view key = source.file ? keys.file : keys.env;
        const WantedSecret wanted{line_of(table, key), join_key(join_key("alarms", name), key), keys.noun};
        std::optional<std::string> found;
        if (source.file && check_plain(*source.file).empty()) {
            found = secret_from_file(*source.file, wanted, findings_);
        } else if (source.env && check_variable_name(*source.env).empty()) {
            found = secret_from_variable(*source.env, wanted, findings_);
        }
        if (!found) return {};
        const std::string wrong = check_secret(*found);
        if (!wrong.empty()) {
            findings_.problem(wanted.line, wanted.key,
                              fmt::format("What is named here does not hold a {}: {}", keys.noun, wrong));
        }
        return Secret{std::move(*found)};
    }

private:
    // True when a line that is not TOML would have set the key, here or elsewhere.
    [[nodiscard]] bool lost(std::string_view key) const {
        return std::any_of(document_.problems.begin(), document_.problems.end(),
                           [&](const SyntaxProblem& problem) { return problem.key == key; });
    }
    static int line_of(const Node& table, std::string_view key) {
        const Node* const node = find(table, key);
        return node == nullptr ? table.line : node->line;
    }

    const Document& document_;
    const Node& alarms_;
    Findings& findings_;
};

constexpr std::uint16_t plain_port = 1883;
constexpr std::uint16_t tls_port = 8883;

}  // namespace

void read_alarms(const Document& document, Alarms& alarms, Findings& findings) {
    const Node* const table = find(document.root, "alarms");
    if (table == nullptr) return;
    if (table->kind != Node::Kind::table) {
        findings.problem(table->line, "alarms",
                         fmt::format("Expected a section that begins with a line [alarms], found {}",
                                     kind_words(table->kind)));
        return;
    }
    read_section(*table, "alarms", "alarms", alarm_keys(), alarms, findings);
    OutputReader reader{document, *table, findings};
    WebhookEntry webhook;
    if (const Node* const section = reader.read("webhook", webhook_keys(), webhook)) {
        webhook.webhook.secret =
            reader.take(*section, "webhook", webhook.secret, {"secret_file", "secret_env", "secret"});
        alarms.webhook = std::move(webhook.webhook);
    }
    NtfyEntry ntfy;
    if (const Node* const section = reader.read("ntfy", ntfy_keys(), ntfy)) {
        ntfy.ntfy.token = reader.take(*section, "ntfy", ntfy.token, {"token_file", "token_env", "token"});
        alarms.ntfy = std::move(ntfy.ntfy);
    }
    MqttEntry mqtt;
    if (const Node* const section = reader.read("mqtt", mqtt_keys(), mqtt)) {
        mqtt.mqtt.password =
            reader.take(*section, "mqtt", mqtt.password, {"password_file", "password_env", "password"});
        if (mqtt.mqtt.port == 0) mqtt.mqtt.port = mqtt.mqtt.tls ? tls_port : plain_port;
        alarms.mqtt = std::move(mqtt.mqtt);
    }
}

}  // namespace farmwall::config
