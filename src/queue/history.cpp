#include "queue/history.hpp"

#include <fmt/format.h>

#include <mutex>
#include <shared_mutex>
#include <thread>
#include <utility>

#include "queue/history_file.hpp"
#include "queue/history_inbox.hpp"
#include "queue/history_rows.hpp"
#include "queue/history_writer.hpp"
#include "queue/program_lock.hpp"

namespace farmwall::queue {

using namespace sqlite;

namespace {

using namespace std::chrono_literals;

constexpr std::size_t most_waiting = 20'000;
constexpr auto wait_for_locks = 2000ms;

}  // namespace

struct History::Impl {
    std::filesystem::path file;
    ProgramLock lock;
    HistoryInbox inbox{most_waiting};
    HistoryWriter writer;
    std::jthread thread;

    Impl(Settings settings, ProgramLock held, HistoryFile opened)
        : file{settings.file},
          lock{std::move(held)},
          writer{std::move(settings), std::move(opened), inbox},
          thread{[this](std::stop_token stop) { writer.run(std::move(stop)); }} {}

    template <class Row>
    Result<std::vector<Row>> rows(const HistoryQuery& query) {
        const std::shared_lock whole{writer.file_mutex()};
        std::vector<Row> out;
        Database database;
        auto bad = database.open(file, Database::Access::read, wait_for_locks);
        if (!bad) bad = read(database, query, out);
        if (!bad) return out;
        if (bad->trouble == Trouble::damaged) writer.suspect();
        return Error{ErrorKind::io, fmt::format("The history cannot be read ({})", bad->what), file.string()};
    }
};

Result<std::unique_ptr<History>> History::open(Settings settings) {
    ProgramLock lock;
    if (auto taken = lock.take(settings.file, "history"); !taken) return taken.error();
    auto opened = open_history_file(settings.file, settings.now());
    if (!opened) return opened.error();
    auto impl = std::make_unique<Impl>(std::move(settings), std::move(lock), std::move(opened).value());
    return std::unique_ptr<History>{new History{std::move(impl)}};
}

History::History(std::unique_ptr<Impl> impl) : impl_{std::move(impl)} {}
History::~History() = default;

std::string History::problem() const { return impl_->writer.problem(); }

bool History::add(const Event& event) { return impl_->inbox.push(event); }

bool History::add(const CommandStatus& command) {
    return impl_->inbox.push(
        NumberedCommand{command.id,
                        {command.printer, std::string{name(command.action)}, describe(command.action),
                         std::string{name(command.origin)}, command.fleet_action,
                         std::string{name(command.phase)}, command.reason, command.asked}});
}

bool History::add(const AlarmRecord& record) { return impl_->inbox.push(record); }

bool History::add(const PrintRecord& print) { return impl_->inbox.push(print); }

bool History::add(const PrinterId& printer, const HistorySample& sample) {
    return impl_->inbox.push(PrinterSample{printer, sample});
}

bool History::add(const TrayChoice& choice) { return impl_->inbox.push(choice); }

bool History::add(const RequestRecord& request) { return impl_->inbox.push(request); }

void History::flush() { impl_->inbox.flush(); }

Result<std::vector<PrintRecord>> History::prints(const HistoryQuery& query) const {
    return impl_->rows<PrintRecord>(query);
}
Result<std::vector<EventRow>> History::events(const HistoryQuery& query) const {
    return impl_->rows<EventRow>(query);
}
Result<std::vector<CommandRow>> History::commands(const HistoryQuery& query) const {
    return impl_->rows<CommandRow>(query);
}
Result<std::vector<AlarmRecord>> History::alarms(const HistoryQuery& query) const {
    return impl_->rows<AlarmRecord>(query);
}
Result<std::vector<HistorySample>> History::samples(const HistoryQuery& query) const {
    return impl_->rows<HistorySample>(query);
}
Result<std::vector<RequestRecord>> History::requests(const HistoryQuery& query) const {
    return impl_->rows<RequestRecord>(query);
}
Result<std::vector<TrayChoice>> History::tray_choices(const HistoryQuery& query) const {
    return impl_->rows<TrayChoice>(query);
}

}  // namespace farmwall::queue
