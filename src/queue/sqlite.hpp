#pragma once

#include <cstdint>
#include <filesystem>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <type_traits>

#include "base/clock.hpp"

struct sqlite3;
struct sqlite3_stmt;

// SQLite's C interface with owners. For this folder's .cpp files.
namespace farmwall::queue::sqlite {

// What a failure means for the file.
enum class Trouble {
    damaged,  // the file is broken, or no database
    foreign,  // a sound database, but not of this program
    newer,    // of a newer program
    busy,     // somebody else holds the lock
    full,     // no space
    bad_row,  // this row can never be written; others can
    other,    // disk or system trouble
};
struct Failure {
    Trouble trouble = Trouble::other;
    std::string what;  // SQLite's words
};
// Nothing: it went well.
using Problem = std::optional<Failure>;

// Unix ms.
[[nodiscard]] std::int64_t to_ms(WallTime when);
[[nodiscard]] WallTime from_ms(std::int64_t ms);

// A prepared statement: used by one thread at a time, not longer than its Database.
class Statement {
public:
    Statement() = default;

    // Begins anew with these values for ?1, ?2 …; an empty optional is NULL. Texts are copied.
    template <class... Values>
    Statement& with(const Values&... values) {
        begin();
        int at = 0;
        (put(++at, values), ...);
        return *this;
    }
    // True while there is a row; afterwards done() says how it went.
    [[nodiscard]] bool step();
    [[nodiscard]] Problem done();
    // For statements without rows.
    [[nodiscard]] Problem run();

    // Columns of the row, from 0. NULL gives zero or an empty text.
    [[nodiscard]] bool is_null(int column) const;
    [[nodiscard]] std::int64_t integer(int column) const;
    [[nodiscard]] double real(int column) const;
    [[nodiscard]] std::string text(int column) const;
    [[nodiscard]] std::optional<double> maybe_real(int column) const;
    [[nodiscard]] std::optional<int> maybe_int(int column) const;
    [[nodiscard]] WallTime time(int column) const { return from_ms(integer(column)); }

private:
    friend class Database;
    struct Finalize {
        void operator()(sqlite3_stmt* statement) const noexcept;
    };

    void begin();
    void put(int at, std::int64_t value);
    void put(int at, double value);
    void put(int at, std::string_view value);
    void put_null(int at);
    void put(int at, int value) { put(at, std::int64_t{value}); }
    void put(int at, WallTime value) { put(at, to_ms(value)); }
    void put(int at, const std::string& value) { put(at, std::string_view{value}); }
    template <class Value>
    void put(int at, const std::optional<Value>& value) {
        if (value) {
            put(at, *value);
        } else {
            put_null(at);
        }
    }

    std::unique_ptr<sqlite3_stmt, Finalize> statement_;
    int result_ = 0;  // SQLite's code of the last step or bind
};

// A connection: used by one thread at a time.
class Database {
public:
    enum class Access { read, write };

    Database() = default;
    // `write` creates the file. Waits up to `wait` for the locks of others.
    [[nodiscard]] Problem open(const std::filesystem::path& file, Access access,
                               std::chrono::milliseconds wait);
    [[nodiscard]] bool is_open() const { return database_ != nullptr; }
    void close();
    // Without moving the write-ahead log into the file: both stay as they are.
    void close_as_it_is();

    // One or several statements without values.
    [[nodiscard]] Problem run(const char* sql);
    [[nodiscard]] Problem prepare(const char* sql, Statement& statement);
    // The first column of the only row.
    [[nodiscard]] Problem number(const char* sql, std::int64_t& answer);
    // PRAGMA quick_check: reads the whole file.
    [[nodiscard]] Problem check();
    // Rows changed by the last statement.
    [[nodiscard]] std::int64_t changes() const;

private:
    struct Close {
        void operator()(sqlite3* database) const noexcept;
    };
    std::unique_ptr<sqlite3, Close> database_;
};

// Everything or nothing: rolled back at the end of its life unless committed.
class Transaction {
public:
    explicit Transaction(Database& database) : database_{database} {}
    ~Transaction();
    Transaction(const Transaction&) = delete;
    Transaction& operator=(const Transaction&) = delete;
    [[nodiscard]] Problem begin();  // takes the write lock
    [[nodiscard]] Problem commit();

private:
    Database& database_;
    bool open_ = false;
};

}  // namespace farmwall::queue::sqlite
