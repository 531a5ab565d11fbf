#include "config/findings.hpp"

#include <algorithm>

namespace farmwall::config {
namespace {

constexpr std::string_view word_letters = "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ_";

void replace_all(std::string& text, std::string_view what) {
    constexpr std::string_view mark = "…";
    for (auto at = text.find(what); at != std::string::npos; at = text.find(what, at + mark.size())) {
        text.replace(at, what.size(), mark);
    }
}

}  // namespace

std::string Problem::text() const {
    std::string out = file.string();
    if (line > 0) out += ":" + std::to_string(line);
    if (!key.empty()) out += ": " + key;
    return out + ": " + what;
}

void Findings::problem(int line, std::string key, std::string what) {
    problems_.push_back({file_, with_lines_ ? line : 0, std::move(key), std::move(what)});
}

void Findings::warning(int line, std::string key, std::string what) {
    warnings_.push_back({file_, with_lines_ ? line : 0, std::move(key), std::move(what)});
}

std::string Findings::at_line(int line) const {
    return with_lines_ && line > 0 ? " at line " + std::to_string(line) : "";
}

void Findings::hide(std::string_view text) {
    if (text.size() >= 4) hidden_.emplace_back(text);
}

std::vector<Problem> Findings::cleaned(std::vector<Problem> found) const {
    for (Problem& one : found) {
        for (const std::string& secret : hidden_) {
            replace_all(one.key, secret);
            replace_all(one.what, secret);
        }
    }
    std::stable_sort(found.begin(), found.end(),
                     [](const Problem& a, const Problem& b) { return a.line < b.line; });
    return found;
}

std::string shown_key(std::string_view key) {
    const bool plain =
        !key.empty() && key.size() <= 64 && word_letters.find(key.front()) != std::string_view::npos &&
        std::all_of(key.begin(), key.end(), [](char c) {
            return word_letters.find(c) != std::string_view::npos || (c >= '0' && c <= '9') || c == '-';
        });
    return plain ? std::string{key} : "?";
}

std::string join_key(std::string_view section, std::string_view key) {
    std::string out{section};
    if (!out.empty()) out += '.';
    return out += key;
}

std::string comma_list(const std::vector<std::string_view>& words) {
    std::string out;
    for (const std::string_view word : words) {
        if (!out.empty()) out += ", ";
        out += word;
    }
    return out;
}

}  // namespace farmwall::config
