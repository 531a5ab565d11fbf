#pragma once

#include <filesystem>
#include <functional>
#include <string>

#include "base/clock.hpp"
#include "camera/picture_board.hpp"
#include "config/config.hpp"
#include "fleet/fleet_store.hpp"
#include "fleet/intent_queue.hpp"
#include "fleet/telemetry.hpp"
#include "link/link_manager.hpp"

namespace farmwall::app {

// Everything below the screens, wired together. Members that others call are declared first, so
// that they die last.
class Farm {
public:
    // `on_publish` is called on the network thread after each publication.
    Farm(const config::Config& config, const std::filesystem::path& root, std::function<void()> on_publish);
    // Stops.
    ~Farm();
    Farm(const Farm&) = delete;
    Farm& operator=(const Farm&) = delete;

    void start() { manager_.start(); }
    // Intents are refused from now on, sessions end side by side; within 2 s. Later calls do nothing.
    void stop();

    // False when too many wait. Any thread.
    [[nodiscard]] bool push(Intent intent) { return intents_.push(std::move(intent)); }

    [[nodiscard]] const Clock& clock() const { return clock_; }
    [[nodiscard]] FleetStore& store() { return store_; }
    [[nodiscard]] TelemetryStore& telemetry() { return telemetry_; }
    [[nodiscard]] camera::PictureBoard& board() { return board_; }

    // Messages received so far, of all printers.
    [[nodiscard]] std::uint64_t messages() const;
    // Every printer has reported, or cannot be reached for a reason that is known.
    [[nodiscard]] bool settled() const;

private:
    SystemClock clock_;
    FleetStore store_;
    TelemetryStore telemetry_;
    camera::PictureBoard board_;
    IntentQueue intents_;
    link::LinkManager manager_;
};

}  // namespace farmwall::app
