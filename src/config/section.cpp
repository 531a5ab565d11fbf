#include "config/section.hpp"

#include <fmt/format.h>

#include <algorithm>

#include "base/text.hpp"
#include "config/checks.hpp"

namespace farmwall::config {
namespace {

constexpr int highest_port = 65'535;

std::string where_it_belongs(std::string_view section) {
    if (section.empty()) return "This key belongs at the top of the file, above the first [section]";
    if (section == "printers") return "This key belongs into a [[printers]] entry";
    return fmt::format("This key belongs under [{}]", section);
}

// The name of `inner` as it stands in `outer`: "ntfy" for alarms and alarms.ntfy. Empty: it is not in it.
std::string_view section_inside(std::string_view outer, std::string_view inner) {
    if (!outer.empty()) {
        if (!inner.starts_with(outer) || inner.size() <= outer.size() + 1 || inner[outer.size()] != '.')
            return {};
        inner.remove_prefix(outer.size() + 1);
    }
    return inner.find('.') == std::string_view::npos ? inner : std::string_view{};
}

// A known key that has `word` as a whole part, such as printer_ip for ip.
std::string_view with_part(std::string_view word, const std::vector<std::string_view>& known) {
    const std::string first = std::string{word} + '_';
    const std::string last = '_' + std::string{word};
    const auto found = std::find_if(known.begin(), known.end(), [&](std::string_view key) {
        return key.starts_with(first) || key.ends_with(last);
    });
    return found == known.end() ? std::string_view{} : *found;
}

// A known key at the front of `word`, such as serial for serial_number.
std::string_view at_front(std::string_view word, const std::vector<std::string_view>& known) {
    const auto found =
        std::find_if(known.begin(), known.end(), [&](std::string_view key) { return word.starts_with(key); });
    return found == known.end() ? std::string_view{} : *found;
}

// The known key that was probably meant; empty when none is likely.
std::string_view likely_key(std::string_view word, const std::vector<std::string_view>& known) {
    if (word.empty() || word.size() > 64) return {};
    std::string_view likely = with_part(word, known);
    if (likely.empty()) likely = nearest(word, known);
    if (likely.empty()) likely = at_front(word, known);
    return likely;
}

}  // namespace

std::string expected(std::string_view what, Node::Kind found) {
    return fmt::format("Expected {}, found {}", what, kind_words(found));
}

std::string expected_text(Node::Kind found) { return expected("text in double quotes", found); }

std::string allowed_range(std::string_view what, double least, double most) {
    return fmt::format("{} from {} to {}", what, least, most);
}

std::string read_port(const Node& node, std::uint16_t& port) {
    const std::string allowed = allowed_range("a port", 1, highest_port);
    if (node.kind != Node::Kind::whole) return expected(allowed + " as a whole number", node.kind);
    if (node.whole < 1 || node.whole > highest_port) return "This is out of range; allowed is " + allowed;
    port = static_cast<std::uint16_t>(node.whole);
    return {};
}

std::string read_texts(const Node& node, std::vector<std::string>& texts) {
    constexpr std::string_view list = "a list of texts such as [\"one\", \"two\"]";
    if (node.kind != Node::Kind::list) return expected(list, node.kind);
    texts.clear();
    for (const Node& item : node.items) {
        if (item.kind != Node::Kind::text) return expected(list, item.kind) + " in it";
        texts.push_back(item.text);
    }
    return {};
}

std::string unknown_key(std::string_view section, std::string_view key) {
    std::vector<std::string_view> known;
    for (const SectionNames& names : all_names()) {
        const bool has = std::find(names.keys.begin(), names.keys.end(), key) != names.keys.end();
        if (has && names.section != section) return where_it_belongs(names.section);
        if (names.section == section) known.insert(known.end(), names.keys.begin(), names.keys.end());
        if (const std::string_view inside = section_inside(section, names.section); !inside.empty()) {
            known.push_back(inside);
        }
    }
    const std::string_view likely = likely_key(key, known);
    if (!likely.empty()) return fmt::format("This key is not known; did you mean {}?", likely);
    return fmt::format("This key is not known; known here are {}", comma_list(known));
}

}  // namespace farmwall::config
