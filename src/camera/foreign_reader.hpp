#pragma once

#include <atomic>
#include <cstdint>
#include <functional>
#include <string>

#include "base/secret.hpp"
#include "camera/packet.hpp"
#include "model/camera_state.hpp"

namespace farmwall::camera {

// Why a foreign stream is over. `detail` is the library's words, without the address.
struct ForeignEnd {
    CameraProblem problem = CameraProblem::none;
    std::string detail;
};

// What a foreign stream is told to; on its thread.
struct ForeignEvents {
    std::function<void()> opened;
    // Arrival is stamped by the receiver.
    std::function<void(Packet)> packet;
};

// Opens the address with libavformat and reads until `stop`, an error or silence: blocks all the time,
// but ends within half a second of `stop` (a name that is being looked up may take the system longer).
// Only RTSP and HTTP addresses, with TLS or without, are opened: no file, no other protocol, whatever
// the server points to. A server that answers with a single JPEG is asked again every second.
[[nodiscard]] ForeignEnd read_foreign(const Secret& url, const std::atomic<bool>& stop,
                                      const ForeignEvents& events);

}  // namespace farmwall::camera
