#pragma once

#include <cstdint>
#include <string_view>
#include <vector>

#include "camera/h264_assembler.hpp"
#include "camera/rtp_order.hpp"
#include "camera/sdp.hpp"

namespace farmwall::camera {

// The H.264 track of one session: RTP packets in, access units out. Pure.
class RtpStream final : RtpOrder::Sink {
public:
    explicit RtpStream(const SdpTrack& track)
        : payload_type_{track.payload_type}, assembler_{track.parameter_sets} {}

    // One packet as it came; what is complete goes to the end of `done`.
    void put(std::string_view bytes, TimePoint now, std::vector<Packet>& done);

    [[nodiscard]] std::uint64_t packets() const { return packets_; }
    [[nodiscard]] std::uint64_t lost() const { return lost_; }  // packets that never came
    [[nodiscard]] std::uint64_t malformed() const { return malformed_; }
    [[nodiscard]] std::uint64_t dropped() const { return assembler_.dropped(); }  // pictures

private:
    void rtp_packet(const RtpPacket& packet) override;
    void rtp_gap(std::uint32_t missing) override;

    int payload_type_;
    RtpOrder order_;
    H264Assembler assembler_;
    std::uint64_t packets_ = 0;
    std::uint64_t lost_ = 0;
    std::uint64_t malformed_ = 0;
    // During put():
    TimePoint now_{};
    std::vector<Packet>* done_ = nullptr;
};

}  // namespace farmwall::camera
