#pragma once

#include "config/config.hpp"
#include "config/document.hpp"
#include "config/findings.hpp"

namespace farmwall::config {

// Checks a document against the tables of keys.hpp and makes a Config of it. May read the files
// and environment variables that hold access codes.
[[nodiscard]] Config read_config(const Document& document, Findings& findings);

// True when the document itself holds an access code or an address that may hold a password.
[[nodiscard]] bool holds_secrets(const Node& table);

// One sentence for a key that the section does not have: where it belongs, the nearest known one,
// or all that are known.
[[nodiscard]] std::string unknown_key(std::string_view section, std::string_view key);

}  // namespace farmwall::config
