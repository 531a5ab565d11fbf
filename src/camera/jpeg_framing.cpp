#include "camera/jpeg_framing.hpp"

#include <algorithm>
#include <memory>
#include <span>
#include <utility>

namespace farmwall::camera {

namespace {

// Track, flags and a zero: what other ports put there is far larger (protocol 10.2, P2S).
constexpr std::uint32_t most_in_small_field = 0xFFFF;

std::uint32_t little_endian(std::span<const std::uint8_t, 4> bytes) {
    return static_cast<std::uint32_t>(bytes[0]) | static_cast<std::uint32_t>(bytes[1]) << 8U |
           static_cast<std::uint32_t>(bytes[2]) << 16U | static_cast<std::uint32_t>(bytes[3]) << 24U;
}

}  // namespace

bool JpegFraming::read(std::string_view bytes, std::vector<SharedBytes>& pictures) {
    while (!wrong_ && !bytes.empty()) {
        const auto* data = reinterpret_cast<const std::uint8_t*>(bytes.data());
        if (length_ == 0) {
            const std::size_t size = std::min(header_.size() - header_filled_, bytes.size());
            std::copy_n(data, size, header_.data() + header_filled_);
            header_filled_ += size;
            bytes.remove_prefix(size);
            if (header_filled_ == header_.size()) wrong_ = begin_picture();
            continue;
        }
        const std::size_t size = std::min(length_ - picture_.size(), bytes.size());
        picture_.insert(picture_.end(), data, data + size);
        bytes.remove_prefix(size);
        const bool soi = picture_[0] == 0xFF && (picture_.size() < 2 || picture_[1] == 0xD8);
        if (!soi || length_ < 2) wrong_ = Wrong::data;
        if (wrong_ || picture_.size() < length_) continue;
        pictures.push_back(std::make_shared<const Bytes>(std::exchange(picture_, {})));
        length_ = 0;
        header_filled_ = 0;
    }
    return !wrong_;
}

std::optional<JpegFraming::Wrong> JpegFraming::begin_picture() {
    const std::span<const std::uint8_t, 16> header{header_};
    for (const std::uint32_t field :
         {little_endian(header.subspan<4, 4>()), little_endian(header.subspan<8, 4>()),
          little_endian(header.subspan<12, 4>())}) {
        if (field > most_in_small_field) return Wrong::header;
    }
    const std::size_t length = little_endian(header.subspan<0, 4>());
    if (length == 0 || length > most_bytes) return Wrong::length;
    length_ = length;
    // Once, with the room that Bytes wants behind it; untouched pages cost nothing.
    picture_.reserve(length + Bytes::padding);
    return std::nullopt;
}

std::string_view sentence(JpegFraming::Wrong wrong) {
    switch (wrong) {
        case JpegFraming::Wrong::header:
            return "what came is not the header of a picture";
        case JpegFraming::Wrong::length:
            return "a picture of an impossible length was announced";
        case JpegFraming::Wrong::data:
            return "what came does not begin like a JPEG";
    }
    return "";
}

}  // namespace farmwall::camera
