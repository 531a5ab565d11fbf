#include "clips.hpp"

#include <turbojpeg.h>

#include <algorithm>
#include <cmath>
#include <cstdlib>
#include <memory>
#include <stdexcept>

#include "camera/libav.hpp"

extern "C" {
#include <libavcodec/avcodec.h>
#include <libavutil/dict.h>
}

namespace clips {

using namespace farmwall;
using namespace farmwall::camera;

namespace {

struct Matrix {
    double red;
    double blue;
};
Matrix matrix(bool bt709) { return bt709 ? Matrix{0.2126, 0.0722} : Matrix{0.299, 0.114}; }

struct Yuv {
    double y = 0;
    double u = 0;
    double v = 0;
};

Yuv to_yuv(const Rgb& rgb, bool bt709, bool full_range) {
    const auto [kr, kb] = matrix(bt709);
    const double y = kr * rgb.red + (1 - kr - kb) * rgb.green + kb * rgb.blue;
    const double u = (rgb.blue - y) / (2 * (1 - kb));
    const double v = (rgb.red - y) / (2 * (1 - kr));
    if (full_range) return {y, 128 + u, 128 + v};
    return {16 + y * 219 / 255, 128 + u * 224 / 255, 128 + v * 224 / 255};
}

Rgb to_rgb(const Yuv& yuv, bool bt709, bool full_range) {
    const auto [kr, kb] = matrix(bt709);
    const double y = full_range ? yuv.y : (yuv.y - 16) * 255 / 219;
    const double u = (yuv.u - 128) * (full_range ? 1.0 : 255.0 / 224);
    const double v = (yuv.v - 128) * (full_range ? 1.0 : 255.0 / 224);
    const double red = y + 2 * (1 - kr) * v;
    const double blue = y + 2 * (1 - kb) * u;
    const double green = (y - kr * red - kb * blue) / (1 - kr - kb);
    return {static_cast<int>(std::lround(red)), static_cast<int>(std::lround(green)),
            static_cast<int>(std::lround(blue))};
}

std::uint8_t byte(double value) {
    return static_cast<std::uint8_t>(std::clamp(std::lround(value), 0L, 255L));
}

void paint_frame(AVFrame& frame, const Plan& plan, const Painter& paint, int number) {
    for (int y = 0; y < plan.height; ++y) {
        for (int x = 0; x < plan.width; ++x) {
            const Yuv yuv = to_yuv(paint(x, y, number), plan.bt709, plan.full_range);
            frame.data[0][y * frame.linesize[0] + x] = byte(yuv.y);
            if (x % 2 == 0 && y % 2 == 0) {
                frame.data[1][y / 2 * frame.linesize[1] + x / 2] = byte(yuv.u);
                frame.data[2][y / 2 * frame.linesize[2] + x / 2] = byte(yuv.v);
            }
        }
    }
}

AvCodec open_encoder(const Plan& plan) {
    silence_libav();
    const AVCodec* kind = avcodec_find_encoder_by_name("libx264");
    AvCodec encoder{kind != nullptr ? avcodec_alloc_context3(kind) : nullptr};
    if (!encoder) return nullptr;
    encoder->width = plan.width;
    encoder->height = plan.height;
    encoder->pix_fmt = AV_PIX_FMT_YUV420P;
    encoder->time_base = {1, 30};
    encoder->gop_size = plan.gop;
    encoder->max_b_frames = 0;
    encoder->thread_count = 1;
    encoder->slices = plan.slices;
    encoder->flags |= AV_CODEC_FLAG_GLOBAL_HEADER;
    if (plan.say_colors) {
        encoder->colorspace = plan.bt709 ? AVCOL_SPC_BT709 : AVCOL_SPC_SMPTE170M;
        encoder->color_range = plan.full_range ? AVCOL_RANGE_JPEG : AVCOL_RANGE_MPEG;
    }
    AVDictionary* options = nullptr;
    av_dict_set(&options, "preset", plan.preset.c_str(), 0);
    av_dict_set(&options, "tune", "zerolatency", 0);
    av_dict_set_int(&options, "crf", plan.quality, 0);
    av_dict_set(&options, "x264-params", "scenecut=0:sliced-threads=0:threads=1:ref=1", 0);
    const int code = avcodec_open2(encoder.get(), kind, &options);
    av_dict_free(&options);
    return code < 0 ? nullptr : std::move(encoder);
}

SharedBytes shared(const std::uint8_t* bytes, std::size_t size) {
    return std::make_shared<const Bytes>(std::vector<std::uint8_t>(bytes, bytes + size));
}

double mean(const Plane& plane, int left, int top, int width, int height) {
    double sum = 0;
    for (int y = top; y < top + height; ++y) {
        for (int x = left; x < left + width; ++x)
            sum += plane.data[y * plane.stride + x];
    }
    return sum / (width * height);
}

constexpr int counter_columns = 8;
constexpr int counter_rows = 2;

}  // namespace

bool can_encode() {
    static const bool can = avcodec_find_encoder_by_name("libx264") != nullptr;
    return can;
}

std::vector<Packet> h264(const Plan& plan, const Painter& paint) {
    std::vector<Packet> clip;
    const AvCodec encoder = open_encoder(plan);
    if (!encoder) throw std::runtime_error{"no encoder"};
    const SharedBytes parameters =
        shared(encoder->extradata, static_cast<std::size_t>(encoder->extradata_size));
    const AvFrame frame = make_av_frame();
    frame->format = AV_PIX_FMT_YUV420P;
    frame->width = plan.width;
    frame->height = plan.height;
    if (av_frame_get_buffer(frame.get(), 0) < 0) throw std::bad_alloc{};
    const AvPacket made = make_av_packet();
    for (int i = 0; i <= plan.pictures; ++i) {
        if (i < plan.pictures) {
            if (av_frame_make_writable(frame.get()) < 0) throw std::bad_alloc{};
            paint_frame(*frame, plan, paint, i);
            frame->pts = i;
        }
        if (avcodec_send_frame(encoder.get(), i < plan.pictures ? frame.get() : nullptr) < 0) break;
        while (avcodec_receive_packet(encoder.get(), made.get()) == 0) {
            Packet packet;
            packet.bytes = shared(made->data, static_cast<std::size_t>(made->size));
            packet.parameters = parameters;
            packet.key = (made->flags & AV_PKT_FLAG_KEY) != 0;
            packet.arrived = plan.start + plan.period * static_cast<int>(clip.size());
            clip.push_back(std::move(packet));
            av_packet_unref(made.get());
        }
    }
    return clip;
}

Packet jpeg(int width, int height, Sampling sampling, int number, const Painter& paint, TimePoint arrived) {
    constexpr int kinds[] = {TJSAMP_444, TJSAMP_422, TJSAMP_420, TJSAMP_GRAY, TJSAMP_440, TJSAMP_411};
    std::vector<std::uint8_t> pixels;
    for (int y = 0; y < height; ++y) {
        for (int x = 0; x < width; ++x) {
            const Rgb rgb = paint(x, y, number);
            for (const int value : {rgb.red, rgb.green, rgb.blue})
                pixels.push_back(byte(value));
        }
    }
    tjhandle writer = tjInitCompress();
    unsigned char* bytes = nullptr;
    unsigned long size = 0;
    const int code = tjCompress2(writer, pixels.data(), width, width * 3, height, TJPF_RGB, &bytes, &size,
                                 kinds[static_cast<int>(sampling)], 90, 0);
    tjDestroy(writer);
    if (code != 0) throw std::runtime_error{"no JPEG"};
    Packet packet;
    packet.codec = Codec::jpeg;
    packet.bytes = shared(bytes, size);
    packet.arrived = arrived;
    tjFree(bytes);
    return packet;
}

Painter counter(int width, int height) {
    return [width, height](int x, int y, int number) -> Rgb {
        if (y >= height / 4) return {128, 128, 128};
        const int column = x * counter_columns / width;
        const int row = y * counter_rows * 4 / height;
        const int bit = row * counter_columns + column;
        return (number >> bit & 1) != 0 ? Rgb{235, 235, 235} : Rgb{20, 20, 20};
    };
}

int read_counter(const Frame& frame) {
    int number = 0;
    for (int bit = 0; bit < counter_columns * counter_rows; ++bit) {
        const int x = (bit % counter_columns * 2 + 1) * frame.width / (counter_columns * 2);
        const int y = (bit / counter_columns * 2 + 1) * frame.height / (counter_rows * 2 * 4);
        const int step = frame.layout == PixelLayout::rgba ? 4 : 1;
        if (frame.planes[0].data[y * frame.planes[0].stride + x * step] > 128) number |= 1 << bit;
    }
    return number;
}

Rgb card(int x, int width) {
    const int third = x * 3 / width;
    return {third == 0 ? 200 : 30, third == 1 ? 200 : 30, third == 2 ? 200 : 30};
}

Rgb read_card(const Frame& frame, int third) {
    const int x = (third * 2 + 1) * frame.width / 6;
    const int y = frame.height / 2;
    if (frame.layout == PixelLayout::rgba) {
        const std::uint8_t* pixel = frame.planes[0].data + y * frame.planes[0].stride + x * 4;
        if (pixel[3] != 255) return {};
        return {pixel[0], pixel[1], pixel[2]};
    }
    const Yuv yuv{mean(frame.planes[0], x, y, 4, 4), mean(frame.planes[1], x / 2, y / 2, 2, 2),
                  mean(frame.planes[2], x / 2, y / 2, 2, 2)};
    return to_rgb(yuv, frame.bt709, frame.full_range);
}

bool alike(const Rgb& a, const Rgb& b, int tolerance) {
    return std::abs(a.red - b.red) <= tolerance && std::abs(a.green - b.green) <= tolerance &&
           std::abs(a.blue - b.blue) <= tolerance;
}

std::pair<int, int> jpeg_size(const Bytes& bytes) {
    tjhandle reader = tjInitDecompress();
    int width = 0;
    int height = 0;
    int sampling = 0;
    int colors = 0;
    tjDecompressHeader3(reader, bytes.data(), static_cast<unsigned long>(bytes.size()), &width, &height,
                        &sampling, &colors);
    tjDestroy(reader);
    return {width, height};
}

}  // namespace clips
