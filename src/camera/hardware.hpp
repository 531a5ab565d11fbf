#pragma once

#include <memory>
#include <optional>
#include <string>

#include "base/result.hpp"
#include "base/synchronized.hpp"
#include "camera/decode_pool.hpp"
#include "camera/picture_memory.hpp"
#include "camera/video_decoder.hpp"

namespace farmwall::camera {

// The hardware decoder that this machine has. Opens the device, which may take some tens of ms; without
// one, `open` is null and `reason` says why.
[[nodiscard]] HardwareDecoder find_hardware(HardwareDecoding wish, PictureMemory memory);

// Which decoder cameras at every picture get: one choice for the whole machine. Any thread.
class HardwareChoice {
public:
    HardwareChoice(HardwareDecoding wish, PictureMemory memory, std::optional<HardwareDecoder> instead);

    // Looks for a device, once; blocks as find_hardware() does.
    void look();
    // A decoder of one camera; null: in software. A device that gives none is not asked again.
    [[nodiscard]] std::unique_ptr<VideoDecoder> open();
    [[nodiscard]] std::string name() const;
    // "VAAPI", "software", "software (no VAAPI device)", "software (VAAPI: why it failed)".
    [[nodiscard]] std::string text() const;

private:
    HardwareDecoding wish_;
    PictureMemory memory_;
    struct State {
        bool looked = false;
        HardwareDecoder decoder;
    };
    Synchronized<State> state_;
};

}  // namespace farmwall::camera
