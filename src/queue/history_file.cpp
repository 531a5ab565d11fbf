#include "queue/history_file.hpp"

#include <fmt/chrono.h>
#include <fmt/format.h>

#include "queue/history_schema.hpp"

namespace farmwall::queue {

using namespace sqlite;

namespace {

namespace fs = std::filesystem;
using namespace std::chrono_literals;

constexpr auto wait_for_locks = 1000ms;
constexpr const char* clean = "clean";
constexpr const char* runs = "runs";

fs::path beside(const fs::path& file, const char* ending) {
    fs::path out = file;
    out += ending;
    return out;
}

bool is_there(const fs::path& file) {
    std::error_code unknown;
    return fs::exists(file, unknown);
}

// A file that was cut off within its last page looks whole to SQLite.
Problem check_length(Database& database, const fs::path& file) {
    std::int64_t pages = 0;
    std::int64_t page_bytes = 0;
    if (auto bad = database.number("PRAGMA page_count", pages)) return bad;
    if (auto bad = database.number("PRAGMA page_size", page_bytes)) return bad;
    std::error_code unknown;
    const auto bytes = fs::file_size(file, unknown);
    if (unknown || bytes >= static_cast<std::uint64_t>(pages * page_bytes)) return std::nullopt;
    return Failure{Trouble::damaged, "its end is missing"};
}

// A file that cannot give back space learns it once; it is written anew for that.
Problem give_space_back(Database& database) {
    std::int64_t mode = 0;
    if (auto bad = database.number("PRAGMA auto_vacuum", mode)) return bad;
    constexpr std::int64_t incremental = 2;
    if (mode == incremental) return std::nullopt;
    return database.run("PRAGMA auto_vacuum = INCREMENTAL; VACUUM");
}

// The tables have to be those that the program writes.
Problem check_tables(Database& database) {
    Statement any;
    for (const char* sql :
         {"SELECT name, value FROM meta",
          "SELECT printer, printer_name, name, file, subtask_id, ours, started, ended, outcome, percent, "
          "layers, error FROM prints",
          "SELECT at, printer, kind, text FROM events",
          "SELECT run, number, printer, action, title, origin, fleet_action, phase, reason, asked FROM "
          "commands",
          "SELECT at, printer, printer_name, kind, what, text, by_whom, after_ms, level FROM alarms",
          "SELECT at, who, role, address, method, path, printer, status FROM requests",
          "SELECT printer, at, nozzle, nozzle_target, bed, bed_target, chamber, percent, part_fan, state "
          "FROM "
          "samples"}) {
        if (auto bad = database.prepare(sql, any)) return bad;
    }
    return std::nullopt;
}

Problem try_open(const fs::path& file, HistoryFile& out) {
    Database& database = out.database;
    const bool logged = is_there(beside(file, "-wal"));
    if (auto bad = database.open(file, Database::Access::write, wait_for_locks)) return bad;
    if (auto bad = bring_up_to_date(database)) return bad;
    if (auto bad = check_tables(database)) return bad;
    std::int64_t was_clean = 1;  // of a file that was just made
    if (auto bad = read_meta(database, clean, was_clean)) return bad;
    if (was_clean == 0 || logged) {
        if (auto bad = database.check()) return bad;
    } else if (auto bad = check_length(database, file)) {
        return bad;
    }
    if (auto bad = give_space_back(database)) return bad;
    if (auto bad = database.run("PRAGMA journal_mode = WAL; PRAGMA synchronous = NORMAL; "
                                "PRAGMA journal_size_limit = 16777216"))
        return bad;
    Transaction transaction{database};
    if (auto bad = transaction.begin()) return bad;
    out.run = 0;
    if (auto bad = read_meta(database, runs, out.run)) return bad;
    ++out.run;
    if (auto bad = write_meta(database, runs, out.run)) return bad;
    if (auto bad = write_meta(database, clean, 0)) return bad;
    return transaction.commit();
}

Status make_folder_of(const fs::path& file) {
    std::error_code problem;
    if (file.has_parent_path()) fs::create_directories(file.parent_path(), problem);
    if (!problem) return Done{};
    return Error{ErrorKind::io, fmt::format("The history's folder cannot be made ({})", problem.message()),
                 file.parent_path().string()};
}

Error as_error(const Failure& failure, const fs::path& file) {
    if (failure.trouble == Trouble::newer) {
        return {ErrorKind::unsupported,
                fmt::format(
                    "The history is of {}, which a newer program wrote; this one knows version {} and older",
                    failure.what, history_version),
                file.string()};
    }
    return {ErrorKind::io, fmt::format("The history cannot be opened for writing ({})", failure.what),
            file.string()};
}

}  // namespace

Result<std::string> set_aside(const fs::path& file, WallTime now) {
    const std::string time =
        fmt::format("{:%Y-%m-%dT%H-%M-%SZ}", fmt::gmtime(std::chrono::system_clock::to_time_t(now)));
    std::string name = file.filename().string() + ".damaged-" + time;
    fs::path aside = file;
    aside.replace_filename(name);
    for (int number = 2; is_there(aside); ++number)
        aside.replace_filename(fmt::format("{}-{}", name, number));
    // The log first: left behind, it would be taken for the new file's.
    for (const char* ending : {"-wal", "-shm", ""}) {
        if (!is_there(beside(file, ending))) continue;
        std::error_code problem;
        fs::rename(beside(file, ending), beside(aside, ending), problem);
        if (problem) {
            return Error{ErrorKind::io,
                         fmt::format("The damaged history cannot be set aside ({})", problem.message()),
                         file.string()};
        }
    }
    return aside.filename().string();
}

Result<HistoryFile> open_history_file(const fs::path& file, WallTime now) {
    if (auto made = make_folder_of(file); !made) return made.error();
    HistoryFile out;
    Problem bad = try_open(file, out);
    if (bad && (bad->trouble == Trouble::damaged || bad->trouble == Trouble::foreign)) {
        out.database.close_as_it_is();
        auto name = set_aside(file, now);
        if (!name) return name.error();
        out.told = fmt::format("The history file was damaged; it was set aside as {} and a new one begun.",
                               name.value());
        bad = try_open(file, out);
    }
    if (bad) return as_error(*bad, file);
    return out;
}

Problem close_cleanly(Database& database) {
    auto bad = write_meta(database, clean, 1);
    if (bad) {
        database.close_as_it_is();
    } else {
        database.close();
    }
    return bad;
}

}  // namespace farmwall::queue
