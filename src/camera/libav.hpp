#pragma once

#include <memory>
#include <string>

// FFmpeg's types by name only; its headers stay in .cpp files.
struct AVBufferRef;
struct AVCodecContext;
struct AVFormatContext;
struct AVFrame;
struct AVPacket;

namespace farmwall::camera {

struct LibavFree {
    void operator()(AVBufferRef* buffer) const noexcept;
    void operator()(AVCodecContext* codec) const noexcept;
    void operator()(AVFormatContext* input) const noexcept;
    void operator()(AVFrame* frame) const noexcept;
    void operator()(AVPacket* packet) const noexcept;
};
using AvBuffer = std::unique_ptr<AVBufferRef, LibavFree>;
using AvCodec = std::unique_ptr<AVCodecContext, LibavFree>;
using AvInput = std::unique_ptr<AVFormatContext, LibavFree>;
using AvFrame = std::unique_ptr<AVFrame, LibavFree>;
using AvPacket = std::unique_ptr<AVPacket, LibavFree>;

// Never null: memory that is not there is std::bad_alloc.
[[nodiscard]] AvFrame make_av_frame();
[[nodiscard]] AvPacket make_av_packet();

// FFmpeg's own words for an error code.
[[nodiscard]] std::string libav_error(int code);

// From now on FFmpeg writes nothing by itself: its lines may hold addresses with a password, and a
// damaged stream makes one a picture. What matters comes back as an error code. Any thread, again and
// again.
void silence_libav();

}  // namespace farmwall::camera
