// What drawing costs with a software driver, as ratios to a raw GL program that draws the same textured
// quads in the same run: prints one line of JSON.
//   bench-ui [--pairs N] [--printers N]
#include <glad/gl.h>

#include <algorithm>
#include <chrono>
#include <cstdio>
#include <cstdlib>
#include <ctime>
#include <functional>
#include <string>
#include <vector>

#include "ui/gl_rig.hpp"
#include "ui/tile_draw.hpp"

namespace {

using namespace farmwall;
using test::GlRig;

double clock_ms(clockid_t clock) {
    timespec now{};
    clock_gettime(clock, &now);
    return static_cast<double>(now.tv_sec) * 1e3 + static_cast<double>(now.tv_nsec) / 1e6;
}
// CPU of all threads of this process: the driver draws on several.
double cpu_ms() { return clock_ms(CLOCK_PROCESS_CPUTIME_ID); }
double thread_cpu_ms() { return clock_ms(CLOCK_THREAD_CPUTIME_ID); }

// Milliseconds of CPU of one call, over at least a tenth of a second.
double cost(const std::function<void()>& call) {
    constexpr double least_ms = 100;
    int calls = 0;
    const double began = cpu_ms();
    do {
        call();
        glFinish();
        ++calls;
    } while (cpu_ms() - began < least_ms);
    return (cpu_ms() - began) / calls;
}

struct Spread {
    double median = 0, q1 = 0, q3 = 0;
};
Spread spread(std::vector<double> values) {
    std::sort(values.begin(), values.end());
    const auto at = [&](double share) {
        return values[static_cast<std::size_t>(share * static_cast<double>(values.size() - 1))];
    };
    return {at(0.5), at(0.25), at(0.75)};
}

// The reference: the wall's pictures as textured quads, whole and unlit, and nothing else. As big as the
// pictures are, or as big as the tiles, which are as many pixels as the wall paints.
class RawQuads {
public:
    RawQuads(const GlRig& rig, bool as_tiles) {
        const auto shader = [](GLenum stage, const char* text) {
            const GLuint made = glCreateShader(stage);
            glShaderSource(made, 1, &text, nullptr);
            glCompileShader(made);
            return made;
        };
        program_ = glCreateProgram();
        glAttachShader(program_, shader(GL_VERTEX_SHADER,
                                        "#version 330 core\nlayout(location=0) in vec4 v; out vec2 at;\n"
                                        "void main() { at = v.zw; gl_Position = vec4(v.xy, 0, 1); }"));
        glAttachShader(program_, shader(GL_FRAGMENT_SHADER,
                                        "#version 330 core\nin vec2 at; out vec4 c; uniform sampler2D t;\n"
                                        "void main() { c = vec4(texture(t, at).rgb, 1); }"));
        glLinkProgram(program_);
        std::vector<float> corners;
        for (const ui::Target& target : rig.shell->targets()) {
            if (!target.id.starts_with("tile/")) continue;
            const ui::Rect box = as_tiles ? target.box : ui::tile_picture(target.box, 1);
            const auto x = [&](float at) { return at * 2 / rig.input.width - 1; };
            const auto y = [&](float at) { return 1 - at * 2 / rig.input.height; };
            corners.insert(corners.end(), {x(box.x), y(box.y), 0, 0, x(box.right()), y(box.y), 1, 0});
            corners.insert(corners.end(),
                           {x(box.x), y(box.bottom()), 0, 1, x(box.right()), y(box.bottom()), 1, 1});
        }
        glGenVertexArrays(1, &array_);
        glGenBuffers(1, &buffer_);
        glBindVertexArray(array_);
        glBindBuffer(GL_ARRAY_BUFFER, buffer_);
        glBufferData(GL_ARRAY_BUFFER, static_cast<GLsizeiptr>(corners.size() * sizeof(float)), corners.data(),
                     GL_STATIC_DRAW);
        glEnableVertexAttribArray(0);
        glVertexAttribPointer(0, 4, GL_FLOAT, GL_FALSE, 16, nullptr);
        for (std::size_t i = 0; i < rig.board.size(); ++i) {
            const auto frame = rig.board.slot(i).newest();
            GLuint texture = 0;
            glGenTextures(1, &texture);
            glBindTexture(GL_TEXTURE_2D, texture);
            glTexParameteri(GL_TEXTURE_2D, GL_TEXTURE_MIN_FILTER, GL_LINEAR);
            glTexParameteri(GL_TEXTURE_2D, GL_TEXTURE_MAG_FILTER, GL_LINEAR);
            glTexImage2D(GL_TEXTURE_2D, 0, GL_RGBA8, frame->width, frame->height, 0, GL_RGBA,
                         GL_UNSIGNED_BYTE, frame->planes[0].data);
            textures_.push_back(texture);
        }
    }
    void draw(const GlRig& rig) const {
        rig.target.bind();
        glViewport(0, 0, rig.target.width(), rig.target.height());
        glDisable(GL_BLEND);
        glDisable(GL_SCISSOR_TEST);
        glUseProgram(program_);
        glActiveTexture(GL_TEXTURE0);
        glBindVertexArray(array_);
        for (std::size_t i = 0; i < textures_.size(); ++i) {
            glBindTexture(GL_TEXTURE_2D, textures_[i]);
            glDrawArrays(GL_TRIANGLE_STRIP, static_cast<GLint>(i) * 4, 4);
        }
    }

private:
    GLuint program_ = 0, array_ = 0, buffer_ = 0;
    std::vector<GLuint> textures_;
};

FleetSnapshot printing_farm(unsigned count) {
    auto fleet = std::make_shared<FleetState>();
    for (unsigned i = 0; i < count; ++i) {
        fleet->printers.push_back(std::make_shared<const PrinterState>(test::fake_printer(i)));
        fleet->cameras.push_back(std::make_shared<const CameraState>(test::camera_state(CameraTruth::live)));
    }
    return fleet;
}

// Decoded to about the size in which they are drawn, as the decoder does it.
void fill(GlRig& rig) {
    for (std::size_t i = 0; i < rig.board.size(); ++i)
        rig.board.put(
            i, test::chamber_frame(rig.board.serial(i), static_cast<unsigned>(i), test::farm_now, 480, 270));
}

camera::SharedFrame renumbered(const camera::SharedFrame& frame, std::uint64_t number) {
    camera::Frame next = *frame;
    next.number = number;
    return std::make_shared<const camera::Frame>(std::move(next));
}

// The longest of 100 times the building of a whole frame, without drawing it.
double build_p99_ms(unsigned printers) {
    std::string why;
    const auto rig = GlRig::create(printing_farm(printers), 1920, 1080, why);
    if (!rig) return 0;
    fill(*rig);
    rig->settle();
    std::vector<double> times;
    for (int i = 0; i < 300; ++i) {
        rig->shell->invalidate();
        const double began = thread_cpu_ms();
        (void)rig->build();
        times.push_back(thread_cpu_ms() - began);
    }
    std::sort(times.begin(), times.end());
    return times[times.size() * 99 / 100];
}

void print(const char* name, const Spread& ratio) {
    std::printf("\"%s\": {\"median\": %.4f, \"q1\": %.4f, \"q3\": %.4f}, ", name, ratio.median, ratio.q1,
                ratio.q3);
}

}  // namespace

int main(int argc, char** argv) {
    int pairs = 20;
    unsigned printers = 16;
    for (int i = 1; i + 1 < argc; i += 2) {
        if (std::string{argv[i]} == "--pairs") pairs = std::max(1, std::atoi(argv[i + 1]));
        if (std::string{argv[i]} == "--printers") printers = static_cast<unsigned>(std::atoi(argv[i + 1]));
    }
    setenv("LIBGL_ALWAYS_SOFTWARE", "1", 1);
    double full_ms = 0, raw_ms = 0, tile_ms = 0;
    std::vector<double> frame_ratios, area_ratios, tile_ratios;
    {
        std::string why;
        const auto rig = GlRig::create(printing_farm(printers), 1920, 1080, why);
        if (!rig) {
            std::fprintf(stderr, "bench-ui: %s\n", why.c_str());
            return 2;
        }
        fill(*rig);
        rig->settle();
        const RawQuads raw{*rig, false};
        const RawQuads raw_tiles{*rig, true};
        std::uint64_t number = 1;
        const auto frame = [&] {
            rig->shell->invalidate();
            rig->frame();
        };
        const auto one_tile = [&] {
            const std::size_t index = number % rig->board.size();
            rig->board.put(index, renumbered(rig->board.slot(index).newest(), ++number));
            rig->frame();
        };
        for (int i = 0; i < pairs; ++i) {
            double full = 0;
            if (i % 2 == 0) full = cost(frame);
            const double reference = cost([&] { raw.draw(*rig); });
            const double tiles = cost([&] { raw_tiles.draw(*rig); });
            const double tile = cost(one_tile);
            if (i % 2 == 1) full = cost(frame);
            frame_ratios.push_back(full / reference);
            area_ratios.push_back(full / tiles);
            tile_ratios.push_back(tile / full);
            full_ms += full / pairs;
            raw_ms += reference / pairs;
            tile_ms += tile / pairs;
        }
    }
    std::printf("{");
    print("P6-frame", spread(frame_ratios));
    print("P6-frame-area", spread(area_ratios));
    print("P6-tile", spread(tile_ratios));
    std::printf("\"P6-build-ms\": %.3f, \"full_ms\": %.2f, \"raw_ms\": %.2f, \"tile_ms\": %.2f}\n",
                build_p99_ms(100), full_ms, raw_ms, tile_ms);
    return 0;
}
