#include "camera/rtp_stream.hpp"

#include <span>

namespace farmwall::camera {

void RtpStream::put(std::string_view bytes, TimePoint now, std::vector<Packet>& done) {
    const auto packet = parse_rtp({reinterpret_cast<const std::uint8_t*>(bytes.data()), bytes.size()});
    if (!packet) {
        ++malformed_;
        return;
    }
    ++packets_;
    now_ = now;
    done_ = &done;
    order_.put(*packet, *this);
    done_ = nullptr;
}

void RtpStream::rtp_packet(const RtpPacket& packet) {
    // Others share the numbers, but not the pictures.
    if (packet.payload_type == payload_type_) assembler_.packet(packet, now_, *done_);
}

void RtpStream::rtp_gap(std::uint32_t missing) {
    lost_ += missing;
    assembler_.gap();
}

}  // namespace farmwall::camera
