#include <doctest/doctest.h>

#include "bench.hpp"
#include "sim/machine/control_request.hpp"

using namespace sim_test;

TEST_CASE("control: a fault has a printer, a name, perhaps a time and a value") {
    const auto request =
        parse_control(R"({"do":"fault","printer":"x1c-01","fault":"echo_late","for_s":10,"value":2.5})");
    REQUIRE(request.ok());
    const auto& fault = std::get<FaultRequest>(request.value());
    CHECK(fault.printer == "x1c-01");
    CHECK(fault.fault.kind == FaultKind::echo_late);
    CHECK(fault.fault.for_s == 10);
    CHECK(fault.fault.value == "2.5");
}

TEST_CASE("control: every fault has a name that is understood") {
    for (int i = 0; i <= fault_kinds - 1; ++i) {
        const auto kind = static_cast<FaultKind>(i);
        CHECK(fault_named(name_of(kind)) == kind);
    }
}

TEST_CASE("control: a printer may be named by its place") {
    const auto request = parse_control(R"({"do":"truth","printer":3})");
    REQUIRE(request.ok());
    CHECK(std::get<TruthRequest>(request.value()).printer == "#3");
}

TEST_CASE("control: what is not understood is refused in a sentence") {
    for (const char* line :
         {"", "x", "[]", "{}", R"({"do":"fault"})", R"({"do":"fault","printer":"a"})",
          R"({"do":"fault","printer":"a","fault":"boredom"})",
          R"({"do":"fault","printer":"a","fault":"silent","for_s":0})",
          R"({"do":"fault","printer":"a","fault":"silent","for_s":"5"})", R"({"do":"set","printer":"a"})",
          R"({"do":"dance","printer":"a"})", R"({"do":7})"}) {
        CAPTURE(line);
        const auto request = parse_control(line);
        REQUIRE_FALSE(request.ok());
        CHECK(request.error().what.size() > 10);
    }
    const std::string whole = R"({"do":"fault","printer":"a","fault":"silent"})";
    for (std::size_t length = 0; length < whole.size(); ++length)
        CHECK_FALSE(parse_control(whole.substr(0, length)).ok());
}

TEST_CASE("scenario: events are requests with a time, faults by default") {
    const auto events = parse_scenario(
        R"({"events":[{"at_s":3,"printer":0,"fault":"silent","for_s":20},{"do":"set","printer":1,"what":"finish"}]})");
    REQUIRE(events.ok());
    REQUIRE(events.value().size() == 2);
    CHECK(events.value()[0].at_s == 3);
    CHECK(std::holds_alternative<FaultRequest>(events.value()[0].request));
    CHECK(std::holds_alternative<SetRequest>(events.value()[1].request));
}

TEST_CASE("scenario: a bad event is named by its place") {
    CHECK_FALSE(parse_scenario("{}").ok());
    const auto events =
        parse_scenario(R"({"events":[{"printer":0,"fault":"silent"},{"printer":0,"fault":"x"}]})");
    REQUIRE_FALSE(events.ok());
    CHECK(events.error().what.find("event 2") != std::string::npos);
}

TEST_CASE("scenario: the demo is valid for every size of farm") {
    for (const int count : {1, 2, 5, 12, 100}) {
        const auto events = parse_scenario(demo_scenario(count));
        REQUIRE(events.ok());
        CHECK(events.value().size() >= static_cast<std::size_t>(count));
    }
}

TEST_CASE("farm: the same seed gives the same farm, another seed another one") {
    const auto one = plan_farm(100, 7, {});
    const auto two = plan_farm(100, 7, {});
    const auto other = plan_farm(100, 8, {});
    for (std::size_t i = 0; i < one.size(); ++i) {
        CHECK(one[i].serial == two[i].serial);
        CHECK(one[i].access_code == two[i].access_code);
        CHECK(one[i].seed == two[i].seed);
    }
    CHECK(one[0].serial != other[0].serial);
}

TEST_CASE("farm: serials have 15 characters and the model's prefix; ids, serials and addresses are unique") {
    const auto farm = plan_farm(500, 1, {});
    std::set<std::string> seen;
    for (const auto& printer : farm) {
        CHECK(printer.serial.size() == 15);
        CHECK(printer.serial.starts_with(spec_of(printer.model).serial_prefix));
        CHECK(printer.access_code.reveal().size() == 8);
        CHECK(seen.insert(printer.serial).second);
        CHECK(seen.insert(printer.id).second);
        CHECK(seen.insert(printer.address).second);
    }
    CHECK(farm[0].id == "x1c-01");
    CHECK(farm[0].address == "127.77.0.1");
}

TEST_CASE("farm: the usual mix holds every kind of controller") {
    std::set<Model> models;
    for (const auto& printer : plan_farm(12, 7, {}))
        models.insert(printer.model);
    for (const Model model : {Model::x1c, Model::p1s, Model::p1p, Model::a1, Model::a1_mini, Model::p2s,
                              Model::h2d, Model::x1c_old})
        CHECK(models.contains(model));
}

TEST_CASE("control: the faults of a camera are neither the machine's nor the network's") {
    for (const char* name : {"camera_freeze", "camera_dark", "camera_stall", "camera_cut", "camera_refuse",
                             "camera_refuse_login", "camera_timestamps", "camera_second_client",
                             "camera_wrong_certificate", "camera_loss", "camera_plain", "liveview_off"}) {
        CAPTURE(name);
        const auto kind = fault_named(name);
        REQUIRE(kind);
        CHECK(is_camera_fault(*kind));
        CHECK_FALSE(is_network_fault(*kind));
        Bench bench{Model::x1c};
        CHECK_FALSE(bench.printer.apply(Fault{*kind, std::nullopt, ""}, bench.clock.now()).ok());
    }
    CHECK_FALSE(is_camera_fault(FaultKind::developer_mode_off));
    CHECK_FALSE(is_camera_fault(FaultKind::silent));
}
