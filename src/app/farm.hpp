#pragma once

#include <filesystem>
#include <functional>
#include <memory>
#include <string>

#include "app/alarm_sound.hpp"
#include "app/camera_feed.hpp"
#include "app/job_queue.hpp"
#include "base/clock.hpp"
#include "camera/camera_manager.hpp"
#include "camera/picture_board.hpp"
#include "config/config.hpp"
#include "dispatch/dispatcher.hpp"
#include "fleet/fleet_store.hpp"
#include "fleet/intent_queue.hpp"
#include "fleet/telemetry.hpp"
#include "link/alarm_outputs.hpp"
#include "link/link_manager.hpp"
#include "net/io_thread.hpp"
#include "queue/history.hpp"

namespace farmwall::app {

// What a farm is for. One that only looks rings for nobody, tells nobody and keeps no history: it may run
// beside one that serves.
enum class Purpose { serve, look };

// Everything below the screens, wired together. Members that others call are declared first, so
// that they die last.
class Farm {
public:
    // `on_publish` is called on the publisher's thread after each publication. Opens the history: reads the
    // disk. A history that cannot be opened is logged and done without.
    Farm(const config::Config& config, const std::filesystem::path& root, std::function<void()> on_publish,
         Purpose purpose = Purpose::serve);
    // Stops.
    ~Farm();
    Farm(const Farm&) = delete;
    Farm& operator=(const Farm&) = delete;

    void start();
    // Intents are refused from now on, sessions and cameras end side by side; within 3 s. Later calls do
    // nothing.
    void stop();

    // False when too many wait. Any thread.
    [[nodiscard]] bool push(Intent intent) { return intents_.push(std::move(intent)); }

    [[nodiscard]] const Clock& clock() const { return clock_; }
    [[nodiscard]] FleetStore& store() { return store_; }
    [[nodiscard]] TelemetryStore& telemetry() { return telemetry_; }
    [[nodiscard]] camera::PictureBoard& board() { return board_; }
    [[nodiscard]] camera::CameraManager& cameras() { return cameras_; }

    // Messages received so far, of all printers.
    [[nodiscard]] std::uint64_t messages() const;
    // Every printer has reported, or cannot be reached for a reason that is known.
    [[nodiscard]] bool settled() const;

private:
    void heard_alarm(const AlarmRecord& record);
    void test_alarm_outputs(const std::string& output);
    // From the outputs' own threads.
    void publish_health(const OutputHealth& health);
    void publish_camera(std::size_t camera, const CameraState& state);
    void heard_wish(std::size_t printer, const Wish& wish);

    net::IoThread net_{"net"};
    SystemClock clock_;
    camera::PictureBoard board_;
    FleetStore store_;
    TelemetryStore telemetry_;
    IntentQueue intents_;
    std::unique_ptr<queue::History> history_;      // null: none could be opened, or none is kept
    std::unique_ptr<link::AlarmOutputs> outputs_;  // null: nobody is told
    std::unique_ptr<AlarmSound> sound_;            // null: silent
    link::LinkManager links_;
    std::unique_ptr<JobQueue> jobs_;  // null: this program has no queue
    dispatch::Dispatcher dispatcher_;
    camera::CameraManager cameras_;
    CameraFeed feed_;
};

}  // namespace farmwall::app
