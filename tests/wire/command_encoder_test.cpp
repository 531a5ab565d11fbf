#include "wire/command_encoder.hpp"

#include <doctest/doctest.h>

#include <boost/json/object.hpp>
#include <boost/json/parse.hpp>
#include <clocale>
#include <locale>
#include <set>
#include <string>
#include <vector>

#include "model/facts.hpp"

using namespace farmwall;
using namespace farmwall::wire;

namespace {

namespace json = boost::json;

constexpr std::uint64_t homes_by_message = std::uint64_t{1} << 32U;
constexpr std::uint64_t heats_bed_by_message = std::uint64_t{1} << 39U;

Tray spool(int id, int least, int most) {
    Tray tray;
    tray.id = id;
    tray.material = "PLA";
    tray.nozzle_min_celsius = least;
    tray.nozzle_max_celsius = most;
    return tray;
}

AmsUnit unit(int id, std::uint64_t info) {
    AmsUnit made;
    made.id = id;
    made.info = info;
    for (int slot = 0; slot < (id >= 128 ? 1 : 4); ++slot)
        made.trays.push_back(spool(slot, 190 + 10 * slot, 230 + 10 * slot));
    return made;
}

PrinterState printer(PrinterModel model) {
    PrinterState state;
    state.model = {model, ModelSource::configured};
    state.report.state = JobState::idle;
    state.report.ams = {unit(0, 0x1001), unit(1, 0x1001)};
    state.report.tray_now = 5;  // unit 1, slot 1
    return state;
}

PrinterState p1s() {
    PrinterState state = printer(PrinterModel::p1s);
    state.report.lights = {{"chamber_light", LightMode::off}};
    state.report.external = spool(254, 200, 240);
    return state;
}
PrinterState a1() {
    PrinterState state = p1s();
    state.model.model = PrinterModel::a1;
    return state;
}
PrinterState x1c() {
    PrinterState state = printer(PrinterModel::x1c);
    state.report.fun = homes_by_message;
    state.report.lights = {{"chamber_light", LightMode::on}, {"work_light", LightMode::flashing}};
    state.report.external_slots = {spool(255, 200, 240)};
    return state;
}
PrinterState x1e() {
    PrinterState state = x1c();
    state.model.model = PrinterModel::x1e;
    state.report.fun.reset();
    return state;
}
PrinterState p2s() {
    PrinterState state = x1c();
    state.model.model = PrinterModel::p2s;
    state.report.fun = homes_by_message | heats_bed_by_message;
    state.report.airduct_mode = 0;
    state.report.airduct_parts = {{16, 0, 0}, {32, 0, 0}, {160, 0, 0}};
    return state;
}
PrinterState h2d() {
    PrinterState state = printer(PrinterModel::h2d);
    state.report.fun = homes_by_message;
    state.report.lights = {{"chamber_light", LightMode::on},
                           {"work_light", LightMode::flashing},
                           {"chamber_light2", LightMode::on}};
    state.report.airduct_mode = 0;
    state.report.airduct_parts = {{16, 0, 0}, {32, 0, 0}, {48, 0, 0}, {96, 0, 0}};
    state.report.external_slots = {spool(254, 200, 240), spool(255, 220, 260)};
    state.report.ams = {unit(0, 0x2003), unit(1, 0x2103), unit(128, 0x2104)};
    state.report.extruder_state = 0x12;  // two, the left one in use
    state.report.extruders.emplace(2);
    state.report.extruders->at(0).id = 0;
    state.report.extruders->at(0).tray_now = 0xFFFF;
    state.report.extruders->at(1).id = 1;
    state.report.extruders->at(1).tray_now = 0x0102;
    return state;
}
PrinterState x2d() {
    PrinterState state = h2d();
    state.model.model = PrinterModel::x2d;
    state.report.lights = {{"chamber_light", LightMode::on}};
    return state;
}
PrinterState h2s() {
    PrinterState state = h2d();
    state.model.model = PrinterModel::h2s;
    state.report.lights.reset();
    state.report.extruder_state = 1;
    state.report.extruders->pop_back();
    state.report.external_slots = {spool(255, 220, 260)};
    return state;
}

std::vector<OutgoingMessage> encoded(const Action& action, const PrinterState& state) {
    std::uint32_t last = 30'000;
    return encode(action, state, [&] { return ++last; });
}

// The payloads without the beginning that all of a family have in common: what follows the number.
std::vector<std::string> payloads(const Action& action, const PrinterState& state) {
    std::vector<std::string> out;
    std::uint32_t id = 30'000;
    for (const OutgoingMessage& message : encoded(action, state)) {
        ++id;
        CHECK(message.sequence_id == id);
        const std::string head = "{\"" + message.family + R"(":{"sequence_id":")" + std::to_string(id) +
                                 R"(","command":")" + message.command + "\"";
        REQUIRE(message.payload.starts_with(head));
        REQUIRE(message.payload.ends_with("}}"));
        out.push_back(message.family + " " + message.command +
                      message.payload.substr(head.size(), message.payload.size() - head.size() - 2));
    }
    return out;
}

using Texts = std::vector<std::string>;

std::string gcode(const std::string& lines) { return R"(print gcode_line,"param":")" + lines + "\""; }
std::string led(const std::string& node, const std::string& mode) {
    return R"(system ledctrl,"led_node":")" + node + R"(","led_mode":")" + mode +
           R"(","led_on_time":500,"led_off_time":500,"loop_times":1,"interval_time":1000)";
}
std::string airduct(int mode) {
    return R"(print set_airduct,"modeId":)" + std::to_string(mode) + R"(,"submode":-1)";
}
std::string ctt(int celsius) {
    return R"(print set_ctt,"ctt_val":)" + std::to_string(celsius) + R"(,"temper_check":true)";
}
std::string jogged(const std::string& moves) {
    return gcode(R"(M211 S\nM211 X1 Y1 Z1\nM1002 push_ref_mode\nG91\n)" + moves +
                 R"(M1002 pop_ref_mode\nM211 R\n)");
}
std::string change(int ams, int slot, int target, int from, int to, int extruder = -1) {
    std::string text = R"(print ams_change_filament,"ams_id":)" + std::to_string(ams) + R"(,"slot_id":)" +
                       std::to_string(slot) + R"(,"target":)" + std::to_string(target) + R"(,"curr_temp":)" +
                       std::to_string(from) + R"(,"tar_temp":)" + std::to_string(to);
    if (extruder >= 0) text += R"(,"extruder_id":)" + std::to_string(extruder);
    return text;
}

const TraySource ams_a3{TraySource::Kind::ams, 0, 2};
const TraySource ht{TraySource::Kind::ams, 128, 0};
const TraySource external{TraySource::Kind::external, 0, 0};
const TraySource external_left{TraySource::Kind::external_left, 0, 0};

// One of every kind.
std::vector<Action> every_action() {
    return {Pause{},
            Resume{},
            Stop{},
            ClearFault{},
            SetLight{std::nullopt, true},
            SetFan{Fan::aux, 50},
            SetAirMode{AirMode::heating},
            SetNozzleTarget{0, 220},
            SetBedTarget{60},
            SetChamberTarget{45},
            CoolDown{},
            SetSpeed{3},
            Home{},
            Jog{1.5, -2.25, 0.1, 3000},
            SelectTray{ams_a3},
            LoadTray{ams_a3},
            UnloadFilament{},
            AnswerDialog{AnswerDialog::Answer::done},
            SkipObjects{{201, 305}},
            SetTimelapse{true},
            StartDrying{128, 55, 8, "PLA"},
            StopDrying{128}};
}
std::vector<PrinterState> every_printer() {
    std::vector<PrinterState> all{p1s(), a1(), x1c(), x1e(), p2s(), h2d(), x2d(), h2s(), PrinterState{}};
    for (const ModelInfo& info : all_models()) {
        PrinterState bare;
        bare.model.model = info.model;
        all.push_back(bare);
    }
    return all;
}

}  // namespace

TEST_CASE("encoder: every message of every action is JSON with its number, and none waits for heat") {
    REQUIRE(every_action().size() == std::variant_size_v<Action>);
    std::set<std::size_t> kinds;
    for (const Action& action : every_action()) {
        kinds.insert(action.index());
        for (const PrinterState& state : every_printer()) {
            for (const OutgoingMessage& message : encoded(action, state)) {
                CAPTURE(message.payload);
                const json::object whole = json::parse(message.payload).as_object();
                REQUIRE(whole.size() == 1);
                const json::object& body = whole.at(message.family).as_object();
                CHECK(body.at("sequence_id").as_string() == std::to_string(message.sequence_id));
                CHECK(body.at("command").as_string() == message.command);
                CHECK(message.payload.find("M109") == std::string::npos);
                CHECK(message.payload.find("M190") == std::string::npos);
                CHECK(message.payload.find("G28 ") == std::string::npos);
            }
        }
    }
    CHECK(kinds.size() == std::variant_size_v<Action>);
}

TEST_CASE("encoder: every action is at least one message on a printer that has everything") {
    for (const Action& action : every_action()) {
        CAPTURE(name(action));
        CHECK_FALSE(encoded(action, h2d()).empty());
    }
}

TEST_CASE("encoder: pause, resume, stop and skipping go out with quality 1, the rest with 0") {
    for (const Action& action : every_action()) {
        const bool control = std::holds_alternative<Pause>(action) ||
                             std::holds_alternative<Resume>(action) || std::holds_alternative<Stop>(action) ||
                             std::holds_alternative<SkipObjects>(action);
        for (const OutgoingMessage& message : encoded(action, x1c()))
            CHECK(message.quality_of_service == (control ? 1 : 0));
    }
}

TEST_CASE("encoder: all but the two that close an error are surely answered") {
    for (const Action& action : every_action()) {
        for (const OutgoingMessage& message : encoded(action, h2d()))
            CHECK(message.surely_answered == !std::holds_alternative<ClearFault>(action));
    }
}

TEST_CASE("encoder: the job") {
    for (const PrinterState& state : {p1s(), a1(), x1c(), p2s(), h2d()}) {
        CHECK(payloads(Pause{}, state) == Texts{R"(print pause,"param":"")"});
        CHECK(payloads(Resume{}, state) == Texts{R"(print resume,"param":"")"});
        CHECK(payloads(Stop{}, state) == Texts{R"(print stop,"param":"")"});
        CHECK(payloads(SetSpeed{1}, state) == Texts{R"(print print_speed,"param":"1")"});
        CHECK(payloads(SetSpeed{4}, state) == Texts{R"(print print_speed,"param":"4")"});
        CHECK(payloads(SkipObjects{{201, 305}}, state) ==
              Texts{R"(print skip_objects,"obj_list":[201,305])"});
        CHECK(payloads(SetTimelapse{true}, state) == Texts{R"(camera ipcam_timelapse,"control":"enable")"});
        CHECK(payloads(SetTimelapse{false}, state) == Texts{R"(camera ipcam_timelapse,"control":"disable")"});
    }
}

TEST_CASE("encoder: an error is closed in both forms, with the job's number and eight hex digits") {
    PrinterState state = p2s();
    const auto closed = [&](const std::string& subtask, const std::string& number, const std::string& hex) {
        return Texts{
            R"(print clean_print_error,"subtask_id":")" + subtask + R"(","print_error":)" + number,
            R"(system uiop,"name":"print_error","action":"close","source":1,"type":"dialog","err":")" + hex +
                "\""};
    };
    SUBCASE("print_error") {
        state.report.subtask_id = "17031";
        state.report.print_error = 0x07004025;
        CHECK(payloads(ClearFault{}, state) == closed("17031", "117456933", "07004025"));
    }
    SUBCASE("one beyond 31 bits stays positive") {
        state.report.print_error = 0xFFFFFFFF;
        CHECK(payloads(ClearFault{}, state) == closed("", "4294967295", "FFFFFFFF"));
    }
    SUBCASE("where it is 0, the other register") {
        state.report.print_error = 0;
        state.report.mc_print_error_code = 0x0300800A;
        CHECK(payloads(ClearFault{}, state) == closed("", "50364426", "0300800A"));
    }
    SUBCASE("a name with quotes in it stays one text") {
        state.report.subtask_id = R"(1","command":"stop)";
        const auto messages = encoded(ClearFault{}, state);
        REQUIRE(messages.size() == 2);
        const json::object whole = json::parse(messages[0].payload).as_object();
        CHECK(whole.at("print").at("command").as_string() == "clean_print_error");
        CHECK(whole.at("print").at("subtask_id").as_string() == *state.report.subtask_id);
    }
}

TEST_CASE("encoder: lamps are those that the printer names, all of the chamber's together") {
    const SetLight chamber_on{Lamp::chamber, true};
    CHECK(payloads(chamber_on, p1s()) == Texts{led("chamber_light", "on")});
    CHECK(payloads(SetLight{Lamp::chamber, false}, a1()) == Texts{led("chamber_light", "off")});
    CHECK(payloads(chamber_on, h2d()) == Texts{led("chamber_light", "on"), led("chamber_light2", "on")});
    CHECK(payloads(chamber_on, x2d()) == Texts{led("chamber_light", "on")});
    // Nothing reported: as the model has them.
    CHECK(payloads(chamber_on, h2s()) == Texts{led("chamber_light", "on"), led("chamber_light2", "on")});
    CHECK(payloads(SetLight{Lamp::work, false}, x1c()) == Texts{led("work_light", "off")});
    CHECK(payloads(SetLight{Lamp::logo, true}, x1c()) == Texts{gcode(R"(M960 S5 P1\n)")});
    CHECK(payloads(SetLight{Lamp::logo, false}, x1c()) == Texts{gcode(R"(M960 S5 P0\n)")});
}

TEST_CASE("encoder: a light without a name is every lamp that is fitted") {
    CHECK(payloads(SetLight{std::nullopt, true}, p1s()) == Texts{led("chamber_light", "on")});
    CHECK(payloads(SetLight{std::nullopt, false}, x1c()) ==
          Texts{led("chamber_light", "off"), led("work_light", "off"), gcode(R"(M960 S5 P0\n)")});
    CHECK(payloads(SetLight{std::nullopt, false}, h2d()) ==
          Texts{led("chamber_light", "off"), led("chamber_light2", "off"), led("work_light", "off")});
    CHECK(encoded(SetLight{std::nullopt, true}, PrinterState{}).empty());
}

TEST_CASE("encoder: fans of an air duct by their part, others by G-code") {
    CHECK(payloads(SetFan{Fan::part, 100}, p1s()) == Texts{gcode(R"(M106 P1 S255\n)")});
    CHECK(payloads(SetFan{Fan::aux, 50}, p1s()) == Texts{gcode(R"(M106 P2 S128\n)")});
    CHECK(payloads(SetFan{Fan::chamber, 1}, x1c()) == Texts{gcode(R"(M106 P3 S3\n)")});
    CHECK(payloads(SetFan{Fan::chamber, 0}, x1c()) == Texts{gcode(R"(M106 P3 S0\n)")});
    CHECK(payloads(SetFan{Fan::part, 50}, h2d()) == Texts{R"(print set_fan,"fan_index":1,"speed":50)"});
    CHECK(payloads(SetFan{Fan::chamber, 70}, h2d()) == Texts{R"(print set_fan,"fan_index":3,"speed":70)"});
    CHECK(payloads(SetFan{Fan::second_aux, 30}, p2s()) ==
          Texts{R"(print set_fan,"fan_index":10,"speed":30)"});
    // Not a part of this duct.
    CHECK(payloads(SetFan{Fan::chamber, 100}, p2s()) == Texts{gcode(R"(M106 P3 S255\n)")});
    CHECK(payloads(SetFan{Fan::second_aux, 20}, p1s()) == Texts{gcode(R"(M106 P10 S51\n)")});
    CHECK(payloads(SetAirMode{AirMode::cooling}, h2d()) == Texts{airduct(0)});
    CHECK(payloads(SetAirMode{AirMode::heating}, p2s()) == Texts{airduct(1)});
}

TEST_CASE("encoder: heaters in the form that the model takes") {
    CHECK(payloads(SetNozzleTarget{0, 220}, p1s()) == Texts{gcode(R"(M104 S220\n)")});
    CHECK(payloads(SetNozzleTarget{0, 0}, x1c()) == Texts{gcode(R"(M104 S0\n)")});
    CHECK(payloads(SetNozzleTarget{0, 250}, h2s()) == Texts{gcode(R"(M104 S250\n)")});
    CHECK(payloads(SetNozzleTarget{1, 250}, h2d()) ==
          Texts{R"(print set_nozzle_temp,"extruder_index":1,"target_temp":250)"});
    CHECK(payloads(SetNozzleTarget{0, 240}, x2d()) ==
          Texts{R"(print set_nozzle_temp,"extruder_index":0,"target_temp":240)"});
    PrinterState two_of_unknown = h2d();
    two_of_unknown.model.model = PrinterModel::unknown;
    CHECK(payloads(SetNozzleTarget{1, 200}, two_of_unknown) == Texts{gcode(R"(M104 S200 T1\n)")});

    CHECK(payloads(SetBedTarget{60}, p1s()) == Texts{gcode(R"(M140 S60\n)")});
    CHECK(payloads(SetBedTarget{60}, h2d()) == Texts{gcode(R"(M140 S60\n)")});
    CHECK(payloads(SetBedTarget{110}, p2s()) == Texts{R"(print set_bed_temp,"temp":110)"});
}

TEST_CASE("encoder: a warm chamber needs the duct set to heating first, and is off before it opens") {
    CHECK(payloads(SetChamberTarget{45}, x1e()) == Texts{gcode(R"(M141 S45\n)")});
    CHECK(payloads(SetChamberTarget{0}, x1e()) == Texts{gcode(R"(M141 S0\n)")});
    for (const PrinterState& state : {h2d(), h2s(), x2d()}) {
        CHECK(payloads(SetChamberTarget{40}, state) == Texts{airduct(1), ctt(40)});
        CHECK(payloads(SetChamberTarget{65}, state) == Texts{airduct(1), ctt(65)});
        CHECK(payloads(SetChamberTarget{0}, state) == Texts{ctt(0), airduct(0)});
    }
}

TEST_CASE("encoder: to cool down is every heater to 0") {
    CHECK(payloads(CoolDown{}, p1s()) == Texts{gcode(R"(M104 S0\n)"), gcode(R"(M140 S0\n)")});
    CHECK(payloads(CoolDown{}, x1e()) ==
          Texts{gcode(R"(M104 S0\n)"), gcode(R"(M140 S0\n)"), gcode(R"(M141 S0\n)")});
    CHECK(payloads(CoolDown{}, h2d()) == Texts{R"(print set_nozzle_temp,"extruder_index":0,"target_temp":0)",
                                               R"(print set_nozzle_temp,"extruder_index":1,"target_temp":0)",
                                               gcode(R"(M140 S0\n)"), ctt(0), airduct(0)});
    // Two nozzles by model alone.
    PrinterState silent;
    silent.model.model = PrinterModel::h2d;
    CHECK(payloads(CoolDown{}, silent).size() == 5);
}

TEST_CASE("encoder: home is all axes") {
    CHECK(payloads(Home{}, p1s()) == Texts{gcode(R"(G28\n)")});
    CHECK(payloads(Home{}, x1e()) == Texts{gcode(R"(G28\n)")});
    CHECK(payloads(Home{}, x1c()) == Texts{"print back_to_center"});
    CHECK(payloads(Home{}, h2d()) == Texts{"print back_to_center"});
}

TEST_CASE("encoder: a jog is exact, one axis a move, the same on every model") {
    for (const PrinterState& state : {p1s(), a1(), x1c(), p2s(), h2d(), PrinterState{}}) {
        CHECK(payloads(Jog{10, 0, 0, 3000}, state) == Texts{jogged(R"(G1 X10 F3000\n)")});
        CHECK(payloads(Jog{0, -0.5, 0, 1500}, state) == Texts{jogged(R"(G1 Y-0.5 F1500\n)")});
        CHECK(payloads(Jog{0, 0, 10, 3000}, state) == Texts{jogged(R"(G1 Z10 F900\n)")});
        CHECK(payloads(Jog{0, 0, -10, 300}, state) == Texts{jogged(R"(G1 Z-10 F300\n)")});
    }
}

TEST_CASE("encoder: a jog leaves the bed first and comes to it last") {
    CHECK(payloads(Jog{1, 2, 3, 6000}, p1s()) == Texts{jogged(R"(G1 Z3 F900\nG1 X1 F6000\nG1 Y2 F6000\n)")});
    CHECK(payloads(Jog{1, 2, -3, 6000}, p1s()) ==
          Texts{jogged(R"(G1 X1 F6000\nG1 Y2 F6000\nG1 Z-3 F900\n)")});
}

TEST_CASE("encoder: distances have no exponent, no rest of binary fractions and no -0") {
    const auto x = [](double mm) {
        const auto texts = payloads(Jog{mm, 0, 0, 3000}, p1s());
        if (texts.empty()) return std::string{"nothing"};
        const auto from = texts.front().find("G1 X") + 4;
        return texts.front().substr(from, texts.front().find(' ', from) - from);
    };
    CHECK(x(0.1 + 0.2) == "0.3");
    CHECK(x(-33.3333333) == "-33.3333");
    CHECK(x(50) == "50");
    CHECK(x(100) == "100");
    CHECK(x(0.0001) == "0.0001");
    CHECK(x(0.00001) == "nothing");
    CHECK(x(-0.00001) == "nothing");
}

TEST_CASE("encoder: numbers are written as in the C locale, whatever the user's is") {
    // Not every machine has a German locale; what it does to numbers is made here, and taken where it is
    // there.
    struct Commas : std::numpunct<char> {
        char do_decimal_point() const override { return ','; }
        char do_thousands_sep() const override { return '.'; }
        std::string do_grouping() const override { return "\3"; }
    };
    const std::string before = std::setlocale(LC_ALL, nullptr);
    (void)std::setlocale(LC_ALL, "de_DE.UTF-8");
    const std::locale global = std::locale::global(std::locale{std::locale::classic(), new Commas});
    const Texts jog = payloads(Jog{1.25, 0, 0, 3000}, p1s());
    const Texts skip = payloads(SkipObjects{{1234567}}, p1s());
    const Texts hot = payloads(SetNozzleTarget{0, 1234}, p1s());
    std::locale::global(global);
    std::setlocale(LC_ALL, before.c_str());
    CHECK(jog == Texts{jogged(R"(G1 X1.25 F3000\n)")});
    CHECK(skip == Texts{R"(print skip_objects,"obj_list":[1234567])"});
    CHECK(hot == Texts{gcode(R"(M104 S1234\n)")});
}

TEST_CASE("encoder: a tray is loaded by unit, slot and target, with the filaments' temperatures") {
    // In use is B2 (200 to 240), wanted A3 (210 to 250).
    CHECK(payloads(LoadTray{ams_a3}, p1s()) == Texts{change(0, 2, 2, 220, 230)});
    CHECK(payloads(LoadTray{{TraySource::Kind::ams, 1, 3}}, x1c()) == Texts{change(1, 3, 7, 220, 240)});
    CHECK(payloads(SelectTray{ams_a3}, p1s()) == payloads(LoadTray{ams_a3}, p1s()));
    SUBCASE("nothing loaded: both are the new one's") {
        PrinterState state = p1s();
        state.report.tray_now = 255;
        CHECK(payloads(LoadTray{ams_a3}, state) == Texts{change(0, 2, 2, 230, 230)});
    }
    SUBCASE("what it wants is not known, or more than the nozzle bears: the printer chooses") {
        PrinterState state = p1s();
        state.report.ams->at(0).trays.at(2) = Tray{};
        state.report.ams->at(0).trays.at(2).id = 2;
        CHECK(payloads(LoadTray{ams_a3}, state) == Texts{change(0, 2, 2, 0, 0)});
        state.report.ams->at(0).trays.at(2) = spool(2, 290, 310);
        CHECK(payloads(LoadTray{ams_a3}, state) == Texts{change(0, 2, 2, 0, 0)});
        state.report.ams->at(0).trays.at(2) = spool(2, 250, 190);
        CHECK(payloads(LoadTray{ams_a3}, state) == Texts{change(0, 2, 2, 0, 0)});
    }
    SUBCASE("the unit of an A2L is its own target") {
        PrinterState state = a1();
        state.model.model = PrinterModel::a2l;
        state.report.ams = {unit(16, 0x5)};
        CHECK(payloads(LoadTray{{TraySource::Kind::ams, 16, 3}}, state) ==
              Texts{change(16, 3, 16, 240, 240)});
    }
}

TEST_CASE("encoder: with two nozzles a load names the one that the unit feeds") {
    CHECK(payloads(LoadTray{ams_a3}, h2d()) == Texts{change(0, 2, 2, 230, 230, 0)});
    CHECK(payloads(LoadTray{{TraySource::Kind::ams, 1, 0}}, h2d()) == Texts{change(1, 0, 4, 230, 210, 1)});
    CHECK(payloads(LoadTray{ht}, x2d()) == Texts{change(128, 0, 128, 230, 210, 1)});
    CHECK(payloads(LoadTray{external}, h2d()) == Texts{change(255, 0, 255, 230, 240, 0)});
    CHECK(payloads(LoadTray{external_left}, h2d()) == Texts{change(254, 0, 254, 230, 220, 1)});
    // A unit that can be switched feeds the nozzle in use.
    PrinterState state = h2d();
    state.report.ams->at(0).info = 0x2E03;
    CHECK(payloads(LoadTray{ams_a3}, state) == Texts{change(0, 2, 2, 230, 230, 1)});
}

TEST_CASE("encoder: the external spool of one nozzle is 255, of old firmware 254") {
    CHECK(payloads(LoadTray{external}, x1c()) == Texts{change(255, 0, 255, 220, 220)});
    CHECK(payloads(LoadTray{external}, p1s()) == Texts{change(255, 0, 254, 220, 220)});
    PrinterState newer = p1s();
    newer.report.external->id = 255;
    CHECK(payloads(LoadTray{external}, newer).front().find(R"("target":255)") != std::string::npos);
}

TEST_CASE("encoder: unloading names the unit in use and no slot") {
    CHECK(payloads(UnloadFilament{}, p1s()) == Texts{change(1, 255, 255, 220, 220)});
    CHECK(payloads(UnloadFilament{}, h2d()) == Texts{change(1, 255, 255, 230, 230, 1)});
    PrinterState state = x1c();
    state.report.tray_now = 254;
    CHECK(payloads(UnloadFilament{}, state) == Texts{change(255, 255, 255, 220, 220)});
    state = p1s();
    state.report.tray_now = 254;
    CHECK(payloads(UnloadFilament{}, state) == Texts{"print unload_filament"});
    state.report.tray_now = 255;
    CHECK(payloads(UnloadFilament{}, state) == Texts{"print unload_filament"});
    state = h2d();
    state.report.extruders->at(1).tray_now = 0xFE00;
    CHECK(payloads(UnloadFilament{}, state) == Texts{change(254, 255, 255, 220, 220, 1)});
}

TEST_CASE("encoder: filament dialogs and drying") {
    CHECK(payloads(AnswerDialog{AnswerDialog::Answer::retry}, p1s()) ==
          Texts{R"(print ams_control,"param":"resume")"});
    CHECK(payloads(AnswerDialog{AnswerDialog::Answer::done}, h2d()) ==
          Texts{R"(print ams_control,"param":"done")"});
    CHECK(payloads(StartDrying{128, 55, 8, "PLA"}, p2s()) ==
          Texts{R"(print ams_filament_drying,"ams_id":128,"mode":1,"filament":"PLA","temp":55,"duration":8,)"
                R"("humidity":0,"rotate_tray":false,"cooling_temp":45,"close_power_conflict":true)"});
    CHECK(payloads(StopDrying{1}, h2d()) ==
          Texts{R"(print ams_filament_drying,"ams_id":1,"mode":0,"filament":"","temp":0,"duration":0,)"
                R"("humidity":0,"rotate_tray":false,"cooling_temp":0,"close_power_conflict":true)"});
    const auto odd = encoded(StartDrying{0, 45, 1, "PA\"\\\n\xFF"}, h2d());
    REQUIRE(odd.size() == 1);
    CHECK(json::parse(odd[0].payload).at("print").at("filament").as_string() == "PA\"\\\n\xEF\xBF\xBD");
}
