#include "config/checks.hpp"

#include <algorithm>
#include <array>

#include "base/text.hpp"
#include "config/findings.hpp"
#include "model/printer_model.hpp"

namespace farmwall::config {
namespace {

constexpr std::size_t longest_id = 64;
constexpr std::size_t longest_name_bytes = 80;
constexpr std::size_t shortest_serial = 8;
constexpr std::size_t longest_serial = 32;
constexpr std::size_t longest_access_code = 32;  // the field of the JPEG camera's login
constexpr std::array<std::string_view, 4> camera_protocols{"rtsps", "rtsp", "http", "jpeg"};
constexpr std::array<std::string_view, 5> hardware{"auto", "off", "vaapi", "v4l2", "d3d11"};
constexpr std::array<std::string_view, 2> slicers{"orca", "bambu"};
constexpr std::array<std::string_view, 5> placeholders{"{exe}", "{input}", "{output}", "{outdir}", "{base}"};
constexpr std::array<std::string_view, 3> roles{"viewer", "operator", "engineer"};
constexpr std::size_t most_tags = 16;
constexpr std::size_t longest_tag = 32;

bool is_lower(char c) { return c >= 'a' && c <= 'z'; }
bool is_upper(char c) { return c >= 'A' && c <= 'Z'; }
bool is_digit(char c) { return c >= '0' && c <= '9'; }

template <class Allowed>
std::size_t first_wrong(std::string_view text, Allowed allowed) {
    return static_cast<std::size_t>(std::find_if_not(text.begin(), text.end(), allowed) - text.begin());
}

std::string found_at(std::string_view text, std::size_t at) {
    return (text[at] == ' ' ? "a space at position " : "another character at position ") +
           std::to_string(at + 1);
}

template <std::size_t Count>
std::string check_one_of(std::string_view text, const std::array<std::string_view, Count>& allowed) {
    if (std::find(allowed.begin(), allowed.end(), text) != allowed.end()) return {};
    return "This is not known here; allowed are " + comma_list({allowed.begin(), allowed.end()});
}

std::string with_nearest(std::string sentence, std::string_view word,
                         const std::vector<std::string_view>& known) {
    const std::string_view likely = nearest(word.substr(0, 64), known);
    if (!likely.empty()) sentence.append("; did you mean ").append(likely).append("?");
    return sentence;
}

// The first of a list that is wrong.
template <class Check>
std::string check_each(const std::vector<std::string>& texts, Check check) {
    for (std::size_t i = 0; i < texts.size(); ++i) {
        const std::string wrong = check(texts[i]);
        if (!wrong.empty()) return "In value " + std::to_string(i + 1) + " of the list: " + wrong;
    }
    return {};
}

std::string check_slicer_argument(std::string_view text) {
    if (std::string wrong = check_plain(text); !wrong.empty()) return wrong;
    for (auto open = text.find('{'); open != std::string_view::npos; open = text.find('{', open + 1)) {
        const bool known = std::any_of(placeholders.begin(), placeholders.end(), [&](std::string_view name) {
            return text.substr(open).starts_with(name);
        });
        if (!known) {
            return "There is a {...} that is not known, or a { without its end; allowed are " +
                   comma_list({placeholders.begin(), placeholders.end()});
        }
    }
    return {};
}

std::string check_tag(std::string_view tag) {
    const bool good = !tag.empty() && tag.size() <= longest_tag && first_wrong(tag, [](char c) {
                                                                       return is_lower(c) || is_upper(c) ||
                                                                              is_digit(c) || c == '.' ||
                                                                              c == '_' || c == '-';
                                                                   }) == tag.size();
    return good ? "" : "A tag has 1 to 32 of the characters A-Z a-z 0-9 . _ -";
}

// `address` has digits and dots only, in four parts: no access code looks so, it may be shown.
std::string check_ipv4_part(std::string_view address, std::string_view part, int number) {
    const auto wrong = [&](std::string_view what) {
        return "Part " + std::to_string(number) + " of " + std::string{address} + " " + std::string{what} +
               "; the four parts are numbers from 0 to 255";
    };
    if (part.empty()) return wrong("is empty");
    if (part.size() > 1 && part.front() == '0') return wrong("has a leading zero");
    if (parse_int(part).value_or(256) > 255) return wrong("is larger than 255");
    return {};
}

}  // namespace

std::string check_plain(std::string_view text) {
    if (trim(text).empty()) return "This is empty; give a value or leave the key out";
    const bool control = std::any_of(
        text.begin(), text.end(), [](char c) { return static_cast<unsigned char>(c) < 0x20 || c == 0x7F; });
    return control ? "There is a control character in this text; remove it" : "";
}

std::string check_plain_or_empty(std::string_view text) { return text.empty() ? "" : check_plain(text); }

std::string check_web_url(std::string_view url) {
    const std::string scheme = to_lower(url.substr(0, 8));
    const std::size_t start = scheme.starts_with("https://") ? 8 : (scheme.starts_with("http://") ? 7 : 0);
    if (start == 0 || url.size() == start || url[start] == '/') {
        return "This address begins with https:// or http:// and the name of a server";
    }
    if (first_wrong(url, [](char c) { return c > ' ' && c < 0x7F; }) != url.size()) {
        return "There is a space or another character that no address has; write it as %20 or the like";
    }
    return {};
}

std::string check_query_url(std::string_view url) {
    std::string wrong = check_web_url(url);
    if (wrong.empty() && url.find("{lang}") == std::string_view::npos) {
        wrong = "There is no {lang} in this address; it stands where the language goes";
    }
    return wrong;
}

std::string check_header_name(std::string_view name) {
    const std::size_t wrong = first_wrong(
        name, [](char c) { return is_lower(c) || is_upper(c) || is_digit(c) || c == '-' || c == '_'; });
    if (!name.empty() && name.size() <= longest_id && wrong == name.size()) return {};
    return "The name of a header has 1 to 64 letters, digits, '-' and '_', such as Authorization";
}

std::string check_host(std::string_view host) {
    constexpr std::size_t longest_host = 253;
    constexpr std::string_view rule = "write the name or address of the machine alone, such as broker.lan";
    if (host.empty()) return "This is empty; " + std::string{rule};
    if (host.find("://") != std::string_view::npos) return "This is a URL; " + std::string{rule};
    if (std::count(host.begin(), host.end(), ':') == 1) {
        return "A port stands after the name; give it as port";
    }
    const std::size_t wrong = first_wrong(host, [](char c) {
        return is_lower(c) || is_upper(c) || is_digit(c) || c == '.' || c == '-' || c == '_' || c == ':';
    });
    if (wrong != host.size()) return "There is " + found_at(host, wrong) + "; " + std::string{rule};
    if (host.size() > longest_host) return "This is too long for a name; " + std::string{rule};
    return {};
}

std::string check_ntfy_topic(std::string_view topic) {
    const std::size_t wrong = first_wrong(
        topic, [](char c) { return is_lower(c) || is_upper(c) || is_digit(c) || c == '-' || c == '_'; });
    if (!topic.empty() && topic.size() <= longest_id && wrong == topic.size()) return {};
    return "A topic has 1 to 64 of the characters A-Z a-z 0-9 _ -";
}

std::string check_mqtt_topic(std::string_view topic) {
    constexpr std::size_t longest_topic = 200;
    if (topic.find_first_of("+#") != std::string_view::npos) {
        return "A topic to publish to has no '+' and no '#'";
    }
    if (topic.starts_with('/') || topic.ends_with('/')) return "A topic neither begins nor ends with '/'";
    if (topic.starts_with('$')) return "Topics that begin with '$' are the broker's own";
    if (topic.size() > longest_topic)
        return "A topic has at most " + std::to_string(longest_topic) + " bytes";
    return check_plain(topic);
}

std::string check_language(std::string_view language) {
    constexpr std::size_t longest_language = 16;
    const std::size_t wrong = first_wrong(
        language, [](char c) { return is_lower(c) || is_upper(c) || is_digit(c) || c == '-' || c == '_'; });
    const bool good = language.size() >= 2 && language.size() <= longest_language && wrong == language.size();
    return good ? ""
                : "A language is its short name of 2 to 16 letters, digits, '-' and '_', such as en or zh-cn";
}

std::string check_secret(std::string_view secret) {
    constexpr std::size_t longest_secret = 1024;
    if (trim(secret).empty()) return "it is empty";
    if (first_wrong(secret, [](char c) { return c >= ' ' && c < 0x7F; }) != secret.size()) {
        return "there is a character in it that is not visible ASCII";
    }
    return secret.size() > longest_secret ? "it is longer than 1024 bytes" : "";
}

std::string check_name(std::string_view text) {
    if (text.size() > longest_name_bytes)
        return "A name has at most " + std::to_string(longest_name_bytes) + " bytes";
    return check_plain(text);
}

std::string check_id(std::string_view id) {
    constexpr std::string_view rule = "an id has 1 to 64 of the characters A-Z a-z 0-9 . _ -";
    const std::size_t wrong = first_wrong(id, [](char c) {
        return is_lower(c) || is_upper(c) || is_digit(c) || c == '.' || c == '_' || c == '-';
    });
    if (wrong < id.size()) return "There is " + found_at(id, wrong) + "; " + std::string{rule};
    if (id.empty()) return "This is empty; " + std::string{rule};
    if (id.size() > longest_id)
        return "This has " + std::to_string(id.size()) + " characters; " + std::string{rule};
    if (id.find_first_not_of('.') == std::string_view::npos) return "An id has more than dots";
    return {};
}

std::string check_ipv4(std::string_view address) {
    constexpr std::string_view rule = "write the printer's IPv4 address, four numbers such as 192.168.1.20";
    if (address.empty()) return "This is empty; " + std::string{rule};
    if (address.find("://") != std::string_view::npos) return "This is a URL; " + std::string{rule};
    const auto colon = address.find(':');
    if (colon != std::string_view::npos && is_ipv4(address.substr(0, colon))) {
        return "A port stands after the address; give it as mqtt_port";
    }
    if (first_wrong(address, [](char c) { return is_digit(c) || c == '.'; }) != address.size()) {
        return "This is not an IPv4 address, and host names are not looked up; " + std::string{rule};
    }
    constexpr std::size_t longest_shown = 32;
    if (address.size() > longest_shown) return "This is too long for an address; " + std::string{rule};
    const auto parts = 1 + std::count(address.begin(), address.end(), '.');
    if (parts != 4) {
        return "An IPv4 address has four parts and this has " + std::to_string(parts) + "; " +
               std::string{rule};
    }
    std::string_view rest = address;
    for (int number = 1; number <= 4; ++number) {
        const auto dot = std::min(rest.find('.'), rest.size());
        std::string wrong = check_ipv4_part(address, rest.substr(0, dot), number);
        if (!wrong.empty()) return wrong;
        rest.remove_prefix(std::min(dot + 1, rest.size()));
    }
    const auto first = parse_int(address.substr(0, address.find('.'))).value_or(0);
    if (first == 0 || first >= 224) return "No single machine has such an address; " + std::string{rule};
    return {};
}

std::string check_serial(std::string_view serial) {
    const std::string rule = "a serial has 15 digits and upper-case letters; " + std::string{serial_hint};
    if (serial.empty()) return "This is empty; " + rule;
    const std::size_t wrong =
        first_wrong(serial, [](char c) { return is_lower(c) || is_upper(c) || is_digit(c); });
    if (wrong < serial.size()) return "There is " + found_at(serial, wrong) + "; " + rule;
    if (std::any_of(serial.begin(), serial.end(), is_lower)) {
        return "A serial is case-sensitive and has no lower-case letters; write it as on the printer's "
               "screen";
    }
    if (serial.size() < shortest_serial || serial.size() > longest_serial) {
        return "This has " + std::to_string(serial.size()) + " characters; " + rule;
    }
    return {};
}

std::string check_access_code(std::string_view code) {
    if (trim(code).empty()) return "The access code is empty; " + std::string{access_code_hint};
    if (first_wrong(code, [](char c) { return c > 0x20 && c < 0x7F; }) != code.size()) {
        return "There is a space or another character that no access code has; " +
               std::string{access_code_hint};
    }
    if (code.size() > longest_access_code)
        return "This is longer than an access code; " + std::string{access_code_hint};
    return {};
}

std::string check_model(std::string_view text) {
    if (model_from_text(text)) return {};
    return with_nearest("This model is not known; allowed are " + comma_list(model_keys()), text,
                        model_keys());
}

std::string check_camera_protocol(std::string_view text) { return check_one_of(text, camera_protocols); }

std::string check_camera_path(std::string_view path) {
    if (!path.starts_with('/')) return "A camera path begins with '/'";
    return check_plain(path);
}

std::string check_camera_url(std::string_view url) {
    constexpr std::array<std::string_view, 4> schemes{"rtsps://", "rtsp://", "http://", "https://"};
    const bool known = std::any_of(schemes.begin(), schemes.end(), [&](std::string_view scheme) {
        return url.starts_with(scheme) && url.size() > scheme.size();
    });
    if (!known) return "A camera URL begins with one of " + comma_list({schemes.begin(), schemes.end()});
    if (first_wrong(url, [](char c) { return c != ' '; }) != url.size()) {
        return "There is a space in this URL; write it as %20";
    }
    return check_plain(url);
}

std::string check_hardware_decoding(std::string_view name) { return check_one_of(name, hardware); }

std::string check_slicer(std::string_view name) { return check_one_of(name, slicers); }

std::string check_slicer_arguments(const std::vector<std::string>& arguments) {
    return check_each(arguments, check_slicer_argument);
}

std::string check_plain_list(const std::vector<std::string>& texts) { return check_each(texts, check_plain); }

std::string check_tags(const std::vector<std::string>& tags) {
    if (tags.size() > most_tags) return "A printer has at most 16 tags";
    if (std::string wrong = check_each(tags, check_tag); !wrong.empty()) return wrong;
    for (std::size_t i = 1; i < tags.size(); ++i) {
        const auto here = tags.begin() + static_cast<std::ptrdiff_t>(i);
        if (std::find(tags.begin(), here, tags[i]) != here)
            return "Value " + std::to_string(i + 1) + " of the list stands there already; give each tag once";
    }
    return {};
}

std::string check_account_name(std::string_view name) {
    constexpr std::size_t longest = 64;
    const std::size_t wrong = first_wrong(name, [](char c) {
        return is_lower(c) || is_upper(c) || is_digit(c) || c == '.' || c == '-' || c == '_' || c == '@';
    });
    if (!name.empty() && wrong == name.size() && name.size() <= longest) return {};
    return "An account's name is 1 to 64 of A-Z a-z 0-9 . _ - @";
}

std::string check_role(std::string_view role) { return check_one_of(role, roles); }

std::string check_tls(std::string_view tls) {
    if (tls == "self-signed") return {};
    return "Allowed is self-signed; a certificate of your own is given by tls_cert and tls_key";
}

std::string check_realm(std::string_view realm) {
    constexpr std::size_t longest = 64;
    const std::size_t wrong =
        first_wrong(realm, [](char c) { return c >= ' ' && c < 0x7F && c != '"' && c != '\\'; });
    if (!realm.empty() && wrong == realm.size() && realm.size() <= longest) return {};
    return "A realm is 1 to 64 visible ASCII characters without quotes and backslashes";
}

std::string check_password_hash(std::string_view hash) {
    constexpr std::string_view scheme = "pbkdf2-sha256$";
    const bool good = hash.starts_with(scheme) && std::count(hash.begin(), hash.end(), '$') == 3 &&
                      hash.size() < 300 &&
                      first_wrong(hash, [](char c) { return c > ' ' && c < 0x7F; }) == hash.size();
    return good ? "" : "This is no hash; farmwall --hash-password prints one";
}

std::string check_variable_name(std::string_view name) {
    const bool good = !name.empty() && !is_digit(name.front()) && first_wrong(name, [](char c) {
                                                                      return is_lower(c) || is_upper(c) ||
                                                                             is_digit(c) || c == '_';
                                                                  }) == name.size();
    return good ? ""
                : "This is not the name of an environment variable: letters, digits and '_', no digit first";
}

std::vector<std::string_view> model_keys() {
    std::vector<std::string_view> keys;
    for (const ModelInfo& info : all_models())
        keys.push_back(info.key);
    return keys;
}

}  // namespace farmwall::config
