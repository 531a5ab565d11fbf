#pragma once

#include <doctest/doctest.h>

#include <chrono>
#include <filesystem>
#include <fstream>
#include <memory>
#include <string>
#include <thread>
#include <utility>
#include <vector>

#include "queue/history.hpp"
#include "queue/sqlite.hpp"
#include "temporary_folder.hpp"

// Rows, histories and files for the tests of the history.
namespace farmwall::testing {

using namespace std::chrono_literals;

constexpr WallTime noon{480'012h};

inline queue::PrintRecord print(const std::string& printer, WallTime started) {
    queue::PrintRecord made;
    made.printer = PrinterId{printer};
    made.printer_name = "Printer " + printer;
    made.name = "bracket";
    made.file = "/data/Metadata/plate_1.gcode";
    made.subtask_id = "17";
    made.ours = true;
    made.started = started;
    return made;
}

inline Event event(const std::string& printer, WallTime when, std::string text = "Started: bracket.") {
    return {when, PrinterId{printer}, EventKind::print_started, std::move(text)};
}

inline CommandStatus command(CommandId id, const std::string& printer, WallTime asked) {
    CommandStatus made;
    made.id = id;
    made.printer = PrinterId{printer};
    made.action = SetBedTarget{60};
    made.origin = Origin::api;
    made.fleet_action = "cool all";
    made.asked = asked;
    return made;
}

inline AlarmRecord alarm(const std::string& printer, WallTime when) {
    return {AlarmRecord::What::acknowledged,
            {PrinterId{printer}, AlarmKind::runout},
            "Printer " + printer,
            "Filament ran out in tray A2.",
            when,
            "screen",
            90s,
            1};
}

inline queue::HistorySample sample(WallTime at, double nozzle = 219.6) {
    queue::HistorySample made;
    made.at = at;
    made.nozzle_celsius = nozzle;
    made.nozzle_target_celsius = 220;
    made.bed_celsius = 59.94;
    made.bed_target_celsius = 60;
    made.percent = 42;
    made.state = "RUNNING";
    return made;
}

// A folder and what is needed to open a history in it, again and again.
struct HistoryBench {
    TemporaryFolder folder;
    std::filesystem::path file = folder.path() / "jobs" / "history.db";
    ManualClock clock;  // shared by the test and the history's thread
    queue::HistoryBounds bounds;

    [[nodiscard]] queue::History::Settings settings() {
        queue::History::Settings made;
        made.file = file;
        made.bounds = bounds;
        made.now = [this] { return clock.wall_now(); };
        return made;
    }
    [[nodiscard]] std::unique_ptr<queue::History> open() {
        auto opened = queue::History::open(settings());
        if (!opened.ok()) MESSAGE(opened.error().text());
        REQUIRE(opened.ok());
        return std::move(opened).value();
    }
    // Files that were set aside, without what SQLite keeps beside them.
    [[nodiscard]] std::vector<std::filesystem::path> damaged() const {
        std::vector<std::filesystem::path> out;
        for (const auto& entry : std::filesystem::directory_iterator{file.parent_path()}) {
            const std::string name = entry.path().filename().string();
            if (name.find(".damaged-") != std::string::npos && !name.ends_with("-wal") &&
                !name.ends_with("-shm"))
                out.push_back(entry.path());
        }
        return out;
    }
};

inline void write_file(const std::filesystem::path& file, const std::string& content) {
    std::filesystem::create_directories(file.parent_path());
    std::ofstream out{file, std::ios::binary | std::ios::trunc};
    out << content;
}

inline void make_database(const std::filesystem::path& file, const char* sql) {
    std::filesystem::create_directories(file.parent_path());
    queue::sqlite::Database database;
    REQUIRE_FALSE(database.open(file, queue::sqlite::Database::Access::write, 1000ms).has_value());
    REQUIRE_FALSE(database.run(sql).has_value());
}

template <class Value>
Value value_of(Result<Value> result) {
    if (!result.ok()) MESSAGE(result.error().text());
    REQUIRE(result.ok());
    return std::move(result).value();
}

}  // namespace farmwall::testing
