#include "ui/gl_target.hpp"

#include <glad/gl.h>

#include <algorithm>
#include <cmath>
#include <string_view>
#include <utility>

namespace farmwall::ui {

GlTarget::~GlTarget() { release(); }

GlTarget::GlTarget(GlTarget&& other) noexcept { *this = std::move(other); }

GlTarget& GlTarget::operator=(GlTarget&& other) noexcept {
    std::swap(framebuffer_, other.framebuffer_);
    std::swap(color_, other.color_);
    std::swap(width_, other.width_);
    std::swap(height_, other.height_);
    return *this;
}

void GlTarget::release() noexcept {
    if (framebuffer_ != 0) glDeleteFramebuffers(1, &framebuffer_);
    if (color_ != 0) glDeleteTextures(1, &color_);
    framebuffer_ = color_ = 0;
}

Result<GlTarget> GlTarget::create(int width, int height) {
    GlTarget target;
    target.width_ = width;
    target.height_ = height;
    // In the order of most windows, so that copying there is only copying.
    glGenTextures(1, &target.color_);
    glBindTexture(GL_TEXTURE_2D, target.color_);
    glTexImage2D(GL_TEXTURE_2D, 0, GL_RGBA8, width, height, 0, GL_BGRA, GL_UNSIGNED_INT_8_8_8_8_REV, nullptr);
    glTexParameteri(GL_TEXTURE_2D, GL_TEXTURE_MIN_FILTER, GL_NEAREST);
    glTexParameteri(GL_TEXTURE_2D, GL_TEXTURE_MAX_LEVEL, 0);
    glGenFramebuffers(1, &target.framebuffer_);
    glBindFramebuffer(GL_FRAMEBUFFER, target.framebuffer_);
    glFramebufferTexture2D(GL_FRAMEBUFFER, GL_COLOR_ATTACHMENT0, GL_TEXTURE_2D, target.color_, 0);
    if (glCheckFramebufferStatus(GL_FRAMEBUFFER) != GL_FRAMEBUFFER_COMPLETE) {
        return Error{ErrorKind::unsupported, "The OpenGL driver cannot draw a picture of this size."};
    }
    return target;
}

void GlTarget::bind() const { glBindFramebuffer(GL_FRAMEBUFFER, framebuffer_); }

void GlTarget::clear(float r, float g, float b) const {
    bind();
    glDisable(GL_SCISSOR_TEST);
    glClearColor(r, g, b, 1);
    glClear(GL_COLOR_BUFFER_BIT);
}

void GlTarget::copy_to_window(const Rect& part) const {
    glBindFramebuffer(GL_READ_FRAMEBUFFER, framebuffer_);
    glBindFramebuffer(GL_DRAW_FRAMEBUFFER, 0);
    glDisable(GL_SCISSOR_TEST);
    const int left = std::clamp(static_cast<int>(std::floor(part.x)), 0, width_);
    const int right = std::clamp(static_cast<int>(std::ceil(part.right())), 0, width_);
    // GL counts rows from the bottom.
    const int low = std::clamp(height_ - static_cast<int>(std::ceil(part.bottom())), 0, height_);
    const int high = std::clamp(height_ - static_cast<int>(std::floor(part.y)), 0, height_);
    if (left >= right || low >= high) return;
    glBlitFramebuffer(left, low, right, high, left, low, right, high, GL_COLOR_BUFFER_BIT, GL_NEAREST);
}

Rect GlTarget::all() const { return {0, 0, static_cast<float>(width_), static_cast<float>(height_)}; }

std::vector<std::uint8_t> GlTarget::read() const {
    std::vector<std::uint8_t> pixels(static_cast<std::size_t>(width_) * static_cast<std::size_t>(height_) *
                                     4);
    bind();
    glPixelStorei(GL_PACK_ALIGNMENT, 1);
    glReadPixels(0, 0, width_, height_, GL_RGBA, GL_UNSIGNED_BYTE, pixels.data());
    for (std::size_t i = 3; i < pixels.size(); i += 4)
        pixels[i] = 255;
    return pixels;
}

bool is_software_renderer(const char* renderer) {
    const std::string_view name = renderer != nullptr ? renderer : "";
    for (const std::string_view software : {"llvmpipe", "softpipe", "SWR", "Software"}) {
        if (name.find(software) != std::string_view::npos) return true;
    }
    return false;
}

}  // namespace farmwall::ui
