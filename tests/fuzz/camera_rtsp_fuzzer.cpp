// What an RTSP server may send after the handshake: messages and frames, answers to our requests, their
// challenges and descriptions. The conversation goes on as long as it can.

#include <cstdint>
#include <cstdlib>
#include <string_view>
#include <vector>

#include "camera/rtp_stream.hpp"
#include "camera/rtsp_reader.hpp"
#include "camera/rtsp_session.hpp"

namespace {

using namespace farmwall;
using namespace farmwall::camera;

struct Conversation : RtspReader::Sink {
    TimePoint now{std::chrono::hours{1}};
    RtspSession session{"rtsps://192.0.2.1:322/streaming/live/1", {"bblp", Secret{"12345678"}}, "cnonce"};
    std::optional<RtpStream> stream;
    std::vector<Packet> packets;

    Conversation() { static_cast<void>(session.start(now)); }
    void rtsp_message(const RtspMessage& message) override {
        // The answers of a fuzzer do not know our numbers.
        RtspMessage fitting = message;
        std::erase_if(fitting.headers, [](const auto& header) { return header.first == "CSeq"; });
        take(session.message(fitting, now));
        if (!stream && session.track()) stream.emplace(*session.track());
    }
    void rtsp_frame(std::uint8_t, std::string_view payload) override {
        now += std::chrono::milliseconds{700};
        session.heard(now);
        if (stream) stream->put(payload, now, packets);
        take(session.tick(now));
        packets.clear();
    }
    static void take(const RtspSession::Steps& steps) {
        // A line of the server must not become a line of ours.
        if (!steps.send.empty() && !steps.send.ends_with("\r\n\r\n")) std::abort();
        if (steps.send.find("\r\n\r\n") + 4 < steps.send.size()) std::abort();
        if (steps.detail.find("12345678") != std::string::npos) std::abort();
    }
};

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
    if (size == 0) return 0;
    // The first byte says how the rest is cut into pieces.
    const std::size_t piece = data[0] == 0 ? size : data[0];
    std::string_view bytes{reinterpret_cast<const char*>(data) + 1, size - 1};
    Conversation conversation;
    RtspReader reader;
    while (!bytes.empty()) {
        const std::string_view part = bytes.substr(0, piece);
        bytes.remove_prefix(part.size());
        if (!reader.read(part, conversation)) break;
    }
    static_cast<void>(conversation.session.teardown());
    return 0;
}
