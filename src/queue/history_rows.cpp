#include "queue/history_rows.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <limits>
#include <utility>

namespace farmwall::queue {

using namespace sqlite;

namespace {

std::string_view name(JobOutcome outcome) {
    switch (outcome) {
        case JobOutcome::completed:
            return "completed";
        case JobOutcome::failed:
            return "failed";
        case JobOutcome::canceled:
            return "canceled";
    }
    return "unknown";
}

std::string_view name(TraySource::Kind kind) {
    switch (kind) {
        case TraySource::Kind::ams:
            return "ams";
        case TraySource::Kind::external:
            return "external";
        case TraySource::Kind::external_left:
            return "external_left";
    }
    return "unknown";
}

// The enumerator of that name. None of ours has more than `most` of them; beyond the last one name() says
// "unknown".
template <class Enum>
std::optional<Enum> named(std::string_view wanted) {
    constexpr int most = 100;
    if (wanted == "unknown") return std::nullopt;
    for (int i = 0; i < most; ++i) {
        const auto one = static_cast<Enum>(i);
        if (name(one) == wanted) return one;
    }
    return std::nullopt;
}

std::int64_t to_ms(Duration time) {
    return std::chrono::duration_cast<std::chrono::milliseconds>(time).count();
}

// SELECT of one table, newest first.
Problem select(Database& database, const char* columns, const char* table, const char* time,
               const char* order, const HistoryQuery& query, Statement& statement) {
    const std::string sql =
        fmt::format("SELECT {} FROM {} WHERE {} >= ?1 AND {} < ?2{} ORDER BY {} LIMIT ?3", columns, table,
                    time, time, query.printer.empty() ? "" : " AND printer = ?4", order);
    if (auto bad = database.prepare(sql.c_str(), statement)) return bad;
    constexpr std::int64_t first = std::numeric_limits<std::int64_t>::min();
    constexpr std::int64_t last = std::numeric_limits<std::int64_t>::max();
    const auto rows = query.most_rows == 0 ? std::int64_t{-1} : static_cast<std::int64_t>(query.most_rows);
    const std::int64_t from = query.from ? sqlite::to_ms(*query.from) : first;
    const std::int64_t to = query.to ? sqlite::to_ms(*query.to) : last;
    if (query.printer.empty()) {
        statement.with(from, to, rows);
    } else {
        statement.with(from, to, rows, query.printer.value);
    }
    return std::nullopt;
}

}  // namespace

Problem RowWriter::prepare(Database& database, std::int64_t run) {
    run_ = run;
    const std::pair<Statement*, const char*> all[] = {
        {&event_, "INSERT INTO events(at, printer, kind, text) VALUES(?1, ?2, ?3, ?4)"},
        {&command_,
         "INSERT INTO commands(run, number, printer, action, title, origin, fleet_action, phase, reason, "
         "asked) "
         "VALUES(?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10) "
         "ON CONFLICT(run, number) DO UPDATE SET phase = excluded.phase, reason = excluded.reason"},
        {&alarm_,
         "INSERT INTO alarms(at, printer, printer_name, kind, what, text, by_whom, after_ms, level) "
         "VALUES(?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9)"},
        // An end is never taken back.
        {&print_,
         "INSERT INTO prints(printer, started, printer_name, name, file, subtask_id, ours, ended, outcome, "
         "percent, "
         "layers, error) VALUES(?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10, ?11, ?12) "
         "ON CONFLICT(printer, started) DO UPDATE SET printer_name = excluded.printer_name, "
         "name = excluded.name, file = excluded.file, subtask_id = excluded.subtask_id, "
         "ours = excluded.ours, ended = coalesce(excluded.ended, ended), "
         "outcome = coalesce(excluded.outcome, outcome), percent = excluded.percent, "
         "layers = excluded.layers, error = excluded.error"},
        {&sample_,
         "INSERT OR REPLACE INTO samples(printer, at, nozzle, nozzle_target, bed, bed_target, chamber, "
         "percent, "
         "part_fan, state) VALUES(?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10)"},
        {&tray_,
         "INSERT OR REPLACE INTO trays(printer, chosen, source, unit, slot) VALUES(?1, ?2, ?3, ?4, ?5)"},
        {&request_,
         "INSERT INTO requests(at, who, role, address, method, path, printer, status) "
         "VALUES(?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8)"},
    };
    for (const auto& [statement, sql] : all) {
        if (auto bad = database.prepare(sql, *statement)) return bad;
    }
    return std::nullopt;
}

Problem RowWriter::write(const HistoryRow& row) {
    return std::visit([this](const auto& one) { return write(one); }, row);
}

Problem RowWriter::write(const Event& event) {
    return event_.with(event.when, event.printer.value, farmwall::name(event.kind), event.text).run();
}

Problem RowWriter::write(const NumberedCommand& command) {
    const CommandRow& row = command.row;
    return command_
        .with(run_, static_cast<std::int64_t>(command.number), row.printer.value, row.action, row.title,
              row.origin, row.fleet_action, row.phase, row.reason, row.asked)
        .run();
}

Problem RowWriter::write(const AlarmRecord& record) {
    return alarm_
        .with(record.when, record.key.printer.value, record.printer_name, farmwall::name(record.key.kind),
              farmwall::name(record.what), record.text, record.by, to_ms(record.after), record.level)
        .run();
}

Problem RowWriter::write(const PrintRecord& print) {
    std::optional<std::string_view> outcome;
    if (print.outcome) outcome = name(*print.outcome);
    return print_
        .with(print.printer.value, print.started, print.printer_name, print.name, print.file,
              print.subtask_id, print.ours ? 1 : 0, print.ended, outcome, print.percent, print.layers,
              static_cast<std::int64_t>(print.error))
        .run();
}

Problem RowWriter::write(const PrinterSample& row) {
    const HistorySample& s = row.sample;
    return sample_
        .with(row.printer.value, s.at, s.nozzle_celsius, s.nozzle_target_celsius, s.bed_celsius,
              s.bed_target_celsius, s.chamber_celsius, s.percent, s.part_fan_percent, s.state)
        .run();
}

Problem RowWriter::write(const TrayChoice& choice) {
    return tray_
        .with(choice.printer.value, choice.chosen, name(choice.tray.kind), choice.tray.unit, choice.tray.slot)
        .run();
}

Problem RowWriter::write(const RequestRecord& request) {
    return request_
        .with(request.when, request.who, request.role, request.address, request.method, request.path,
              request.printer.value, request.status)
        .run();
}

Problem read(Database& database, const HistoryQuery& query, std::vector<RequestRecord>& out) {
    Statement rows;
    if (auto bad = select(database, "at, who, role, address, method, path, printer, status", "requests", "at",
                          "at DESC, id DESC", query, rows))
        return bad;
    while (rows.step()) {
        out.push_back({rows.time(0), rows.text(1), rows.text(2), rows.text(3), rows.text(4), rows.text(5),
                       PrinterId{rows.text(6)}, static_cast<int>(rows.integer(7))});
    }
    return rows.done();
}

Problem read(Database& database, const HistoryQuery& query, std::vector<TrayChoice>& out) {
    Statement rows;
    if (auto bad = select(database, "printer, chosen, source, unit, slot", "trays", "chosen", "chosen DESC",
                          query, rows))
        return bad;
    while (rows.step()) {
        const auto kind = named<TraySource::Kind>(rows.text(2));
        if (!kind) continue;
        const TraySource tray{*kind, static_cast<int>(rows.integer(3)), static_cast<int>(rows.integer(4))};
        out.push_back({PrinterId{rows.text(0)}, tray, rows.time(1)});
    }
    return rows.done();
}

Problem read(Database& database, const HistoryQuery& query, std::vector<PrintRecord>& out) {
    Statement rows;
    if (auto bad = select(database,
                          "printer, printer_name, name, file, subtask_id, ours, started, ended, outcome, "
                          "percent, layers, error",
                          "prints", "started", "started DESC, id DESC", query, rows))
        return bad;
    while (rows.step()) {
        PrintRecord& print = out.emplace_back();
        print.printer = PrinterId{rows.text(0)};
        print.printer_name = rows.text(1);
        print.name = rows.text(2);
        print.file = rows.text(3);
        print.subtask_id = rows.text(4);
        print.ours = rows.integer(5) != 0;
        print.started = rows.time(6);
        if (!rows.is_null(7)) print.ended = rows.time(7);
        print.outcome = named<JobOutcome>(rows.text(8));
        print.percent = static_cast<int>(rows.integer(9));
        print.layers = static_cast<int>(rows.integer(10));
        print.error = static_cast<std::uint32_t>(rows.integer(11));
    }
    return rows.done();
}

Problem read(Database& database, const HistoryQuery& query, std::vector<EventRow>& out) {
    Statement rows;
    if (auto bad =
            select(database, "at, printer, kind, text", "events", "at", "at DESC, id DESC", query, rows))
        return bad;
    while (rows.step()) {
        const auto kind = named<EventKind>(rows.text(2));
        if (kind) out.push_back({{rows.time(0), PrinterId{rows.text(1)}, *kind, rows.text(3)}});
    }
    return rows.done();
}

Problem read(Database& database, const HistoryQuery& query, std::vector<CommandRow>& out) {
    Statement rows;
    if (auto bad = select(database, "printer, action, title, origin, fleet_action, phase, reason, asked",
                          "commands", "asked", "asked DESC, id DESC", query, rows))
        return bad;
    while (rows.step()) {
        out.push_back({PrinterId{rows.text(0)}, rows.text(1), rows.text(2), rows.text(3), rows.text(4),
                       rows.text(5), rows.text(6), rows.time(7)});
    }
    return rows.done();
}

Problem read(Database& database, const HistoryQuery& query, std::vector<AlarmRecord>& out) {
    Statement rows;
    if (auto bad = select(database, "at, printer, printer_name, kind, what, text, by_whom, after_ms, level",
                          "alarms", "at", "at DESC, id DESC", query, rows))
        return bad;
    while (rows.step()) {
        const auto kind = named<AlarmKind>(rows.text(3));
        const auto what = named<AlarmRecord::What>(rows.text(4));
        if (!kind || !what) continue;
        out.push_back({*what,
                       {PrinterId{rows.text(1)}, *kind},
                       rows.text(2),
                       rows.text(5),
                       rows.time(0),
                       rows.text(6),
                       std::chrono::milliseconds{rows.integer(7)},
                       static_cast<int>(rows.integer(8))});
    }
    return rows.done();
}

Problem read(Database& database, const HistoryQuery& query, std::vector<HistorySample>& out) {
    Statement rows;
    if (auto bad =
            select(database, "at, nozzle, nozzle_target, bed, bed_target, chamber, percent, part_fan, state",
                   "samples", "at", "at DESC", query, rows))
        return bad;
    while (rows.step()) {
        out.push_back({rows.time(0), rows.maybe_real(1), rows.maybe_real(2), rows.maybe_real(3),
                       rows.maybe_real(4), rows.maybe_real(5), rows.maybe_int(6), rows.maybe_int(7),
                       rows.text(8)});
    }
    if (auto bad = rows.done()) return bad;
    // The newest were wanted, the oldest of them first.
    std::ranges::reverse(out);
    return std::nullopt;
}

}  // namespace farmwall::queue
