#include "camera/h264_assembler.hpp"

#include <algorithm>
#include <array>
#include <memory>
#include <utility>

namespace farmwall::camera {

namespace {

constexpr unsigned stap_a = 24;
constexpr unsigned fu_a = 28;
constexpr unsigned last_single_unit = 23;
constexpr std::array<std::uint8_t, 4> start_code{0, 0, 0, 1};

}  // namespace

H264Assembler::H264Assembler(const std::vector<std::vector<std::uint8_t>>& parameter_sets) {
    for (const auto& unit : parameter_sets)
        parameters_.note(unit);
}

void H264Assembler::packet(const RtpPacket& packet, TimePoint now, std::vector<Packet>& done) {
    now_ = now;
    done_ = &done;
    if (timestamp_ && *timestamp_ != packet.timestamp) finish();
    timestamp_ = packet.timestamp;
    if (!packet.payload.empty()) payload(packet.payload);
    if (packet.marker) finish();
    done_ = nullptr;
}

void H264Assembler::gap() {
    gap_ = true;
    if (has_picture_) {
        damaged_ = true;
    } else if (fragmenting_ && !damaged_) {
        bytes_.resize(unit_at_ - start_code.size());
    }
    fragmenting_ = false;
}

void H264Assembler::payload(std::span<const std::uint8_t> payload) {
    const unsigned type = nal_type(payload[0]);
    if (type == fu_a) return fragment(payload);
    if (fragmenting_) {  // the end of that unit never came
        damaged_ = true;
        fragmenting_ = false;
    }
    if (type == stap_a) return aggregate(payload);
    if (type == 0 || type > last_single_unit) return;  // nothing that was agreed upon
    begin_unit(payload[0], payload);
    append(payload);
    end_unit();
}

void H264Assembler::aggregate(std::span<const std::uint8_t> payload) {
    for (payload = payload.subspan(1); !payload.empty();) {
        const std::size_t size = payload.size() < 2 ? 0 : payload[0] * 256UL + payload[1];
        if (size == 0 || size > payload.size() - 2) {
            damaged_ = true;
            return;
        }
        const auto unit = payload.subspan(2, size);
        payload = payload.subspan(2 + size);
        begin_unit(unit[0], unit);
        append(unit);
        end_unit();
    }
}

void H264Assembler::fragment(std::span<const std::uint8_t> payload) {
    if (payload.size() < 2) {
        damaged_ = true;
        return;
    }
    const bool starts = (payload[1] & 0x80U) != 0;
    const bool ends = (payload[1] & 0x40U) != 0;
    if (starts) {
        if (fragmenting_) damaged_ = true;
        const auto header = static_cast<std::uint8_t>((payload[0] & 0xE0U) | (payload[1] & 0x1FU));
        std::array<std::uint8_t, 12> beginning{header};
        const std::size_t size = std::min(beginning.size() - 1, payload.size() - 2);
        std::copy_n(payload.begin() + 2, size, beginning.begin() + 1);
        begin_unit(header, std::span{beginning}.first(1 + size));
        append(std::span{&header, 1});
        fragmenting_ = true;
    } else if (!fragmenting_) {  // its beginning never came
        damaged_ = true;
        return;
    }
    append(payload.subspan(2));
    if (!ends) return;
    fragmenting_ = false;
    end_unit();
}

// `start`: the unit with its header, or its first bytes.
void H264Assembler::begin_unit(std::uint8_t header, std::span<const std::uint8_t> start) {
    const unsigned type = nal_type(header);
    const auto slice = read_slice_start(start);
    const bool first_slice = slice && slice->first_macroblock == 0;
    if (has_picture_ && (begins_unit(type) || first_slice)) finish();
    if (std::exchange(gap_, false) && !begins_unit(type) && !first_slice) damaged_ = true;
    if (is_picture(type)) {
        has_picture_ = true;
        idr_ = idr_ || type == nal::idr;
        intra_ = intra_ && slice && slice->intra();
    }
    append(start_code);
    unit_at_ = bytes_.size();
}

void H264Assembler::append(std::span<const std::uint8_t> bytes) {
    if (bytes_.size() + bytes.size() > most_bytes) {
        damaged_ = true;
        bytes_.clear();
        unit_at_ = 0;
    }
    if (!damaged_) bytes_.insert(bytes_.end(), bytes.begin(), bytes.end());
}

void H264Assembler::end_unit() {
    if (unit_at_ < bytes_.size()) parameters_.note(std::span{bytes_}.subspan(unit_at_));
}

void H264Assembler::finish() {
    if (fragmenting_) damaged_ = true;
    if (damaged_) {
        ++dropped_;
        return clear();
    }
    if (!has_picture_) return;  // parameter sets ahead of their picture
    Packet packet;
    packet.codec = Codec::h264;
    std::vector<std::uint8_t> exact;
    exact.reserve(bytes_.size() + Bytes::padding);
    exact.assign(bytes_.begin(), bytes_.end());
    packet.bytes = std::make_shared<const Bytes>(std::move(exact));
    packet.parameters = parameters_.annex_b();
    packet.arrived = now_;
    if (idr_ || !newest_idr_) newest_idr_ = now_;
    const bool late_intra = intra_ && now_ - *newest_idr_ > patience;
    packet.key = packet.parameters != nullptr && (idr_ || late_intra);
    done_->push_back(std::move(packet));
    clear();
}

void H264Assembler::clear() {
    bytes_.clear();
    unit_at_ = 0;
    fragmenting_ = false;
    has_picture_ = false;
    idr_ = false;
    intra_ = true;
    damaged_ = false;
}

}  // namespace farmwall::camera
