#include "config/document.hpp"

#include <toml++/toml.h>

#include <algorithm>
#include <limits>
#include <optional>

#include "base/text.hpp"

namespace farmwall::config {
namespace {

constexpr int most_syntax_problems = 50;

int line_of(const toml::source_region& region) {
    return static_cast<int>(std::min<std::int64_t>(region.begin.line, std::numeric_limits<int>::max()));
}

Node convert(const toml::node& from);

Node convert_table(const toml::table& from) {
    Node out;
    for (auto&& [key, value] : from) {
        out.members.push_back({std::string{key.str()}, line_of(key.source()), convert(value)});
    }
    std::stable_sort(out.members.begin(), out.members.end(),
                     [](const Member& a, const Member& b) { return a.line < b.line; });
    return out;
}

Node convert(const toml::node& from) {
    Node out;
    if (const auto* table = from.as_table()) {
        out = convert_table(*table);
    } else if (const auto* array = from.as_array()) {
        out.kind = Node::Kind::list;
        for (const toml::node& item : *array)
            out.items.push_back(convert(item));
    } else if (const auto* text = from.as_string()) {
        out.kind = Node::Kind::text;
        out.text = text->get();
    } else if (const auto* whole = from.as_integer()) {
        out.kind = Node::Kind::whole;
        out.whole = whole->get();
    } else if (const auto* decimal = from.as_floating_point()) {
        out.kind = Node::Kind::decimal;
        out.decimal = decimal->get();
    } else if (const auto* flag = from.as_boolean()) {
        out.kind = Node::Kind::flag;
        out.flag = flag->get();
    } else {
        out.kind = Node::Kind::date;
    }
    out.line = line_of(from.source());
    return out;
}

struct LineRange {
    std::size_t begin = 0;
    std::size_t length = 0;
};

std::optional<LineRange> find_line(std::string_view text, int number) {
    std::size_t begin = 0;
    for (int line = 1; line < number; ++line) {
        begin = text.find('\n', begin);
        if (begin == std::string_view::npos) return std::nullopt;
        ++begin;
    }
    return LineRange{begin, std::min(text.find('\n', begin), text.size()) - begin};
}

bool is_toml(std::string_view text) {
    try {
        static_cast<void>(toml::parse(text));
        return true;
    } catch (const toml::parse_error&) {
        return false;  // the caller has reported this text already
    }
}

bool contains(std::string_view text, std::string_view part) {
    return text.find(part) != std::string_view::npos;
}

// What the library calls the trouble, as a sentence about the file. The library's own words may
// quote the file, and so an access code: none of them is passed on.
std::string explain_value(std::string_view value) {
    if (value.empty() || value.front() == '#') {
        return "There is no value after the '='; a text stands in double quotes";
    }
    if (value.front() == '"' || value.front() == '\'') {
        return "A text begins and ends with the same quote on one line, and only a # comment may follow it";
    }
    if (value.front() == '[' || value.front() == '{') {
        return "A list is written [\"one\", \"two\"]: a comma between the values, a ']' at its end";
    }
    const std::string lower = to_lower(value.substr(0, value.find_first_of(" \t#")));
    if (lower == "true" || lower == "false" || lower == "yes" || lower == "no" || lower == "on" ||
        lower == "off") {
        return "A switch is written true or false, in lower case and without quotes";
    }
    return "This value is neither a number nor true or false; a text, such as an address, a serial or a "
           "model, "
           "stands in double quotes";
}

bool has_control_character(std::string_view line) {
    return std::any_of(line.begin(), line.end(), [](char c) {
        const auto byte = static_cast<unsigned char>(c);
        return (byte < 0x20 && c != '\t' && c != '\r') || byte == 0x7F;
    });
}

// The bare key at the front of a line; empty when there is none.
std::string_view bare_key(std::string_view line) {
    constexpr std::string_view allowed = "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789_-";
    return line.substr(0, std::min(line.find_first_not_of(allowed), line.size()));
}

std::string explain_key_line(std::string_view line) {
    const auto equals = line.find('=');
    if (equals == std::string_view::npos) return "This line is neither key = value nor a [section]";
    if (equals == 0 || bare_key(line) != trim(line.substr(0, equals))) {
        return "What stands before the '=' is not a key: a key has letters, digits, '_' and '-'";
    }
    return explain_value(trim(line.substr(equals + 1)));
}

// `alone`: the line is good TOML by itself.
std::string explain(std::string_view description, std::string_view line, bool alone) {
    line = trim(line);
    const bool header = line.starts_with('[');
    if (contains(description, "redefine")) {
        return header
                   ? "This section stands in the file already; each is given once, only [[printers]] repeats"
                   : "This key is given already; each is given once";
    }
    if (!is_valid_utf8(line)) return "This line is not UTF-8 text; save the file as UTF-8";
    if (has_control_character(line)) return "A control character stands in this line; remove it";
    if (contains(line, "\\") &&
        (contains(description, "escape") || contains(description, "unicode scalar"))) {
        return "A backslash in \"…\" begins an escape; write \\\\ for a backslash, or put the text in "
               "'single quotes'";
    }
    if (contains(description, "maximum nested")) return "Lists or tables are nested too deeply";
    if (contains(description, "not representable")) return "This number has too many digits";
    if (alone) return "A text or list that began above does not end";
    if (header)
        return "A section is written [name], and each printer begins with [[printers]], alone on its line";
    if (contains(description, "parsing array")) return explain_value("[");
    return explain_key_line(line);
}

// Blanks a line that is wrong whatever stands around it, and gives the key it would have set; nothing
// when the trouble may have begun elsewhere.
std::optional<std::string> leave_out(std::string& text, LineRange range, std::string_view description,
                                     bool alone) {
    const std::string_view line = trim(std::string_view{text}.substr(range.begin, range.length));
    const bool names_key = contains(description, "key-value pair");
    if (line.empty() || line.starts_with('[')) return std::nullopt;
    if (!names_key && line.find('=') == std::string_view::npos) return std::nullopt;
    if (alone && !contains(description, "redefine")) return std::nullopt;
    std::string key{bare_key(line)};
    text.replace(range.begin, range.length, range.length, ' ');
    return key;
}

}  // namespace

const Node* find(const Node& table, std::string_view key) {
    const auto found = std::find_if(table.members.begin(), table.members.end(),
                                    [&](const Member& member) { return member.key == key; });
    return found == table.members.end() ? nullptr : &found->value;
}

std::string_view kind_words(Node::Kind kind) {
    switch (kind) {
        case Node::Kind::text:
            return "text";
        case Node::Kind::whole:
            return "a whole number";
        case Node::Kind::decimal:
            return "a decimal number";
        case Node::Kind::flag:
            return "true or false";
        case Node::Kind::date:
            return "a date or time";
        case Node::Kind::list:
            return "a list";
        case Node::Kind::table:
            return "a section";
    }
    return "something else";
}

Document read_toml(std::string text) {
    Document out;
    while (true) {
        try {
            out.root = convert_table(toml::parse(std::string_view{text}));
            return out;
        } catch (const toml::parse_error& problem) {
            const int line = std::max(1, line_of(problem.source()));
            const auto range = find_line(text, line);
            const std::string content{range ? text.substr(range->begin, range->length) : std::string{}};
            const std::string description{problem.description()};
            const bool alone = is_toml(content);
            SyntaxProblem found{line, {}, explain(description, content, alone)};
            const bool go_on = range && out.problems.size() + 1 < most_syntax_problems;
            const auto key = go_on ? leave_out(text, *range, description, alone) : std::nullopt;
            found.key = key.value_or("");
            out.problems.push_back(std::move(found));
            if (key) continue;
            out.readable = false;
            return out;
        }
    }
}

}  // namespace farmwall::config
