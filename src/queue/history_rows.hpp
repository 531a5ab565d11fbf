#pragma once

#include <variant>
#include <vector>

#include "queue/history.hpp"
#include "queue/sqlite.hpp"

namespace farmwall::queue {

// What is handed over to the history's thread.
struct NumberedCommand {
    CommandId number = 0;
    CommandRow row;
};
struct PrinterSample {
    PrinterId printer;
    HistorySample sample;
};
using HistoryRow =
    std::variant<Event, NumberedCommand, AlarmRecord, PrintRecord, PrinterSample, TrayChoice, RequestRecord>;

// Puts rows into the tables of one connection.
class RowWriter {
public:
    // `run` tells the commands of this start of the program from those of earlier ones.
    [[nodiscard]] sqlite::Problem prepare(sqlite::Database& database, std::int64_t run);
    [[nodiscard]] sqlite::Problem write(const HistoryRow& row);

private:
    [[nodiscard]] sqlite::Problem write(const Event& event);
    [[nodiscard]] sqlite::Problem write(const NumberedCommand& command);
    [[nodiscard]] sqlite::Problem write(const AlarmRecord& record);
    [[nodiscard]] sqlite::Problem write(const PrintRecord& print);
    [[nodiscard]] sqlite::Problem write(const PrinterSample& sample);
    [[nodiscard]] sqlite::Problem write(const TrayChoice& choice);
    [[nodiscard]] sqlite::Problem write(const RequestRecord& request);

    std::int64_t run_ = 0;
    sqlite::Statement event_, command_, alarm_, print_, sample_, tray_, request_;
};

// Rows of a newer program whose words this one does not know are left out.
[[nodiscard]] sqlite::Problem read(sqlite::Database& database, const HistoryQuery& query,
                                   std::vector<PrintRecord>& out);
[[nodiscard]] sqlite::Problem read(sqlite::Database& database, const HistoryQuery& query,
                                   std::vector<EventRow>& out);
[[nodiscard]] sqlite::Problem read(sqlite::Database& database, const HistoryQuery& query,
                                   std::vector<CommandRow>& out);
[[nodiscard]] sqlite::Problem read(sqlite::Database& database, const HistoryQuery& query,
                                   std::vector<AlarmRecord>& out);
[[nodiscard]] sqlite::Problem read(sqlite::Database& database, const HistoryQuery& query,
                                   std::vector<HistorySample>& out);
[[nodiscard]] sqlite::Problem read(sqlite::Database& database, const HistoryQuery& query,
                                   std::vector<TrayChoice>& out);
[[nodiscard]] sqlite::Problem read(sqlite::Database& database, const HistoryQuery& query,
                                   std::vector<RequestRecord>& out);

}  // namespace farmwall::queue
