#include "fleet/intent_json.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <boost/json.hpp>
#include <cmath>
#include <optional>
#include <utility>

namespace farmwall {
namespace {

namespace json = boost::json;

// Reads members one after the other and keeps the first complaint.
class Members {
public:
    explicit Members(const json::object& from) : from_{from} {}

    // Nothing when the member is missing or, with a complaint, of another kind.
    std::optional<std::string> text(std::string_view key) {
        const json::value* value = take(key);
        if (value == nullptr) return std::nullopt;
        if (const auto* found = value->if_string()) return std::string{*found};
        return wrong<std::string>(key, "a text");
    }
    std::optional<double> number(std::string_view key) {
        const json::value* value = take(key);
        if (value == nullptr) return std::nullopt;
        if (value->is_number()) {
            const double found = value->to_number<double>();
            if (std::isfinite(found)) return found;
        }
        return wrong<double>(key, "a number");
    }
    std::optional<int> whole(std::string_view key) {
        const json::value* value = take(key);
        if (value == nullptr) return std::nullopt;
        boost::system::error_code failed;
        const int found = value->to_number<int>(failed);
        if (!failed) return found;
        return wrong<int>(key, "a whole number");
    }
    std::optional<bool> flag(std::string_view key) {
        const json::value* value = take(key);
        if (value == nullptr) return std::nullopt;
        if (value->is_bool()) return value->get_bool();
        return wrong<bool>(key, "true or false");
    }
    std::optional<std::vector<int>> wholes(std::string_view key) {
        const json::value* value = take(key);
        if (value == nullptr) return std::nullopt;
        const json::array* list = value->if_array();
        std::vector<int> found;
        for (std::size_t i = 0; list != nullptr && i < list->size(); ++i) {
            boost::system::error_code failed;
            found.push_back(list->at(i).to_number<int>(failed));
            if (failed) return wrong<std::vector<int>>(key, "a list of whole numbers");
        }
        return list != nullptr ? std::optional{found}
                               : wrong<std::vector<int>>(key, "a list of whole numbers");
    }
    template <class Value>
    Value need(std::optional<Value> value, std::string_view key) {
        if (!value && problem_.empty()) problem_ = fmt::format("'{}' is missing", key);
        return value.value_or(Value{});
    }
    // One of the words of a table of (word, value).
    template <class Value, std::size_t Size>
    std::optional<Value> one_of(std::string_view key,
                                const std::pair<std::string_view, Value> (&table)[Size]) {
        const auto word = text(key);
        if (!word) return std::nullopt;
        std::string allowed;
        for (const auto& [name, value] : table) {
            if (name == *word) return value;
            allowed += allowed.empty() ? "" : ", ";
            allowed += name;
        }
        return wrong<Value>(key, "one of " + allowed);
    }

    void complain(std::string problem) {
        if (problem_.empty()) problem_ = std::move(problem);
    }
    // Empty: all is well. A member nobody asked for is a misspelled one.
    [[nodiscard]] std::string problem() const {
        if (!problem_.empty()) return problem_;
        for (const auto& [key, value] : from_) {
            if (std::find(asked_.begin(), asked_.end(), key) == asked_.end()) {
                std::string known;
                for (const std::string& name : asked_)
                    known += (known.empty() ? "" : ", ") + name;
                return fmt::format("A member is not known here; allowed are {}", known);
            }
        }
        return {};
    }

private:
    const json::value* take(std::string_view key) {
        asked_.emplace_back(key);
        const json::value* value = from_.if_contains(key);
        return value == nullptr || value->is_null() ? nullptr : value;
    }
    template <class Value>
    std::optional<Value> wrong(std::string_view key, std::string_view expected) {
        complain(fmt::format("'{}' must be {}", key, expected));
        return std::nullopt;
    }

    const json::object& from_;
    std::vector<std::string> asked_;
    std::string problem_;
};

constexpr std::pair<std::string_view, Lamp> lamps[] = {
    {"chamber", Lamp::chamber}, {"work", Lamp::work}, {"logo", Lamp::logo}};
constexpr std::pair<std::string_view, Fan> fan_names[] = {
    {"part", Fan::part}, {"aux", Fan::aux}, {"chamber", Fan::chamber}, {"second_aux", Fan::second_aux}};
constexpr std::pair<std::string_view, AirMode> air_modes[] = {{"cooling", AirMode::cooling},
                                                              {"heating", AirMode::heating}};
constexpr std::pair<std::string_view, AnswerDialog::Answer> answers[] = {
    {"retry", AnswerDialog::Answer::retry}, {"done", AnswerDialog::Answer::done}};
constexpr std::pair<std::string_view, std::string_view> outputs[] = {
    {"sound", "sound"}, {"webhook", "webhook"}, {"ntfy", "ntfy"}, {"mqtt", "mqtt"}};
constexpr std::pair<std::string_view, TraySource::Kind> spools[] = {
    {"external", TraySource::Kind::external}, {"external_left", TraySource::Kind::external_left}};

TraySource read_tray(Members& members) {
    if (const auto spool = members.one_of("spool", spools)) return {*spool, 0, 0};
    TraySource tray;
    tray.unit = members.need(members.whole("ams_id"), "ams_id");
    tray.slot = members.need(members.whole("tray_id"), "tray_id");
    return tray;
}

using ReadAction = Action (*)(Members&);
constexpr std::pair<std::string_view, ReadAction> actions[] = {
    {"pause", [](Members&) -> Action { return Pause{}; }},
    {"resume", [](Members&) -> Action { return Resume{}; }},
    {"stop", [](Members&) -> Action { return Stop{}; }},
    {"clear_fault", [](Members&) -> Action { return ClearFault{}; }},
    {"set_light",
     [](Members& m) -> Action {
         const auto lamp = m.one_of("lamp", lamps);
         return SetLight{lamp, m.need(m.flag("on"), "on")};
     }},
    {"set_fan",
     [](Members& m) -> Action {
         const Fan fan = m.need(m.one_of("fan", fan_names), "fan");
         return SetFan{fan, m.need(m.whole("percent"), "percent")};
     }},
    {"set_air_mode",
     [](Members& m) -> Action { return SetAirMode{m.need(m.one_of("mode", air_modes), "mode")}; }},
    {"set_nozzle_target",
     [](Members& m) -> Action {
         const int extruder = m.whole("extruder").value_or(0);
         return SetNozzleTarget{extruder, m.need(m.whole("celsius"), "celsius")};
     }},
    {"set_bed_target",
     [](Members& m) -> Action { return SetBedTarget{m.need(m.whole("celsius"), "celsius")}; }},
    {"set_chamber_target",
     [](Members& m) -> Action { return SetChamberTarget{m.need(m.whole("celsius"), "celsius")}; }},
    {"cool_down", [](Members&) -> Action { return CoolDown{}; }},
    {"set_speed", [](Members& m) -> Action { return SetSpeed{m.need(m.whole("level"), "level")}; }},
    {"home", [](Members&) -> Action { return Home{}; }},
    {"jog",
     [](Members& m) -> Action {
         Jog jog;
         jog.x = m.number("x").value_or(0);
         jog.y = m.number("y").value_or(0);
         jog.z = m.number("z").value_or(0);
         jog.feed_mm_per_min = m.whole("feed").value_or(jog.feed_mm_per_min);
         return jog;
     }},
    {"select_tray", [](Members& m) -> Action { return SelectTray{read_tray(m)}; }},
    {"load_tray", [](Members& m) -> Action { return LoadTray{read_tray(m)}; }},
    {"unload_filament", [](Members&) -> Action { return UnloadFilament{}; }},
    {"answer_dialog",
     [](Members& m) -> Action { return AnswerDialog{m.need(m.one_of("answer", answers), "answer")}; }},
    {"skip_objects", [](Members& m) -> Action { return SkipObjects{m.need(m.wholes("ids"), "ids")}; }},
    {"set_timelapse", [](Members& m) -> Action { return SetTimelapse{m.need(m.flag("on"), "on")}; }},
    {"start_drying",
     [](Members& m) -> Action {
         StartDrying dry;
         dry.unit = m.need(m.whole("ams_id"), "ams_id");
         dry.celsius = m.need(m.whole("celsius"), "celsius");
         dry.hours = m.need(m.whole("hours"), "hours");
         dry.material = m.text("material").value_or("");
         constexpr std::size_t longest = 16;
         if (dry.material.size() > longest) m.complain("'material' has at most 16 letters");
         return dry;
     }},
    {"stop_drying", [](Members& m) -> Action { return StopDrying{m.need(m.whole("ams_id"), "ams_id")}; }},
};

AlarmKind read_alarm(Members& members) {
    static constexpr AlarmKind kinds[] = {
        AlarmKind::print_failed,        AlarmKind::paused_by_error,        AlarmKind::runout,
        AlarmKind::hms_serious,         AlarmKind::offline_while_printing, AlarmKind::camera_frozen,
        AlarmKind::certificate_changed, AlarmKind::needs_developer_mode,   AlarmKind::waiting_for_clearing};
    const std::string word = members.need(members.text("alarm"), "alarm");
    std::string allowed;
    for (const AlarmKind kind : kinds) {
        if (name(kind) == word) return kind;
        allowed += allowed.empty() ? "" : ", ";
        allowed += name(kind);
    }
    members.complain("'alarm' must be one of " + allowed);
    return AlarmKind::print_failed;
}

std::optional<Wish> read_other(std::string_view what, Members& members, Origin origin) {
    if (what == "ask_full_report") return AskFullReport{};
    if (what == "connect_now") return ConnectNow{};
    if (what == "trust_certificate") return TrustCertificate{members.need(members.text("sha256"), "sha256")};
    if (what == "acknowledge_alarm") return AcknowledgeAlarm{read_alarm(members), origin};
    if (what == "snooze_alarm") {
        const AlarmKind kind = read_alarm(members);
        const int minutes = members.whole("minutes").value_or(10);
        if (minutes < 1 || minutes > 24 * 60) members.complain("'minutes' must be from 1 to 1440");
        return SnoozeAlarm{kind, std::chrono::minutes{minutes}, origin};
    }
    if (what == "test_alarm_outputs") {
        const auto output = members.one_of("output", outputs);
        return TestAlarmOutputs{std::string{output.value_or("")}};
    }
    return std::nullopt;
}

constexpr std::pair<std::string_view, JobOrder> orders[] = {
    {"cancel_job", JobOrder::cancel}, {"complete_job", JobOrder::complete},
    {"remove_job", JobOrder::remove}, {"retry_job", JobOrder::retry},
    {"hold_job", JobOrder::hold},     {"release_job", JobOrder::release},
    {"print_again", JobOrder::again}};

JobId need_job(Members& members) { return JobId{members.need(members.text("job"), "job")}; }

std::optional<WallTime> read_time(Members& members, std::string_view key) {
    const auto seconds = members.number(key);
    if (!seconds) return std::nullopt;
    constexpr double latest = 1e11;
    if (*seconds < 0 || *seconds > latest) members.complain(fmt::format("'{}' must be in Unix seconds", key));
    return WallTime{std::chrono::duration_cast<WallTime::duration>(
        std::chrono::duration<double>{std::clamp(*seconds, 0.0, latest)})};
}

AddJob read_add(Members& members, Origin origin) {
    AddJob add;
    add.origin = origin;
    const double ticket = members.number("ticket").value_or(0);
    constexpr double largest_ticket = 9e15;
    if (ticket < 0 || ticket > largest_ticket) members.complain("'ticket' must be a number from 0");
    add.ticket = static_cast<std::uint64_t>(std::clamp(ticket, 0.0, largest_ticket));
    add.source = members.need(members.text("source"), "source");
    add.file_name = members.text("filename").value_or(add.source.substr(add.source.find_last_of('/') + 1));
    JobRequest& request = add.request;
    request.plate = members.whole("plate").value_or(request.plate);
    if (const auto printer = members.text("printer_id")) request.printer = PrinterId{*printer};
    request.auto_assign = members.flag("auto_assign").value_or(true);
    request.tag = members.text("tag").value_or("");
    request.priority = members.whole("priority").value_or(0);
    request.copies = members.whole("copies").value_or(1);
    request.hold = members.flag("hold").value_or(false);
    request.start_after = read_time(members, "start_after");
    request.start_before = read_time(members, "start_before");
    StartOptions& options = request.options;
    options.timelapse = members.flag("timelapse").value_or(options.timelapse);
    options.bed_leveling = members.flag("bed_leveling").value_or(options.bed_leveling);
    options.flow_calibration = members.flag("flow_calibration").value_or(options.flow_calibration);
    options.vibration_calibration =
        members.flag("vibration_calibration").value_or(options.vibration_calibration);
    return add;
}

// Wishes about jobs; those of a printer's plate are read_plate's.
std::optional<Wish> read_job(std::string_view what, Members& members, Origin origin) {
    if (what == "add_job") return read_add(members, origin);
    if (what == "dispatch_now") return DispatchNow{};
    if (what == "move_job") {
        MoveJob move{need_job(members), {}};
        move.before = JobId{members.text("before").value_or("")};
        return move;
    }
    if (what == "edit_job") {
        EditJob edit;
        edit.job = need_job(members);
        edit.priority = members.whole("priority");
        edit.plate = members.whole("plate");
        if (const auto printer = members.text("printer_id")) edit.printer = PrinterId{*printer};
        edit.tag = members.text("tag");
        return edit;
    }
    for (const auto& [word, order] : orders) {
        if (word == what) return OrderJob{need_job(members), order, origin};
    }
    return std::nullopt;
}

std::optional<Wish> read_plate(std::string_view what, Members& members, Origin origin) {
    if (what == "unflag_printer") return UnflagPrinter{};
    if (what != "plate_cleared") return std::nullopt;
    PlateCleared cleared;
    cleared.good = members.flag("good").value_or(true);
    cleared.reason = members.text("reason").value_or("");
    cleared.requeue = members.flag("requeue").value_or(false);
    cleared.origin = origin;
    if (!cleared.good && cleared.reason.empty())
        members.complain("'reason' is missing: why the print is bad");
    constexpr std::size_t longest = 200;
    if (cleared.reason.size() > longest) members.complain("'reason' has at most 200 letters");
    return cleared;
}

std::string allowed_words() {
    std::string words;
    for (const auto& [word, read] : actions) {
        words += word;
        words += ", ";
    }
    return words +
           "ask_full_report, connect_now, trust_certificate, acknowledge_alarm, snooze_alarm, "
           "test_alarm_outputs, add_job, move_job, edit_job, cancel_job, complete_job, remove_job, "
           "retry_job, "
           "hold_job, release_job, print_again, dispatch_now, plate_cleared, unflag_printer";
}

Error bad(std::string what) { return Error{ErrorKind::bad_input, std::move(what)}; }

}  // namespace

Result<Intent> intent_from_json(std::string_view text, Origin origin) {
    boost::system::error_code failed;
    const json::value parsed = json::parse(text, failed);
    if (failed || !parsed.is_object()) return bad("An intent is one JSON object on one line");
    Members members{parsed.get_object()};
    Intent intent;
    const std::string what = members.need(members.text("do"), "do");
    if (auto job = read_job(what, members, origin)) {
        intent.wish = std::move(*job);
        if (const std::string problem = members.problem(); !problem.empty()) return bad(problem);
        return intent;
    }
    if (what != "test_alarm_outputs")
        intent.printer = PrinterId{members.need(members.text("printer"), "printer")};
    const auto action = std::find_if(std::begin(actions), std::end(actions),
                                     [&](const auto& one) { return one.first == what; });
    if (action != std::end(actions)) {
        Command command;
        command.origin = origin;
        command.action = action->second(members);
        command.fleet_action = members.text("fleet_action").value_or("");
        intent.wish = std::move(command);
    } else if (auto other = read_other(what, members, origin)) {
        intent.wish = std::move(*other);
    } else if (auto plate = read_plate(what, members, origin)) {
        intent.wish = std::move(*plate);
    } else {
        members.complain("'do' must be one of " + allowed_words());
    }
    if (const std::string problem = members.problem(); !problem.empty()) return bad(problem);
    return intent;
}

}  // namespace farmwall
