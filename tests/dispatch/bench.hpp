#pragma once

#include <doctest/doctest.h>

#include <memory>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "dispatch/tracker.hpp"

namespace farmwall::testing {

using namespace std::chrono_literals;

// An idle P1S with an AMS, homed, whose reports come when the test says so.
inline PrinterState idle_printer() {
    PrinterState made;
    made.id = PrinterId{"p1"};
    made.name = "P1S 01";
    made.model = {PrinterModel::p1s, ModelSource::configured};
    made.link.link = Link::online;
    made.full_report_seen = true;
    Report& report = made.report;
    report.state = JobState::idle;
    report.home_flag = 7;
    report.part_fan_step = 0;
    report.nozzle_celsius = 25;
    report.nozzle_target_celsius = 0;
    report.bed_celsius = 25;
    report.bed_target_celsius = 0;
    report.lights = std::vector<Light>{{"chamber_light", LightMode::off}};
    AmsUnit unit;
    unit.info = 0x1001;
    for (int slot = 0; slot < 4; ++slot) {
        Tray tray;
        tray.id = slot;
        tray.material = "PLA";
        unit.trays.push_back(tray);
    }
    report.ams = std::vector<AmsUnit>{unit};
    report.tray_exist_bits = 0xF;
    report.tray_now = 0;
    return made;
}

// One printer and its tracker; what the tracker wants done is kept for the test to look at.
struct TrackerBench {
    TrackerBench() {
        state.last_report = state.last_message = now;
        keep(tracker.report(0, state, now));
    }

    void keep(dispatch::TrackerEffects made) {
        for (dispatch::TrackerEffect& effect : made) {
            if (auto* send = std::get_if<dispatch::SendAction>(&effect)) sends.push_back(*send);
            if (auto* changed = std::get_if<dispatch::StatusChanged>(&effect)) {
                status = changed->status;
                phases.push_back(status->phase);
            }
            if (auto* moved = std::get_if<dispatch::PositionChanged>(&effect)) position = moved->position;
            if (auto* tray = std::get_if<dispatch::TraySelected>(&effect)) selected = tray->tray;
            if (auto* foreign = std::get_if<dispatch::ForeignSeen>(&effect))
                foreigns.push_back(foreign->command);
        }
    }
    void ask(Action action, std::optional<JobIdentity> seen_job = std::nullopt) {
        keep(tracker.request(0, Command{std::move(action), Origin::screen, {}, std::move(seen_job)}, state,
                             now, WallTime{}));
    }
    void link(dispatch::LinkEvent event) { keep(tracker.link_event(event, state, now, WallTime{})); }
    void sent(int messages = 1) {
        dispatch::LinkEvent event;
        event.command = sends.back().command;
        event.messages = messages;
        link(event);
    }
    void echo(bool failed = false, std::string text = {}) {
        dispatch::LinkEvent event;
        event.kind = dispatch::LinkEvent::Kind::answered;
        event.command = sends.back().command;
        event.failed = failed;
        event.text = std::move(text);
        link(event);
    }
    // Time passes, then a report comes that says what `edit` makes of the state.
    template <class Edit>
    void report(Edit edit, Duration later = 200ms) {
        advance(later);
        edit(state.report);
        state.last_report = state.last_message = now;
        keep(tracker.report(0, state, now));
    }
    void report() {
        report([](Report&) {});
    }
    void advance(Duration by) {
        now += by;
        keep(tracker.tick(now));
    }
    [[nodiscard]] Phase phase() const {
        REQUIRE(status);
        return status->phase;
    }

    TimePoint now{1h};
    PrinterState state = idle_printer();
    dispatch::CommandTracker tracker{1, dispatch::TrackerTimes{}};
    std::vector<dispatch::SendAction> sends;
    std::shared_ptr<const CommandStatus> status;  // the newest
    std::vector<Phase> phases;
    std::optional<Position> position;
    std::optional<TraySource> selected;
    std::vector<ForeignCommand> foreigns;
};

}  // namespace farmwall::testing
