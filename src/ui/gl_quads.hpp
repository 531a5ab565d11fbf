#pragma once

#include <memory>
#include <string>

#include "base/clock.hpp"
#include "base/result.hpp"
#include "ui/picture_textures.hpp"
#include "ui/quad.hpp"

namespace farmwall::ui {

// The text of assets/shaders/quad.vert and quad.frag.
struct QuadShaders {
    std::string vertex;
    std::string fragment;
};

// Draws quads with programs of our own, layer by layer; only corners are blended. Made, used and destroyed on
// the render thread while its GL context is current; leaves blending off and a program of its own in use.
class GlQuads {
public:
    // Error unsupported when the driver refuses a shader; the text says why.
    [[nodiscard]] static Result<std::unique_ptr<GlQuads>> create(const QuadShaders& shaders);
    ~GlQuads();
    GlQuads(const GlQuads&) = delete;
    GlQuads& operator=(const GlQuads&) = delete;

    // Onto the bound framebuffer of `width` by `height` pixels; a quad's pixel covers `unit` of them.
    // Nothing outside `clip` is touched. Pictures that are newer than their textures are uploaded first.
    void draw(const Quads& quads, int width, int height, float unit, const Rect& clip, TimePoint now);

    [[nodiscard]] PictureTextures& textures();

private:
    struct Impl;
    explicit GlQuads(std::unique_ptr<Impl> impl);
    std::unique_ptr<Impl> impl_;
};

}  // namespace farmwall::ui
