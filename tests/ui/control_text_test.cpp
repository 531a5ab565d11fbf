#include "ui/control_text.hpp"

#include <doctest/doctest.h>

#include "fake_farm.hpp"
#include "model/error_texts.hpp"
#include "shell_bench.hpp"
#include "ui/gestures.hpp"
#include "ui/qr.hpp"

using namespace farmwall;
using namespace farmwall::ui;
using namespace std::chrono_literals;

namespace {

CommandStatus status_of(const Action& action, Phase phase, std::string reason = {}) {
    CommandStatus status;
    status.action = action;
    status.phase = phase;
    status.reason = std::move(reason);
    status.phase_since = test::farm_now;
    return status;
}

PrinterControl with(const CommandStatus& status) {
    PrinterControl control;
    control.commands.push_back(std::make_shared<const CommandStatus>(status));
    return control;
}

}  // namespace

TEST_CASE("phase_text: says the phase, and why where something went wrong") {
    CHECK(phase_text(status_of(Pause{}, Phase::sent)) == "sent");
    CHECK(phase_text(status_of(Pause{}, Phase::accepted)) == "accepted");
    CHECK(phase_text(status_of(Pause{}, Phase::confirmed)) == "confirmed");
    CHECK(phase_text(status_of(Pause{}, Phase::failed, "The printer refused it.")) ==
          "failed: The printer refused it.");
    CHECK(phase_text(status_of(Pause{}, Phase::unknown)) == "no answer");
    CommandStatus refused = status_of(Pause{}, Phase::refused);
    refused.refusal = Refusal::another_job;
    CHECK(phase_text(refused) == "refused: " + std::string{sentence(Refusal::another_job)});
}

TEST_CASE("standing: a disabled control says the gate's sentence") {
    const PrinterState idle = test::fake_printer(2);
    const Standing pause = standing(Pause{}, idle, {}, test::farm_now);
    CHECK_FALSE(pause.enabled());
    CHECK(pause.why == sentence(Refusal::nothing_to_pause));
    CHECK(standing(SetBedTarget{60}, idle, {}, test::farm_now).enabled());
    CHECK(standing(SetBedTarget{900}, idle, {}, test::farm_now).why == "The bed goes up to 100 °C.");
}

TEST_CASE("standing: a command under way blocks the same, what is over does not") {
    const PrinterState printing = test::fake_printer(0);
    const auto blocked = [&](const CommandStatus& status, const Action& action) {
        const PrinterControl control = with(status);
        return standing(action, printing, control, test::farm_now).under_way;
    };
    CHECK(blocked(status_of(Pause{}, Phase::queued), Pause{}));
    CHECK(blocked(status_of(Pause{}, Phase::accepted), Pause{}));
    CHECK_FALSE(blocked(status_of(Pause{}, Phase::confirmed), Pause{}));
    CHECK_FALSE(blocked(status_of(Pause{}, Phase::unknown), Pause{}));
    CHECK_FALSE(blocked(status_of(Stop{}, Phase::sent), Stop{}));
    CHECK_FALSE(blocked(status_of(SetFan{Fan::aux, 5}, Phase::sent), SetFan{Fan::part, 5}));
    CommandStatus logo = status_of(SetLight{Lamp::logo, true}, Phase::accepted);
    logo.can_be_confirmed = false;
    CHECK_FALSE(blocked(logo, SetLight{Lamp::logo, false}));
}

TEST_CASE("notes: a sentence that holds for all stands alone, else it names whom") {
    const PrinterState idle = test::fake_printer(2);
    const auto at = [&](const Action& action) { return standing(action, idle, {}, test::farm_now); };
    Notes all;
    all.add("Pause", at(Pause{}));
    CHECK(all.lines() == std::vector<std::string>{"No print is running."});
    all.add("Resume", at(Resume{}));
    all.add("Clear", at(ClearFault{}));
    CHECK(all.lines() == std::vector<std::string>{"Pause: No print is running.",
                                                  "Resume: No print is paused.",
                                                  "Clear: The printer shows no error."});
    Notes none;
    none.add("Home", at(Home{}));
    CHECK(none.lines().empty());
}

TEST_CASE("notes: tell once what went wrong") {
    const PrinterState printing = test::fake_printer(0);
    const PrinterControl control =
        with(status_of(SetBedTarget{80}, Phase::unknown, "No answer within 10 s."));
    const Standing bed = standing(SetBedTarget{0}, printing, control, test::farm_now);
    Notes notes;
    notes.add("Bed", bed);
    notes.add("Bed", bed);
    CHECK(notes.lines() == std::vector<std::string>{"Bed to 80 °C no answer: No answer within 10 s."});
}

TEST_CASE("foreign_text: tells of another client for a while") {
    const WallTime now{1000h};
    CHECK(foreign_text(std::nullopt, now).empty());
    CHECK(foreign_text(ForeignCommand{"gcode_line", now - 12s}, now) ==
          "Another client sent gcode_line 12 s ago.");
    CHECK(foreign_text(ForeignCommand{"gcode_line", now - 4min}, now) ==
          "Another client sent gcode_line 4 min ago.");
    CHECK(foreign_text(ForeignCommand{"gcode_line", now + 1min}, now) ==
          "Another client sent gcode_line 0 s ago.");
    CHECK(foreign_text(ForeignCommand{"gcode_line", now - 11min}, now).empty());
}

TEST_CASE("position_text: numbers where they are reckoned, else why there are none") {
    CHECK(position_text(Position{128, 10.25, 0}) == "X 128.0   Y 10.2   Z 0.0 mm");
    CHECK(position_text(std::nullopt).find("Home first") != std::string::npos);
}

TEST_CASE("soft_fail_text: only for a failure without any code") {
    Report report;
    report.state = JobState::failed;
    report.print_error = 0;
    report.hms = std::vector<HmsEntry>{};
    CHECK_FALSE(soft_fail_text(report).empty());
    report.print_error = 0x0300800BU;
    CHECK(soft_fail_text(report).empty());
}

TEST_CASE("alarm_text: waiting, times, level, and what was answered") {
    Alarm alarm;
    alarm.since = test::farm_now - 4min;
    CHECK(alarm_text(alarm, test::farm_now) == "waiting 4 min");
    alarm.times = 3;
    alarm.level = 1;
    alarm.snoozed_until = test::farm_now + 9min;
    alarm.cause_present = false;
    CHECK(alarm_text(alarm, test::farm_now) ==
          "waiting 4 min · 3 times · level 1 · snoozed for 9 min · over by itself");
    alarm.snoozed_until = test::farm_now;
    alarm.acknowledged = true;
    CHECK(alarm_text(alarm, test::farm_now) ==
          "waiting 4 min · 3 times · level 1 · acknowledged · over by itself");
}

TEST_CASE("slider_value: whole steps, and nothing between off and the least") {
    Gestures::Slider chamber;
    chamber.most = 65;
    chamber.least_above_zero = 40;
    chamber.step = 5;
    CHECK(slider_value(chamber, -3) == 0);
    CHECK(slider_value(chamber, 0.2F) == 0);
    CHECK(slider_value(chamber, 0.4F) == 40);
    CHECK(slider_value(chamber, 0.7F) == 45);
    CHECK(slider_value(chamber, 2) == 65);
}

TEST_CASE("qr: a code for the vendor's page, or none where the program has no library for it") {
    const auto code = make_qr(error_page("0300010000010007"));
    CHECK(code.has_value() == can_make_qr());
    CHECK_FALSE(make_qr("").has_value());
    CHECK_FALSE(make_qr(std::string(4000, 'x')).has_value());
    if (!code) return;
    CHECK(code->size >= 21);
    CHECK(code->size <= most_qr_modules - 8);
    CHECK(code->dark.size() == static_cast<std::size_t>(code->size) * static_cast<std::size_t>(code->size));
    // The eye at the upper left: a dark frame of 7 with light within.
    for (int i = 0; i < 7; ++i)
        CHECK(code->dark[static_cast<std::size_t>(i)]);
    CHECK_FALSE(code->dark[static_cast<std::size_t>(code->size) + 1]);
}

TEST_CASE("error card: a message opens its page, and only one at a time") {
    test::Bench bench{test::fake_farm(12)};
    ErrorTexts texts;
    texts.codes["0300800B"] =
        "The cutter is stuck. Please check that it moves and resume the job afterwards.";
    bench.input.error_texts = &texts;
    bench.shell->show_printer(PrinterId{"p8"});
    bench.settle();
    const auto page = [&](const char* key) {
        return bench.target(std::string{"printer/error/"} + key + "/page");
    };
    REQUIRE(page("0300800B").has_value());
    const auto second = page("0300010000010007");
    REQUIRE(second.has_value());
    bench.click("printer/error/0300800B/page");
    bench.settle();
    const float opened = page("0300010000010007")->box.y - page("0300800B")->box.y;
    CHECK(opened > second->box.y - page("0300800B")->box.y);
    bench.click("printer/error/0300010000010007/page");
    bench.settle();
    CHECK(page("0300010000010007")->box.y - page("0300800B")->box.y < opened);
    CHECK(bench.intents.empty());
}
