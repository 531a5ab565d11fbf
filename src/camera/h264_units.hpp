#pragma once

#include <cstddef>
#include <cstdint>
#include <map>
#include <optional>
#include <span>
#include <vector>

#include "camera/packet.hpp"

namespace farmwall::camera {

// The kinds of NAL units that are told apart (H.264, table 7-1).
namespace nal {
constexpr unsigned slice = 1;
constexpr unsigned partition_a = 2;
constexpr unsigned idr = 5;
constexpr unsigned sei = 6;
constexpr unsigned sps = 7;
constexpr unsigned pps = 8;
constexpr unsigned delimiter = 9;
}  // namespace nal

[[nodiscard]] constexpr unsigned nal_type(std::uint8_t header) { return header & 0x1FU; }
// Part of a coded picture.
[[nodiscard]] constexpr bool is_picture(unsigned type) { return type >= nal::slice && type <= nal::idr; }
// Begins an access unit when it comes behind a part of a picture (H.264, 7.4.1.2.3).
[[nodiscard]] constexpr bool begins_unit(unsigned type) {
    return (type >= nal::sei && type <= nal::delimiter) || (type >= 14 && type <= 18);
}

// The beginning of a slice, as far as a reader of streams needs it.
struct SliceStart {
    std::uint32_t first_macroblock = 0;
    std::uint32_t slice_type = 0;  // 0-9
    [[nodiscard]] bool intra() const { return slice_type % 5 == 2 || slice_type % 5 == 4; }
};
// `unit` is the NAL unit with its header, or its first dozen bytes. Nothing: no slice, or too short.
[[nodiscard]] std::optional<SliceStart> read_slice_start(std::span<const std::uint8_t> unit);

// The NAL units of a stream in Annex B form, without their start codes; what stands before the first start
// code is none.
[[nodiscard]] std::vector<std::span<const std::uint8_t>> units_of(std::span<const std::uint8_t> annex_b);

// The newest SPS and PPS of each number. A value.
class ParameterSets {
public:
    // A whole NAL unit without start code; what is no parameter set is left alone.
    void note(std::span<const std::uint8_t> unit);
    // All of them in Annex B form, the same object as long as nothing changed; null while an SPS or a
    // PPS is missing.
    [[nodiscard]] SharedBytes annex_b();

private:
    using Numbered = std::map<std::uint32_t, std::vector<std::uint8_t>>;
    Numbered sps_;
    Numbered pps_;
    SharedBytes made_;
    bool changed_ = false;
};

}  // namespace farmwall::camera
