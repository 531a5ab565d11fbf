#include "camera/picture_planes.hpp"

#include <libyuv/convert.h>
#include <libyuv/convert_argb.h>
#include <libyuv/planar_functions.h>
#include <libyuv/scale.h>

#include <algorithm>
#include <utility>

namespace farmwall::camera {
namespace {

int row_bytes(int width) { return (width + 15) / 16 * 16; }

// One plane, exactly `divisor` times smaller where the sides allow it: libyuv is fastest then.
void shrink_plane(const Plane& from, int from_width, int from_height, std::uint8_t* to, int to_stride,
                  int to_width, int to_height, int divisor) {
    const int used_width = to_width * divisor <= from_width ? to_width * divisor : from_width;
    const int used_height = to_height * divisor <= from_height ? to_height * divisor : from_height;
    libyuv::ScalePlane(from.data, from.stride, used_width, used_height, to, to_stride, to_width, to_height,
                       libyuv::kFilterBox);
}

Picture smaller(const Picture& picture, int width, int height, int divisor, PictureMemory& memory) {
    OpenPlanes planes = make_i420(width, height, memory);
    for (std::size_t i = 0; i < 3; ++i) {
        const bool luma = i == 0;
        shrink_plane(picture.planes[i], luma ? picture.width : chroma_side(picture.width),
                     luma ? picture.height : chroma_side(picture.height), planes.data[i], planes.stride[i],
                     luma ? width : chroma_side(width), luma ? height : chroma_side(height), divisor);
    }
    Picture made = picture;
    made.width = width;
    made.height = height;
    close_planes(std::move(planes), made);
    return made;
}

// With U and V exchanged libyuv's "ARGB" comes out as red, green, blue, alpha.
const libyuv::YuvConstants& exchanged_constants(bool bt709, bool full_range) {
    if (bt709) return full_range ? libyuv::kYvuF709Constants : libyuv::kYvuH709Constants;
    return full_range ? libyuv::kYvuJPEGConstants : libyuv::kYvuI601Constants;
}

}  // namespace

OpenPlanes make_i420(int width, int height, PictureMemory& memory) {
    OpenPlanes made;
    made.stride = {row_bytes(width), row_bytes(chroma_side(width)), row_bytes(chroma_side(width))};
    const std::size_t luma = static_cast<std::size_t>(made.stride[0]) * static_cast<std::size_t>(height);
    const std::size_t chroma =
        static_cast<std::size_t>(made.stride[1]) * static_cast<std::size_t>(chroma_side(height));
    made.block = memory.take(luma + 2 * chroma);
    made.data = {made.block.get(), made.block.get() + luma, made.block.get() + luma + chroma};
    return made;
}

void close_planes(OpenPlanes planes, Picture& picture) {
    for (std::size_t i = 0; i < 3; ++i)
        picture.planes[i] = {planes.data[i], planes.stride[i]};
    picture.keeper = std::move(planes.block);
}

void convert_to_i420(const ForeignPlanes& from, Picture& picture, PictureMemory& memory) {
    const int width = picture.width;
    const int height = picture.height;
    OpenPlanes to = make_i420(width, height, memory);
    if (from.kind == PlaneKind::i010) {
        const auto wide = [](const Plane& plane) {
            return std::pair{reinterpret_cast<const std::uint16_t*>(plane.data), plane.stride / 2};
        };
        const auto [y, y_stride] = wide(from.planes[0]);
        const auto [u, u_stride] = wide(from.planes[1]);
        const auto [v, v_stride] = wide(from.planes[2]);
        libyuv::I010ToI420(y, y_stride, u, u_stride, v, v_stride, to.data[0], to.stride[0], to.data[1],
                           to.stride[1], to.data[2], to.stride[2], width, height);
        close_planes(std::move(to), picture);
        return;
    }
    libyuv::CopyPlane(from.planes[0].data, from.planes[0].stride, to.data[0], to.stride[0], width, height);
    const int chroma_width = chroma_side(width);
    const int chroma_height = chroma_side(height);
    if (from.kind == PlaneKind::nv12) {
        libyuv::SplitUVPlane(from.planes[1].data, from.planes[1].stride, to.data[1], to.stride[1], to.data[2],
                             to.stride[2], chroma_width, chroma_height);
    }
    for (std::size_t i = 1; i < 3; ++i) {
        if (from.kind == PlaneKind::grey)
            libyuv::SetPlane(to.data[i], to.stride[i], chroma_width, chroma_height, 128);
        if (from.kind == PlaneKind::chroma_any)
            libyuv::ScalePlane(from.planes[i].data, from.planes[i].stride, from.chroma_width,
                               from.chroma_height, to.data[i], to.stride[i], chroma_width, chroma_height,
                               libyuv::kFilterBox);
    }
    close_planes(std::move(to), picture);
}

int divisor_for(int width, int height, int box_width, int box_height, int most) {
    constexpr int slack = 2;
    if (box_width <= 0 || box_height <= 0) return 1;
    int divisor = 1;
    while (divisor * 2 <= most) {
        const int next = divisor * 2;
        if (width / next < std::max(1, box_width - slack) || height / next < std::max(1, box_height - slack))
            break;
        divisor = next;
    }
    return divisor;
}

Picture shrink(const Picture& picture, int divisor, PictureMemory& memory) {
    const int width = picture.width / divisor;
    const int height = picture.height / divisor;
    if (divisor <= 1 || width < 1 || height < 1) return picture;
    return smaller(picture, width, height, divisor, memory);
}

Picture scale_to(const Picture& picture, int width, int height, PictureMemory& memory) {
    if (width >= picture.width || height > picture.height || width < 1 || height < 1) return picture;
    constexpr int any = 1 << 20;  // more than any side has: the whole plane is used
    return smaller(picture, width, height, any, memory);
}

void write_rgba(const Picture& picture, std::uint8_t* rgba, int stride) {
    const auto& [y, u, v] = picture.planes;
    libyuv::I420ToARGBMatrix(y.data, y.stride, v.data, v.stride, u.data, u.stride, rgba, stride,
                             &exchanged_constants(picture.bt709, picture.full_range), picture.width,
                             picture.height);
}

}  // namespace farmwall::camera
