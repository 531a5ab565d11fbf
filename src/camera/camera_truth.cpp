#include "camera/camera_truth.hpp"

#include <algorithm>
#include <array>

namespace farmwall::camera {
namespace {

// A usual period beyond this is a wrong measurement; keeps sums of times in range.
constexpr Duration longest_period = std::chrono::hours{1};

struct Finding {
    CameraTruth truth = CameraTruth::live;
    CameraProblem problem = CameraProblem::none;
    friend bool operator==(const Finding&, const Finding&) = default;
};

// Every rule compares `now` with one of these moments, and only by "not before": between two of them
// the verdict cannot change.
struct Moments {
    std::optional<TimePoint> first_picture_due;  // connected for so long without a picture
    std::optional<TimePoint> stale;
    std::optional<TimePoint> silent;    // no byte for as long as makes a picture stale
    std::optional<TimePoint> unlooked;  // what was decoded says nothing any more

    [[nodiscard]] std::array<std::optional<TimePoint>, 4> all() const {
        return {first_picture_due, stale, silent, unlooked};
    }
};

bool reached(const std::optional<TimePoint>& moment, TimePoint now) { return moment && now >= *moment; }

bool of_this_connection(const CameraWitness& witness, TimePoint picture) {
    return witness.connected && (!witness.connected_at || picture >= *witness.connected_at);
}

Duration stale_limit(const CameraWitness& witness, const TruthTimes& times, bool of_this) {
    if (witness.codec == Codec::h264) return times.rtsp_stale;
    if (!witness.usual_period || !of_this) return times.jpeg_least;
    return std::max(times.jpeg_least, 3 * std::min(*witness.usual_period, longest_period));
}

Moments moments_of(const CameraWitness& witness, const TruthTimes& times) {
    Moments moments;
    if (witness.connected && witness.connected_at)
        moments.first_picture_due = *witness.connected_at + times.first_picture;
    moments.stale = stale_at(witness, times);
    if (witness.connected) {
        const auto heard = witness.last_byte ? witness.last_byte : witness.connected_at;
        if (heard) moments.silent = *heard + stale_limit(witness, times, true);
    }
    if (witness.last_decoded) moments.unlooked = *witness.last_decoded + times.looked;
    return moments;
}

Finding without_picture(const CameraWitness& witness, const Moments& moments, TimePoint now) {
    if (witness.connected && reached(moments.first_picture_due, now))
        return {CameraTruth::no_signal, CameraProblem::no_picture};
    if (witness.problem != CameraProblem::none) return {CameraTruth::no_signal, witness.problem};
    return {CameraTruth::connecting, CameraProblem::none};
}

// Why no newer picture comes; none where that is not known (yet).
CameraProblem why_stale(const CameraWitness& witness, const Moments& moments, TimePoint now) {
    if (!witness.connected) return witness.problem;
    if (witness.undecodable_since) return CameraProblem::wrong_data;
    if (!of_this_connection(witness, *witness.last_packet)) {
        return reached(moments.first_picture_due, now) ? CameraProblem::no_picture : witness.problem;
    }
    return reached(moments.silent, now) ? CameraProblem::stalled : CameraProblem::no_picture;
}

// The same picture was looked at for long enough while the print advanced. That time passed since the last
// look proves nothing: nobody may have looked.
bool frozen(const CameraWitness& witness, const TruthTimes& times) {
    if (!witness.facts.printing || !witness.printing_since) return false;
    TimePoint since = *witness.printing_since;
    if (witness.last_change) since = std::max(since, *witness.last_change);
    return *witness.last_decoded >= since + times.frozen;
}

bool slow(const CameraWitness& witness) {
    if (!witness.usual_period) return false;
    const Duration period = std::min(*witness.usual_period, longest_period);
    if (witness.codec == Codec::jpeg) return period >= slow_jpeg_period;
    return period * slow_rtsp_rate > std::chrono::seconds{1};
}

Finding find(const CameraWitness& witness, const TruthTimes& times, const Moments& moments, TimePoint now) {
    if (witness.facts.obstacle != CameraProblem::none) return {CameraTruth::off, witness.facts.obstacle};
    if (!witness.last_packet) return without_picture(witness, moments, now);
    if (reached(moments.stale, now)) return {CameraTruth::stale, why_stale(witness, moments, now)};
    if (witness.last_decoded && !reached(moments.unlooked, now)) {
        // Where nothing can be seen, nothing can be seen to move.
        if (witness.mean_luma && *witness.mean_luma < dark_luma)
            return {CameraTruth::dark, CameraProblem::none};
        if (frozen(witness, times)) return {CameraTruth::frozen, CameraProblem::none};
    }
    return {slow(witness) ? CameraTruth::slow : CameraTruth::live, CameraProblem::none};
}

}  // namespace

std::optional<TimePoint> newest_picture(const CameraWitness& witness) {
    if (!witness.last_packet || !witness.undecodable_since) return witness.last_packet;
    return std::min(*witness.last_packet, *witness.undecodable_since);
}

std::optional<TimePoint> stale_at(const CameraWitness& witness, const TruthTimes& times) {
    const auto picture = newest_picture(witness);
    if (!picture) return std::nullopt;
    return *picture + stale_limit(witness, times, of_this_connection(witness, *picture));
}

Verdict judge(const CameraWitness& witness, const TruthTimes& times, TimePoint now) {
    const Moments moments = moments_of(witness, times);
    const Finding finding = find(witness, times, moments, now);
    Verdict verdict{finding.truth, finding.problem, std::nullopt};
    for (const auto& moment : moments.all()) {
        if (!moment || *moment <= now || (verdict.changes_at && *moment >= *verdict.changes_at)) continue;
        if (find(witness, times, moments, *moment) != finding) verdict.changes_at = moment;
    }
    return verdict;
}

}  // namespace farmwall::camera
