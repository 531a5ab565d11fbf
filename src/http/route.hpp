#pragma once

#include <functional>
#include <limits>
#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <variant>
#include <vector>

#include "http/api.hpp"
#include "http/message.hpp"

namespace farmwall::http {

// The contract as a table: what each path takes, and who answers it. Requests are checked against it before
// a handler sees them, and /api/openapi.json is made of it.

enum class ValueKind { text, whole, number, flag };
// One value in the query or in a JSON body.
struct Parameter {
    std::string name;
    ValueKind kind = ValueKind::text;
    bool required = false;
    double least = std::numeric_limits<double>::lowest();  // of numbers; of texts: length
    double most = std::numeric_limits<double>::max();
    std::string about;      // one sentence
    bool nullable = false;  // of a body: null is allowed and counts as left out
};

enum class BodyKind {
    none,  // a body is not looked at
    json,  // an object with `body` as its members; an empty body is an empty object
    file,  // multipart/form-data with the field "file"
};

using Handler = std::function<void(const Request&, Api&, const Reply&)>;

struct Route {
    Method method = Method::get;
    std::string path;  // "/api/jobs/{id}/cancel"
    Role role = Role::viewer;
    bool open = false;           // needs no account (/healthz)
    bool acts = false;           // changes something: kept in the history, guarded against foreign web pages
    bool names_printer = false;  // ?printer_id= is required: 400 without it, 404 where there is none such
    std::string summary;
    std::vector<Parameter> query;  // beside printer_id
    BodyKind body_kind = BodyKind::none;
    std::vector<Parameter> body;
    std::string answer = "application/json";  // its content type
    Handler handler;
};

// Every route; each group in its own source.
[[nodiscard]] std::vector<Route> all_routes();
[[nodiscard]] std::vector<Route> status_routes();   // /api/printers, /api/status, /api/ams, /api/diag*
[[nodiscard]] std::vector<Route> control_routes();  // pause … broadcast, start, upload
[[nodiscard]] std::vector<Route> job_routes();      // /api/jobs*, /api/dispatch*, plates
[[nodiscard]] std::vector<Route> camera_routes();   // /api/camera*
[[nodiscard]] std::vector<Route> farm_routes();     // /healthz, /metrics, events, history, openapi, alarms

// What a path and method lead to.
struct Match {
    const Route* route = nullptr;
    std::map<std::string, std::string> places;
    bool path_known = false;  // but not with this method: 405
    std::string allowed;      // "GET, POST", of a known path
};
class Router {
public:
    explicit Router(std::vector<Route> routes);
    [[nodiscard]] Match find(std::string_view method, std::string_view path) const;
    [[nodiscard]] const std::vector<Route>& routes() const { return routes_; }

private:
    std::vector<Route> routes_;
};

// "1", "true", "yes", "on" and their opposites, in any case.
[[nodiscard]] std::optional<bool> flag_from(std::string_view text);

// Checks query and body against the route, and the printer against the fleet. Nothing: all is well. `body` of
// a JSON route that was empty becomes "{}".
[[nodiscard]] std::optional<Response> check(const Route& route, Request& request, const FleetState& fleet);

// The routes as an OpenAPI 3 document.
[[nodiscard]] std::string openapi(const std::vector<Route>& routes, std::string_view version);

}  // namespace farmwall::http
