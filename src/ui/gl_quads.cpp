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
    float u, v;   // of the picture; in a corner pixels from the arc's centre
    float shade;  // of the tint; in a corner the arc's radius
    Color paint;  // the tint, or the plain colour
};

struct Program {
    GLuint name = 0;
    GLint screen = -1;
    GLint to_rgb = -1;
    GLint offset = -1;
    GLint stripe = -1;
};

enum Kind : std::size_t {
    plain,
    plain_doubtful,
    corner,
    rgba,
    rgba_tinted,
    rgba_doubtful,
    i420,
    i420_tinted,
    i420_doubtful,
    kinds
};
constexpr std::array<std::string_view, kinds> definitions{"#define PLAIN\n",
                                                          "#define PLAIN\n#define DOUBTFUL\n",
                                                          "#define CORNER\n",
                                                          "#define RGBA\n",
                                                          "#define RGBA\n#define TINTED\n",
                                                          "#define RGBA\n#define TINTED\n#define DOUBTFUL\n",
                                                          "#define I420\n",
                                                          "#define I420\n#define TINTED\n",
                                                          "#define I420\n#define TINTED\n#define DOUBTFUL\n"};

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
void add_picture(std::vector<Vertex>& vertices, const Quad& quad) {
    for (const float y : bends(quad)) {
        const float down = quad.box.height > 0 ? (y - quad.box.y) / quad.box.height : 0;
        const float v = quad.part.y + down * quad.part.height;
        const float shade = quad.scrim.at(y, quad.box.y);
        vertices.push_back({quad.box.x, y, quad.part.x, v, shade, quad.scrim.color});
        vertices.push_back({quad.box.right(), y, quad.part.right(), v, shade, quad.scrim.color});
    }
}
constexpr GLsizei strip_length = 10;

// Part of a picture's strip: the rows between the words need no tint, which is a sixth cheaper.
struct Band {
    GLint first;
    GLsizei count;
    bool tinted;
};
std::vector<Band> bands(const Quad& quad) {
    const Scrim& scrim = quad.scrim;
    if (quad.doubtful) return {{0, strip_length, true}};
    if (scrim.top <= 0 && scrim.bottom <= 0) return {{0, strip_length, false}};
    if (scrim.top_end >= scrim.bottom_from) return {{0, strip_length, true}};
    return {{0, 4, true}, {2, 4, false}, {4, 6, true}};
}

// Two triangles, whose corners know where they are from `from`.
void add_rect(std::vector<Vertex>& vertices, const Rect& box, Vec2 from, float shade, Color paint) {
    const auto at = [&](float x, float y) {
        vertices.push_back({x, y, x - from.x, y - from.y, shade, paint});
    };
    at(box.x, box.y);
    at(box.right(), box.y);
    at(box.x, box.bottom());
    at(box.x, box.bottom());
    at(box.right(), box.y);
    at(box.right(), box.bottom());
}

void add_corners(std::vector<Vertex>& vertices, const Quad& quad) {
    const float r = quad.radius;
    for (const float x : {quad.box.x, quad.box.right() - r}) {
        for (const float y : {quad.box.y, quad.box.bottom() - r}) {
            const Vec2 center{x == quad.box.x ? x + r : x, y == quad.box.y ? y + r : y};
            const Rect seen = common_part({x, y, r, r}, quad.clip);
            if (seen.width > 0 && seen.height > 0) add_rect(vertices, seen, center, r, quad.color);
        }
    }
}

Kind kind_of(const Quad& quad, bool tinted) {
    const bool planes = quad.frame->layout != PixelLayout::rgba;
    if (quad.doubtful) return planes ? i420_doubtful : rgba_doubtful;
    if (tinted) return planes ? i420_tinted : rgba_tinted;
    return planes ? i420 : rgba;
}

// Whole pixels of the framebuffer, whose rows count from below. `clip` in pixels of ours.
void clip_to(const Rect& clip, float unit, int height) {
    const auto whole = [&](float at) { return static_cast<GLint>(std::lround(at * unit)); };
    const GLint left = whole(clip.x);
    const GLint bottom = whole(clip.bottom());
    glScissor(left, height - bottom, std::max(whole(clip.right()) - left, 0),
              std::max(bottom - whole(clip.y), 0));
}

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
    // Everything drawn in this call.
    struct Call {
        const Quads& quads;
        int width, height;
        float unit;
        const Rect& clip;
        TimePoint now;
    };
    void prepare(const Call& call);
    void draw_plain(const Call& call, Layer layer);
    void draw_hatched(const Call& call);
    void draw_pictures(const Call& call);
    void draw_picture(const Call& call, const Quad& quad, GLint first);
    void use(const Quad& quad, Kind kind, float unit) const;
    void draw_corners(const Call& call);
    void draw_triangles();
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
    glEnableVertexAttribArray(3);
    glVertexAttribPointer(3, 4, GL_UNSIGNED_BYTE, GL_TRUE, sizeof(Vertex),
                          reinterpret_cast<const void*>(offsetof(Vertex, paint)));  // NOLINT: as above
    glBindVertexArray(0);
    return std::unique_ptr<GlQuads>{new GlQuads{std::move(impl)}};
}

GlQuads::GlQuads(std::unique_ptr<Impl> impl) : impl_{std::move(impl)} {}
GlQuads::~GlQuads() = default;

void GlQuads::Impl::prepare(const Call& call) {
    glViewport(0, 0, call.width, call.height);
    glDisable(GL_BLEND);
    glDisable(GL_CULL_FACE);
    glDisable(GL_DEPTH_TEST);
    glDisable(GL_STENCIL_TEST);
    glEnable(GL_SCISSOR_TEST);
    glBindVertexArray(array);
    glBindBuffer(GL_ARRAY_BUFFER, buffer);
    for (const Program& program : programs) {
        glUseProgram(program.name);
        glUniform2f(program.screen, static_cast<float>(call.width) / call.unit,
                    static_cast<float>(call.height) / call.unit);
    }
}

void GlQuads::Impl::draw_triangles() {
    if (vertices.empty()) return;
    glBufferData(GL_ARRAY_BUFFER, static_cast<GLsizeiptr>(vertices.size() * sizeof(Vertex)), vertices.data(),
                 GL_STREAM_DRAW);
    glDrawArrays(GL_TRIANGLES, 0, static_cast<GLsizei>(vertices.size()));
}

// All plain colours of a layer at once, cut to what is seen of each.
void GlQuads::Impl::draw_plain(const Call& call, Layer layer) {
    vertices.clear();
    for (const Quad& quad : call.quads) {
        const bool wanted = quad.layer == layer && !quad.doubtful;
        if (wanted && quad.clip.width > 0 && quad.clip.height > 0)
            add_rect(vertices, quad.clip, {}, 0, quad.color);
    }
    clip_to(call.clip, call.unit, call.height);
    glUseProgram(programs[plain].name);
    draw_triangles();
}

void GlQuads::Impl::draw_hatched(const Call& call) {
    for (const Quad& quad : call.quads) {
        if (quad.layer != Layer::strip || !quad.doubtful) continue;
        vertices.clear();
        add_rect(vertices, quad.clip, {}, 0, quad.color);
        clip_to(call.clip, call.unit, call.height);
        use(quad, plain_doubtful, call.unit);
        draw_triangles();
    }
}

void GlQuads::Impl::use(const Quad& quad, Kind kind, float unit) const {
    const Program& program = programs[kind];
    glUseProgram(program.name);
    if (program.to_rgb >= 0) {
        const YuvMatrix matrix = yuv_matrix(*quad.frame);
        glUniformMatrix3fv(program.to_rgb, 1, GL_FALSE, matrix.to_rgb.data());
        glUniform3fv(program.offset, 1, matrix.offset.data());
    }
    if (program.stripe >= 0) {
        const float spacing = std::clamp(quad.box.width / 24, 9.0F, 30.0F) * unit;
        glUniform2f(program.stripe, std::round(spacing), std::max(2.0F, std::round(spacing * 0.25F)));
    }
}

void GlQuads::Impl::draw_picture(const Call& call, const Quad& quad, GLint first) {
    const PictureTextures::Names names = textures.take(*quad.frame, call.now);
    if (names[0] == 0) return;
    for (unsigned i = 3; i-- > 0;) {  // the first unit last: it stays active
        if (names[i] == 0) continue;
        glActiveTexture(GL_TEXTURE0 + i);
        glBindTexture(GL_TEXTURE_2D, names[i]);
    }
    for (const Band& band : bands(quad)) {
        use(quad, kind_of(quad, band.tinted), call.unit);
        glDrawArrays(GL_TRIANGLE_STRIP, first + band.first, band.count);
    }
}

void GlQuads::Impl::draw_pictures(const Call& call) {
    vertices.clear();
    for (const Quad& quad : call.quads) {
        if (quad.frame) add_picture(vertices, quad);
    }
    if (vertices.empty()) return;
    glBufferData(GL_ARRAY_BUFFER, static_cast<GLsizeiptr>(vertices.size() * sizeof(Vertex)), vertices.data(),
                 GL_STREAM_DRAW);
    glActiveTexture(GL_TEXTURE0);
    GLint first = 0;
    for (const Quad& quad : call.quads) {
        if (!quad.frame) continue;
        const Rect seen = common_part(quad.clip, call.clip);
        clip_to(seen, call.unit, call.height);
        if (seen.width > 0 && seen.height > 0) draw_picture(call, quad, first);
        first += strip_length;
    }
}

void GlQuads::Impl::draw_corners(const Call& call) {
    vertices.clear();
    for (const Quad& quad : call.quads) {
        if (quad.layer == Layer::corners) add_corners(vertices, quad);
    }
    clip_to(call.clip, call.unit, call.height);
    glEnable(GL_BLEND);
    glBlendEquation(GL_FUNC_ADD);
    glBlendFunc(GL_SRC_ALPHA, GL_ONE_MINUS_SRC_ALPHA);
    glUseProgram(programs[corner].name);
    draw_triangles();
    glDisable(GL_BLEND);
}

void GlQuads::draw(const Quads& quads, int width, int height, float unit, const Rect& clip, TimePoint now) {
    if (quads.empty()) return;
    const Impl::Call call{quads, width, height, unit, clip, now};
    impl_->prepare(call);
    impl_->draw_plain(call, Layer::ground);
    impl_->draw_pictures(call);
    impl_->draw_hatched(call);
    impl_->draw_plain(call, Layer::strip);
    impl_->draw_corners(call);
    glBindVertexArray(0);
}

PictureTextures& GlQuads::textures() { return impl_->textures; }

}  // namespace farmwall::ui
