#pragma once

#include <filesystem>
#include <string>
#include <string_view>

#include "base/clock.hpp"
#include "base/ids.hpp"

// How the files of the black box are called. Pure, but for free_stem().
namespace farmwall::camera {

// "2026-11-24T06:01:03.250Z".
[[nodiscard]] std::string iso_time(WallTime when);
// "2026-11-24T06-01-03Z": allowed in a file name everywhere, and in the order of time.
[[nodiscard]] std::string file_time(WallTime when);

// The folder of one printer's clips. Ids are safe already; what is not a plain file name becomes one.
[[nodiscard]] std::filesystem::path clip_folder(const std::filesystem::path& folder,
                                                const PrinterId& printer);
// "<time>_<cause>", with "-2" and so on where `folder` has that clip already.
[[nodiscard]] std::string free_stem(const std::filesystem::path& folder, WallTime when,
                                    std::string_view cause);
// "2026-11-24T06-01-03Z_print_failed" for the files that belong to one clip; empty for any other name.
[[nodiscard]] std::string_view clip_stem(std::string_view file_name);
// The name of a file while it is written, and whether a name is such a one.
[[nodiscard]] std::string unfinished_name(std::string_view file_name);
[[nodiscard]] bool is_unfinished(std::string_view file_name);

}  // namespace farmwall::camera
