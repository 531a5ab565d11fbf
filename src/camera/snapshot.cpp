#include "camera/snapshot.hpp"

#include <algorithm>
#include <utility>

#include "camera/picture_planes.hpp"

namespace farmwall::camera {
namespace {

constexpr int quality = 80;

Error no_picture() { return {ErrorKind::unavailable, "There is no picture of this camera yet"}; }

// Not wider than wished, in even sides.
Picture narrowed(const Picture& picture, int width, PictureMemory& memory) {
    const int to = std::max(2, width & ~1);
    if (width <= 0 || picture.width <= width) return picture;
    const auto height = static_cast<std::int64_t>(picture.height) * to / picture.width;
    return scale_to(picture, to, std::max(2, static_cast<int>(height) & ~1), memory);
}

Result<Snapshot> encoded(const Picture& picture, const SnapshotMaterial& material, DecoderTools& tools) {
    auto jpeg = tools.jpeg.encode(narrowed(picture, material.width, tools.memory), quality);
    if (!jpeg) return jpeg.error();
    return Snapshot{material.serial, std::move(jpeg).value(), picture.arrived, false};
}

Picture picture_of(const Frame& frame) {
    Picture picture;
    picture.width = frame.width;
    picture.height = frame.height;
    picture.source_width = frame.source_width;
    picture.source_height = frame.source_height;
    picture.full_range = frame.full_range;
    picture.bt709 = frame.bt709;
    picture.arrived = frame.arrived;
    picture.planes = frame.planes;
    picture.keeper = frame.keeper;
    return picture;
}

// The frame as it is: RGBA only where it need not be scaled.
bool frame_will_do(const SnapshotMaterial& material) {
    if (!material.frame) return false;
    const Frame& frame = *material.frame;
    if (material.whole && material.whole->arrived > frame.arrived) return false;
    const int wished = material.width > 0 ? std::min(material.width, frame.source_width) : frame.source_width;
    return frame.layout == PixelLayout::i420 ? frame.width >= wished : frame.width == wished;
}

Result<Snapshot> from_frame(const SnapshotMaterial& material, DecoderTools& tools) {
    const Frame& frame = *material.frame;
    if (frame.layout == PixelLayout::i420) return encoded(picture_of(frame), material, tools);
    auto jpeg = tools.jpeg.encode_rgba(frame, quality);
    if (!jpeg) return jpeg.error();
    return Snapshot{material.serial, std::move(jpeg).value(), frame.arrived, false};
}

Result<Snapshot> from_packet(const SnapshotMaterial& material, DecoderTools& tools, TimePoint now) {
    const Packet& packet = *material.whole;
    if (packet.codec == Codec::h264) {
        auto picture = tools.keys.decode(packet, now);
        if (!picture) return picture.error();
        return encoded(picture.value(), material, tools);
    }
    const auto bytes = packet.bytes->view();
    const auto size = tools.jpeg.size(bytes);
    if (!size) return size.error();
    if (material.width <= 0 || size.value().width <= material.width)
        return Snapshot{material.serial, packet.bytes, packet.arrived, true};
    // Only as many pixels as are needed.
    auto picture = tools.jpeg.decode(bytes, material.width, 1);
    if (!picture) return picture.error();
    picture.value().arrived = packet.arrived;
    return encoded(picture.value(), material, tools);
}

}  // namespace

Result<Snapshot> make_snapshot(const SnapshotMaterial& material, DecoderTools& tools, TimePoint now) {
    const bool jpeg = material.whole && material.whole->codec == Codec::jpeg;
    if (!jpeg && frame_will_do(material)) return from_frame(material, tools);
    if (material.whole) {
        auto made = from_packet(material, tools, now);
        if (made || !material.frame) return made ? std::move(made) : Result<Snapshot>{no_picture()};
    }
    // Smaller than wished, or older than what was received: still the newest that is whole.
    return material.frame ? from_frame(material, tools) : Result<Snapshot>{no_picture()};
}

}  // namespace farmwall::camera
