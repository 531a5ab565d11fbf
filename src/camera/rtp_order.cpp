#include "camera/rtp_order.hpp"

#include <utility>

namespace farmwall::camera {

namespace {

// Farther ahead or behind than that, a packet does not belong to what came before (RFC 3550, A.1).
constexpr int most_ahead = 3000;
constexpr int most_behind = 100;

}  // namespace

void RtpOrder::put(const RtpPacket& packet, Sink& sink) {
    if (source_ != packet.source) return start_anew(packet, sink);
    const auto ahead = static_cast<std::int16_t>(static_cast<std::uint16_t>(packet.sequence - expected_));
    if (ahead > most_ahead || ahead < -most_behind) {
        // One alone may be an accident; two in a row are a new beginning.
        if (far_ == packet.sequence) return start_anew(packet, sink);
        far_ = static_cast<std::uint16_t>(packet.sequence + 1);
        return;
    }
    far_.reset();
    if (ahead < 0) return;
    if (ahead == 0) {
        sink.rtp_packet(packet);
        ++expected_;
        ++passed_;
        return release(sink);
    }
    Waiting& kept = waiting_[passed_ + ahead];
    kept.payload.assign(packet.payload.begin(), packet.payload.end());
    kept.packet = packet;
    kept.packet.payload = kept.payload;
    if (waiting_.size() > window) skip_to_next(sink);
}

void RtpOrder::start_anew(const RtpPacket& packet, Sink& sink) {
    while (!waiting_.empty())
        skip_to_next(sink);
    if (source_) sink.rtp_gap(0);
    source_ = packet.source;
    far_.reset();
    sink.rtp_packet(packet);
    expected_ = static_cast<std::uint16_t>(packet.sequence + 1);
    passed_ = 0;
}

// What waited for nothing but what just came.
void RtpOrder::release(Sink& sink) {
    while (!waiting_.empty() && waiting_.begin()->first == passed_) {
        const auto next = waiting_.extract(waiting_.begin());
        sink.rtp_packet(next.mapped().packet);
        ++expected_;
        ++passed_;
    }
}

void RtpOrder::skip_to_next(Sink& sink) {
    const std::int64_t missing = waiting_.begin()->first - passed_;
    sink.rtp_gap(static_cast<std::uint32_t>(missing));
    expected_ = static_cast<std::uint16_t>(expected_ + missing);
    passed_ += missing;
    release(sink);
}

}  // namespace farmwall::camera
