#include "camera/packet_queue.hpp"

#include <algorithm>
#include <utility>

namespace farmwall::camera {
namespace {

bool every_picture(DecodeLevel level) {
    return level == DecodeLevel::no_deblock || level == DecodeLevel::full;
}

bool stands_alone(const Packet& packet) { return packet.codec == Codec::jpeg || packet.key; }

}  // namespace

void PacketQueue::set_order(const PacingOrder& order) {
    const bool followed = every_picture(order_.level);
    order_ = order;
    if (every_picture(order.level)) return;
    skipping_ = false;
    if (followed) {
        following_ = false;
        std::erase_if(waiting_, [](const Packet& packet) { return !stands_alone(packet); });
        while (waiting_.size() > 1)
            waiting_.pop_front();
    }
    if (order.level == DecodeLevel::discard) waiting_.clear();
}

void PacketQueue::offer(Packet packet) {
    if (!packet.bytes || packet.bytes->size() == 0) return;
    if (stands_alone(packet)) newest_whole_ = packet;
    if (order_.level == DecodeLevel::discard) return;
    if (packet.codec == Codec::h264 && every_picture(order_.level)) {
        offer_next(std::move(packet));
    } else if (stands_alone(packet)) {
        offer_whole(std::move(packet));
    }
}

void PacketQueue::offer_whole(Packet packet) {
    // An eighth too early counts as due: pictures that come once a second do not come to the millisecond.
    const Duration least = order_.least_interval - order_.least_interval / 8;
    if (last_whole_ && packet.arrived - *last_whole_ < least) return;
    last_whole_ = packet.arrived;
    late_ += waiting_.size();
    waiting_.clear();
    waiting_.push_back(std::move(packet));
}

void PacketQueue::offer_next(Packet packet) {
    if (packet.key) {
        following_ = true;
        skipping_ = false;
    }
    if (!following_) {
        if (skipping_) ++late_;
        return;
    }
    last_whole_ = packet.key ? packet.arrived : last_whole_;
    waiting_.push_back(std::move(packet));
    const bool behind =
        waiting_.size() > few && waiting_.back().arrived - waiting_.front().arrived > most_lag;
    if (behind || waiting_.size() > most) skip_to_key();
}

// To the newest key picture that waits, else to the next that comes.
void PacketQueue::skip_to_key() {
    const auto key = std::find_if(waiting_.rbegin(), waiting_.rend(), [](const Packet& p) { return p.key; });
    const auto keep =
        key == waiting_.rend() || std::next(key) == waiting_.rend() ? waiting_.end() : std::prev(key.base());
    following_ = keep != waiting_.end();
    skipping_ = !following_;
    late_ += static_cast<std::uint64_t>(keep - waiting_.begin());
    waiting_.erase(waiting_.begin(), keep);
}

std::optional<Packet> PacketQueue::take() {
    if (waiting_.empty()) return std::nullopt;
    std::optional<Packet> taken{std::move(waiting_.front())};
    waiting_.pop_front();
    return taken;
}

void PacketQueue::broken() {
    const auto key = std::find_if(waiting_.begin(), waiting_.end(), stands_alone);
    if (key == waiting_.end()) following_ = false;
    waiting_.erase(waiting_.begin(), key);
    last_whole_.reset();  // the next whole picture tells whether it was only that one
}

void PacketQueue::clear() {
    waiting_.clear();
    following_ = false;
    skipping_ = false;
    last_whole_.reset();
    newest_whole_.reset();
}

}  // namespace farmwall::camera
