#pragma once

#include <limits>
#include <string>
#include <vector>

#include "queue/history.hpp"
#include "queue/sqlite.hpp"

namespace farmwall::queue {

// Keeps the file in its bounds: thins samples, then takes away the oldest rows of a file that is too big. In
// rounds of small transactions, so that whoever writes never waits long.
class HistoryKeeper {
public:
    explicit HistoryKeeper(const HistoryBounds& bounds) : bounds_{bounds} {}

    // Begins a round, with the bounds as they are at `now`.
    [[nodiscard]] sqlite::Problem begin(sqlite::Database& database, WallTime now);
    // One small transaction. `more`: the round is not over.
    [[nodiscard]] sqlite::Problem step(sqlite::Database& database, bool& more);
    // A sample was written: one that is older than what is thinned already is thinned with the next round.
    void written(WallTime at);
    // Another file, of which nothing is known.
    void forget();

private:
    // One thinning: of what lies between two times, the first sample of each `keep_one_per` stays.
    struct Pass {
        const char* name;  // of the time until which it is done, in the file
        std::int64_t keep_one_per_ms;
        std::int64_t chunk_ms;  // what one transaction looks at
        std::int64_t from = 0;
        std::int64_t to = 0;
    };
    enum class Stage { minutes, hours, size, idle };

    [[nodiscard]] sqlite::Problem thin(sqlite::Database& database, Pass& pass, Stage next);
    [[nodiscard]] sqlite::Problem shrink(sqlite::Database& database);
    [[nodiscard]] sqlite::Problem printers_of_samples(sqlite::Database& database);
    [[nodiscard]] sqlite::Problem delete_oldest(sqlite::Database& database, bool& deleted);
    [[nodiscard]] sqlite::Problem delete_oldest_samples(sqlite::Database& database, bool& deleted);

    HistoryBounds bounds_;
    Pass minutes_{"minutes_thinned_to", 60'000, 3'600'000};
    Pass hours_{"hours_thinned_to", 3'600'000, 86'400'000};
    std::int64_t oldest_written_ = std::numeric_limits<std::int64_t>::max();
    Stage stage_ = Stage::idle;
    std::vector<std::string> printers_;
    std::size_t printer_ = 0;  // of printers_, in the pass under way
    std::int64_t at_ = 0;      // how far that printer's samples are looked at
    bool shrinking_ = false;
};

}  // namespace farmwall::queue
