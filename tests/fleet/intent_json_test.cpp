#include "fleet/intent_json.hpp"

#include <doctest/doctest.h>

#include <string>
#include <variant>

using namespace farmwall;

namespace {

Action action_of(std::string_view text) {
    const auto intent = intent_from_json(text, Origin::script);
    REQUIRE_MESSAGE(intent.ok(), text);
    const auto* command = std::get_if<Command>(&intent.value().wish);
    REQUIRE(command != nullptr);
    CHECK(command->origin == Origin::script);
    return command->action;
}

std::string problem_of(std::string_view text) {
    const auto intent = intent_from_json(text, Origin::script);
    REQUIRE_FALSE(intent.ok());
    CHECK(intent.error().kind == ErrorKind::bad_input);
    return intent.error().what;
}

}  // namespace

TEST_CASE("intents: each action has its name and its members") {
    CHECK(action_of(R"({"printer":"a","do":"pause"})") == Action{Pause{}});
    CHECK(action_of(R"({"printer":"a","do":"set_light","on":true})") == Action{SetLight{std::nullopt, true}});
    CHECK(action_of(R"({"printer":"a","do":"set_light","lamp":"work","on":false})") ==
          Action{SetLight{Lamp::work, false}});
    CHECK(action_of(R"({"printer":"a","do":"set_fan","fan":"second_aux","percent":70})") ==
          Action{SetFan{Fan::second_aux, 70}});
    CHECK(action_of(R"({"printer":"a","do":"set_nozzle_target","celsius":220,"extruder":1})") ==
          Action{SetNozzleTarget{1, 220}});
    CHECK(action_of(R"({"printer":"a","do":"jog","x":1.5,"z":-2,"feed":600})") ==
          Action{Jog{1.5, 0, -2, 600}});
    CHECK(action_of(R"({"printer":"a","do":"select_tray","ams_id":128,"tray_id":0})") ==
          Action{SelectTray{{TraySource::Kind::ams, 128, 0}}});
    CHECK(action_of(R"({"printer":"a","do":"load_tray","spool":"external"})") ==
          Action{LoadTray{{TraySource::Kind::external, 0, 0}}});
    CHECK(action_of(R"({"printer":"a","do":"answer_dialog","answer":"done"})") ==
          Action{AnswerDialog{AnswerDialog::Answer::done}});
    CHECK(action_of(R"({"printer":"a","do":"skip_objects","ids":[3,4]})") == Action{SkipObjects{{3, 4}}});
    CHECK(action_of(
              R"({"printer":"a","do":"start_drying","ams_id":1,"celsius":55,"hours":8,"material":"PLA"})") ==
          Action{StartDrying{1, 55, 8, "PLA"}});
}

TEST_CASE("intents: wishes that are no commands are understood as well") {
    const auto snooze =
        intent_from_json(R"({"printer":"a","do":"snooze_alarm","alarm":"runout","minutes":5})", Origin::api);
    REQUIRE(snooze.ok());
    const auto* wish = std::get_if<SnoozeAlarm>(&snooze.value().wish);
    REQUIRE(wish != nullptr);
    CHECK(wish->kind == AlarmKind::runout);
    CHECK(wish->how_long == std::chrono::minutes{5});
    CHECK(wish->origin == Origin::api);
    CHECK(intent_from_json(R"({"do":"test_alarm_outputs"})", Origin::script).ok());
    const auto one = intent_from_json(R"({"do":"test_alarm_outputs","output":"mqtt"})", Origin::script);
    REQUIRE(one.ok());
    CHECK(std::get<TestAlarmOutputs>(one.value().wish).output == "mqtt");
    CHECK(problem_of(R"({"do":"test_alarm_outputs","output":"pager"})") ==
          "'output' must be one of sound, webhook, ntfy, mqtt");
}

TEST_CASE("intents: wishes about jobs name no printer, those about a plate do") {
    const auto add = intent_from_json(
        R"({"do":"add_job","source":"/files/part.gcode.3mf","ticket":7,"plate":2,"copies":3,"tag":"big","hold":true})",
        Origin::script);
    REQUIRE(add.ok());
    const auto* job = std::get_if<AddJob>(&add.value().wish);
    REQUIRE(job != nullptr);
    CHECK(job->ticket == 7);
    CHECK(job->file_name == "part.gcode.3mf");
    CHECK(job->request.plate == 2);
    CHECK(job->request.copies == 3);
    CHECK(job->request.tag == "big");
    CHECK(job->request.hold);
    CHECK_FALSE(names_printer(add.value().wish));
    const auto cancel = intent_from_json(R"({"do":"cancel_job","job":"0123456789ab"})", Origin::script);
    REQUIRE(cancel.ok());
    CHECK(std::get<OrderJob>(cancel.value().wish).order == JobOrder::cancel);
    const auto edit =
        intent_from_json(R"({"do":"edit_job","job":"0123456789ab","printer_id":""})", Origin::script);
    REQUIRE(edit.ok());
    CHECK(std::get<EditJob>(edit.value().wish).printer == PrinterId{});
    const auto cleared = intent_from_json(
        R"({"printer":"a","do":"plate_cleared","good":false,"reason":"warped","requeue":true})",
        Origin::script);
    REQUIRE(cleared.ok());
    CHECK(names_printer(cleared.value().wish));
    CHECK(std::get<PlateCleared>(cleared.value().wish).reason == "warped");
    CHECK(problem_of(R"({"printer":"a","do":"plate_cleared","good":false})") ==
          "'reason' is missing: why the print is bad");
    CHECK(problem_of(R"({"do":"add_job"})") == "'source' is missing");
    CHECK(problem_of(R"({"do":"cancel_job"})") == "'job' is missing");
}

TEST_CASE("intents: what is wrong is said in one sentence that names the member and what is allowed") {
    CHECK(problem_of("") == "An intent is one JSON object on one line");
    CHECK(problem_of("[1]") == "An intent is one JSON object on one line");
    CHECK(problem_of(R"({"do":"pause"})") == "'printer' is missing");
    CHECK(problem_of(R"({"printer":"a"})").find("'do' is missing") == 0);
    CHECK(problem_of(R"({"printer":"a","do":"fly"})").find("'do' must be one of pause, resume") == 0);
    CHECK(problem_of(R"({"printer":"a","do":"set_bed_target"})") == "'celsius' is missing");
    CHECK(problem_of(R"({"printer":"a","do":"set_bed_target","celsius":60.5})") ==
          "'celsius' must be a whole number");
    CHECK(problem_of(R"({"printer":"a","do":"set_fan","fan":"big","percent":1})") ==
          "'fan' must be one of part, aux, chamber, second_aux");
    CHECK(problem_of(R"({"printer":"a","do":"skip_objects","ids":[1,"2"]})") ==
          "'ids' must be a list of whole numbers");
    CHECK(problem_of(R"({"printer":"a","do":"start_drying","ams_id":0,"celsius":55,"hours":8,)"
                     R"("material":"PLA PLA PLA PLA PLA"})") == "'material' has at most 16 letters");
    CHECK(problem_of(R"({"printer":"a","do":"snooze_alarm","alarm":"runout","minutes":0})") ==
          "'minutes' must be from 1 to 1440");
}

TEST_CASE("intents: there is no member that opens a gate") {
    CHECK(problem_of(R"({"printer":"a","do":"jog","x":1,"force":true})").find("not known here") !=
          std::string::npos);
}

TEST_CASE("intents: a line that is cut off anywhere is refused") {
    const std::string whole =
        R"({"printer":"a","do":"start_drying","ams_id":1,"celsius":55,"hours":8,"material":"PLA"})";
    for (std::size_t length = 0; length < whole.size(); ++length)
        CHECK_FALSE(intent_from_json(std::string_view{whole}.substr(0, length), Origin::script).ok());
    CHECK(intent_from_json(whole, Origin::script).ok());
}
