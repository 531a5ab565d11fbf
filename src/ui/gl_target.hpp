#pragma once

#include <cstdint>
#include <vector>

#include "base/result.hpp"
#include "ui/geometry.hpp"

namespace farmwall::ui {

// The picture that is kept between frames: a colour buffer of our own. Made, used and destroyed on
// the render thread while its GL context is current.
class GlTarget {
public:
    GlTarget() = default;
    ~GlTarget();
    GlTarget(GlTarget&& other) noexcept;
    GlTarget& operator=(GlTarget&& other) noexcept;

    // Pixels, both at least 1. Error unsupported when the driver refuses.
    [[nodiscard]] static Result<GlTarget> create(int width, int height);

    void bind() const;  // what follows is drawn here
    void clear(float r, float g, float b) const;
    // Part of the picture, or all of it, onto the same place of the window's back buffer.
    void copy_to_window(const Rect& part) const;
    [[nodiscard]] Rect all() const;
    // Rows from the bottom up, 4 bytes RGBA a pixel, opaque.
    [[nodiscard]] std::vector<std::uint8_t> read() const;

    [[nodiscard]] int width() const { return width_; }
    [[nodiscard]] int height() const { return height_; }

private:
    void release() noexcept;
    unsigned framebuffer_ = 0;
    unsigned color_ = 0;
    int width_ = 0;
    int height_ = 0;
};

// True for drivers that draw on the CPU.
[[nodiscard]] bool is_software_renderer(const char* renderer);

}  // namespace farmwall::ui
