#pragma once

#include "config/config.hpp"
#include "config/document.hpp"
#include "config/findings.hpp"

namespace farmwall::config {

// Reads [alarms] and the sections in it. May read the files and environment variables that hold secrets.
void read_alarms(const Document& document, Alarms& alarms, Findings& findings);

}  // namespace farmwall::config
