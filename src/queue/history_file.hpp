#pragma once

#include <filesystem>
#include <string>

#include "base/clock.hpp"
#include "base/result.hpp"
#include "queue/sqlite.hpp"

namespace farmwall::queue {

// The file, open for writing, sound and of this version.
struct HistoryFile {
    sqlite::Database database;
    std::int64_t run = 0;  // how often it was opened
    std::string told;      // one sentence for people when a damaged one was set aside
};

// Opens, makes or migrates. After a shutdown that was not clean the whole file is read to check it. A damaged
// one is set aside and a new one begun. Errors: unsupported (a newer program's), io.
[[nodiscard]] Result<HistoryFile> open_history_file(const std::filesystem::path& file, WallTime now);

// Renames the file and what SQLite keeps beside it to "<name>.damaged-<UTC time>". Nothing may have it open.
// Returns the new name, without the folder.
[[nodiscard]] Result<std::string> set_aside(const std::filesystem::path& file, WallTime now);

// The shutdown is clean: the next opening need not read the whole file.
[[nodiscard]] sqlite::Problem close_cleanly(sqlite::Database& database);

}  // namespace farmwall::queue
