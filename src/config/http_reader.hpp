#pragma once

#include "config/config.hpp"
#include "config/document.hpp"
#include "config/findings.hpp"

namespace farmwall::config {

// [http] and its [[http.accounts]].
void read_http(const Document& document, Http& http, Findings& findings);

// HOST, PORT, DASH_USER and DASH_PASS of the environment win over the file (http-api.md); an empty one counts
// as absent. What is wrong is a sentence for people, empty: nothing.
[[nodiscard]] std::string apply_environment(Http& http);

}  // namespace farmwall::config
