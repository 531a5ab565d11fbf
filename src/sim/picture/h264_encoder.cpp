#include "sim/picture/h264_encoder.hpp"

extern "C" {
#include <libavcodec/avcodec.h>
#include <libavutil/log.h>
#include <libavutil/opt.h>
}

#include <fmt/format.h>

#include "sim/picture/yuv.hpp"

namespace farmwall::sim {

namespace {

template <auto Free>
struct FreerByRef {
    template <class T>
    void operator()(T* p) const noexcept {
        Free(&p);
    }
};
using Context = std::unique_ptr<AVCodecContext, FreerByRef<avcodec_free_context>>;
using Frame = std::unique_ptr<AVFrame, FreerByRef<av_frame_free>>;
using Packet = std::unique_ptr<AVPacket, FreerByRef<av_packet_free>>;

Error failed(const char* what) { return Error{ErrorKind::unavailable, what}; }

void describe(AVCodecContext& context, Size size, int pictures_per_second) {
    context.width = size.width;
    context.height = size.height;
    context.pix_fmt = AV_PIX_FMT_YUV420P;
    context.color_range = AVCOL_RANGE_MPEG;
    context.colorspace = AVCOL_SPC_BT709;
    context.color_primaries = AVCOL_PRI_BT709;
    context.color_trc = AVCOL_TRC_BT709;
    context.time_base = {1, pictures_per_second};
    context.framerate = {pictures_per_second, 1};
    context.gop_size = pictures_per_second;
    context.max_b_frames = 0;
    context.thread_count = 1;
    av_opt_set(context.priv_data, "preset", "ultrafast", 0);
    av_opt_set(context.priv_data, "tune", "zerolatency", 0);
    av_opt_set(context.priv_data, "forced-idr", "1", 0);
    av_opt_set(context.priv_data, "crf", "27", 0);
    av_opt_set(context.priv_data, "x264-params", "aud=1:scenecut=0:sliced-threads=0:slices=1", 0);
}

}  // namespace

struct H264Encoder::Inside {
    Context context;
    Frame frame;
    Packet packet;
};

H264Encoder::H264Encoder(std::unique_ptr<Inside> inside) : inside_{std::move(inside)} {}
H264Encoder::H264Encoder(H264Encoder&&) noexcept = default;
H264Encoder& H264Encoder::operator=(H264Encoder&&) noexcept = default;
H264Encoder::~H264Encoder() = default;

Result<H264Encoder> H264Encoder::open(Size size, int pictures_per_second) {
    av_log_set_level(AV_LOG_ERROR);
    const AVCodec* codec = avcodec_find_encoder_by_name("libx264");
    if (codec == nullptr)
        return failed("The installed libavcodec has no libx264, which virtual cameras need");
    auto inside = std::make_unique<Inside>();
    inside->context.reset(avcodec_alloc_context3(codec));
    inside->frame.reset(av_frame_alloc());
    inside->packet.reset(av_packet_alloc());
    if (!inside->context || !inside->frame || !inside->packet)
        return failed("Out of memory for a video encoder");
    describe(*inside->context, size, pictures_per_second);
    if (avcodec_open2(inside->context.get(), codec, nullptr) < 0)
        return failed("The video encoder libx264 did not start");
    inside->frame->format = AV_PIX_FMT_YUV420P;
    inside->frame->width = size.width;
    inside->frame->height = size.height;
    if (av_frame_get_buffer(inside->frame.get(), 0) < 0) return failed("Out of memory for a video picture");
    return H264Encoder{std::move(inside)};
}

std::vector<std::uint8_t> H264Encoder::encode(const Canvas& canvas, std::span<const Rect> changed, bool key) {
    AVFrame& frame = *inside_->frame;
    if (av_frame_make_writable(&frame) < 0) return {};
    const Planes planes{frame.data[0], frame.data[1], frame.data[2], frame.linesize[0], frame.linesize[1]};
    for (const Rect area : changed)
        to_yuv420(canvas, area, planes);
    frame.pict_type = key ? AV_PICTURE_TYPE_I : AV_PICTURE_TYPE_NONE;
    ++frame.pts;
    std::vector<std::uint8_t> bytes;
    if (avcodec_send_frame(inside_->context.get(), &frame) < 0) return bytes;
    AVPacket* packet = inside_->packet.get();
    while (avcodec_receive_packet(inside_->context.get(), packet) >= 0) {
        bytes.insert(bytes.end(), packet->data, packet->data + packet->size);
        av_packet_unref(packet);
    }
    return bytes;
}

}  // namespace farmwall::sim
