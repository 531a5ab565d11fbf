#include "config/config.hpp"

#include "base/file.hpp"
#include "base/platform.hpp"
#include "config/document.hpp"
#include "config/findings.hpp"
#include "config/reader.hpp"

namespace farmwall::config {
namespace {

constexpr std::size_t file_limit_bytes = std::size_t{1024} * 1024;

std::string explain(const Error& error) {
    if (error.kind == ErrorKind::not_found) {
        return "There is no such file; copy config.example.toml to this place and enter your printers";
    }
    return error.what;
}

Loaded finish(Config config, const Findings& findings) {
    return {std::move(config), findings.problems(), findings.warnings()};
}

}  // namespace

Loaded load(const std::filesystem::path& file) {
    Findings findings{file};
    const auto text = read_file(file, file_limit_bytes);
    if (!text.ok()) {
        findings.problem(0, "", explain(text.error()));
        return finish({}, findings);
    }
    const Document document = read_toml(text.value());
    Config config = read_config(document, findings);
    if (holds_secrets(document.root) && platform::readable_by_others(file)) {
        findings.warning(
            0, "",
            "Other accounts of this machine can read this file and the secrets in it; set its mode to 600");
    }
    return finish(std::move(config), findings);
}

Loaded parse(const std::string& toml_text, const std::filesystem::path& file) {
    Findings findings{file};
    Config config = read_config(read_toml(toml_text), findings);
    return finish(std::move(config), findings);
}

}  // namespace farmwall::config
