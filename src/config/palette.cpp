#include "config/palette.hpp"

#include <cmath>

#include "base/file.hpp"
#include "base/text.hpp"
#include "config/document.hpp"
#include "config/findings.hpp"

namespace farmwall::config {
namespace {

constexpr std::size_t file_limit_bytes = std::size_t{1024} * 1024;
constexpr std::string_view color_rule = "a color is written \"#RRGGBB\" or \"#RRGGBBAA\"";

// Calls `read` for every key of a section; reports what it returns.
template <class Read>
void for_each_key(const Node& root, std::string_view section, Findings& findings, Read read) {
    const Node* table = find(root, section);
    if (table == nullptr) return;
    if (table->kind != Node::Kind::table) {
        findings.problem(table->line, std::string{section},
                         "Expected a section that begins with a line [" + std::string{section} + "]");
        return;
    }
    for (const Member& member : table->members) {
        std::string wrong = read(member);
        if (!wrong.empty())
            findings.problem(member.line, join_key(section, shown_key(member.key)), std::move(wrong));
    }
}

std::string read_color(const Node& node, std::uint32_t& color) {
    if (node.kind != Node::Kind::text) {
        return "Expected a text, found " + std::string{kind_words(node.kind)} + "; " +
               std::string{color_rule};
    }
    const std::string_view text = node.text;
    const bool has_alpha = text.size() == 9;
    const auto digits =
        text.starts_with('#') && (has_alpha || text.size() == 7) ? parse_hex(text.substr(1)) : std::nullopt;
    if (!digits) return "This is not a color; " + std::string{color_rule};
    color = static_cast<std::uint32_t>(has_alpha ? *digits : (*digits << 8) | 0xFF);
    return {};
}

std::string read_size(const Node& node, double& size) {
    if (node.kind != Node::Kind::whole && node.kind != Node::Kind::decimal) {
        return "Expected a number, found " + std::string{kind_words(node.kind)};
    }
    size = node.kind == Node::Kind::whole ? static_cast<double>(node.whole) : node.decimal;
    return std::isfinite(size) ? "" : "This is not a finite number; allowed is any other";
}

void read_palette(const Node& root, Palette& palette, Findings& findings) {
    for (const Member& member : root.members) {
        if (member.key == "colors" || member.key == "sizes") continue;
        findings.problem(member.line, shown_key(member.key),
                         "This is not known here; a theme has [colors] and [sizes]");
    }
    for_each_key(root, "colors", findings,
                 [&](const Member& member) { return read_color(member.value, palette.colors[member.key]); });
    for_each_key(root, "sizes", findings,
                 [&](const Member& member) { return read_size(member.value, palette.sizes[member.key]); });
}

}  // namespace

Palette load_palette(const std::filesystem::path& file) {
    Palette palette;
    Findings findings{file};
    const auto text = read_file(file, file_limit_bytes);
    if (text.ok()) {
        const Document document = read_toml(text.value());
        for (const SyntaxProblem& problem : document.problems) {
            findings.problem(problem.line, shown_key(problem.key) == problem.key ? problem.key : "",
                             problem.what);
        }
        read_palette(document.root, palette, findings);
    } else {
        findings.problem(0, "", text.error().what);
    }
    palette.problems = findings.problems();
    return palette;
}

}  // namespace farmwall::config
