#include "sim/machine/farm_plan.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <map>

#include "base/text.hpp"

namespace farmwall::sim {

namespace {

// The algorithm is fixed here because the standard distributions differ between libraries.
class Dice {
public:
    explicit Dice(std::uint64_t seed) : state_{seed + 0x9E3779B97F4A7C15ULL} {}
    std::uint64_t next() {
        state_ += 0x9E3779B97F4A7C15ULL;
        std::uint64_t z = state_;
        z = (z ^ (z >> 30)) * 0xBF58476D1CE4E5B9ULL;
        z = (z ^ (z >> 27)) * 0x94D049BB133111EBULL;
        return z ^ (z >> 31);
    }
    std::size_t below(std::size_t bound) { return static_cast<std::size_t>(next() % bound); }

private:
    std::uint64_t state_;
};

struct Material {
    std::string_view type, preset, brand;
    int low, high, dry_celsius;
};

constexpr std::array<Material, 7> materials = {{
    {"PLA", "GFA00", "PLA Basic", 190, 230, 55},
    {"PLA", "GFA01", "PLA Matte", 190, 230, 55},
    {"PLA", "GFL99", "", 190, 240, 0},
    {"PETG", "GFG02", "PETG HF", 230, 260, 65},
    {"PETG", "GFG99", "", 220, 270, 0},
    {"ABS", "GFB00", "ABS", 240, 270, 80},
    {"ASA", "GFB01", "ASA", 240, 270, 80},
}};
constexpr std::array<std::string_view, 10> colors = {"FFFFFFFF", "000000FF", "D32941FF", "FF6A13FF",
                                                     "F7D959FF", "00AE42FF", "0A2CA5FF", "8E9089FF",
                                                     "5E43B7FF", "F5547CFF"};

Spool any_spool(Dice& dice, std::size_t kinds) {
    const auto& material = materials[dice.below(kinds)];
    Spool spool;
    spool.type = material.type;
    spool.preset = material.preset;
    spool.brand = material.brand;
    spool.color = colors[dice.below(colors.size())];
    spool.nozzle_min = material.low;
    spool.nozzle_max = material.high;
    const bool tagged = !material.brand.empty();
    spool.tag = tagged ? fmt::format("{:08X}00000100", static_cast<std::uint32_t>(dice.next() | 1U))
                       : std::string(16, '0');
    spool.uuid = tagged ? fmt::format("{:016X}{:016X}", dice.next(), dice.next()) : std::string(32, '0');
    spool.remain_percent = tagged ? static_cast<int>(5 + dice.below(96)) : -1;
    spool.weight_g = tagged ? 1000 : 0;
    spool.dry_celsius = tagged ? material.dry_celsius : 0;
    spool.dry_hours = tagged ? 8 : 0;
    return spool;
}

AmsUnit any_unit(Dice& dice, int id, AmsKind kind, int extruder) {
    AmsUnit unit;
    unit.id = id;
    unit.kind = kind;
    unit.extruder = extruder;
    unit.celsius = 24 + static_cast<double>(dice.below(80)) / 10;
    unit.humidity_percent = 8 + static_cast<int>(dice.below(30));
    const std::size_t kinds = kind == AmsKind::lite ? 5 : materials.size();
    const std::size_t slots = kind == AmsKind::ht ? 1 : 4;
    for (std::size_t slot = 0; slot < slots; ++slot) {
        const bool empty = slot > 0 && dice.below(5) == 0;
        unit.slots.push_back(empty ? std::nullopt : std::optional{any_spool(dice, kinds)});
    }
    return unit;
}

std::vector<AmsUnit> units_for(Model model, Dice& dice) {
    switch (model) {
        case Model::x1c:
            return {any_unit(dice, 0, AmsKind::ams, 0), any_unit(dice, 1, AmsKind::pro, 0)};
        case Model::x1c_old:
            return {any_unit(dice, 0, AmsKind::ams, 0)};
        case Model::p1s:
            return {any_unit(dice, 0, dice.below(2) == 0 ? AmsKind::pro : AmsKind::ams, 0)};
        case Model::p1p:
            return {};
        case Model::p2s:
            return {any_unit(dice, 0, AmsKind::pro, 0), any_unit(dice, 128, AmsKind::ht, 0)};
        case Model::a1:
        case Model::a1_mini:
            return {any_unit(dice, 0, AmsKind::lite, 0)};
        case Model::h2s:
            return {any_unit(dice, 0, AmsKind::pro, 0)};
        case Model::h2d:
            return {any_unit(dice, 0, AmsKind::pro, 1), any_unit(dice, 1, AmsKind::pro, 0),
                    any_unit(dice, 128, AmsKind::ht, 0)};
    }
    return {};
}

void give_something_to_do(Machine& machine, Dice& dice) {
    switch (dice.below(8)) {
        case 0:
        case 1:
            return;  // idle
        case 2:
            machine.start(machine.made_up_job());
            return;
        case 3:
            machine.start_printing_at(99);
            machine.finish();
            machine.edit().bed.celsius = 31;
            machine.edit().nozzles[0].celsius = 40;
            return;
        case 4:
            machine.start_printing_at(static_cast<int>(5 + dice.below(80)));
            machine.pause(16);
            return;
        default:
            machine.start_printing_at(static_cast<int>(3 + dice.below(94)));
            return;
    }
}

}  // namespace

std::string address_of(int index, int generation) {
    const int number = index + 1;
    return fmt::format("127.77.{}.{}", 10 * generation + number / 250, number % 250);
}

std::vector<PlannedPrinter> plan_farm(int count, std::uint64_t seed, std::vector<Model> models) {
    if (models.empty())
        models = {Model::x1c,     Model::p1s, Model::p1p, Model::a1,
                  Model::a1_mini, Model::p2s, Model::h2d, Model::x1c_old};
    Dice dice{seed};
    std::map<Model, int> numbers;
    std::vector<PlannedPrinter> farm;
    for (int i = 0; i < count; ++i) {
        const Model model = models[static_cast<std::size_t>(i) % models.size()];
        const auto& spec = spec_of(model);
        const int number = ++numbers[model];
        PlannedPrinter printer;
        printer.id = fmt::format("{}-{:02}", spec.key, number);
        printer.name =
            fmt::format("{}{} {:02}", spec.config_name, model == Model::x1c_old ? " old" : "", number);
        // Unique by its last five digits, the printer's place in the farm.
        printer.serial = fmt::format("{}00A{:04}{:05}", spec.serial_prefix, dice.below(10'000), i + 1);
        printer.access_code = Secret{fmt::format("{:08}", dice.below(100'000'000))};
        printer.address = address_of(i, 0);
        printer.model = model;
        printer.seed = dice.next();
        farm.push_back(std::move(printer));
    }
    return farm;
}

void furnish(VirtualPrinter& printer, const PlannedPrinter& plan, bool lively) {
    Dice dice{plan.seed};
    auto& machine = printer.machine();
    machine.edit().ams = units_for(plan.model, dice);
    machine.edit().address = plan.address;
    if (plan.model == Model::p1p || plan.model == Model::x1c_old) {
        machine.edit().external = any_spool(dice, 3);
        machine.edit().external.tag.assign(16, '0');
        machine.edit().external.uuid.assign(32, '0');
    }
    if (machine.state().ams.empty()) machine.edit().loaded[0] = Source{255, 0};
    if (lively) give_something_to_do(machine, dice);
}

}  // namespace farmwall::sim
