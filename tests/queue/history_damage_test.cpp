#include <doctest/doctest.h>

#include <sstream>

#include "rows.hpp"

using namespace farmwall;
using namespace farmwall::testing;
using queue::History;

namespace {

std::string content_of(const std::filesystem::path& file) {
    std::ifstream in{file, std::ios::binary};
    std::ostringstream out;
    out << in.rdbuf();
    return out.str();
}

// A history of some pages, closed.
void fill(HistoryBench& bench, int rows = 300) {
    const auto history = bench.open();
    for (int i = 0; i < rows; ++i) {
        history->add(event("p1", noon + std::chrono::seconds{i}, std::string(200, 'x')));
        history->add(PrinterId{"p1"}, sample(noon + std::chrono::seconds{i}));
    }
}

// It opens with a new file and goes on with it.
void check_new_one(HistoryBench& bench) {
    const auto history = bench.open();
    CHECK(history->problem().starts_with(
        "The history file was damaged; it was set aside as history.db.damaged-"));
    CHECK(bench.damaged().size() == 1);
    CHECK(value_of(history->events({})).empty());
    history->add(event("p1", noon));
    history->flush();
    CHECK(value_of(history->events({})).size() == 1);
}

}  // namespace

TEST_CASE("history: a file of rubbish is set aside under its time, and nothing of it is lost") {
    HistoryBench bench;
    const std::string rubbish(10'000, 'r');
    write_file(bench.file, rubbish);
    check_new_one(bench);
    const auto aside = bench.damaged().front();
    CHECK(content_of(aside) == rubbish);
    CHECK(aside.filename() == "history.db.damaged-2024-10-04T00-00-00Z");  // what the clock says, in UTC
    const auto history = bench.open();
    CHECK(history->problem().empty());  // of the second opening
    CHECK(value_of(history->events({})).size() == 1);
}

TEST_CASE("history: damaged twice in one second, both are kept") {
    HistoryBench bench;
    for (int i = 0; i < 3; ++i) {
        write_file(bench.file, "rubbish that is long enough to be read as a header " + std::string(200, 'x'));
        CHECK_FALSE(bench.open()->problem().empty());
    }
    CHECK(bench.damaged().size() == 3);
}

TEST_CASE("history: a file that was cut off anywhere is set aside or whole, never half") {
    HistoryBench whole;
    fill(whole);
    const std::string content = content_of(whole.file);
    REQUIRE(content.size() > 50'000);
    std::vector<std::size_t> lengths{2, 15, 16, 17, 99, 100, 101, 511, 512, 1023, 1024, 4095, 4096, 4097};
    for (std::size_t length = 5000; length < content.size(); length += 5 * 1024 + 7)
        lengths.push_back(length);
    for (std::size_t less : {1, 2, 1000, 4095, 4096})
        lengths.push_back(content.size() - less);
    for (const std::size_t length : lengths) {
        CAPTURE(length);
        HistoryBench bench;
        write_file(bench.file, content.substr(0, length));
        check_new_one(bench);
    }
}

TEST_CASE("history: a file without content is a new history") {
    for (const char* nothing : {"", "x"}) {  // SQLite takes a single byte for none
        HistoryBench bench;
        write_file(bench.file, nothing);
        const auto history = bench.open();
        CHECK(history->problem().empty());
        CHECK(bench.damaged().empty());
    }
}

TEST_CASE("history: after a shutdown that was not clean the whole file is checked, else not") {
    HistoryBench bench;
    fill(bench);
    std::string content = content_of(bench.file);
    // Overwrite a page in the middle: nothing that opening itself looks at.
    const std::size_t page = content.size() / 4096 / 2;
    content.replace(page * 4096, 4096, std::string(4096, '\x7F'));
    write_file(bench.file, content);
    {
        HistoryBench killed;
        write_file(killed.file, content);
        // What a killed program leaves: a log beside the file.
        write_file(killed.file.string() + "-wal", "");
        check_new_one(killed);
    }
    const auto history = bench.open();
    CHECK(history->problem().empty());
    CHECK(bench.damaged().empty());
}

TEST_CASE("history: damage that a reader meets later sets the file aside, and rows go on into a new one") {
    HistoryBench bench;
    fill(bench, 2000);
    std::string content = content_of(bench.file);
    for (std::size_t page = 20; page < content.size() / 4096; ++page)
        content.replace(page * 4096, 4096, std::string(4096, '\x7F'));
    write_file(bench.file, content);
    const auto history = bench.open();
    REQUIRE(history->problem().empty());
    queue::HistoryQuery all;
    all.most_rows = 0;
    const auto rows = history->events(all);
    REQUIRE_FALSE(rows.ok());
    CHECK(rows.error().kind == ErrorKind::io);
    const auto end = std::chrono::steady_clock::now() + 20s;
    while (history->problem().empty() && std::chrono::steady_clock::now() < end)
        std::this_thread::yield();
    CHECK(history->problem().starts_with("The history file was damaged"));
    CHECK(bench.damaged().size() == 1);
    history->add(event("p1", noon));
    history->flush();
    CHECK(value_of(history->events(all)).size() == 1);
}

TEST_CASE("history: damage that writing meets sets the file aside, and the rows are in the new one") {
    HistoryBench bench;
    fill(bench, 2000);
    std::string content = content_of(bench.file);
    for (std::size_t page = 20; page < content.size() / 4096; ++page)
        content.replace(page * 4096, 4096, std::string(4096, '\x7F'));
    write_file(bench.file, content);
    const auto history = bench.open();
    REQUIRE(history->problem().empty());
    for (int i = 0; i < 50; ++i)
        history->add(event("p1", noon + std::chrono::hours{i}));
    history->flush();
    CHECK(history->problem().starts_with("The history file was damaged"));
    CHECK(value_of(history->events({})).size() == 50);
}

TEST_CASE("history: a log of rubbish beside a sound file harms nothing") {
    HistoryBench bench;
    fill(bench);
    write_file(bench.file.string() + "-wal", std::string(9000, 'r'));
    write_file(bench.file.string() + "-shm", std::string(40'000, 'r'));
    const auto history = bench.open();
    CHECK(history->problem().empty());
    queue::HistoryQuery all;
    all.most_rows = 0;
    CHECK(value_of(history->events(all)).size() == 300);
}

TEST_CASE("history: a sound database of somebody else is set aside, not written into") {
    for (const char* sql : {"CREATE TABLE theirs(x)", "CREATE TABLE theirs(x); PRAGMA user_version = 2",
                            "CREATE TABLE theirs(x); PRAGMA user_version = 3"}) {
        HistoryBench bench;
        make_database(bench.file, sql);
        const std::string theirs = content_of(bench.file);
        check_new_one(bench);
        CHECK(content_of(bench.damaged().front()) == theirs);
    }
}
