#include "camera/h264_decoder.hpp"

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <exception>
#include <new>
#include <optional>
#include <utility>

#include "camera/picture_planes.hpp"

extern "C" {
#include <libavcodec/avcodec.h>
#include <libavutil/buffer.h>
#include <libavutil/frame.h>
#include <libavutil/hwcontext.h>
#include <libavutil/pixfmt.h>
}

namespace farmwall::camera {
namespace {

bool is_i420(int format) { return format == AV_PIX_FMT_YUV420P || format == AV_PIX_FMT_YUVJ420P; }

void give_back_block(void* opaque, std::uint8_t*) {
    delete static_cast<std::shared_ptr<std::uint8_t>*>(opaque);
}
void give_back_bytes(void* opaque, std::uint8_t*) { delete static_cast<SharedBytes*>(opaque); }

// A frame's memory from ours, so that decoders that come and go share it.
void place(AVCodecContext& codec, AVFrame& frame) {
    int width = frame.width;
    int height = frame.height;
    int alignments[AV_NUM_DATA_POINTERS] = {};
    avcodec_align_dimensions2(&codec, &width, &height, alignments);
    constexpr int luma_step = 128;  // half of it for chroma is what the widest SIMD asks for
    constexpr std::size_t tail = 64;
    const int stride = (width + luma_step - 1) / luma_step * luma_step;
    const std::size_t luma = static_cast<std::size_t>(stride) * static_cast<std::size_t>(height) + tail;
    const std::size_t chroma =
        static_cast<std::size_t>(stride / 2) * static_cast<std::size_t>((height + 1) / 2) + tail;
    auto& memory = *static_cast<PictureMemory*>(codec.opaque);
    auto block = std::make_unique<std::shared_ptr<std::uint8_t>>(memory.take(luma + 2 * chroma));
    std::uint8_t* bytes = block->get();
    frame.buf[0] = av_buffer_create(bytes, luma + 2 * chroma, give_back_block, block.get(), 0);
    if (frame.buf[0] == nullptr) throw std::bad_alloc{};
    static_cast<void>(block.release());  // the buffer owns it now
    frame.data[0] = bytes;
    frame.data[1] = bytes + luma;
    frame.data[2] = bytes + luma + chroma;
    frame.linesize[0] = stride;
    frame.linesize[1] = frame.linesize[2] = stride / 2;
    frame.extended_data = frame.data;
}

int get_buffer(AVCodecContext* codec, AVFrame* frame, int flags) {
    if (codec->opaque == nullptr || !is_i420(frame->format) || codec->hw_frames_ctx != nullptr)
        return avcodec_default_get_buffer2(codec, frame, flags);
    try {
        place(*codec, *frame);
        return 0;
    } catch (const std::exception&) {
        return AVERROR(ENOMEM);
    }
}

bool is_bt709(const AVFrame& frame) {
    switch (frame.colorspace) {
        case AVCOL_SPC_BT470BG:
        case AVCOL_SPC_SMPTE170M:
        case AVCOL_SPC_FCC:
            return false;
        case AVCOL_SPC_UNSPECIFIED:
            return frame.height >= 720;
        default:
            return true;
    }
}

// Nothing: a kind of pixels that nobody sends.
std::optional<ForeignPlanes> foreign_planes(const AVFrame& frame) {
    ForeignPlanes found;
    for (std::size_t i = 0; i < 3; ++i)
        found.planes[i] = {frame.data[i], frame.linesize[i]};
    found.chroma_width = chroma_side(frame.width);
    found.chroma_height = frame.height;
    switch (frame.format) {
        case AV_PIX_FMT_NV12:
            found.kind = PlaneKind::nv12;
            return found;
        case AV_PIX_FMT_GRAY8:
            found.kind = PlaneKind::grey;
            return found;
        case AV_PIX_FMT_YUV420P10LE:
            found.kind = PlaneKind::i010;
            return found;
        case AV_PIX_FMT_YUV422P:
        case AV_PIX_FMT_YUVJ422P:
            return found;
        case AV_PIX_FMT_YUV444P:
        case AV_PIX_FMT_YUVJ444P:
            found.chroma_width = frame.width;
            return found;
        default:
            return std::nullopt;
    }
}

Result<Picture> picture_of(AvFrame frame, PictureMemory& memory) {
    Picture picture;
    picture.width = picture.source_width = frame->width;
    picture.height = picture.source_height = frame->height;
    if (frame->width < 1 || frame->height < 1 || frame->width > most_picture_side ||
        frame->height > most_picture_side)
        return Error{ErrorKind::bad_input, "The picture's size is out of bounds"};
    picture.full_range = frame->color_range == AVCOL_RANGE_JPEG || frame->format == AV_PIX_FMT_YUVJ420P;
    picture.bt709 = is_bt709(*frame);
    picture.arrived = TimePoint{Duration{frame->pts}};
    if (is_i420(frame->format)) {
        for (std::size_t i = 0; i < 3; ++i)
            picture.planes[i] = {frame->data[i], frame->linesize[i]};
        picture.keeper = std::shared_ptr<const AVFrame>{std::move(frame)};
        return picture;
    }
    const auto planes = foreign_planes(*frame);
    if (!planes) return Error{ErrorKind::bad_input, "The pixels are of a kind that is not known"};
    convert_to_i420(*planes, picture, memory);
    return picture;
}

// Fetches a picture from the device's memory.
Result<AvFrame> downloaded(const AVFrame& frame) {
    AvFrame here = make_av_frame();
    const int code = av_hwframe_transfer_data(here.get(), &frame, 0);
    if (code < 0)
        return Error{ErrorKind::io, "The picture could not be fetched from the device", libav_error(code)};
    av_frame_copy_props(here.get(), &frame);
    return here;
}

Error decoder_error(int code) {
    const bool bytes = code == AVERROR_INVALIDDATA;
    return {bytes ? ErrorKind::bad_input : ErrorKind::io, "The picture could not be decoded",
            libav_error(code)};
}

}  // namespace

void H264Decoder::prepare(AVCodecContext& codec) {
    codec.thread_count = 1;
    codec.flags |= AV_CODEC_FLAG_LOW_DELAY;
    codec.max_pixels = static_cast<std::int64_t>(most_picture_pixels);
    codec.pkt_timebase = {1, 1'000'000'000};
}

Result<std::unique_ptr<H264Decoder>> H264Decoder::open(PictureMemory memory) {
    silence_libav();
    const AVCodec* kind = avcodec_find_decoder(AV_CODEC_ID_H264);
    AvCodec codec{kind != nullptr ? avcodec_alloc_context3(kind) : nullptr};
    if (!codec) return Error{ErrorKind::unsupported, "This libavcodec has no decoder for H.264"};
    prepare(*codec);
    codec->get_buffer2 = get_buffer;
    const int code = avcodec_open2(codec.get(), kind, nullptr);
    if (code < 0) return Error{ErrorKind::io, "The decoder could not be opened", libav_error(code)};
    return std::make_unique<H264Decoder>(std::move(codec), std::move(memory));
}

H264Decoder::H264Decoder(AvCodec codec, PictureMemory memory)
    : memory_{std::move(memory)},
      codec_{std::move(codec)},
      packet_{make_av_packet()},
      frame_{make_av_frame()} {
    codec_->opaque = &memory_;
}

H264Decoder::~H264Decoder() = default;

Status H264Decoder::send(const Packet& packet) {
    if (!packet.bytes || packet.bytes->size() == 0)
        return Error{ErrorKind::bad_input, "The picture has no bytes"};
    av_packet_unref(packet_.get());
    if (packet.key && packet.parameters && packet.parameters->size() > 0) {
        const auto parameters = packet.parameters->view();
        const auto bytes = packet.bytes->view();
        joined_.assign(parameters.size() + bytes.size() + AV_INPUT_BUFFER_PADDING_SIZE, 0);
        std::copy(parameters.begin(), parameters.end(), joined_.begin());
        std::copy(bytes.begin(), bytes.end(),
                  joined_.begin() + static_cast<std::ptrdiff_t>(parameters.size()));
        packet_->data = joined_.data();
        packet_->size = static_cast<int>(parameters.size() + bytes.size());
    } else {
        static_assert(Bytes::padding >= AV_INPUT_BUFFER_PADDING_SIZE);
        auto keeper = std::make_unique<SharedBytes>(packet.bytes);
        auto* bytes = const_cast<std::uint8_t*>(packet.bytes->data());  // NOLINT: marked read-only below
        packet_->buf = av_buffer_create(bytes, packet.bytes->size() + Bytes::padding, give_back_bytes,
                                        keeper.get(), AV_BUFFER_FLAG_READONLY);
        if (packet_->buf == nullptr) throw std::bad_alloc{};
        static_cast<void>(keeper.release());  // the buffer owns it now
        packet_->data = bytes;
        packet_->size = static_cast<int>(packet.bytes->size());
    }
    packet_->pts = packet.arrived.time_since_epoch().count();
    if (packet.key) packet_->flags |= AV_PKT_FLAG_KEY;
    const int code = avcodec_send_packet(codec_.get(), packet_.get());
    av_packet_unref(packet_.get());
    if (code < 0) return decoder_error(code);
    return Done{};
}

Status H264Decoder::receive(std::vector<Picture>& pictures) {
    for (;;) {
        const int code = avcodec_receive_frame(codec_.get(), frame_.get());
        if (code == AVERROR(EAGAIN) || code == AVERROR_EOF) return Done{};
        if (code < 0) return decoder_error(code);
        AvFrame frame = make_av_frame();
        av_frame_move_ref(frame.get(), frame_.get());
        if (frame->decode_error_flags != 0 || (frame->flags & AV_FRAME_FLAG_CORRUPT) != 0)
            return Error{ErrorKind::bad_input, "The picture is damaged"};
        if (frame->hw_frames_ctx != nullptr) {
            auto here = downloaded(*frame);
            if (!here) return here.error();
            frame = std::move(here).value();
        }
        auto picture = picture_of(std::move(frame), memory_);
        if (!picture) return picture.error();
        pictures.push_back(std::move(picture).value());
    }
}

void H264Decoder::forget_references() { avcodec_flush_buffers(codec_.get()); }

Status H264Decoder::decode(const Packet& packet, bool deblock, std::vector<Picture>& pictures) {
    codec_->skip_loop_filter = deblock ? AVDISCARD_DEFAULT : AVDISCARD_ALL;
    Status done = send(packet);
    if (done.ok()) done = receive(pictures);
    if (!done.ok()) forget_references();
    return done;
}

Result<Picture> H264Decoder::decode_alone(const Packet& key) {
    codec_->skip_loop_filter = AVDISCARD_DEFAULT;
    std::vector<Picture> pictures;
    Status done = send(key);
    if (done.ok()) done = receive(pictures);
    if (done.ok() && pictures.empty()) {
        // A stream with pictures out of order holds the first one back: nothing else will come.
        avcodec_send_packet(codec_.get(), nullptr);
        done = receive(pictures);
    }
    forget_references();
    if (!done.ok()) return done.error();
    if (pictures.empty()) return Error{ErrorKind::bad_input, "The picture could not be decoded"};
    return std::move(pictures.back());
}

}  // namespace farmwall::camera
