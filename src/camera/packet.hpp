#pragma once

#include <cstddef>
#include <cstdint>
#include <memory>
#include <span>
#include <utility>
#include <vector>

#include "base/clock.hpp"

namespace farmwall::camera {

// Bytes with the zeros behind them that decoders want to read (FFmpeg's input padding).
class Bytes {
public:
    static constexpr std::size_t padding = 64;

    Bytes() : Bytes{std::vector<std::uint8_t>{}} {}
    explicit Bytes(std::vector<std::uint8_t> content) : size_{content.size()}, storage_{std::move(content)} {
        storage_.resize(size_ + padding, 0);
    }

    [[nodiscard]] std::span<const std::uint8_t> view() const noexcept { return {storage_.data(), size_}; }
    [[nodiscard]] const std::uint8_t* data() const noexcept { return storage_.data(); }
    [[nodiscard]] std::size_t size() const noexcept { return size_; }

private:
    std::size_t size_;
    std::vector<std::uint8_t> storage_;
};
using SharedBytes = std::shared_ptr<const Bytes>;

enum class Codec { h264, jpeg };

// One picture as it was received, not decoded. A value; the bytes are shared and never changed.
struct Packet {
    Codec codec = Codec::h264;
    // H.264: one access unit in Annex B form (00 00 00 01 before each NAL unit), without SPS and PPS
    // unless they came in band. JPEG: the whole file.
    SharedBytes bytes;
    // H.264: the SPS and PPS in force, in Annex B form; null for JPEG.
    SharedBytes parameters;
    bool key = true;      // decodable by itself, with `parameters`
    TimePoint arrived{};  // of its last byte: the only clock that can be trusted (protocol 10.3)
};

}  // namespace farmwall::camera
