#pragma once

#include <functional>
#include <memory>
#include <vector>

#include "base/clock.hpp"
#include "dispatch/ports.hpp"
#include "dispatch/tracker.hpp"
#include "fleet/fleet_store.hpp"
#include "fleet/intent_queue.hpp"
#include "model/alarm.hpp"

namespace farmwall::queue {
class History;
}

namespace farmwall::dispatch {

struct DispatcherSettings {
    std::size_t printers = 0;
    TrackerTimes times;
    AlarmTimes alarms;
    // Hears every record of the alarm book, for sound and outputs; on the dispatcher's thread, may not wait.
    std::function<void(const AlarmRecord&)> on_alarm;
    // A person wants to know whether the outputs work.
    std::function<void(const std::string& output)> on_test_outputs;
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

private:
    struct Impl;
    std::unique_ptr<Impl> impl_;
};

}  // namespace farmwall::dispatch
