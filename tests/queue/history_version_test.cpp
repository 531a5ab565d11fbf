#include <doctest/doctest.h>

#include "queue/history_schema.hpp"
#include "rows.hpp"

using namespace farmwall;
using namespace farmwall::testing;
using queue::History;

namespace {

// Version 1 as a program of that time wrote it: no fleet actions, and a file that gives nothing back.
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
INSERT INTO meta VALUES('runs', 7);
INSERT INTO commands VALUES(1, 7, 1, 'p1', 'pause', 'Pause', 'screen', 'confirmed', '', 1728000000000);
INSERT INTO events VALUES(1, 1728000000000, 'p1', 'paused', 'Print paused.');
INSERT INTO prints VALUES(1, 'p1', 'One', 'bracket', 'plate_1.gcode', '3', 1, 1728000000000, NULL, NULL, 12, 4, 0);
INSERT INTO alarms VALUES(1, 1728000000000, 'p1', 'One', 'runout', 'raised', 'Ran out.', '', 0, 0);
INSERT INTO samples VALUES('p1', 1728000000000, 219.5, 220, NULL, NULL, NULL, 12, NULL, 'RUNNING');
PRAGMA user_version = 1;
)";

const WallTime then{std::chrono::milliseconds{1'728'000'000'000}};

std::int64_t number(const std::filesystem::path& file, const char* sql) {
    queue::sqlite::Database database;
    REQUIRE_FALSE(database.open(file, queue::sqlite::Database::Access::read, 1000ms).has_value());
    std::int64_t answer = -1;
    REQUIRE_FALSE(database.number(sql, answer).has_value());
    return answer;
}

}  // namespace

TEST_CASE("history: a file of version 1 is brought up to this one with all its rows") {
    HistoryBench bench;
    make_database(bench.file, version_1);
    REQUIRE(number(bench.file, "PRAGMA auto_vacuum") == 0);
    {
        const auto history = bench.open();
        CHECK(history->problem().empty());
        const auto commands = value_of(history->commands({}));
        REQUIRE(commands.size() == 1);
        CHECK(commands.front() ==
              queue::CommandRow{PrinterId{"p1"}, "pause", "Pause", "screen", "", "confirmed", "", then});
        CHECK(value_of(history->events({})).front().event ==
              Event{then, PrinterId{"p1"}, EventKind::paused, "Print paused."});
        CHECK(value_of(history->prints({})).front().name == "bracket");
        CHECK(value_of(history->alarms({})).front().key.kind == AlarmKind::runout);
        CHECK(value_of(history->samples({})).front().nozzle_celsius == 219.5);
        // What is new in version 2 can be written; the ids of this start are not those of the old one.
        history->add(command(1, "p1", then + 1s));
        history->flush();
        const auto both = value_of(history->commands({}));
        REQUIRE(both.size() == 2);
        CHECK(both.front().fleet_action == "cool all");
    }
    CHECK(bench.damaged().empty());
    CHECK(number(bench.file, "PRAGMA user_version") == queue::history_version);
    CHECK(number(bench.file, "PRAGMA auto_vacuum") == 2);
}

TEST_CASE("history: a file that was migrated has the shape of a new one") {
    HistoryBench old;
    HistoryBench fresh;
    make_database(old.file, version_1);
    old.open().reset();
    fresh.open().reset();
    const auto shape = [](const std::filesystem::path& file) {
        queue::sqlite::Database database;
        REQUIRE_FALSE(database.open(file, queue::sqlite::Database::Access::read, 1000ms).has_value());
        queue::sqlite::Statement tables;
        REQUIRE_FALSE(database
                          .prepare("SELECT t.name || '.' || c.name || ' ' || c.type FROM sqlite_schema t "
                                   "JOIN pragma_table_info(t.name) c WHERE t.type = 'table' ORDER BY 1",
                                   tables)
                          .has_value());
        std::vector<std::string> out;
        while (tables.step())
            out.push_back(tables.text(0));
        CHECK_FALSE(tables.done().has_value());
        return out;
    };
    CHECK(shape(old.file).size() > 40);
    CHECK(shape(old.file) == shape(fresh.file));
}

TEST_CASE("history: a file of a newer program is refused with a clear sentence and left alone") {
    HistoryBench bench;
    make_database(bench.file,
                  "CREATE TABLE prints(x); INSERT INTO prints VALUES(1); PRAGMA user_version = 5");
    const auto refused = History::open(bench.settings());
    REQUIRE_FALSE(refused.ok());
    CHECK(refused.error().kind == ErrorKind::unsupported);
    CHECK(refused.error().what ==
          "The history is of version 5, which a newer program wrote; this one knows version 4 and older");
    CHECK(bench.damaged().empty());
    CHECK(number(bench.file, "SELECT count(*) FROM prints") == 1);
    CHECK(number(bench.file, "PRAGMA user_version") == 5);
}
