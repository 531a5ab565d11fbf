#include <doctest/doctest.h>

#include <algorithm>

#include "queue/history_inbox.hpp"
#include "rows.hpp"

using namespace farmwall;
using namespace farmwall::testing;
using queue::History;
using queue::HistoryInbox;

namespace {

queue::HistoryRow event_row(int number) { return event("p1", noon, std::to_string(number)); }
queue::HistoryRow sample_row(int number) {
    return queue::PrinterSample{PrinterId{"p1"}, sample(noon + std::chrono::seconds{number})};
}

std::size_t samples_in(const std::vector<queue::HistoryRow>& rows) {
    return static_cast<std::size_t>(std::count_if(rows.begin(), rows.end(), [](const queue::HistoryRow& row) {
        return std::holds_alternative<queue::PrinterSample>(row);
    }));
}

// Holds the write lock of a history's file.
class Holder {
public:
    explicit Holder(const std::filesystem::path& file) {
        REQUIRE_FALSE(database_.open(file, queue::sqlite::Database::Access::write, 5000ms).has_value());
        REQUIRE_FALSE(database_.run("BEGIN IMMEDIATE").has_value());
    }

private:
    queue::sqlite::Database database_;
};

}  // namespace

TEST_CASE("history inbox: rows of each kind keep their order, samples come last") {
    HistoryInbox inbox{10};
    CHECK(inbox.push(sample_row(1)));
    CHECK(inbox.push(event_row(1)));
    CHECK(inbox.push(sample_row(2)));
    CHECK(inbox.push(event_row(2)));
    const auto rows = inbox.take();
    REQUIRE(rows.size() == 4);
    CHECK(std::get<Event>(rows[0]).text == "1");
    CHECK(std::get<Event>(rows[1]).text == "2");
    CHECK(std::get<queue::PrinterSample>(rows[2]).sample.at == noon + 1s);
    CHECK(std::get<queue::PrinterSample>(rows[3]).sample.at == noon + 2s);
    CHECK(inbox.take().empty());
}

TEST_CASE("history inbox: when it is full the oldest samples go first, then what comes is refused") {
    HistoryInbox inbox{4};
    for (int i = 0; i < 4; ++i)
        CHECK(inbox.push(sample_row(i)));
    CHECK_FALSE(inbox.push(sample_row(4)));
    for (int i = 0; i < 4; ++i)
        CHECK(inbox.push(event_row(i)));
    CHECK_FALSE(inbox.push(event_row(4)));
    CHECK_FALSE(inbox.push(sample_row(5)));
    const auto dropped = inbox.take_dropped();
    CHECK(dropped.samples == 6);
    CHECK(dropped.others == 1);
    CHECK(inbox.take_dropped().samples == 0);
    const auto rows = inbox.take();
    CHECK(rows.size() == 4);
    CHECK(samples_in(rows) == 0);
    CHECK(inbox.push(event_row(5)));
}

TEST_CASE("history: a second one on the same file is refused while the first lives") {
    HistoryBench bench;
    auto first = bench.open();
    const auto second = History::open(bench.settings());
    REQUIRE_FALSE(second.ok());
    CHECK(second.error().kind == ErrorKind::unavailable);
    CHECK(second.error().what == "The history is in use by another Farmwall");
    first->add(event("p1", noon));
    first->flush();
    CHECK(value_of(first->events({})).size() == 1);
    first.reset();
    CHECK(value_of(bench.open()->events({})).size() == 1);
}

TEST_CASE("history: rubbish in the file of the lock does not keep it from opening") {
    HistoryBench bench;
    write_file(bench.file.string() + "-lock", std::string(5000, 'r'));
    CHECK(bench.open()->problem().empty());
}

TEST_CASE("history: while somebody holds the file, nobody waits, it is said, and nothing is lost") {
    HistoryBench bench;
    const auto history = bench.open();
    history->add(event("p1", noon, "before"));
    history->flush();
    {
        const Holder holder{bench.file};
        history->add(event("p1", noon + 1s, "meanwhile"));
        history->flush();
        CHECK(history->problem().starts_with("The history is not written, another program holds the file ("));
        CHECK(history->problem().ends_with("it is tried again every 60 s."));
        CHECK(value_of(history->events({})).size() == 1);
        const auto began = std::chrono::steady_clock::now();
        for (int i = 0; i < 1000; ++i)
            CHECK(history->add(PrinterId{"p1"}, sample(noon + std::chrono::seconds{i})));
        CHECK(std::chrono::steady_clock::now() - began < 900ms);  // less than one wait for the lock
    }
    history->add(event("p1", noon + 2s, "after"));
    history->flush();
    CHECK(history->problem().empty());
    CHECK(value_of(history->events({})).size() == 3);
    CHECK(value_of(history->samples({})).size() == 1000);
}

TEST_CASE("history: it tries again by itself") {
    HistoryBench bench;
    queue::History::Settings settings = bench.settings();
    settings.retry = 10ms;
    const auto history = value_of(History::open(std::move(settings)));
    {
        const Holder holder{bench.file};
        history->add(event("p1", noon));
        history->flush();
        CHECK_FALSE(history->problem().empty());
    }
    const auto end = std::chrono::steady_clock::now() + 20s;
    while (!history->problem().empty() && std::chrono::steady_clock::now() < end)
        std::this_thread::yield();
    CHECK(history->problem().empty());
    CHECK(value_of(history->events({})).size() == 1);
}

TEST_CASE("history: a file that vanishes is begun anew, and it is said") {
    HistoryBench bench;
    const auto history = bench.open();
    history->add(event("p1", noon));
    history->flush();
    for (const char* ending : {"", "-wal", "-shm"})
        std::filesystem::remove(bench.file.string() + ending);
    history->add(event("p1", noon + 1s));
    history->flush();
    CHECK(history->problem() == "The history file was gone; a new one was begun.");
    CHECK(value_of(history->events({})).size() == 1);
}

TEST_CASE("history: a folder that vanishes, with a file in its place, is said until it is mended") {
    HistoryBench bench;
    const auto history = bench.open();
    const auto folder = bench.file.parent_path();
    std::filesystem::remove_all(folder);
    write_file(folder, "in the way");
    history->add(event("p1", noon));
    history->flush();
    CHECK(history->problem().find("The history is not written, the disk or the file gives trouble") !=
          std::string::npos);
    CHECK_FALSE(history->events({}).ok());
    std::filesystem::remove(folder);
    history->flush();
    CHECK(history->problem() == "The history file was gone; a new one was begun.");
    CHECK(value_of(history->events({})).size() == 1);
}

TEST_CASE("history: a folder in the file's place, or a file in the folder's, is a clear error") {
    HistoryBench bench;
    std::filesystem::create_directories(bench.file);
    const auto folder = History::open(bench.settings());
    REQUIRE_FALSE(folder.ok());
    CHECK(folder.error().kind == ErrorKind::io);
    CHECK(folder.error().what.starts_with("The history cannot be opened for writing"));
    std::filesystem::remove_all(bench.file.parent_path());
    write_file(bench.file.parent_path(), "in the way");
    const auto file = History::open(bench.settings());
    REQUIRE_FALSE(file.ok());
    CHECK(file.error().kind == ErrorKind::io);
    CHECK(file.error().what.starts_with("The history's folder cannot be made"));
}

TEST_CASE("history: a folder that may not be written is a clear error") {
    HistoryBench bench;
    const auto folder = bench.file.parent_path();
    std::filesystem::create_directories(folder);
    std::filesystem::permissions(folder,
                                 std::filesystem::perms::owner_read | std::filesystem::perms::owner_exec);
    const bool all_powerful = std::ofstream{folder / "probe"}.good();
    if (all_powerful) {
        MESSAGE("skipped: this account may write everywhere");
    } else {
        const auto refused = History::open(bench.settings());
        REQUIRE_FALSE(refused.ok());
        CHECK(refused.error().kind == ErrorKind::io);
    }
    std::filesystem::permissions(folder, std::filesystem::perms::owner_all);
}
