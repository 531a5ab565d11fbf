#include <doctest/doctest.h>

#include <algorithm>
#include <numeric>
#include <random>

#include "matching_builders.hpp"
#include "model/controls.hpp"
#include "model/prepared_place.hpp"

using namespace farmwall;
using namespace farmwall::testing;

namespace {

using Kind = TraySource::Kind;

TraySource ams(int unit, int slot) { return {Kind::ams, unit, slot}; }
constexpr TraySource ext{Kind::external, 0, 0};
constexpr TraySource ext_left{Kind::external_left, 0, 0};

// The trays of the filaments that are used, in their order.
std::optional<std::vector<TraySource>> planned(const std::vector<SlicedFilament>& filaments,
                                               const Station& at) {
    SlicedPlate of;
    of.filaments = filaments;
    const auto plan = plan_filaments(of, 16, at.printer, at.selected);
    if (!plan) return std::nullopt;
    std::vector<TraySource> trays;
    for (const auto& tray : *plan) {
        if (tray) trays.push_back(*tray);
    }
    return trays;
}

using Plan = std::optional<std::vector<TraySource>>;

// Four slots of one AMS, all there.
Station loaded(const std::vector<Tray>& trays, PrinterModel model = PrinterModel::p1s) {
    Station made = station(model);
    made.ams().trays = trays;
    made.report().tray_exist_bits = 0xF;
    return made;
}

SlicedFilament on(int extruder, SlicedFilament of) {
    of.extruder = extruder;
    return of;
}

}  // namespace

TEST_CASE("filament plan: it is as long as the project, and only used filaments have a tray") {
    SlicedPlate of;
    of.filaments = {filament(3, "PLA", "000000FF")};
    const Station at = station();
    const auto plan = plan_filaments(of, 5, at.printer, std::nullopt);
    REQUIRE(plan);
    CHECK(*plan == FilamentPlan{{}, {}, ams(0, 0), {}, {}});
    CHECK(plan_filaments(of, 2, at.printer, std::nullopt)->size() == 3);
    of.filaments.front().id = 0;
    CHECK_FALSE(plan_filaments(of, 5, at.printer, std::nullopt));
    of.filaments.front().id = 2'000'000'000;
    CHECK_FALSE(plan_filaments(of, 5, at.printer, std::nullopt));
}

TEST_CASE("filament plan: the same preset before a nearer colour, the nearest colour among equals") {
    const Station at = loaded({spool(0, "PLA", "000000FF", "GFL99"), spool(1, "PLA", "0A2989FF", "GFA00"),
                               spool(2, "PLA", "C12E1FFF", "GFA00"), spool(3, "PETG", "000000FF", "GFG00")});
    CHECK(planned({filament(1, "PLA", "000000FF", "GFA00")}, at) == Plan{{ams(0, 1)}});
    CHECK(planned({filament(1, "PLA", "FF0000FF", "GFA00")}, at) == Plan{{ams(0, 2)}});
    CHECK(planned({filament(1, "PLA", "101010FF", "GFL05")}, at) == Plan{{ams(0, 0)}});
    CHECK(planned({filament(1, "PLA", "101010FF")}, at) == Plan{{ams(0, 0)}});
    CHECK(planned({filament(1, "petg", "FFFFFFFF", "GFA00")}, at) == Plan{{ams(0, 3)}});
    CHECK_FALSE(planned({filament(1, "PLA Basic", "000000FF", "GFA00")}, at));
    CHECK_FALSE(planned({filament(1, "ABS", "000000FF", "GFA00")}, at));
    CHECK_FALSE(planned({filament(1, "", "000000FF", "GFA00")}, at));
    CHECK_FALSE(planned({}, at));
}

TEST_CASE("filament plan: long names of materials are compared to their end") {
    const Station at = loaded({spool(0, "SUPPORT-PLA", "000000FF"), spool(1, "SUPPORT-PETG", "000000FF")});
    CHECK(planned({filament(1, "Support-petg", "000000FF")}, at) == Plan{{ams(0, 1)}});
    CHECK_FALSE(planned({filament(1, "SUPPORT-PAHT", "000000FF")}, at));
    CHECK_FALSE(planned({filament(1, "SUPPORT-", "000000FF")}, at));
}

TEST_CASE("filament plan: among equal trays the one with enough left, then the drier one, then the first") {
    Station at = loaded({spool(0, "PLA", "000000FF", "GFA00"), spool(1, "PLA", "000000FF", "GFA00")});
    CHECK(planned({filament(1, "PLA", "000000FF", "GFA00")}, at) == Plan{{ams(0, 0)}});
    at.tray(0).remain_percent = 3;
    at.tray(0).weight_grams = 1000;
    CHECK(planned({filament(1, "PLA", "000000FF", "GFA00")}, at) == Plan{{ams(0, 1)}});
    at.report().ams->push_back(unit(1, {spool(0, "PLA", "000000FF", "GFA00")}));
    at.report().tray_exist_bits = 0x1F;
    at.ams(0).humidity_percent = 90;
    CHECK(planned({filament(1, "PLA", "000000FF", "GFA00")}, at) == Plan{{ams(1, 0)}});
}

TEST_CASE("filament plan: empty slots and nonsense addresses give nothing") {
    Station at = loaded({spool(0, "PLA", "000000FF")});
    at.report().tray_exist_bits = 0x2;
    CHECK_FALSE(planned({filament(1, "PLA", "000000FF")}, at));
    at.report().tray_exist_bits = 0xFFFF'FFFF;
    at.ams().id = 7;
    CHECK_FALSE(planned({filament(1, "PLA", "000000FF")}, at));
    at.ams().id = 0;
    at.tray(0).id = 4;
    CHECK_FALSE(planned({filament(1, "PLA", "000000FF")}, at));
    at.tray(0).id = 2'000'000'000;
    CHECK_FALSE(planned({filament(1, "PLA", "000000FF")}, at));
    at.tray(0).id = -1;
    CHECK_FALSE(planned({filament(1, "PLA", "000000FF")}, at));
    at.tray(0).id = 3;
    CHECK(planned({filament(1, "PLA", "000000FF")}, at) == Plan{{ams(0, 3)}});
}

TEST_CASE("filament plan: AMS HT, the Lite of an A2L and the external spool are sources as well") {
    Station at = station();
    at.report().ams = {unit(16, {spool(2, "PETG", "FFFFFFFF")}), unit(129, {spool(0, "PA-CF", "000000FF")})};
    at.report().tray_exist_bits = 1U << 26U | 1U << 17U;
    at.report().external = spool(254, "TPU", "00FF00FF");
    CHECK(planned({filament(1, "PETG", "000000FF")}, at) == Plan{{ams(16, 2)}});
    CHECK(planned({filament(1, "PA-CF", "000000FF")}, at) == Plan{{ams(129, 0)}});
    CHECK(planned({filament(1, "TPU", "000000FF")}, at) == Plan{{ext}});
    at.report().external_slots = {spool(255, "ASA", "00FF00FF")};
    CHECK(planned({filament(1, "ASA", "000000FF")}, at) == Plan{{ext}});
    CHECK_FALSE(planned({filament(1, "TPU", "000000FF")}, at));
}

TEST_CASE("filament plan: on one nozzle the spool serves a plate alone, for nobody changes it") {
    Station at = station();
    at.report().external = spool(254, "PETG", "FFFFFFFF");
    CHECK_FALSE(planned({filament(1, "PLA", "000000FF"), filament(2, "PETG", "FFFFFFFF")}, at));
    CHECK(planned({filament(1, "PETG", "FFFFFFFF"), filament(2, "PETG", "FFFFFFFF")}, at) ==
          Plan{{ext, ext}});
}

TEST_CASE("filament plan: filaments that differ never share a tray, equal ones do") {
    Station at = loaded({spool(0, "PLA", "000000FF"), spool(1, "PLA", "FFFFFFFF")});
    CHECK(planned({filament(1, "PLA", "000000FF"), filament(2, "PLA", "000000FF")}, at) ==
          Plan{{ams(0, 0), ams(0, 0)}});
    CHECK(planned({filament(1, "PLA", "000000FF"), filament(2, "PLA", "101010FF")}, at) ==
          Plan{{ams(0, 0), ams(0, 1)}});
    at.ams().trays.pop_back();
    CHECK_FALSE(planned({filament(1, "PLA", "000000FF"), filament(2, "PLA", "101010FF")}, at));
}

TEST_CASE("filament plan: the sum of all differences decides, not who comes first") {
    // Grey would take black by itself and leave white to black.
    const Station at = loaded({spool(0, "PLA", "000000FF"), spool(1, "PLA", "FFFFFFFF")});
    CHECK(planned({filament(1, "PLA", "606060FF"), filament(2, "PLA", "000000FF")}, at) ==
          Plan{{ams(0, 1), ams(0, 0)}});
}

TEST_CASE("filament plan: the tray that a person selected wins where it fits") {
    Station at = loaded({spool(0, "PLA", "000000FF", "GFA00"), spool(1, "PLA", "FFFFFFFF", "GFL99"),
                         spool(2, "PETG", "000000FF")});
    at.selected = ams(0, 1);
    CHECK(planned({filament(1, "PLA", "000000FF", "GFA00")}, at) == Plan{{ams(0, 1)}});
    at.selected = ams(0, 2);
    CHECK(planned({filament(1, "PLA", "000000FF", "GFA00")}, at) == Plan{{ams(0, 0)}});
    at.selected = ams(0, 3);
    CHECK(planned({filament(1, "PLA", "000000FF", "GFA00")}, at) == Plan{{ams(0, 0)}});
    at.selected = ams(0, 1);
    CHECK(planned({filament(1, "PLA", "000000FF", "GFA00"), filament(2, "PETG", "000000FF")}, at) ==
          Plan{{ams(0, 0), ams(0, 2)}});
}

TEST_CASE("filament plan: two nozzles take only trays that feed the nozzle the slicer fixed") {
    Station at = dual_station();
    const SlicedFilament black = filament(1, "PLA", "000000FF", "GFA00");
    const SlicedFilament white = filament(2, "PLA", "FFFFFFFF", "GFA00");
    CHECK(planned({on(0, black)}, at) == Plan{{ams(0, 0)}});
    CHECK(planned({on(1, black)}, at) == Plan{{ams(1, 0)}});
    CHECK(planned({on(1, black), on(0, white)}, at) == Plan{{ams(1, 0), ams(0, 0)}});
    CHECK_FALSE(planned({on(1, black), on(1, white)}, at));
    CHECK_FALSE(planned({black}, at));
    CHECK_FALSE(planned({on(2, black)}, at));
    at.ams(1).info = 0x2E03;  // switchable, or not initialised
    CHECK_FALSE(planned({on(1, black)}, at));
    at.ams(1).info.reset();
    CHECK_FALSE(planned({on(1, black)}, at));
}

TEST_CASE("filament plan: with two nozzles each has a spool of its own") {
    Station at = dual_station();
    at.report().ams->clear();
    at.report().external_slots = {spool(255, "PLA", "000000FF"), spool(254, "PLA", "000000FF")};
    const SlicedFilament black = filament(1, "PLA", "000000FF");
    SlicedFilament other = filament(2, "PLA", "000000FF");
    CHECK(planned({on(0, black)}, at) == Plan{{ext}});
    CHECK(planned({on(1, black)}, at) == Plan{{ext_left}});
    CHECK(planned({on(0, black), on(1, other)}, at) == Plan{{ext, ext_left}});
    other.color = "FFFFFFFF";
    CHECK_FALSE(planned({on(0, black), on(0, other)}, at));
}

TEST_CASE("filament plan: more filaments than any tray holder has still find theirs") {
    Station at = station();
    at.report().ams->clear();
    at.report().tray_exist_bits = 0xFFFF;
    std::vector<SlicedFilament> wanted;
    for (int i = 0; i < 16; ++i) {
        const std::string shade = std::string(1, "0123456789ABCDEF"[i]);
        std::string color;
        for (int digit = 0; digit < 6; ++digit)
            color += shade;
        if (i % 4 == 0) at.report().ams->push_back(unit(i / 4, {}));
        at.report().ams->back().trays.push_back(spool(i % 4, "PLA", color + "FF"));
        wanted.insert(wanted.begin(), filament(16 - i, "PLA", color + "FF"));
    }
    const auto plan = planned(wanted, at);
    REQUIRE(plan);
    for (int i = 0; i < 16; ++i)
        CHECK(plan->at(static_cast<std::size_t>(i)) == ams((15 - i) / 4, (15 - i) % 4));
    wanted.push_back(filament(17, "PLA", "ABCDEFFF"));
    CHECK_FALSE(planned(wanted, at));
}

namespace {

int number(std::mt19937& engine, int most) {
    return static_cast<int>(engine() % static_cast<unsigned>(most + 1));
}

const char* shade(std::mt19937& engine) {
    static constexpr std::array shades{"000000FF", "404040FF", "808080FF",
                                       "FFFFFFFF", "C12E1FFF", "0A2989FF"};
    return shades[static_cast<std::size_t>(number(engine, 5))];
}

// By trying every way: how many filaments can have a tray at most.
std::size_t most_served(const std::vector<SlicedFilament>& filaments, const PreparedPlace& place,
                        std::size_t from, std::uint64_t taken) {
    if (from == filaments.size()) return 0;
    std::size_t best = most_served(filaments, place, from + 1, taken);
    for (std::size_t t = 0; t < place.tray_count; ++t) {
        if ((taken >> t & 1U) != 0) continue;
        if (!(place.trays[t].material == MaterialName{filaments[from].material})) continue;
        const auto bit = std::uint64_t{1} << t;
        best = std::max(best, 1 + most_served(filaments, place, from + 1, taken | bit));
    }
    return best;
}

// By trying every way: the least sum of colour differences with a tray for each; nothing: there is no way.
std::optional<int> least_sum(const std::vector<SlicedFilament>& filaments, const PreparedPlace& place,
                             std::size_t from, std::uint64_t taken) {
    if (from == filaments.size()) return 0;
    std::optional<int> best;
    for (std::size_t t = 0; t < place.tray_count; ++t) {
        if ((taken >> t & 1U) != 0) continue;
        if (!(place.trays[t].material == MaterialName{filaments[from].material})) continue;
        const auto rest = least_sum(filaments, place, from + 1, taken | std::uint64_t{1} << t);
        if (!rest) continue;
        const int sum = *rest + color_difference(filament_color(filaments[from].color), place.trays[t].color);
        if (!best || sum < *best) best = sum;
    }
    return best;
}

}  // namespace

TEST_CASE("filament plan: no way of assigning trays is better than the one found, and none serves more") {
    std::mt19937 engine{7};
    const MatchRules rules;
    for (int round = 0; round < 1'000; ++round) {
        Station at = loaded({});
        for (int slot = 0; slot <= number(engine, 3); ++slot)
            at.ams().trays.push_back(spool(slot, number(engine, 3) == 0 ? "PETG" : "PLA", shade(engine)));
        std::vector<SlicedFilament> wanted;
        for (int id = 1; id <= 1 + number(engine, 3); ++id)
            wanted.push_back(filament(id, number(engine, 4) == 0 ? "PETG" : "PLA", shade(engine)));
        // Each by its own preset, which no tray has: all differ, and none is preferred.
        for (std::size_t i = 0; i < wanted.size(); ++i)
            wanted[i].preset_id = "P" + std::to_string(i);
        const PreparedPlace place{at.as_place(), rules, match_time};
        const Job job = job_for(plate(PrinterModel::p1s, wanted));
        const PreparedJob prepared{job};
        const Pairing pair{prepared, place};
        REQUIRE(prepared.needs == wanted.size());
        std::size_t served = 0;
        int sum = 0;
        for (std::size_t i = 0; i < wanted.size(); ++i) {
            const LoadedTray* tray = pair.tray(i);
            if (tray == nullptr) continue;
            ++served;
            sum += color_difference(filament_color(wanted[i].color), tray->color);
        }
        const auto least = least_sum(wanted, place, 0, 0);
        REQUIRE(pair.plan.complete == least.has_value());
        REQUIRE(served == most_served(wanted, place, 0, 0));
        if (least) REQUIRE(sum == *least);
    }
}

TEST_CASE("filament plan: never another material, an absent tray, the wrong nozzle or a tray twice") {
    std::mt19937 engine{11};
    static constexpr std::array materials{"PLA", "PETG", "ABS", "PLA-S"};
    const auto material = [&] { return materials[static_cast<std::size_t>(number(engine, 3))]; };
    int plans = 0;
    for (int round = 0; round < 3'000; ++round) {
        const bool dual = number(engine, 1) == 1;
        Station at = dual ? dual_station() : station();
        at.report().ams->clear();
        for (int id = 0; id < 4; ++id) {
            AmsUnit made = unit(id, {});
            made.info = number(engine, 1) == 1 ? 0x2003 : 0x2103;
            for (int slot = 0; slot < 4; ++slot)
                made.trays.push_back(spool(slot, material(), shade(engine)));
            at.report().ams->push_back(made);
        }
        at.report().tray_exist_bits = static_cast<std::uint64_t>(number(engine, 0xFFFF));
        at.report().external_slots = {spool(255, material(), shade(engine)),
                                      spool(254, material(), shade(engine))};
        std::vector<SlicedFilament> wanted;
        for (int id = 1; id <= 1 + number(engine, 4); ++id)
            wanted.push_back(on(number(engine, 1), filament(id, material(), shade(engine))));
        SlicedPlate of;
        of.filaments = wanted;
        const auto plan = plan_filaments(of, 8, at.printer, std::nullopt);
        if (!plan) continue;
        ++plans;
        for (const SlicedFilament& one : wanted) {
            const auto& source = plan->at(static_cast<std::size_t>(one.id - 1));
            REQUIRE(source);
            const Tray* tray = find_tray(at.report(), *source);
            REQUIRE(tray != nullptr);
            REQUIRE(*tray->material == one.material);
            REQUIRE(presence(at.report(), *source) == Presence::present);
            if (dual) {
                const int fed =
                    source->kind == Kind::ams
                        ? *fed_extruder(at.report().ams->at(static_cast<std::size_t>(source->unit)))
                        : (source->kind == Kind::external_left ? 1 : 0);
                REQUIRE(fed == *one.extruder);
            }
            for (const SlicedFilament& two : wanted) {
                if (plan->at(static_cast<std::size_t>(two.id - 1)) != source) continue;
                REQUIRE(two.color == one.color);
            }
        }
    }
    CHECK(plans > 300);
}

TEST_CASE("filament looks: colours are read, told apart and named") {
    CHECK_FALSE(filament_color("00000000").known);
    CHECK_FALSE(filament_color("").known);
    CHECK_FALSE(filament_color("GG0000FF").known);
    CHECK_FALSE(filament_color("FF00").known);
    CHECK(filament_color("#ff8000").red == 255);
    CHECK(filament_color("FF8000FF").green == 128);
    const auto distance = [](const char* a, const char* b) {
        return color_difference(filament_color(a), filament_color(b));
    };
    CHECK(distance("123456FF", "123456FF") == 0);
    CHECK(distance("000000FF", "FFFFFFFF") > 500'000);
    CHECK(distance("", "00000000") == 0);
    CHECK(distance("", "000000FF") == distance("FFFFFFFF", ""));
    CHECK(distance("FF0000FF", "E00000FF") < distance("FF0000FF", "FF8000FF"));
    CHECK(color_name(filament_color("0D0D0DFF")) == "black");
    CHECK(color_name(filament_color("FFFFFFFF")) == "white");
    CHECK(color_name(filament_color("C12E1FFF")) == "red");
    CHECK(color_name(filament_color("00AE42FF")) == "green");
    CHECK(color_name(filament_color("0A2989FF")) == "dark blue");
    CHECK(color_name({}) == "");
}
