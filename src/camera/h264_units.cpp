#include "camera/h264_units.hpp"

#include <algorithm>
#include <array>
#include <utility>

namespace farmwall::camera {

namespace {

// Real ones have some tens of bytes, and a camera has one or two of them.
constexpr std::size_t most_set_bytes = 4096;
constexpr std::size_t most_sets = 32;
constexpr std::array<std::uint8_t, 4> start_code{0, 0, 0, 1};

// Reads bits behind the header of a NAL unit, without the bytes that prevent start codes.
class Bits {
public:
    explicit Bits(std::span<const std::uint8_t> bytes) : bytes_{bytes} {}

    std::optional<unsigned> bit() {
        if (mask_ == 0) {
            if (zeros_ >= 2 && !bytes_.empty() && bytes_[0] == 3) {
                bytes_ = bytes_.subspan(1);
                zeros_ = 0;
            }
            if (bytes_.empty()) return std::nullopt;
            current_ = bytes_[0];
            bytes_ = bytes_.subspan(1);
            zeros_ = current_ == 0 ? zeros_ + 1 : 0;
            mask_ = 0x80;
        }
        const unsigned value = (current_ & mask_) != 0 ? 1 : 0;
        mask_ >>= 1U;
        return value;
    }
    // An unsigned Exp-Golomb number (H.264, 9.1) of at most 31 bits.
    std::optional<std::uint32_t> number() {
        unsigned zeros = 0;
        for (auto next = bit(); next != 1U; next = bit()) {
            if (!next || ++zeros > 30) return std::nullopt;
        }
        std::uint32_t value = 1;
        for (unsigned i = 0; i < zeros; ++i) {
            const auto next = bit();
            if (!next) return std::nullopt;
            value = value << 1U | *next;
        }
        return value - 1;
    }

private:
    std::span<const std::uint8_t> bytes_;
    unsigned current_ = 0;
    unsigned mask_ = 0;
    int zeros_ = 0;  // bytes in a row
};

}  // namespace

std::optional<SliceStart> read_slice_start(std::span<const std::uint8_t> unit) {
    if (unit.empty()) return std::nullopt;
    const unsigned type = nal_type(unit[0]);
    if (type != nal::slice && type != nal::partition_a && type != nal::idr) return std::nullopt;
    Bits bits{unit.subspan(1)};
    const auto first = bits.number();
    const auto kind = bits.number();
    if (!first || !kind || *kind > 9) return std::nullopt;
    return SliceStart{*first, *kind};
}

std::vector<std::span<const std::uint8_t>> units_of(std::span<const std::uint8_t> annex_b) {
    constexpr std::array<std::uint8_t, 3> start{0, 0, 1};
    std::vector<std::span<const std::uint8_t>> found;
    const auto next_start = [&](auto from) {
        return std::search(from, annex_b.end(), start.begin(), start.end());
    };
    for (auto at = next_start(annex_b.begin()); at != annex_b.end();) {
        const auto begin = at + start.size();
        const auto next = next_start(begin);
        auto end = next;
        // A unit does not end with a zero (H.264, 7.4.1): what there is belongs to the next start code.
        while (end != begin && *(end - 1) == 0)
            --end;
        if (begin != end) found.emplace_back(begin, end);
        at = next;
    }
    return found;
}

void ParameterSets::note(std::span<const std::uint8_t> unit) {
    // Behind the header an SPS has profile, constraints and level before its number.
    constexpr std::size_t before_number = 3;
    if (unit.size() < 2 || unit.size() > most_set_bytes) return;
    const unsigned type = nal_type(unit[0]);
    if (type != nal::sps && type != nal::pps) return;
    if (type == nal::sps && unit.size() <= 1 + before_number) return;
    const auto number = Bits{unit.subspan(type == nal::sps ? 1 + before_number : 1)}.number();
    Numbered& sets = type == nal::sps ? sps_ : pps_;
    if (!number || (sets.size() >= most_sets && !sets.contains(*number))) return;
    std::vector<std::uint8_t>& kept = sets[*number];
    if (std::ranges::equal(kept, unit)) return;
    kept.assign(unit.begin(), unit.end());
    changed_ = true;
}

SharedBytes ParameterSets::annex_b() {
    if (sps_.empty() || pps_.empty()) return nullptr;
    if (!changed_) return made_;
    std::vector<std::uint8_t> bytes;
    for (const Numbered* sets : {&sps_, &pps_}) {
        for (const auto& [number, unit] : *sets) {
            bytes.insert(bytes.end(), start_code.begin(), start_code.end());
            bytes.insert(bytes.end(), unit.begin(), unit.end());
        }
    }
    made_ = std::make_shared<const Bytes>(std::move(bytes));
    changed_ = false;
    return made_;
}

}  // namespace farmwall::camera
