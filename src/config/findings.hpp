#pragma once

#include <filesystem>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "config/config.hpp"

namespace farmwall::config {

// Collects what is wrong with one file. Texts of secrets told to it appear in nothing it gives out.
class Findings {
public:
    // Without lines every finding is about the whole file, as where the text read is not the user's.
    explicit Findings(std::filesystem::path file, bool with_lines = true)
        : file_{std::move(file)}, with_lines_{with_lines} {}

    void problem(int line, std::string key, std::string what);
    void warning(int line, std::string key, std::string what);
    // Hides `text` wherever a finding would repeat it; texts under 4 bytes are in everything.
    void hide(std::string_view text);

    [[nodiscard]] const std::filesystem::path& file() const { return file_; }
    // " at line 12", to end the mention of another place; empty without lines.
    [[nodiscard]] std::string at_line(int line) const;
    // In the order of the file.
    [[nodiscard]] std::vector<Problem> problems() const { return cleaned(problems_); }
    [[nodiscard]] std::vector<Problem> warnings() const { return cleaned(warnings_); }

private:
    [[nodiscard]] std::vector<Problem> cleaned(std::vector<Problem> found) const;

    std::filesystem::path file_;
    bool with_lines_;
    std::vector<Problem> problems_;
    std::vector<Problem> warnings_;
    std::vector<std::string> hidden_;
};

// A key taken from a file, fit to be shown: itself when it is a plain word, else "?".
[[nodiscard]] std::string shown_key(std::string_view key);
// "section.key"; only the key at the top level.
[[nodiscard]] std::string join_key(std::string_view section, std::string_view key);
// "a, b, c"
[[nodiscard]] std::string comma_list(const std::vector<std::string_view>& words);

}  // namespace farmwall::config
