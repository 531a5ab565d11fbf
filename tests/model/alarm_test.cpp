#include "model/alarm.hpp"

#include <doctest/doctest.h>

#include <algorithm>

using namespace farmwall;
using namespace std::chrono_literals;

namespace {

using What = AlarmRecord::What;
using Whats = std::vector<What>;

const AlarmKey failed{PrinterId{"p1"}, AlarmKind::print_failed};

// One book and a clock that is moved by hand.
struct Bench {
    ManualClock clock;
    AlarmTimes times;
    AlarmBook book{times};
    TimePoint start = clock.now();

    std::vector<AlarmRecord> look(const std::vector<AlarmCause>& causes, const std::string& id = "p1") {
        return book.look(PrinterId{id}, "Printer " + id, causes, clock.now(), clock.wall_now());
    }
    std::vector<AlarmRecord> after(Duration time) {
        clock.advance(time);
        return book.tick(clock.now(), clock.wall_now());
    }
    std::vector<AlarmRecord> acknowledge(const AlarmKey& key = failed) {
        return book.acknowledge(key, "screen", clock.now(), clock.wall_now());
    }
    std::vector<AlarmRecord> snooze(Duration time, const AlarmKey& key = failed) {
        return book.snooze(key, time, "api", clock.now(), clock.wall_now());
    }
    // From now on; nothing: no tick is needed.
    [[nodiscard]] std::optional<Duration> due_in() const {
        const auto due = book.next_due();
        return due ? std::optional{*due - clock.now()} : std::nullopt;
    }
    // A print that failed, settled.
    void fail(const std::string& id = "p1") {
        look({{AlarmKind::print_failed, "Print failed."}}, id);
        after(times.settle);
    }
    [[nodiscard]] Alarm only() const {
        const auto standing = book.standing();
        REQUIRE(standing.size() == 1);
        return standing.front();
    }
};

Whats whats(const std::vector<AlarmRecord>& records) {
    Whats out;
    for (const AlarmRecord& record : records)
        out.push_back(record.what);
    return out;
}

const std::vector<AlarmCause> failure{{AlarmKind::print_failed, "Print failed."}};

}  // namespace

TEST_CASE("alarms: a cause is raised once it has settled, and tells who, what and when") {
    Bench bench;
    CHECK(bench.look(failure).empty());
    CHECK(bench.book.standing().empty());
    CHECK(bench.due_in() == 3s);
    CHECK(bench.after(2999ms).empty());
    const WallTime came = bench.clock.wall_now() - 2999ms;
    const auto records = bench.after(1ms);
    REQUIRE(whats(records) == Whats{What::raised});
    CHECK(records.front() == AlarmRecord{What::raised, failed, "Printer p1", "Print failed.",
                                         bench.clock.wall_now(), "", Duration{0}, 0});
    const Alarm alarm = bench.only();
    CHECK(alarm.key == failed);
    CHECK(alarm.cause_present);
    CHECK_FALSE(alarm.acknowledged);
    CHECK(alarm.times == 1);
    CHECK(alarm.since == bench.start);
    CHECK(alarm.since_wall == came);
}

TEST_CASE("alarms: a cause that is gone before it has settled raises nothing") {
    Bench bench;
    bench.look(failure);
    bench.after(2s);
    CHECK(bench.look({}).empty());
    CHECK(bench.due_in() == std::nullopt);
    CHECK(bench.after(1h).empty());
    // The next one settles anew.
    bench.look(failure);
    CHECK(bench.due_in() == 3s);
}

TEST_CASE("alarms: a lost session and a frozen picture settle longer") {
    Bench bench;
    bench.look({{AlarmKind::offline_while_printing, "Offline."},
                {AlarmKind::camera_frozen, "Frozen."},
                {AlarmKind::paused_by_error, "Paused."}});
    CHECK(whats(bench.after(3s)) == Whats{What::raised});
    CHECK(bench.only().key.kind == AlarmKind::paused_by_error);
    CHECK(bench.after(6999ms).empty());
    CHECK(whats(bench.after(1ms)) == Whats{What::raised});
    CHECK(bench.after(9999ms).empty());
    CHECK(whats(bench.after(1ms)) == Whats{What::raised});
    CHECK(bench.book.standing().size() == 3);
}

TEST_CASE("alarms: it stays although its cause is gone, until somebody acknowledges it") {
    Bench bench;
    bench.fail();
    bench.look({});
    CHECK_FALSE(bench.only().cause_present);
    bench.after(1h);
    CHECK_FALSE(bench.only().acknowledged);
    // Gone for longer than `quiet`: over at once.
    const auto records = bench.acknowledge();
    CHECK(whats(records) == Whats{What::acknowledged, What::cleared});
    CHECK(records.front().by == "screen");
    CHECK(records.front().after == 1h);
    CHECK(records.back().by.empty());
    CHECK(bench.book.standing().empty());
    CHECK(bench.due_in() == std::nullopt);
}

TEST_CASE("alarms: it stays although acknowledged, until its cause is gone and stays gone") {
    Bench bench;
    bench.fail();
    CHECK(whats(bench.acknowledge()) == Whats{What::acknowledged});
    CHECK(bench.due_in() == std::nullopt);
    CHECK(bench.after(10h).empty());
    CHECK(bench.only().acknowledged);
    bench.look({});
    CHECK(bench.due_in() == 30s);
    CHECK(bench.after(29999ms).empty());
    CHECK(bench.book.standing().size() == 1);
    CHECK(whats(bench.after(1ms)) == Whats{What::cleared});
    CHECK(bench.book.standing().empty());
}

TEST_CASE("alarms: looking again at a cause that is gone does not put off the end") {
    Bench bench;
    bench.fail();
    bench.acknowledge();
    bench.look({});
    for (int second = 1; second < 30; ++second) {
        CHECK(bench.after(1s).empty());
        CHECK(bench.look({}).empty());
    }
    CHECK(bench.due_in() == 1s);
    bench.clock.advance(1s);
    CHECK(whats(bench.look({})) == Whats{What::cleared});
}

TEST_CASE("alarms: acknowledged while its cause has just gone, it waits until that stays so") {
    Bench bench;
    bench.fail();
    bench.look({});
    bench.after(10s);
    CHECK(whats(bench.acknowledge()) == Whats{What::acknowledged});
    CHECK(bench.due_in() == 20s);
    CHECK(whats(bench.after(20s)) == Whats{What::cleared});
}

TEST_CASE("alarms: a cause that returns soon is the same alarm, counted, and stays acknowledged") {
    Bench bench;
    bench.fail();
    bench.acknowledge();
    for (int again = 2; again <= 6; ++again) {
        CHECK(bench.look({}).empty());
        CHECK(bench.after(29s).empty());
        CHECK(bench.look(failure).empty());
        CHECK(bench.after(5min).empty());  // nothing rings
        CHECK(bench.only().times == again);
        CHECK(bench.only().acknowledged);
        CHECK(bench.only().since == bench.start);
    }
}

TEST_CASE("alarms: a cause that returns after it was over is a new alarm") {
    Bench bench;
    bench.fail();
    bench.acknowledge();
    bench.look({});
    bench.after(10s);
    // No tick in between: the look itself notices that it was over.
    bench.clock.advance(25s);
    CHECK(whats(bench.look(failure)) == Whats{What::cleared});
    CHECK(bench.book.standing().empty());
    CHECK(whats(bench.after(3s)) == Whats{What::raised});
    CHECK(bench.only().times == 1);
    CHECK_FALSE(bench.only().acknowledged);
}

TEST_CASE("alarms: a cause that returns to an alarm nobody acknowledged keeps its place") {
    Bench bench;
    bench.fail();
    bench.look({});
    bench.after(10min);
    CHECK(bench.look(failure).empty());
    CHECK(bench.only().times == 2);
    CHECK(bench.only().cause_present);
    CHECK(bench.only().since == bench.start);
}

TEST_CASE("alarms: a silent one goes with its cause, without anybody") {
    Bench bench;
    const std::vector<AlarmCause> plate{{AlarmKind::waiting_for_clearing, "A plate waits."}};
    bench.look(plate);
    bench.after(1min);
    bench.look({});
    bench.after(29s);
    CHECK(bench.only().times == 1);
    bench.after(1s);
    CHECK(bench.book.standing().empty());
}

TEST_CASE("alarms: it rings again every two minutes and goes up a level every ten") {
    Bench bench;
    bench.fail();
    std::vector<std::pair<int, std::pair<What, int>>> heard;  // second, what, level
    const TimePoint raised = bench.clock.now();
    while (bench.due_in() && bench.clock.now() - raised <= 25min) {
        const auto records = bench.after(*bench.due_in());
        REQUIRE(records.size() == 1);
        const auto second = std::chrono::duration_cast<std::chrono::seconds>(bench.clock.now() - raised);
        heard.emplace_back(static_cast<int>(second.count()),
                           std::pair{records.front().what, records.front().level});
        CHECK(records.front().after == second);
    }
    const auto at = [](int minute, What what, int level) {
        return std::pair{minute * 60, std::pair{what, level}};
    };
    CHECK(heard ==
          decltype(heard){at(2, What::repeated, 0), at(4, What::repeated, 0), at(6, What::repeated, 0),
                          at(8, What::repeated, 0), at(10, What::escalated, 1), at(12, What::repeated, 1),
                          at(14, What::repeated, 1), at(16, What::repeated, 1), at(18, What::repeated, 1),
                          at(20, What::escalated, 2), at(22, What::repeated, 2), at(24, What::repeated, 2),
                          at(26, What::repeated, 2)});
    CHECK(bench.only().level == 2);
}

TEST_CASE("alarms: it goes on ringing after its cause is gone") {
    Bench bench;
    bench.fail();
    bench.look({});
    CHECK(whats(bench.after(2min)) == Whats{What::repeated});
}

TEST_CASE("alarms: a tick that comes late repeats once and catches up on levels") {
    Bench bench;
    bench.fail();
    CHECK(whats(bench.after(7min)) == Whats{What::repeated});
    CHECK(bench.due_in() == 2min);
    const auto records = bench.after(1h);
    CHECK(whats(records) == Whats{What::escalated, What::escalated});
    CHECK(records.back().level == 2);
    CHECK(bench.due_in() == 2min);
}

TEST_CASE("alarms: acknowledged it is silent, and the level stays for those who look") {
    Bench bench;
    bench.fail();
    bench.after(10min);
    bench.acknowledge();
    CHECK(bench.after(5h).empty());
    CHECK(bench.only().level == 1);
}

TEST_CASE("alarms: kinds that do not ring are shown, without repeats or levels") {
    for (const AlarmKind kind : {AlarmKind::needs_developer_mode, AlarmKind::waiting_for_clearing}) {
        Bench bench;
        bench.look({{kind, "Shown."}});
        CHECK(whats(bench.after(3s)) == Whats{What::raised});
        CHECK(bench.due_in() == std::nullopt);
        CHECK(bench.after(3h).empty());
        CHECK(bench.only().level == 0);
        CHECK(bench.snooze(5min, {PrinterId{"p1"}, kind}).empty());
        CHECK(whats(bench.acknowledge({PrinterId{"p1"}, kind})) == Whats{What::acknowledged});
        bench.look({});
        CHECK(whats(bench.after(30s)) == Whats{What::cleared});
    }
}

TEST_CASE("alarms: snoozed it is silent but shown, then it rings and its levels count from there") {
    Bench bench;
    bench.fail();
    bench.after(1min);
    const auto records = bench.snooze(15min);
    REQUIRE(whats(records) == Whats{What::snoozed});
    CHECK(records.front().by == "api");
    CHECK(bench.only().snoozed_until == bench.clock.now() + 15min);
    CHECK_FALSE(bench.only().acknowledged);
    CHECK(bench.due_in() == 15min);
    CHECK(bench.after(15min - 1ms).empty());
    CHECK(whats(bench.after(1ms)) == Whats{What::repeated});
    CHECK(bench.only().snoozed_until == std::nullopt);
    CHECK(whats(bench.after(2min)) == Whats{What::repeated});
    CHECK(whats(bench.after(8min)) == Whats{What::escalated});
}

TEST_CASE("alarms: a snooze has a limit, can be set anew, and ends with acknowledging") {
    Bench bench;
    bench.fail();
    bench.snooze(Duration::max());
    CHECK(bench.due_in() == AlarmBook::longest_snooze);
    bench.snooze(5min);
    CHECK(bench.due_in() == 5min);
    CHECK(bench.snooze(0s).empty());
    CHECK(bench.snooze(-5min).empty());
    CHECK(bench.due_in() == 5min);
    bench.acknowledge();
    CHECK(bench.only().snoozed_until == std::nullopt);
    CHECK(bench.snooze(5min).empty());  // silent anyway
    CHECK(bench.after(1h).empty());
}

TEST_CASE("alarms: acknowledging or snoozing what does not stand does nothing") {
    Bench bench;
    CHECK(bench.acknowledge().empty());
    CHECK(bench.snooze(5min).empty());
    bench.look(failure);  // not settled yet
    CHECK(bench.acknowledge().empty());
    CHECK(bench.snooze(5min).empty());
    bench.after(3s);
    CHECK_FALSE(bench.only().acknowledged);
    bench.acknowledge();
    CHECK(bench.acknowledge().empty());
}

TEST_CASE("alarms: a text that changes is shown without ringing") {
    Bench bench;
    bench.look({{AlarmKind::offline_while_printing, "Connection lost."}});
    bench.after(20s);
    const AlarmKey offline{PrinterId{"p1"}, AlarmKind::offline_while_printing};
    bench.acknowledge(offline);
    const auto revision = bench.book.revision();
    CHECK(bench.look({{AlarmKind::offline_while_printing, "Nothing answers."}}).empty());
    CHECK(bench.only().text == "Nothing answers.");
    CHECK(bench.only().acknowledged);
    CHECK(bench.only().times == 1);
    CHECK(bench.book.revision() != revision);
    CHECK(bench.due_in() == std::nullopt);
}

TEST_CASE("alarms: a code that nobody acknowledged yet makes an acknowledged alarm ring anew") {
    Bench bench;
    const AlarmKey hms{PrinterId{"p1"}, AlarmKind::hms_serious};
    const auto with = [](std::vector<std::string> codes) {
        return std::vector<AlarmCause>{{AlarmKind::hms_serious, "HMS.", std::move(codes)}};
    };
    bench.look(with({"A"}));
    bench.after(3s);
    bench.acknowledge(hms);
    CHECK(bench.look(with({"A", "B"})).empty());
    CHECK(bench.due_in() == 3s);
    CHECK(whats(bench.after(3s)) == Whats{What::raised});
    CHECK_FALSE(bench.only().acknowledged);
    CHECK(bench.only().since == bench.start);
    bench.acknowledge(hms);
    // Known ones come and go in silence.
    for (const auto& codes : {with({"B"}), with({"A"}), with({"B", "A"})}) {
        CHECK(bench.look(codes).empty());
        CHECK(bench.after(1h).empty());
        CHECK(bench.only().acknowledged);
    }
    // One that is shorter than `settle` as well.
    CHECK(bench.look(with({"A", "C"})).empty());
    bench.after(2s);
    CHECK(bench.look(with({"A"})).empty());
    CHECK(bench.after(1h).empty());
    // Over and back, every code is news.
    bench.look({});
    CHECK(whats(bench.after(30s)) == Whats{What::cleared});
    bench.look(with({"A"}));
    CHECK(whats(bench.after(3s)) == Whats{What::raised});
}

TEST_CASE("alarms: those that wait for somebody come first, the longest waiting first of all") {
    Bench bench;
    for (const char* id : {"c", "a", "b", "d"}) {
        bench.fail(id);
        bench.after(10s);
    }
    bench.acknowledge({PrinterId{"c"}, AlarmKind::print_failed});
    std::string order;
    for (const Alarm& alarm : bench.book.standing())
        order += alarm.key.printer.value;
    CHECK(order == "abdc");
}

TEST_CASE("alarms: printers do not touch each other, and one printer has one of each kind") {
    Bench bench;
    bench.look({{AlarmKind::print_failed, "First."},
                {AlarmKind::print_failed, "Second."},
                {AlarmKind::hms_serious, "HMS."}});
    bench.look({{AlarmKind::print_failed, "Other."}}, "p10");
    bench.after(3s);
    CHECK(bench.book.standing().size() == 3);
    bench.acknowledge();
    bench.look({}, "p10");
    bench.look({{AlarmKind::hms_serious, "HMS."}});
    CHECK(whats(bench.after(30s)) == Whats{What::cleared});
    const auto standing = bench.book.standing();
    REQUIRE(standing.size() == 2);
    CHECK(standing[0].key == AlarmKey{PrinterId{"p1"}, AlarmKind::hms_serious});
    CHECK(standing[0].cause_present);
    CHECK(standing[1].key == AlarmKey{PrinterId{"p10"}, AlarmKind::print_failed});
    CHECK_FALSE(standing[1].cause_present);
}

TEST_CASE("alarms: repeats and levels of zero are off") {
    Bench bench;
    bench.times.repeat = 0s;
    bench.times.escalate = 0s;
    bench.book = AlarmBook{bench.times};
    bench.fail();
    CHECK(bench.due_in() == std::nullopt);
    CHECK(bench.after(5h).empty());
    bench.snooze(1min);
    CHECK(whats(bench.after(1min)) == Whats{What::repeated});
}

TEST_CASE("alarms: a printer that is renamed is called by its new name") {
    Bench bench;
    bench.fail();
    const auto revision = bench.book.revision();
    static_cast<void>(
        bench.book.look(PrinterId{"p1"}, "New name", failure, bench.clock.now(), bench.clock.wall_now()));
    CHECK(bench.only().printer_name == "New name");
    CHECK(bench.book.revision() != revision);
}

TEST_CASE("alarms: kinds and records have names of their own") {
    std::vector<std::string_view> names;
    for (int kind = 0; kind <= static_cast<int>(AlarmKind::waiting_for_clearing); ++kind)
        names.push_back(name(static_cast<AlarmKind>(kind)));
    for (int what = 0; what <= static_cast<int>(What::cleared); ++what)
        names.push_back(name(static_cast<What>(what)));
    CHECK(names.size() == 15);
    std::ranges::sort(names);
    CHECK(std::ranges::adjacent_find(names) == names.end());
    CHECK(std::ranges::find(names, "unknown") == names.end());
}

TEST_CASE("alarms: the shift log says what rang, who acknowledged it, and after how long") {
    AlarmRecord record;
    record.text = "Filament ran out in tray A2.";
    CHECK(shift_log_text(record) == "Alarm: Filament ran out in tray A2.");
    record.what = AlarmRecord::What::acknowledged;
    record.by = "screen";
    record.after = 3min + 20s;
    CHECK(shift_log_text(record) == "Acknowledged at the screen after 3 min: Filament ran out in tray A2.");
    record.what = AlarmRecord::What::escalated;
    record.level = 2;
    record.after = 65min;
    CHECK(shift_log_text(record) == "Level 2 after 1 h 05 min: Filament ran out in tray A2.");
    record.what = AlarmRecord::What::cleared;
    record.after = 9s;
    CHECK(shift_log_text(record) == "Over after 9 s: Filament ran out in tray A2.");
}
