#include "sim/picture/painter.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <optional>

#include "sim/picture/font.hpp"
#include "sim/picture/strip.hpp"

namespace farmwall::sim {

struct Painter::Inside {
    Inside(Size size, Levels wanted) : canvas{size}, still{size}, levels{wanted} {}

    void draw_still(const Scene& scene) {
        const float light = scene.dark ? 0.03F : scene.light ? 1.0F : 0.3F;
        still.fill(still.bounds(), packed(Rgb{0.2F, 0.22F, 0.25F} * light));
        const Size s = still.size();
        if (scene.has_object) {
            const int h = static_cast<int>(scene.height * static_cast<float>(s.height) * 0.5F);
            still.fill({s.width / 3, s.height * 7 / 8 - h, s.width / 3, h}, packed(scene.filament * light));
        }
    }

    void draw_moving(const Scene& scene, std::uint32_t frame, double seconds, const std::string& clock) {
        const Size s = canvas.size();
        const int x = static_cast<int>((0.5 + 0.3 * std::sin(seconds)) * s.width);
        const float light = scene.dark ? 0.03F : 1.0F;
        if (scene.working)
            canvas.fill({x, s.height / 4, s.width / 12, s.height / 8}, packed(Rgb{0.5F, 0.5F, 0.5F} * light));
        const int scale = std::max(1, s.width / 320);
        draw_text(canvas, 4 * scale, 4 * scale, scene.name, scale, Rgb{1, 1, 1} * light);
        draw_text(canvas, 4 * scale, 14 * scale, fmt::format("#{}  {}  {}", frame, clock, scene.note), scale,
                  Rgb{1, 1, 1} * light);
    }

    void draw_strip(const Scene& scene, std::uint32_t frame) {
        const Size s = canvas.size();
        const auto blocks = strip_of({scene.number, frame});
        const int top = s.height - strip_height(s.width);
        for (int i = 0; i < strip_blocks; ++i) {
            const int left = i * s.width / strip_blocks;
            const bool white = blocks[static_cast<std::size_t>(i)] && !scene.dark;
            canvas.fill({left, top, (i + 1) * s.width / strip_blocks - left, s.height - top},
                        white ? levels.white : levels.black);
        }
    }

    Canvas canvas;
    Canvas still;
    Levels levels;
    std::optional<Scene> shown;
    Rect moving;
};

Painter::Painter(Size size, Levels levels) : inside_{std::make_unique<Inside>(size, levels)} {}
Painter::~Painter() = default;
Painter::Painter(Painter&&) noexcept = default;

const Canvas& Painter::canvas() const { return inside_->canvas; }

Rect Painter::paint(const Scene& scene, std::uint32_t frame, double seconds, const std::string& clock) {
    Inside& in = *inside_;
    in.draw_still(scene);
    in.canvas.copy(in.still, in.canvas.bounds());
    in.draw_moving(scene, frame, seconds, clock);
    in.draw_strip(scene, frame);
    (void)in.canvas.take_touched();
    return in.canvas.bounds();
}

}  // namespace farmwall::sim
