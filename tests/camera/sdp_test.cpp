#include "camera/sdp.hpp"

#include <doctest/doctest.h>

using namespace farmwall;
using namespace farmwall::camera;

namespace {

const std::string full =
    "v=0\r\n"
    "o=- 1 1 IN IP4 192.0.2.7\r\n"
    "s=Session streamed by \"Printer\"\r\n"
    "t=0 0\r\n"
    "a=control:*\r\n"
    "a=range:npt=0-\r\n"
    "m=audio 0 RTP/AVP 97\r\n"
    "a=rtpmap:97 MPEG4-GENERIC/48000\r\n"
    "a=control:track2\r\n"
    "m=video 0 RTP/AVP 96\r\n"
    "c=IN IP4 0.0.0.0\r\n"
    "a=rtpmap:96 H264/90000\r\n"
    "a=fmtp:96 packetization-mode=1;profile-level-id=640029;sprop-parameter-sets=Z2QAKQ==,aO48sA==\r\n"
    "a=control:track1\r\n";

std::string video(const std::string& lines) {
    return "v=0\nm=video 0 RTP/AVP 96\na=rtpmap:96 H264/90000\n" + lines;
}

}  // namespace

TEST_CASE("sdp: the H.264 track with payload type, addresses and parameter sets") {
    const auto track = find_h264(full);
    REQUIRE(track.ok());
    CHECK(track.value().payload_type == 96);
    CHECK(track.value().control == "track1");
    CHECK(track.value().session_control == "*");
    const std::vector<std::vector<std::uint8_t>> sets{{0x67, 0x64, 0x00, 0x29}, {0x68, 0xEE, 0x3C, 0xB0}};
    CHECK(track.value().parameter_sets == sets);
}

TEST_CASE("sdp: parameter sets may be missing, wrong or in another order of the line") {
    CHECK(find_h264(video("")).value().parameter_sets.empty());
    CHECK(find_h264(video("a=fmtp:96 packetization-mode=1\n")).value().parameter_sets.empty());
    CHECK(find_h264(video("a=fmtp:96 sprop-parameter-sets=!!,Z2QAKQ==,\n")).value().parameter_sets.size() ==
          1);
    CHECK(find_h264(video("a=fmtp:96 SPROP-parameter-sets=Z2QAKQ; packetization-mode=1\n"))
              .value()
              .parameter_sets.size() == 1);
    CHECK(find_h264(video("a=fmtp:97 sprop-parameter-sets=Z2QAKQ==\n")).value().parameter_sets.empty());
}

TEST_CASE("sdp: the type is the one that says H264, of several media and types") {
    const auto track = find_h264(
        "v=0\nm=video 0 RTP/AVP 26\na=control:jpeg\nm=video 0 RTP/AVP 98 99\n"
        "a=rtpmap:98 H265/90000\na=rtpmap:99 h264/90000\na=control:trackID=2\n");
    REQUIRE(track.ok());
    CHECK(track.value().payload_type == 99);
    CHECK(track.value().control == "trackID=2");
    CHECK(track.value().session_control.empty());
}

TEST_CASE("sdp: what cannot be shown is unsupported, what is no description is bad input") {
    CHECK(find_h264("").error().kind == ErrorKind::bad_input);
    CHECK(find_h264("<html>").error().kind == ErrorKind::bad_input);
    CHECK(find_h264("v=0\r\n").error().kind == ErrorKind::unsupported);
    CHECK(find_h264("v=0\nm=audio 0 RTP/AVP 96\na=rtpmap:96 H264/90000\n").error().kind ==
          ErrorKind::unsupported);
    CHECK(find_h264("v=0\nm=video 0 RTP/AVP 96\na=rtpmap:96 H265/90000\n").error().kind ==
          ErrorKind::unsupported);
    CHECK(find_h264(video("a=fmtp:96 packetization-mode=2\n")).error().kind == ErrorKind::unsupported);
}

TEST_CASE("sdp: a description cut at any length is survived") {
    for (std::size_t length = 0; length <= full.size(); ++length) {
        const auto track = find_h264(full.substr(0, length));
        if (!track.ok()) CHECK_FALSE(track.error().what.empty());
    }
}
