#pragma once

#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "base/clock.hpp"
#include "base/ids.hpp"
#include "base/result.hpp"
#include "camera/decode_pool.hpp"
#include "camera/h264_decoder.hpp"
#include "camera/hardware.hpp"
#include "camera/jpeg_codec.hpp"
#include "camera/packet.hpp"
#include "camera/picture_change.hpp"
#include "camera/picture_memory.hpp"

namespace farmwall::camera {

// Decoders for pictures that stand alone: one for all cameras with equal parameter sets. One thread.
class KeyDecoders {
public:
    explicit KeyDecoders(PictureMemory memory) : memory_{std::move(memory)} {}

    [[nodiscard]] Result<Picture> decode(const Packet& key, TimePoint now);
    // Gives those back that nobody used since then.
    void give_back(TimePoint unused_since);
    [[nodiscard]] std::size_t size() const { return decoders_.size(); }
    // The one unused longest; nothing: there is none.
    [[nodiscard]] std::optional<TimePoint> oldest_use() const;

private:
    static constexpr std::size_t most = 4;  // each holds some MB
    struct Entry {
        SharedBytes parameters;
        std::unique_ptr<H264Decoder> decoder;
        TimePoint used{};
    };
    PictureMemory memory_;
    std::vector<Entry> decoders_;
};

// What the cameras of one decoder thread share.
struct DecoderTools {
    explicit DecoderTools(const PictureMemory& pictures) : memory{pictures}, keys{pictures}, jpeg{pictures} {}
    PictureMemory memory;
    KeyDecoders keys;
    JpegCodec jpeg;
};

// The pictures of one camera, from packets in the order in which PacketQueue lets them through. One thread
// at a time.
class CameraDecoder {
public:
    CameraDecoder(Serial serial, HardwareChoice& hardware)
        : serial_{std::move(serial)}, hardware_{hardware} {}

    struct Made {
        SharedFrame frame;  // null when !facts.ok
        Decoded facts;      // all but `late`
    };
    // Adds what the packet gave to `made`; a failure adds one with !ok.
    void decode(const Packet& packet, const DecodeOrder& order, DecoderTools& tools, TimePoint now,
                std::vector<Made>& made);
    // No stream is followed any more: the camera's own decoder goes. False: there was none.
    bool release() { return std::exchange(own_, nullptr) != nullptr; }
    // Another connection begins: release(), and hardware that failed is tried again.
    bool forget();

private:
    [[nodiscard]] Status decode_stream(const Packet& packet, bool deblock, DecoderTools& tools);
    [[nodiscard]] Status decode_picture(const Packet& packet, const DecodeOrder& order, DecoderTools& tools,
                                        TimePoint now);
    [[nodiscard]] Made finish(const Picture& picture, const DecodeOrder& order, DecoderTools& tools);
    [[nodiscard]] double full_ms(DecodeLevel level, const Packet& packet, double decode_ms, double rest_ms);
    [[nodiscard]] std::string decoder_text(Codec codec, DecodeLevel level) const;

    Serial serial_;
    HardwareChoice& hardware_;
    std::unique_ptr<VideoDecoder> own_;
    bool own_is_hardware_ = false;
    std::string hardware_failure_;  // of this connection; empty: none
    std::vector<Picture> pictures_;
    ChangeDetector change_;
    std::uint64_t number_ = 0;
    std::optional<double> mean_full_ms_;
};

}  // namespace farmwall::camera
