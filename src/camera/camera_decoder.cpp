#include "camera/camera_decoder.hpp"

#include <algorithm>
#include <utility>

#include "base/platform.hpp"
#include "camera/picture_planes.hpp"

namespace farmwall::camera {
namespace {

// What a picture costs beside one that is decoded fully: measured with 1080p, 3 Mbit/s, a key picture in 30.
constexpr double cost_without_deblocking = 0.72;
constexpr double cost_of_a_key = 4.0;
constexpr int most_divisor = 4;

bool equal(const SharedBytes& a, const SharedBytes& b) {
    if (a == b) return true;
    return a && b && std::ranges::equal(a->view(), b->view());
}

bool every_picture(DecodeLevel level) {
    return level == DecodeLevel::no_deblock || level == DecodeLevel::full;
}

double milliseconds_since(double start) { return (platform::thread_cpu_seconds() - start) * 1000; }

}  // namespace

Result<Picture> KeyDecoders::decode(const Packet& key, TimePoint now) {
    auto found = std::ranges::find_if(
        decoders_, [&](const Entry& entry) { return equal(entry.parameters, key.parameters); });
    if (found == decoders_.end()) {
        auto opened = H264Decoder::open(memory_);
        if (!opened) return opened.error();
        if (decoders_.size() >= most) decoders_.erase(std::ranges::min_element(decoders_, {}, &Entry::used));
        decoders_.push_back({key.parameters, std::move(opened).value(), now});
        found = std::prev(decoders_.end());
    }
    found->used = now;
    auto picture = found->decoder->decode_alone(key);
    if (!picture) decoders_.erase(found);  // what damage taught it must not stay
    return picture;
}

void KeyDecoders::give_back(TimePoint unused_since) {
    std::erase_if(decoders_, [&](const Entry& entry) { return entry.used <= unused_since; });
}

std::optional<TimePoint> KeyDecoders::oldest_use() const {
    if (decoders_.empty()) return std::nullopt;
    return std::ranges::min_element(decoders_, {}, &Entry::used)->used;
}

bool CameraDecoder::forget() {
    hardware_failure_.clear();
    change_.forget();
    pictures_ = {};
    return release();
}

// With the camera's own decoder. The first packet is a key picture; after an error the next one is.
Status CameraDecoder::decode_stream(const Packet& packet, bool deblock, DecoderTools& tools) {
    if (!own_) {
        if (!packet.key) return Error{ErrorKind::bad_input, "The stream does not begin with a key picture"};
        own_ = hardware_failure_.empty() ? hardware_.open() : nullptr;
        own_is_hardware_ = own_ != nullptr;
    }
    if (!own_) {
        auto opened = H264Decoder::open(tools.memory);
        if (!opened) return opened.error();
        own_ = std::move(opened).value();
    }
    Status done = own_->decode(packet, deblock, pictures_);
    if (done.ok()) return done;
    // What damage taught the decoder about the stream, pictures out of order above all, must not stay.
    own_.reset();
    if (!own_is_hardware_) return done;
    hardware_failure_ = hardware_.name() + ": " + done.error().text();
    // A key picture need not wait for the next one.
    return packet.key ? decode_stream(packet, deblock, tools) : done;
}

// Into pictures_.
Status CameraDecoder::decode_picture(const Packet& packet, const DecodeOrder& order, DecoderTools& tools,
                                     TimePoint now) {
    if (packet.codec == Codec::h264 && every_picture(order.pacing.level))
        return decode_stream(packet, order.pacing.level == DecodeLevel::full, tools);
    if (packet.codec == Codec::h264) own_.reset();
    auto picture = packet.codec == Codec::jpeg
                       ? tools.jpeg.decode(packet.bytes->view(), order.width, order.height)
                       : tools.keys.decode(packet, now);
    if (!picture) return picture.error();
    picture.value().arrived = packet.arrived;
    pictures_.push_back(std::move(picture).value());
    return Done{};
}

CameraDecoder::Made CameraDecoder::finish(const Picture& picture, const DecodeOrder& order,
                                          DecoderTools& tools) {
    // JPEG was scaled while it was decoded.
    const int divisor =
        picture.width != picture.source_width
            ? 1
            : divisor_for(picture.width, picture.height, order.width, order.height, most_divisor);
    const Picture small = shrink(picture, divisor, tools.memory);
    const ChangeDetector::Look look = change_.look(small);

    auto frame = std::make_shared<Frame>();
    frame->serial = serial_;
    frame->number = ++number_;
    frame->arrived = picture.arrived;
    frame->width = small.width;
    frame->height = small.height;
    frame->source_width = picture.source_width;
    frame->source_height = picture.source_height;
    frame->layout = order.layout;
    frame->full_range = small.full_range;
    frame->bt709 = small.bt709;
    frame->planes = small.planes;
    frame->keeper = small.keeper;
    if (order.layout == PixelLayout::rgba) {
        const int stride = small.width * 4;
        const auto rgba =
            tools.memory.take(static_cast<std::size_t>(stride) * static_cast<std::size_t>(small.height));
        write_rgba(small, rgba.get(), stride);
        frame->planes = {Plane{rgba.get(), stride}};
        frame->keeper = rgba;
    }

    Made made;
    made.facts.ok = true;
    made.facts.arrived = picture.arrived;
    made.facts.changed = look.changed;
    made.facts.mean_luma = look.mean_luma;
    made.facts.width = picture.source_width;
    made.facts.height = picture.source_height;
    made.frame = std::move(frame);
    return made;
}

// A running mean: a key picture costs four times what the others do.
double CameraDecoder::full_ms(DecodeLevel level, const Packet& packet, double decode_ms, double rest_ms) {
    constexpr double weight = 1.0 / 16;
    double estimate = decode_ms;
    const bool first = !mean_full_ms_;
    if (packet.codec == Codec::h264) {
        if (level == DecodeLevel::no_deblock) estimate /= cost_without_deblocking;
        if (level == DecodeLevel::keys || (first && packet.key)) estimate /= cost_of_a_key;
    }
    estimate += rest_ms;
    mean_full_ms_ = first ? estimate : *mean_full_ms_ + weight * (estimate - *mean_full_ms_);
    return *mean_full_ms_;
}

std::string CameraDecoder::decoder_text(Codec codec, DecodeLevel level) const {
    if (codec == Codec::jpeg) return "turbo";
    if (!every_picture(level)) return "software";
    if (own_ && own_is_hardware_) return hardware_.name();
    return hardware_failure_.empty() ? hardware_.text() : "software (" + hardware_failure_ + ")";
}

void CameraDecoder::decode(const Packet& packet, const DecodeOrder& order, DecoderTools& tools, TimePoint now,
                           std::vector<Made>& made) {
    const DecodeLevel level = order.pacing.level;
    const double start = platform::thread_cpu_seconds();
    pictures_.clear();
    const Status done = decode_picture(packet, order, tools, now);
    const double decode_ms = milliseconds_since(start);
    const std::size_t before = made.size();
    for (const Picture& picture : pictures_)
        made.push_back(finish(picture, order, tools));
    pictures_.clear();
    if (!done.ok()) {
        Made failed;
        failed.facts.changed = false;
        failed.facts.arrived = packet.arrived;
        made.push_back(std::move(failed));
    }
    if (made.size() == before) return;
    const double all_ms = milliseconds_since(start);
    const double full =
        done.ok() ? full_ms(level, packet, decode_ms, all_ms - decode_ms) : mean_full_ms_.value_or(0);
    const auto share = static_cast<double>(made.size() - before);
    for (std::size_t i = before; i < made.size(); ++i) {
        made[i].facts.cpu_ms = all_ms / share;
        made[i].facts.full_ms = full;
        made[i].facts.decoder = decoder_text(packet.codec, level);
    }
}

}  // namespace farmwall::camera
