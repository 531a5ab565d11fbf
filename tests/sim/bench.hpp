#pragma once

#include <boost/json/parse.hpp>
#include <boost/json/serialize.hpp>
#include <boost/json/value.hpp>
#include <set>
#include <string>
#include <utility>
#include <vector>

#include "base/clock.hpp"
#include "sim/machine/farm_plan.hpp"
#include "sim/machine/virtual_printer.hpp"

namespace sim_test {

namespace json = boost::json;
using namespace farmwall;
using namespace farmwall::sim;
using namespace std::chrono_literals;

// A virtual printer with its clock in the test's hand.
class Bench {
public:
    explicit Bench(Model model, double speed = 1, bool loop = false)
        : printer{{model, "00M00A000000001", 11, speed, loop}, clock.now()} {
        PlannedPrinter plan;
        plan.model = model;
        plan.address = "127.77.0.1";
        plan.seed = 5;
        furnish(printer, plan, false);
    }

    // Every message of the next `span`, ticked every 100 ms.
    std::vector<json::object> run(Duration span) {
        std::vector<json::object> all;
        for (Duration passed{}; passed < span; passed += 100ms) {
            clock.advance(100ms);
            for (const auto& text : printer.tick(clock.now()))
                all.push_back(json::parse(text).as_object());
        }
        return all;
    }

    std::vector<json::object> send(const std::string& text) {
        std::vector<json::object> all;
        for (const auto& answer : printer.handle(text, clock.now()))
            all.push_back(json::parse(answer).as_object());
        return all;
    }

    // A command under `print`; the inside of its only answer, empty when there is none.
    json::object print(const std::string& command, const std::string& more = "") {
        const auto answers = send(R"({"print":{"sequence_id":"30001","command":")" + command + "\"" +
                                  (more.empty() ? "" : "," + more) + "}}");
        return answers.empty() ? json::object{} : answers.front().at("print").as_object();
    }

    json::object gcode(const std::string& lines) {
        json::object body{{"sequence_id", "30002"}, {"command", "gcode_line"}, {"param", lines}};
        const auto answers = send(json::serialize(json::object{{"print", body}}));
        return answers.empty() ? json::object{} : answers.front().at("print").as_object();
    }

    json::object full() {
        return send(R"({"pushing":{"sequence_id":"1","command":"pushall"}})").front().at("print").as_object();
    }

    // Lets printer time pass without looking at the reports.
    void pass(Duration span) {
        clock.advance(span);
        (void)printer.tick(clock.now());
    }

    const MachineState& state() { return printer.state(); }
    Machine& machine() { return printer.machine(); }

    ManualClock clock;
    VirtualPrinter printer;
};

inline const std::string good_start =
    R"("param":"Metadata/plate_2.gcode","url":"ftp:///part.gcode.3mf","subtask_name":"part","project_id":"17",)"
    R"("profile_id":"0","task_id":"17","subtask_id":"17","use_ams":true,"ams_mapping":[-1,0],)"
    R"("ams_mapping2":[{"ams_id":255,"slot_id":255},{"ams_id":0,"slot_id":0}])";

}  // namespace sim_test
