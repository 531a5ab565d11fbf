#pragma once

#include <cmath>
#include <span>
#include <string>
#include <string_view>
#include <utility>
#include <variant>
#include <vector>

#include "config/document.hpp"
#include "config/findings.hpp"
#include "config/keys.hpp"
#include "config/reader.hpp"

namespace farmwall::config {

// Reads one section after its table of keys. Every overload returns what is wrong, or nothing.

[[nodiscard]] std::string expected(std::string_view what, Node::Kind found);
[[nodiscard]] std::string expected_text(Node::Kind found);
[[nodiscard]] std::string allowed_range(std::string_view what, double least, double most);
[[nodiscard]] std::string read_port(const Node& node, std::uint16_t& port);
[[nodiscard]] std::string read_texts(const Node& node, std::vector<std::string>& texts);

template <class Into>
std::string read_value(const TextRule<Into>& rule, const Node& node, Into& into) {
    if (node.kind != Node::Kind::text) return expected_text(node.kind);
    rule.put(into, node.text);
    return rule.check(node.text);
}

template <class Into>
std::string read_value(const WholeRule<Into>& rule, const Node& node, Into& into) {
    const std::string allowed = allowed_range("a whole number", rule.least, rule.most);
    if (node.kind != Node::Kind::whole) return expected(allowed, node.kind);
    if (node.whole < rule.least || node.whole > rule.most)
        return "This is out of range; allowed is " + allowed;
    into.*rule.to = static_cast<int>(node.whole);
    return {};
}

template <class Into>
std::string read_value(const PortRule<Into>& rule, const Node& node, Into& into) {
    std::uint16_t port = 0;
    std::string wrong = read_port(node, port);
    if (wrong.empty()) rule.put(into, port);
    return wrong;
}

template <class Into>
std::string read_value(const SecondsRule<Into>& rule, const Node& node, Into& into) {
    const std::string allowed = allowed_range("a number of seconds", rule.least, rule.most);
    if (node.kind != Node::Kind::whole && node.kind != Node::Kind::decimal)
        return expected(allowed, node.kind);
    const double value = node.kind == Node::Kind::whole ? static_cast<double>(node.whole) : node.decimal;
    const bool inside = value >= rule.least && value <= rule.most;  // false for NaN
    if (!inside) return "This is out of range; allowed is " + allowed;
    into.*rule.to = std::chrono::milliseconds{std::llround(value * 1000)};
    return {};
}

template <class Into>
std::string read_value(const ShareRule<Into>& rule, const Node& node, Into& into) {
    const std::string allowed = allowed_range("a number", rule.least, rule.most);
    if (node.kind != Node::Kind::whole && node.kind != Node::Kind::decimal)
        return expected(allowed, node.kind);
    const double value = node.kind == Node::Kind::whole ? static_cast<double>(node.whole) : node.decimal;
    const bool inside = value >= rule.least && value <= rule.most;  // false for NaN
    if (!inside) return "This is out of range; allowed is " + allowed;
    into.*rule.to = value;
    return {};
}

template <class Into>
std::string read_value(const FlagRule<Into>& rule, const Node& node, Into& into) {
    if (node.kind != Node::Kind::flag) return expected("true or false, without quotes", node.kind);
    rule.put(into, node.flag);
    return {};
}

template <class Into>
std::string read_value(const ListRule<Into>& rule, const Node& node, Into& into) {
    std::vector<std::string> texts;
    std::string wrong = read_texts(node, texts);
    if (wrong.empty()) wrong = rule.check(texts);
    if (wrong.empty()) rule.put(into, std::move(texts));
    return wrong;
}

template <class Into>
const Key<Into>* find_key(std::span<const Key<Into>> keys, std::string_view name) {
    for (const Key<Into>& key : keys) {
        if (key.name == name) return &key;
    }
    return nullptr;
}

// `section` is the name in the tables, `path` what findings call it. Sections inside are passed over.
template <class Into>
void read_section(const Node& table, std::string_view section, std::string_view path,
                  std::span<const Key<Into>> keys, Into& into, Findings& findings) {
    for (const Member& member : table.members) {
        const Key<Into>* key = find_key(keys, member.key);
        if (key == nullptr) {
            if (member.key.find('.') == std::string::npos && is_section(join_key(section, member.key)))
                continue;
            findings.problem(member.line, join_key(path, shown_key(member.key)),
                             unknown_key(section, member.key));
            continue;
        }
        std::string wrong =
            std::visit([&](const auto& rule) { return read_value(rule, member.value, into); }, key->rule);
        if (!wrong.empty()) findings.problem(member.line, join_key(path, key->name), std::move(wrong));
    }
}

}  // namespace farmwall::config
