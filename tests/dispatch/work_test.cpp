#include "dispatch/work.hpp"

#include <doctest/doctest.h>

#include <algorithm>
#include <atomic>
#include <condition_variable>
#include <mutex>
#include <thread>

#include "bench.hpp"
#include "queue/history.hpp"
#include "temporary_folder.hpp"

using namespace farmwall;
using namespace farmwall::dispatch;
using namespace std::chrono_literals;

namespace {

struct FakeLinks final : PrinterLinks {
    struct Sent {
        std::size_t printer = 0;
        CommandId command = 0;
        Action action;
    };
    std::vector<Sent> sent;
    std::vector<std::pair<std::size_t, Wish>> wishes;

    void send(std::size_t printer, CommandId command, const Action& action, const std::optional<Position>&,
              const std::optional<JobIdentity>&) override {
        sent.push_back({printer, command, action});
    }
    void wish(std::size_t printer, const Wish& wish) override { wishes.emplace_back(printer, wish); }
};

Intent intent(std::string printer, Wish wish) { return {PrinterId{std::move(printer)}, std::move(wish)}; }
Intent command(std::string printer, Action action) {
    return intent(std::move(printer), Command{std::move(action), Origin::script, {}, std::nullopt});
}

struct Bench {
    explicit Bench(queue::History* history = nullptr, bool heard = true) {
        PrinterState first = farmwall::testing::idle_printer();
        first.full_report_seen = heard;
        PrinterState second = first;
        second.id = PrinterId{"p2"};
        first.last_report = first.last_message = second.last_report = second.last_message = clock.now();
        store.update([&](FleetState& fleet) {
            fleet.printers = {std::make_shared<const PrinterState>(first),
                              std::make_shared<const PrinterState>(second)};
        });
        DispatcherSettings settings;
        settings.printers = 2;
        settings.on_alarm = [this](const AlarmRecord& record) { alarms.push_back(record); };
        settings.on_test_outputs = [this](const std::string& output) { tests.push_back(output); };
        work = std::make_unique<DispatchWork>(std::move(settings), clock, store, links, history);
        work->begin();
        work->look();
    }
    void take(Intent one) {
        std::vector<Intent> intents;
        intents.push_back(std::move(one));
        work->take(intents);
    }
    void link(LinkEvent::Kind kind) {
        LinkEvent event;
        event.kind = kind;
        event.printer = links.sent.back().printer;
        event.command = links.sent.back().command;
        work->take(std::vector<LinkEvent>{event});
    }
    // The printer reports, a moment later.
    template <class Edit>
    void report(std::size_t index, Edit edit) {
        clock.advance(200ms);
        PrinterState next = *store.read()->printers[index];
        edit(next);
        next.last_report = next.last_message = clock.now();
        store.update([&](FleetState& fleet) {
            fleet.printers[index] = std::make_shared<const PrinterState>(std::move(next));
        });
        work->look();
    }
    void pass(Duration time) {
        clock.advance(time);
        work->tick();
    }
    [[nodiscard]] const PrinterControl control(std::size_t index) const {
        return control_of(*store.read(), index);
    }
    [[nodiscard]] std::vector<std::string> events() const {
        std::vector<std::string> texts;
        for (const auto& event : store.read()->events)
            texts.push_back(event->text);
        return texts;
    }

    ManualClock clock;
    FleetStore store;
    FakeLinks links;
    std::vector<AlarmRecord> alarms;
    std::vector<std::string> tests;
    std::unique_ptr<DispatchWork> work;
};

}  // namespace

TEST_CASE("work: a command's way is published with its printer and told when it is over") {
    Bench bench;
    bench.take(command("p2", SetBedTarget{60}));
    REQUIRE(bench.links.sent.size() == 1);
    CHECK(bench.links.sent[0].printer == 1);
    CHECK(bench.control(0).commands.empty());
    REQUIRE(bench.control(1).commands.size() == 1);
    CHECK(bench.control(1).commands[0]->phase == Phase::queued);
    bench.link(LinkEvent::Kind::sent);
    bench.link(LinkEvent::Kind::answered);
    CHECK(bench.control(1).commands[0]->phase == Phase::accepted);
    CHECK(bench.events().empty());
    bench.report(1, [](PrinterState& printer) { printer.report.bed_target_celsius = 60; });
    REQUIRE(bench.control(1).commands.size() == 1);
    CHECK(bench.control(1).commands[0]->phase == Phase::confirmed);
    CHECK(bench.events() == std::vector<std::string>{"Bed to 60 °C: done."});
}

TEST_CASE("work: a refusal is told with its reason") {
    Bench bench;
    bench.take(command("p1", Pause{}));
    CHECK(bench.links.sent.empty());
    CHECK(bench.events() == std::vector<std::string>{"Pause: refused. No print is running."});
}

TEST_CASE("work: the newest state decides, also when nobody looked at it yet") {
    Bench bench;
    PrinterState running = *bench.store.read()->printers[0];
    running.report.state = JobState::running;
    bench.store.update([&](FleetState& fleet) {
        fleet.printers[0] = std::make_shared<const PrinterState>(std::move(running));
    });
    bench.take(command("p1", Home{}));
    CHECK(bench.links.sent.empty());
}

TEST_CASE("work: of a printer's commands the newest are kept") {
    Bench bench;
    for (int i = 0; i < 40; ++i)
        bench.take(command("p1", Pause{}));
    const auto control = bench.control(0);
    REQUIRE(control.commands.size() == PrinterControl::most_commands);
    CHECK(control.commands.back()->id == 40);
    CHECK(control.commands.front()->id == 40 - PrinterControl::most_commands + 1);
}

TEST_CASE("work: wishes about the link go to the link, of printers that do not exist nowhere") {
    Bench bench;
    bench.take(intent("p2", ConnectNow{}));
    bench.take(intent("nobody", ConnectNow{}));
    bench.take(intent("", TestAlarmOutputs{}));
    bench.take(intent("", TestAlarmOutputs{"ntfy"}));
    REQUIRE(bench.links.wishes.size() == 1);
    CHECK(bench.links.wishes[0].first == 1);
    CHECK(bench.tests == std::vector<std::string>{"", "ntfy"});
}

TEST_CASE("work: an alarm is published, heard, acknowledged and cleared") {
    Bench bench;
    bench.report(0, [](PrinterState& printer) {
        printer.report.state = JobState::pause;
        printer.report.stage = 6;
    });
    CHECK(bench.alarms.empty());
    bench.pass(3s);
    REQUIRE(bench.alarms.size() == 1);
    CHECK(bench.alarms[0].key == AlarmKey{PrinterId{"p1"}, AlarmKind::runout});
    REQUIRE(bench.store.read()->alarms);
    REQUIRE(bench.store.read()->alarms->size() == 1);
    bench.take(intent("p1", AcknowledgeAlarm{AlarmKind::runout, Origin::api}));
    REQUIRE(bench.alarms.size() == 2);
    CHECK(bench.alarms[1].by == "api");
    CHECK(bench.events() ==
          std::vector<std::string>{"Alarm: " + bench.alarms[0].text,
                                   "Acknowledged over the API after 0 s: " + bench.alarms[0].text});
    bench.report(0, [](PrinterState& printer) { printer.report.state = JobState::running; });
    bench.pass(31s);
    CHECK(bench.store.read()->alarms->empty());
}

TEST_CASE("work: what another client does is told and shown") {
    Bench bench;
    LinkEvent event;
    event.kind = LinkEvent::Kind::foreign;
    event.text = "gcode_line";
    bench.work->take(std::vector<LinkEvent>{event});
    REQUIRE(bench.control(0).foreign);
    CHECK(bench.control(0).foreign->command == "gcode_line");
    CHECK(bench.events() == std::vector<std::string>{"Another client sent gcode_line."});
}

TEST_CASE("work: nothing is published where nothing changed") {
    Bench bench;
    const auto before = bench.store.read()->revision;
    bench.work->look();
    bench.pass(1s);
    bench.work->take(std::vector<Intent>{});
    CHECK(bench.store.read()->revision == before);
}

TEST_CASE("work: prints, commands, alarms, events and samples reach the history") {
    TemporaryFolder folder;
    ManualClock wall;
    auto history = queue::History::open({folder.path() / "history.db", {}, [&] { return wall.wall_now(); }});
    REQUIRE(history.ok());
    {
        Bench bench{history.value().get()};
        bench.report(0, [](PrinterState& printer) {
            printer.report.state = JobState::running;
            printer.report.subtask_name = "Cube";
            printer.report.subtask_id = "71";
        });
        bench.take(command("p1", Pause{}));
        bench.link(LinkEvent::Kind::sent);
        bench.report(0, [](PrinterState& printer) { printer.report.state = JobState::pause; });
        bench.pass(6s);
        bench.report(0, [](PrinterState& printer) {
            printer.report.state = JobState::failed;
            printer.report.print_error = 0x03004006;
        });
        bench.pass(4s);
    }
    history.value()->flush();
    const auto prints = history.value()->prints({});
    REQUIRE(prints.ok());
    REQUIRE(prints.value().size() == 1);
    CHECK(prints.value()[0].name == "Cube");
    CHECK(prints.value()[0].outcome == JobOutcome::failed);
    const auto commands = history.value()->commands({});
    REQUIRE(commands.ok());
    REQUIRE(commands.value().size() == 1);
    CHECK(commands.value()[0].phase == "confirmed");
    CHECK(commands.value()[0].origin == "script");
    const auto alarms = history.value()->alarms({});
    REQUIRE(alarms.ok());
    REQUIRE(alarms.value().size() == 1);
    CHECK(alarms.value()[0].key.kind == AlarmKind::print_failed);
    const auto events = history.value()->events({});
    REQUIRE(events.ok());
    CHECK(std::ranges::any_of(events.value(),
                              [](const auto& row) { return row.event.text == "Pause: done."; }));
    queue::HistoryQuery of_first;
    of_first.printer = PrinterId{"p1"};
    const auto samples = history.value()->samples(of_first);
    REQUIRE(samples.ok());
    CHECK(samples.value().size() == 2);
}

TEST_CASE("work: the tray for the next start is remembered beyond the program's end") {
    TemporaryFolder folder;
    ManualClock wall;
    const auto open = [&] {
        return queue::History::open({folder.path() / "history.db", {}, [&] { return wall.wall_now(); }});
    };
    {
        auto history = open();
        REQUIRE(history.ok());
        Bench bench{history.value().get()};
        bench.take(command("p2", SelectTray{{TraySource::Kind::ams, 0, 1}}));
        bench.take(command("p2", SelectTray{{TraySource::Kind::ams, 0, 3}}));
    }
    auto history = open();
    REQUIRE(history.ok());
    Bench again{history.value().get()};
    CHECK_FALSE(again.control(0).selected_tray);
    CHECK(again.control(1).selected_tray == TraySource{TraySource::Kind::ams, 0, 3});
}

TEST_CASE("work: a print that the history knows as running is gone on with") {
    TemporaryFolder folder;
    ManualClock wall;
    auto history = queue::History::open({folder.path() / "history.db", {}, [&] { return wall.wall_now(); }});
    REQUIRE(history.ok());
    queue::PrintRecord before;
    before.printer = PrinterId{"p2"};
    before.name = "Cube";
    before.subtask_id = "71";
    before.started = wall.wall_now() - 1h;
    REQUIRE(history.value()->add(before));
    history.value()->flush();
    Bench bench{history.value().get(), false};
    const auto is = [](JobState state) {
        return [state](PrinterState& printer) {
            printer.full_report_seen = true;
            printer.report.state = state;
            printer.report.subtask_name = "Cube";
            printer.report.subtask_id = "71";
        };
    };
    bench.report(1, is(JobState::running));
    bench.report(1, is(JobState::finish));
    history.value()->flush();
    const auto prints = history.value()->prints({});
    REQUIRE(prints.ok());
    REQUIRE(prints.value().size() == 1);
    CHECK(prints.value()[0].outcome == JobOutcome::completed);
}

namespace {

// Links that answer from a thread of their own, as the network thread does.
struct AnsweringLinks final : PrinterLinks {
    Dispatcher* dispatcher = nullptr;
    std::atomic<int> sent = 0;
    void send(std::size_t printer, CommandId command, const Action&, const std::optional<Position>&,
              const std::optional<JobIdentity>&) override {
        ++sent;
        LinkEvent event;
        event.printer = printer;
        event.command = command;
        dispatcher->link_event(event);
        event.kind = LinkEvent::Kind::answered;
        dispatcher->link_event(event);
    }
    void wish(std::size_t, const Wish&) override {}
};

// A dispatcher at work on one idle printer.
struct Running {
    Running() {
        PrinterState printer = farmwall::testing::idle_printer();
        printer.last_report = printer.last_message = clock.now();
        store.update(
            [&](FleetState& fleet) { fleet.printers = {std::make_shared<const PrinterState>(printer)}; });
        links.dispatcher = &dispatcher;
        listening = true;
        dispatcher.start();
    }
    static DispatcherSettings one_printer() {
        DispatcherSettings settings;
        settings.printers = 1;
        return settings;
    }

    SystemClock clock;
    std::mutex mutex;
    std::condition_variable changed;  // something was published
    bool listening = false;           // set before the thread begins
    FleetStore store{[this] {
        if (listening) dispatcher.published();
        std::lock_guard lock{mutex};
        changed.notify_all();
    }};
    IntentQueue intents{[this] { dispatcher.wake(); }};
    AnsweringLinks links;
    Dispatcher dispatcher{one_printer(), clock, store, intents, links, nullptr};
};

}  // namespace

TEST_CASE("dispatcher: intents of several threads are all taken, also those that wait when it stops") {
    Running bench;
    constexpr int threads = 4;
    constexpr int each = 20;
    {
        std::vector<std::jthread> people;
        for (int t = 0; t < threads; ++t) {
            people.emplace_back([&] {
                for (int i = 0; i < each; ++i)
                    CHECK(bench.intents.push(command("p1", i % 2 == 0 ? Action{Pause{}} : Action{Stop{}})));
            });
        }
    }
    bench.dispatcher.stop();
    const auto fleet = bench.store.read();
    REQUIRE(fleet->controls.size() == 1);
    CHECK(fleet->controls[0]->commands.back()->id == threads * each);
    CHECK(fleet->controls[0]->commands.back()->phase == Phase::refused);
    CHECK(bench.links.sent == 0);
}

TEST_CASE("dispatcher: answers come back while it works and end in the published state") {
    Running bench;
    CHECK(bench.intents.push(command("p1", Jog{1, 0, 0, 3000})));
    {
        std::unique_lock lock{bench.mutex};
        const bool accepted = bench.changed.wait_for(lock, 20s, [&] {
            const auto fleet = bench.store.read();
            const auto& commands = control_of(*fleet, 0).commands;
            return !commands.empty() && commands.back()->phase == Phase::accepted;
        });
        CHECK(accepted);
    }
    bench.dispatcher.stop();
    CHECK(bench.links.sent == 1);
}
