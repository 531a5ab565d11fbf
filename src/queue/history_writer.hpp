#pragma once

#include <atomic>
#include <shared_mutex>
#include <stop_token>
#include <string>
#include <vector>

#include "base/synchronized.hpp"
#include "queue/history_bounds.hpp"
#include "queue/history_file.hpp"
#include "queue/history_inbox.hpp"
#include "queue/history_rows.hpp"

namespace farmwall::queue {

// The history's thread: commits what comes, keeps the file in its bounds, and goes on when the file is
// damaged or cannot be written.
class HistoryWriter {
public:
    HistoryWriter(History::Settings settings, HistoryFile opened, HistoryInbox& inbox);

    // Until a stop; then commits what waits and closes the file.
    void run(const std::stop_token& stop);

    // Any thread:
    [[nodiscard]] std::string problem() const;
    // A reader met damage: the file is looked through.
    void suspect();
    // Held shared while the file is read, exclusively while it is replaced.
    [[nodiscard]] std::shared_mutex& file_mutex() { return file_mutex_; }

private:
    struct Said {
        std::string told;     // what happened to the file
        std::string failing;  // why nothing is written now
    };

    [[nodiscard]] bool failing() const { return retry_at_.has_value(); }
    void write_all();
    [[nodiscard]] bool make_ready();
    [[nodiscard]] sqlite::Problem commit();
    [[nodiscard]] bool recover(bool damaged);
    void failed(const sqlite::Failure& failure);
    void succeeded();
    void keep_in_bounds();
    void look_for_damage();
    void say_dropped();
    void end();

    const History::Settings settings_;
    HistoryInbox& inbox_;
    HistoryFile file_;
    RowWriter rows_;
    HistoryKeeper keeper_;
    std::vector<HistoryRow> pending_;  // taken, not yet committed
    std::optional<TimePoint> retry_at_;
    bool reopen_first_ = false;
    bool keeping_ = false;  // a round of the keeper is under way
    WallTime last_round_{};
    std::uint64_t flushed_ = 0;
    bool said_dropped_ = false;
    std::optional<TimePoint> next_look_;  // for damage
    std::atomic<bool> suspected_ = false;
    std::shared_mutex file_mutex_;
    Synchronized<Said> said_;
};

}  // namespace farmwall::queue
