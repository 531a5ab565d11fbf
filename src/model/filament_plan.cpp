#include <algorithm>
#include <array>
#include <cstdint>
#include <limits>

#include "model/prepared_place.hpp"

// Which tray each filament of a plate comes from (protocol 7.2).

namespace farmwall {
namespace {

constexpr std::size_t most_filaments = TrayPlan::most_filaments;
constexpr std::size_t most_trays = PreparedPlace::most_trays;

// Costs: what comes first decides before all that comes after it.
using Cost = std::int64_t;
constexpr Cost too_little = 2;  // on the spool
constexpr Cost damp = 1;
constexpr Cost one_color_step = 4;
constexpr Cost other_preset = 1'000 * one_color_step;
constexpr Cost impossible = 1'000'000'000;

// Equal filaments are one need: they share a tray.
struct Need {
    const SlicedFilament* filament = nullptr;
    MaterialName material;
    FilamentColor color;
    int extruder = 0;
    double grams = 0;
    bool alone = true;  // the only need of its nozzle: may come from a spool, which nobody changes meanwhile
};

struct Needs {
    std::span<Need> list;  // as many as there are filaments
    std::size_t count = 0;
    std::array<std::uint8_t, most_filaments> of{};  // the need of each filament
};

bool same_filament(const SlicedFilament& a, const SlicedFilament& b) {
    return a.preset_id == b.preset_id && a.material == b.material && a.color == b.color &&
           a.extruder == b.extruder;
}

// On one nozzle all filaments meet. On two, a filament whose nozzle is not known has none.
int wanted_extruder(const SlicedFilament& filament, const PreparedPlace& place) {
    return place.extruders == 1 ? 0 : filament.extruder.value_or(-1);
}

void gather(std::span<const SlicedFilament> filaments, const PreparedPlace& place, Needs& needs) {
    for (std::size_t i = 0; i < filaments.size(); ++i) {
        const SlicedFilament& filament = filaments[i];
        std::size_t at = 0;
        while (at < needs.count && !same_filament(*needs.list[at].filament, filament))
            ++at;
        needs.of[i] = static_cast<std::uint8_t>(at);
        Need& need = needs.list[at];
        if (at == needs.count) {
            ++needs.count;
            need.filament = &filament;
            need.material = MaterialName{filament.material};
            need.color = filament_color(filament.color);
            need.extruder = wanted_extruder(filament, place);
        }
        need.grams += filament.grams;
    }
    for (std::size_t a = 0; a < needs.count; ++a) {
        for (std::size_t b = 0; b < a; ++b) {
            if (needs.list[a].extruder != needs.list[b].extruder) continue;
            needs.list[a].alone = needs.list[b].alone = false;
        }
    }
}

Cost cost(const Need& need, const LoadedTray& tray) {
    if (need.material.empty() || !(need.material == tray.material)) return impossible;
    if (tray.extruder != need.extruder) return impossible;
    if (tray.unit == nullptr && !need.alone) return impossible;
    const std::string_view preset = need.filament->preset_id;
    Cost sum = preset.empty() || preset != tray.preset ? other_preset : 0;
    sum += one_color_step * color_distance(need.color, tray.color);
    if (tray.grams && *tray.grams < need.grams) sum += too_little;
    return tray.humid ? sum + damp : sum;
}

using Chosen = std::array<std::int8_t, most_filaments>;

// Each need by itself; false where two of them want the same tray, or one has none.
bool choose_singly(const Needs& needs, const PreparedPlace& place, Chosen& chosen) {
    std::uint64_t taken = 0;
    const auto loaded = place.loaded();
    for (std::size_t n = 0; n < needs.count; ++n) {
        Cost best = impossible;
        chosen[n] = TrayPlan::none;
        for (std::size_t t = 0; t < loaded.size(); ++t) {
            const Cost here = cost(needs.list[n], loaded[t]);
            if (here >= best) continue;
            best = here;
            chosen[n] = static_cast<std::int8_t>(t);
        }
        if (chosen[n] == TrayPlan::none) return false;
        const std::uint64_t bit = std::uint64_t{1} << static_cast<unsigned>(chosen[n]);
        if ((taken & bit) != 0) return false;
        taken |= bit;
    }
    return true;
}

// The assignment of least cost (Kuhn and Munkres, by shortest augmenting paths). A column beyond the trays
// stands for "none", as dear as a tray that does not fit, so that there is always a solution.
class Assignment {
public:
    Assignment(const Needs& needs, const PreparedPlace& place)
        : needs_{needs}, loaded_{place.loaded()}, columns_{loaded_.size() + needs.count} {
        for (std::size_t row = 1; row <= needs.count; ++row)
            augment(row);
    }
    void read(Chosen& chosen) const {
        for (std::size_t n = 0; n < needs_.count; ++n)
            chosen[n] = TrayPlan::none;
        for (std::size_t column = 1; column <= loaded_.size(); ++column) {
            const std::size_t row = row_of_[column];
            if (row == 0 || price(row, column) >= impossible) continue;
            chosen[row - 1] = static_cast<std::int8_t>(column - 1);
        }
    }

private:
    static constexpr std::size_t size = most_trays + most_filaments + 1;

    // Rows and columns are counted from 1; 0 is the row that is being placed.
    [[nodiscard]] Cost price(std::size_t row, std::size_t column) const {
        if (column > loaded_.size()) return impossible;
        return cost(needs_.list[row - 1], loaded_[column - 1]);
    }

    void augment(std::size_t row) {
        std::array<Cost, size> least;
        least.fill(std::numeric_limits<Cost>::max());
        std::array<bool, size> seen{};
        row_of_[0] = row;
        std::size_t column = 0;
        while (row_of_[column] != 0)
            column = next_column(column, least, seen);
        while (column != 0) {
            row_of_[column] = row_of_[way_[column]];
            column = way_[column];
        }
    }

    std::size_t next_column(std::size_t from, std::array<Cost, size>& least, std::array<bool, size>& seen) {
        seen[from] = true;
        const std::size_t row = row_of_[from];
        Cost delta = std::numeric_limits<Cost>::max();
        std::size_t next = 0;
        for (std::size_t column = 1; column <= columns_; ++column) {
            if (seen[column]) continue;
            const Cost here = price(row, column) - row_price_[row] - column_price_[column];
            if (here < least[column]) {
                least[column] = here;
                way_[column] = from;
            }
            if (least[column] < delta) {
                delta = least[column];
                next = column;
            }
        }
        for (std::size_t column = 0; column <= columns_; ++column) {
            if (seen[column]) {
                row_price_[row_of_[column]] += delta;
                column_price_[column] -= delta;
            } else {
                least[column] -= delta;
            }
        }
        return next;
    }

    const Needs& needs_;
    std::span<const LoadedTray> loaded_;
    std::size_t columns_;
    std::array<Cost, most_filaments + 1> row_price_{};
    std::array<Cost, size> column_price_{};
    std::array<std::size_t, size> row_of_{};
    std::array<std::size_t, size> way_{};
};

// A person's choice, where one filament is printed and the tray fits it.
bool choose_selected(const Needs& needs, const PreparedPlace& place,
                     const std::optional<TraySource>& selected, Chosen& chosen) {
    if (!selected || needs.count != 1) return false;
    const auto loaded = place.loaded();
    const auto found = std::ranges::find(loaded, *selected, &LoadedTray::source);
    if (found == loaded.end() || cost(needs.list[0], *found) >= impossible) return false;
    chosen[0] = static_cast<std::int8_t>(found - loaded.begin());
    return true;
}

TrayPlan plan_in(std::span<Need> room, std::span<const SlicedFilament> filaments, const PreparedPlace& place,
                 const std::optional<TraySource>& selected) {
    TrayPlan plan;
    Needs needs;
    needs.list = room;
    gather(filaments, place, needs);
    Chosen chosen;
    if (!choose_selected(needs, place, selected, chosen) && !choose_singly(needs, place, chosen)) {
        // One need without a tray is not found one by an assignment either.
        if (needs.count > 1) Assignment{needs, place}.read(chosen);
    }
    plan.count = filaments.size();
    plan.complete = true;
    for (std::size_t i = 0; i < filaments.size(); ++i) {
        plan.tray[i] = chosen[needs.of[i]];
        if (plan.tray[i] == TrayPlan::none) plan.complete = false;
    }
    return plan;
}

}  // namespace

TrayPlan plan_trays(std::span<const SlicedFilament> filaments, const PreparedPlace& place,
                    const std::optional<TraySource>& selected) {
    if (filaments.empty() || filaments.size() > most_filaments) return {};
    // Most plates use few: a large room costs more to prepare than the search in it.
    constexpr std::size_t few = 4;
    if (filaments.size() <= few) {
        std::array<Need, few> room;
        return plan_in(room, filaments, place, selected);
    }
    std::array<Need, most_filaments> room;
    return plan_in(room, filaments, place, selected);
}

double grams_wanted(std::span<const SlicedFilament> filaments, const TrayPlan& plan, std::size_t filament) {
    double sum = 0;
    for (std::size_t i = 0; i < filaments.size(); ++i) {
        if (plan.tray[i] == plan.tray[filament]) sum += filaments[i].grams;
    }
    return sum;
}

std::optional<FilamentPlan> plan_filaments(const SlicedPlate& plate, int project_filaments,
                                           const PrinterState& printer,
                                           const std::optional<TraySource>& selected) {
    constexpr int most_of_a_project = 1'000;
    const PrinterDesk desk;
    const PrinterPlace anywhere;
    const Place place{printer, desk, anywhere, selected};
    const MatchRules rules;
    const PreparedPlace prepared{place, rules, TimePoint{}};
    const TrayPlan trays = plan_trays(plate.filaments, prepared, selected);
    if (!trays.complete) return std::nullopt;
    int length = std::max(project_filaments, 1);
    for (const SlicedFilament& filament : plate.filaments)
        length = std::max(length, filament.id);
    if (length > most_of_a_project) return std::nullopt;
    FilamentPlan plan(static_cast<std::size_t>(length));
    for (std::size_t i = 0; i < trays.count; ++i) {
        const int id = plate.filaments[i].id;
        if (id < 1) return std::nullopt;
        plan[static_cast<std::size_t>(id) - 1] = trays.of(i, prepared)->source;
    }
    return plan;
}

}  // namespace farmwall
