#pragma once

#include <cstddef>
#include <cstdint>
#include <map>
#include <optional>
#include <vector>

#include "camera/rtp_packet.hpp"

namespace farmwall::camera {

// Brings the packets of one stream into their order: waits a few packets for one that is missing, drops
// what came twice or too late, follows a stream that starts anew. Pure.
class RtpOrder {
public:
    // So many packets may wait for a missing one.
    static constexpr std::size_t window = 16;

    struct Sink {
        virtual ~Sink() = default;
        virtual void rtp_packet(const RtpPacket& packet) = 0;
        // Before the next packet so many are missing for good; 0: nobody knows how many, the stream
        // started anew.
        virtual void rtp_gap(std::uint32_t missing) = 0;
    };

    void put(const RtpPacket& packet, Sink& sink);

private:
    struct Waiting {
        RtpPacket packet;  // its payload is below
        std::vector<std::uint8_t> payload;
    };
    void start_anew(const RtpPacket& packet, Sink& sink);
    void release(Sink& sink);
    void skip_to_next(Sink& sink);

    std::optional<std::uint32_t> source_;
    std::uint16_t expected_ = 0;
    // By distance from the first packet of the stream, so that the order survives the wrap.
    std::int64_t passed_ = 0;  // the distance of `expected_`
    std::map<std::int64_t, Waiting> waiting_;
    std::optional<std::uint16_t> far_;  // what would follow a packet that was far off
};

}  // namespace farmwall::camera
