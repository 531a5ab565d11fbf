#pragma once

#include <chrono>
#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <variant>
#include <vector>

#include "config/config.hpp"

namespace farmwall::config {

// The known keys of every section, in one place: name, type, range, and where the value goes.
// Reading, "did you mean", and the import of old files all follow these tables.

template <class Into>
struct TextRule {
    void (*put)(Into&, std::string);         // called with good values and bad ones
    std::string (*check)(std::string_view);  // checks.hpp
};
template <class Into>
struct WholeRule {
    int Into::*to;
    int least;
    int most;
};
template <class Into>
struct PortRule {
    void (*put)(Into&, std::uint16_t);
};
template <class Into>
struct SecondsRule {  // decimals allowed
    std::chrono::milliseconds Into::*to;
    double least;
    double most;
};
template <class Into>
struct ShareRule {  // a part of something, decimals allowed
    double Into::*to;
    double least;
    double most;
};
template <class Into>
struct FlagRule {
    void (*put)(Into&, bool);
};
template <class Into>
struct ListRule {
    void (*put)(Into&, std::vector<std::string>);
    std::string (*check)(const std::vector<std::string>&);  // checks.hpp
};

template <class Into>
struct Key {
    std::string_view name;
    std::variant<TextRule<Into>, WholeRule<Into>, PortRule<Into>, SecondsRule<Into>, ShareRule<Into>,
                 FlagRule<Into>, ListRule<Into>>
        rule;
    std::string_view when_missing = {};  // the sentence; empty: the key may be left out
};

// A [[printers]] entry while it is read: where the access code comes from is decided at its end.
struct PrinterEntry {
    Printer printer;
    std::optional<std::string> access_code;
    std::optional<std::string> access_code_file;
    std::optional<std::string> access_code_env;
};

// Where a secret comes from when it is not in the config itself: its own file or an environment variable.
struct SecretSource {
    std::optional<std::string> file;
    std::optional<std::string> env;
};
struct WebhookEntry {
    Webhook webhook;
    SecretSource secret;
};
struct NtfyEntry {
    Ntfy ntfy;
    SecretSource token;
};
struct MqttEntry {
    AlarmMqtt mqtt;
    SecretSource password;
};

// An [[http.accounts]] entry while it is read; one of the two sources and hashes is given.
struct AccountEntry {
    HttpAccount account;
    std::string password_hash;
    std::string token_hash;
    SecretSource password;
    SecretSource token;
};

[[nodiscard]] std::span<const Key<Config>> top_keys();
[[nodiscard]] std::span<const Key<LinkTimes>> link_keys();
[[nodiscard]] std::span<const Key<Discovery>> discovery_keys();
[[nodiscard]] std::span<const Key<Camera>> camera_keys();
[[nodiscard]] std::span<const Key<Dispatch>> dispatch_keys();
[[nodiscard]] std::span<const Key<Slicer>> slicer_keys();
[[nodiscard]] std::span<const Key<Alarms>> alarm_keys();
[[nodiscard]] std::span<const Key<WebhookEntry>> webhook_keys();
[[nodiscard]] std::span<const Key<NtfyEntry>> ntfy_keys();
[[nodiscard]] std::span<const Key<MqttEntry>> mqtt_keys();
[[nodiscard]] std::span<const Key<History>> history_keys();
[[nodiscard]] std::span<const Key<ErrorTextFiles>> error_text_keys();
[[nodiscard]] std::span<const Key<Http>> http_keys();
[[nodiscard]] std::span<const Key<AccountEntry>> account_keys();
[[nodiscard]] std::span<const Key<PrinterEntry>> printer_keys();

// A section as the tables name it; "" is the top level, "printers" one entry, "alarms.ntfy" a section inside
// another.
struct SectionNames {
    std::string_view section;
    std::vector<std::string_view> keys;
};
// All sections, the top level first. Section names are not among the top level's keys.
[[nodiscard]] const std::vector<SectionNames>& all_names();

[[nodiscard]] bool is_section(std::string_view name);

// True for keys whose value must never be shown.
[[nodiscard]] bool holds_secret(std::string_view key);

}  // namespace farmwall::config
