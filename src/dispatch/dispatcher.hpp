#pragma once

#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "base/clock.hpp"
#include "dispatch/ports.hpp"
#include "dispatch/scheduler.hpp"
#include "dispatch/tracker.hpp"
#include "fleet/fleet_store.hpp"
#include "fleet/intent_queue.hpp"
#include "model/alarm.hpp"

namespace farmwall::queue {
class History;
}

namespace farmwall::dispatch {

// The job queue and those that do its work; all outlive the dispatcher. `slicers` may be null.
struct QueueSetup {
    SchedulerSettings settings;
    queue::QueueContent content;  // as it was on the disk
    std::string problem;          // what was wrong with it, one sentence
    PrintStarts* starts = nullptr;
    Uploads* uploads = nullptr;
    QueueFiles* files = nullptr;
    Slicers* slicers = nullptr;
};

struct DispatcherSettings {
    std::size_t printers = 0;
    TrackerTimes times;
    AlarmTimes alarms;
    // Hears every record of the alarm book, for sound and outputs; on the dispatcher's thread, may not wait.
    std::function<void(const AlarmRecord&)> on_alarm;
    // A person wants to know whether the outputs work.
    std::function<void(const std::string& output)> on_test_outputs;
    std::optional<QueueSetup> queue;  // nothing: this program has none
};

// The thread between wishes and printers: commands, alarms, history. It waits for nothing but its own inbox.
class Dispatcher {
public:
    // `history` may be null: then nothing is kept. All outlive it.
    Dispatcher(DispatcherSettings settings, const Clock& clock, FleetStore& store, IntentQueue& intents,
               PrinterLinks& links, queue::History* history);
    // stop(), if that was not called.
    ~Dispatcher();
    Dispatcher(const Dispatcher&) = delete;
    Dispatcher& operator=(const Dispatcher&) = delete;

    // After the printers were published.
    void start();
    // Takes what is queued, then ends; within a second.
    void stop();

    // Intents wait; cheap, any thread: IntentQueue's on_push.
    void wake();
    // A new state was published; cheap, any thread: FleetStore's on_publish.
    void published();
    // Any thread.
    void link_event(LinkEvent event);
    void upload_event(UploadEvent event);
    void files_event(queue::FilesEvent event);
    void slice_event(SliceEvent event);

private:
    struct Impl;
    std::unique_ptr<Impl> impl_;
};

}  // namespace farmwall::dispatch
