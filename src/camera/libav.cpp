#include "camera/libav.hpp"

#include <cstdarg>
#include <mutex>
#include <new>

extern "C" {
#include <libavcodec/avcodec.h>
#include <libavformat/avformat.h>
#include <libavutil/error.h>
#include <libavutil/log.h>
}

namespace farmwall::camera {

void LibavFree::operator()(AVBufferRef* buffer) const noexcept { av_buffer_unref(&buffer); }
void LibavFree::operator()(AVCodecContext* codec) const noexcept { avcodec_free_context(&codec); }
void LibavFree::operator()(AVFormatContext* input) const noexcept { avformat_close_input(&input); }
void LibavFree::operator()(AVFrame* frame) const noexcept { av_frame_free(&frame); }
void LibavFree::operator()(AVPacket* packet) const noexcept { av_packet_free(&packet); }

AvFrame make_av_frame() {
    AvFrame frame{av_frame_alloc()};
    if (!frame) throw std::bad_alloc{};
    return frame;
}

AvPacket make_av_packet() {
    AvPacket packet{av_packet_alloc()};
    if (!packet) throw std::bad_alloc{};
    return packet;
}

std::string libav_error(int code) {
    char text[AV_ERROR_MAX_STRING_SIZE] = {};
    av_strerror(code, text, sizeof text);
    return text;
}

void silence_libav() {
    static std::once_flag once;
    std::call_once(once, [] { av_log_set_callback([](void*, int, const char*, va_list) {}); });
}

}  // namespace farmwall::camera
