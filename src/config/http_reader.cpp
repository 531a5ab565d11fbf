#include "config/http_reader.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <cstdlib>
#include <optional>
#include <utility>

#include "base/text.hpp"
#include "config/checks.hpp"
#include "config/keys.hpp"
#include "config/secret_source.hpp"
#include "config/section.hpp"

namespace farmwall::config {
namespace {

constexpr std::array<std::string_view, 6> ways{"password_hash", "password_file", "password_env",
                                               "token_hash",    "token_file",    "token_env"};

class AccountReader {
public:
    explicit AccountReader(Findings& findings) : findings_{findings} {}

    void read(const Node& list, std::vector<HttpAccount>& accounts) {
        for (std::size_t i = 0; i < list.items.size(); ++i) {
            const Node& item = list.items[i];
            path_ = fmt::format("http.accounts[{}]", i + 1);
            if (item.kind != Node::Kind::table) {
                findings_.problem(
                    item.line, path_,
                    expected("an account, which begins with a line [[http.accounts]]", item.kind));
                continue;
            }
            accounts.push_back(one(item));
            refuse_second(item, accounts);
        }
    }

private:
    HttpAccount one(const Node& node) {
        AccountEntry entry;
        read_section(node, "http.accounts", path_, account_keys(), entry, findings_);
        for (const Key<AccountEntry>& key : account_keys()) {
            if (!key.when_missing.empty() && find(node, key.name) == nullptr)
                findings_.problem(node.line, join_key(path_, key.name), std::string{key.when_missing});
        }
        std::string_view given;
        for (const std::string_view way : ways) {
            const Node* const at = find(node, way);
            if (at == nullptr) continue;
            if (!given.empty()) {
                findings_.problem(at->line, join_key(path_, way),
                                  fmt::format("{} is given already; an account has exactly one of {}", given,
                                              comma_list({ways.begin(), ways.end()})));
            }
            given = way;
        }
        if (given.empty()) {
            findings_.problem(node.line, join_key(path_, ways[0]),
                              fmt::format("The password or token is missing; give one of {}",
                                          comma_list({ways.begin(), ways.end()})));
        }
        HttpAccount account = std::move(entry.account);
        account.token = given.starts_with("token");
        account.hash = account.token ? std::move(entry.token_hash) : std::move(entry.password_hash);
        if (account.hash.empty() && !given.empty())
            account.secret = secret(node, given, account.token ? entry.token : entry.password);
        return account;
    }

    Secret secret(const Node& node, std::string_view key, const SecretSource& source) {
        const Node* const at = find(node, key);
        const WantedSecret wanted{at == nullptr ? node.line : at->line, join_key(path_, key),
                                  key.starts_with("token") ? "token" : "password"};
        std::optional<std::string> found;
        if (source.file && check_plain(*source.file).empty()) {
            found = secret_from_file(*source.file, wanted, findings_);
        } else if (source.env && check_variable_name(*source.env).empty()) {
            found = secret_from_variable(*source.env, wanted, findings_);
        }
        if (!found) return {};
        if (const std::string wrong = check_secret(*found); !wrong.empty()) {
            findings_.problem(wanted.line, wanted.key,
                              fmt::format("What is named here does not hold a {}: {}", wanted.noun, wrong));
        }
        return Secret{std::move(*found)};
    }

    void refuse_second(const Node& node, const std::vector<HttpAccount>& accounts) {
        const std::string& name = accounts.back().name;
        const bool known = std::any_of(accounts.begin(), accounts.end() - 1,
                                       [&](const HttpAccount& other) { return other.name == name; });
        if (known && !name.empty())
            findings_.problem(node.line, join_key(path_, "name"),
                              "Another account has this name; each has its own");
    }

    Findings& findings_;
    std::string path_;
};

int line_of(const Node& table, std::string_view key) {
    const Node* const node = find(table, key);
    return node == nullptr ? table.line : node->line;
}

void check_certificate(const Node& table, Http& http, Findings& findings) {
    if (http.tls_cert.empty() != http.tls_key.empty()) {
        const std::string_view there = http.tls_cert.empty() ? "tls_key" : "tls_cert";
        findings.problem(line_of(table, there), join_key("http", there),
                         "tls_cert and tls_key belong together; give both");
    }
    if (!http.tls.empty() && !http.tls_cert.empty()) {
        findings.problem(line_of(table, "tls"), "http.tls",
                         "A certificate is given by tls_cert already; give one of the two");
    }
    const auto folder = findings.file().parent_path();
    if (!http.tls_cert.empty()) http.tls_cert = folder / http.tls_cert;
    if (!http.tls_key.empty()) http.tls_key = folder / http.tls_key;
}

std::optional<std::string> variable(const char* name) {
    const char* const value = std::getenv(name);
    if (value == nullptr || *value == '\0') return std::nullopt;
    return std::string{value};
}

}  // namespace

void read_http(const Document& document, Http& http, Findings& findings) {
    const Node* const table = find(document.root, "http");
    if (table == nullptr) return;
    if (table->kind != Node::Kind::table) {
        findings.problem(table->line, "http",
                         expected("a section that begins with a line [http]", table->kind));
        return;
    }
    read_section(*table, "http", "http", http_keys(), http, findings);
    check_certificate(*table, http, findings);
    const Node* const accounts = find(*table, "accounts");
    if (accounts == nullptr) return;
    if (accounts->kind != Node::Kind::list) {
        findings.problem(accounts->line, "http.accounts",
                         "Each account begins with a line [[http.accounts]], with two brackets");
        return;
    }
    AccountReader{findings}.read(*accounts, http.accounts);
}

std::string apply_environment(Http& http) {
    if (const auto host = variable("HOST")) {
        if (const std::string wrong = check_host(*host); !wrong.empty())
            return fmt::format("The environment variable HOST is not usable: {}.", wrong);
        http.host = *host;
    }
    if (const auto port = variable("PORT")) {
        const auto number = parse_int(*port);
        constexpr int highest = 65'535;
        if (!number || *number < 0 || *number > highest)
            return fmt::format("The environment variable PORT must be a whole number from 0 to {}.", highest);
        http.port = static_cast<int>(*number);
    }
    const auto user = variable("DASH_USER");
    const auto password = variable("DASH_PASS");
    if (!user && !password) return {};
    HttpAccount account;
    account.name = user.value_or("");
    account.secret = Secret{password.value_or("")};
    http.accounts.assign(1, std::move(account));
    return {};
}

}  // namespace farmwall::config
