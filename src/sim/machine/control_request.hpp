#pragma once

#include <string>
#include <string_view>
#include <variant>
#include <vector>

#include "base/result.hpp"
#include "sim/machine/faults.hpp"

namespace farmwall::sim {

// One line of the control connection; src/sim/README.md describes the protocol.
struct FaultRequest {
    std::string printer;
    Fault fault;
};
struct ClearRequest {
    std::string printer;
};
struct TruthRequest {
    std::string printer;
};
struct SetRequest {
    std::string printer;
    std::string what;
    std::string value;  // JSON text; empty: none
};
struct ListRequest {};
using ControlRequest = std::variant<FaultRequest, ClearRequest, TruthRequest, SetRequest, ListRequest>;

// Errors: bad_input, one sentence.
[[nodiscard]] Result<ControlRequest> parse_control(std::string_view line);

struct ScenarioEvent {
    double at_s = 0;  // real seconds after the start
    ControlRequest request;
};

// {"events":[…]}; an event is a control request with `at_s`, and `do` may be left out of a fault. The
// printer is an id, or its place in the farm counted from 0. Errors: bad_input.
[[nodiscard]] Result<std::vector<ScenarioEvent>> parse_scenario(std::string_view text);

// The built-in scenario: a printer for every kind of trouble, spread over a farm of `count`.
[[nodiscard]] std::string demo_scenario(int count);

}  // namespace farmwall::sim
