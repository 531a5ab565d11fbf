// The route table as a document for programs.

#include <boost/json.hpp>
#include <cctype>

#include "base/text.hpp"
#include "http/route.hpp"

namespace farmwall::http {
namespace {

namespace json = boost::json;

json::object schema_of(const Parameter& parameter) {
    json::object schema;
    const bool low = parameter.least > std::numeric_limits<double>::lowest();
    const bool high = parameter.most < std::numeric_limits<double>::max();
    const auto bound = [&](double value) {
        return parameter.kind == ValueKind::number ? json::value(value)
                                                   : json::value(static_cast<std::int64_t>(value));
    };
    switch (parameter.kind) {
        case ValueKind::text:
            schema["type"] = "string";
            if (low) schema["minLength"] = bound(parameter.least);
            if (high) schema["maxLength"] = bound(parameter.most);
            break;
        case ValueKind::whole:
        case ValueKind::number:
            schema["type"] = parameter.kind == ValueKind::whole ? "integer" : "number";
            if (low) schema["minimum"] = bound(parameter.least);
            if (high) schema["maximum"] = bound(parameter.most);
            break;
        case ValueKind::flag:
            schema["type"] = "boolean";
            break;
    }
    if (parameter.nullable) schema["nullable"] = true;
    return schema;
}

json::object parameter_of(std::string_view place, std::string_view name, bool required, json::object schema,
                          std::string_view about) {
    json::object out{{"name", name}, {"in", place}, {"required", required}, {"schema", std::move(schema)}};
    if (!about.empty()) out["description"] = about;
    return out;
}

json::array parameters_of(const Route& route) {
    json::array out;
    const std::string& path = route.path;
    for (std::size_t open = path.find('{'); open != std::string::npos; open = path.find('{', open + 1)) {
        const std::string name = path.substr(open + 1, path.find('}', open) - open - 1);
        out.push_back(parameter_of("path", name, true, {{"type", "string"}}, {}));
    }
    if (route.names_printer)
        out.push_back(parameter_of("query", "printer_id", true, {{"type", "string"}}, "Id of the printer."));
    for (const Parameter& parameter : route.query) {
        out.push_back(
            parameter_of("query", parameter.name, parameter.required, schema_of(parameter), parameter.about));
    }
    return out;
}

json::object content(std::string_view type, json::object schema) {
    return {{type, json::object{{"schema", std::move(schema)}}}};
}

json::object json_body(const Route& route) {
    json::object members;
    json::array required;
    for (const Parameter& parameter : route.body) {
        json::object schema = schema_of(parameter);
        if (!parameter.about.empty()) schema["description"] = parameter.about;
        members[parameter.name] = std::move(schema);
        if (parameter.required) required.emplace_back(parameter.name);
    }
    const bool needed = !required.empty();
    json::object schema{{"type", "object"}, {"properties", std::move(members)}};
    if (needed) schema["required"] = std::move(required);
    return {{"required", needed}, {"content", content("application/json", std::move(schema))}};
}

json::object file_body() {
    json::object file{{"type", "string"}, {"format", "binary"}};
    json::object schema{{"type", "object"},
                        {"properties", json::object{{"file", std::move(file)}}},
                        {"required", json::array{"file"}}};
    return {{"required", true}, {"content", content("multipart/form-data", std::move(schema))}};
}

// "post_api_jobs_id_cancel"
std::string operation_id(const Route& route) {
    std::string id;
    for (const char c : std::string{name(route.method)} + route.path) {
        if (std::isalnum(static_cast<unsigned char>(c)) != 0) {
            id += static_cast<char>(std::tolower(static_cast<unsigned char>(c)));
        } else if (!id.empty() && id.back() != '_') {
            id += '_';
        }
    }
    while (!id.empty() && id.back() == '_')
        id.pop_back();
    return id;
}

json::object operation(const Route& route) {
    json::object answer_schema;
    if (route.answer != "application/json") answer_schema["type"] = "string";
    json::object failed{{"description", "One sentence says what is wrong."},
                        {"content", content("application/json", {{"$ref", "#/components/schemas/Failure"}})}};
    json::object out{
        {"operationId", operation_id(route)},
        {"summary", route.summary},
        {"parameters", parameters_of(route)},
        {"responses",
         json::object{{"200", json::object{{"description", "Done."},
                                           {"content", content(route.answer, std::move(answer_schema))}}},
                      {"default", std::move(failed)}}},
        {"x-role", name(route.role)},
    };
    if (route.body_kind == BodyKind::json) out["requestBody"] = json_body(route);
    if (route.body_kind == BodyKind::file) out["requestBody"] = file_body();
    if (route.open) out["security"] = json::array{};
    return out;
}

}  // namespace

std::string openapi(const std::vector<Route>& routes, std::string_view version) {
    json::object paths;
    for (const Route& route : routes) {
        json::value& at = paths[route.path];
        if (!at.is_object()) at = json::object{};
        at.get_object()[to_lower(name(route.method))] = operation(route);
    }
    const json::object failure_schema{
        {"type", "object"},
        {"properties", json::object{{"detail", json::object{{"type", "string"}}}}},
        {"required", json::array{"detail"}}};
    return json::serialize(json::object{
        {"openapi", "3.0.3"},
        {"info", json::object{{"title", "Farmwall"}, {"version", version}}},
        {"paths", std::move(paths)},
        {"security", json::array{json::object{{"password", json::array{}}},
                                 json::object{{"token", json::array{}}}, json::object{}}},
        {"components",
         json::object{{"schemas", json::object{{"Failure", failure_schema}}},
                      {"securitySchemes",
                       json::object{{"password", json::object{{"type", "http"}, {"scheme", "basic"}}},
                                    {"token", json::object{{"type", "http"}, {"scheme", "bearer"}}}}}}},
    });
}

}  // namespace farmwall::http
