#include <algorithm>
#include <array>

#include "base/text.hpp"
#include "model/prepared_place.hpp"

// How materials and colours compare, and what nozzles are made of.

namespace farmwall {
namespace {

char upper(char c) { return c >= 'a' && c <= 'z' ? static_cast<char>(c - 'a' + 'A') : c; }

bool contains(std::string_view text, std::string_view part) {
    return std::search(text.begin(), text.end(), part.begin(), part.end(),
                       [](char a, char b) { return upper(a) == upper(b); }) != text.end();
}

int hex_digit(char c) {
    if (c >= '0' && c <= '9') return c - '0';
    if (c >= 'A' && c <= 'F') return c - 'A' + 10;
    if (c >= 'a' && c <= 'f') return c - 'a' + 10;
    return -1;
}

// 0-255; nothing for what is not hex.
std::optional<int> hex_byte(std::string_view text, std::size_t at) {
    const int high = hex_digit(text[at]);
    const int low = hex_digit(text[at + 1]);
    if (high < 0 || low < 0) return std::nullopt;
    return high * 16 + low;
}

struct NamedColor {
    FilamentColor color;
    std::string_view name;
};
constexpr std::array named_colors{
    NamedColor{{0, 0, 0, true}, "black"},
    NamedColor{{45, 45, 45, true}, "black"},
    NamedColor{{85, 85, 85, true}, "dark grey"},
    NamedColor{{142, 144, 142, true}, "grey"},
    NamedColor{{195, 195, 195, true}, "light grey"},
    NamedColor{{255, 255, 255, true}, "white"},
    NamedColor{{235, 225, 200, true}, "beige"},
    NamedColor{{200, 25, 30, true}, "red"},
    NamedColor{{120, 20, 25, true}, "dark red"},
    NamedColor{{255, 110, 20, true}, "orange"},
    NamedColor{{250, 210, 30, true}, "yellow"},
    NamedColor{{0, 170, 65, true}, "green"},
    NamedColor{{150, 220, 80, true}, "light green"},
    NamedColor{{20, 85, 50, true}, "dark green"},
    NamedColor{{0, 180, 190, true}, "turquoise"},
    NamedColor{{120, 190, 235, true}, "light blue"},
    NamedColor{{10, 95, 200, true}, "blue"},
    NamedColor{{20, 40, 95, true}, "dark blue"},
    NamedColor{{100, 55, 150, true}, "purple"},
    NamedColor{{235, 60, 140, true}, "pink"},
    NamedColor{{245, 180, 200, true}, "light pink"},
    NamedColor{{115, 70, 40, true}, "brown"},
    NamedColor{{180, 140, 60, true}, "gold"},
};

}  // namespace

MaterialName::MaterialName(std::string_view text) {
    while (!text.empty() && static_cast<unsigned char>(text.front()) <= ' ')
        text.remove_prefix(1);
    while (!text.empty() && static_cast<unsigned char>(text.back()) <= ' ')
        text.remove_suffix(1);
    text_ = text;
    for (const char c : text.substr(0, head_characters))
        head_ = head_ << 8U | static_cast<unsigned char>(upper(c));
}

bool MaterialName::same_rest(const MaterialName& other) const {
    return iequals(text_.substr(head_characters), other.text_.substr(head_characters));
}

bool is_abrasive(std::string_view material) {
    if (material.size() < 4) return false;
    return contains(material, "-CF") || contains(material, "-GF") || contains(material, "glow");
}

FilamentColor filament_color(std::string_view text) {
    if (text.starts_with('#')) text.remove_prefix(1);
    if (text.size() != 6 && text.size() != 8) return {};
    const auto red = hex_byte(text, 0);
    const auto green = hex_byte(text, 2);
    const auto blue = hex_byte(text, 4);
    const auto alpha = text.size() == 8 ? hex_byte(text, 6) : 255;
    if (!red || !green || !blue || !alpha || *alpha == 0) return {};
    const auto byte = [](int value) { return static_cast<std::uint8_t>(value); };
    return {byte(*red), byte(*green), byte(*blue), true};
}

std::string_view color_name(const FilamentColor& color) {
    if (!color.known) return "";
    const auto nearest = std::ranges::min_element(
        named_colors, {}, [&](const NamedColor& named) { return color_difference(named.color, color); });
    return nearest->name;
}

NozzleMaterial nozzle_material(std::string_view type) {
    if (contains(type, "stainless")) return NozzleMaterial::stainless_steel;
    if (contains(type, "hardened")) return NozzleMaterial::hardened_steel;
    if (contains(type, "tungsten")) return NozzleMaterial::tungsten_carbide;
    if (contains(type, "brass")) return NozzleMaterial::brass;
    if (type.size() < 4 || upper(type[0]) != 'H') return NozzleMaterial::unknown;
    const std::string_view code = type.substr(2, 2);
    if (code == "00") return NozzleMaterial::stainless_steel;
    if (code == "01") return NozzleMaterial::hardened_steel;
    if (code == "05") return NozzleMaterial::tungsten_carbide;
    return NozzleMaterial::unknown;
}

}  // namespace farmwall
