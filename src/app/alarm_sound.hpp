#pragma once

#include <functional>
#include <memory>

#include "app/sound_device.hpp"
#include "fleet/fleet_state.hpp"
#include "model/alarm.hpp"

namespace farmwall::app {

// Rings for alarms on this machine's loudspeaker, each time once: nothing loops. The device is opened and
// used on a thread of its own, as that may take seconds; one that is missing or lost is looked for again at
// each ring. No call here waits, except stop().
class AlarmSound {
public:
    using OnHealth = std::function<void(const OutputHealth&)>;

    // `on_health` is called from our thread, first when the device was opened or is missing, then on change.
    AlarmSound(int volume_percent, OnHealth on_health,
               std::unique_ptr<SoundDevice> device = system_sound_device());
    // Stops.
    ~AlarmSound();
    AlarmSound(const AlarmSound&) = delete;
    AlarmSound& operator=(const AlarmSound&) = delete;

    // Any thread. Rings for raised, repeated and escalated alarms of the kinds that ring; else does nothing.
    void heard(const AlarmRecord& record);
    // Rings now. What plays is replaced only by a higher level.
    void ring(int level);
    // Silence, within 1 s; a device that hangs is left behind. Later calls do nothing.
    void stop();

private:
    struct Shared;
    std::shared_ptr<Shared> shared_;
};

// Whether a record makes a sound.
[[nodiscard]] bool makes_sound(const AlarmRecord& record);

}  // namespace farmwall::app
