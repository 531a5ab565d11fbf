#include "sim/picture/shapes.hpp"

#include <algorithm>
#include <array>
#include <cmath>

namespace farmwall::sim {

namespace {

constexpr float pi = 3.14159265F;
constexpr std::array<float, 8> heights_mm = {136, 54, 92, 150, 98, 142, 146, 68};

struct Step {
    float height;
    float radius_mm;
};

// Between the steps the radius changes smoothly.
template <std::size_t Count>
float along(const std::array<Step, Count>& profile, float height) {
    std::size_t i = 1;
    while (i + 1 < Count && profile[i].height < height)
        ++i;
    const Step& a = profile[i - 1];
    const Step& b = profile[i];
    const float share = std::clamp((height - a.height) / (b.height - a.height), 0.0F, 1.0F);
    return a.radius_mm + (b.radius_mm - a.radius_mm) * share * share * (3 - 2 * share);
}

// A regular polygon with rounded corners, as a factor of its mean radius.
float polygon(float angle, int corners, float roundness) {
    const float sector = 2 * pi / static_cast<float>(corners);
    const float inside = std::fmod(std::fmod(angle, sector) + sector, sector) - sector / 2;
    return roundness + (1 - roundness) * std::cos(sector / 2) / std::cos(inside) * 1.12F;
}

constexpr std::array<Step, 8> pawn = {
    {{0, 42}, {0.10F, 41}, {0.16F, 31}, {0.45F, 15}, {0.62F, 14}, {0.66F, 24}, {0.70F, 15}, {0.71F, 16}}};
constexpr std::array<Step, 4> rocket = {{{0, 21}, {0.35F, 27}, {0.6F, 24}, {1, 2}}};
constexpr std::array<Step, 5> vase = {{{0, 34}, {0.3F, 50}, {0.66F, 29}, {0.86F, 31}, {1, 43}}};

float pawn_radius(float height) {
    constexpr float middle = 0.83F;
    constexpr float head = 0.17F;
    const float ball = std::sqrt(std::max(0.0F, 1 - std::pow((height - middle) / head, 2.0F))) * 24;
    return height < 0.70F ? along(pawn, height) : std::max(ball, height < middle ? 15.0F : 1.0F);
}

float tree_radius(float angle, float height) {
    if (height < 0.1F) return 10;
    const float within = (height - 0.1F) / 0.9F;
    const float tier = std::fmod(within * 4, 1.0F);
    return (1 - within) * 44 * (1.15F - 0.5F * tier) * (1 + 0.06F * std::cos(9 * angle)) + 1.5F;
}

float gear_radius(float angle, float height) {
    const float hub = 26 + 2 * std::cos(6 * angle);
    const float tooth = std::clamp(std::sin(14 * angle) * 2.2F, -1.0F, 1.0F);
    return height < 0.55F ? 58 + 5 * tooth : hub;
}

}  // namespace

Shape::Shape(std::uint64_t seed)
    : kind_{static_cast<Kind>(seed % heights_mm.size())},
      height_mm_{heights_mm[seed % heights_mm.size()]},
      size_{1.1F + 0.03F * static_cast<float>((seed >> 8) % 8)},
      turn_{static_cast<float>((seed >> 16) % 64) / 64} {}

float Shape::radius_mm(float angle, float height) const {
    angle += turn_;
    switch (kind_) {
        case Kind::vase:
            return size_ * along(vase, height) * (1 + 0.085F * std::cos(9 * angle + 4.5F * height));
        case Kind::gear:
            return size_ * gear_radius(angle, height);
        case Kind::box:
            return size_ * 54 * polygon(angle, 4, 0.12F) * (height > 0.12F && height < 0.2F ? 0.95F : 1.0F);
        case Kind::rocket: {
            const float fin = std::pow(std::max(0.0F, std::cos(2 * angle)), 24.0F);
            return size_ * (along(rocket, height) + fin * 34 * std::max(0.0F, 1 - height / 0.34F));
        }
        case Kind::planter:
            return size_ * (38 + 18 * height) * polygon(angle + 0.5F * height, 6, 0.1F);
        case Kind::pawn:
            return size_ * pawn_radius(height);
        case Kind::tree:
            return size_ * tree_radius(angle, height);
        case Kind::knob:
            return size_ * (height < 0.2F ? 52.0F : 40 - 6 * height) *
                   (1 + (height < 0.2F ? 0 : 0.05F * std::cos(18 * angle)));
    }
    return size_ * 30;
}

}  // namespace farmwall::sim
