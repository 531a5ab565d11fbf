#include "wire/alarm_message.hpp"

#include <doctest/doctest.h>

#include <boost/json.hpp>

using namespace farmwall;
using namespace farmwall::wire;
using namespace std::chrono_literals;

namespace {

// 2026-11-24T11:14:21Z and a half.
constexpr WallTime noon{std::chrono::milliseconds{1'795'518'861'500}};

AlarmRecord record_of(AlarmRecord::What what, int level = 0) {
    AlarmRecord record;
    record.what = what;
    record.key = {PrinterId{"left"}, AlarmKind::print_failed};
    record.printer_name = "Left one";
    record.text = "The print failed.";
    record.when = noon;
    record.after = 125s;
    record.level = level;
    return record;
}

PushText pushed(AlarmRecord::What what, int level = 0) {
    return push_text(alarm_message(record_of(what, level)));
}

}  // namespace

TEST_CASE("alarm message: as JSON it has the printer, what happened, and both times in UTC") {
    const auto json =
        boost::json::parse(alarm_json(alarm_message(record_of(AlarmRecord::What::escalated, 1))));
    const auto& object = json.as_object();
    CHECK(object.at("printer") == "left");
    CHECK(object.at("printer_name") == "Left one");
    CHECK(object.at("kind") == "print_failed");
    CHECK(object.at("what") == "escalated");
    CHECK(object.at("text") == "The print failed.");
    CHECK(object.at("level") == 1);
    CHECK(object.at("when") == "2026-11-24T11:14:21Z");
    CHECK(object.at("since") == "2026-11-24T11:12:16Z");
    CHECK(object.at("after_sec") == 125);
    CHECK(object.size() == 9);
}

TEST_CASE("alarm message: a name with quotes, broken bytes and control characters is still JSON") {
    AlarmRecord record = record_of(AlarmRecord::What::raised);
    record.printer_name = "a\"\\\x01\xFF";
    const auto json = boost::json::parse(alarm_json(alarm_message(record)));
    CHECK(json.at("printer_name") == "a\"\\\x01\xEF\xBF\xBD");
}

TEST_CASE("alarm message: times are written in UTC to the second, before 1970 too") {
    CHECK(iso_time(WallTime{}) == "1970-01-01T00:00:00Z");
    CHECK(iso_time(WallTime{-1ms}) == "1969-12-31T23:59:59Z");
    CHECK(iso_time(noon) == "2026-11-24T11:14:21Z");
}

TEST_CASE("alarm message: a push is as urgent as its level, and quiet when it is over") {
    CHECK(pushed(AlarmRecord::What::raised).priority == 4);
    CHECK(pushed(AlarmRecord::What::repeated).priority == 4);
    CHECK(pushed(AlarmRecord::What::escalated, 1).priority == 5);
    CHECK(pushed(AlarmRecord::What::repeated, 2).priority == 5);
    for (const auto what :
         {AlarmRecord::What::acknowledged, AlarmRecord::What::snoozed, AlarmRecord::What::cleared}) {
        CHECK(pushed(what, 2).priority == 2);
        CHECK(pushed(what, 2).tags == "white_check_mark");
    }
    AlarmRecord quiet = record_of(AlarmRecord::What::raised);
    quiet.key.kind = AlarmKind::waiting_for_clearing;
    CHECK(push_text(alarm_message(quiet)).priority == 3);
}

TEST_CASE("alarm message: a push says who, what and for how long") {
    CHECK(pushed(AlarmRecord::What::raised).title == "Left one: needs a person");
    CHECK(pushed(AlarmRecord::What::repeated).title == "Left one: still waiting");
    CHECK(pushed(AlarmRecord::What::cleared).title == "Left one: cleared");
    CHECK(pushed(AlarmRecord::What::raised).text == "The print failed. (for 2 min)");
    AlarmRecord fresh = record_of(AlarmRecord::What::raised);
    fresh.after = 59s;
    CHECK(push_text(alarm_message(fresh)).text == "The print failed.");
    fresh.after = 5h;
    CHECK(push_text(alarm_message(fresh)).text == "The print failed. (for 5 h)");
}

TEST_CASE("alarm message: a test says that it is one") {
    const AlarmMessage test = test_alarm_message(noon);
    CHECK(test.printer.empty());
    CHECK(test.kind == "test");
    CHECK(test.what == "test");
    CHECK(push_text(test).title == "Farmwall: test message");
    CHECK(push_text(test).priority == 3);
    CHECK(boost::json::parse(alarm_json(test)).at("kind") == "test");
}

TEST_CASE("alarm message: a header is ASCII on one line, whatever the printer is called") {
    CHECK(header_text("Left one: 3") == "Left one: 3");
    CHECK(header_text("a\r\nX-Evil: 1") == "a??X-Evil: 1");
    CHECK(header_text("Süd 1") == "=?UTF-8?Q?S=C3=BCd_1?=");
    CHECK(header_text("=?x?=") == "=?UTF-8?Q?=3D=3Fx=3F=3D?=");
    CHECK(header_text("\xFF") == "=?UTF-8?Q?=EF=BF=BD?=");
    CHECK(header_text("").empty());
}
