#include <algorithm>
#include <boost/json.hpp>
#include <chrono>
#include <cstddef>
#include <cstdint>
#include <cstdlib>
#include <string>
#include <string_view>
#include <utility>
#include <variant>
#include <vector>

#include "base/text.hpp"
#include "fleet/intent_json.hpp"
#include "model/gate.hpp"
#include "model/printer_model.hpp"
#include "wire/command_encoder.hpp"
#include "wire/message.hpp"

// Lines as a script may send them, on their way to printers: understood or refused, allowed by the gate or
// not, and what is allowed is said within the limits.

namespace {

using namespace farmwall;

void require(bool holds) {
    if (!holds) std::abort();
}

constexpr std::string_view report_text =
    R"({"print":{"command":"push_status","msg":0,"gcode_state":"IDLE","home_flag":7,"print_error":83902465,
    "lights_report":[{"node":"chamber_light","mode":"on"}],"fun":"1AFFF9CFF","ams_status":0,
    "vt_tray":{"id":"254","tray_type":"PLA","nozzle_temp_min":"190","nozzle_temp_max":"230"},
    "ams":{"ams":[{"id":"0","info":"1003","tray":[{"id":"0","tray_type":"PLA","nozzle_temp_min":"190",
      "nozzle_temp_max":"230"},{"id":"1","state":10}]},{"id":"128","info":"2104","tray":[{"id":"0",
      "tray_type":"ABS"}]}],"tray_now":"0","tray_exist_bits":"10001","ams_exist_bits":"11"},
    "device":{"type":1,"extruder":{"state":2,"info":[{"id":0,"temp":14418140,"snow":1},{"id":1,"temp":40}]},
      "ctc":{"info":{"temp":3932208}},"airduct":{"modeCur":0,"parts":[{"id":16,"state":30}]}}}})";

Report report() {
    wire::MessageParser parser;
    auto read = parser.parse(report_text);
    require(read.ok() && std::holds_alternative<ReportDelta>(read.value()));
    return merge(Report{}, std::get<ReportDelta>(std::move(read.value())));
}

std::vector<PrinterState> made_printers() {
    std::vector<PrinterState> made;
    for (const PrinterModel model :
         {PrinterModel::unknown, PrinterModel::p1s, PrinterModel::x1e, PrinterModel::h2d}) {
        for (const JobState state : {JobState::idle, JobState::running, JobState::pause}) {
            PrinterState printer;
            printer.model = {model, ModelSource::product_name};
            printer.link.link = Link::online;
            printer.full_report_seen = true;
            printer.last_report = printer.last_message = TimePoint{};
            printer.learnt_developer_mode = DeveloperMode::on;
            printer.report = report();
            printer.report.state = state;
            made.push_back(std::move(printer));
        }
    }
    return made;
}

void check_message(const wire::OutgoingMessage& message) {
    boost::system::error_code wrong;
    const auto parsed = boost::json::parse(message.payload, wrong);
    require(!wrong && parsed.is_object() && parsed.get_object().size() == 1);
    require(is_valid_utf8(message.payload));
    for (const std::string_view never : {"M109", "M190"})
        require(message.payload.find(never) == std::string::npos || message.command != "gcode_line");
}

void check_limits(const Action& action) {
    if (const auto* nozzle = std::get_if<SetNozzleTarget>(&action))
        require(nozzle->celsius >= 0 && nozzle->celsius <= 350);
    if (const auto* bed = std::get_if<SetBedTarget>(&action))
        require(bed->celsius >= 0 && bed->celsius <= 120);
    if (const auto* chamber = std::get_if<SetChamberTarget>(&action))
        require(chamber->celsius >= 0 && chamber->celsius <= 65);
    if (const auto* fan = std::get_if<SetFan>(&action)) require(fan->percent >= 0 && fan->percent <= 100);
    if (const auto* jog = std::get_if<Jog>(&action))
        require(std::max({jog->x, jog->y, jog->z}) <= 50 && std::min({jog->x, jog->y, jog->z}) >= -50);
    if (const auto* dry = std::get_if<StartDrying>(&action))
        require(dry->celsius >= 45 && dry->celsius <= 85 && dry->hours >= 1 && dry->hours <= 24);
}

void act(const Action& action, const PrinterState& printer) {
    const auto refusal = gate(action, printer, Position{128, 128, 10}, TimePoint{std::chrono::seconds{1}});
    if (refusal) return require(!explain(*refusal, action, printer).empty());
    check_limits(action);
    std::uint32_t number = 0;
    for (const wire::OutgoingMessage& message : wire::encode(action, printer, [&] { return ++number; }))
        check_message(message);
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
    static const std::vector<PrinterState> printers = made_printers();
    const std::string_view text{reinterpret_cast<const char*>(data), size};
    const auto intent = intent_from_json(text, Origin::script);
    if (!intent) {
        require(!intent.error().what.empty());
        return 0;
    }
    const auto* const command = std::get_if<Command>(&intent.value().wish);
    if (command == nullptr) return 0;
    require(is_valid_utf8(describe(command->action)) && !name(command->action).empty());
    require(same_subject(command->action, command->action));
    for (const PrinterState& printer : printers)
        act(command->action, printer);
    return 0;
}
