#pragma once

#include <memory>
#include <vector>

#include "base/result.hpp"
#include "camera/libav.hpp"
#include "camera/picture_memory.hpp"
#include "camera/video_decoder.hpp"

namespace farmwall::camera {

// libavcodec behind VideoDecoder, in software or on a device: on the calling thread, without a thread
// of its own and without holding a picture back. Pictures in I420 are handed out where they were decoded
// and stay whole after the decoder is gone.
class H264Decoder final : public VideoDecoder {
public:
    // The software decoder. Errors: unsupported (this libavcodec has no H.264), io.
    [[nodiscard]] static Result<std::unique_ptr<H264Decoder>> open(PictureMemory memory);
    // Any codec that was opened for H.264, with prepare() before that.
    H264Decoder(AvCodec codec, PictureMemory memory);
    ~H264Decoder() override;
    // What every context needs before it is opened.
    static void prepare(AVCodecContext& codec);

    [[nodiscard]] Status decode(const Packet& packet, bool deblock, std::vector<Picture>& pictures) override;
    // A key picture by itself, whatever was decoded before; afterwards nothing of it is remembered.
    // One decoder serves any number of cameras this way.
    [[nodiscard]] Result<Picture> decode_alone(const Packet& key);

private:
    Status send(const Packet& packet);
    Status receive(std::vector<Picture>& pictures);
    void forget_references();

    PictureMemory memory_;
    AvCodec codec_;
    AvPacket packet_;
    AvFrame frame_;
    std::vector<std::uint8_t> joined_;  // parameter sets and a key picture, with padding
};

}  // namespace farmwall::camera
