#include "http/route.hpp"

#include <doctest/doctest.h>

#include <boost/json.hpp>

#include "fleet/fleet_store.hpp"

namespace farmwall::http {
namespace {

namespace json = boost::json;

Route of(Method method, std::string path) {
    Route route;
    route.method = method;
    route.path = std::move(path);
    return route;
}

FleetState with_printer(const std::string& id) {
    FleetState fleet;
    auto printer = std::make_shared<PrinterState>();
    printer->id = PrinterId{id};
    fleet.printers.push_back(printer);
    return fleet;
}

// "422: feed must be …", or empty where it passes.
std::string verdict(const Route& route, Request request) {
    const auto response = check(route, request, with_printer("a"));
    if (!response) return {};
    return std::to_string(response->status) + ": " +
           std::string{json::parse(response->body).at("detail").as_string()};
}
std::string body_verdict(const Route& route, std::string body) {
    Request request;
    request.body = std::move(body);
    return verdict(route, std::move(request));
}

Route jog() {
    Route route = of(Method::post, "/api/jog");
    route.body_kind = BodyKind::json;
    route.body = {{"dx", ValueKind::number, false, -50, 50, "", true},
                  {"feed", ValueKind::whole, true, 1, 30000, ""},
                  {"slow", ValueKind::flag, false, 0, 0, ""}};
    return route;
}

}  // namespace

TEST_CASE("router: a path and its method lead to one route, with its places") {
    const Router router{{of(Method::get, "/"), of(Method::get, "/api/jobs"), of(Method::post, "/api/jobs"),
                         of(Method::del, "/api/jobs/{id}"), of(Method::post, "/api/jobs/{id}/cancel")}};
    CHECK(router.find("GET", "/").route->path == "/");
    CHECK(router.find("POST", "/api/jobs").route->method == Method::post);
    CHECK(router.find("GET", "/api/jobs/").route->path == "/api/jobs");
    const Match cancel = router.find("POST", "/api/jobs/0a1b/cancel");
    REQUIRE(cancel.route != nullptr);
    CHECK(cancel.places.at("id") == "0a1b");
}

TEST_CASE("router: an unknown path and a wrong method are told apart") {
    const Router router{
        {of(Method::get, "/api/jobs"), of(Method::post, "/api/jobs"), of(Method::del, "/api/jobs/{id}")}};
    const Match wrong_method = router.find("DELETE", "/api/jobs");
    CHECK(wrong_method.route == nullptr);
    CHECK(wrong_method.path_known);
    CHECK(wrong_method.allowed == "GET, POST");
    for (const char* path : {"", "x", "api/jobs", "//api/jobs", "/api//jobs", "/api/jobs//", "/api/jobs/1/2",
                             "/api/jobs/../jobs", "/API/jobs"}) {
        CAPTURE(path);
        CHECK_FALSE(router.find("GET", path).path_known);
    }
}

TEST_CASE("check: a printer has to be named where it is needed, and to exist wherever it is named") {
    Route route = of(Method::get, "/api/ams");
    CHECK(verdict(route, {}).empty());
    Request stranger;
    stranger.query["printer_id"] = "b<";
    CHECK(verdict(route, stranger) == "404: There is no printer \"b<\".");
    route.names_printer = true;
    CHECK(verdict(route, {}).starts_with("400: printer_id is missing"));
    Request known;
    known.query["printer_id"] = "a";
    CHECK(verdict(route, known).empty());
}

TEST_CASE("check: what a query may say is named when it says something else") {
    Route route = of(Method::get, "/api/camera");
    route.query = {{"fps", ValueKind::number, false, 0.1, 30, ""},
                   {"plate", ValueKind::whole, false, 1, 100, ""},
                   {"start", ValueKind::flag, false, 0, 0, ""},
                   {"filename", ValueKind::text, true, 1, 8, ""}};
    const auto with = [&](const std::string& name, const std::string& value) {
        Request request;
        request.query["filename"] = "a.gcode";
        request.query[name] = value;
        return verdict(route, request);
    };
    CHECK(with("fps", "2.5").empty());
    CHECK(with("plate", "100").empty());
    CHECK(with("start", "Yes").empty());
    CHECK(with("nobody_reads_this", "x").empty());
    CHECK(with("fps", "31") == "422: fps must be a number from 0.1 to 30.");
    CHECK(with("fps", "nan") == "422: fps must be a number from 0.1 to 30.");
    CHECK(with("plate", "1.5") == "422: plate must be a whole number from 1 to 100.");
    CHECK(with("plate", "") == "422: plate must be a whole number from 1 to 100.");
    CHECK(with("start", "maybe") == "422: start must be true or false.");
    CHECK(with("filename", "long-name.gcode") == "422: filename must be text with a length from 1 to 8.");
    CHECK(verdict(route, {}) == "422: filename is missing: add ?filename= to the address.");
}

TEST_CASE("check: a body is an object with members of the right type") {
    const Route route = jog();
    CHECK(body_verdict(route, R"({"feed":3000})").empty());
    CHECK(body_verdict(route, R"({"feed":3000.0,"dx":null,"slow":true,"more":1})").empty());
    CHECK(body_verdict(route, "") == "422: feed is missing: it must be a whole number from 1 to 30000.");
    CHECK(body_verdict(route, "{") == "400: The body is no JSON.");
    CHECK(body_verdict(route, std::string(100, '[')) == "400: The body is no JSON.");
    CHECK(body_verdict(route, "[1]") == "422: The body must be a JSON object.");
    CHECK(body_verdict(route, R"({"feed":"3000"})") == "422: feed must be a whole number from 1 to 30000.");
    CHECK(body_verdict(route, R"({"feed":3000.5})") == "422: feed must be a whole number from 1 to 30000.");
    CHECK(body_verdict(route, R"({"feed":1e300})") == "422: feed must be a whole number from 1 to 30000.");
    CHECK(body_verdict(route, R"({"feed":null})") == "422: feed must be a whole number from 1 to 30000.");
    CHECK(body_verdict(route, R"({"feed":1,"dx":51})") == "422: dx must be a number from -50 to 50.");
    CHECK(body_verdict(route, R"({"feed":1,"slow":1})") == "422: slow must be true or false.");
}

TEST_CASE("check: a JSON route without a body gets an empty object") {
    Route route = of(Method::post, "/api/fans");
    route.body_kind = BodyKind::json;
    Request request;
    request.body = " \n";
    CHECK_FALSE(check(route, request, {}));
    CHECK(request.body == "{}");
}

TEST_CASE("openapi: every route is there with its parameters, ranges and role") {
    Route cancel = of(Method::post, "/api/jobs/{id}/cancel");
    cancel.role = Role::operator_;
    Route status = of(Method::get, "/api/ams");
    status.names_printer = true;
    Route health = of(Method::get, "/healthz");
    health.open = true;
    Route upload = of(Method::post, "/api/jobs");
    upload.body_kind = BodyKind::file;
    const json::value document = json::parse(openapi({jog(), cancel, status, health, upload}, "1.2.3"));
    CHECK(document.at("info").at("version") == "1.2.3");
    const json::value& paths = document.at("paths");
    CHECK(paths.get_object().size() == 5);
    const json::value& feed =
        paths.at("/api/jog")
            .at("post")
            .at_pointer("/requestBody/content/application~1json/schema/properties/feed");
    CHECK(feed == json::parse(R"({"type":"integer","minimum":1,"maximum":30000})"));
    CHECK(paths.at("/api/jobs/{id}/cancel").at("post").at("x-role") == "operator");
    CHECK(paths.at("/api/jobs/{id}/cancel").at_pointer("/post/parameters/0/in") == "path");
    CHECK(paths.at("/api/ams").at_pointer("/get/parameters/0/required") == true);
    CHECK(paths.at("/healthz").at("get").at("security").as_array().empty());
    CHECK(paths.at("/api/jobs")
              .at_pointer("/post/requestBody/content/multipart~1form-data/schema/required/0") == "file");
}

}  // namespace farmwall::http
