#include <fmt/format.h>

#include <algorithm>
#include <boost/json.hpp>
#include <cmath>
#include <limits>
#include <optional>

#include "base/text.hpp"
#include "config/config.hpp"
#include "config/document.hpp"
#include "config/findings.hpp"
#include "config/keys.hpp"
#include "config/reader.hpp"
#include "config/section.hpp"

namespace farmwall::config {
namespace {

namespace json = boost::json;

std::string_view kind_words(const json::value& value) {
    switch (value.kind()) {
        case json::kind::string:
            return "text";
        case json::kind::int64:
        case json::kind::uint64:
        case json::kind::double_:
            return "a number";
        case json::kind::bool_:
            return "true or false";
        case json::kind::array:
            return "a list";
        case json::kind::object:
            return "an object";
        case json::kind::null:
            return "null";
    }
    return "something else";
}

std::string_view view(const json::string& text) { return {text.data(), text.size()}; }

// The value as a TOML basic string.
std::string toml_string(std::string_view text) {
    std::string out = "\"";
    for (const char c : text) {
        if (c == '"' || c == '\\') {
            out += '\\';
            out += c;
        } else if (static_cast<unsigned char>(c) < 0x20 || c == 0x7F) {
            out += fmt::format("\\u{:04X}", static_cast<unsigned>(static_cast<unsigned char>(c)));
        } else {
            out += c;
        }
    }
    return out += '"';
}

// What a value of the old file becomes; `toml` is empty when there is no value to carry over.
struct Converted {
    std::string toml = {};
    std::string wrong = {};
    std::string note = {};
};

Converted refuse(std::string_view what, const json::value& found) {
    return {{}, fmt::format("Expected {}, found {}", what, kind_words(found)), {}};
}

std::optional<double> number_of(const json::value& value) {
    if (value.is_int64()) return static_cast<double>(value.get_int64());
    if (value.is_uint64()) return static_cast<double>(value.get_uint64());
    if (value.is_double()) return value.get_double();
    if (value.is_string()) return parse_double(trim(view(value.get_string())));
    return std::nullopt;
}

Converted convert_text(const json::value& value) {
    if (value.is_string()) return {toml_string(view(value.get_string())), {}, {}};
    if (value.is_int64()) return {toml_string(std::to_string(value.get_int64())), {}, {}};
    if (value.is_uint64()) return {toml_string(std::to_string(value.get_uint64())), {}, {}};
    return refuse("text", value);
}

Converted convert_whole(const json::value& value) {
    const auto number = number_of(value);
    constexpr double limit = std::numeric_limits<int>::max();
    const bool fits = number && std::abs(*number) < limit;  // false for NaN
    if (!fits) return refuse("a whole number", value);
    const auto whole = std::llround(*number);
    const bool rounded = static_cast<double>(whole) != *number;
    return {std::to_string(whole), {}, rounded ? "The number was rounded; this is a whole number here" : ""};
}

Converted convert_decimal(const json::value& value, std::string_view what) {
    const auto number = number_of(value);
    if (!number || !std::isfinite(*number)) return refuse(what, value);
    return {fmt::format("{:.3f}", *number), {}, {}};
}

Converted convert_flag(const json::value& value) {
    const auto flag = [](bool on) { return Converted{on ? "true" : "false", {}, {}}; };
    if (value.is_bool()) return flag(value.get_bool());
    std::string word;
    if (value.is_string()) word = to_lower(trim(view(value.get_string())));
    if (value.is_int64()) word = std::to_string(value.get_int64());
    if (word == "true" || word == "yes" || word == "on" || word == "1") return flag(true);
    if (word == "false" || word == "no" || word == "off" || word == "0") return flag(false);
    return refuse("true or false", value);
}

Converted convert_list(const json::value& value) {
    if (!value.is_array()) {
        Converted one = convert_text(value);
        if (!one.wrong.empty()) return refuse("a list of texts", value);
        return {"[" + one.toml + "]", {}, "A single text became a list of one"};
    }
    std::string list;
    for (const json::value& item : value.get_array()) {
        const Converted one = convert_text(item);
        if (!one.wrong.empty()) return {{}, one.wrong + " in the list", {}};
        if (!list.empty()) list += ", ";
        list += one.toml;
    }
    return {"[" + list + "]", {}, {}};
}

template <class Into>
Converted convert(const Key<Into>& key, const json::value& value) {
    struct ByRule {
        const json::value& value;
        Converted operator()(const TextRule<Into>&) const { return convert_text(value); }
        Converted operator()(const WholeRule<Into>&) const { return convert_whole(value); }
        Converted operator()(const PortRule<Into>&) const { return convert_whole(value); }
        Converted operator()(const SecondsRule<Into>&) const {
            return convert_decimal(value, "a number of seconds");
        }
        Converted operator()(const ShareRule<Into>&) const { return convert_decimal(value, "a number"); }
        Converted operator()(const FlagRule<Into>&) const { return convert_flag(value); }
        Converted operator()(const ListRule<Into>&) const { return convert_list(value); }
    };
    const bool blank = value.is_string() && trim(view(value.get_string())).empty();
    const bool wanted = !key.when_missing.empty() || key.name == "access_code";
    if (value.is_null() || (blank && !wanted)) return {};  // both meant "not set" in the old file
    return std::visit(ByRule{value}, key.rule);
}

// Writes one section after its table of keys, in the table's order.
class Writer {
public:
    explicit Writer(Findings& findings) : findings_{findings} {}

    template <class Into>
    void section(const json::object& from, std::string_view path, std::span<const Key<Into>> keys) {
        for (const Key<Into>& key : keys) {
            const json::value* value = from.if_contains({key.name.data(), key.name.size()});
            if (value == nullptr) continue;
            if (holds_secret(key.name) && value->is_string()) findings_.hide(view(value->get_string()));
            Converted converted = convert(key, *value);
            std::string name = join_key(path, key.name);
            if (!converted.note.empty()) findings_.warning(0, name, std::move(converted.note));
            if (!converted.wrong.empty()) findings_.problem(0, std::move(name), std::move(converted.wrong));
            if (!converted.toml.empty()) line(fmt::format("{} = {}", key.name, converted.toml));
        }
        for (const auto& member : from) {
            const std::string_view name{member.key().data(), member.key().size()};
            if (find_key(keys, name) != nullptr || (path.empty() && (name == "slicer" || name == "printers")))
                continue;
            findings_.warning(0, join_key(path, shown_key(name)),
                              "This key is not known and is not carried over");
        }
    }

    void line(std::string_view text) { out_.append(text).append("\n"); }
    [[nodiscard]] std::string take() { return std::move(out_); }

private:
    Findings& findings_;
    std::string out_;
};

std::string write_toml(const json::object& root, Findings& findings) {
    Writer writer{findings};
    writer.line("# Configuration of Farmwall, imported from " +
                printable(findings.file().filename().string()) + ".");
    writer.line("# Every key is explained in config.example.toml.");
    writer.line("");
    writer.section(root, "", top_keys());
    if (const json::value* slicer = root.if_contains("slicer"); slicer != nullptr && !slicer->is_null()) {
        writer.line("\n# The external slicer, for files that are not sliced yet.\n[slicer]");
        if (slicer->is_object()) {
            writer.section(slicer->get_object(), "slicer", slicer_keys());
        } else {
            findings.problem(0, "slicer", fmt::format("Expected an object, found {}", kind_words(*slicer)));
        }
    }
    const json::value* printers = root.if_contains("printers");
    if (printers == nullptr || !printers->is_array()) {
        findings.problem(0, "printers",
                         fmt::format("Expected a list of printers, found {}",
                                     printers == nullptr ? "none" : kind_words(*printers)));
        return writer.take();
    }
    std::size_t number = 0;
    for (const json::value& printer : printers->get_array()) {
        const std::string path = fmt::format("printers[{}]", ++number);
        writer.line("\n[[printers]]");
        if (printer.is_object()) {
            writer.section(printer.get_object(), path, printer_keys());
        } else {
            findings.problem(0, path, fmt::format("Expected an object, found {}", kind_words(printer)));
        }
    }
    return writer.take();
}

// The keys whose values could not be written are missing from the text: what the check of the text
// says about those is not news.
void check_text(const std::string& toml_text, Findings& findings, Imported& out) {
    Findings checked{findings.file(), false};
    static_cast<void>(read_config(read_toml(toml_text), checked));
    out.problems = findings.problems();
    out.warnings = findings.warnings();
    for (Problem& problem : checked.problems()) {
        const bool known = std::any_of(out.problems.begin(), out.problems.end(), [&](const Problem& have) {
            return problem.key == have.key || problem.key.starts_with(have.key + ".") ||
                   (problem.key.empty() && have.key == "printers");
        });
        if (!known) out.problems.push_back(std::move(problem));
    }
    for (Problem& warning : checked.warnings())
        out.warnings.push_back(std::move(warning));
}

int line_at(std::string_view text, std::size_t offset) {
    return 1 + static_cast<int>(
                   std::count(text.begin(), text.begin() + static_cast<std::ptrdiff_t>(offset), '\n'));
}

}  // namespace

Imported import_json(const std::string& json_text, const std::filesystem::path& file) {
    constexpr std::string_view byte_order_mark = "\xEF\xBB\xBF";
    std::string_view text = json_text;
    if (text.starts_with(byte_order_mark)) text.remove_prefix(byte_order_mark.size());
    Findings findings{file};
    Imported out;
    json::parse_options options;
    options.allow_comments = true;
    options.allow_trailing_commas = true;
    json::stream_parser parser{{}, options};
    json::error_code wrong;
    const std::size_t used = parser.write_some(text.data(), text.size(), wrong);
    if (!wrong && used == text.size()) parser.finish(wrong);
    if (wrong || used < text.size()) {
        findings.problem(line_at(text, std::min(used, text.size())), "",
                         "This is not valid JSON here or just above; a comma, a quote or a bracket is "
                         "missing or too many");
        out.problems = findings.problems();
        return out;
    }
    const json::value root = parser.release();
    if (!root.is_object()) {
        findings.problem(0, "",
                         fmt::format("Expected an object with \"printers\", found {}", kind_words(root)));
        out.problems = findings.problems();
        return out;
    }
    std::string toml_text = write_toml(root.get_object(), findings);
    check_text(toml_text, findings, out);
    if (out.problems.empty()) out.toml_text = std::move(toml_text);
    return out;
}

}  // namespace farmwall::config
