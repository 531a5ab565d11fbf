#include <doctest/doctest.h>

#include <random>

#include "matching_builders.hpp"
#include "model/prepared_place.hpp"

using namespace farmwall;
using namespace farmwall::testing;
using namespace std::chrono_literals;

// Laws of the matrix over many made-up jobs and printers.

namespace {

class Chance {
public:
    explicit Chance(unsigned seed) : engine_{seed} {}
    int upto(int most) { return static_cast<int>(engine_() % static_cast<unsigned>(most + 1)); }
    bool one_in(int many) { return upto(many - 1) == 0; }
    template <class Value>
    Value of(std::initializer_list<Value> values) {
        return *(values.begin() + upto(static_cast<int>(values.size()) - 1));
    }

private:
    std::mt19937 engine_;  // the same everywhere, unlike the distributions of the library
};

std::string any_material(Chance& chance) {
    return chance.of({"PLA", "PLA", "pla ", "PETG", "PLA-CF", "PLA-S", "ABS", ""});
}
std::string any_color(Chance& chance) {
    return chance.of({"000000FF", "FFFFFFFF", "C12E1FFF", "0A2989FF", "00000000", "161616FF", "junk", ""});
}
std::string any_preset(Chance& chance) { return chance.of({"GFA00", "GFL99", "GFG00", ""}); }

PrinterModel any_model(Chance& chance) {
    return chance.of({PrinterModel::p1s, PrinterModel::p1s, PrinterModel::x1c, PrinterModel::h2d,
                      PrinterModel::a1, PrinterModel::unknown});
}

void fill_units(Chance& chance, Report& report) {
    report.ams.emplace();
    for (const int id : {0, 1, 16, 128}) {
        if (chance.one_in(2)) continue;
        AmsUnit made;
        made.id = id;
        if (!chance.one_in(4)) made.info = chance.of({0x2003U, 0x2103U, 0x2E03U});
        if (chance.one_in(2)) made.humidity_percent = chance.upto(100);
        if (chance.one_in(2)) made.humidity_index = chance.upto(5);
        for (int slot = 0; slot <= (id == 128 ? 0 : chance.upto(4)); ++slot) {
            Tray tray = spool(slot, any_material(chance), any_color(chance), any_preset(chance));
            if (chance.one_in(2)) tray.remain_percent = chance.upto(101) - 1;
            if (chance.one_in(2)) tray.weight_grams = chance.of({0, 250, 1000});
            made.trays.push_back(tray);
        }
        report.ams->push_back(made);
    }
    if (chance.one_in(8)) report.ams.reset();
    if (!chance.one_in(4)) report.tray_exist_bits = static_cast<std::uint64_t>(chance.upto(0x1FFFFFF));
}

Station any_station(Chance& chance) {
    const PrinterModel model = any_model(chance);
    Station made = model == PrinterModel::h2d ? dual_station() : station(model);
    made.printer.link.link = chance.of({Link::online, Link::online, Link::quiet, Link::offline});
    made.printer.full_report_seen = !chance.one_in(6);
    made.printer.maintenance = chance.one_in(8);
    made.printer.last_message = match_time - std::chrono::seconds{chance.upto(100)};
    Report& report = made.printer.report;
    report.state = chance.of({JobState::idle, JobState::finish, JobState::failed, JobState::running});
    if (chance.one_in(6))
        report.hms = {{0x0300'0100, static_cast<std::uint32_t>(chance.upto(4)) << 16U | 1U}};
    report.storage_present = !chance.one_in(6);
    if (chance.one_in(3)) report.nozzle_type = "stainless_steel";
    if (chance.one_in(6)) report.nozzle_diameter_mm = 0.6;
    fill_units(chance, report);
    if (chance.one_in(2)) report.external = spool(254, any_material(chance), any_color(chance));
    if (chance.one_in(3))
        report.external_slots = {spool(255, any_material(chance), any_color(chance)),
                                 spool(254, any_material(chance), any_color(chance))};
    made.desk.plate.state = chance.of({PlateState::clear, PlateState::clear, PlateState::unknown});
    if (chance.one_in(4)) made.desk.job = JobId{chance.one_in(2) ? "0123456789ab" : "fedcba987654"};
    if (chance.one_in(8)) made.desk.flagged = "It was flagged.";
    if (chance.one_in(4)) made.desk.free_bytes = static_cast<std::uint64_t>(chance.upto(2'000'000));
    if (chance.one_in(3)) made.selected = TraySource{TraySource::Kind::ams, 0, chance.upto(3)};
    return made;
}

Job any_job(Chance& chance) {
    SlicedPlate made = plate(any_model(chance), {});
    const int filaments = chance.one_in(5) ? chance.upto(12) : 1 + chance.upto(2);
    for (int i = 0; i < filaments; ++i) {
        SlicedFilament one = filament(i + 1, any_material(chance), any_color(chance), any_preset(chance));
        one.grams = chance.upto(400);
        if (!chance.one_in(4)) one.extruder = chance.upto(1);
        made.filaments.push_back(one);
    }
    made.outside = chance.one_in(10);
    if (chance.one_in(5)) made.warnings = {{"a warning", chance.upto(3)}};
    Job job = job_for(std::move(made));
    if (chance.one_in(10)) job.plate = 2;
    if (chance.one_in(20)) job.sliced.reset();
    if (chance.one_in(10)) job.printer = PrinterId{chance.of({"p1", "p2"})};
    return job;
}

}  // namespace

TEST_CASE("matching: explanation and bits never disagree, and each refusal has its sentence") {
    Chance chance{1};
    const MatchRules rules{true, 60};
    for (int round = 0; round < 200; ++round) {
        const Station at = any_station(chance);
        for (int i = 0; i < 20; ++i) {
            const Job job = any_job(chance);
            const Match found = match(job, at.as_place(), rules, match_time);
            Match explained;
            int last = 0;
            for (const Check& check : explain(job, at.as_place(), rules, match_time)) {
                const std::uint32_t bit = 1U << static_cast<unsigned>(check.kind);
                if (check.verdict == Verdict::refuse) explained.refused |= bit;
                if (check.verdict == Verdict::warn) explained.warned |= bit;
                if ((check.verdict == Verdict::pass) != check.reason.empty())
                    FAIL("reason of ", name(check.kind));
                if (static_cast<int>(check.kind) < last) FAIL("order of ", name(check.kind));
                last = static_cast<int>(check.kind);
            }
            REQUIRE(explained.refused == found.refused);
            REQUIRE(explained.warned == found.warned);
        }
    }
}

TEST_CASE("matching: a prepared printer answers as an unprepared one, and its own part is that of any job") {
    Chance chance{2};
    const MatchRules rules;
    for (int round = 0; round < 200; ++round) {
        const Station at = any_station(chance);
        const Place place = at.as_place();
        const PreparedPlace prepared{place, rules, match_time};
        const Match alone = match_printer(place, rules, match_time);
        for (int i = 0; i < 10; ++i) {
            const Job job = any_job(chance);
            const Match found = match(PreparedJob{job}, prepared);
            REQUIRE(found == match(job, place, rules, match_time));
            const bool holds = at.desk.job == job.id;
            const std::uint32_t its_own = (1U << static_cast<unsigned>(CheckKind::target)) - 1;
            if (!holds) REQUIRE((found.refused & its_own) == alone.refused);
        }
    }
}
