#pragma once

#include <cstdint>
#include <filesystem>
#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "base/clock.hpp"
#include "base/ids.hpp"
#include "base/result.hpp"
#include "model/action.hpp"
#include "model/alarm.hpp"
#include "model/command.hpp"
#include "model/errors.hpp"
#include "model/events.hpp"

namespace farmwall::queue {

// One print, ours or somebody else's.
struct PrintRecord {
    PrinterId printer;
    std::string printer_name;
    std::string name;        // subtask_name
    std::string file;        // gcode_file
    std::string subtask_id;  // "" or "0" for local jobs of others
    bool ours = false;
    WallTime started{};  // when it was first seen to run
    std::optional<WallTime> ended;
    std::optional<JobOutcome> outcome;  // nothing while it runs, and when it ended while nobody looked
    int percent = 0;                    // at the end
    int layers = 0;
    std::uint32_t error = 0;  // of a failed one
    friend bool operator==(const PrintRecord&, const PrintRecord&) = default;
};

// One telemetry row. Nothing: not known at that time.
struct HistorySample {
    WallTime at{};
    std::optional<double> nozzle_celsius, nozzle_target_celsius;
    std::optional<double> bed_celsius, bed_target_celsius;
    std::optional<double> chamber_celsius;
    std::optional<int> percent;
    std::optional<int> part_fan_percent;
    std::string state;  // "RUNNING"
    friend bool operator==(const HistorySample&, const HistorySample&) = default;
};

struct HistoryBounds {
    std::uint64_t most_bytes = std::uint64_t{512} << 20U;  // of the file: the oldest rows go first
    std::chrono::hours full_samples{24};                   // then one a minute …
    std::chrono::hours minute_samples{24 * 30};            // … then one an hour
};

struct EventRow {
    Event event;
    friend bool operator==(const EventRow&, const EventRow&) = default;
};
struct CommandRow {
    PrinterId printer;
    std::string action;  // name(Action)
    std::string title;   // describe(Action)
    std::string origin;  // who asked
    std::string fleet_action;
    std::string phase;  // as it ended, or as far as it came
    std::string reason;
    WallTime asked{};
    friend bool operator==(const CommandRow&, const CommandRow&) = default;
};

// The tray that a person chose for a printer's next start; the newest counts.
struct TrayChoice {
    PrinterId printer;
    TraySource tray;
    WallTime chosen{};
    friend bool operator==(const TrayChoice&, const TrayChoice&) = default;
};

// Something that was asked for from outside, through the HTTP API.
struct RequestRecord {
    WallTime when{};
    std::string who;  // the account's name; empty: nobody had to say
    std::string role;
    std::string address;  // numeric
    std::string method;
    std::string path;   // without the query
    PrinterId printer;  // empty: none was named
    int status = 0;     // of the answer
    friend bool operator==(const RequestRecord&, const RequestRecord&) = default;
};

// What is wanted of the history; empty and zero mean "all". `from` ≤ time < `to`; of prints the time is when
// they started, of commands when they were asked for. Of more rows than `most_rows` the newest are given.
struct HistoryQuery {
    PrinterId printer;
    std::optional<WallTime> from, to;
    std::size_t most_rows = 1000;
};

// jobs/history.db: SQLite in WAL mode behind a thread of its own, so that nobody waits for the disk. Rows are
// committed together, at latest a second after they were handed over. A full queue drops samples first, and
// says so once. Times are kept in whole milliseconds. Damage is met by a new file, a disk that takes nothing
// by trying again; neither stops the program. Any thread may call it.
class History {
public:
    struct Settings {
        std::filesystem::path file;  // its folder is made
        HistoryBounds bounds;
        std::function<WallTime()> now;             // wall clock, for thinning; called on the history's thread
        Duration retry = std::chrono::minutes{1};  // between attempts while nothing can be written
    };
    // Opens, creates or migrates. A damaged file is set aside as "<name>.damaged-<time>" and a new one begun;
    // `problem()` then says so. Errors: io (the folder cannot be written), unsupported (a file of a newer
    // program), unavailable (another program has it open).
    [[nodiscard]] static Result<std::unique_ptr<History>> open(Settings settings);
    // Commits what waits.
    ~History();
    History(const History&) = delete;
    History& operator=(const History&) = delete;

    // What had to be told to a person when it was opened, or is wrong with writing now; empty: nothing.
    [[nodiscard]] std::string problem() const;

    // Hand over; never wait. False when it had to be dropped.
    bool add(const Event& event);
    // A command by its id: the row is made at the first call and follows the phase.
    bool add(const CommandStatus& command);
    bool add(const AlarmRecord& record);
    // A print by (printer, started): the row is made at the first call and filled in at the end.
    bool add(const PrintRecord& print);
    bool add(const PrinterId& printer, const HistorySample& sample);
    bool add(const TrayChoice& choice);
    bool add(const RequestRecord& request);
    // What was handed over until now is committed when it returns, or could not be written: then problem()
    // says why, and it is tried again later. For tests and the end.
    void flush();

    // Reads on a connection of their own, on the caller's thread: not for the render or network thread.
    // Newest first; samples oldest first.
    [[nodiscard]] Result<std::vector<PrintRecord>> prints(const HistoryQuery& query) const;
    [[nodiscard]] Result<std::vector<EventRow>> events(const HistoryQuery& query) const;
    [[nodiscard]] Result<std::vector<CommandRow>> commands(const HistoryQuery& query) const;
    [[nodiscard]] Result<std::vector<AlarmRecord>> alarms(const HistoryQuery& query) const;
    [[nodiscard]] Result<std::vector<HistorySample>> samples(const HistoryQuery& query) const;
    [[nodiscard]] Result<std::vector<RequestRecord>> requests(const HistoryQuery& query) const;
    // One a printer at most.
    [[nodiscard]] Result<std::vector<TrayChoice>> tray_choices(const HistoryQuery& query) const;

private:
    struct Impl;
    explicit History(std::unique_ptr<Impl> impl);
    std::unique_ptr<Impl> impl_;
};

}  // namespace farmwall::queue
