#include "camera/jpeg_codec.hpp"

#include <turbojpeg.h>

#include <algorithm>
#include <array>
#include <new>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "camera/picture_planes.hpp"

namespace farmwall::camera {
namespace {

struct FreeHandle {
    void operator()(void* handle) const noexcept { tjDestroy(handle); }
};
using Handle = std::unique_ptr<void, FreeHandle>;

struct FreeJpeg {
    void operator()(unsigned char* bytes) const noexcept { tjFree(bytes); }
};

struct Header {
    PictureSize size;
    int sampling = TJSAMP_420;
};

// All of the picture was there by then: some cameras fill up the last bytes.
bool harmless(tjhandle handle) {
    if (tjGetErrorCode(handle) != TJERR_WARNING) return false;
    const std::string_view what{tjGetErrorStr2(handle)};
    return what.find("extraneous bytes before marker 0xd9") != std::string_view::npos;
}

}  // namespace

struct JpegCodec::Impl {
    PictureMemory memory;
    Handle reader;
    Handle writer;

    Result<Header> read_header(std::span<const std::uint8_t> jpeg);
    Result<Picture> read_planes(std::span<const std::uint8_t> jpeg, const Header& header, int width,
                                int height);
    bool decompress(std::span<const std::uint8_t> jpeg, const OpenPlanes& planes, int width, int height);
    // What cannot be read may leave the reader in the middle of something: the next picture gets a new one.
    Error trouble(const char* what) {
        Error error{ErrorKind::bad_input, what, tjGetErrorStr2(reader.get())};
        reader.reset();
        return error;
    }
    template <class Compress>
    Result<SharedBytes> write(Compress&& compress);
};

JpegCodec::JpegCodec(PictureMemory memory) : impl_{std::make_unique<Impl>()} {
    impl_->memory = std::move(memory);
}
JpegCodec::~JpegCodec() = default;

Result<Header> JpegCodec::Impl::read_header(std::span<const std::uint8_t> jpeg) {
    if (!reader) reader.reset(tjInitDecompress());
    if (!reader) throw std::bad_alloc{};
    Header header;
    int colors = 0;
    if (tjDecompressHeader3(reader.get(), jpeg.data(), static_cast<unsigned long>(jpeg.size()),
                            &header.size.width, &header.size.height, &header.sampling, &colors) != 0)
        return trouble("This is no JPEG picture");
    const auto [width, height] = header.size;
    if (width < 1 || height < 1 || width > most_picture_side || height > most_picture_side ||
        static_cast<std::size_t>(width) * static_cast<std::size_t>(height) > most_picture_pixels)
        return Error{ErrorKind::bad_input, "The picture's size is out of bounds"};
    const bool known = header.sampling >= 0 && header.sampling < TJ_NUMSAMP;
    if (!known || (colors != TJCS_YCbCr && colors != TJCS_GRAY))
        return Error{ErrorKind::bad_input, "The picture's colours are of a kind that is not known"};
    return header;
}

bool JpegCodec::Impl::decompress(std::span<const std::uint8_t> jpeg, const OpenPlanes& planes, int width,
                                 int height) {
    std::array<unsigned char*, 3> data = planes.data;
    std::array<int, 3> stride = planes.stride;
    // Not TJFLAG_FASTDCT: with it, chroma comes out wrong at half the size.
    const int code =
        tjDecompressToYUVPlanes(reader.get(), jpeg.data(), static_cast<unsigned long>(jpeg.size()),
                                data.data(), width, stride.data(), height, TJFLAG_LIMITSCANS);
    return code == 0 || harmless(reader.get());
}

Result<Picture> JpegCodec::Impl::read_planes(std::span<const std::uint8_t> jpeg, const Header& header,
                                             int width, int height) {
    Picture picture;
    picture.width = width;
    picture.height = height;
    picture.source_width = header.size.width;
    picture.source_height = header.size.height;
    picture.full_range = true;
    const bool grey = header.sampling == TJSAMP_GRAY;
    const auto side = [&](auto measure, int component, int length) {
        return grey && component > 0 ? 0 : measure(component, length, header.sampling);
    };
    // libjpeg fills whole groups of pixels: planes may be a little larger than the picture.
    const int luma_width = side(tjPlaneWidth, 0, width);
    const int luma_height = side(tjPlaneHeight, 0, height);
    if (header.sampling == TJSAMP_420) {
        OpenPlanes planes = make_i420(luma_width, luma_height, memory);
        if (!decompress(jpeg, planes, width, height)) return trouble("The picture is damaged");
        close_planes(std::move(planes), picture);
        return picture;
    }
    ForeignPlanes foreign;
    foreign.kind = grey ? PlaneKind::grey : PlaneKind::chroma_any;
    foreign.chroma_width = side(tjPlaneWidth, 1, width);
    foreign.chroma_height = side(tjPlaneHeight, 1, height);
    const auto luma = static_cast<std::size_t>(luma_width) * static_cast<std::size_t>(luma_height);
    const auto chroma =
        static_cast<std::size_t>(foreign.chroma_width) * static_cast<std::size_t>(foreign.chroma_height);
    OpenPlanes planes;
    planes.block = memory.take(luma + 2 * chroma);
    planes.data = {planes.block.get(), planes.block.get() + luma, planes.block.get() + luma + chroma};
    planes.stride = {luma_width, foreign.chroma_width, foreign.chroma_width};
    if (!decompress(jpeg, planes, width, height)) return trouble("The picture is damaged");
    for (std::size_t i = 0; i < 3; ++i)
        foreign.planes[i] = {planes.data[i], planes.stride[i]};
    convert_to_i420(foreign, picture, memory);
    return picture;
}

Result<PictureSize> JpegCodec::size(std::span<const std::uint8_t> jpeg) {
    const auto header = impl_->read_header(jpeg);
    if (!header) return header.error();
    return header.value().size;
}

Result<Picture> JpegCodec::decode(std::span<const std::uint8_t> jpeg, int box_width, int box_height) {
    const auto header = impl_->read_header(jpeg);
    if (!header) return header.error();
    const auto [width, height] = header.value().size;
    const tjscalingfactor factor{1, divisor_for(width, height, box_width, box_height, 8)};
    return impl_->read_planes(jpeg, header.value(), TJSCALED(width, factor), TJSCALED(height, factor));
}

template <class Compress>
Result<SharedBytes> JpegCodec::Impl::write(Compress&& compress) {
    if (!writer) writer.reset(tjInitCompress());
    if (!writer) throw std::bad_alloc{};
    unsigned char* bytes = nullptr;
    unsigned long size = 0;
    const int code = compress(writer.get(), &bytes, &size);
    const std::unique_ptr<unsigned char, FreeJpeg> owner{bytes};
    if (code != 0)
        return Error{ErrorKind::io, "The picture could not be encoded", tjGetErrorStr2(writer.get())};
    return SharedBytes{std::make_shared<const Bytes>(std::vector<std::uint8_t>(bytes, bytes + size))};
}

Result<SharedBytes> JpegCodec::encode(const Picture& picture, int quality) {
    const int width = picture.width & ~1;
    const int height = picture.height & ~1;
    if (width < 2 || height < 2) return Error{ErrorKind::io, "The picture is too small to be encoded"};
    if (picture.full_range && !picture.bt709) {
        std::array<const unsigned char*, 3> data{};
        std::array<int, 3> stride{};
        for (std::size_t i = 0; i < 3; ++i) {
            data[i] = picture.planes[i].data;
            stride[i] = picture.planes[i].stride;
        }
        return impl_->write([&](tjhandle handle, unsigned char** bytes, unsigned long* size) {
            return tjCompressFromYUVPlanes(handle, data.data(), width, stride.data(), height, TJSAMP_420,
                                           bytes, size, quality, 0);
        });
    }
    // JPEG is BT.601 in full range: everything else takes the way over RGB.
    Frame frame;
    frame.width = width;
    frame.height = height;
    const int stride = width * 4;
    const auto block =
        impl_->memory.take(static_cast<std::size_t>(stride) * static_cast<std::size_t>(height));
    Picture even = picture;
    even.width = width;
    even.height = height;
    write_rgba(even, block.get(), stride);
    frame.planes[0] = {block.get(), stride};
    return encode_rgba(frame, quality);
}

Result<SharedBytes> JpegCodec::encode_rgba(const Frame& frame, int quality) {
    return impl_->write([&](tjhandle handle, unsigned char** bytes, unsigned long* size) {
        return tjCompress2(handle, frame.planes[0].data, frame.width, frame.planes[0].stride, frame.height,
                           TJPF_RGBA, bytes, size, TJSAMP_420, quality, 0);
    });
}

}  // namespace farmwall::camera
