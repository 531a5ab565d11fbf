#pragma once

#include <cstdint>

namespace farmwall::ui {

// Straight (not premultiplied) sRGB.
struct Color {
    std::uint8_t r = 0;
    std::uint8_t g = 0;
    std::uint8_t b = 0;
    std::uint8_t a = 255;
    friend bool operator==(const Color&, const Color&) = default;
};

[[nodiscard]] constexpr Color color_from_rgba(std::uint32_t rgba) {
    return {static_cast<std::uint8_t>(rgba >> 24), static_cast<std::uint8_t>(rgba >> 16),
            static_cast<std::uint8_t>(rgba >> 8), static_cast<std::uint8_t>(rgba)};
}

[[nodiscard]] constexpr Color with_alpha(Color color, float alpha) {
    color.a = static_cast<std::uint8_t>(alpha * 255.0F + 0.5F);
    return color;
}

// `share` 0 gives `from`, 1 gives `to`; the alpha of `from` stays.
[[nodiscard]] constexpr Color mix(Color from, Color to, float share) {
    const auto blend = [share](std::uint8_t a, std::uint8_t b) {
        return static_cast<std::uint8_t>(static_cast<float>(a) * (1 - share) + static_cast<float>(b) * share +
                                         0.5F);
    };
    return {blend(from.r, to.r), blend(from.g, to.g), blend(from.b, to.b), from.a};
}

// Perceived lightness, 0-1; good enough to choose dark or light text.
[[nodiscard]] constexpr float lightness(Color color) {
    return (0.299F * static_cast<float>(color.r) + 0.587F * static_cast<float>(color.g) +
            0.114F * static_cast<float>(color.b)) /
           255.0F;
}

// `amount` 1 leaves only grey of the same lightness.
[[nodiscard]] constexpr Color desaturate(Color color, float amount) {
    const auto grey = static_cast<std::uint8_t>(lightness(color) * 255.0F + 0.5F);
    return mix(color, Color{grey, grey, grey, color.a}, amount);
}

}  // namespace farmwall::ui
