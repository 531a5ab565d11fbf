#include <doctest/doctest.h>

#include <boost/json/object.hpp>
#include <boost/json/parse.hpp>
#include <string>
#include <utility>
#include <vector>

#include "base/text.hpp"
#include "model/matching.hpp"
#include "reading.hpp"
#include "sim/machine/farm_plan.hpp"
#include "sim/machine/virtual_printer.hpp"
#include "wire/start_encoder.hpp"

using namespace farmwall;
using namespace farmwall::wire;
using namespace std::chrono_literals;

// Planned from what the virtual printer reports, encoded, and taken by it, which reads the protocol for
// itself.

namespace {

struct Pair {
    explicit Pair(sim::Model model) : printer{{model, "00M00A000000001", 11, 1, false}, clock.now()} {
        sim::PlannedPrinter plan;
        plan.model = model;
        plan.address = "127.77.0.1";
        plan.seed = 5;
        sim::furnish(printer, plan, false);
        printer.machine().edit().state = sim::GcodeState::idle;
        known.model = {*model_from_text(sim::spec_of(model).config_name), ModelSource::configured};
    }
    void hear(const std::vector<std::string>& messages) {
        for (const std::string& text : messages) {
            Message message = read(text);
            if (auto* version = std::get_if<VersionAnswer>(&message)) known.modules = version->modules;
            const auto* delta = std::get_if<ReportDelta>(&message);
            if (delta == nullptr) continue;
            known.report = merge(std::move(known.report), *delta);
            known.full_report_seen = true;
            known.last_report = known.last_message = clock.now();
        }
    }
    void run(Duration span) {
        for (Duration passed{}; passed < span; passed += 100ms) {
            clock.advance(100ms);
            hear(printer.tick(clock.now()));
        }
    }
    void know() {
        known.link.link = Link::online;
        hear(printer.handle(R"({"info":{"sequence_id":"1","command":"get_version"}})", clock.now()));
        hear(printer.handle(R"({"pushing":{"sequence_id":"2","command":"pushall"}})", clock.now()));
        run(2s);
        REQUIRE(known.full_report_seen);
    }
    [[nodiscard]] const PrinterState& state() const { return known; }
    // Plans the filaments that these trays hold and starts them.
    void start(const std::vector<sim::Source>& wanted) {
        SlicedPlate plate;
        for (const sim::Source& source : wanted) {
            const sim::Spool* spool = printer.machine().spool_at(source);
            REQUIRE(spool != nullptr);
            SlicedFilament filament;
            filament.id = static_cast<int>(plate.filaments.size()) + 2;
            filament.material = spool->type;
            filament.preset_id = spool->preset;
            filament.color = spool->color;
            const sim::AmsUnit* unit = printer.machine().unit(source.ams);
            filament.extruder = unit != nullptr ? unit->extruder : source.ams == 254 ? 1 : 0;
            plate.filaments.push_back(filament);
        }
        CHECK_FALSE(gate_start(state(), clock.now()));
        const auto plan = plan_filaments(plate, 5, state(), std::nullopt);
        REQUIRE(plan);
        StartPrint start;
        start.task_id = 4711;
        start.remote_name = "part-1.gcode.3mf";
        start.subtask_name = "part";
        start.filaments = *plan;
        const auto message = wire::encode_start(start, state(), [] { return 39'999U; });
        for (const std::string& text : printer.handle(message.payload, clock.now())) {
            const auto answer = boost::json::parse(text).as_object();
            CHECK(iequals(std::string_view{answer.at("print").at("result").as_string()}, "success"));
        }
    }
    void prints(const std::vector<sim::Source>& wanted) {
        start(wanted);
        CHECK(printer.state().job.sources == wanted);
        CHECK(printer.state().job.mapping_error == 0);
        CHECK(printer.state().job.subtask_id == "4711");
        run(6s);
        CHECK(state().report.subtask_id == "4711");
        clock.advance(20min);
        (void)printer.tick(clock.now());
        CHECK(printer.state().state == sim::GcodeState::running);
        CHECK(printer.state().print_error == 0);
    }
    sim::MachineState& edit() { return printer.machine().edit(); }

    ManualClock clock;
    sim::VirtualPrinter printer;
    PrinterState known;
};

sim::Spool spool(std::string type, std::string color) {
    sim::Spool made;
    made.type = std::move(type);
    made.preset = "GFX99";
    made.color = std::move(color);
    return made;
}

}  // namespace

TEST_CASE("start and virtual printer: every model takes a start from the first unit it has") {
    for (const sim::ModelSpec& spec : sim::all_models()) {
        CAPTURE(spec.key);
        Pair pair{spec.model};
        const bool any = !pair.printer.state().ams.empty();
        if (any) {
            sim::AmsUnit& unit = pair.edit().ams.front();
            unit.slots.front() = spool("PLA", "112233FF");
            pair.know();
            pair.prints({{unit.id, 0}});
        } else {
            pair.edit().external = spool("PLA", "112233FF");
            pair.know();
            pair.prints({{255, 0}});
        }
    }
}

TEST_CASE("start and virtual printer: several trays of one AMS print together") {
    Pair pair{sim::Model::x1c};
    REQUIRE_FALSE(pair.printer.state().ams.empty());
    sim::AmsUnit& unit = pair.edit().ams.front();
    REQUIRE(unit.slots.size() == 4);
    unit.slots[1] = spool("PETG", "112233FF");
    unit.slots[3] = spool("PETG", "DDEEFFFF");
    pair.know();
    pair.prints({{unit.id, 3}, {unit.id, 1}});
}

TEST_CASE("start and virtual printer: the external spool prints where there is an AMS as well") {
    Pair pair{sim::Model::p1s};
    pair.edit().external = spool("TPU", "112233FF");
    pair.know();
    pair.prints({{255, 0}});
}

TEST_CASE("start and virtual printer: an AMS HT prints") {
    Pair pair{sim::Model::p2s};
    if (pair.printer.machine().unit(128) == nullptr) {
        sim::AmsUnit ht;
        ht.id = 128;
        ht.kind = sim::AmsKind::ht;
        ht.slots = {spool("PA-CF", "112233FF")};
        pair.edit().ams.push_back(ht);
    } else {
        pair.printer.machine().unit(128)->slots.front() = spool("PA-CF", "112233FF");
    }
    pair.know();
    pair.prints({{128, 0}});
}

TEST_CASE("start and virtual printer: two nozzles take each from its own side, AMS or spool") {
    Pair pair{sim::Model::h2d};
    auto& units = pair.edit().ams;
    units.resize(1);
    units.front().extruder = 0;
    units.front().slots.front() = spool("PETG", "112233FF");
    pair.edit().external_left = spool("TPU", "DDEEFFFF");
    pair.know();
    pair.prints({{units.front().id, 0}, {254, 0}});
}
