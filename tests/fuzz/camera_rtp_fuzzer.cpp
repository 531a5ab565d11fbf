// RTP packets as they may come in the frames of a camera: each is its length in two bytes, and itself.

#include <algorithm>
#include <cstdint>
#include <cstdlib>
#include <string_view>
#include <vector>

#include "camera/rtp_stream.hpp"

using namespace farmwall;
using namespace farmwall::camera;

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
    SdpTrack track;
    track.parameter_sets = {{0x67, 0x64, 0x00, 0x29, 0xAC}, {0x68, 0xEE, 0x3C, 0xB0}};
    RtpStream stream{track};
    TimePoint now{std::chrono::hours{1}};
    std::string_view bytes{reinterpret_cast<const char*>(data), size};
    while (bytes.size() >= 2) {
        const std::size_t length =
            static_cast<std::uint8_t>(bytes[0]) * 256UL + static_cast<std::uint8_t>(bytes[1]);
        bytes.remove_prefix(2);
        const std::string_view packet = bytes.substr(0, length);
        bytes.remove_prefix(packet.size());
        std::vector<Packet> done;
        now += std::chrono::milliseconds{300};
        stream.put(packet, now, done);
        for (const Packet& picture : done) {
            const auto view = picture.bytes->view();
            const std::uint8_t start[] = {0, 0, 0, 1};
            if (view.size() < 5 || !std::equal(start, start + 4, view.begin())) std::abort();
            if (view.size() > H264Assembler::most_bytes) std::abort();
            if (picture.key && picture.parameters == nullptr) std::abort();
        }
    }
    return 0;
}
