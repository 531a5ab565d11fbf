#include "model/matching.hpp"

#include <doctest/doctest.h>

#include <functional>
#include <set>

#include "matching_builders.hpp"
#include "model/prepared_place.hpp"
#include "model/start_gate.hpp"

using namespace farmwall;
using namespace farmwall::testing;
using namespace std::chrono_literals;

namespace {

const MatchRules rules;

Match matched(const Job& job, const Station& at) { return match(job, at.as_place(), rules, match_time); }

std::uint32_t bit(CheckKind kind) { return 1U << static_cast<unsigned>(kind); }

// The checks of one kind, as explained.
std::vector<Check> told(CheckKind kind, const Job& job, const Station& at) {
    std::vector<Check> all = explain(job, at.as_place(), rules, match_time);
    std::erase_if(all, [&](const Check& check) { return check.kind != kind; });
    return all;
}

// What happens to one thing, all others being as they should be.
struct Case {
    std::string_view what;
    CheckKind kind;
    Verdict verdict;
    std::function<void(Station&, Job&)> change;
};

void hold(const std::vector<Case>& cases) {
    for (const Case& one : cases) {
        CAPTURE(one.what);
        Station at = station();
        Job job = simple_job();
        one.change(at, job);
        const Match found = matched(job, at);
        CHECK(found.refused == (one.verdict == Verdict::refuse ? bit(one.kind) : 0U));
        CHECK(found.warned == (one.verdict == Verdict::warn ? bit(one.kind) : 0U));
        const auto checks = told(one.kind, job, at);
        REQUIRE(checks.size() == 1);
        CHECK(checks.front().verdict == one.verdict);
        CHECK(checks.front().reason.empty() == (one.verdict == Verdict::pass));
        if (one.verdict != Verdict::pass) CHECK(checks.front().reason.ends_with('.'));
    }
}

constexpr Verdict pass = Verdict::pass;
constexpr Verdict warn = Verdict::warn;
constexpr Verdict refuse = Verdict::refuse;

HmsEntry hms(std::uint32_t severity) { return {0x0300'0100, severity << 16U | 1U}; }

}  // namespace

TEST_CASE("matching: a ready printer with the right filament passes every check") {
    const Match found = matched(simple_job(), station());
    CHECK(found.possible());
    CHECK(found.warned == 0);
    CHECK(found.fit == 0);
    CHECK(match_printer(station().as_place(), rules, match_time).possible());
}

TEST_CASE("matching: what the printer alone decides") {
    using K = CheckKind;
    hold({
        {"quiet", K::online, pass, [](Station& s, Job&) { s.printer.link.link = Link::quiet; }},
        {"offline", K::online, refuse, [](Station& s, Job&) { s.printer.link.link = Link::offline; }},
        {"half dead", K::online, refuse, [](Station& s, Job&) { s.printer.link.link = Link::half_dead; }},
        {"connecting", K::online, refuse, [](Station& s, Job&) { s.printer.link.link = Link::connecting; }},
        {"refused", K::online, refuse,
         [](Station& s, Job&) {
             s.printer.link.link = Link::refused;
             s.printer.link.problem = LinkProblem::bad_access_code;
         }},
        {"never reported", K::report, refuse, [](Station& s, Job&) { s.printer.last_report.reset(); }},
        {"silent", K::report, refuse,
         [](Station& s, Job&) { s.printer.last_message = match_time - start_stale_after - 1ms; }},
        {"idle P1 that answers", K::report, pass,
         [](Station& s, Job&) {
             s.printer.last_report = match_time - 30min;
             s.printer.last_message = match_time - start_stale_after;
         }},
        {"maintenance", K::maintenance, refuse, [](Station& s, Job&) { s.printer.maintenance = true; }},
        {"flagged", K::maintenance, refuse, [](Station& s, Job&) { s.desk.flagged = "Two starts failed."; }},
        {"developer mode off", K::developer_mode, refuse,
         [](Station& s, Job&) { s.printer.learnt_developer_mode = DeveloperMode::off; }},
        {"developer mode unknown", K::developer_mode, pass,
         [](Station& s, Job&) { s.printer.learnt_developer_mode = DeveloperMode::unknown; }},
        {"plate not known", K::plate_clear, refuse,
         [](Station& s, Job&) { s.desk.plate.state = PlateState::unknown; }},
        {"plate occupied", K::plate_clear, refuse,
         [](Station& s, Job&) { s.desk.plate.state = PlateState::occupied; }},
        {"prints filament", K::fdm, pass, [](Station& s, Job&) { s.report().device_type = 1; }},
        {"laser", K::fdm, refuse, [](Station& s, Job&) { s.report().device_type = 2; }},
        {"no storage", K::storage, refuse, [](Station& s, Job&) { s.report().storage_present = false; }},
        {"storage not known", K::storage, refuse,
         [](Station& s, Job&) { s.report().storage_present.reset(); }},
        {"storage read-only", K::storage, refuse, [](Station& s, Job&) { s.report().home_flag = 0x300; }},
        {"storage faulty", K::storage, refuse, [](Station& s, Job&) { s.report().home_flag = 0x200; }},
        {"storage by flag", K::storage, pass, [](Station& s, Job&) { s.report().home_flag = 0x100; }},
    });
}

TEST_CASE("matching: only a printer at rest without an error is idle, and only for the job that holds it") {
    using K = CheckKind;
    const auto state = [](JobState is) { return [is](Station& s, Job&) { s.report().state = is; }; };
    hold({
        {"finish", K::idle, pass, state(JobState::finish)},
        {"soft fail", K::idle, pass, state(JobState::failed)},
        {"running", K::idle, refuse, state(JobState::running)},
        {"prepare", K::idle, refuse, state(JobState::prepare)},
        {"slicing", K::idle, refuse, state(JobState::slicing)},
        {"pause", K::idle, refuse, state(JobState::pause)},
        {"init", K::idle, refuse, state(JobState::init)},
        {"offline", K::idle, refuse, state(JobState::offline)},
        {"unknown", K::idle, refuse, state(JobState::unknown)},
        {"failed with an error", K::idle, refuse,
         [](Station& s, Job&) {
             s.report().state = JobState::failed;
             s.report().print_error = 0x0300'4000;
         }},
        {"failed with a condition", K::idle, refuse,
         [](Station& s, Job&) {
             s.report().state = JobState::failed;
             s.report().hms = {hms(3)};
         }},
        {"a code that stayed", K::idle, pass, [](Station& s, Job&) { s.report().print_error = 0x0300'4000; }},
        {"fatal condition", K::idle, refuse, [](Station& s, Job&) { s.report().hms = {hms(1)}; }},
        {"serious condition", K::idle, pass, [](Station& s, Job&) { s.report().hms = {hms(2)}; }},
        {"changes filament", K::idle, refuse, [](Station& s, Job&) { s.report().ams_status = 0x0104; }},
        {"held by another", K::idle, refuse, [](Station& s, Job&) { s.desk.job = JobId{"fedcba987654"}; }},
        {"held by this job", K::idle, pass, [](Station& s, Job& j) { s.desk.job = j.id; }},
    });
    Station held = station();
    held.desk.job = JobId{"fedcba987654"};
    CHECK(match_printer(held.as_place(), rules, match_time).refused == bit(K::idle));
    Station unreported = station();
    unreported.report().state.reset();
    CHECK(matched(simple_job(), unreported).refused == (bit(K::idle) | bit(K::report)));
    Station partial = station();
    partial.printer.full_report_seen = false;
    CHECK(matched(simple_job(), partial).refused == (bit(K::idle) | bit(K::report)));
}

TEST_CASE("matching: the plate is not asked for where the farm does without") {
    Station at = station();
    at.desk.plate.state = PlateState::occupied;
    CHECK(match(simple_job(), at.as_place(), {false, 60}, match_time).possible());
}

TEST_CASE("matching: a job finds the printer that it names, and the tag") {
    using K = CheckKind;
    hold({
        {"this one", K::target, pass, [](Station& s, Job& j) { j.printer = s.printer.id; }},
        {"another", K::target, refuse, [](Station&, Job& j) { j.printer = PrinterId{"p2"}; }},
        {"none and not by itself", K::target, refuse, [](Station&, Job& j) { j.auto_assign = false; }},
        {"this one and not by itself", K::target, pass,
         [](Station& s, Job& j) {
             j.auto_assign = false;
             j.printer = s.printer.id;
         }},
        {"tag", K::target, pass,
         [](Station& s, Job& j) {
             s.place.tags = {"fast", "petg"};
             j.tag = "petg";
         }},
        {"tag missing", K::target, refuse, [](Station&, Job& j) { j.tag = "petg"; }},
        {"other tag", K::target, refuse,
         [](Station& s, Job& j) {
             s.place.tags = {"petg2"};
             j.tag = "petg";
         }},
    });
}

TEST_CASE("matching: the file must be sliced, have the plate, and nothing outside it") {
    using K = CheckKind;
    const auto plate_change = [](auto change) {
        return [change](Station&, Job& j) { edit_plate(j, change); };
    };
    hold({
        {"not sliced", K::file, refuse, [](Station&, Job& j) { j.sliced.reset(); }},
        {"no such plate", K::file, refuse, [](Station&, Job& j) { j.plate = 2; }},
        {"outside", K::file, refuse, plate_change([](SlicedPlate& p) { p.outside = true; })},
        {"red warning", K::file, warn, plate_change([](SlicedPlate& p) {
             p.warnings = {{"too hot", 3}};
         })},
        {"mild warning", K::file, pass, plate_change([](SlicedPlate& p) {
             p.warnings = {{"note", 2}};
         })},
    });
}

TEST_CASE("matching: model and nozzle must be those that the file was sliced for") {
    using K = CheckKind;
    const auto plate_change = [](auto change) {
        return [change](Station&, Job& j) { edit_plate(j, change); };
    };
    hold({
        {"same group", K::model, warn, plate_change([](SlicedPlate& p) { p.model = PrinterModel::x1c; })},
        {"other group", K::model, refuse, plate_change([](SlicedPlate& p) { p.model = PrinterModel::a1; })},
        {"not said", K::model, refuse, plate_change([](SlicedPlate& p) { p.model = PrinterModel::unknown; })},
        {"printer not known", K::model, refuse,
         [](Station& s, Job&) { s.printer.model.model = PrinterModel::unknown; }},
        {"0.6", K::nozzle_diameter, refuse, [](Station& s, Job&) { s.report().nozzle_diameter_mm = 0.6; }},
        {"nozzle not known", K::nozzle_diameter, refuse,
         [](Station& s, Job&) { s.report().nozzle_diameter_mm.reset(); }},
        {"nozzle not said", K::nozzle_diameter, refuse,
         plate_change([](SlicedPlate& p) { p.nozzle_diameters_mm.clear(); })},
        {"two nozzles wanted", K::nozzle_diameter, refuse, plate_change([](SlicedPlate& p) {
             p.nozzle_diameters_mm = {0.4, 0.4};
         })},
        {"rounding", K::nozzle_diameter, pass,
         [](Station& s, Job&) { s.report().nozzle_diameter_mm = 0.4000000059604645; }},
        {"by device.nozzle", K::nozzle_diameter, refuse,
         [](Station& s, Job&) {
             s.report().nozzles = {Nozzle{0, 0.2, "HS01", {}}};
         }},
        {"other type", K::nozzle_type, warn,
         [](Station& s, Job&) { s.report().nozzle_type = "stainless_steel"; }},
        {"same type as a code", K::nozzle_type, pass,
         [](Station& s, Job&) { s.report().nozzle_type = "HS01"; }},
        {"type not known", K::nozzle_type, pass, [](Station& s, Job&) { s.report().nozzle_type.reset(); }},
        {"plate type", K::plate_type, pass,
         plate_change([](SlicedPlate& p) { p.plate_type = PlateType::cool_plate; })},
        {"room", K::space, pass, [](Station& s, Job&) { s.desk.free_bytes = 1'000'000; }},
        {"no room", K::space, refuse, [](Station& s, Job&) { s.desk.free_bytes = 999'999; }},
    });
}

TEST_CASE("matching: abrasive filament on a soft nozzle is a warning") {
    const auto verdict = [](std::string material, std::string nozzle, std::string brand) {
        Station at = station();
        at.report().nozzle_type = std::move(nozzle);
        at.tray(0).material = material;
        at.tray(0).brand = std::move(brand);
        Job job = simple_job();
        edit_plate(job, [&](SlicedPlate& p) {
            p.nozzle_type = *at.report().nozzle_type;
            p.filaments.front().material = material;
        });
        return told(CheckKind::nozzle_type, job, at).front().verdict;
    };
    for (const char* material : {"PA-CF", "PLA-CF", "PAHT-CF", "PETG-GF", "pa6-gf"}) {
        CAPTURE(material);
        CHECK(verdict(material, "stainless_steel", "") == warn);
        CHECK(verdict(material, "HS00-0.4", "") == warn);
        CHECK(verdict(material, "brass", "") == warn);
        CHECK(verdict(material, "hardened_steel", "") == pass);
        CHECK(verdict(material, "HX05", "") == pass);
    }
    CHECK(verdict("PLA", "stainless_steel", "PLA Glow") == warn);
    CHECK(verdict("PLA", "stainless_steel", "PLA Basic") == pass);
    CHECK(verdict("PC", "stainless_steel", "") == pass);
}

TEST_CASE("matching: on two nozzles each is compared, whichever hangs in the head") {
    const Job job = [] {
        SlicedPlate two = plate(PrinterModel::h2d, {filament(1, "PLA", "000000FF", "GFA00")});
        two.filaments.front().extruder = 0;
        return job_for(two);
    }();
    Station at = dual_station();
    CHECK(matched(job, at).possible());
    at.report().nozzles->at(1).diameter_mm = 0.6;
    CHECK(matched(job, at).refused == bit(CheckKind::nozzle_diameter));
    // The head took a nozzle from the rack.
    at.report().extruders->at(1).nozzle_id = 16;
    CHECK(matched(job, at).refused == bit(CheckKind::nozzle_diameter));
    at.report().nozzles->push_back({16, 0.4, "HS00", {}});
    CHECK(matched(job, at).possible());
    CHECK(matched(job, at).warned == 0);  // the other kind of nozzle is not used by this plate
    at.report().extruders->at(0).nozzle_id = 16;
    CHECK(matched(job, at).warned == bit(CheckKind::nozzle_type));
}

TEST_CASE("matching: filament, amount and humidity") {
    using K = CheckKind;
    const auto tray_change = [](auto change) { return [change](Station& s, Job&) { change(s.tray(0)); }; };
    hold({
        {"other material", K::filament, refuse, tray_change([](Tray& t) { t.material = "PETG"; })},
        {"support of it", K::filament, refuse, tray_change([](Tray& t) { t.material = "PLA-S"; })},
        {"cleared at the screen", K::filament, refuse, tray_change([](Tray& t) { t.material = ""; })},
        {"material not read", K::filament, refuse, tray_change([](Tray& t) { t.material.reset(); })},
        {"case and blanks", K::filament, pass, tray_change([](Tray& t) { t.material = " pla "; })},
        {"slot empty", K::filament, refuse, [](Station& s, Job&) { s.report().tray_exist_bits = 0; }},
        {"no AMS, no spool", K::filament, refuse, [](Station& s, Job&) { s.report().ams.reset(); }},
        {"external spool", K::filament, pass,
         [](Station& s, Job&) {
             s.report().ams.reset();
             s.report().external = spool(254, "PLA", "000000FF", "GFA00");
         }},
        {"another colour", K::filament, warn, tray_change([](Tray& t) { t.color = "FFFFFFFF"; })},
        {"almost the colour", K::filament, pass, tray_change([](Tray& t) { t.color = "2C2C2EFF"; })},
        {"colour not known", K::filament, pass, tray_change([](Tray& t) { t.color = "00000000"; })},
        {"material not said", K::filament, refuse,
         [](Station&, Job& j) { edit_plate(j, [](SlicedPlate& p) { p.filaments.front().material = ""; }); }},
        {"no filament said", K::filament, refuse,
         [](Station&, Job& j) { edit_plate(j, [](SlicedPlate& p) { p.filaments.clear(); }); }},
        {"too many filaments", K::filament, refuse,
         [](Station&, Job& j) {
             edit_plate(j, [](SlicedPlate& p) { p.filaments.resize(33, p.filaments.front()); });
         }},
        {"enough", K::amount, pass, tray_change([](Tray& t) {
             t.remain_percent = 4;
             t.weight_grams = 1000;
         })},
        {"too little", K::amount, warn, tray_change([](Tray& t) {
             t.remain_percent = 3;
             t.weight_grams = 1000;
         })},
        {"amount not known", K::amount, pass, tray_change([](Tray& t) {
             t.remain_percent = -1;
             t.weight_grams = 1000;
         })},
        {"weight not known", K::amount, pass, tray_change([](Tray& t) { t.remain_percent = 1; })},
        {"dry", K::humidity, pass, [](Station& s, Job&) { s.ams().humidity_percent = 60; }},
        {"damp", K::humidity, warn, [](Station& s, Job&) { s.ams().humidity_percent = 61; }},
        {"index damp", K::humidity, warn, [](Station& s, Job&) { s.ams().humidity_index = 2; }},
        {"index wet", K::humidity, warn, [](Station& s, Job&) { s.ams().humidity_index = 1; }},
        {"index fair", K::humidity, pass, [](Station& s, Job&) { s.ams().humidity_index = 3; }},
        {"no index", K::humidity, pass, [](Station& s, Job&) { s.ams().humidity_index = 0; }},
        {"percent before index", K::humidity, pass,
         [](Station& s, Job&) {
             s.ams().humidity_index = 1;
             s.ams().humidity_percent = 20;
         }},
    });
}

TEST_CASE("matching: equal filaments of a plate are weighed together") {
    Station at = station();
    at.tray(0).remain_percent = 7;
    at.tray(0).weight_grams = 1000;
    Job job = simple_job();
    edit_plate(job, [](SlicedPlate& p) {
        p.filaments.push_back(p.filaments.front());
        p.filaments.back().id = 3;
    });
    CHECK(matched(job, at).warned == bit(CheckKind::amount));
    at.tray(0).remain_percent = 8;
    CHECK(matched(job, at).warned == 0);
}

TEST_CASE("matching: the better the filament fits, the higher, and warnings come after that") {
    const auto fit = [](std::string color, std::string preset, int percent = 10) {
        Station at = station();
        at.tray(0) = spool(0, "PLA", std::move(color), std::move(preset));
        at.ams().humidity_percent = percent;
        return matched(simple_job(), at).fit;
    };
    CHECK(fit("000000FF", "GFA00") == 0);
    CHECK(fit("000000FF", "GFA00") > fit("000000FF", "GFA00", 90));
    CHECK(fit("000000FF", "GFA00", 90) > fit("161616FF", "GFA00"));
    CHECK(fit("161616FF", "GFA00") > fit("606060FF", "GFA00"));
    CHECK(fit("FFFFFFFF", "GFA00") > fit("000000FF", "GFL99"));
    CHECK(fit("000000FF", "GFL99") > fit("FFFFFFFF", "GFL99"));
    Station bare = station();
    bare.report().ams.reset();
    CHECK(matched(simple_job(), bare).fit < fit("FFFFFFFF", "GFL99", 90));
}

TEST_CASE("matching: what passes with time does not make a job impossible, the rest does") {
    Station at = station();
    at.printer.link.link = Link::offline;
    at.printer.maintenance = true;
    at.desk.plate.state = PlateState::occupied;
    at.report().state = JobState::running;
    at.report().storage_present = false;
    at.printer.last_message.reset();
    CHECK(could_print(matched(simple_job(), at)));
    for (int i = 0; i < check_kinds; ++i) {
        const auto kind = static_cast<CheckKind>(i);
        CAPTURE(name(kind));
        Match one;
        one.refused = bit(kind);
        const bool passing = kind <= CheckKind::plate_clear || kind == CheckKind::storage;
        CHECK(could_print(one) == passing);
    }
}

TEST_CASE("matching: both sides of a check are told with their values, for people") {
    Station at = station();
    at.tray(0).remain_percent = 80;
    at.tray(0).weight_grams = 1000;
    at.ams().humidity_percent = 30;
    at.report().external = spool(254, "PETG", "FFFFFFFF");
    at.desk.free_bytes = 5'500'000;
    Job job = simple_job();
    const auto sides = [&](CheckKind kind) {
        const Check check = told(kind, job, at).front();
        return std::pair{check.wanted, check.found};
    };
    using Pair = std::pair<std::string, std::string>;
    CHECK(sides(CheckKind::filament) == Pair{"PLA, black", "A1: PLA, black, 800 g"});
    CHECK(sides(CheckKind::amount) == Pair{"40 g", "800 g"});
    CHECK(sides(CheckKind::humidity) == Pair{"60 % at most", "30 %"});
    CHECK(sides(CheckKind::nozzle_diameter) == Pair{"0.4 mm", "0.4 mm"});
    CHECK(sides(CheckKind::model) == Pair{"P1S", "P1S"});
    CHECK(sides(CheckKind::space) == Pair{"1.0 MB", "5.5 MB"});
    CHECK(sides(CheckKind::plate_type) == Pair{"Textured PEI plate", "not reported"});
    CHECK(sides(CheckKind::report) == Pair{"", "1 s old"});
    CHECK(sides(CheckKind::idle) == Pair{"", "IDLE"});
    CHECK(sides(CheckKind::file) == Pair{"plate 1", "plates 1"});
    edit_plate(job, [](SlicedPlate& p) { p.filaments.front().material = "ABS"; });
    CHECK(sides(CheckKind::filament) ==
          Pair{"ABS, black", "A1: PLA, black, 800 g; External spool: PETG, white"});
    at.desk.flagged = "Two starts failed.";
    CHECK(told(CheckKind::maintenance, job, at).front().reason == "Two starts failed.");
    at.printer.link.link = Link::refused;
    at.printer.link.problem = LinkProblem::bad_access_code;
    CHECK(told(CheckKind::online, job, at).front().reason == sentence(LinkProblem::bad_access_code));
}

TEST_CASE("matching: each check has a name and a title of its own, in the order of its number") {
    std::set<std::string_view> names, titles;
    for (int i = 0; i < check_kinds; ++i) {
        const auto kind = static_cast<CheckKind>(i);
        CHECK_FALSE(name(kind).empty());
        CHECK(names.insert(name(kind)).second);
        CHECK(titles.insert(title(kind)).second);
    }
    CHECK(name(CheckKind::online) == "online");
    CHECK(name(CheckKind::plate_clear) == "plate_clear");
    CHECK(title(CheckKind::plate_clear) == "Plate clear");
    CHECK(name(CheckKind::storage) == "storage");
    CHECK(name(CheckKind::humidity) == "humidity");
}
