#include "queue/sqlite.hpp"

#include <sqlite3.h>

#include <algorithm>

#include "base/text.hpp"

namespace farmwall::queue::sqlite {
namespace {

Trouble trouble_of(int code) {
    switch (code & 0xFF) {
        case SQLITE_CORRUPT:
        case SQLITE_NOTADB:
            return Trouble::damaged;
        case SQLITE_BUSY:
        case SQLITE_LOCKED:
        case SQLITE_PROTOCOL:
            return Trouble::busy;
        case SQLITE_FULL:
            return Trouble::full;
        case SQLITE_TOOBIG:
        case SQLITE_CONSTRAINT:
        case SQLITE_MISMATCH:
        case SQLITE_RANGE:
            return Trouble::bad_row;
        case SQLITE_ERROR:  // of a statement of ours: a table or column is missing
            return Trouble::foreign;
        default:
            return Trouble::other;
    }
}

// The connection's words where they belong to this code.
Failure failure(sqlite3* database, int code) {
    const bool own = database != nullptr && (sqlite3_extended_errcode(database) & 0xFF) == (code & 0xFF);
    return {trouble_of(code), own ? sqlite3_errmsg(database) : sqlite3_errstr(code)};
}

bool went_well(int code) { return code == SQLITE_OK || code == SQLITE_DONE || code == SQLITE_ROW; }

}  // namespace

std::int64_t to_ms(WallTime when) {
    return std::chrono::floor<std::chrono::milliseconds>(when.time_since_epoch()).count();
}

WallTime from_ms(std::int64_t ms) {
    // What no clock can say becomes the nearest that it can.
    constexpr auto least = std::chrono::ceil<std::chrono::milliseconds>(WallTime::min().time_since_epoch());
    constexpr auto most = std::chrono::floor<std::chrono::milliseconds>(WallTime::max().time_since_epoch());
    const std::chrono::milliseconds within{std::min(std::max<std::int64_t>(ms, least.count()), most.count())};
    return WallTime{std::chrono::duration_cast<WallTime::duration>(within)};
}

void Statement::Finalize::operator()(sqlite3_stmt* statement) const noexcept { sqlite3_finalize(statement); }

void Statement::begin() {
    sqlite3_reset(statement_.get());
    sqlite3_clear_bindings(statement_.get());
    result_ = SQLITE_OK;
}

void Statement::put(int at, std::int64_t value) {
    const int code = sqlite3_bind_int64(statement_.get(), at, value);
    if (went_well(result_)) result_ = code;
}

void Statement::put(int at, double value) {
    const int code = sqlite3_bind_double(statement_.get(), at, value);
    if (went_well(result_)) result_ = code;
}

void Statement::put(int at, std::string_view value) {
    // Other programs read the file as well: text is text.
    const std::string text = valid_utf8(value);
    const int code =
        sqlite3_bind_text64(statement_.get(), at, text.data(), text.size(), SQLITE_TRANSIENT, SQLITE_UTF8);
    if (went_well(result_)) result_ = code;
}

void Statement::put_null(int at) {
    const int code = sqlite3_bind_null(statement_.get(), at);
    if (went_well(result_)) result_ = code;
}

bool Statement::step() {
    if (!went_well(result_)) return false;
    result_ = sqlite3_step(statement_.get());
    return result_ == SQLITE_ROW;
}

Problem Statement::done() {
    Problem problem;
    if (!went_well(result_)) problem = failure(sqlite3_db_handle(statement_.get()), result_);
    sqlite3_reset(statement_.get());
    result_ = SQLITE_OK;
    return problem;
}

Problem Statement::run() {
    while (step()) {
    }
    return done();
}

bool Statement::is_null(int column) const {
    return sqlite3_column_type(statement_.get(), column) == SQLITE_NULL;
}

std::int64_t Statement::integer(int column) const { return sqlite3_column_int64(statement_.get(), column); }

double Statement::real(int column) const { return sqlite3_column_double(statement_.get(), column); }

std::string Statement::text(int column) const {
    const auto* const bytes = sqlite3_column_text(statement_.get(), column);
    if (bytes == nullptr) return {};
    const auto length = static_cast<std::size_t>(sqlite3_column_bytes(statement_.get(), column));
    return {reinterpret_cast<const char*>(bytes), length};
}

std::optional<double> Statement::maybe_real(int column) const {
    return is_null(column) ? std::nullopt : std::optional{real(column)};
}

std::optional<int> Statement::maybe_int(int column) const {
    return is_null(column) ? std::nullopt : std::optional{static_cast<int>(integer(column))};
}

void Database::Close::operator()(sqlite3* database) const noexcept { sqlite3_close_v2(database); }

Problem Database::open(const std::filesystem::path& file, Access access, std::chrono::milliseconds wait) {
    close();
    const int flags =
        (access == Access::write ? SQLITE_OPEN_READWRITE | SQLITE_OPEN_CREATE : SQLITE_OPEN_READONLY) |
        SQLITE_OPEN_NOMUTEX;
    const auto name = std::filesystem::absolute(file).u8string();
    sqlite3* opened = nullptr;
    const int code = sqlite3_open_v2(reinterpret_cast<const char*>(name.c_str()), &opened, flags, nullptr);
    database_.reset(opened);  // there is one also after most failures
    if (code != SQLITE_OK) {
        Failure bad = failure(opened, code);
        close();
        return bad;
    }
    sqlite3_extended_result_codes(opened, 1);
    sqlite3_busy_timeout(opened, static_cast<int>(wait.count()));
    if (access == Access::write && sqlite3_db_readonly(opened, "main") == 1) {
        close();
        return Failure{Trouble::other, "the file may only be read"};
    }
    return std::nullopt;
}

void Database::close() { database_.reset(); }

void Database::close_as_it_is() {
    if (database_ != nullptr)
        sqlite3_db_config(database_.get(), SQLITE_DBCONFIG_NO_CKPT_ON_CLOSE, 1, nullptr);
    close();
}

Problem Database::run(const char* sql) {
    const int code = sqlite3_exec(database_.get(), sql, nullptr, nullptr, nullptr);
    if (code == SQLITE_OK) return std::nullopt;
    return failure(database_.get(), code);
}

Problem Database::prepare(const char* sql, Statement& statement) {
    sqlite3_stmt* prepared = nullptr;
    const int code =
        sqlite3_prepare_v3(database_.get(), sql, -1, SQLITE_PREPARE_PERSISTENT, &prepared, nullptr);
    statement.statement_.reset(prepared);
    statement.result_ = SQLITE_OK;
    if (code == SQLITE_OK) return std::nullopt;
    return failure(database_.get(), code);
}

Problem Database::number(const char* sql, std::int64_t& answer) {
    Statement statement;
    if (auto bad = prepare(sql, statement)) return bad;
    if (statement.step()) answer = statement.integer(0);
    return statement.done();
}

Problem Database::check() {
    Statement statement;
    if (auto bad = prepare("PRAGMA quick_check(1)", statement)) return bad;
    std::string said;
    if (statement.step()) said = statement.text(0);
    if (auto bad = statement.done()) return bad;
    if (said == "ok") return std::nullopt;
    return Failure{Trouble::damaged, said};
}

std::int64_t Database::changes() const { return sqlite3_changes64(database_.get()); }

Transaction::~Transaction() {
    // SQLite has rolled back by itself after some failures: then there is nothing to do.
    if (open_) static_cast<void>(database_.run("ROLLBACK"));
}

Problem Transaction::begin() {
    auto bad = database_.run("BEGIN IMMEDIATE");
    open_ = !bad;
    return bad;
}

Problem Transaction::commit() {
    auto bad = database_.run("COMMIT");
    if (!bad) open_ = false;
    return bad;
}

}  // namespace farmwall::queue::sqlite
