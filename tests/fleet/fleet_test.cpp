#include <doctest/doctest.h>

#include <boost/json.hpp>
#include <cmath>
#include <latch>
#include <stdexcept>
#include <thread>

#include "fleet/fleet_store.hpp"
#include "fleet/intent_queue.hpp"
#include "fleet/status_json.hpp"
#include "fleet/telemetry.hpp"

using namespace farmwall;
using namespace std::chrono_literals;

namespace {

std::shared_ptr<const PrinterState> printer(std::string id) {
    auto made = std::make_shared<PrinterState>();
    made->id = PrinterId{std::move(id)};
    return made;
}

}  // namespace

TEST_CASE("store: a reader keeps its state while the writer publishes the next") {
    FleetStore store;
    store.update([](FleetState& fleet) { fleet.printers.push_back(printer("a")); });
    const FleetSnapshot old = store.read();
    store.update([](FleetState& fleet) { fleet.printers.push_back(printer("b")); });
    CHECK(old->printers.size() == 1);
    CHECK(old->revision == 1);
    const FleetSnapshot now = store.read();
    CHECK(now->printers.size() == 2);
    CHECK(now->revision == 2);
    CHECK(now->printers[0] == old->printers[0]);  // shared, not copied
    CHECK(find_printer(*now, PrinterId{"b"}) == now->printers[1].get());
    CHECK(find_printer(*now, PrinterId{"c"}) == nullptr);
}

TEST_CASE("store: an edit that throws publishes nothing") {
    int published = 0;
    FleetStore store{[&] { ++published; }};
    CHECK_THROWS(store.update([](FleetState& fleet) {
        fleet.printers.push_back(printer("a"));
        throw std::runtime_error{"no"};
    }));
    CHECK(store.read()->revision == 0);
    CHECK(store.read()->printers.empty());
    CHECK(published == 0);
    store.update([](FleetState&) {});
    CHECK(published == 1);
}

TEST_CASE("store: readers see revisions that only grow, whatever the writers do") {
    FleetStore store;
    constexpr int edits = 2000;
    std::latch start{4};
    const auto write = [&] {
        start.arrive_and_wait();
        for (int i = 0; i < edits; ++i) {
            store.update([](FleetState& fleet) { fleet.printers.push_back(nullptr); });
            store.update([](FleetState& fleet) { fleet.printers.pop_back(); });
        }
    };
    bool grew = true;
    const auto look = [&](bool& verdict) {
        start.arrive_and_wait();
        std::uint64_t last = 0;
        while (last < 4ULL * edits) {
            const FleetSnapshot now = store.read();
            if (now->revision < last || now->printers.size() > 2) verdict = false;
            last = now->revision;
        }
    };
    bool grew_too = true;
    {
        std::jthread a{write};
        std::jthread b{write};
        std::jthread c{[&] { look(grew); }};
        std::jthread d{[&] { look(grew_too); }};
    }
    CHECK(grew);
    CHECK(grew_too);
    CHECK(store.read()->revision == 4ULL * edits);
}

TEST_CASE("intents: what is pushed is taken in order, a full or closed queue says no") {
    int woken = 0;
    IntentQueue intents{[&] { ++woken; }};
    CHECK(intents.push({PrinterId{"a"}, AskFullReport{}}));
    CHECK(intents.push({PrinterId{"b"}, ConnectNow{}}));
    CHECK(woken == 2);
    const auto taken = intents.take_all();
    REQUIRE(taken.size() == 2);
    CHECK(taken[0].printer.value == "a");
    CHECK(std::holds_alternative<ConnectNow>(taken[1].wish));
    CHECK(intents.take_all().empty());
    int accepted = 0;
    while (intents.push({PrinterId{"a"}, AskFullReport{}}))
        ++accepted;
    CHECK(accepted == 256);
    static_cast<void>(intents.take_all());
    intents.close();
    CHECK_FALSE(intents.push({PrinterId{"a"}, AskFullReport{}}));
}

TEST_CASE("queue: values cross threads in order, and a stop request ends the wait") {
    BoundedQueue<int> queue{1000};
    std::vector<int> seen;
    {
        std::jthread consumer{[&](const std::stop_token& stop) {
            while (seen.size() < 500) {
                for (const int value : queue.take_all(stop, 10'000ms))
                    seen.push_back(value);
                if (stop.stop_requested()) return;
            }
        }};
        for (int i = 0; i < 500; ++i) {
            REQUIRE(queue.try_push(int{i}));
        }
        consumer.join();
        std::jthread idle{
            [&](const std::stop_token& stop) { static_cast<void>(queue.take_all(stop, 10'000ms)); }};
        idle.request_stop();
    }
    REQUIRE(seen.size() == 500);
    for (int i = 0; i < 500; ++i)
        CHECK(seen[static_cast<std::size_t>(i)] == i);
}

TEST_CASE("telemetry: the ring keeps the newest samples, oldest first") {
    TelemetryStore store{3};
    for (int i = 0; i < 5; ++i) {
        Sample sample;
        sample.bed_celsius = static_cast<float>(i);
        store.record(1, sample);
    }
    const auto kept = store.read(1);
    REQUIRE(kept.size() == 3);
    CHECK(kept[0].bed_celsius == 2);
    CHECK(kept[2].bed_celsius == 4);
    CHECK(store.read(0).empty());
    CHECK(store.read(7).empty());
}

TEST_CASE("telemetry: a printer that is gone gives gaps, not its last values") {
    PrinterState state;
    state.link.link = Link::online;
    state.report.bed_celsius = 60;
    const TimePoint now = TimePoint{} + 1h;
    state.last_report = now - 5s;
    CHECK(sample_of(state, now, 60s).bed_celsius == 60);
    CHECK(std::isnan(sample_of(state, now, 60s).nozzle_celsius));
    CHECK(std::isnan(sample_of(state, now + 2min, 60s).bed_celsius));
    state.link.link = Link::offline;
    CHECK(std::isnan(sample_of(state, now, 60s).bed_celsius));
}

TEST_CASE("status json: unknown is null, never zero, and the contract's keys are all there") {
    PrinterState state;
    state.id = PrinterId{"a"};
    const auto parsed = boost::json::parse(status_json(state, CameraState{}, TimePoint{})).as_object();
    for (const char* key : {"last_update",     "last_error",          "printer_state", "print_status",
                            "sequence_id",     "print_error_code",    "fail_reason",   "mc_print_error_code",
                            "gcode_file",      "subtask_name",        "selected_ams",  "part_fan_percent",
                            "aux_fan_percent", "chamber_fan_percent", "percentage",    "bed_temp",
                            "nozzle_temp",     "remaining_time",      "light_state",   "print_error_raw"}) {
        CAPTURE(key);
        REQUIRE(parsed.contains(key));
        CHECK(parsed.at(key).is_null());
    }
    CHECK(parsed.at("id") == "a");
    CHECK(parsed.at("connected") == false);
    CHECK(parsed.at("available") == false);
    CHECK(parsed.at("filament_runout") == false);
    CHECK(parsed.at("hms").as_array().empty());
    CHECK(parsed.at("link") == "connecting");
}

TEST_CASE("status json: what the printer said is there in the contract's units") {
    PrinterState state;
    state.id = PrinterId{"a"};
    state.link.link = Link::online;
    state.full_report_seen = true;
    state.model = {PrinterModel::x1c, ModelSource::configured};
    state.report.state = JobState::running;
    state.report.stage = 2;
    state.report.percent = 42;
    state.report.nozzle_celsius = 219.1875;
    state.report.tray_now = 5;
    state.report.lights = std::vector<Light>{{"chamber_light", LightMode::on}};
    state.last_report = TimePoint{} + 10s;
    const auto parsed = boost::json::parse(status_json(state, CameraState{}, TimePoint{} + 13s)).as_object();
    CHECK(parsed.at("printer_state") == "RUNNING");
    CHECK(parsed.at("print_status") == "heat-bed preheating");
    CHECK(parsed.at("percentage") == 42);
    CHECK(parsed.at("nozzle_temp") == 219.2);
    CHECK(parsed.at("selected_ams").at("tool_id") == 5);
    CHECK(parsed.at("light_state") == "on");
    CHECK(parsed.at("age_sec") == 3);
    CHECK(parsed.at("condition") == "PRINTING");
}
