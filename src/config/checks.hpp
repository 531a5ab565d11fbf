#pragma once

#include <string>
#include <string_view>
#include <vector>

namespace farmwall::config {

// What is wrong with a value, and what is allowed, as one sentence; empty when nothing is. No
// sentence repeats the value: people paste access codes into the wrong key.

[[nodiscard]] std::string check_plain(std::string_view text);  // not empty, no control characters
[[nodiscard]] std::string check_name(std::string_view text);   // and at most 80 bytes
[[nodiscard]] std::string check_plain_or_empty(std::string_view text);
[[nodiscard]] std::string check_web_url(std::string_view url);       // http or https
[[nodiscard]] std::string check_query_url(std::string_view url);     // and {lang} in it
[[nodiscard]] std::string check_header_name(std::string_view name);  // of HTTP
[[nodiscard]] std::string check_host(std::string_view host);         // a name or an address, no port
[[nodiscard]] std::string check_ntfy_topic(std::string_view topic);  // [A-Za-z0-9_-]{1,64}
[[nodiscard]] std::string check_mqtt_topic(std::string_view topic);  // to publish to
// The name of a language as the vendor's service has it, fit for a file name: [A-Za-z0-9_-]{2,16}
[[nodiscard]] std::string check_language(std::string_view language);
// A token or password: 1 to 1024 bytes of visible ASCII and blanks inside.
[[nodiscard]] std::string check_secret(std::string_view secret);
[[nodiscard]] std::string check_id(std::string_view id);  // [A-Za-z0-9._-]{1,64}, not only dots
[[nodiscard]] std::string check_ipv4(std::string_view address);
[[nodiscard]] std::string check_serial(std::string_view serial);  // 8 to 32 upper-case letters and digits
[[nodiscard]] std::string check_access_code(
    std::string_view code);  // 1 to 32 bytes of visible ASCII (protocol 10.2)
[[nodiscard]] std::string check_model(std::string_view text);  // something model_from_text knows
[[nodiscard]] std::string check_camera_protocol(std::string_view text);
[[nodiscard]] std::string check_camera_path(std::string_view path);
[[nodiscard]] std::string check_camera_url(std::string_view url);
[[nodiscard]] std::string check_hardware_decoding(std::string_view name);
[[nodiscard]] std::string check_slicer(std::string_view name);
// Arguments of an external slicer, in which only {exe}, {input}, {output}, {outdir} and {base} are filled in.
[[nodiscard]] std::string check_slicer_arguments(const std::vector<std::string>& arguments);
[[nodiscard]] std::string check_plain_list(const std::vector<std::string>& texts);  // check_plain for each
// At most 16, each [A-Za-z0-9._-]{1,32}, none twice.
[[nodiscard]] std::string check_tags(const std::vector<std::string>& tags);
// Of an account of the HTTP API: [A-Za-z0-9._@-]{1,64}
[[nodiscard]] std::string check_account_name(std::string_view name);
[[nodiscard]] std::string check_role(std::string_view role);
[[nodiscard]] std::string check_tls(std::string_view tls);
[[nodiscard]] std::string check_realm(std::string_view realm);  // fit for a header: no quotes
// As --hash-password prints it.
[[nodiscard]] std::string check_password_hash(std::string_view hash);
[[nodiscard]] std::string check_variable_name(std::string_view name);  // of the environment

// The keys of all known models, for "allowed are …".
[[nodiscard]] std::vector<std::string_view> model_keys();

// Where a person finds the access code, the serial and the address.
inline constexpr std::string_view access_code_hint =
    "it is on the printer's screen under Settings, WLAN or LAN Only Mode, and changes when that mode is "
    "switched";
inline constexpr std::string_view serial_hint = "it is on the printer's screen under Settings, Device";

}  // namespace farmwall::config
