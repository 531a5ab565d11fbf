#include "link/printer_session.hpp"

#include <doctest/doctest.h>

#include <algorithm>
#include <utility>

#include "model/events.hpp"
#include "session_bench.hpp"

using namespace farmwall;
using namespace farmwall::link;
using namespace std::chrono_literals;

namespace {

const std::string full_report =
    R"({"print":{"command":"push_status","msg":0,"gcode_state":"IDLE","bed_temper":25.5,"sequence_id":"7"}})";
const std::string warm = R"({"print":{"command":"push_status","msg":1,"bed_temper":60.0}})";

std::string version_answer(const std::string& product, const std::string& firmware = "01.08.00.00") {
    return R"({"info":{"command":"get_version","sequence_id":"30001","module":[{"name":"ota","sw_ver":")" +
           firmware + R"(","product_name":")" + product + R"(","sn":"01P00A000000001"}]}})";
}

}  // namespace

TEST_CASE("printer session: before a full report every value is unknown, whatever parts have come") {
    Bench b;
    b.come_up();
    CHECK(b.port.log == std::vector<std::string>{"open 192.0.2.10", "subscribe"});
    REQUIRE(b.port.published.size() == 2);
    CHECK(b.port.published[0].find("get_version") != std::string::npos);
    CHECK(b.port.published[1].find("pushall") != std::string::npos);
    b.message(warm);
    CHECK_FALSE(b.state().full_report_seen);
    CHECK(b.state().report == Report{});
    CHECK(b.state().link.link == Link::online);
    b.message(full_report);
    CHECK(b.state().full_report_seen);
    CHECK(b.state().report.bed_celsius == 25.5);
    CHECK(b.state().report.state == JobState::idle);
    b.message(warm);
    CHECK(b.state().report.bed_celsius == 60.0);
    CHECK(b.state().report.state == JobState::idle);
}

TEST_CASE("printer session: a new session knows nothing until its own full report") {
    Bench b;
    b.come_up();
    b.message(full_report);
    b.event(MqttLost{"reset"});
    CHECK(b.state().link.link == Link::offline);
    CHECK(b.state().report.bed_celsius == 25.5);
    b.pass(1s);
    b.event(MqttConnected{});
    b.event(MqttSubscribed{});
    CHECK_FALSE(b.state().full_report_seen);
    CHECK(b.state().report == Report{});
    CHECK(b.state().last_report);
}

TEST_CASE("printer session: messages that cannot be read change nothing but counters") {
    Bench b;
    b.come_up();
    b.message(full_report);
    const PrinterState before = b.state();
    for (const auto* bad : {"", "{", "[]", "hello", R"({"print":)"})
        b.message(bad);
    b.event(MqttOversized{});
    b.event(MqttOverrun{});
    b.pass(2s);
    const PrinterState after = b.state();
    CHECK(after.report == before.report);
    CHECK(after.link == before.link);
    CHECK(after.last_report == before.last_report);
    CHECK(after.stats.bad_messages == 6);
    CHECK(after.stats.oversized == 1);
    CHECK_FALSE(after.stats.last_error.empty());
}

TEST_CASE("printer session: a changed value is published at once, counters once a second") {
    Bench b;
    b.come_up();
    b.message(full_report);
    const auto before = b.revision();
    for (int i = 0; i < 10; ++i)
        b.message(full_report);
    CHECK(b.revision() == before);
    CHECK(b.state().stats.messages == 1);
    b.pass(1s);
    CHECK(b.revision() == before + 1);
    CHECK(b.state().stats.messages == 11);
    b.message(warm);
    CHECK(b.revision() == before + 2);
    CHECK(b.state().report.bed_celsius == 60.0);
}

TEST_CASE("printer session: only its own place in the fleet changes") {
    Bench b;
    const auto other = b.store.read()->printers.at(0);
    b.come_up();
    b.message(full_report);
    CHECK(b.store.read()->printers.at(0) == other);
}

TEST_CASE("printer session: the message rate rises with messages and sinks without them") {
    Bench b;
    b.come_up();
    b.answer();
    for (int i = 0; i < 30; ++i) {
        b.message(full_report);
        b.pass(1s);
    }
    CHECK(b.state().stats.messages_per_minute == doctest::Approx(30).epsilon(0.1));
    b.pass(50s);
    CHECK(b.state().stats.messages_per_minute < 30);
    for (int i = 0; i < 30; ++i)
        b.pass(5s);
    CHECK(b.state().stats.messages_per_minute == 0);
}

TEST_CASE("printer session: the model comes from the best that has been said") {
    PrinterSettings hinted = session_settings();
    hinted.model_hint = PrinterModel::x1c;
    Bench b{hinted};
    CHECK(b.session->state().model == ModelVerdict{PrinterModel::x1c, ModelSource::configured});
    b.come_up();
    Discovered heard;
    heard.serial = hinted.serial;
    heard.address = hinted.address;
    heard.model = PrinterModel::p1p;
    b.session->announced(heard);
    CHECK(b.state().model == ModelVerdict{PrinterModel::p1p, ModelSource::discovery});
    b.message(version_answer("Bambu Lab P1S"));
    CHECK(b.state().model == ModelVerdict{PrinterModel::p1s, ModelSource::product_name});
    b.session->announced(heard);
    CHECK(b.state().model == ModelVerdict{PrinterModel::p1s, ModelSource::product_name});
}

TEST_CASE("printer session: the serial is a hint of the model") {
    Bench b;
    CHECK(b.session->state().model == ModelVerdict{PrinterModel::p1s, ModelSource::serial});
}

TEST_CASE("printer session: an incomplete module list does not replace a complete one") {
    Bench b;
    b.come_up();
    b.message(version_answer("Bambu Lab P1S"));
    REQUIRE(b.state().modules.size() == 1);
    b.message(version_answer("", ""));
    CHECK(b.state().modules.front().software == "01.08.00.00");
}

TEST_CASE("printer session: what was learnt of developer mode goes with the firmware") {
    Bench b;
    b.come_up();
    b.message(version_answer("Bambu Lab P1S"));
    b.message(R"({"print":{"command":"gcode_line","sequence_id":"30009","err_code":84033543}})");
    CHECK(b.state().learnt_developer_mode == DeveloperMode::off);
    b.message(version_answer("Bambu Lab P1S", "01.09.00.00"));
    CHECK(b.state().learnt_developer_mode == DeveloperMode::unknown);
}

TEST_CASE("printer session: answers are no reports, and other people's are counted") {
    Bench b;
    b.come_up();
    b.message(full_report);
    b.message(
        R"({"print":{"command":"project_file","sequence_id":"20005","subtask_name":"theirs","result":"success"}})");
    b.pass(2s);
    CHECK_FALSE(b.state().report.subtask_name);
    CHECK(b.state().stats.foreign_echoes == 1);
}

TEST_CASE("printer session: what happens becomes events in the same publication") {
    Bench b;
    b.come_up();
    b.message(full_report);
    CHECK(b.events(EventKind::link_up) == 1);
    CHECK(b.events(EventKind::print_started) == 0);
    b.message(R"({"print":{"command":"push_status","msg":1,"gcode_state":"RUNNING","subtask_name":"boat"}})");
    CHECK(b.events(EventKind::print_started) == 1);
    b.event(MqttLost{});
    CHECK(b.events(EventKind::link_down) == 1);
}

TEST_CASE("printer session: a job that ended while the session was away is news in the next") {
    Bench b;
    b.come_up();
    b.message(R"({"print":{"command":"push_status","msg":0,"gcode_state":"RUNNING","subtask_name":"boat"}})");
    b.event(MqttLost{"reset"});
    b.pass(1s);
    b.event(MqttConnected{});
    b.event(MqttSubscribed{});
    CHECK(b.events(EventKind::print_finished) == 0);
    b.message(R"({"print":{"command":"push_status","msg":0,"gcode_state":"FINISH","subtask_name":"boat"}})");
    CHECK(b.events(EventKind::print_finished) == 1);
    CHECK(b.events(EventKind::print_started) == 0);
}

TEST_CASE("printer session: the list of events is bounded") {
    Bench b;
    for (int i = 0; i < 300; ++i) {
        b.come_up();
        b.message(full_report);
        b.event(MqttLost{});
    }
    CHECK(b.store.read()->events.size() == FleetState::max_events);
}

TEST_CASE("printer session: a wrong access code shows as refused, and the code appears nowhere") {
    Bench b;
    b.session->start();
    b.event(MqttConnectFailed{5, "CONNACK 5"});
    const PrinterState state = b.state();
    CHECK(state.link.link == Link::refused);
    CHECK(state.link.problem == LinkProblem::bad_access_code);
    CHECK(state.link.detail.find("12345678") == std::string::npos);
    CHECK(b.events(EventKind::refused) == 1);
}

TEST_CASE("printer session: outcomes of an old attempt are dropped") {
    Bench b;
    b.come_up();
    b.message(full_report);
    const auto old = b.port.attempt;
    b.session->wish(ConnectNow{});
    b.session->client_event(old, MqttMessage{warm});
    b.session->client_event(old, MqttLost{"late"});
    b.session->certificate_fetched(old, net::Certificate{});
    b.session->pin_saved(old, Done{});
    CHECK(b.state().link.link == Link::connecting);
    CHECK(b.state().report.bed_celsius == 25.5);
}

TEST_CASE("printer session: a full report by hand is asked for once in five minutes and refused in words") {
    Bench b;
    b.come_up();
    b.message(full_report);
    const auto before = b.port.published.size();
    b.session->wish(AskFullReport{});
    CHECK(b.port.published.size() == before);
    b.answer();
    b.pass(2s);
    CHECK(b.state().stats.last_error.find("five minutes") != std::string::npos);
    for (int i = 0; i < 301; ++i) {
        b.answer();
        b.pass(1s);
        b.message(full_report);
    }
    b.port.published.clear();
    b.session->wish(AskFullReport{});
    REQUIRE(b.port.published.size() == 1);
    CHECK(b.port.published.front().find("pushall") != std::string::npos);
}

TEST_CASE("printer session: a question that finds no room is trouble in words, nothing more") {
    Bench b;
    b.port.full = true;
    b.come_up();
    b.pass(2s);
    CHECK(b.state().stats.last_error.find("could not be sent") != std::string::npos);
}

TEST_CASE("printer session: stopped, it has closed its client and asks for nothing") {
    Bench b;
    b.come_up();
    b.message(full_report);
    b.session->stop();
    CHECK(b.port.log.back() == "close");
    CHECK(b.state().link.link == Link::offline);
}
