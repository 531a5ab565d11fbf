#include <algorithm>
#include <array>
#include <cstdint>
#include <limits>

#include "model/prepared_place.hpp"

// Which tray each filament of a plate comes from (protocol 7.2).

namespace farmwall {
namespace {

constexpr std::size_t most_trays = PreparedPlace::most_trays;

// What comes first decides before all that comes after it.
using Cost = std::int64_t;
constexpr Cost too_little = 2;  // on the spool
constexpr Cost damp = 1;
constexpr Cost one_color_step = 4;
constexpr Cost other_preset = 1'000'000 * one_color_step;
constexpr Cost impossible = 1'000'000'000'000;

bool same_filament(const SlicedFilament& a, const SlicedFilament& b) {
    return a.preset_id == b.preset_id && a.material == b.material && a.color == b.color &&
           a.extruder == b.extruder;
}

// What one need asks, at hand while it is compared with every tray.
struct Question {
    Question(const PreparedJob& job, std::size_t index, int extruders)
        : wanted{job.filament[job.need[index].filament]},
          grams{job.need[index].grams},
          // On one nozzle all filaments meet. On two, a filament whose nozzle is not known has none.
          extruder{extruders > 1 ? wanted.extruder : 0},
          // A spool serves its nozzle alone: nobody changes it during the print.
          spool{extruders > 1 ? job.need[index].only_of_nozzle : job.need[index].only} {}

    [[nodiscard]] Cost cost(const LoadedTray& tray) const {
        if (!(wanted.material == tray.material) || tray.extruder != extruder) return impossible;
        if (tray.unit == nullptr && !spool) return impossible;
        Cost sum = wanted.preset.empty() || wanted.preset != tray.preset ? other_preset : 0;
        sum += one_color_step * color_difference(wanted.color, tray.color);
        if (tray.grams && *tray.grams < grams) sum += too_little;
        return tray.humid ? sum + damp : sum;
    }

    const WantedFilament& wanted;
    double grams;
    int extruder;
    bool spool;
};

using Chosen = std::array<std::int8_t, most_filaments>;

// Each need by itself; false where two of them want the same tray.
bool choose_singly(const PreparedJob& job, const PreparedPlace& place, Chosen& chosen) {
    std::uint64_t taken = 0;
    const auto loaded = place.loaded();
    for (std::size_t n = 0; n < job.needs; ++n) {
        const Question question{job, n, place.extruders};
        Cost best = impossible;
        chosen[n] = TrayPlan::none;
        for (std::size_t t = 0; t < loaded.size(); ++t) {
            const Cost here = question.cost(loaded[t]);
            if (here >= best) continue;
            best = here;
            chosen[n] = static_cast<std::int8_t>(t);
        }
        if (chosen[n] == TrayPlan::none) continue;
        const std::uint64_t bit = std::uint64_t{1} << static_cast<unsigned>(chosen[n]);
        if ((taken & bit) != 0) return false;
        taken |= bit;
    }
    return true;
}

// The assignment of least cost (Kuhn and Munkres, by shortest augmenting paths). A column beyond the trays
// stands for "none", as dear as a tray that does not fit, so that there is always a solution. Rows and
// columns are counted from 1; row 0 is none, column 0 the row that is being placed.
class Assignment {
public:
    Assignment(const PreparedJob& job, const PreparedPlace& place)
        : rows_{job.needs}, trays_{place.tray_count}, columns_{trays_ + rows_} {
        for (std::size_t row = 1; row <= rows_; ++row) {
            const Question question{job, row - 1, place.extruders};
            row_price_[row] = 0;
            for (std::size_t column = 1; column <= trays_; ++column)
                price_[row][column] = question.cost(place.trays[column - 1]);
            std::fill_n(price_[row].begin() + static_cast<std::ptrdiff_t>(trays_) + 1, rows_, impossible);
        }
        std::fill_n(column_price_.begin(), columns_ + 1, Cost{0});
        std::fill_n(row_of_.begin(), columns_ + 1, std::size_t{0});
        for (std::size_t row = 1; row <= rows_; ++row)
            augment(row);
    }
    void read(Chosen& chosen) const {
        std::fill_n(chosen.begin(), rows_, TrayPlan::none);
        for (std::size_t column = 1; column <= trays_; ++column) {
            const std::size_t row = row_of_[column];
            if (row == 0 || price_[row][column] >= impossible) continue;
            chosen[row - 1] = static_cast<std::int8_t>(column - 1);
        }
    }

private:
    static constexpr std::size_t size = most_trays + most_filaments + 1;
    template <class Value>
    using Row = std::array<Value, size>;

    void augment(std::size_t row) {
        std::fill_n(least_.begin(), columns_ + 1, std::numeric_limits<Cost>::max());
        std::fill_n(seen_.begin(), columns_ + 1, false);
        row_of_[0] = row;
        std::size_t column = 0;
        while (row_of_[column] != 0)
            column = next_column(column);
        while (column != 0) {
            row_of_[column] = row_of_[way_[column]];
            column = way_[column];
        }
    }

    std::size_t next_column(std::size_t from) {
        seen_[from] = true;
        const std::size_t row = row_of_[from];
        Cost delta = std::numeric_limits<Cost>::max();
        std::size_t next = 0;
        for (std::size_t column = 1; column <= columns_; ++column) {
            if (seen_[column]) continue;
            const Cost here = price_[row][column] - row_price_[row] - column_price_[column];
            if (here < least_[column]) {
                least_[column] = here;
                way_[column] = from;
            }
            if (least_[column] < delta) {
                delta = least_[column];
                next = column;
            }
        }
        for (std::size_t column = 0; column <= columns_; ++column) {
            if (seen_[column]) {
                row_price_[row_of_[column]] += delta;
                column_price_[column] -= delta;
            } else {
                least_[column] -= delta;
            }
        }
        return next;
    }

    // Only the first rows and columns are ever written and read.
    std::size_t rows_;
    std::size_t trays_;
    std::size_t columns_;
    std::array<Row<Cost>, most_filaments + 1> price_;
    std::array<Cost, most_filaments + 1> row_price_;
    Row<Cost> column_price_;
    Row<Cost> least_;
    Row<std::size_t> row_of_;
    Row<std::size_t> way_;
    Row<bool> seen_;
};

// A person's choice, where one filament is printed and the tray fits it.
bool choose_selected(const PreparedJob& job, const PreparedPlace& place, Chosen& chosen) {
    const auto& selected = place.place.selected_tray;
    if (!selected || job.needs != 1) return false;
    const auto loaded = place.loaded();
    const auto found = std::ranges::find(loaded, *selected, &LoadedTray::source);
    if (found == loaded.end() || Question(job, 0, place.extruders).cost(*found) >= impossible) return false;
    chosen[0] = static_cast<std::int8_t>(found - loaded.begin());
    return true;
}

}  // namespace

PreparedJob::PreparedJob(const Job& of) : PreparedJob{of, plate_of(of)} {}

PreparedJob::PreparedJob(const Job& of, const SlicedPlate* its_plate) : job{of}, plate{its_plate} {
    if (plate == nullptr) return;
    nozzle = nozzle_material(plate->nozzle_type);
    if (plate->filaments.size() <= most_filaments) take_filaments();
}

void PreparedJob::take_filaments() {
    const auto& listed = plate->filaments;
    filaments = listed.size();
    for (std::size_t i = 0; i < filaments; ++i) {
        WantedFilament& wanted = filament[i];
        wanted.material = MaterialName{listed[i].material};
        wanted.preset = listed[i].preset_id;
        wanted.color = filament_color(listed[i].color);
        wanted.extruder = listed[i].extruder.value_or(-1);
        wanted.abrasive = is_abrasive(listed[i].material);
        std::size_t at = 0;
        while (at < needs && !same_filament(listed[need[at].filament], listed[i]))
            ++at;
        if (at == needs) need[needs++].filament = static_cast<std::uint8_t>(i);
        wanted.need = static_cast<std::uint8_t>(at);
        need[at].grams += listed[i].grams;
    }
    for (std::size_t a = 0; a < needs; ++a) {
        const int extruder = filament[need[a].filament].extruder;
        std::size_t same = 0;
        for (std::size_t b = 0; b < needs; ++b)
            same += filament[need[b].filament].extruder == extruder ? 1U : 0U;
        need[a].only = needs == 1;
        need[a].only_of_nozzle = same == 1;
    }
}

TrayPlan plan_trays(const PreparedJob& job, const PreparedPlace& place) {
    TrayPlan plan;
    if (!choose_selected(job, place, plan.of_need) && !choose_singly(job, place, plan.of_need))
        Assignment{job, place}.read(plan.of_need);
    plan.complete = job.needs > 0;
    for (std::size_t n = 0; n < job.needs; ++n) {
        if (plan.of_need[n] == TrayPlan::none) plan.complete = false;
    }
    return plan;
}

std::optional<FilamentPlan> plan_filaments(const SlicedPlate& plate, int project_filaments,
                                           const PrinterState& printer,
                                           const std::optional<TraySource>& selected) {
    constexpr int most_of_a_project = 1'000;
    const PrinterDesk desk;
    const PrinterPlace anywhere;
    const PreparedPlace place{Place{printer, desk, anywhere, selected}, MatchRules{}, TimePoint{}};
    const Job any;
    const PreparedJob prepared{any, &plate};
    const Pairing pair{prepared, place};
    if (!pair.plan.complete) return std::nullopt;
    int length = std::max(project_filaments, 1);
    for (const SlicedFilament& filament : plate.filaments)
        length = std::max(length, filament.id);
    if (length > most_of_a_project) return std::nullopt;
    FilamentPlan plan(static_cast<std::size_t>(length));
    for (std::size_t i = 0; i < prepared.filaments; ++i) {
        const int id = plate.filaments[i].id;
        if (id < 1) return std::nullopt;
        plan[static_cast<std::size_t>(id) - 1] = pair.tray(i)->source;
    }
    return plan;
}

}  // namespace farmwall
