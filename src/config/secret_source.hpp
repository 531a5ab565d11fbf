#pragma once

#include <optional>
#include <string>
#include <string_view>

#include "config/findings.hpp"

namespace farmwall::config {

// Secrets that a config names instead of holding. Whatever is read is hidden in all findings.

// One secret that is looked for: the key that names its place, and what it is called in sentences.
struct WantedSecret {
    int line = 0;
    std::string key;        // "printers[1].access_code_file"
    std::string_view noun;  // "access code"
};

// The trimmed content of the file; its path is absolute or begins beside the config. Nothing, with a finding:
// it cannot be read. Warns of a file that others can read.
[[nodiscard]] std::optional<std::string> secret_from_file(const std::string& name, const WantedSecret& wanted,
                                                          Findings& findings);
// Nothing, with a finding: there is no such variable.
[[nodiscard]] std::optional<std::string> secret_from_variable(const std::string& name,
                                                              const WantedSecret& wanted, Findings& findings);

}  // namespace farmwall::config
