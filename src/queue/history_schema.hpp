#pragma once

#include "queue/sqlite.hpp"

namespace farmwall::queue {

// The newest shape of the tables that this program knows; kept in the file as user_version.
constexpr int history_version = 4;

// Makes the tables or brings them from an older version up to this one, each version in one transaction.
// Trouble: newer, foreign (tables of somebody else), damaged, or what writing gives.
[[nodiscard]] sqlite::Problem bring_up_to_date(sqlite::Database& database);

// Whole numbers that belong to the file itself.
[[nodiscard]] sqlite::Problem read_meta(sqlite::Database& database, const char* name, std::int64_t& value);
[[nodiscard]] sqlite::Problem write_meta(sqlite::Database& database, const char* name, std::int64_t value);

}  // namespace farmwall::queue
