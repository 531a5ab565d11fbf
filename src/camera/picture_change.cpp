#include "camera/picture_change.hpp"

#include <algorithm>
#include <cmath>
#include <cstdint>
#include <cstring>
#include <numeric>

namespace farmwall::camera {
namespace {

// Eight bytes at a time: the compiler's own way is a byte at a time here.
std::uint64_t sum_of(const std::uint8_t* bytes, int count) {
    constexpr std::uint64_t even_bytes = 0x00FF00FF00FF00FF;
    constexpr int most_words = 64;  // 4 x 16 bits hold 128 x 2 x 255
    std::uint64_t sum = 0;
    while (count >= 8) {
        std::uint64_t lanes = 0;
        for (int i = 0; i < most_words && count >= 8; ++i, bytes += 8, count -= 8) {
            std::uint64_t word = 0;
            std::memcpy(&word, bytes, sizeof word);
            lanes += (word & even_bytes) + ((word >> 8) & even_bytes);
        }
        sum += (lanes & 0xFFFF) + ((lanes >> 16) & 0xFFFF) + ((lanes >> 32) & 0xFFFF) + (lanes >> 48);
    }
    return std::accumulate(bytes, bytes + count, sum);
}

}  // namespace

ChangeDetector::Fields ChangeDetector::measure(const Picture& picture) {
    constexpr int rows_looked_at = 135;
    const int step = std::max(1, picture.height / rows_looked_at);
    const Plane& luma = picture.planes[0];
    Fields sums{};
    Fields counts{};
    for (int y = 0; y < picture.height; y += step) {
        const std::uint8_t* line = luma.data + static_cast<std::ptrdiff_t>(y) * luma.stride;
        const int row = y * rows / picture.height;
        for (int column = 0; column < columns; ++column) {
            const int begin = column * picture.width / columns;
            const int end = (column + 1) * picture.width / columns;
            const auto field = static_cast<std::size_t>(row * columns + column);
            sums[field] += static_cast<double>(sum_of(line + begin, end - begin));
            counts[field] += end - begin;
        }
    }
    for (std::size_t i = 0; i < sums.size(); ++i) {
        const double mean = counts[i] > 0 ? sums[i] / counts[i] : 0;
        sums[i] = picture.full_range ? mean : std::clamp((mean - 16) * 255 / 219, 0.0, 255.0);
    }
    return sums;
}

ChangeDetector::Look ChangeDetector::look(const Picture& picture) {
    const Fields now = measure(picture);
    Look seen;
    seen.mean_luma = std::accumulate(now.begin(), now.end(), 0.0) / static_cast<double>(now.size());
    if (last_) {
        seen.changed = false;
        for (std::size_t i = 0; i < now.size(); ++i)
            seen.changed = seen.changed || std::abs(now[i] - (*last_)[i]) > threshold;
    }
    if (seen.changed) last_ = now;
    return seen;
}

}  // namespace farmwall::camera
