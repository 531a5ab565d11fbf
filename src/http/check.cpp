// Requests against the route table: what is wrong is named, and what is allowed.

#include <fmt/format.h>

#include <boost/json.hpp>
#include <cmath>

#include "base/text.hpp"
#include "http/route.hpp"

namespace farmwall::http {
namespace {

namespace json = boost::json;

constexpr int wrong_value = 422;

std::string range_of(const Parameter& parameter) {
    const bool low = parameter.least > std::numeric_limits<double>::lowest();
    const bool high = parameter.most < std::numeric_limits<double>::max();
    if (low && high) return fmt::format(" from {} to {}", parameter.least, parameter.most);
    if (low) return fmt::format(" of at least {}", parameter.least);
    if (high) return fmt::format(" of at most {}", parameter.most);
    return {};
}

std::string allowed(const Parameter& parameter) {
    switch (parameter.kind) {
        case ValueKind::text:
            return range_of(parameter).empty() ? "text" : "text with a length" + range_of(parameter);
        case ValueKind::whole:
            return "a whole number" + range_of(parameter);
        case ValueKind::number:
            return "a number" + range_of(parameter);
        case ValueKind::flag:
            return "true or false";
    }
    return {};
}

Response wrong(const Parameter& parameter) {
    return failure(wrong_value, fmt::format("{} must be {}.", parameter.name, allowed(parameter)));
}

bool in_range(const Parameter& parameter, double value) {
    return value >= parameter.least && value <= parameter.most;
}

// And small enough for an integer.
bool is_whole(double number) {
    constexpr double most = 9'007'199'254'740'991.0;  // beyond it a double skips integers
    return number == std::trunc(number) && std::abs(number) <= most;
}

bool fits(const Parameter& parameter, const std::string& text) {
    switch (parameter.kind) {
        case ValueKind::text:
            return in_range(parameter, static_cast<double>(text.size()));
        case ValueKind::whole: {
            const auto value = parse_int(text);
            return value && in_range(parameter, static_cast<double>(*value));
        }
        case ValueKind::number: {
            const auto value = parse_double(text);
            return value && std::isfinite(*value) && in_range(parameter, *value);
        }
        case ValueKind::flag:
            return flag_from(text).has_value();
    }
    return false;
}

bool fits(const Parameter& parameter, const json::value& value) {
    if (value.is_null()) return parameter.nullable;
    switch (parameter.kind) {
        case ValueKind::text:
            return value.is_string() && in_range(parameter, static_cast<double>(value.get_string().size()));
        case ValueKind::whole:
        case ValueKind::number: {
            if (!value.is_number()) return false;
            const auto number = value.to_number<double>();
            if (parameter.kind == ValueKind::whole && !is_whole(number)) return false;
            return in_range(parameter, number);
        }
        case ValueKind::flag:
            return value.is_bool();
    }
    return false;
}

std::optional<Response> check_printer(const Route& route, const Request& request, const FleetState& fleet) {
    const auto given = request.query.find("printer_id");
    const bool missing = given == request.query.end() || given->second.empty();
    if (missing) {
        if (route.names_printer)
            return failure(400, "printer_id is missing: add ?printer_id= to the address.");
        return std::nullopt;
    }
    if (find_printer(fleet, PrinterId{given->second}) != nullptr) return std::nullopt;
    return failure(404, fmt::format("There is no printer \"{}\".", printable(given->second)));
}

std::optional<Response> check_query(const Route& route, const Request& request) {
    for (const Parameter& parameter : route.query) {
        const auto given = request.query.find(parameter.name);
        if (given == request.query.end()) {
            if (parameter.required)
                return failure(wrong_value, fmt::format("{} is missing: add ?{}= to the address.",
                                                        parameter.name, parameter.name));
            continue;
        }
        if (!fits(parameter, given->second)) return wrong(parameter);
    }
    return std::nullopt;
}

std::optional<Response> check_body(const Route& route, Request& request) {
    if (route.body_kind != BodyKind::json) return std::nullopt;
    if (trim(request.body).empty()) request.body = "{}";
    boost::system::error_code problem;
    json::parse_options options;
    options.max_depth = 16;
    const json::value body = json::parse(request.body, problem, {}, options);
    if (problem) return failure(400, "The body is no JSON.");
    if (!body.is_object()) return failure(wrong_value, "The body must be a JSON object.");
    for (const Parameter& parameter : route.body) {
        const json::value* given = body.get_object().if_contains(parameter.name);
        if (given == nullptr) {
            if (parameter.required)
                return failure(wrong_value, fmt::format("{} is missing: it must be {}.", parameter.name,
                                                        allowed(parameter)));
            continue;
        }
        if (!fits(parameter, *given)) return wrong(parameter);
    }
    return std::nullopt;
}

}  // namespace

std::optional<bool> flag_from(std::string_view text) {
    const std::string lower = to_lower(text);
    for (const std::string_view yes : {"1", "true", "yes", "on"}) {
        if (lower == yes) return true;
    }
    for (const std::string_view no : {"0", "false", "no", "off"}) {
        if (lower == no) return false;
    }
    return std::nullopt;
}

std::optional<Response> check(const Route& route, Request& request, const FleetState& fleet) {
    if (auto problem = check_printer(route, request, fleet)) return problem;
    if (auto problem = check_query(route, request)) return problem;
    return check_body(route, request);
}

}  // namespace farmwall::http
