#include "queue/program_lock.hpp"

#include <fmt/format.h>

#include <chrono>

namespace farmwall::queue {

using namespace sqlite;
using namespace std::chrono_literals;
namespace fs = std::filesystem;

Status ProgramLock::take(const fs::path& file, std::string_view what) {
    std::error_code problem;
    if (file.has_parent_path()) fs::create_directories(file.parent_path(), problem);
    if (problem) {
        return Error{ErrorKind::io,
                     fmt::format("The {}'s folder cannot be made ({})", what, problem.message()),
                     file.parent_path().string()};
    }
    fs::path lock = file;
    lock += "-lock";
    Problem bad;
    for (int attempt = 0; attempt < 2; ++attempt) {
        bad = held_.open(lock, Database::Access::write, 0ms);
        if (!bad) bad = held_.run("BEGIN EXCLUSIVE");
        if (!bad) return Done{};
        held_.close();
        if (bad->trouble != Trouble::damaged) break;
        // Nobody holds what is no database.
        std::error_code ignored;
        fs::remove(lock, ignored);
    }
    if (bad->trouble == Trouble::busy) {
        return Error{ErrorKind::unavailable, fmt::format("The {} is in use by another Farmwall", what),
                     file.string()};
    }
    return Error{ErrorKind::io, fmt::format("The {} cannot be opened for writing ({})", what, bad->what),
                 file.string()};
}

}  // namespace farmwall::queue
