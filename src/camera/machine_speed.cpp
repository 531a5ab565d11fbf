#include <algorithm>
#include <cmath>
#include <cstdint>
#include <memory>
#include <optional>
#include <vector>

#include "base/platform.hpp"
#include "camera/decode_pool.hpp"
#include "camera/h264_decoder.hpp"
#include "camera/libav.hpp"

extern "C" {
#include <libavcodec/avcodec.h>
#include <libavutil/dict.h>
#include <libavutil/opt.h>
}

namespace farmwall::camera {
namespace {

// Where this libavcodec cannot encode: a slow core, so that nothing is promised that cannot be kept.
constexpr double default_speed = 120;
constexpr int width = 1920;
constexpr int height = 1080;
constexpr int pictures = 10;

// A chamber: a textured wall that stands still under noise, and a head that moves in front of it.
void draw(AVFrame& frame, int number) {
    std::uint32_t random = 12345U + static_cast<std::uint32_t>(number) * 7919U;
    const int head = 300 + number * 24;
    for (int y = 0; y < height; ++y) {
        std::uint8_t* line = frame.data[0] + static_cast<std::ptrdiff_t>(y) * frame.linesize[0];
        for (int x = 0; x < width; ++x) {
            random = random * 1664525U + 1013904223U;
            const int wall = 60 + ((x * 7 + y * 13) & 31) + (x + y) / 32;
            const bool in_head = x > head && x < head + 220 && y > 300 && y < 560;
            line[x] = static_cast<std::uint8_t>((in_head ? 190 : wall) + static_cast<int>(random >> 30));
        }
    }
    for (int plane = 1; plane < 3; ++plane) {
        for (int y = 0; y < height / 2; ++y) {
            std::uint8_t* line = frame.data[plane] + static_cast<std::ptrdiff_t>(y) * frame.linesize[plane];
            for (int x = 0; x < width / 2; ++x)
                line[x] = static_cast<std::uint8_t>(120 + ((x + y * plane) >> 6 & 15));
        }
    }
}

AvCodec open_encoder() {
    const AVCodec* kind = avcodec_find_encoder_by_name("libx264");
    AvCodec encoder{kind != nullptr ? avcodec_alloc_context3(kind) : nullptr};
    if (!encoder) return nullptr;
    encoder->width = width;
    encoder->height = height;
    encoder->pix_fmt = AV_PIX_FMT_YUV420P;
    encoder->time_base = {1, 30};
    encoder->bit_rate = 3'000'000;
    encoder->gop_size = pictures;
    encoder->max_b_frames = 0;
    encoder->thread_count = 1;
    AVDictionary* options = nullptr;
    av_dict_set(&options, "preset", "superfast", 0);
    av_dict_set(&options, "tune", "zerolatency", 0);
    const int code = avcodec_open2(encoder.get(), kind, &options);
    av_dict_free(&options);
    return code < 0 ? nullptr : std::move(encoder);
}

std::vector<Packet> make_clip() {
    std::vector<Packet> clip;
    const AvCodec encoder = open_encoder();
    if (!encoder) return clip;
    const AvFrame frame = make_av_frame();
    frame->format = AV_PIX_FMT_YUV420P;
    frame->width = width;
    frame->height = height;
    if (av_frame_get_buffer(frame.get(), 0) < 0) return clip;
    const AvPacket made = make_av_packet();
    for (int i = 0; i <= pictures; ++i) {
        if (i < pictures) {
            if (av_frame_make_writable(frame.get()) < 0) return {};
            draw(*frame, i);
            frame->pts = i;
        }
        if (avcodec_send_frame(encoder.get(), i < pictures ? frame.get() : nullptr) < 0) return {};
        while (avcodec_receive_packet(encoder.get(), made.get()) == 0) {
            Packet packet;
            packet.bytes =
                std::make_shared<const Bytes>(std::vector<std::uint8_t>(made->data, made->data + made->size));
            packet.key = (made->flags & AV_PKT_FLAG_KEY) != 0;
            clip.push_back(std::move(packet));
            av_packet_unref(made.get());
        }
    }
    return clip;
}

double measure() {
    silence_libav();
    const std::vector<Packet> clip = make_clip();
    auto decoder = H264Decoder::open(PictureMemory{});
    if (clip.size() < pictures || !decoder) return default_speed;
    std::vector<Picture> made;
    std::size_t count = 0;
    const double start = platform::thread_cpu_seconds();
    for (const Packet& packet : clip) {
        made.clear();
        if (!decoder.value()->decode(packet, true, made).ok()) return default_speed;
        count += made.size();
    }
    const double used = platform::thread_cpu_seconds() - start;
    if (count == 0 || used <= 0) return default_speed;
    return static_cast<double>(count) / used;
}

}  // namespace

double DecodePool::measure_machine() {
    static const double speed = measure();
    return speed;
}

}  // namespace farmwall::camera
