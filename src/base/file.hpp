#pragma once

#include <cstddef>
#include <filesystem>
#include <string>

#include "base/result.hpp"

namespace farmwall {

// The whole file as bytes. Errors: not_found, io (unreadable, a folder), bad_input (longer than
// `limit_bytes`). Blocks on the disk.
[[nodiscard]] Result<std::string> read_file(const std::filesystem::path& file, std::size_t limit_bytes);

}  // namespace farmwall
