#include "app/camera_feed.hpp"

#include <algorithm>
#include <boost/json.hpp>
#include <cmath>
#include <utility>

#include "fleet/status_json.hpp"

namespace farmwall::app {
namespace {

namespace json = boost::json;
using namespace std::chrono_literals;

constexpr auto samples_before_fault = 2min;

json::value number(float value) {
    return std::isnan(value) ? json::value() : json::value(std::round(value * 10) / 10);
}

json::object sample_json(const Sample& sample, TimePoint now) {
    const double at = std::chrono::duration<double>(sample.at - now).count();
    return {{"at_sec", std::round(at * 10) / 10},
            {"nozzle", number(sample.nozzle_celsius)},
            {"nozzle_target", number(sample.nozzle_target_celsius)},
            {"bed", number(sample.bed_celsius)},
            {"bed_target", number(sample.bed_target_celsius)},
            {"chamber", number(sample.chamber_celsius)},
            {"part_fan", number(sample.part_fan_percent)},
            {"aux_fan", number(sample.aux_fan_percent)},
            {"chamber_fan", number(sample.chamber_fan_percent)},
            {"percent", number(sample.percent)}};
}

}  // namespace

bool is_fault(EventKind kind) {
    switch (kind) {
        case EventKind::print_failed:
        case EventKind::runout:
        case EventKind::error_raised:
            return true;
        case EventKind::link_up:
        case EventKind::link_down:
        case EventKind::refused:
        case EventKind::half_dead:
        case EventKind::certificate_changed:
        case EventKind::print_started:
        case EventKind::paused:
        case EventKind::resumed:
        case EventKind::print_finished:
        case EventKind::print_canceled:
        case EventKind::error_cleared:
        case EventKind::hms_raised:
        case EventKind::hms_cleared:
        case EventKind::developer_mode_off:
        case EventKind::firmware_changed:
        case EventKind::address_changed:
        case EventKind::command:
        case EventKind::foreign_command:
        case EventKind::job:
        case EventKind::alarm:
            return false;
    }
    return false;
}

std::string clip_telemetry(const PrinterState& printer, const CameraState& camera,
                           const std::vector<Sample>& samples, TimePoint now) {
    json::array rows;
    for (const Sample& sample : samples) {
        if (sample.at >= now - samples_before_fault) rows.push_back(sample_json(sample, now));
    }
    return R"({"status":)" + status_json(printer, camera, now) + R"(,"samples":)" + json::serialize(rows) +
           "}";
}

CameraFeed::CameraFeed(camera::CameraManager& cameras, const FleetStore& store,
                       const TelemetryStore& telemetry, const Clock& clock)
    : cameras_{cameras}, store_{store}, telemetry_{telemetry}, clock_{clock} {}

void CameraFeed::look() {
    const FleetSnapshot fleet = store_.read();
    std::vector<std::pair<std::size_t, CameraFacts>> news;
    std::vector<std::shared_ptr<const Event>> faults;
    seen_.with([&](Seen& seen) {
        seen.printers.resize(fleet->printers.size());
        seen.facts.resize(fleet->printers.size());
        for (std::size_t i = 0; i < fleet->printers.size(); ++i) {
            if (seen.printers[i] == fleet->printers[i]) continue;
            seen.printers[i] = fleet->printers[i];
            CameraFacts facts = camera_facts(*fleet->printers[i]);
            if (seen.facts[i] == facts) continue;
            seen.facts[i] = facts;
            news.emplace_back(i, std::move(facts));
        }
        // Events are few and bounded; the newest that was seen may have left already.
        const auto& events = fleet->events;
        const auto last = std::find(events.begin(), events.end(), seen.newest_event);
        for (auto it = last == events.end() ? events.begin() : last + 1; it != events.end(); ++it) {
            if (is_fault((*it)->kind)) faults.push_back(*it);
        }
        if (!events.empty()) seen.newest_event = events.back();
    });
    for (const auto& [camera, facts] : news)
        cameras_.facts(camera, facts);
    for (const auto& event : faults)
        fault(*fleet, *event);
}

void CameraFeed::fault(const FleetState& fleet, const Event& event) {
    for (std::size_t i = 0; i < fleet.printers.size(); ++i) {
        const PrinterState& printer = *fleet.printers[i];
        if (printer.id != event.printer) continue;
        const TimePoint now = clock_.now();
        camera::ClipSubject subject;
        subject.printer = printer.id;
        subject.serial = printer.serial;
        subject.name = printer.name;
        subject.cause = name(event.kind);
        subject.text = event.text;
        subject.when = event.when;
        subject.at = now;
        subject.telemetry = clip_telemetry(printer, camera_of(fleet, i), telemetry_.read(i), now);
        cameras_.fault(i, std::move(subject));
        return;
    }
}

}  // namespace farmwall::app
