#include "config/keys.hpp"

#include <algorithm>
#include <array>
#include <utility>

#include "config/checks.hpp"
#include "model/printer_model.hpp"

namespace farmwall::config {
namespace {

constexpr double shortest_seconds = 0.2;
constexpr double longest_seconds = 3600;
constexpr double shortest_full_report_seconds = 1;  // a full report costs the printer time (protocol 3.5)

constexpr std::string_view no_id =
    "The id is missing; it is a short name of yours for scripts and the HTTP API";
constexpr std::string_view no_address =
    "The printer_ip is missing; it is the IPv4 address on the printer's screen under Settings, WLAN";
constexpr std::string_view no_serial =
    "The serial is missing; it is on the printer's screen under Settings, Device, and has 15 characters";

template <class Into>
Key<Into> seconds(std::string_view name, std::chrono::milliseconds Into::*to,
                  double least = shortest_seconds) {
    return {name, SecondsRule<Into>{to, least, longest_seconds}};
}

constexpr std::string_view no_webhook_url =
    "The url is missing; it is the address that takes alarms as JSON by POST";
constexpr std::string_view no_topic =
    "The topic is missing; choose one that nobody guesses: who knows it can read along";
constexpr std::string_view no_account_name =
    "The name is missing; each [[http.accounts]] entry has one of its own";
constexpr std::string_view no_host = "The host is missing; it is the name or address of the MQTT broker";

template <class Names, class Into>
Names names_of(std::string_view section, std::span<const Key<Into>> keys) {
    Names names{section, {}};
    for (const Key<Into>& key : keys)
        names.keys.push_back(key.name);
    return names;
}

}  // namespace

std::span<const Key<Config>> top_keys() {
    static const std::array keys{
        Key<Config>{"poll_interval_sec", WholeRule<Config>{&Config::poll_interval_sec, 1, 3600}},
        Key<Config>{"dispatch_interval_sec", WholeRule<Config>{&Config::dispatch_interval_sec, 1, 3600}},
    };
    return keys;
}

std::span<const Key<LinkTimes>> link_keys() {
    static const std::array keys{
        seconds("quiet_after_sec", &LinkTimes::quiet_after),
        seconds("probe_timeout_sec", &LinkTimes::probe_timeout),
        seconds("health_check_sec", &LinkTimes::health_check),
        seconds("first_report_timeout_sec", &LinkTimes::first_report_timeout),
        seconds("retry_first_sec", &LinkTimes::retry_first),
        seconds("retry_longest_sec", &LinkTimes::retry_longest),
        seconds("retry_refused_sec", &LinkTimes::retry_refused),
        seconds("full_report_interval_sec", &LinkTimes::full_report_interval, shortest_full_report_seconds),
    };
    return keys;
}

std::span<const Key<Discovery>> discovery_keys() {
    static const std::array keys{
        Key<Discovery>{"enabled", FlagRule<Discovery>{[](Discovery& to, bool on) { to.enabled = on; }}},
        Key<Discovery>{"port",
                       PortRule<Discovery>{[](Discovery& to, std::uint16_t port) { to.port = port; }}},
    };
    return keys;
}

std::span<const Key<Camera>> camera_keys() {
    constexpr int day = 86'400;
    static const std::array keys{
        Key<Camera>{"cpu_budget", ShareRule<Camera>{&Camera::cpu_budget, 0.01, 1}},
        Key<Camera>{"hardware_decoding", TextRule<Camera>{[](Camera& to, std::string text) {
                                                              to.hardware_decoding = std::move(text);
                                                          },
                                                          check_hardware_decoding}},
        seconds("rtsps_silence_sec", &Camera::rtsps_silence, 1),
        seconds("jpeg_silence_sec", &Camera::jpeg_silence, 1),
        seconds("frozen_after_sec", &Camera::frozen_after, 1),
        Key<Camera>{"black_box", FlagRule<Camera>{[](Camera& to, bool on) { to.black_box = on; }}},
        Key<Camera>{"ring_sec", WholeRule<Camera>{&Camera::ring_sec, 10, day}},
        Key<Camera>{"ring_mb", WholeRule<Camera>{&Camera::ring_mb, 1, 4096}},
        Key<Camera>{"ring_total_mb", WholeRule<Camera>{&Camera::ring_total_mb, 1, 65'536}},
        Key<Camera>{"clip_before_sec", WholeRule<Camera>{&Camera::clip_before_sec, 1, 3600}},
        Key<Camera>{"clip_after_sec", WholeRule<Camera>{&Camera::clip_after_sec, 1, 600}},
        Key<Camera>{"clips_mb", WholeRule<Camera>{&Camera::clips_mb, 1, 10'000'000}},
    };
    return keys;
}

std::span<const Key<Dispatch>> dispatch_keys() {
    using Flag = FlagRule<Dispatch>;
    using Whole = WholeRule<Dispatch>;
    static const std::array keys{
        Key<Dispatch>{"require_plate_clear",
                      Flag{[](Dispatch& to, bool on) { to.require_plate_clear = on; }}},
        Key<Dispatch>{"parallel_uploads", Whole{&Dispatch::parallel_uploads, 1, 16}},
        Key<Dispatch>{"max_heating_watts", Whole{&Dispatch::max_heating_watts, 0, 100'000}},
        Key<Dispatch>{"plate_change_min", Whole{&Dispatch::plate_change_min, 0, 240}},
        Key<Dispatch>{"start_shown_sec", SecondsRule<Dispatch>{&Dispatch::start_shown, 5, 3600}},
        Key<Dispatch>{"start_shown_slow_sec", SecondsRule<Dispatch>{&Dispatch::start_shown_slow, 5, 3600}},
        Key<Dispatch>{"delete_after_print", Flag{[](Dispatch& to, bool on) { to.delete_after_print = on; }}},
        Key<Dispatch>{"most_humid_percent", Whole{&Dispatch::most_humid_percent, 1, 100}},
    };
    return keys;
}

std::span<const Key<Slicer>> slicer_keys() {
    using List = ListRule<Slicer>;
    using Texts = std::vector<std::string>;
    static const std::array keys{
        Key<Slicer>{"enabled", FlagRule<Slicer>{[](Slicer& to, bool on) { to.enabled = on; }}},
        Key<Slicer>{"preferred",
                    TextRule<Slicer>{[](Slicer& to, std::string text) { to.preferred = std::move(text); },
                                     check_slicer}},
        Key<Slicer>{"command_args", List{[](Slicer& to, Texts texts) { to.command_args = std::move(texts); },
                                         check_slicer_arguments}},
        Key<Slicer>{"orca_paths", List{[](Slicer& to, Texts texts) { to.orca_paths = std::move(texts); },
                                       check_plain_list}},
        Key<Slicer>{"bambu_paths", List{[](Slicer& to, Texts texts) { to.bambu_paths = std::move(texts); },
                                        check_plain_list}},
        Key<Slicer>{"max_wait_sec", WholeRule<Slicer>{&Slicer::max_wait_sec, 1, 86'400}},
    };
    return keys;
}

std::span<const Key<Alarms>> alarm_keys() {
    constexpr double day = 86'400;
    constexpr double longest_settle = 600;
    static const std::array keys{
        Key<Alarms>{"sound", FlagRule<Alarms>{[](Alarms& to, bool on) { to.sound = on; }}},
        Key<Alarms>{"volume_percent", WholeRule<Alarms>{&Alarms::volume_percent, 0, 100}},
        Key<Alarms>{"settle_sec", SecondsRule<Alarms>{&Alarms::settle, 0, longest_settle}},
        Key<Alarms>{"repeat_sec", SecondsRule<Alarms>{&Alarms::repeat, 1, day}},
        Key<Alarms>{"escalate_sec", SecondsRule<Alarms>{&Alarms::escalate, 1, day}},
    };
    return keys;
}

std::span<const Key<WebhookEntry>> webhook_keys() {
    using Entry = WebhookEntry;
    using Text = TextRule<Entry>;
    static const std::array keys{
        Key<Entry>{"url",
                   Text{[](Entry& to, std::string text) { to.webhook.url = Secret{std::move(text)}; },
                        check_web_url},
                   no_webhook_url},
        Key<Entry>{"header", Text{[](Entry& to, std::string text) { to.webhook.header = std::move(text); },
                                  check_header_name}},
        Key<Entry>{"secret_file",
                   Text{[](Entry& to, std::string text) { to.secret.file = std::move(text); }, check_plain}},
        Key<Entry>{"secret_env", Text{[](Entry& to, std::string text) { to.secret.env = std::move(text); },
                                      check_variable_name}},
    };
    return keys;
}

std::span<const Key<NtfyEntry>> ntfy_keys() {
    using Entry = NtfyEntry;
    using Text = TextRule<Entry>;
    static const std::array keys{
        Key<Entry>{"url",
                   Text{[](Entry& to, std::string text) { to.ntfy.url = std::move(text); }, check_web_url}},
        Key<Entry>{"topic",
                   Text{[](Entry& to, std::string text) { to.ntfy.topic = Secret{std::move(text)}; },
                        check_ntfy_topic},
                   no_topic},
        Key<Entry>{"token_file",
                   Text{[](Entry& to, std::string text) { to.token.file = std::move(text); }, check_plain}},
        Key<Entry>{"token_env", Text{[](Entry& to, std::string text) { to.token.env = std::move(text); },
                                     check_variable_name}},
    };
    return keys;
}

std::span<const Key<MqttEntry>> mqtt_keys() {
    using Entry = MqttEntry;
    using Text = TextRule<Entry>;
    static const std::array keys{
        Key<Entry>{"host",
                   Text{[](Entry& to, std::string text) { to.mqtt.host = std::move(text); }, check_host},
                   no_host},
        Key<Entry>{"port", PortRule<Entry>{[](Entry& to, std::uint16_t port) { to.mqtt.port = port; }}},
        Key<Entry>{"tls", FlagRule<Entry>{[](Entry& to, bool on) { to.mqtt.tls = on; }}},
        Key<Entry>{"user",
                   Text{[](Entry& to, std::string text) { to.mqtt.user = std::move(text); }, check_plain}},
        Key<Entry>{
            "password_file",
            Text{[](Entry& to, std::string text) { to.password.file = std::move(text); }, check_plain}},
        Key<Entry>{"password_env",
                   Text{[](Entry& to, std::string text) { to.password.env = std::move(text); },
                        check_variable_name}},
        Key<Entry>{"topic", Text{[](Entry& to, std::string text) { to.mqtt.topic = std::move(text); },
                                 check_mqtt_topic}},
    };
    return keys;
}

std::span<const Key<History>> history_keys() {
    static const std::array keys{
        Key<History>{"max_mb", WholeRule<History>{&History::max_mb, 8, 1'000'000}},
    };
    return keys;
}

std::span<const Key<ErrorTextFiles>> error_text_keys() {
    using Files = ErrorTextFiles;
    using Text = TextRule<Files>;
    static const std::array keys{
        Key<Files>{"language",
                   Text{[](Files& to, std::string text) { to.language = std::move(text); }, check_language}},
        Key<Files>{"file", Text{[](Files& to, std::string text) { to.file = std::move(text); },
                                check_plain_or_empty}},
        Key<Files>{"query_url",
                   Text{[](Files& to, std::string text) { to.query_url = Secret{std::move(text)}; },
                        check_query_url}},
    };
    return keys;
}

std::span<const Key<Http>> http_keys() {
    using Text = TextRule<Http>;
    using Flag = FlagRule<Http>;
    constexpr int highest_port = 65'535;
    static const std::array keys{
        Key<Http>{"enabled", Flag{[](Http& to, bool on) { to.enabled = on; }}},
        Key<Http>{"host", Text{[](Http& to, std::string text) { to.host = std::move(text); }, check_host}},
        Key<Http>{"port", WholeRule<Http>{&Http::port, 0, highest_port}},
        Key<Http>{"allow_unauthenticated_lan",
                  Flag{[](Http& to, bool on) { to.allow_unauthenticated_lan = on; }}},
        Key<Http>{"realm", Text{[](Http& to, std::string text) { to.realm = std::move(text); }, check_realm}},
        Key<Http>{"tls", Text{[](Http& to, std::string text) { to.tls = std::move(text); }, check_tls}},
        Key<Http>{"tls_cert",
                  Text{[](Http& to, std::string text) { to.tls_cert = std::move(text); }, check_plain}},
        Key<Http>{"tls_key",
                  Text{[](Http& to, std::string text) { to.tls_key = std::move(text); }, check_plain}},
        Key<Http>{"max_upload_mb", WholeRule<Http>{&Http::max_upload_mb, 1, 100'000}},
    };
    return keys;
}

std::span<const Key<AccountEntry>> account_keys() {
    using Entry = AccountEntry;
    using Text = TextRule<Entry>;
    static const std::array keys{
        Key<Entry>{
            "name",
            Text{[](Entry& to, std::string text) { to.account.name = std::move(text); }, check_account_name},
            no_account_name},
        Key<Entry>{"role",
                   Text{[](Entry& to, std::string text) { to.account.role = std::move(text); }, check_role}},
        Key<Entry>{"password_hash",
                   Text{[](Entry& to, std::string text) { to.password_hash = std::move(text); },
                        check_password_hash}},
        Key<Entry>{
            "password_file",
            Text{[](Entry& to, std::string text) { to.password.file = std::move(text); }, check_plain}},
        Key<Entry>{"password_env",
                   Text{[](Entry& to, std::string text) { to.password.env = std::move(text); },
                        check_variable_name}},
        Key<Entry>{"token_hash", Text{[](Entry& to, std::string text) { to.token_hash = std::move(text); },
                                      check_password_hash}},
        Key<Entry>{"token_file",
                   Text{[](Entry& to, std::string text) { to.token.file = std::move(text); }, check_plain}},
        Key<Entry>{"token_env", Text{[](Entry& to, std::string text) { to.token.env = std::move(text); },
                                     check_variable_name}},
    };
    return keys;
}

std::span<const Key<PrinterEntry>> printer_keys() {
    using Entry = PrinterEntry;
    using Text = TextRule<Entry>;
    using Port = PortRule<Entry>;
    using Flag = FlagRule<Entry>;
    static const std::array keys{
        Key<Entry>{
            "id",
            Text{[](Entry& to, std::string text) { to.printer.id = PrinterId{std::move(text)}; }, check_id},
            no_id},
        Key<Entry>{"name",
                   Text{[](Entry& to, std::string text) { to.printer.name = std::move(text); }, check_name}},
        Key<Entry>{
            "printer_ip",
            Text{[](Entry& to, std::string text) { to.printer.printer_ip = std::move(text); }, check_ipv4},
            no_address},
        Key<Entry>{"mqtt_port", Port{[](Entry& to, std::uint16_t port) { to.printer.mqtt_port = port; }}},
        Key<Entry>{"ftps_port", Port{[](Entry& to, std::uint16_t port) { to.printer.ftps_port = port; }}},
        Key<Entry>{"serial",
                   Text{[](Entry& to, std::string text) { to.printer.serial = Serial{std::move(text)}; },
                        check_serial},
                   no_serial},
        Key<Entry>{"access_code", Text{[](Entry& to, std::string text) { to.access_code = std::move(text); },
                                       check_access_code}},
        Key<Entry>{
            "access_code_file",
            Text{[](Entry& to, std::string text) { to.access_code_file = std::move(text); }, check_plain}},
        Key<Entry>{"access_code_env",
                   Text{[](Entry& to, std::string text) { to.access_code_env = std::move(text); },
                        check_variable_name}},
        // The other texts are kept, so `put` takes its text by value.
        // NOLINTNEXTLINE(performance-unnecessary-value-param)
        Key<Entry>{"model", Text{[](Entry& to, std::string text) {
                                     to.printer.model = model_from_text(text).value_or(PrinterModel::unknown);
                                 },
                                 check_model}},
        Key<Entry>{"maintenance", Flag{[](Entry& to, bool on) { to.printer.maintenance = on; }}},
        Key<Entry>{"auto_clear", Flag{[](Entry& to, bool on) { to.printer.auto_clear = on; }}},
        Key<Entry>{"tags", ListRule<Entry>{[](Entry& to, std::vector<std::string> texts) {
                                               to.printer.tags = std::move(texts);
                                           },
                                           check_tags}},
        Key<Entry>{"camera_enabled", Flag{[](Entry& to, bool on) { to.printer.camera_enabled = on; }}},
        Key<Entry>{"camera_protocol",
                   Text{[](Entry& to, std::string text) { to.printer.camera_protocol = std::move(text); },
                        check_camera_protocol}},
        Key<Entry>{"camera_port", Port{[](Entry& to, std::uint16_t port) { to.printer.camera_port = port; }}},
        Key<Entry>{"camera_path",
                   Text{[](Entry& to, std::string text) { to.printer.camera_path = std::move(text); },
                        check_camera_path}},
        Key<Entry>{
            "camera_user",
            Text{[](Entry& to, std::string text) { to.printer.camera_user = std::move(text); }, check_plain}},
        Key<Entry>{"camera_url",
                   Text{[](Entry& to, std::string text) { to.printer.camera_url = Secret{std::move(text)}; },
                        check_camera_url}},
    };
    return keys;
}

const std::vector<SectionNames>& all_names() {
    static const std::vector<SectionNames> names{
        names_of<SectionNames>("", top_keys()),
        names_of<SectionNames>("link", link_keys()),
        names_of<SectionNames>("discovery", discovery_keys()),
        names_of<SectionNames>("camera", camera_keys()),
        names_of<SectionNames>("dispatch", dispatch_keys()),
        names_of<SectionNames>("slicer", slicer_keys()),
        names_of<SectionNames>("alarms", alarm_keys()),
        names_of<SectionNames>("alarms.webhook", webhook_keys()),
        names_of<SectionNames>("alarms.ntfy", ntfy_keys()),
        names_of<SectionNames>("alarms.mqtt", mqtt_keys()),
        names_of<SectionNames>("history", history_keys()),
        names_of<SectionNames>("error_texts", error_text_keys()),
        names_of<SectionNames>("http", http_keys()),
        names_of<SectionNames>("http.accounts", account_keys()),
        names_of<SectionNames>("printers", printer_keys()),
    };
    return names;
}

bool is_section(std::string_view name) {
    return !name.empty() && std::any_of(all_names().begin(), all_names().end(),
                                        [&](const SectionNames& known) { return known.section == name; });
}

bool holds_secret(std::string_view key) {
    return key.starts_with("access_code") || key.ends_with("_hash") || key == "camera_url" || key == "url" ||
           key == "query_url";
}

}  // namespace farmwall::config
