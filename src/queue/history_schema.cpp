#include "queue/history_schema.hpp"

#include <fmt/format.h>

#include <array>

namespace farmwall::queue {

using namespace sqlite;

namespace {

// Times are whole Unix ms. Never changed: what changes is a further step.
constexpr const char* version_1 = R"(
CREATE TABLE meta(name TEXT PRIMARY KEY, value INTEGER NOT NULL) WITHOUT ROWID;
CREATE TABLE prints(
    id INTEGER PRIMARY KEY, printer TEXT NOT NULL, printer_name TEXT NOT NULL, name TEXT NOT NULL,
    file TEXT NOT NULL, subtask_id TEXT NOT NULL, ours INTEGER NOT NULL, started INTEGER NOT NULL,
    ended INTEGER, outcome TEXT, percent INTEGER NOT NULL, layers INTEGER NOT NULL, error INTEGER NOT NULL,
    UNIQUE(printer, started));
CREATE INDEX prints_started ON prints(started);
CREATE TABLE events(
    id INTEGER PRIMARY KEY, at INTEGER NOT NULL, printer TEXT NOT NULL, kind TEXT NOT NULL,
    text TEXT NOT NULL);
CREATE INDEX events_at ON events(at);
CREATE INDEX events_printer ON events(printer, at);
CREATE TABLE commands(
    id INTEGER PRIMARY KEY, run INTEGER NOT NULL, number INTEGER NOT NULL, printer TEXT NOT NULL,
    action TEXT NOT NULL, title TEXT NOT NULL, origin TEXT NOT NULL, phase TEXT NOT NULL,
    reason TEXT NOT NULL, asked INTEGER NOT NULL,
    UNIQUE(run, number));
CREATE INDEX commands_asked ON commands(asked);
CREATE TABLE alarms(
    id INTEGER PRIMARY KEY, at INTEGER NOT NULL, printer TEXT NOT NULL, printer_name TEXT NOT NULL,
    kind TEXT NOT NULL, what TEXT NOT NULL, text TEXT NOT NULL, by_whom TEXT NOT NULL,
    after_ms INTEGER NOT NULL, level INTEGER NOT NULL);
CREATE INDEX alarms_at ON alarms(at);
CREATE TABLE samples(
    printer TEXT NOT NULL, at INTEGER NOT NULL, nozzle REAL, nozzle_target REAL, bed REAL, bed_target REAL,
    chamber REAL, percent INTEGER, part_fan INTEGER, state TEXT NOT NULL,
    PRIMARY KEY(printer, at)) WITHOUT ROWID;
)";

// Commands of one fleet action belong together.
constexpr const char* version_2 = R"(
ALTER TABLE commands ADD COLUMN fleet_action TEXT NOT NULL DEFAULT '';
)";

// The tray of each printer's next start.
constexpr const char* version_3 = R"(
CREATE TABLE trays(
    printer TEXT PRIMARY KEY, chosen INTEGER NOT NULL, source TEXT NOT NULL, unit INTEGER NOT NULL,
    slot INTEGER NOT NULL) WITHOUT ROWID;
)";

// Who asked for what through the HTTP API.
constexpr const char* version_4 = R"(
CREATE TABLE requests(
    id INTEGER PRIMARY KEY, at INTEGER NOT NULL, who TEXT NOT NULL, role TEXT NOT NULL, address TEXT NOT NULL,
    method TEXT NOT NULL, path TEXT NOT NULL, printer TEXT NOT NULL, status INTEGER NOT NULL);
CREATE INDEX requests_at ON requests(at);
)";

constexpr std::array<const char*, history_version> steps{version_1, version_2, version_3, version_4};

Problem step_up(Database& database, std::size_t from) {
    Transaction transaction{database};
    if (auto bad = transaction.begin()) return bad;
    if (auto bad = database.run(steps[from])) return bad;
    if (auto bad = database.run(fmt::format("PRAGMA user_version = {}", from + 1).c_str())) return bad;
    return transaction.commit();
}

}  // namespace

Problem bring_up_to_date(Database& database) {
    std::int64_t version = 0;
    if (auto bad = database.number("PRAGMA user_version", version)) return bad;
    if (version > history_version) return Failure{Trouble::newer, fmt::format("version {}", version)};
    std::int64_t tables = 0;
    if (auto bad = database.number("SELECT count(*) FROM sqlite_schema", tables)) return bad;
    std::int64_t ours = 0;
    const char* const count_ours =
        "SELECT count(*) FROM sqlite_schema WHERE type = 'table' AND name IN ('meta', 'prints', 'samples')";
    if (auto bad = database.number(count_ours, ours)) return bad;
    if (version < 0 || (version == 0 && tables != 0) || (version > 0 && ours != 3))
        return Failure{Trouble::foreign, "its tables are not those of a history"};
    if (version == history_version) return std::nullopt;
    if (version == 0) {
        // Only an empty file can still choose to give back what is deleted.
        if (auto bad = database.run("PRAGMA auto_vacuum = INCREMENTAL")) return bad;
    }
    for (auto at = static_cast<std::size_t>(version); at < steps.size(); ++at) {
        if (auto bad = step_up(database, at)) return bad;
    }
    return std::nullopt;
}

Problem read_meta(Database& database, const char* name, std::int64_t& value) {
    Statement read;
    if (auto bad = database.prepare("SELECT value FROM meta WHERE name = ?1", read)) return bad;
    if (read.with(std::string_view{name}).step()) value = read.integer(0);
    return read.done();
}

Problem write_meta(Database& database, const char* name, std::int64_t value) {
    Statement write;
    if (auto bad = database.prepare("INSERT INTO meta(name, value) VALUES(?1, ?2) "
                                    "ON CONFLICT(name) DO UPDATE SET value = excluded.value",
                                    write))
        return bad;
    return write.with(std::string_view{name}, value).run();
}

}  // namespace farmwall::queue
