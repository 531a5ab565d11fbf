#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <chrono>
#include <cstdio>
#include <ctime>
#include <vector>

#include "matching_builders.hpp"
#include "model/forecast.hpp"
#include "model/prepared_place.hpp"

// Times the matrix of 1 000 jobs and 100 printers, of mixed models and filaments:
//   bench-match
// Prints what one pair takes, alone and with what is asked of job and printer worked out once, and the whole.

namespace {

using namespace farmwall;
using namespace farmwall::testing;

constexpr int job_count = 1'000;
constexpr int printer_count = 100;
constexpr std::array models{PrinterModel::p1s, PrinterModel::x1c, PrinterModel::a1,
                            PrinterModel::h2d, PrinterModel::p1s, PrinterModel::p2s};
constexpr std::array materials{"PLA", "PLA", "PETG", "ABS", "PLA-CF"};
constexpr std::array colors{"000000FF", "FFFFFFFF", "C12E1FFF", "0A2989FF",
                            "00AE42FF", "F4EE2AFF", "8E9089FF"};
constexpr std::array presets{"GFA00", "GFG00", "GFL99", ""};

template <class Values>
auto pick(const Values& values, int number) {
    return values[static_cast<std::size_t>(number) % values.size()];
}

std::vector<Station> farm() {
    std::vector<Station> made;
    for (int i = 0; i < printer_count; ++i) {
        const PrinterModel model = pick(models, i);
        Station at = model == PrinterModel::h2d ? dual_station(model) : station(model);
        at.printer.id = PrinterId{fmt::format("printer-{:02}", i)};
        Report& report = at.report();
        report.state = i % 3 == 0 ? JobState::idle : JobState::running;
        report.remaining_minutes = 10 + i;
        if (i % 2 == 0 && model != PrinterModel::h2d) report.nozzle_type = "stainless_steel";
        for (AmsUnit& unit : *report.ams) {
            unit.humidity_percent = 20 + i % 60;
            unit.trays.clear();
            for (int slot = 0; slot < 4; ++slot) {
                const int n = i * 4 + slot;
                Tray tray = spool(slot, pick(materials, n), pick(colors, n), pick(presets, n));
                tray.brand = "PLA Basic";
                tray.remain_percent = n % 101;
                tray.weight_grams = 1000;
                unit.trays.push_back(tray);
            }
        }
        report.tray_exist_bits = 0xFF;
        report.external_slots = {spool(255, "PLA", "FFFFFFFF")};
        at.place.tags = {"room-1", i % 2 == 0 ? "fast" : "slow"};
        made.push_back(at);
    }
    return made;
}

std::vector<Job> queue() {
    std::vector<Job> made;
    for (int i = 0; i < job_count; ++i) {
        std::vector<SlicedFilament> filaments;
        const int many = i % 5 == 0 ? 4 : i % 5 == 1 ? 2 : 1;
        for (int id = 1; id <= many; ++id) {
            filaments.push_back(
                filament(id, pick(materials, i + id), pick(colors, i * 3 + id), pick(presets, i + id)));
            filaments.back().extruder = id % 2;
        }
        Job job = job_for(plate(pick(models, i), filaments));
        job.id = JobId{fmt::format("{:012x}", i)};
        if (i % 7 == 0) job.tag = "fast";
        edit_plate(job, [&](SlicedPlate& p) { p.prediction = std::chrono::seconds{600 + 60 * (i % 100)}; });
        made.push_back(job);
    }
    return made;
}

// CPU time in ms, the best of some rounds: what the machine can do, not what else it does.
template <class Work>
double best_of(int rounds, const Work& work) {
    double best = 1e9;
    for (int i = 0; i < rounds; ++i) {
        const std::clock_t begun = std::clock();
        work();
        best = std::min(best, static_cast<double>(std::clock() - begun) * 1e3 / CLOCKS_PER_SEC);
    }
    return best;
}

}  // namespace

int main() {
    const std::vector<Station> stations = farm();
    const std::vector<Job> jobs = queue();
    const MatchRules rules;
    std::vector<Place> places;
    for (const Station& at : stations)
        places.push_back(at.as_place());
    std::uint64_t possible = 0;
    const double prepared = best_of(20, [&] {
        std::vector<PreparedPlace> all;
        all.reserve(places.size());
        for (const Place& place : places)
            all.emplace_back(place, rules, match_time);
        for (const Job& one : jobs) {
            const PreparedJob job{one};
            for (const PreparedPlace& at : all)
                possible += match(job, at).possible() ? 1U : 0U;
        }
    });
    const double single = best_of(5, [&] {
        for (const Place& place : places) {
            for (const Job& job : jobs)
                possible += match(job, place, rules, match_time).possible() ? 1U : 0U;
        }
    });
    const double printers = best_of(20, [&] {
        for (const Place& place : places)
            possible += match_printer(place, rules, match_time).possible() ? 1U : 0U;
    });
    std::vector<const Job*> waiting;
    for (const Job& job : jobs)
        waiting.push_back(&job);
    const std::vector<const Job*> active(places.size(), nullptr);
    const ForecastInput input{waiting,    places,     active, std::chrono::minutes{5},
                              WallTime{}, match_time, rules};
    const double foretold = best_of(5, [&] { possible += forecast(input).blocks.size(); });
    constexpr double pairs = double{job_count} * printer_count;
    fmt::print("match, both prepared:   {:.0f} ns a pair, {:.2f} ms for {} x {}\n", prepared * 1e6 / pairs,
               prepared, job_count, printer_count);
    fmt::print("match, one by one:       {:.0f} ns a pair\n", single * 1e6 / pairs);
    fmt::print("match_printer:           {:.0f} ns a printer\n", printers * 1e6 / printer_count);
    fmt::print("forecast:                {:.2f} ms\n", foretold);
    fmt::print("possible pairs seen: {}\n", possible);
    return 0;
}
