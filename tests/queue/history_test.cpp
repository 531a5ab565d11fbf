#include "queue/history.hpp"

#include <doctest/doctest.h>

#include "rows.hpp"

using namespace farmwall;
using namespace farmwall::testing;
using queue::History;
using queue::HistoryQuery;

namespace {

HistoryQuery of(const std::string& printer) {
    HistoryQuery query;
    query.printer = PrinterId{printer};
    return query;
}

template <class Row>
std::vector<std::string> printers(const std::vector<Row>& rows) {
    std::vector<std::string> out;
    for (const Row& row : rows)
        out.push_back(row.printer.value);
    return out;
}
using Texts = std::vector<std::string>;

}  // namespace

TEST_CASE("history: a new one is empty and makes its folder") {
    HistoryBench bench;
    const auto history = bench.open();
    CHECK(history->problem().empty());
    CHECK(std::filesystem::exists(bench.file));
    CHECK(value_of(history->prints({})).empty());
    CHECK(value_of(history->events({})).empty());
    CHECK(value_of(history->commands({})).empty());
    CHECK(value_of(history->alarms({})).empty());
    CHECK(value_of(history->samples({})).empty());
}

TEST_CASE("history: who asked for what through the API comes back, newest first, also of one printer") {
    HistoryBench bench;
    const queue::RequestRecord pause{noon,   "anna",       "operator",      "10.0.0.5",
                                     "POST", "/api/pause", PrinterId{"p1"}, 200};
    const queue::RequestRecord refused{noon + 1s, "", "engineer", "::1", "DELETE", "/api/jobs/0a", {}, 409};
    {
        const auto history = bench.open();
        CHECK(history->add(pause));
        CHECK(history->add(refused));
    }
    const auto history = bench.open();
    CHECK(value_of(history->requests({})) == std::vector{refused, pause});
    HistoryQuery query;
    query.printer = PrinterId{"p1"};
    CHECK(value_of(history->requests(query)) == std::vector{pause});
}

TEST_CASE("history: every kind of row comes back as it was, also after opening again") {
    HistoryBench bench;
    queue::PrintRecord ended = print("p1", noon);
    ended.ended = noon + 90min;
    ended.outcome = JobOutcome::failed;
    ended.percent = 73;
    ended.layers = 211;
    ended.error = 0xFFFF8011;
    const queue::PrintRecord running = print("p2", noon + 1ms);
    queue::HistorySample all = sample(noon);
    all.chamber_celsius = -3.25;
    all.part_fan_percent = 100;
    queue::HistorySample nothing;
    nothing.at = noon + 5s;

    auto history = bench.open();
    CHECK(history->add(ended));
    CHECK(history->add(running));
    CHECK(history->add(event("p1", noon)));
    CHECK(history->add(command(1, "p1", noon)));
    CHECK(history->add(alarm("p1", noon)));
    CHECK(history->add(PrinterId{"p1"}, all));
    CHECK(history->add(PrinterId{"p1"}, nothing));
    history->flush();
    for (const bool again : {false, true}) {
        if (again) {
            history.reset();
            history = bench.open();
        }
        CHECK(value_of(history->prints({})) == std::vector{running, ended});
        CHECK(value_of(history->events({})) == std::vector{queue::EventRow{event("p1", noon)}});
        const auto commands = value_of(history->commands({}));
        REQUIRE(commands.size() == 1);
        CHECK(commands.front() == queue::CommandRow{PrinterId{"p1"}, "set_bed_target", "Bed to 60 °C", "api",
                                                    "cool all", "queued", "", noon});
        CHECK(value_of(history->alarms({})) == std::vector{alarm("p1", noon)});
        CHECK(value_of(history->samples({})) == std::vector{all, nothing});
    }
}

TEST_CASE("history: what was handed over is committed at the end without a flush") {
    HistoryBench bench;
    bench.open()->add(event("p1", noon));
    CHECK(value_of(bench.open()->events({})).size() == 1);
}

TEST_CASE("history: every kind of event, alarm, record and outcome comes back") {
    HistoryBench bench;
    const auto history = bench.open();
    for (int kind = 0; kind <= static_cast<int>(EventKind::foreign_command); ++kind)
        history->add({noon, PrinterId{"p1"}, static_cast<EventKind>(kind), "text"});
    for (int kind = 0; kind <= static_cast<int>(AlarmKind::waiting_for_clearing); ++kind) {
        AlarmRecord record = alarm("p1", noon);
        record.key.kind = static_cast<AlarmKind>(kind);
        record.what = static_cast<AlarmRecord::What>(kind % 6);
        history->add(record);
    }
    for (int outcome = 0; outcome <= static_cast<int>(JobOutcome::canceled); ++outcome) {
        queue::PrintRecord record = print("p1", noon + std::chrono::seconds{outcome});
        record.outcome = static_cast<JobOutcome>(outcome);
        history->add(record);
    }
    history->flush();
    const auto events = value_of(history->events({}));
    REQUIRE(events.size() == static_cast<std::size_t>(EventKind::foreign_command) + 1);
    for (std::size_t i = 0; i < events.size(); ++i)
        CHECK(events[i].event.kind == static_cast<EventKind>(events.size() - 1 - i));  // newest first
    const auto alarms = value_of(history->alarms({}));
    REQUIRE(alarms.size() == 9);
    for (std::size_t i = 0; i < alarms.size(); ++i) {
        CHECK(alarms[i].key.kind == static_cast<AlarmKind>(8 - i));
        CHECK(alarms[i].what == static_cast<AlarmRecord::What>((8 - i) % 6));
    }
    const auto prints = value_of(history->prints({}));
    REQUIRE(prints.size() == 3);
    CHECK(prints[0].outcome == JobOutcome::canceled);
    CHECK(prints[1].outcome == JobOutcome::failed);
    CHECK(prints[2].outcome == JobOutcome::completed);
}

TEST_CASE("history: a command's row follows its phase, and ids begin anew with each start") {
    HistoryBench bench;
    CommandStatus status = command(1, "p1", noon);
    auto history = bench.open();
    history->add(status);
    status.phase = Phase::sent;
    history->add(status);
    history->flush();
    CHECK(value_of(history->commands({})).front().phase == "sent");
    status.phase = Phase::failed;
    status.reason = "The printer says no.";
    history->add(status);
    history->flush();
    const auto rows = value_of(history->commands({}));
    REQUIRE(rows.size() == 1);
    CHECK(rows.front().phase == "failed");
    CHECK(rows.front().reason == "The printer says no.");
    CHECK(rows.front().title == "Bed to 60 °C");

    history.reset();
    history = bench.open();
    history->add(command(1, "p2", noon + 1min));
    history->flush();
    const auto both = value_of(history->commands({}));
    REQUIRE(both.size() == 2);
    CHECK(printers(both) == Texts{"p2", "p1"});
    CHECK(both[1].phase == "failed");
}

TEST_CASE("history: a print's row is filled in at its end, also by a later start of the program") {
    HistoryBench bench;
    queue::PrintRecord record = print("p1", noon);
    bench.open()->add(record);
    record.ended = noon + 1h;
    record.outcome = JobOutcome::completed;
    record.percent = 100;
    record.layers = 300;
    const auto history = bench.open();
    history->add(record);
    history->add(print("p2", noon));  // another printer's of the same moment
    history->flush();
    CHECK(value_of(history->prints(of("p1"))) == std::vector{record});
    CHECK(value_of(history->prints({})).size() == 2);
    // An end is not taken back.
    queue::PrintRecord running = record;
    running.ended.reset();
    running.outcome.reset();
    history->add(running);
    history->flush();
    CHECK(value_of(history->prints(of("p1"))) == std::vector{record});
}

TEST_CASE("history: a query names a printer, a span and a number of rows; newest first") {
    HistoryBench bench;
    const auto history = bench.open();
    // Handed over out of order.
    for (const int minute : {3, 0, 4, 1, 2}) {
        const WallTime at = noon + std::chrono::minutes{minute};
        for (const char* printer : {"a", "b"}) {
            history->add(event(printer, at, std::to_string(minute)));
            history->add(print(printer, at));
            history->add(alarm(printer, at));
            history->add(PrinterId{printer}, sample(at, minute));
            history->add(command(static_cast<CommandId>(minute * 2 + (*printer - 'a') + 1), printer, at));
        }
    }
    history->flush();
    HistoryQuery query = of("b");
    query.from = noon + 1min;
    query.to = noon + 4min;  // not itself
    const std::vector<WallTime> wanted{noon + 3min, noon + 2min, noon + 1min};
    const auto check = [&](const auto& rows, const auto& time) {
        REQUIRE(rows.size() == wanted.size());
        for (std::size_t i = 0; i < rows.size(); ++i)
            CHECK(time(rows[i]) == wanted[i]);
    };
    check(value_of(history->events(query)), [](const auto& row) { return row.event.when; });
    check(value_of(history->prints(query)), [](const auto& row) { return row.started; });
    check(value_of(history->alarms(query)), [](const auto& row) { return row.when; });
    check(value_of(history->commands(query)), [](const auto& row) { return row.asked; });
    CHECK(printers(value_of(history->prints(query))) == Texts{"b", "b", "b"});
    CHECK(printers(value_of(history->commands(query))) == Texts{"b", "b", "b"});

    query.most_rows = 2;
    const auto two = value_of(history->prints(query));
    REQUIRE(two.size() == 2);
    CHECK(two[0].started == noon + 3min);
    query.most_rows = 0;  // all
    CHECK(value_of(history->prints(query)).size() == 3);
    CHECK(value_of(history->prints({})).size() == 10);
    CHECK(value_of(history->events(of("nobody"))).empty());
}

TEST_CASE("history: samples come oldest first, and of too many the newest") {
    HistoryBench bench;
    const auto history = bench.open();
    for (int i = 0; i < 10; ++i)
        history->add(PrinterId{"p1"}, sample(noon + std::chrono::seconds{5 * i}, i));
    history->flush();
    HistoryQuery query = of("p1");
    query.most_rows = 3;
    const auto rows = value_of(history->samples(query));
    REQUIRE(rows.size() == 3);
    CHECK(rows[0].nozzle_celsius == 7);
    CHECK(rows[2].nozzle_celsius == 9);
    // The same moment again is the same sample.
    history->add(PrinterId{"p1"}, sample(noon, 99));
    history->flush();
    query.most_rows = 0;
    const auto all = value_of(history->samples(query));
    CHECK(all.size() == 10);
    CHECK(all.front().nozzle_celsius == 99);
}

TEST_CASE("history: any text is kept as text") {
    HistoryBench bench;
    const auto history = bench.open();
    const std::string hostile = "'; DROP TABLE events; -- \"x\" ?1 \n Größe";
    history->add(event("p1", noon, hostile));
    history->add(event(hostile, noon, "other"));
    history->add(event("p2", noon, "broken \xFF byte"));
    history->add(event("p3", noon, std::string(300'000, 'x')));
    history->flush();
    CHECK(value_of(history->events(of("p1"))).front().event.text == hostile);
    CHECK(value_of(history->events(of(hostile))).size() == 1);
    CHECK(value_of(history->events(of("p2"))).front().event.text == "broken \xEF\xBF\xBD byte");
    CHECK(value_of(history->events(of("p3"))).front().event.text.size() == 300'000);
}

TEST_CASE("history: times before 1970 and beyond every calendar are kept") {
    HistoryBench bench;
    const auto history = bench.open();
    for (const WallTime at : {WallTime{-1ms}, WallTime{-24h}, noon + 100 * 24h * 365}) {
        history->add(event("p1", at));
        history->flush();
        HistoryQuery query;
        query.from = at;
        query.to = at + 1ms;
        CHECK(value_of(history->events(query)).size() == 1);
    }
    history->add(event("p1", WallTime::max()));
    history->flush();
    CHECK(value_of(history->events({})).size() == 4);
}

TEST_CASE("history: many threads hand over and read at once") {
    HistoryBench bench;
    const auto history = bench.open();
    constexpr int threads = 4;
    constexpr int each = 300;
    {
        std::vector<std::jthread> all;
        for (int thread = 0; thread < threads; ++thread) {
            all.emplace_back([&, thread] {
                const std::string id = std::to_string(thread);
                for (int i = 0; i < each; ++i) {
                    history->add(event(id, noon + std::chrono::seconds{i}));
                    history->add(PrinterId{id}, sample(noon + std::chrono::seconds{i}));
                    if (i % 100 == 0) history->flush();
                    if (i % 50 == 0) static_cast<void>(history->events({}));
                    if (i % 75 == 0) static_cast<void>(history->problem());
                }
            });
        }
    }
    history->flush();
    HistoryQuery query;
    query.most_rows = 0;
    CHECK(value_of(history->events(query)).size() == threads * each);
    CHECK(value_of(history->samples(query)).size() == threads * each);
    CHECK(history->problem().empty());
}

TEST_CASE("history: rows are committed within about a second, without a flush") {
    HistoryBench bench;
    const auto history = bench.open();
    const auto handed = std::chrono::steady_clock::now();
    history->add(event("p1", noon));
    while (value_of(history->events({})).empty()) {
        REQUIRE(std::chrono::steady_clock::now() - handed < 10s);
        std::this_thread::yield();
    }
    // Twice the promise: this machine has others to serve.
    CHECK(std::chrono::steady_clock::now() - handed < 2s);
}
