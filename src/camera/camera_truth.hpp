#pragma once

#include <chrono>
#include <optional>

#include "base/clock.hpp"
#include "camera/packet.hpp"
#include "model/camera_state.hpp"

namespace farmwall::camera {

struct TruthTimes {
    // RTSP: a picture older than this is stale. JPEG: three usual periods, but at least `jpeg_least`.
    Duration rtsp_stale = std::chrono::seconds{3};
    Duration jpeg_least = std::chrono::seconds{6};
    // Pictures come, none of them differs, and the print advances.
    Duration frozen = std::chrono::seconds{30};
    // Connected and no picture yet: still connecting for so long.
    Duration first_picture = std::chrono::seconds{10};
    // What was decoded says something about frozen and dark for so long: a camera that nobody sees is
    // looked at once in ten seconds, or not at all.
    Duration looked = std::chrono::seconds{30};
};

// Mean luma (0-255 full range) below which nothing can be seen. A closed chamber without light gives 2-8 with
// the noise of its sensor, one that the room lights from outside 12 and more, one with its light on 60.
inline constexpr double dark_luma = 10;
// A usual period of at least this is slow for JPEG; RTSP is slow below three pictures a second.
inline constexpr Duration slow_jpeg_period = std::chrono::milliseconds{800};
inline constexpr int slow_rtsp_rate = 3;

// What was seen of one camera's connection. Times are of arrival; RTP time is never believed.
struct CameraWitness {
    Codec codec = Codec::h264;
    CameraFacts facts;
    bool connected = false;                       // logged in and playing
    std::optional<TimePoint> connected_at;        // of this connection
    CameraProblem problem = CameraProblem::none;  // why the last attempt ended; none once pictures come
    std::optional<TimePoint> last_byte;           // of this connection
    std::optional<TimePoint> last_packet;         // the newest picture received, of any connection
    std::optional<TimePoint> last_decoded;        // the newest picture that was looked at
    // Pictures come and are looked at, but none could be decoded since this one; nothing once one could.
    std::optional<TimePoint> undecodable_since;
    std::optional<TimePoint> last_change;     // the newest picture that differed from the one before
    std::optional<TimePoint> printing_since;  // facts.printing holds since then
    std::optional<double> mean_luma;          // of the newest decoded picture, 0-255 full range
    std::optional<Duration> usual_period;     // between pictures, a running median
};

struct Verdict {
    CameraTruth truth = CameraTruth::connecting;
    // Meaningful with off and no_signal; with stale it is why no newer picture comes, if that is known.
    CameraProblem problem = CameraProblem::none;
    // When the verdict changes although nothing arrives; nothing: never.
    std::optional<TimePoint> changes_at;
    friend bool operator==(const Verdict&, const Verdict&) = default;
};

// Pure. In this order: an obstacle of the facts is `off`; never a picture is `connecting` (nothing failed
// yet) or `no_signal` with the problem, which stays while the next attempt is on its way; a picture that
// was seen and is older than its limit is `stale`, for as long as the program runs, and connecting again
// makes none younger; then dark, frozen, slow, live. At `changes_at` itself the verdict is another one.
[[nodiscard]] Verdict judge(const CameraWitness& witness, const TruthTimes& times, TimePoint now);

// The picture that a viewer has at best: the newest received, or, where pictures come that cannot be
// decoded, the last before those.
[[nodiscard]] std::optional<TimePoint> newest_picture(const CameraWitness& witness);
// When that picture is stale unless a newer one comes: the limit of its kind; a picture of an earlier
// connection has only the least limit, however slow the camera used to be.
[[nodiscard]] std::optional<TimePoint> stale_at(const CameraWitness& witness, const TruthTimes& times);

}  // namespace farmwall::camera
