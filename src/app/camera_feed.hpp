#pragma once

#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "base/clock.hpp"
#include "base/synchronized.hpp"
#include "camera/camera_manager.hpp"
#include "fleet/fleet_store.hpp"
#include "fleet/telemetry.hpp"

namespace farmwall::app {

// Tells the cameras what the printers report: where each is, whether its picture should move, and what
// went wrong, with the telemetry that belongs to it.
class CameraFeed {
public:
    // All of them outlive the feed.
    CameraFeed(camera::CameraManager& cameras, const FleetStore& store, const TelemetryStore& telemetry,
               const Clock& clock);

    // Looks at what has been published since the last call. Any thread; cheap when nothing changed.
    void look();

private:
    struct Seen {
        std::vector<std::shared_ptr<const PrinterState>> printers;
        std::vector<std::optional<CameraFacts>> facts;
        std::shared_ptr<const Event> newest_event;
    };
    void fault(const FleetState& fleet, const Event& event);

    camera::CameraManager& cameras_;
    const FleetStore& store_;
    const TelemetryStore& telemetry_;
    const Clock& clock_;
    Synchronized<Seen> seen_;
};

// The events after which the black box keeps what it has.
[[nodiscard]] bool is_fault(EventKind kind);

// What a clip's JSON tells of the printer: its status and the newest samples of its plots.
[[nodiscard]] std::string clip_telemetry(const PrinterState& printer, const CameraState& camera,
                                         const std::vector<Sample>& samples, TimePoint now);

}  // namespace farmwall::app
