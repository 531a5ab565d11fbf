#include "sim/machine/control_request.hpp"

#include <boost/json/parse.hpp>
#include <boost/json/value.hpp>

#include "base/text.hpp"
#include "sim/machine/commands.hpp"
#include "sim/machine/json_text.hpp"

namespace farmwall::sim {

namespace json = boost::json;

namespace {

Error bad(std::string what) { return Error{ErrorKind::bad_input, std::move(what)}; }

std::optional<double> number_in(const json::object& body, std::string_view key) {
    const auto* value = body.if_contains(key);
    if (value == nullptr) return std::nullopt;
    if (value->is_int64()) return static_cast<double>(value->get_int64());
    if (value->is_double()) return value->get_double();
    return std::nullopt;
}

std::string value_text(const json::object& body) {
    const auto* value = body.if_contains("value");
    return value == nullptr || value->is_null() ? std::string{} : to_text(*value);
}

Result<FaultRequest> fault_request(const json::object& body, std::string printer) {
    const std::string name = field::text(body, "fault");
    const auto kind = fault_named(name);
    if (!kind) return bad("There is no fault called '" + printable(name) + "'");
    Fault fault{*kind, std::nullopt, value_text(body)};
    if (const auto* for_s = body.if_contains("for_s"); for_s != nullptr) {
        fault.for_s = number_in(body, "for_s");
        if (!fault.for_s || *fault.for_s <= 0 || *fault.for_s > 86400)
            return bad("for_s is a number of seconds above 0 and up to 86400");
    }
    return FaultRequest{std::move(printer), std::move(fault)};
}

Result<ControlRequest> request_from(const json::object& body, std::string_view action) {
    if (action == "list") return ControlRequest{ListRequest{}};
    std::string printer = field::text(body, "printer");
    if (const auto* index = body.if_contains("printer"); index != nullptr && index->is_int64())
        printer = "#" + std::to_string(index->get_int64());
    if (printer.empty()) return bad("The key 'printer' is missing: a printer's id");
    if (action == "fault") {
        auto fault = fault_request(body, std::move(printer));
        if (!fault) return fault.error();
        return ControlRequest{std::move(fault).value()};
    }
    if (action == "clear") return ControlRequest{ClearRequest{std::move(printer)}};
    if (action == "truth") return ControlRequest{TruthRequest{std::move(printer)}};
    if (action == "set") {
        std::string what = field::text(body, "what");
        if (what.empty()) return bad("The key 'what' is missing: what to set");
        return ControlRequest{SetRequest{std::move(printer), std::move(what), value_text(body)}};
    }
    return bad("'do' is one of fault, clear, truth, set, list; not '" + printable(action) + "'");
}

}  // namespace

Result<ControlRequest> parse_control(std::string_view line) {
    boost::system::error_code failed;
    const json::value parsed = json::parse(line, failed);
    if (failed || !parsed.is_object()) return bad("The line is not a JSON object");
    return request_from(parsed.get_object(), field::text(parsed.get_object(), "do"));
}

Result<std::vector<ScenarioEvent>> parse_scenario(std::string_view text) {
    boost::system::error_code failed;
    const json::value parsed = json::parse(text, failed);
    const auto* events = !failed && parsed.is_object() ? parsed.get_object().if_contains("events") : nullptr;
    if (events == nullptr || !events->is_array())
        return bad("A scenario is a JSON object with a list 'events'");
    std::vector<ScenarioEvent> list;
    for (const auto& item : events->get_array()) {
        const std::string place = "event " + std::to_string(list.size() + 1) + " of the scenario: ";
        if (!item.is_object()) return bad(place + "not a JSON object");
        const auto& body = item.get_object();
        const std::string action = field::text(body, "do");
        auto request = request_from(body, action.empty() ? "fault" : action);
        if (!request) return bad(place + request.error().what);
        const double at_s = number_in(body, "at_s").value_or(0);
        if (at_s < 0 || at_s > 864000) return bad(place + "at_s is a number of seconds from 0 to 864000");
        list.push_back({at_s, std::move(request).value()});
    }
    return list;
}

std::string demo_scenario(int count) {
    // In the order of the farm; what is left over prints.
    constexpr std::string_view parts[] = {
        R"({"do":"set","what":"progress","value":37})",
        R"({"do":"set","what":"progress","value":72})",
        R"({"do":"set","what":"finish"},{"do":"set","what":"loop","value":false})",
        R"({"do":"set","what":"progress","value":46},{"fault":"runout"})",
        R"({"do":"set","what":"progress","value":18},{"fault":"fail","value":"0300-4006"})",
        R"({"do":"set","what":"progress","value":88},{"fault":"hms","value":["0300_0D00_0001_0003","0C00_0300_0003_0007"]})",
        R"({"do":"set","what":"progress","value":9})",
        R"({"fault":"refuse_connection"},{"fault":"camera_refuse"})",
        R"({"do":"set","what":"progress","value":64},{"fault":"developer_mode_off","value":"reason"},{"fault":"camera_freeze"})",
        R"({"fault":"refuse_login"})",
        R"({"do":"set","what":"progress","value":55},{"fault":"camera_dark"})",
        R"({"do":"set","what":"gcode_state","value":"IDLE"})",
    };
    constexpr int known = static_cast<int>(std::size(parts));
    std::string events;
    for (int i = 0; i < count; ++i) {
        std::string body{i < known ? parts[i]
                                   : std::string_view{R"({"do":"set","what":"progress","value":)"}};
        if (i >= known) body += std::to_string((i * 37) % 97) + "}";
        for (std::size_t at = body.find('{'); at != std::string::npos; at = body.find('{', at + 1))
            body.insert(at + 1, "\"printer\":" + std::to_string(i) + ",");
        events += (events.empty() ? "" : ",") + body;
    }
    return "{\"events\":[" + events + "]}";
}

}  // namespace farmwall::sim
