#include <doctest/doctest.h>

#include <algorithm>

#include "queue/history_bounds.hpp"
#include "queue/history_file.hpp"
#include "queue/history_rows.hpp"
#include "rows.hpp"

using namespace farmwall;
using namespace farmwall::testing;
using queue::HistoryKeeper;

namespace {

// The file without its thread.
struct KeeperBench {
    HistoryBench files;
    queue::HistoryFile file = value_of(queue::open_history_file(files.file, noon));
    queue::RowWriter rows;
    HistoryKeeper keeper;
    WallTime now = noon;

    explicit KeeperBench(const queue::HistoryBounds& bounds = {}) : keeper{bounds} {
        REQUIRE_FALSE(rows.prepare(file.database, file.run).has_value());
    }

    void write(const queue::HistoryRow& row) {
        REQUIRE_FALSE(rows.write(row).has_value());
        if (const auto* one = std::get_if<queue::PrinterSample>(&row)) keeper.written(one->sample.at);
    }
    void sample_at(WallTime at, const std::string& printer = "p1") {
        write(queue::PrinterSample{PrinterId{printer}, sample(at)});
    }
    // Samples of a span, one each `every`.
    void samples(WallTime from, WallTime to, Duration every, const std::string& printer = "p1") {
        queue::sqlite::Transaction transaction{file.database};
        REQUIRE_FALSE(transaction.begin().has_value());
        for (WallTime at = from; at < to; at += every)
            sample_at(at, printer);
        REQUIRE_FALSE(transaction.commit().has_value());
    }
    // A whole round; how many transactions it took.
    int round() {
        REQUIRE_FALSE(keeper.begin(file.database, now).has_value());
        int steps = 0;
        for (bool more = true; more; ++steps) {
            REQUIRE_FALSE(keeper.step(file.database, more).has_value());
            REQUIRE(steps < 100'000);
        }
        return steps;
    }
    [[nodiscard]] std::vector<WallTime> kept(const std::string& printer = "p1") {
        queue::HistoryQuery query;
        query.printer = PrinterId{printer};
        query.most_rows = 0;
        std::vector<queue::HistorySample> rows_read;
        REQUIRE_FALSE(read(file.database, query, rows_read).has_value());
        std::vector<WallTime> out;
        for (const queue::HistorySample& one : rows_read)
            out.push_back(one.at);
        return out;
    }
    std::int64_t number(const char* sql) {
        std::int64_t answer = -1;
        REQUIRE_FALSE(file.database.number(sql, answer).has_value());
        return answer;
    }
    std::int64_t bytes() { return number("PRAGMA page_count") * number("PRAGMA page_size"); }
};

std::vector<WallTime> each(WallTime from, WallTime to, Duration every) {
    std::vector<WallTime> out;
    for (WallTime at = from; at < to; at += every)
        out.push_back(at);
    return out;
}

std::vector<WallTime> operator+(std::vector<WallTime> a, const std::vector<WallTime>& b) {
    a.insert(a.end(), b.begin(), b.end());
    return a;
}

}  // namespace

TEST_CASE("history bounds: what is younger than a day stays whole") {
    KeeperBench bench;
    bench.samples(noon - 24h, noon, 5s);
    bench.round();
    CHECK(bench.kept() == each(noon - 24h, noon, 5s));
}

TEST_CASE("history bounds: older than a day one sample a minute stays, the first, of each printer") {
    KeeperBench bench;
    bench.samples(noon - 26h, noon - 22h, 5s, "p1");
    bench.samples(noon - 26h + 2s, noon - 22h, 7s, "p2");
    bench.round();
    CHECK(bench.kept("p1") == each(noon - 26h, noon - 24h, 1min) + each(noon - 24h, noon - 22h, 5s));
    const auto second = bench.kept("p2");
    CHECK(second.front() == noon - 26h + 2s);
    CHECK(std::count_if(second.begin(), second.end(), [](WallTime at) { return at < noon - 24h; }) == 120);
}

TEST_CASE("history bounds: older than thirty days one an hour stays") {
    KeeperBench bench;
    bench.samples(noon - 24h * 33, noon - 24h * 28, 1min);
    bench.round();
    CHECK(bench.kept() ==
          each(noon - 24h * 33, noon - 24h * 30, 1h) + each(noon - 24h * 30, noon - 24h * 28, 1min));
}

TEST_CASE("history bounds: as time passes the same samples are thinned further, and once is enough") {
    KeeperBench bench;
    const WallTime begin = noon;
    bench.samples(begin, begin + 2h, 10s);
    for (bench.now = begin; bench.now <= begin + 24h * 32; bench.now += 6h) {
        bench.round();
        const auto age = bench.now - begin;
        const std::size_t left = bench.kept().size();
        CAPTURE(std::chrono::duration_cast<std::chrono::hours>(age).count());
        if (age <= 24h) CHECK(left == 720);
        if (age >= 26h && age <= 24h * 30) CHECK(left == 120);
        if (age >= 24h * 30 + 2h) CHECK(left == 2);
    }
    CHECK(bench.kept() == each(begin, begin + 2h, 1h));
    CHECK(bench.round() == 3);  // nothing is looked at twice
}

TEST_CASE("history bounds: a sample that comes late is thinned as well") {
    KeeperBench bench;
    bench.samples(noon - 50h, noon - 48h, 1min);
    bench.round();
    bench.samples(noon - 50h + 1s, noon - 48h, 1min);
    CHECK(bench.kept().size() == 240);
    bench.round();
    CHECK(bench.kept() == each(noon - 50h, noon - 48h, 1min));
}

TEST_CASE("history bounds: a clock that was wrong and is set right again does not stop the thinning") {
    KeeperBench bench;
    bench.now = noon + 24h * 365 * 10;
    bench.round();
    bench.now = noon;
    bench.samples(noon - 30h, noon - 28h, 5s);
    bench.keeper = HistoryKeeper{{}};  // a later start, which saw none of them written
    bench.round();
    CHECK(bench.kept() == each(noon - 30h, noon - 28h, 1min));
}

TEST_CASE("history bounds: thinning goes in small steps") {
    KeeperBench bench;
    bench.samples(noon - 34h, noon - 24h, 2s);
    const std::int64_t before = bench.number("SELECT count(*) FROM samples");
    REQUIRE_FALSE(bench.keeper.begin(bench.file.database, bench.now).has_value());
    bool more = true;
    REQUIRE_FALSE(bench.keeper.step(bench.file.database, more).has_value());
    CHECK(more);
    const std::int64_t removed = before - bench.number("SELECT count(*) FROM samples");
    CHECK(removed > 0);
    CHECK(removed <= 1800);  // an hour of one printer
}

TEST_CASE("history bounds: too big a file loses its oldest samples and really shrinks") {
    queue::HistoryBounds bounds;
    bounds.most_bytes = 1U << 20U;
    KeeperBench bench{bounds};
    for (const char* printer : {"p1", "p2", "p3"})
        bench.samples(noon - 23h, noon, 5s, printer);
    bench.write(event("p1", noon - 24h * 300));
    REQUIRE(bench.bytes() > 2 << 20);
    bench.round();
    CHECK(bench.bytes() <= 1 << 20);
    CHECK(bench.bytes() > 3 << 18);  // not more than it had to
    CHECK(std::filesystem::file_size(bench.files.file) <= 1U << 20U);
    // The newest are left, as far back for one printer as for the others.
    for (const char* printer : {"p1", "p2", "p3"}) {
        const auto kept = bench.kept(printer);
        REQUIRE_FALSE(kept.empty());
        CHECK(kept.back() == noon - 5s);
        CHECK(kept.front() > noon - 23h);
        CHECK(kept.front() - bench.kept("p1").front() <= 1h);
        CHECK(bench.kept("p1").front() - kept.front() <= 1h);
    }
    // Samples go before events.
    CHECK(bench.number("SELECT count(*) FROM events") == 1);
    CHECK(bench.round() == 3);
}

TEST_CASE("history bounds: without samples the oldest events go, and never the newest week of prints") {
    queue::HistoryBounds bounds;
    bounds.most_bytes = 300'000;
    KeeperBench bench{bounds};
    queue::sqlite::Transaction transaction{bench.file.database};
    REQUIRE_FALSE(transaction.begin().has_value());
    for (int i = 0; i < 6000; ++i)
        bench.write(event("p1", noon - std::chrono::minutes{i}, std::string(100, 'x')));
    for (int day = 0; day < 30; ++day) {
        for (int i = 0; i < 50; ++i) {
            queue::PrintRecord record = print("p1", noon - 24h * day - std::chrono::minutes{i});
            record.name = std::string(200, 'n');
            bench.write(record);
        }
    }
    REQUIRE_FALSE(transaction.commit().has_value());
    bench.round();
    CHECK(bench.bytes() <= 300'000);
    CHECK(bench.number("SELECT count(*) FROM events") == 0);
    const std::int64_t week_ago = queue::sqlite::to_ms(noon - 24h * 7);
    CHECK(bench.number("SELECT count(*) FROM prints") >= 7 * 50);
    CHECK(bench.number("SELECT min(started) FROM prints") <= week_ago);

    // Even where that is too much.
    queue::HistoryBounds nothing;
    nothing.most_bytes = 1;
    HistoryKeeper strict{nothing};
    REQUIRE_FALSE(strict.begin(bench.file.database, noon).has_value());
    for (bool more = true; more;)
        REQUIRE_FALSE(strict.step(bench.file.database, more).has_value());
    CHECK(bench.number("SELECT count(*) FROM prints") == 7 * 50 + 1);
    CHECK(bench.number("SELECT min(started) FROM prints") == week_ago);
}

TEST_CASE("history bounds: the history's own thread keeps them as the wall clock moves") {
    HistoryBench bench;
    const auto history = bench.open();
    const WallTime begin = bench.clock.wall_now();
    for (WallTime at = begin; at < begin + 10min; at += 5s)
        history->add(PrinterId{"p1"}, sample(at));
    history->flush();
    REQUIRE(value_of(history->samples({})).size() == 120);
    bench.clock.advance(25h);
    const auto end = std::chrono::steady_clock::now() + 20s;
    std::size_t left = 120;
    while (left != 10 && std::chrono::steady_clock::now() < end) {
        history->add(event("p1", bench.clock.wall_now()));  // there is work
        history->flush();
        left = value_of(history->samples({})).size();
    }
    CHECK(left == 10);
}
