#include "sim/picture/yuv.hpp"

#include <cstddef>

namespace farmwall::sim {

namespace {

// In 1/65536, the range 16 to 235 worked in.
constexpr int y_r = 11966;
constexpr int y_g = 40254;
constexpr int y_b = 4064;
constexpr int u_r = -6596;
constexpr int u_g = -22189;
constexpr int u_b = 28785;
constexpr int v_r = 28785;
constexpr int v_g = -26145;
constexpr int v_b = -2640;
constexpr int half = 32768;

int red(std::uint32_t pixel) { return static_cast<int>((pixel >> 16) & 255); }
int green(std::uint32_t pixel) { return static_cast<int>((pixel >> 8) & 255); }
int blue(std::uint32_t pixel) { return static_cast<int>(pixel & 255); }

void luma_row(const std::uint32_t* pixels, std::uint8_t* out, int count) {
    for (int x = 0; x < count; ++x) {
        const std::uint32_t p = pixels[x];
        out[x] = static_cast<std::uint8_t>(
            (y_r * red(p) + y_g * green(p) + y_b * blue(p) + half + (16 << 16)) >> 16);
    }
}

}  // namespace

void to_yuv420(const Canvas& canvas, Rect area, const Planes& planes) {
    area = common(area, canvas.bounds());
    if (area.empty()) return;
    const int left = area.x & ~1;
    const int right = (area.x + area.width + 1) & ~1;
    const int bottom = (area.y + area.height + 1) & ~1;
    for (int y = area.y & ~1; y < bottom; y += 2) {
        const std::uint32_t* upper = canvas.row(y) + left;
        const std::uint32_t* lower = canvas.row(y + 1) + left;
        std::uint8_t* luma = planes.y + static_cast<std::ptrdiff_t>(y) * planes.stride_y + left;
        luma_row(upper, luma, right - left);
        luma_row(lower, luma + planes.stride_y, right - left);
        const std::ptrdiff_t at = static_cast<std::ptrdiff_t>(y / 2) * planes.stride_uv + left / 2;
        for (int x = 0; x < (right - left) / 2; ++x) {
            const std::uint32_t four[4] = {upper[2 * x], upper[2 * x + 1], lower[2 * x], lower[2 * x + 1]};
            int r = 0;
            int g = 0;
            int b = 0;
            for (const std::uint32_t p : four) {
                r += red(p);
                g += green(p);
                b += blue(p);
            }
            constexpr int round = 2 * 65536 + (128 << 18);
            planes.u[at + x] = static_cast<std::uint8_t>((u_r * r + u_g * g + u_b * b + round) >> 18);
            planes.v[at + x] = static_cast<std::uint8_t>((v_r * r + v_g * g + v_b * b + round) >> 18);
        }
    }
}

}  // namespace farmwall::sim
