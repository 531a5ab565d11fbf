#pragma once

#include <optional>

#include "base/result.hpp"
#include "camera/camera_decoder.hpp"
#include "camera/decode_pool.hpp"

namespace farmwall::camera {

// What a snapshot can be made of.
struct SnapshotMaterial {
    Serial serial;
    std::optional<Packet> whole;  // the newest packet that can be decoded by itself
    SharedFrame frame;            // the newest on the board
    int width = 0;                // wished, 0: as sent
};

// On a decoder's thread. Errors: unavailable (no picture yet, or none that can be decoded).
[[nodiscard]] Result<Snapshot> make_snapshot(const SnapshotMaterial& material, DecoderTools& tools,
                                             TimePoint now);

}  // namespace farmwall::camera
