#pragma once

#include <cstdint>
#include <memory>
#include <vector>

#include "base/result.hpp"

namespace farmwall::app {

// The loudspeaker, used by one thread.
class SoundDevice {
public:
    SoundDevice() = default;
    virtual ~SoundDevice() = default;
    SoundDevice(const SoundDevice&) = delete;
    SoundDevice& operator=(const SoundDevice&) = delete;

    // May take seconds. Error: part of a sentence. Open already and well: does nothing.
    [[nodiscard]] virtual Status open() = 0;
    // Begins to play once, in place of what plays; does not wait. `volume` from 0 to 1. The error as
    // open()'s.
    [[nodiscard]] virtual Status play(const std::vector<std::int16_t>& samples, int rate, double volume) = 0;
    [[nodiscard]] virtual bool playing() = 0;
    virtual void close() = 0;
};

// The default output of this machine; in a build without OpenAL one that cannot be opened.
[[nodiscard]] std::unique_ptr<SoundDevice> system_sound_device();

}  // namespace farmwall::app
