#pragma once

#include <cstddef>
#include <cstdint>
#include <deque>
#include <optional>

#include "camera/pacing.hpp"
#include "camera/packet.hpp"

namespace farmwall::camera {

// What of one camera's packets is decoded, and what is passed over. A value; no lock, no clock: time is
// the packets' arrival.
//  - Every picture (no_deblock, full): from a key picture on, in order. When more than a few wait and the
//    oldest waits too long, all of them are dropped up to the next key picture.
//  - Key pictures and JPEG: only the newest waits, and none sooner after the last than the order says.
class PacketQueue {
public:
    // So many may always wait.
    static constexpr std::size_t few = 8;
    // More may wait while they came in one burst: until the newest is so much younger than the oldest.
    static constexpr Duration most_lag = std::chrono::milliseconds{300};
    static constexpr std::size_t most = 64;

    void set_order(const PacingOrder& order);
    void offer(Packet packet);
    // The next to decode; nothing: none waits.
    [[nodiscard]] std::optional<Packet> take();
    // The decoder failed on a picture that was taken: the ones that build on it are useless.
    void broken();
    // The connection ended.
    void clear();

    [[nodiscard]] bool empty() const { return waiting_.empty(); }
    // Dropped so far because the decoder was behind.
    [[nodiscard]] std::uint64_t late() const { return late_; }
    // The newest packet that can be decoded by itself, decoded or not.
    [[nodiscard]] const std::optional<Packet>& newest_whole() const { return newest_whole_; }

private:
    void offer_whole(Packet packet);
    void offer_next(Packet packet);
    void skip_to_key();

    PacingOrder order_;
    std::deque<Packet> waiting_;
    bool following_ = false;  // all since a key picture were taken or wait
    bool skipping_ = false;   // not following because the decoder was behind
    std::optional<TimePoint> last_whole_;
    std::optional<Packet> newest_whole_;
    std::uint64_t late_ = 0;
};

}  // namespace farmwall::camera
