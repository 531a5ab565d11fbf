#include <doctest/doctest.h>

#include <boost/json.hpp>
#include <random>
#include <set>
#include <string>
#include <utility>
#include <vector>

#include "model/report_fields.hpp"
#include "reading.hpp"
#include "recordings.hpp"

// Properties of parse and merge together, on the recordings where they are present and on reports
// of our own. All random choices have fixed seeds.

namespace farmwall::wire {
namespace {

namespace json = boost::json;
using Random = std::mt19937;

std::size_t below(Random& random, std::size_t bound) { return random() % bound; }
bool chance(Random& random, unsigned percent) { return random() % 100 < percent; }

const std::string our_report = R"({"print":{"command":"push_status","msg":0,"gcode_state":"RUNNING",
  "mc_percent":42,"mc_remaining_time":30,"layer_num":7,"total_layer_num":90,"nozzle_temper":219.5,
  "nozzle_target_temper":220,"bed_temper":60,"bed_target_temper":60,"cooling_fan_speed":"15","fan_gear":255,
  "lights_report":[{"node":"chamber_light","mode":"on"}],"wifi_signal":"-53dBm","home_flag":-1066934785,
  "hms":[{"attr":50331904,"code":65543}],"stg":[2,14],"stg_cur":0,"sequence_id":"2021","fun":"1AFFF9CFF",
  "ipcam":{"ipcam_dev":"1","rtsp_url":"disable","timelapse":"enable"},"vt_tray":{"id":"254","tray_type":"PLA"},
  "ams":{"ams":[{"id":"0","info":"1003","humidity":"4","tray":[{"id":"0","tray_type":"PLA","tray_color":"FF0000FF",
      "remain":50},{"id":"1","state":10},{"id":"2","tray_type":"ABS"}]},{"id":"128","tray":[{"id":"0"}]}],
    "tray_now":"0","tray_exist_bits":"5","ams_exist_bits":"11"},
  "device":{"type":1,"extruder":{"state":2,"info":[{"id":0,"temp":14418140,"snow":1},{"id":1,"temp":40}]},
    "ctc":{"info":{"temp":3932208}},"airduct":{"modeCur":0,"parts":[{"id":16,"state":30}]}}}})";

// All full reports there are, as the objects under `print`.
std::vector<json::object> all_reports() {
    std::vector<json::object> reports;
    const auto add = [&](const std::string& text) {
        reports.push_back(json::parse(text).as_object().at("print").as_object());
    };
    add(our_report);
    for (const std::string& name : recording_names()) {
        const auto recording = load_recording(name);
        if (recording && !recording->pushall.empty()) add(recording->pushall);
    }
    return reports;
}

std::string message_of(json::object print, int kind) {
    print["command"] = "push_status";
    print["msg"] = kind;
    return json::serialize(json::object{{"print", std::move(print)}});
}

// The merge rule of protocol 3.4 on untyped JSON: a second, independent reading of it.

json::object* with_id(json::array& list, const json::value& id) {
    for (json::value& entry : list) {
        if (entry.as_object().at("id") == id) return &entry.as_object();
    }
    return nullptr;
}

bool names_no_filament(const json::object& tray) { return tray.size() == (tray.contains("state") ? 2U : 1U); }

void reference_trays(json::array& trays, const json::array& said) {
    for (const json::value& entry : said) {
        const json::object& tray = entry.as_object();
        json::object* known = with_id(trays, tray.at("id"));
        if (known == nullptr) {
            trays.push_back(tray);
        } else if (names_no_filament(tray)) {
            *known = tray;
        } else {
            for (const auto& [key, value] : tray)
                (*known)[key] = value;
        }
    }
}

void reference_units(json::array& units, const json::array& said) {
    for (const json::value& entry : said) {
        const json::object& unit = entry.as_object();
        json::object* known = with_id(units, unit.at("id"));
        if (known == nullptr) {
            units.push_back(unit);
            continue;
        }
        for (const auto& [key, value] : unit) {
            if (key == "tray" && known->contains("tray")) {
                reference_trays(known->at("tray").as_array(), value.as_array());
            } else {
                (*known)[key] = value;
            }
        }
    }
}

void reference_merge(json::object& state, const json::object& said, std::string_view inside = "") {
    for (const auto& [key, value] : said) {
        json::value* known = state.if_contains(key);
        const std::string_view name{key.data(), key.size()};
        if (known != nullptr && known->is_object() && value.is_object()) {
            reference_merge(known->as_object(), value.as_object(), name);
        } else if (known != nullptr && known->is_array() && inside == "ams" && name == "ams") {
            reference_units(known->as_array(), value.as_array());
        } else {
            state[key] = value;
        }
    }
}

// Keys under which firmware says the same thing twice, and of which one wins within a message:
// they change together, or not at all.
const std::vector<std::set<std::string, std::less<>>> said_together{
    {"layer_num", "total_layer_num", "3D"},
    {"gcode_file", "file"},
    {"bed_temp", "bed"},
    {"ota_new_version_number", "new_ver_list"}};

template <class Object>
void keep_together(json::object& chosen, const Object& source) {
    for (const auto& group : said_together) {
        bool any = false;
        for (const std::string& key : group)
            any = any || chosen.contains(key);
        if (!any) continue;
        for (const std::string& key : group) {
            if (source.contains(key)) chosen[key] = source.at(key);
        }
    }
}

json::object some_trays_of(Random& random, const json::object& unit) {
    json::object out = unit;
    if (!out.contains("tray")) return out;
    json::array trays;
    for (const json::value& tray : unit.at("tray").as_array()) {
        if (chance(random, 50)) continue;
        if (chance(random, 20)) {
            trays.push_back(json::object{{"id", tray.as_object().at("id")}});
        } else {
            trays.push_back(tray);
        }
    }
    out["tray"] = std::move(trays);
    return out;
}

json::object part_of_ams(Random& random, const json::object& ams) {
    json::object out;
    for (const auto& [key, value] : ams) {
        if (chance(random, 50)) continue;
        if (key != "ams") {
            out[key] = value;
            continue;
        }
        json::array units;
        for (const json::value& unit : value.as_array()) {
            if (chance(random, 60)) units.push_back(some_trays_of(random, unit.as_object()));
        }
        out["ams"] = std::move(units);
    }
    return out;
}

// A random part of a report, as a printer that sends changes only would say it.
json::object part_of(Random& random, const json::object& report, unsigned percent) {
    json::object out;
    for (const auto& [key, value] : report) {
        if (!chance(random, percent)) continue;
        if (key == "ams") {
            out[key] = part_of_ams(random, value.as_object());
        } else if (value.is_object() && chance(random, 60)) {
            out[key] = part_of(random, value.as_object(), 60);
        } else {
            out[key] = value;
        }
    }
    keep_together(out, report);
    return out;
}

// Names of the fields in which two reports differ.
std::set<std::string> changed(const Report& before, const Report& after) {
    std::set<std::string> names;
    visit_report_fields([&](std::string_view name, auto field) {
        if (!(before.*field == after.*field)) names.emplace(name);
    });
    if (!(before.ams == after.ams)) names.insert("ams");
    if (!(before.external == after.external)) names.insert("external");
    return names;
}

void replace_all(std::string& text, std::string_view from, std::string_view to) {
    for (auto at = text.find(from); at != std::string::npos; at = text.find(from, at + to.size())) {
        text.replace(at, from.size(), to);
    }
}

// The reports with one name for each thing, so that parts of one machine's report can be said by
// another: no machine uses both names.
std::vector<json::object> in_one_dialect(std::vector<json::object> reports) {
    for (json::object& report : reports) {
        std::string text = json::serialize(report);
        replace_all(text, "\"tray_temp\"", "\"drying_temp\"");
        replace_all(text, "\"tray_time\"", "\"drying_time\"");
        report = json::parse(text).as_object();
        json::value* device = report.if_contains("device");
        if (device == nullptr || !device->as_object().contains("nozzle")) continue;
        const json::object& nozzle = device->at("nozzle").as_object();
        if (nozzle.contains("info") && !nozzle.at("info").is_array()) device->as_object().erase("nozzle");
    }
    return reports;
}

TEST_CASE("property: partial reports give what merging the JSON itself gives, whatever the split") {
    const std::vector<json::object> reports = in_one_dialect(all_reports());
    MessageParser parser;
    const auto delta_of = [&](const json::object& print, int kind) {
        auto message = parser.parse(message_of(print, kind));
        REQUIRE(message.ok());
        return std::get<ReportDelta>(std::move(message).value());
    };
    for (std::size_t round = 0; round < 400; ++round) {
        CAPTURE(round);
        Random random{static_cast<Random::result_type>(round)};
        json::object truth = reports.at(round % reports.size());
        Report typed = merge(Report{}, delta_of(truth, 0));
        for (int step = 0; step < 5; ++step) {
            // Parts of other machines' reports: arbitrary, but real, values for every key.
            const json::object part = part_of(random, reports.at(below(random, reports.size())), 30);
            reference_merge(truth, part);
            typed = merge(std::move(typed), delta_of(part, 1));
        }
        ReportDelta whole = delta_of(truth, 0);
        const std::set<std::string> differing = changed(typed, merge(Report{}, std::move(whole)));
        for (const std::string& field : differing)
            CHECK_MESSAGE(false, field);
        REQUIRE(differing.empty());
    }
}

TEST_CASE("property: a report that comes in pieces is the report that comes whole") {
    const std::vector<json::object> reports = all_reports();
    for (std::size_t at = 0; at < reports.size(); ++at) {
        CAPTURE(at);
        Random random{static_cast<Random::result_type>(at)};
        std::vector<json::object> pieces(4);
        for (const auto& [key, value] : reports.at(at))
            pieces.at(below(random, 4))[key] = value;
        for (json::object& piece : pieces)
            keep_together(piece, reports.at(at));
        Report state;
        for (const json::object& piece : pieces) {
            state = merge(std::move(state), read_report(message_of(piece, 1)));
        }
        CHECK(state == merge(Report{}, read_report(message_of(reports.at(at), 0))));
    }
}

TEST_CASE("property: a partial report of one key leaves all other fields unknown") {
    for (const json::object& report : all_reports()) {
        for (const auto& [key, value] : report) {
            const std::string name{key.data(), key.size()};
            CAPTURE(name);
            const json::object alone{{key, value}};
            const ReportDelta delta = read_report(message_of(alone, 1));
            const Report state = merge(Report{}, delta);
            // What the key says when all others are said, too, is all that it says alone.
            const Report whole = merge(Report{}, read_report(message_of(report, 0)));
            for (const std::string& field : changed(Report{}, state)) {
                CAPTURE(field);
                CHECK(changed(whole, merge(whole, delta)).count(field) == 0);
            }
            if (!value.is_object()) CHECK(changed(Report{}, state).size() <= 2);
        }
    }
}

TEST_CASE("property: a partial report never turns unknown into zero") {
    const std::set<std::string> heartbeat = changed(
        Report{}, said(R"("wifi_signal":"-50dBm","ams":{"tray_now":"0"},"device":{"type":0},"3D":{})"));
    CHECK(heartbeat == std::set<std::string>{"wifi_dbm", "tray_now", "device_type"});
    for (const char* const hollow :
         {R"("ams":{})", R"("device":{"extruder":{},"ctc":{"info":{}},"bed":{}})", R"("ipcam":{})",
          R"("net":{})", R"("upgrade_state":{})", R"("info":{})"}) {
        CAPTURE(hollow);
        CHECK(said(hollow) == Report{});
    }
}

TEST_CASE("property: a message cut short anywhere is an error, and the state stays") {
    std::vector<std::string> messages{our_report};
    for (const char* const name : {"p1s-running-local-ams", "p2s-running-ams2pro"}) {
        if (const auto recording = load_recording(name)) messages.push_back(recording->pushall);
    }
    if (const auto recording = load_recording("a1-idle-amslite")) messages.push_back(recording->get_version);
    MessageParser parser;
    for (const std::string& message : messages) {
        REQUIRE(parser.parse(message).ok());
        for (std::size_t length = 0; length < message.size(); ++length) {
            const auto cut = parser.parse(std::string_view{message}.substr(0, length));
            if (cut.ok()) FAIL("cut at byte ", length, " and still read");
        }
        CHECK(parser.parse(message).ok());
    }
}

std::string mutated(Random& random, std::string text) {
    constexpr std::string_view telling = "{}[]\",:0-9e.\\ntf \xFF\xC3\x80";
    const std::size_t times = 1 + below(random, 4);
    for (std::size_t i = 0; i < times && !text.empty(); ++i) {
        const std::size_t at = below(random, text.size());
        const char letter = chance(random, 70) ? telling[below(random, telling.size())]
                                               : static_cast<char>(below(random, 256));
        switch (below(random, 4)) {
            case 0:
                text[at] = letter;
                break;
            case 1:
                text.erase(at, 1 + below(random, 8));
                break;
            case 2:
                text.insert(at, 1, letter);
                break;
            default:
                text.insert(at, text.substr(below(random, text.size()), 1 + below(random, 40)));
                break;
        }
    }
    return text;
}

TEST_CASE("property: ten thousand damaged messages crash nothing and make no impossible value") {
    std::vector<std::string> originals{our_report};
    for (const std::string& name : recording_names()) {
        const auto recording = load_recording(name);
        if (!recording) continue;
        for (const std::string& text : {recording->pushall, recording->get_version}) {
            if (!text.empty()) originals.push_back(text);
        }
        originals.insert(originals.end(), recording->deltas.begin(), recording->deltas.end());
    }
    Random random{20240607};
    MessageParser parser;
    Report state;
    int refused = 0;
    for (int round = 0; round < 10000; ++round) {
        const std::string text = mutated(random, originals.at(below(random, originals.size())));
        auto result = parser.parse(text);
        if (!result.ok()) {
            ++refused;
            continue;
        }
        auto* const delta = std::get_if<ReportDelta>(&result.value());
        if (delta == nullptr) continue;
        state = merge(std::move(state), std::move(*delta));
        const bool sound = state.percent.value_or(0) >= 0 && state.percent.value_or(0) <= 100 &&
                           state.layer.value_or(0) >= 0 && state.bed_celsius.value_or(0) >= -1000 &&
                           state.bed_celsius.value_or(0) <= 1000;
        if (!sound) FAIL("an impossible value came from: ", text);
    }
    CHECK(refused > 1000);
    CHECK(refused < 10000);
    // After all that the parser still reads an intact message right.
    auto intact = parser.parse(our_report);
    REQUIRE(intact.ok());
    CHECK(merge(std::move(state), std::get<ReportDelta>(std::move(intact).value())) ==
          merge(Report{}, read_report(our_report)));
}

}  // namespace
}  // namespace farmwall::wire
