#include "config/secret_source.hpp"

#include <fmt/format.h>

#include <cstdlib>

#include "base/file.hpp"
#include "base/platform.hpp"
#include "base/text.hpp"

namespace farmwall::config {
namespace {

constexpr std::size_t file_limit_bytes = 1024;

}  // namespace

std::optional<std::string> secret_from_file(const std::string& name, const WantedSecret& wanted,
                                            Findings& findings) {
    const auto file = findings.file().parent_path() / std::filesystem::path{name};
    const auto content = read_file(file, file_limit_bytes);
    if (!content.ok()) {
        findings.problem(
            wanted.line, wanted.key,
            fmt::format("The file named here is no use: {}; it holds the {} alone, and its path is "
                        "absolute or begins beside this config",
                        content.error().what, wanted.noun));
        return std::nullopt;
    }
    if (platform::readable_by_others(file)) {
        findings.warning(wanted.line, wanted.key,
                         "Other accounts of this machine can read the file named here; set its mode to 600");
    }
    std::string secret{trim(content.value())};
    findings.hide(secret);
    return secret;
}

std::optional<std::string> secret_from_variable(const std::string& name, const WantedSecret& wanted,
                                                Findings& findings) {
    const char* const content = std::getenv(name.c_str());
    if (content == nullptr) {
        findings.problem(
            wanted.line, wanted.key,
            fmt::format("The environment variable named here is not set; set it to the {}", wanted.noun));
        return std::nullopt;
    }
    findings.hide(content);
    return std::string{content};
}

}  // namespace farmwall::config
