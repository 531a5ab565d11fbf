#pragma once

#include <chrono>
#include <cstddef>
#include <cstdint>
#include <optional>
#include <span>
#include <vector>

#include "base/clock.hpp"
#include "camera/h264_units.hpp"
#include "camera/packet.hpp"
#include "camera/rtp_packet.hpp"

namespace farmwall::camera {

// Puts access units together from RTP packets in their order (RFC 6184: single NAL units, STAP-A, FU-A).
// An access unit ends with the marker bit, with another timestamp, or before what can only begin the
// next one: there are cameras whose timestamps stand still. One of which a part is missing is dropped;
// the following ones are passed on, and decoders conceal what they lack. Pure.
class H264Assembler {
public:
    static constexpr std::size_t most_bytes = 4UL * 1024 * 1024;  // of one access unit
    // Where no IDR picture came for so long, one of I slices alone counts as a key frame.
    static constexpr Duration patience = std::chrono::seconds{10};

    explicit H264Assembler(const std::vector<std::vector<std::uint8_t>>& parameter_sets);

    // What is complete goes to the end of `done`.
    void packet(const RtpPacket& packet, TimePoint now, std::vector<Packet>& done);
    // Packets are missing before the next one.
    void gap();

    [[nodiscard]] std::uint64_t dropped() const { return dropped_; }  // access units with a part missing

private:
    void payload(std::span<const std::uint8_t> payload);
    void aggregate(std::span<const std::uint8_t> payload);
    void fragment(std::span<const std::uint8_t> payload);
    void begin_unit(std::uint8_t header, std::span<const std::uint8_t> start);
    void append(std::span<const std::uint8_t> bytes);
    void end_unit();
    void finish();
    void clear();

    ParameterSets parameters_;
    std::vector<std::uint8_t> bytes_;  // of the access unit so far, Annex B
    std::size_t unit_at_ = 0;          // where in it the newest NAL unit begins, behind its start code
    bool fragmenting_ = false;         // that unit's end has not come
    bool has_picture_ = false;
    bool idr_ = false;
    bool intra_ = true;     // every slice so far
    bool damaged_ = false;  // a part is missing
    bool gap_ = true;       // the next unit may be from the middle of a picture
    std::optional<std::uint32_t> timestamp_;
    std::optional<TimePoint> newest_idr_;  // or the first picture
    std::uint64_t dropped_ = 0;
    // During packet():
    TimePoint now_{};
    std::vector<Packet>* done_ = nullptr;
};

}  // namespace farmwall::camera
