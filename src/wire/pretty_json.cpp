#include "wire/pretty_json.hpp"

#include <fmt/format.h>

#include "base/text.hpp"

namespace farmwall::wire {
namespace {

// One past the closing quote of the string that begins at `at`.
std::size_t string_end(std::string_view json, std::size_t at) {
    for (++at; at < json.size() && json[at] != '"'; ++at) {
        if (json[at] == '\\') ++at;
    }
    return at + 1;
}

std::string_view scalar_at(std::string_view json, std::size_t at) {
    const std::size_t end = json[at] == '"' ? string_end(json, at) : json.find_first_of(",:]}", at);
    return json.substr(at, end == std::string_view::npos ? end : end - at);
}

void append_scalar(std::string& out, std::string_view scalar) {
    const bool exponent = scalar.front() != '"' && scalar.find('E') != std::string_view::npos;
    const auto number = exponent ? parse_double(scalar) : std::nullopt;
    if (number) {
        out += fmt::format("{}", *number);
    } else {
        out += scalar;
    }
}

}  // namespace

std::string pretty(std::string_view compact_json) {
    std::string out;
    std::size_t depth = 0;
    const auto new_line = [&] {
        out += '\n';
        out.append(depth * 2, ' ');
    };
    for (std::size_t at = 0; at < compact_json.size();) {
        const char c = compact_json[at];
        if (c == '{' || c == '[') {
            out += c;
            ++at;
            if (at < compact_json.size() && (compact_json[at] == '}' || compact_json[at] == ']')) {
                out += compact_json[at++];
                continue;
            }
            ++depth;
            new_line();
        } else if (c == '}' || c == ']') {
            --depth;
            new_line();
            out += c;
            ++at;
        } else if (c == ',') {
            out += c;
            ++at;
            new_line();
        } else if (c == ':') {
            out += ": ";
            ++at;
        } else {
            const std::string_view scalar = scalar_at(compact_json, at);
            append_scalar(out, scalar);
            at += scalar.size();
        }
    }
    return out;
}

}  // namespace farmwall::wire
