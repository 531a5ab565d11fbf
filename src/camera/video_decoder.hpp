#pragma once

#include <functional>
#include <memory>
#include <string>
#include <vector>

#include "base/result.hpp"
#include "camera/packet.hpp"
#include "camera/picture.hpp"

namespace farmwall::camera {

// Decodes the H.264 stream of one camera. One thread at a time.
class VideoDecoder {
public:
    virtual ~VideoDecoder() = default;
    // The next access unit of the stream, the first one a key picture. What it gives is added to
    // `pictures`: usually one; none while the stream's order of display holds it back. After an error
    // (bad_input: the bytes; anything else: the decoder) only a key picture helps.
    [[nodiscard]] virtual Status decode(const Packet& packet, bool deblock,
                                        std::vector<Picture>& pictures) = 0;
};

using DecoderOpener = std::function<Result<std::unique_ptr<VideoDecoder>>()>;

// A kind of hardware decoder: how it is called, and how one is opened for a camera.
struct HardwareDecoder {
    std::string name;    // "VAAPI"
    DecoderOpener open;  // null: there is none, and `reason` says why
    std::string reason;
};

}  // namespace farmwall::camera
