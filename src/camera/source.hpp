#pragma once

#include <cstdint>
#include <functional>
#include <memory>
#include <string>

#include "base/clock.hpp"
#include "base/secret.hpp"
#include "camera/packet.hpp"
#include "model/camera_state.hpp"
#include "net/certificate.hpp"

namespace farmwall::net {
class IoThread;
}

namespace farmwall::camera {

// Hears of one connection to one camera. On the network thread.
class SourceListener {
public:
    virtual ~SourceListener() = default;
    // Logged in and playing: pictures may come.
    virtual void source_opened() = 0;
    // Bytes came from the camera, whether or not they made a picture. At most a few times a second.
    virtual void source_alive() = 0;
    virtual void source_packet(Packet packet) = 0;
    // So many further packets of the stream never came: parts of pictures are missing.
    virtual void source_lost_packets(std::uint64_t) {}
    // Last call, once: every socket of the source is closed. `problem` is none after stop(). The source
    // may be destroyed inside it. `detail` holds neither access code nor address.
    virtual void source_ended(CameraProblem problem, const std::string& detail) = 0;
};

// One connection to one camera; a new object for every attempt. Made, used and destroyed on the network
// thread, which no call here makes wait; no call to the listener happens inside a constructor. Destroying
// it without source_ended() having come closes the sockets at once and calls nobody any more; that, and
// stop(), may happen inside any call to the listener.
class Source {
public:
    virtual ~Source() = default;
    // Says goodbye as far as that takes no longer than 300 ms, closes, then source_ended(none).
    virtual void stop() = 0;
    // Whether every picture is wanted as soon as it is complete; true until said otherwise. False lets
    // bytes lie for up to 100 ms and saves most wake-ups: for a camera that nobody sees, or of which
    // only key frames are shown. Any time; a camera that sends little ignores it.
    virtual void set_prompt(bool) {}
};

// A printer's own camera.
struct PrinterCamera {
    std::string address;  // dotted IPv4
    std::uint16_t port = 0;
    std::string path = "/streaming/live/1";  // RTSPS only
    std::string user = "bblp";
    Secret access_code;
    std::string serial;  // the server name in the TLS greeting
    // Judges the certificate before anything secret is sent.
    std::function<CameraProblem(const net::Certificate&)> judge;
};

// H.264 by RTSP over TLS (protocol 10.3), read by our own client: interleaved RTP, Digest or Basic,
// keep-alives, parameter sets of the SDP and in band.
[[nodiscard]] std::unique_ptr<Source> open_rtsps(net::IoThread& io, const Clock& clock,
                                                 const PrinterCamera& camera, SourceListener& listener);
// The JPEG stream of P1 and A1 (protocol 10.2).
[[nodiscard]] std::unique_ptr<Source> open_jpeg(net::IoThread& io, const Clock& clock,
                                                const PrinterCamera& camera, SourceListener& listener);
// Any RTSP or HTTP address (H.264 or MJPEG) through libavformat on a thread of its own. `url` may hold a
// user and a password.
[[nodiscard]] std::unique_ptr<Source> open_foreign(net::IoThread& io, const Clock& clock, const Secret& url,
                                                   SourceListener& listener);

}  // namespace farmwall::camera
