#include "camera/clip_material.hpp"

#include <turbojpeg.h>

extern "C" {
#include <libavcodec/avcodec.h>
#include <libavformat/avformat.h>
#include <libavutil/opt.h>
}

#include <algorithm>
#include <cstring>
#include <memory>
#include <numeric>
#include <stdexcept>

namespace farmwall::testing {
namespace {

using camera::Bytes;
using camera::Codec;
using camera::Packet;

struct FreeContext {
    void operator()(AVCodecContext* context) const noexcept { avcodec_free_context(&context); }
};
struct FreeFrame {
    void operator()(AVFrame* frame) const noexcept { av_frame_free(&frame); }
};
struct FreePacket {
    void operator()(AVPacket* packet) const noexcept { av_packet_free(&packet); }
};
struct CloseInput {
    void operator()(AVFormatContext* input) const noexcept { avformat_close_input(&input); }
};
using Context = std::unique_ptr<AVCodecContext, FreeContext>;
using Frame = std::unique_ptr<AVFrame, FreeFrame>;
using PacketPtr = std::unique_ptr<AVPacket, FreePacket>;

void need(bool good, const char* what) {
    if (!good) throw std::runtime_error{what};
}

camera::SharedBytes bytes_of(const std::uint8_t* data, int size) {
    return std::make_shared<const Bytes>(std::vector<std::uint8_t>(data, data + size));
}

Context encoder(const Film& film, bool parameters_beside) {
    av_log_set_level(AV_LOG_QUIET);  // what is wrong is checked, not read
    const AVCodec* codec = avcodec_find_encoder_by_name("libx264");
    need(codec != nullptr, "libavcodec has no libx264: the tests of clips need it");
    Context context{avcodec_alloc_context3(codec)};
    context->width = film.width;
    context->height = film.height;
    context->pix_fmt = AV_PIX_FMT_YUV420P;
    context->time_base = {1, 30};
    context->gop_size = film.group;
    context->max_b_frames = 0;
    context->thread_count = 1;
    if (parameters_beside) context->flags |= AV_CODEC_FLAG_GLOBAL_HEADER;
    av_opt_set(context->priv_data, "preset", "ultrafast", 0);
    av_opt_set(context->priv_data, "tune", "zerolatency", 0);
    av_opt_set(context->priv_data, "crf", "10", 0);
    av_opt_set(context->priv_data, "x264-params", "scenecut=0", 0);
    need(avcodec_open2(context.get(), codec, nullptr) == 0, "the encoder does not open");
    return context;
}

void fill(AVFrame& frame, int luma) {
    need(av_frame_make_writable(&frame) == 0, "no memory");
    for (int plane = 0; plane < 3; ++plane) {
        const int rows = plane == 0 ? frame.height : frame.height / 2;
        std::memset(frame.data[plane], plane == 0 ? luma : 128,
                    static_cast<std::size_t>(frame.linesize[plane]) * static_cast<std::size_t>(rows));
    }
}

double mean_luma(const AVFrame& frame) {
    double sum = 0;
    for (int y = 0; y < frame.height; ++y) {
        const std::uint8_t* row = frame.data[0] + static_cast<std::ptrdiff_t>(y) * frame.linesize[0];
        sum += std::accumulate(row, row + frame.width, 0.0);
    }
    return sum / frame.width / frame.height;
}

struct Reading {
    AVFormatContext& input;
    AVCodecContext& decoder;
    ReadClip& clip;
};

// False when the decoder finds anything wrong.
bool take_frames(const Reading& reading, AVFrame& frame) {
    for (;;) {
        const int code = avcodec_receive_frame(&reading.decoder, &frame);
        if (code == AVERROR(EAGAIN) || code == AVERROR_EOF) return true;
        if (code < 0 || frame.decode_error_flags != 0) return false;
        const double seconds =
            static_cast<double>(frame.best_effort_timestamp) * av_q2d(reading.input.streams[0]->time_base);
        reading.clip.pictures.push_back(
            {seconds, frame.pict_type == AV_PICTURE_TYPE_I, mean_luma(frame), frame.width, frame.height});
    }
}

bool read_pictures(const Reading& reading) {
    const PacketPtr packet{av_packet_alloc()};
    const Frame frame{av_frame_alloc()};
    while (av_read_frame(&reading.input, packet.get()) == 0) {
        ++reading.clip.packets;
        const int code = avcodec_send_packet(&reading.decoder, packet.get());
        av_packet_unref(packet.get());
        if (code < 0 || !take_frames(reading, *frame)) return false;
    }
    return avcodec_send_packet(&reading.decoder, nullptr) == 0 && take_frames(reading, *frame);
}

}  // namespace

std::vector<Packet> h264_film(const Film& film, TimePoint begin) {
    // The encoder says its parameters either beside the stream or in band.
    const Context beside = encoder(film, true);
    const auto parameters = bytes_of(beside->extradata, beside->extradata_size);
    const Context in_band = encoder(film, false);
    AVCodecContext& context = film.parameters_in_band ? *in_band : *beside;

    std::vector<Packet> packets;
    const Frame frame{av_frame_alloc()};
    const PacketPtr coded{av_packet_alloc()};
    frame->width = film.width;
    frame->height = film.height;
    frame->format = AV_PIX_FMT_YUV420P;
    need(av_frame_get_buffer(frame.get(), 0) == 0, "no memory");
    for (int i = 0; i < film.pictures; ++i) {
        fill(*frame, luma_of(i));
        frame->pts = i;
        need(avcodec_send_frame(&context, frame.get()) == 0, "the encoder takes no frame");
        need(avcodec_receive_packet(&context, coded.get()) == 0, "the encoder gives no packet");
        packets.push_back({Codec::h264, bytes_of(coded->data, coded->size), parameters,
                           (coded->flags & AV_PKT_FLAG_KEY) != 0, begin + i * film.period});
        av_packet_unref(coded.get());
    }
    return packets;
}

std::vector<Packet> jpeg_film(const Film& film, TimePoint begin) {
    std::vector<Packet> packets;
    tjhandle encoder = tjInitCompress();
    for (int i = 0; i < film.pictures; ++i) {
        const std::vector<std::uint8_t> gray(static_cast<std::size_t>(film.width * film.height),
                                             static_cast<std::uint8_t>(luma_of(i)));
        unsigned char* coded = nullptr;
        unsigned long size = 0;
        need(tjCompress2(encoder, gray.data(), film.width, 0, film.height, TJPF_GRAY, &coded, &size,
                         TJSAMP_GRAY, 95, 0) == 0,
             "the JPEG encoder fails");
        packets.push_back(
            {Codec::jpeg, bytes_of(coded, static_cast<int>(size)), nullptr, true, begin + i * film.period});
        tjFree(coded);
    }
    tjDestroy(encoder);
    return packets;
}

std::optional<ReadClip> read_clip(const std::filesystem::path& file) {
    AVFormatContext* opened = nullptr;
    if (avformat_open_input(&opened, file.string().c_str(), nullptr, nullptr) != 0) return std::nullopt;
    const std::unique_ptr<AVFormatContext, CloseInput> input{opened};
    if (avformat_find_stream_info(input.get(), nullptr) < 0 || input->nb_streams != 1) return std::nullopt;
    const AVCodecParameters& parameters = *input->streams[0]->codecpar;
    const AVCodec* codec = avcodec_find_decoder(parameters.codec_id);
    const Context decoder{avcodec_alloc_context3(codec)};
    decoder->thread_count = 1;
    if (avcodec_parameters_to_context(decoder.get(), &parameters) < 0 ||
        avcodec_open2(decoder.get(), codec, nullptr) < 0)
        return std::nullopt;
    ReadClip clip;
    clip.format = input->iformat->name;
    clip.codec = avcodec_get_name(parameters.codec_id);
    clip.width = parameters.width;
    clip.height = parameters.height;
    if (!read_pictures({*input, *decoder, clip})) return std::nullopt;
    return clip;
}

}  // namespace farmwall::testing
