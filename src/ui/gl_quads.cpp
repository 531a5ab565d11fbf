#include "ui/gl_quads.hpp"

#include <glad/gl.h>

#include <algorithm>
#include <array>
#include <cmath>
#include <cstddef>
#include <string_view>
#include <vector>

namespace farmwall::ui {
namespace {

using camera::PixelLayout;

struct Vertex {
    float x, y;
    float u, v;
    float shade;
};

struct Program {
    GLuint name = 0;
    GLint screen = -1;
    GLint tint = -1;
    GLint to_rgb = -1;
    GLint offset = -1;
    GLint stripe = -1;
};

enum Kind : std::size_t { plain, rgba, rgba_doubtful, i420, i420_doubtful, kinds };
constexpr std::array<std::string_view, kinds> definitions{
    "", "#define RGBA\n", "#define RGBA\n#define DOUBTFUL\n", "#define I420\n",
    "#define I420\n#define DOUBTFUL\n"};

Error refused(const char* step, const std::string& log) {
    return {ErrorKind::unsupported,
            std::string{"The OpenGL driver refuses a shader of assets/shaders ("} + step + "): " + log};
}

Result<GLuint> compile(GLenum stage, std::string_view definition, const std::string& text) {
    const std::string whole = std::string{"#version 330 core\n"} + std::string{definition} + text;
    const GLuint shader = glCreateShader(stage);
    const char* source = whole.c_str();
    glShaderSource(shader, 1, &source, nullptr);
    glCompileShader(shader);
    GLint good = 0;
    glGetShaderiv(shader, GL_COMPILE_STATUS, &good);
    if (good == GL_TRUE) return shader;
    std::array<char, 1024> log{};
    glGetShaderInfoLog(shader, static_cast<GLsizei>(log.size()), nullptr, log.data());
    glDeleteShader(shader);
    return refused(stage == GL_VERTEX_SHADER ? "quad.vert" : "quad.frag", log.data());
}

Result<Program> link(const QuadShaders& shaders, std::string_view definition) {
    const auto vertex = compile(GL_VERTEX_SHADER, definition, shaders.vertex);
    if (!vertex) return vertex.error();
    const auto fragment = compile(GL_FRAGMENT_SHADER, definition, shaders.fragment);
    if (!fragment) {
        glDeleteShader(vertex.value());
        return fragment.error();
    }
    Program program;
    program.name = glCreateProgram();
    glAttachShader(program.name, vertex.value());
    glAttachShader(program.name, fragment.value());
    glLinkProgram(program.name);
    glDeleteShader(vertex.value());
    glDeleteShader(fragment.value());
    GLint good = 0;
    glGetProgramiv(program.name, GL_LINK_STATUS, &good);
    if (good != GL_TRUE) {
        std::array<char, 1024> log{};
        glGetProgramInfoLog(program.name, static_cast<GLsizei>(log.size()), nullptr, log.data());
        glDeleteProgram(program.name);
        return refused("link", log.data());
    }
    program.screen = glGetUniformLocation(program.name, "screen");
    program.tint = glGetUniformLocation(program.name, "tint");
    program.to_rgb = glGetUniformLocation(program.name, "to_rgb");
    program.offset = glGetUniformLocation(program.name, "offset");
    program.stripe = glGetUniformLocation(program.name, "stripe");
    glUseProgram(program.name);
    constexpr std::array samplers{"picture", "picture_u", "picture_v"};
    for (std::size_t i = 0; i < samplers.size(); ++i) {
        const GLint at = glGetUniformLocation(program.name, samplers[i]);
        if (at >= 0) glUniform1i(at, static_cast<GLint>(i));
    }
    return program;
}

// JPEG is BT.601 over the full range; H.264 of HD size is BT.709 unless it says otherwise, smaller 601.
struct YuvMatrix {
    std::array<float, 9> to_rgb;  // column by column
    std::array<float, 3> offset;
};
YuvMatrix yuv_matrix(const camera::Frame& frame) {
    constexpr int hd_height = 720;
    const bool bt709 = !frame.full_range && std::max(frame.source_height, frame.height) >= hd_height;
    const float red = bt709 ? 0.2126F : 0.299F;
    const float blue = bt709 ? 0.0722F : 0.114F;
    const float green = 1 - red - blue;
    const float luma = frame.full_range ? 1 : 255.0F / 219;
    const float chroma = frame.full_range ? 1 : 255.0F / 224;
    const float rv = 2 * (1 - red) * chroma;
    const float bu = 2 * (1 - blue) * chroma;
    return {{luma, luma, luma, 0, -bu * blue / green, bu, rv, -rv * red / green, 0},
            {frame.full_range ? 0 : 16.0F / 255, 128.0F / 255, 128.0F / 255}};
}

// The rows of vertices at which the shade bends.
std::array<float, 5> bends(const Quad& quad) {
    std::array<float, 5> rows{quad.box.y, quad.scrim.top_end, quad.scrim.bottom_from, quad.scrim.bottom_full,
                              quad.box.bottom()};
    for (float& row : rows)
        row = std::clamp(row, quad.box.y, quad.box.bottom());
    std::sort(rows.begin(), rows.end());
    return rows;
}

// A strip from top to bottom.
void add_vertices(std::vector<Vertex>& vertices, const Quad& quad) {
    for (const float y : bends(quad)) {
        const float down = quad.box.height > 0 ? (y - quad.box.y) / quad.box.height : 0;
        const float v = quad.part.y + down * quad.part.height;
        const float shade = quad.scrim.at(y, quad.box.y);
        vertices.push_back({quad.box.x, y, quad.part.x, v, shade});
        vertices.push_back({quad.box.right(), y, quad.part.right(), v, shade});
    }
}
constexpr GLsizei strip_length = 10;

Kind kind_of(const Quad& quad) {
    if (!quad.frame) return plain;
    if (quad.frame->layout == PixelLayout::rgba) return quad.doubtful ? rgba_doubtful : rgba;
    return quad.doubtful ? i420_doubtful : i420;
}

constexpr float channel(std::uint8_t value) { return static_cast<float>(value) / 255.0F; }

}  // namespace

struct GlQuads::Impl {
    std::array<Program, kinds> programs{};
    GLuint array = 0;
    GLuint buffer = 0;
    PictureTextures textures = {};
    std::vector<Vertex> vertices = {};

    Impl() = default;
    Impl(const Impl&) = delete;
    Impl& operator=(const Impl&) = delete;
    ~Impl() {
        for (const Program& program : programs) {
            if (program.name != 0) glDeleteProgram(program.name);
        }
        if (buffer != 0) glDeleteBuffers(1, &buffer);
        if (array != 0) glDeleteVertexArrays(1, &array);
    }
    void prepare(const Quads& quads, int width, int height, float unit);
    bool use(const Quad& quad, float unit, TimePoint now);
};

Result<std::unique_ptr<GlQuads>> GlQuads::create(const QuadShaders& shaders) {
    auto impl = std::make_unique<Impl>();
    for (std::size_t kind = 0; kind < kinds; ++kind) {
        const auto program = link(shaders, definitions[kind]);
        if (!program) return program.error();
        impl->programs[kind] = program.value();
    }
    glGenVertexArrays(1, &impl->array);
    glGenBuffers(1, &impl->buffer);
    glBindVertexArray(impl->array);
    glBindBuffer(GL_ARRAY_BUFFER, impl->buffer);
    const auto attribute = [](GLuint index, GLint size, std::size_t offset) {
        glEnableVertexAttribArray(index);
        glVertexAttribPointer(index, size, GL_FLOAT, GL_FALSE, sizeof(Vertex),
                              reinterpret_cast<const void*>(offset));  // NOLINT: how GL takes offsets
    };
    attribute(0, 2, offsetof(Vertex, x));
    attribute(1, 2, offsetof(Vertex, u));
    attribute(2, 1, offsetof(Vertex, shade));
    glBindVertexArray(0);
    return std::unique_ptr<GlQuads>{new GlQuads{std::move(impl)}};
}

GlQuads::GlQuads(std::unique_ptr<Impl> impl) : impl_{std::move(impl)} {}
GlQuads::~GlQuads() = default;

void GlQuads::Impl::prepare(const Quads& quads, int width, int height, float unit) {
    glViewport(0, 0, width, height);
    glDisable(GL_BLEND);
    glDisable(GL_CULL_FACE);
    glDisable(GL_DEPTH_TEST);
    glDisable(GL_STENCIL_TEST);
    glEnable(GL_SCISSOR_TEST);
    glBindVertexArray(array);
    glBindBuffer(GL_ARRAY_BUFFER, buffer);
    vertices.clear();
    for (const Quad& quad : quads)
        add_vertices(vertices, quad);
    glBufferData(GL_ARRAY_BUFFER, static_cast<GLsizeiptr>(vertices.size() * sizeof(Vertex)), vertices.data(),
                 GL_STREAM_DRAW);
    for (const Program& program : programs) {
        glUseProgram(program.name);
        glUniform2f(program.screen, static_cast<float>(width) / unit, static_cast<float>(height) / unit);
    }
}

// Program and textures of the quad; false when there is nothing to show.
bool GlQuads::Impl::use(const Quad& quad, float unit, TimePoint now) {
    const Kind kind = kind_of(quad);
    const Program& program = programs[kind];
    PictureTextures::Names names{};
    if (quad.frame) {
        glActiveTexture(GL_TEXTURE0);
        names = textures.take(*quad.frame, now);
        if (names[0] == 0) return false;
    }
    glUseProgram(program.name);
    const Color& tint = quad.frame ? quad.scrim.color : quad.color;
    glUniform3f(program.tint, channel(tint.r), channel(tint.g), channel(tint.b));
    if (kind == plain) return true;
    if (kind == i420 || kind == i420_doubtful) {
        for (unsigned i = 1; i < 3; ++i) {
            glActiveTexture(GL_TEXTURE0 + i);
            glBindTexture(GL_TEXTURE_2D, names[i]);
        }
        const YuvMatrix matrix = yuv_matrix(*quad.frame);
        glUniformMatrix3fv(program.to_rgb, 1, GL_FALSE, matrix.to_rgb.data());
        glUniform3fv(program.offset, 1, matrix.offset.data());
    }
    glActiveTexture(GL_TEXTURE0);
    glBindTexture(GL_TEXTURE_2D, names[0]);
    if (program.stripe >= 0) {
        const float spacing = std::clamp(quad.box.width / 24, 9.0F, 30.0F) * unit;
        glUniform2f(program.stripe, std::round(spacing), std::max(2.0F, std::round(spacing * 0.25F)));
    }
    return true;
}

void GlQuads::draw(const Quads& quads, int width, int height, float unit, const Rect& clip, TimePoint now) {
    if (quads.empty()) return;
    impl_->prepare(quads, width, height, unit);
    for (std::size_t i = 0; i < quads.size(); ++i) {
        const Rect seen = common_part(quads[i].clip, clip);
        const auto left = static_cast<GLint>(std::floor(seen.x * unit));
        const auto right = static_cast<GLint>(std::ceil(seen.right() * unit));
        const auto top = static_cast<GLint>(std::floor(seen.y * unit));
        const auto bottom = static_cast<GLint>(std::ceil(seen.bottom() * unit));
        if (right <= left || bottom <= top || !impl_->use(quads[i], unit, now)) continue;
        glScissor(left, height - bottom, right - left, bottom - top);  // GL counts rows from the bottom
        glDrawArrays(GL_TRIANGLE_STRIP, static_cast<GLint>(i) * strip_length, strip_length);
    }
    glBindVertexArray(0);
}

PictureTextures& GlQuads::textures() { return impl_->textures; }

}  // namespace farmwall::ui
