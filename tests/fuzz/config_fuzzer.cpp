#include <cstddef>
#include <cstdint>
#include <cstdlib>
#include <string>

#include "config/config.hpp"

namespace config = farmwall::config;

// The bytes as a config file and as one of the system replaced. What is imported without a problem
// has to be a config that is accepted.
extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
    const std::string text(reinterpret_cast<const char*>(data), size);
    static_cast<void>(config::parse(text, "farm.toml"));
    const config::Imported imported = config::import_json(text, "old.json");
    if (imported.problems.empty() && !config::parse(imported.toml_text, "farm.toml").ok()) std::abort();
    return 0;
}
