#include <algorithm>
#include <utility>

#include "camera/black_box.hpp"

namespace farmwall::camera {

void PacketRing::push(Packet packet) {
    if (!packet.bytes) return;
    if (held_.empty() && !packet.key) return;  // nothing it could be decoded after
    std::size_t bytes = packet.bytes->size() + Bytes::padding + sizeof(Held);
    // Parameter sets are shared by all packets until they change.
    if (packet.parameters && (held_.empty() || held_.back().packet.parameters != packet.parameters))
        bytes += packet.parameters->size() + Bytes::padding;
    bytes_ += bytes;
    held_.push_back({std::move(packet), bytes});
    trim();
}

void PacketRing::set_most_bytes(std::size_t bytes) {
    most_bytes_ = bytes;
    trim();
}

std::vector<Packet> PacketRing::since(TimePoint since) const {
    std::vector<Packet> found;
    if (held_.empty() || held_.back().packet.arrived < since) return found;
    auto first = held_.begin();  // a key frame
    for (auto it = held_.end(); it != held_.begin();) {
        --it;
        if (!it->packet.key || it->packet.arrived > since) continue;
        first = it;
        break;
    }
    found.reserve(static_cast<std::size_t>(held_.end() - first));
    for (auto it = first; it != held_.end(); ++it)
        found.push_back(it->packet);
    return found;
}

void PacketRing::clear() {
    held_.clear();
    bytes_ = 0;
}

void PacketRing::drop_first() {
    bytes_ -= held_.front().bytes;
    held_.pop_front();
}

// The first key frame and all that needs it.
void PacketRing::drop_group() {
    do {
        drop_first();
    } while (!held_.empty() && !held_.front().packet.key);
}

void PacketRing::trim() {
    while (bytes_ > most_bytes_ && !held_.empty())
        drop_group();
    if (held_.empty()) return;
    const TimePoint horizon = held_.back().packet.arrived - longest_;
    const auto in_span = [&](const Held& held) { return held.packet.arrived >= horizon; };
    while (!in_span(held_.front())) {
        const auto next_key =
            std::find_if(held_.begin() + 1, held_.end(), [](const Held& held) { return held.packet.key; });
        if (next_key == held_.end() || next_key->packet.arrived > horizon) return;
        drop_group();
    }
}

}  // namespace farmwall::camera
