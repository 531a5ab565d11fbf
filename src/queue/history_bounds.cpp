#include "queue/history_bounds.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <utility>

#include "queue/history_schema.hpp"

namespace farmwall::queue {

using namespace sqlite;

namespace {

constexpr std::int64_t most_rows_at_once = 2000;
constexpr int most_pages_at_once = 512;
constexpr std::int64_t hour_ms = 3'600'000;
constexpr std::int64_t week_ms = 168 * hour_ms;

std::int64_t floor_to(std::int64_t ms, std::int64_t step) {
    const std::int64_t rest = ms % step;
    return ms - (rest < 0 ? rest + step : rest);
}

// The oldest sample of a printer from `from` on and before `to`.
Problem first_sample(Database& database, const std::string& printer, std::int64_t from, std::int64_t to,
                     std::optional<std::int64_t>& first) {
    Statement oldest;
    if (auto bad = database.prepare("SELECT min(at) FROM samples WHERE printer = ?1 AND at >= ?2 AND at < ?3",
                                    oldest))
        return bad;
    first.reset();
    if (oldest.with(printer, from, to).step() && !oldest.is_null(0)) first = oldest.integer(0);
    return oldest.done();
}

}  // namespace

void HistoryKeeper::written(WallTime at) { oldest_written_ = std::min(oldest_written_, to_ms(at)); }

void HistoryKeeper::forget() {
    stage_ = Stage::idle;
    shrinking_ = false;
    oldest_written_ = std::numeric_limits<std::int64_t>::max();
}

Problem HistoryKeeper::printers_of_samples(Database& database) {
    printers_.clear();
    // Jumps from printer to printer in the index instead of reading every row.
    Statement all;
    if (auto bad = database.prepare(
            "WITH RECURSIVE each(id) AS (SELECT min(printer) FROM samples UNION ALL "
            "SELECT (SELECT min(printer) FROM samples WHERE printer > id) FROM each WHERE id IS NOT NULL) "
            "SELECT id FROM each WHERE id IS NOT NULL",
            all))
        return bad;
    while (all.step())
        printers_.push_back(all.text(0));
    return all.done();
}

Problem HistoryKeeper::begin(Database& database, WallTime now) {
    const std::int64_t now_ms = to_ms(now);
    minutes_.to = floor_to(to_ms(now - bounds_.full_samples), minutes_.keep_one_per_ms);
    hours_.to = floor_to(to_ms(now - bounds_.minute_samples), hours_.keep_one_per_ms);
    for (Pass* pass : {&minutes_, &hours_}) {
        pass->from = std::numeric_limits<std::int64_t>::min() / 2;
        if (auto bad = read_meta(database, pass->name, pass->from)) return bad;
        // A clock that was wrong and is set right again thins from the beginning.
        if (pass->from > now_ms) pass->from = std::numeric_limits<std::int64_t>::min() / 2;
        if (oldest_written_ < pass->from) pass->from = floor_to(oldest_written_, pass->keep_one_per_ms);
    }
    oldest_written_ = std::numeric_limits<std::int64_t>::max();
    if (auto bad = printers_of_samples(database)) return bad;
    stage_ = Stage::minutes;
    printer_ = 0;
    at_ = minutes_.from;
    return std::nullopt;
}

Problem HistoryKeeper::step(Database& database, bool& more) {
    Problem bad;
    switch (stage_) {
        case Stage::minutes:
            bad = thin(database, minutes_, Stage::hours);
            break;
        case Stage::hours:
            bad = thin(database, hours_, Stage::size);
            break;
        case Stage::size:
            bad = shrink(database);
            break;
        case Stage::idle:
            break;
    }
    if (bad) stage_ = Stage::idle;
    more = stage_ != Stage::idle;
    return bad;
}

Problem HistoryKeeper::thin(Database& database, Pass& pass, Stage next) {
    while (printer_ < printers_.size()) {
        const std::string& printer = printers_[printer_];
        std::optional<std::int64_t> first;
        if (auto bad = first_sample(database, printer, at_, pass.to, first)) return bad;
        if (!first) {
            ++printer_;
            at_ = pass.from;
            continue;
        }
        const std::int64_t from = floor_to(*first, pass.keep_one_per_ms);
        const std::int64_t to = std::min(from + pass.chunk_ms, pass.to);
        Statement thinned;
        if (auto bad = database.prepare(
                "DELETE FROM samples WHERE printer = ?1 AND at >= ?2 AND at < ?3 AND at NOT IN "
                "(SELECT min(at) FROM samples WHERE printer = ?1 AND at >= ?2 AND at < ?3 "
                "GROUP BY (at - ?2) / ?4)",
                thinned))
            return bad;
        at_ = to;
        return thinned.with(printer, from, to, pass.keep_one_per_ms).run();
    }
    printer_ = 0;
    stage_ = next;
    at_ = hours_.from;
    return pass.to > pass.from ? write_meta(database, pass.name, pass.to) : std::nullopt;
}

Problem HistoryKeeper::shrink(Database& database) {
    std::int64_t pages = 0;
    std::int64_t free_pages = 0;
    std::int64_t page_bytes = 0;
    if (auto bad = database.number("PRAGMA page_count", pages)) return bad;
    if (auto bad = database.number("PRAGMA freelist_count", free_pages)) return bad;
    if (auto bad = database.number("PRAGMA page_size", page_bytes)) return bad;
    const auto most = static_cast<std::int64_t>(
        std::min<std::uint64_t>(bounds_.most_bytes, std::numeric_limits<std::int64_t>::max()));
    if (pages * page_bytes > most) shrinking_ = true;
    // Some way below the bound, so that not every round has to.
    const bool too_much = shrinking_ && (pages - free_pages) * page_bytes > most - most / 16;
    if (too_much) {
        bool deleted = false;
        if (auto bad = delete_oldest(database, deleted)) return bad;
        if (deleted) return std::nullopt;
    }
    if (shrinking_ && free_pages > 0) {
        const std::string vacuum = fmt::format("PRAGMA incremental_vacuum({})", most_pages_at_once);
        if (auto bad = database.run(vacuum.c_str())) return bad;
        std::int64_t left = 0;
        if (auto bad = database.number("PRAGMA freelist_count", left)) return bad;
        if (left < free_pages) return std::nullopt;
    }
    stage_ = Stage::idle;
    if (!std::exchange(shrinking_, false)) return std::nullopt;
    // Only what leaves the write-ahead log makes the file smaller. Who reads may hold it up: then later.
    if (auto bad = database.run("PRAGMA wal_checkpoint(TRUNCATE)"); bad && bad->trouble != Trouble::busy)
        return bad;
    return std::nullopt;
}

Problem HistoryKeeper::delete_oldest_samples(Database& database, bool& deleted) {
    if (auto bad = printers_of_samples(database)) return bad;
    std::optional<std::int64_t> oldest;
    std::string printer;
    for (const std::string& one : printers_) {
        std::optional<std::int64_t> first;
        if (auto bad = first_sample(database, one, std::numeric_limits<std::int64_t>::min(),
                                    std::numeric_limits<std::int64_t>::max(), first))
            return bad;
        if (first && (!oldest || *first < *oldest)) {
            oldest = first;
            printer = one;
        }
    }
    if (!oldest) return std::nullopt;
    deleted = true;
    Statement remove;
    if (auto bad =
            database.prepare("DELETE FROM samples WHERE printer = ?1 AND at >= ?2 AND at < ?3", remove))
        return bad;
    return remove.with(printer, *oldest, *oldest + hour_ms).run();
}

Problem HistoryKeeper::delete_oldest(Database& database, bool& deleted) {
    if (auto bad = delete_oldest_samples(database, deleted); bad || deleted) return bad;
    std::int64_t newest_print = 0;
    if (auto bad = database.number("SELECT max(started) FROM prints", newest_print)) return bad;
    constexpr std::int64_t forever = std::numeric_limits<std::int64_t>::max();
    struct Table {
        const char* name;
        const char* time;
        std::int64_t before;
    };
    for (const Table& table :
         {Table{"events", "at", forever}, Table{"commands", "asked", forever}, Table{"alarms", "at", forever},
          Table{"requests", "at", forever}, Table{"prints", "started", newest_print - week_ms}}) {
        Statement remove;
        const std::string sql = fmt::format(
            "DELETE FROM {0} WHERE id IN (SELECT id FROM {0} WHERE {1} < ?1 ORDER BY {1} LIMIT ?2)",
            table.name, table.time);
        if (auto bad = database.prepare(sql.c_str(), remove)) return bad;
        if (auto bad = remove.with(table.before, most_rows_at_once).run()) return bad;
        deleted = database.changes() > 0;
        if (deleted) return std::nullopt;
    }
    return std::nullopt;
}

}  // namespace farmwall::queue
