#include "model/gate.hpp"

#include <doctest/doctest.h>

#include <array>
#include <limits>
#include <map>
#include <set>

#include "model/availability.hpp"

using namespace farmwall;
using namespace std::chrono_literals;

namespace {

const TimePoint t0{1h};

AmsUnit ams_unit(int id, std::uint64_t info) {
    AmsUnit unit;
    unit.id = id;
    unit.info = info;
    for (int slot = 0; slot < (id >= 128 ? 1 : 4); ++slot) {
        Tray tray;
        tray.id = slot;
        tray.material = "PLA";
        unit.trays.push_back(tray);
    }
    return unit;
}

// Connected, reported just now, homed, everything cold; slots 0 to 2 of the first unit filled, 3 empty.
PrinterState printer(PrinterModel model, std::optional<JobState> state) {
    PrinterState made;
    made.id = PrinterId{"p1"};
    made.model = {model, ModelSource::configured};
    made.link.link = Link::online;
    made.full_report_seen = true;
    made.last_report = made.last_message = t0;
    Report& report = made.report;
    report.state = state;
    report.home_flag = 7;
    report.part_fan_step = 0;
    report.aux_fan_step = 0;
    report.chamber_fan_step = 0;
    report.lights = {{"chamber_light", LightMode::on}};
    report.timelapse = false;
    report.ams = {ams_unit(0, 0x2003)};
    report.tray_exist_bits = 0x7;
    report.tray_now = 1;
    report.speed_level = 2;
    Tray external;
    external.id = 255;
    report.external_slots = {external};
    return made;
}

std::optional<Refusal> ask(const Action& action, const PrinterState& of) {
    return gate(action, of, std::nullopt, t0 + 1s);
}

const std::vector<std::optional<JobState>>& all_states() {
    static const std::vector<std::optional<JobState>> states{
        JobState::idle,    JobState::finish,  JobState::failed, JobState::prepare,
        JobState::slicing, JobState::running, JobState::pause,  JobState::unknown,
        JobState::init,    JobState::offline, std::nullopt};
    return states;
}

// One action of each kind that every model of the table below has.
const std::vector<Action>& sample_actions() {
    static const std::vector<Action> actions{
        Pause{},
        Resume{},
        Stop{},
        ClearFault{},
        SetLight{Lamp::chamber, true},
        SetFan{Fan::part, 50},
        SetAirMode{AirMode::cooling},
        SetNozzleTarget{0, 200},
        SetBedTarget{50},
        SetChamberTarget{45},
        CoolDown{},
        SetSpeed{3},
        Home{},
        Jog{1, 0, 0, 3000},
        SelectTray{{TraySource::Kind::ams, 0, 1}},
        LoadTray{{TraySource::Kind::ams, 0, 1}},
        UnloadFilament{},
        AnswerDialog{},
        SkipObjects{{7}},
        SetTimelapse{true},
        StartDrying{0, 55, 8, "PLA"},
        StopDrying{0},
    };
    return actions;
}

// What a row of the table says, by letter: idle finish failed prepare slicing running pause unknown init
// offline none. "+" is allowed, "." refused.
constexpr std::string_view busy_never = "+++........";  // only at rest
constexpr std::string_view always = "++++++++++.";      // whatever it does, if it said anything
const std::map<std::string_view, std::string_view>& expected_by_state() {
    static const std::map<std::string_view, std::string_view> table{
        {"pause", "...+.+....."},
        {"resume", "......+...."},
        {"stop", "...++++...."},
        {"clear_fault", "..+........"},
        {"set_light", always},
        {"set_fan", always},
        {"set_air_mode", busy_never},
        {"set_nozzle_target", always},
        {"set_bed_target", always},
        {"set_chamber_target", always},
        {"cool_down", "+++....+++."},
        {"set_speed", ".....+....."},
        {"home", busy_never},
        {"jog", busy_never},
        {"select_tray", always},
        {"load_tray", "+++...+...."},
        {"unload_filament", "+++...+...."},
        {"answer_dialog", "......+...."},
        {"skip_objects", ".....++...."},
        {"set_timelapse", always},
        {"start_drying", always},
        {"stop_drying", always},
    };
    return table;
}

// What a model does not have, beyond what the report shows.
struct ModelClass {
    PrinterModel model;
    std::set<std::string_view> lacks;
};
const std::vector<ModelClass>& model_classes() {
    static const std::vector<ModelClass> classes{
        {PrinterModel::x1c, {"set_chamber_target"}},
        {PrinterModel::x1e, {}},
        {PrinterModel::p1s, {"set_chamber_target", "start_drying", "stop_drying"}},
        {PrinterModel::a1, {"set_chamber_target", "start_drying", "stop_drying"}},
        {PrinterModel::p2s, {"set_chamber_target"}},
        {PrinterModel::h2d, {}},
        // Heats up to the least of all limits; its volume is not known, so nothing moves by hand.
        {PrinterModel::unknown, {"set_chamber_target", "start_drying", "stop_drying", "jog"}},
    };
    return classes;
}

PrinterState of_class(const ModelClass& kind, std::optional<JobState> state) {
    PrinterState made = printer(kind.model, state);
    made.report.airduct_mode = 0;
    made.report.ams->front().info = 0x2023;  // drying, so that it can be stopped
    if (kind.model == PrinterModel::h2d) {
        Extruder right;
        right.id = 0;
        right.temperature = PackedTemperature{25, 0};
        right.tray_now = 0x0001;
        Extruder left = right;
        left.id = 1;
        left.tray_now = 0xFFFF;
        made.report.extruders = {right, left};
        made.report.extruder_state = 2;
    }
    return made;
}

}  // namespace

TEST_CASE(
    "gate: every action in every state on every class of model is allowed or refused as the table says") {
    REQUIRE(sample_actions().size() == std::variant_size_v<Action>);
    int allowed = 0;
    for (const ModelClass& kind : model_classes()) {
        for (std::size_t s = 0; s < all_states().size(); ++s) {
            const PrinterState now = of_class(kind, all_states()[s]);
            for (const Action& action : sample_actions()) {
                const std::string_view row = expected_by_state().at(name(action));
                REQUIRE(row.size() == all_states().size());
                const bool wanted = row[s] == '+' && !kind.lacks.contains(name(action));
                INFO(model_info(kind.model).name, " state ", s, " ", name(action));
                CHECK(!ask(action, now).has_value() == wanted);
                if (wanted) ++allowed;
            }
        }
    }
    CHECK(allowed > 300);
}

TEST_CASE("gate: nothing at all is allowed without a session, whatever was reported before") {
    for (const Link link : {Link::offline, Link::refused, Link::connecting}) {
        for (const ModelClass& kind : model_classes()) {
            for (const auto& state : all_states()) {
                PrinterState gone = of_class(kind, state);
                gone.link.link = link;
                for (const Action& action : sample_actions())
                    CHECK(ask(action, gone) == Refusal::offline);
            }
        }
    }
}

TEST_CASE("gate: before the first full report everything is unknown and refused") {
    for (const ModelClass& kind : model_classes()) {
        for (const auto& state : all_states()) {
            PrinterState fresh = of_class(kind, state);
            fresh.full_report_seen = false;
            for (const Action& action : sample_actions())
                CHECK(ask(action, fresh) == Refusal::no_report_yet);
        }
    }
}

TEST_CASE("gate: what is known of a silent printer is too old for all but what makes safer") {
    for (const ModelClass& kind : model_classes()) {
        for (const auto& state : all_states()) {
            const PrinterState silent = of_class(kind, state);
            for (const Action& action : sample_actions()) {
                const auto fresh = gate(action, silent, std::nullopt, t0 + stale_after);
                const auto stale = gate(action, silent, std::nullopt, t0 + stale_after + 1ms);
                CHECK(fresh == ask(action, silent));
                if (makes_safer(action) || !state) {
                    CHECK(stale == fresh);
                } else {
                    CHECK(stale == Refusal::stale_report);
                }
            }
        }
    }
}

TEST_CASE("gate: only what makes safer may try a half-dead session") {
    for (const Action& action : sample_actions()) {
        PrinterState half_dead = of_class(model_classes()[1], JobState::running);
        const auto alive = ask(action, half_dead);
        half_dead.link.link = Link::half_dead;
        CHECK(ask(action, half_dead) == (makes_safer(action) ? alive : Refusal::half_dead));
    }
}

TEST_CASE("gate: a printer that wants signed commands is asked for its lights and nothing else that acts") {
    PrinterState signed_only = of_class(model_classes()[0], JobState::idle);
    signed_only.report.fun = std::uint64_t{1} << 29U;
    for (const Action& action : sample_actions()) {
        const bool free = std::holds_alternative<SetLight>(action) ||
                          std::holds_alternative<SetTimelapse>(action) ||
                          std::holds_alternative<SelectTray>(action);
        CHECK((ask(action, signed_only) == Refusal::needs_developer_mode) == !free);
    }
    CHECK(ask(SetLight{Lamp::logo, true}, signed_only) == Refusal::needs_developer_mode);
    PrinterState learnt = of_class(model_classes()[2], JobState::running);
    learnt.learnt_developer_mode = DeveloperMode::off;
    CHECK(ask(Pause{}, learnt) == Refusal::needs_developer_mode);
}

TEST_CASE("gate: temperatures stay inside the model's limits, and 0 is always off") {
    struct Limit {
        PrinterModel model;
        int nozzle, bed;
    };
    for (const Limit& limit : {Limit{PrinterModel::x1c, 300, 120}, Limit{PrinterModel::x1e, 320, 110},
                               Limit{PrinterModel::p1p, 300, 100}, Limit{PrinterModel::a1_mini, 300, 80},
                               Limit{PrinterModel::h2d, 350, 120}}) {
        const PrinterState idle = printer(limit.model, JobState::idle);
        CHECK_FALSE(ask(SetNozzleTarget{0, limit.nozzle}, idle));
        CHECK(ask(SetNozzleTarget{0, limit.nozzle + 1}, idle) == Refusal::out_of_range);
        CHECK(ask(SetNozzleTarget{0, -1}, idle) == Refusal::out_of_range);
        CHECK_FALSE(ask(SetNozzleTarget{0, 0}, idle));
        CHECK_FALSE(ask(SetBedTarget{limit.bed}, idle));
        CHECK(ask(SetBedTarget{limit.bed + 1}, idle) == Refusal::out_of_range);
        CHECK(ask(SetBedTarget{std::numeric_limits<int>::min()}, idle) == Refusal::out_of_range);
    }
    CHECK(ask(SetNozzleTarget{1, 200}, printer(PrinterModel::x1c, JobState::idle)) == Refusal::not_fitted);
}

TEST_CASE("gate: an X1 on 220 V heats its bed to 110 °C") {
    PrinterState x1 = printer(PrinterModel::x1c, JobState::idle);
    x1.report.home_flag = 7 | 1U << 3U;
    CHECK_FALSE(ask(SetBedTarget{110}, x1));
    CHECK(ask(SetBedTarget{111}, x1) == Refusal::out_of_range);
    CHECK(explain(Refusal::out_of_range, SetBedTarget{111}, x1) == "The bed goes up to 110 °C.");
}

TEST_CASE("gate: a chamber is heated to 40 °C at least or not at all") {
    const PrinterState h2 = printer(PrinterModel::h2s, JobState::idle);
    CHECK_FALSE(ask(SetChamberTarget{0}, h2));
    CHECK_FALSE(ask(SetChamberTarget{40}, h2));
    CHECK_FALSE(ask(SetChamberTarget{65}, h2));
    CHECK(ask(SetChamberTarget{39}, h2) == Refusal::out_of_range);
    CHECK(ask(SetChamberTarget{66}, h2) == Refusal::out_of_range);
    CHECK(explain(Refusal::out_of_range, SetChamberTarget{39}, h2) ==
          "The chamber takes 0 (off) or 40 to 65 °C.");
}

TEST_CASE("gate: fans that a model does not have are refused, the others run at 0 to 100 %") {
    const PrinterState a1 = printer(PrinterModel::a1, JobState::running);
    CHECK_FALSE(ask(SetFan{Fan::part, 100}, a1));
    CHECK(ask(SetFan{Fan::part, 101}, a1) == Refusal::out_of_range);
    CHECK(ask(SetFan{Fan::part, -1}, a1) == Refusal::out_of_range);
    CHECK(ask(SetFan{Fan::aux, 50}, a1) == Refusal::not_fitted);
    CHECK(ask(SetFan{Fan::chamber, 50}, a1) == Refusal::not_fitted);
    CHECK_FALSE(ask(SetFan{Fan::chamber, 50}, printer(PrinterModel::p1s, JobState::running)));
}

TEST_CASE("gate: a jog is refused until every axis is homed, and when that is not known") {
    PrinterState idle = printer(PrinterModel::p1s, JobState::idle);
    for (const std::uint32_t flags : {0U, 1U, 3U, 6U}) {
        idle.report.home_flag = flags;
        CHECK(ask(Jog{1, 0, 0, 3000}, idle) == Refusal::not_homed);
        CHECK_FALSE(ask(Home{}, idle));
    }
    idle.report.home_flag.reset();
    CHECK(ask(Jog{1, 0, 0, 3000}, idle) == Refusal::not_homed);
}

TEST_CASE("gate: a jog moves at most 50 mm at a feed in range, and somewhere") {
    const PrinterState idle = printer(PrinterModel::p1s, JobState::idle);
    CHECK_FALSE(ask(Jog{50, -50, 50, 3000}, idle));
    CHECK(ask(Jog{50.01, 0, 0, 3000}, idle) == Refusal::step_too_long);
    CHECK(ask(Jog{0, 0, -50.01, 3000}, idle) == Refusal::step_too_long);
    CHECK(ask(Jog{0, 0, 0, 3000}, idle) == Refusal::out_of_range);
    CHECK(ask(Jog{std::numeric_limits<double>::quiet_NaN(), 0, 0, 3000}, idle) == Refusal::out_of_range);
    CHECK(ask(Jog{std::numeric_limits<double>::infinity(), 0, 0, 3000}, idle) == Refusal::out_of_range);
    CHECK(ask(Jog{1, 0, 0, slowest_jog_mm_per_min - 1}, idle) == Refusal::out_of_range);
    CHECK(ask(Jog{1, 0, 0, fastest_jog_mm_per_min + 1}, idle) == Refusal::out_of_range);
}

TEST_CASE("gate: by dead reckoning a jog stays inside the build volume") {
    const PrinterState mini = printer(PrinterModel::a1_mini, JobState::idle);
    const Position home = home_position(model_info(PrinterModel::a1_mini).build_volume);
    CHECK(home == Position{90, 90, 0});
    const auto jog = [&](const Jog& action, const Position& at) { return gate(action, mini, at, t0 + 1s); };
    CHECK(jog({0, 0, -0.1, 900}, home) == Refusal::outside_volume);
    CHECK_FALSE(jog({0, 0, 10, 900}, home));
    CHECK_FALSE(jog({40, 0, 0, 3000}, {140, 0, 0}));
    CHECK(jog({40.1, 0, 0, 3000}, {140, 0, 0}) == Refusal::outside_volume);
    CHECK(jog({0, -0.1, 0, 3000}, {140, 0, 0}) == Refusal::outside_volume);
    CHECK(jog({0, 0, 1, 900}, {0, 0, 179.5}) == Refusal::outside_volume);
}

TEST_CASE("gate: trays that are empty, unknown or not there are not loaded") {
    PrinterState idle = printer(PrinterModel::p1s, JobState::idle);
    CHECK_FALSE(ask(LoadTray{{TraySource::Kind::ams, 0, 2}}, idle));
    CHECK(ask(LoadTray{{TraySource::Kind::ams, 0, 3}}, idle) == Refusal::tray_empty);
    CHECK(ask(LoadTray{{TraySource::Kind::ams, 1, 0}}, idle) == Refusal::no_such_tray);
    CHECK(ask(SelectTray{{TraySource::Kind::ams, 0, 4}}, idle) == Refusal::no_such_tray);
    CHECK_FALSE(ask(SelectTray{{TraySource::Kind::external, 0, 0}}, idle));
    CHECK(ask(SelectTray{{TraySource::Kind::external_left, 0, 0}}, idle) == Refusal::no_such_tray);
    idle.report.tray_exist_bits.reset();
    idle.report.ams->front().trays.clear();
    CHECK(ask(LoadTray{{TraySource::Kind::ams, 0, 2}}, idle) == Refusal::no_such_tray);
}

TEST_CASE("gate: while filament is being changed nothing else moves, and the dialog may be answered") {
    PrinterState changing = printer(PrinterModel::p1s, JobState::idle);
    changing.report.ams_status = 1 << 8;
    CHECK(ask(Home{}, changing) == Refusal::busy);
    CHECK(ask(Jog{1, 0, 0, 3000}, changing) == Refusal::busy);
    CHECK(ask(LoadTray{{TraySource::Kind::ams, 0, 1}}, changing) == Refusal::busy);
    CHECK(ask(UnloadFilament{}, changing) == Refusal::busy);
    CHECK_FALSE(ask(AnswerDialog{}, changing));
}

TEST_CASE("gate: nothing is unloaded where nothing is loaded") {
    PrinterState idle = printer(PrinterModel::p1s, JobState::idle);
    idle.report.tray_now = 255;
    CHECK(ask(UnloadFilament{}, idle) == Refusal::nothing_loaded);
}

TEST_CASE("gate: objects that are skipped already are not skipped again") {
    PrinterState running = printer(PrinterModel::p1s, JobState::running);
    running.report.skipped_objects = std::vector<int>{7, 8};
    CHECK(ask(SkipObjects{{7}}, running) == Refusal::already_skipped);
    CHECK_FALSE(ask(SkipObjects{{7, 9}}, running));
    CHECK(ask(SkipObjects{}, running) == Refusal::out_of_range);
}

TEST_CASE("gate: drying keeps to the unit's kind and its limits") {
    PrinterState x1 = printer(PrinterModel::x1c, JobState::idle);
    x1.report.ams = {ams_unit(0, 0x1001), ams_unit(1, 0x2003), ams_unit(128, 0x2004)};
    CHECK(ask(StartDrying{0, 55, 8, "PLA"}, x1) == Refusal::nothing_to_dry);
    CHECK_FALSE(ask(StartDrying{1, 65, 8, "PLA"}, x1));
    CHECK(ask(StartDrying{1, 66, 8, "PLA"}, x1) == Refusal::out_of_range);
    CHECK(ask(StartDrying{1, 44, 8, "PLA"}, x1) == Refusal::out_of_range);
    CHECK(ask(StartDrying{1, 0, 8, "PLA"}, x1) == Refusal::out_of_range);
    CHECK_FALSE(ask(StartDrying{128, 85, 24, "PA"}, x1));
    CHECK(ask(StartDrying{128, 85, 25, "PA"}, x1) == Refusal::out_of_range);
    CHECK(ask(StopDrying{1}, x1) == Refusal::not_drying);
    x1.report.ams->at(1).info = 0x2023;
    CHECK_FALSE(ask(StopDrying{1}, x1));
}

TEST_CASE("gate: each refusal has one sentence and a name of its own") {
    std::set<std::string_view> sentences, names;
    for (int i = 0; i <= static_cast<int>(Refusal::too_many); ++i) {
        const auto refusal = static_cast<Refusal>(i);
        CHECK(sentence(refusal).ends_with('.'));
        CHECK(sentences.insert(sentence(refusal)).second);
        CHECK(names.insert(name(refusal)).second);
    }
}

TEST_CASE("actions: the same subject is what an answer could be mixed up with") {
    CHECK(same_subject(Pause{}, Pause{}));
    CHECK_FALSE(same_subject(Pause{}, Resume{}));
    CHECK(same_subject(SetFan{Fan::part, 1}, SetFan{Fan::part, 99}));
    CHECK_FALSE(same_subject(SetFan{Fan::part, 1}, SetFan{Fan::aux, 1}));
    CHECK(same_subject(SetLight{std::nullopt, true}, SetLight{Lamp::logo, true}));
    CHECK_FALSE(same_subject(SetLight{Lamp::chamber, true}, SetLight{Lamp::logo, true}));
    CHECK(same_subject(Home{}, Jog{1, 0, 0, 3000}));
    CHECK(same_subject(LoadTray{}, UnloadFilament{}));
    CHECK(same_subject(StartDrying{1, 45, 1, ""}, StopDrying{1}));
    CHECK_FALSE(same_subject(StartDrying{1, 45, 1, ""}, StopDrying{2}));
    CHECK_FALSE(same_subject(SetNozzleTarget{0, 1}, SetNozzleTarget{1, 1}));
}

TEST_CASE("actions: what people read names the thing and the value") {
    CHECK(describe(SetNozzleTarget{1, 220}) == "Left nozzle to 220 °C");
    CHECK(describe(SetBedTarget{0}) == "Bed heater off");
    CHECK(describe(Jog{10, 0, -0.5, 3000}) == "Move X +10 mm Z -0.5 mm");
    CHECK(describe(LoadTray{{TraySource::Kind::ams, 1, 2}}) == "Load Tray B3");
    CHECK(describe(TraySource{TraySource::Kind::ams, 129, 0}) == "AMS HT 2");
    CHECK(describe(TraySource{TraySource::Kind::ams, 0, std::numeric_limits<int>::max()}) ==
          "Tray A2147483648");
    CHECK(describe(SkipObjects{{1}}) == "Skip 1 object");
}
