#include "fleet/control_json.hpp"

#include <boost/json.hpp>

namespace farmwall {
namespace {

namespace json = boost::json;

std::int64_t whole_seconds(Duration how_long) {
    return std::chrono::duration_cast<std::chrono::seconds>(how_long).count();
}

}  // namespace

std::string command_json(const CommandStatus& command) {
    json::object out;
    out["command"] = command.id;
    out["printer"] = command.printer.value;
    out["do"] = name(command.action);
    out["title"] = describe(command.action);
    out["phase"] = name(command.phase);
    out["refusal"] = command.refusal ? json::value(name(*command.refusal)) : json::value();
    out["reason"] = command.reason;
    out["origin"] = name(command.origin);
    out["fleet_action"] = command.fleet_action;
    return json::serialize(out);
}

std::string alarms_json(const std::vector<Alarm>& alarms, TimePoint now) {
    json::array list;
    for (const Alarm& alarm : alarms) {
        list.push_back(json::object{{"printer", alarm.key.printer.value},
                                    {"alarm", name(alarm.key.kind)},
                                    {"text", alarm.text},
                                    {"rings", rings(alarm.key.kind)},
                                    {"cause_present", alarm.cause_present},
                                    {"acknowledged", alarm.acknowledged},
                                    {"snoozed", alarm.snoozed_until.has_value()},
                                    {"level", alarm.level},
                                    {"times", alarm.times},
                                    {"since_sec", whole_seconds(now - alarm.since)}});
    }
    return json::serialize(json::object{{"alarms", std::move(list)}});
}

std::string control_json(const PrinterId& printer, const PrinterControl& control) {
    json::object out;
    out["control"] = printer.value;
    out["position"] =
        control.position
            ? json::value(json::object{
                  {"x", control.position->x}, {"y", control.position->y}, {"z", control.position->z}})
            : json::value();
    out["selected_tray"] =
        control.selected_tray ? json::value(describe(*control.selected_tray)) : json::value();
    out["foreign"] = control.foreign ? json::value(control.foreign->command) : json::value();
    return json::serialize(out);
}

std::string problem_json(const std::string& problem) {
    return json::serialize(json::object{{"problem", problem}});
}

}  // namespace farmwall
