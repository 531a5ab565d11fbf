#include "sim/picture/painter.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <cmath>
#include <optional>
#include <utility>

#include "sim/picture/font.hpp"
#include "sim/picture/room.hpp"
#include "sim/picture/strip.hpp"

namespace farmwall::sim {

namespace {

// The object grows in steps: between them only the head moves.
constexpr float steps = 140;
constexpr std::uint32_t darkness = 0x030304;

Scene stepped(Scene scene) {
    scene.height = std::floor(scene.height * steps) / steps;
    return scene;
}

}  // namespace

struct Painter::Inside {
    Inside(Size size, Levels wanted) : canvas{size}, still{size}, room{size}, levels{wanted} {}

    [[nodiscard]] bool room_differs(const Scene& scene) const {
        return !shown || shown->light != scene.light || shown->number != scene.number ||
               shown->bed_slinger != scene.bed_slinger;
    }
    [[nodiscard]] bool print_differs(const Scene& scene, const Pose& pose) const {
        return shown->has_object != scene.has_object || shown->height != scene.height ||
               shown->shape != scene.shape || shown->filaments != scene.filaments ||
               shown->layers != scene.layers || print_pose.bed_z != pose.bed_z ||
               print_pose.bed_y != pose.bed_y;
    }

    Stage stage_on(Canvas& on, const Scene& scene) {
        return {on, view_for(scene, on.size()), light_for(scene)};
    }

    void draw_print(const Scene& scene, const Pose& pose) {
        const Rect before = std::exchange(print_area, Rect{});
        still.copy(room, before);
        (void)still.take_touched();
        const Stage stage = stage_on(still, scene);
        draw_bed(stage, scene, pose);
        draw_object(stage, scene, pose);
        print_area = still.take_touched();
        print_pose = pose;
        change(united(before, print_area));
    }

    void change(Rect area) {
        canvas.copy(still, area);
        changed.push_back(common(area, canvas.bounds()));
    }

    struct Text {
        std::string what;
        int x = 0;
        int y = 0;
        int scale = 1;
        [[nodiscard]] Rect area() const {
            const Size size = text_size(what, scale);
            return {x, y, size.width + scale, size.height + scale};
        }
    };

    void place_texts(const Scene& scene, std::uint32_t frame, const std::string& clock) {
        const Size s = canvas.size();
        const int scale = std::max(1, s.width / 400);
        const int edge = 5 * scale;
        const std::string counter = fmt::format("#{:06}", frame);
        const int right = s.width - edge;
        const int low = s.height - strip_height(s.width) - edge - text_size(counter, scale).height;
        texts = {{{scene.name, edge, edge, scale + std::max(1, scale / 3)},
                  {clock, right - text_size(clock, scale).width, edge, scale},
                  {scene.note, edge, low, scale},
                  {counter, right - text_size(counter, scale).width, low, scale}}};
    }

    void draw_texts() {
        for (const Text& text : texts) {
            const int shadow = std::max(1, text.scale / 2);
            draw_text(canvas, text.x + shadow, text.y + shadow, text.what, text.scale, {0.02F, 0.02F, 0.03F});
            draw_text(canvas, text.x, text.y, text.what, text.scale, {0.95F, 0.97F, 1.0F});
            changed.push_back(common(text.area(), canvas.bounds()));
        }
    }

    void clear_texts() {
        for (const Text& text : texts)
            change(text.area());
    }

    void draw_strip(const Scene& scene, std::uint32_t frame) {
        const Size s = canvas.size();
        const auto blocks = strip_of({scene.number, frame});
        const int top = s.height - strip_height(s.width);
        for (int i = 0; i < strip_blocks; ++i) {
            const int left = i * s.width / strip_blocks;
            canvas.fill({left, top, (i + 1) * s.width / strip_blocks - left, s.height - top},
                        blocks[static_cast<std::size_t>(i)] ? levels.white : levels.black);
        }
        changed.push_back({0, top, s.width, s.height - top});
    }

    void draw(const Scene& scene, std::uint32_t frame, double seconds, const std::string& clock) {
        const Pose pose = pose_for(scene, scene.height, seconds);
        const bool all = room_differs(scene) || shown->dark;
        if (room_differs(scene)) {
            draw_room(stage_on(room, scene), scene);
            still.copy(room, room.bounds());
            print_area = {};
            draw_print(scene, pose);
        } else if (print_differs(scene, pose)) {
            draw_print(scene, pose);
        }
        if (all) change(canvas.bounds());
        const Rect beam_before = beam_area;
        const Rect head_before = head_area;
        canvas.copy(still, beam_before);
        canvas.copy(still, head_before);
        clear_texts();
        (void)canvas.take_touched();
        const Stage stage = stage_on(canvas, scene);
        draw_beam(stage, scene, pose);
        beam_area = canvas.take_touched();
        draw_head(stage, scene, pose);
        head_area = canvas.take_touched();
        changed.push_back(united(beam_before, beam_area));
        changed.push_back(united(head_before, head_area));
        place_texts(scene, frame, clock);
        draw_texts();
        draw_strip(scene, frame);
    }

    Canvas canvas;
    Canvas still;  // without what moves all the time
    Canvas room;   // without the print, too
    Levels levels;
    std::optional<Scene> shown;
    Pose print_pose;
    Rect print_area;
    Rect beam_area;
    Rect head_area;
    std::array<Text, 4> texts;
    Areas changed;
};

Painter::Painter(Size size, Levels levels) : inside_{std::make_unique<Inside>(size, levels)} {}
Painter::~Painter() = default;
Painter::Painter(Painter&&) noexcept = default;

const Canvas& Painter::canvas() const { return inside_->canvas; }

const Areas& Painter::paint(const Scene& wanted, std::uint32_t frame, double seconds,
                            const std::string& clock) {
    Inside& in = *inside_;
    in.changed.clear();
    const Scene scene = stepped(wanted);
    if (scene.dark) {
        in.canvas.fill(in.canvas.bounds(), darkness);
        in.changed.push_back(in.canvas.bounds());
        if (in.shown) in.shown->dark = true;
        return in.changed;
    }
    in.draw(scene, frame, seconds, clock);
    in.shown = scene;
    return in.changed;
}

}  // namespace farmwall::sim
