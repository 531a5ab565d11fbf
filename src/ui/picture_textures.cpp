#include "ui/picture_textures.hpp"

#include <glad/gl.h>

#include <cstddef>

namespace farmwall::ui {
namespace {

using namespace std::chrono_literals;

// A picture that is drawn again after that is uploaded again.
constexpr Duration unused_for = 10s;

std::size_t planes_of(camera::PixelLayout layout) { return layout == camera::PixelLayout::rgba ? 1 : 3; }

struct Size {
    int width = 0;
    int height = 0;
};
Size plane_size(const camera::Frame& frame, std::size_t index) {
    if (index == 0) return {frame.width, frame.height};
    return {(frame.width + 1) / 2, (frame.height + 1) / 2};
}

bool can_be_right(const camera::Frame& frame) {
    static const GLint most = [] {
        GLint size = 0;
        glGetIntegerv(GL_MAX_TEXTURE_SIZE, &size);
        return size;
    }();
    if (frame.width < 1 || frame.height < 1 || frame.width > most || frame.height > most) return false;
    const int bytes = frame.layout == camera::PixelLayout::rgba ? 4 : 1;
    for (std::size_t i = 0; i < planes_of(frame.layout); ++i) {
        if (frame.planes[i].data == nullptr) return false;
        if (frame.planes[i].stride < plane_size(frame, i).width * bytes) return false;
    }
    return true;
}

}  // namespace

PictureTextures::~PictureTextures() {
    for (auto& [serial, held] : held_)
        free(held);
}

void PictureTextures::free(Held& held) {
    for (unsigned& name : held.names) {
        if (name != 0) glDeleteTextures(1, &name);
        name = 0;
    }
}

void PictureTextures::fill_plane(Held& held, std::size_t index, const camera::Frame& frame) {
    const bool rgba = frame.layout == camera::PixelLayout::rgba;
    const GLenum format = rgba ? GL_RGBA : GL_RED;
    const int bytes = rgba ? 4 : 1;
    const Size size = plane_size(frame, index);
    const camera::Plane& plane = frame.planes[index];
    if (held.names[index] == 0) {
        glGenTextures(1, &held.names[index]);
        held.width[index] = held.height[index] = 0;
    }
    glBindTexture(GL_TEXTURE_2D, held.names[index]);
    if (held.width[index] != size.width || held.height[index] != size.height) {
        glTexImage2D(GL_TEXTURE_2D, 0, rgba ? GL_RGBA8 : GL_R8, size.width, size.height, 0, format,
                     GL_UNSIGNED_BYTE, nullptr);
        glTexParameteri(GL_TEXTURE_2D, GL_TEXTURE_MIN_FILTER, GL_LINEAR);
        glTexParameteri(GL_TEXTURE_2D, GL_TEXTURE_MAG_FILTER, GL_LINEAR);
        glTexParameteri(GL_TEXTURE_2D, GL_TEXTURE_WRAP_S, GL_CLAMP_TO_EDGE);
        glTexParameteri(GL_TEXTURE_2D, GL_TEXTURE_WRAP_T, GL_CLAMP_TO_EDGE);
        glTexParameteri(GL_TEXTURE_2D, GL_TEXTURE_MAX_LEVEL, 0);
        held.width[index] = size.width;
        held.height[index] = size.height;
    }
    if (plane.stride % bytes == 0) {
        glPixelStorei(GL_UNPACK_ROW_LENGTH, plane.stride / bytes);
        glTexSubImage2D(GL_TEXTURE_2D, 0, 0, 0, size.width, size.height, format, GL_UNSIGNED_BYTE,
                        plane.data);
        glPixelStorei(GL_UNPACK_ROW_LENGTH, 0);
        return;
    }
    for (int y = 0; y < size.height; ++y) {
        glTexSubImage2D(GL_TEXTURE_2D, 0, 0, y, size.width, 1, format, GL_UNSIGNED_BYTE,
                        plane.data + static_cast<std::ptrdiff_t>(plane.stride) * y);
    }
}

void PictureTextures::fill(Held& held, const camera::Frame& frame) {
    if (held.layout != frame.layout) free(held);
    held.layout = frame.layout;
    glPixelStorei(GL_UNPACK_ALIGNMENT, 1);
    for (std::size_t i = 0; i < planes_of(frame.layout); ++i)
        fill_plane(held, i, frame);
    glPixelStorei(GL_UNPACK_ALIGNMENT, 4);
    held.number = frame.number;
    held.arrived = frame.arrived;
    held.filled = true;
    ++uploads_;
}

PictureTextures::Names PictureTextures::take(const camera::Frame& frame, TimePoint now) {
    if (!can_be_right(frame)) return {};
    Held& held = held_[frame.serial];
    held.used = now;
    const bool same = held.filled && held.number == frame.number && held.arrived == frame.arrived &&
                      held.layout == frame.layout && held.width[0] == frame.width &&
                      held.height[0] == frame.height;
    if (!same) fill(held, frame);
    return held.names;
}

void PictureTextures::free_unused(TimePoint now) {
    for (auto at = held_.begin(); at != held_.end();) {
        if (now - at->second.used < unused_for) {
            ++at;
            continue;
        }
        free(at->second);
        at = held_.erase(at);
    }
}

}  // namespace farmwall::ui
