#pragma once

#include <algorithm>
#include <filesystem>
#include <fstream>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "config/config.hpp"

// Builders for config texts: one good printer, changed where a case needs it.

namespace farmwall::config {

inline constexpr std::string_view test_code = "70051942";

using Keys = std::vector<std::pair<std::string, std::string>>;

// One [[printers]] entry. A change replaces or adds a key by raw TOML; "" leaves the key out.
inline std::string entry(const Keys& changes = {}) {
    Keys keys{{"id", "\"left\""},
              {"printer_ip", "\"192.0.2.10\""},
              {"serial", "\"01P00A111111111\""},
              {"access_code", '"' + std::string{test_code} + '"'}};
    for (const auto& change : changes) {
        const auto same = [&](const auto& key) { return key.first == change.first; };
        const auto found = std::find_if(keys.begin(), keys.end(), same);
        if (found == keys.end()) {
            keys.push_back(change);
        } else {
            found->second = change.second;
        }
    }
    std::string text = "[[printers]]\n";
    for (const auto& [name, value] : keys) {
        if (!value.empty()) text.append(name).append(" = ").append(value).append("\n");
    }
    return text;
}

// A second printer that shares nothing with entry()'s.
inline std::string other_entry(const Keys& changes = {}) {
    Keys all{{"id", "\"right\""}, {"printer_ip", "\"192.0.2.11\""}, {"serial", "\"01P00A222222222\""}};
    all.insert(all.end(), changes.begin(), changes.end());
    return entry(all);
}

inline Loaded parse_text(const std::string& text) { return parse(text, "farm.toml"); }

inline std::string joined(const std::vector<Problem>& problems) {
    std::string all;
    for (const Problem& problem : problems)
        all += problem.text() + "\n";
    return all;
}

inline bool contains(std::string_view text, std::string_view part) {
    return text.find(part) != std::string_view::npos;
}

// A folder of its own that is gone afterwards.
class TemporaryFolder {
public:
    TemporaryFolder() : path_{unused_path()} { std::filesystem::create_directories(path_); }
    TemporaryFolder(const TemporaryFolder&) = delete;
    TemporaryFolder& operator=(const TemporaryFolder&) = delete;
    ~TemporaryFolder() {
        std::error_code ignored;  // a folder left behind in the system's temporary folder harms nobody
        std::filesystem::remove_all(path_, ignored);
    }

    [[nodiscard]] const std::filesystem::path& path() const { return path_; }
    // Readable by the owner only.
    std::filesystem::path write(const std::string& name, const std::string& content) const {
        auto file = path_ / name;
        std::ofstream{file, std::ios::binary} << content;
        namespace fs = std::filesystem;
        fs::permissions(file, fs::perms::owner_read | fs::perms::owner_write);
        return file;
    }

private:
    static std::filesystem::path unused_path() {
        for (int number = 0;; ++number) {
            auto path =
                std::filesystem::temp_directory_path() / ("farmwall-config-test-" + std::to_string(number));
            if (std::filesystem::create_directory(path)) return path;
        }
    }

    std::filesystem::path path_;
};

}  // namespace farmwall::config
