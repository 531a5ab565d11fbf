#include <doctest/doctest.h>

#include "open_source.hpp"
#include "rtp_builder.hpp"

using namespace farmwall;
using namespace farmwall::camera;
using namespace std::chrono_literals;

namespace {

const std::string challenge = "WWW-Authenticate: Digest realm=\"LIVE555\", nonce=\"n1\"\r\n";
const std::string transport = "Transport: RTP/AVP/TCP;unicast;interleaved=0-1\r\nSession: S;timeout=60\r\n";

std::string frame(int channel, const std::string& payload) {
    std::string made{'$', static_cast<char>(channel)};
    made += static_cast<char>(payload.size() / 256);
    made += static_cast<char>(payload.size() % 256);
    return made + payload;
}

// The server's side of one conversation.
class Camera {
public:
    explicit Camera(TlsPeer& peer) : peer_{peer} { shaken_ = peer_.shake_hands(); }

    // The next request; empty: none came.
    std::string hear() {
        newest_ = peer_.read_until("\r\n\r\n");
        return newest_;
    }
    void answer(const std::string& status, const std::string& headers = {}, const std::string& body = {}) {
        peer_.write(text(status, headers, body));
    }
    [[nodiscard]] std::string text(const std::string& status, const std::string& headers = {},
                                   const std::string& body = {}) const {
        const std::size_t at = newest_.find("CSeq: ");
        const std::string number = newest_.substr(at, newest_.find("\r\n", at) - at);
        const std::string length =
            body.empty() ? "" : "Content-Length: " + std::to_string(body.size()) + "\r\n";
        return "RTSP/1.0 " + status + "\r\n" + number + "\r\n" + headers + length + "\r\n" + body;
    }
    void options() {
        hear();
        answer("200 OK", "Public: OPTIONS, DESCRIBE, SETUP, TEARDOWN, PLAY\r\n");
    }
    // Up to PLAY, which is heard and not answered.
    void to_play() {
        options();
        hear();
        answer("401 Unauthorized", challenge);
        hear();
        login = newest_;
        answer("200 OK", {}, sdp);
        hear();
        answer("200 OK", transport);
        hear();
    }

    std::string sdp =
        "v=0\r\nm=video 0 RTP/AVP 96\r\na=rtpmap:96 H264/90000\r\na=control:track1\r\n"
        "a=fmtp:96 packetization-mode=1;sprop-parameter-sets=Z2QAKawB,aO48sA==\r\n";
    std::string login;  // the request that carried it

private:
    TlsPeer& peer_;
    bool shaken_ = false;
    std::string newest_;
};

// Pictures of one slice each, marked.
struct Pictures {
    Rtp next;
    std::string operator()(const std::string& unit) {
        next.timestamp += 3000;
        next.marker = true;
        const std::string made = frame(0, next.with(unit));
        ++next.sequence;
        return made;
    }
    std::string operator()(const std::vector<std::string>& units) {
        std::string made;
        for (const std::string& unit : units)
            made += (*this)(unit);
        return made;
    }
};

}  // namespace

TEST_CASE("rtsps source: logs in, plays, brings pictures between control packets, and says TEARDOWN") {
    std::string login;
    std::string last;
    TlsServer server{printers_identity(), [&](TlsPeer& peer) {
                         Camera camera{peer};
                         camera.to_play();
                         login = camera.login;
                         Pictures picture;
                         // All in one record, cut where it does not matter.
                         std::string bytes = camera.text("200 OK", "Session: S\r\n") + frame(1, "control");
                         bytes += picture(units::idr());
                         bytes += frame(9, "other");
                         bytes += picture(units::p());
                         peer.write(bytes.substr(0, bytes.size() - 5));
                         peer.write(bytes.substr(bytes.size() - 5));
                         last = peer.read_to_end();
                     }};
    OpenSource source{open_rtsps, server.port()};
    const auto packets = source.receive(2);
    CHECK(source.opened.values().size() == 1);
    CHECK(source.alive.values().size() == 1);
    CHECK(text_of(packets[0].bytes) == units::annex_b({units::idr()}));
    CHECK(text_of(packets[0].parameters) == units::annex_b({units::sps, units::pps}));
    CHECK(packets[0].key);
    CHECK(packets[0].arrived == source.clock.now());
    CHECK_FALSE(packets[1].key);
    source.stop();
    const auto end = source.end();
    CHECK(end.problem == CameraProblem::none);
    CHECK(end.detail.empty());
    server.join();
    const std::string url = "rtsps://127.0.0.1:" + std::to_string(server.port()) + "/streaming/live/1";
    CHECK(login.starts_with("DESCRIBE " + url + " RTSP/1.0\r\n"));
    CHECK(login.find("Authorization: Digest username=\"bblp\", realm=\"LIVE555\", nonce=\"n1\"") !=
          std::string::npos);
    CHECK(last.starts_with("TEARDOWN " + url + " RTSP/1.0\r\n"));
    CHECK(server.asked_name() == "01P00A000000001");
}

TEST_CASE("rtsps source: nothing is sent to a certificate that is not accepted") {
    std::string heard = "?";
    TlsServer server{printers_identity(), [&](TlsPeer& peer) {
                         peer.shake_hands();
                         heard = peer.read_to_end();
                     }};
    OpenSource source{open_rtsps, server.port(), [](PrinterCamera& camera) {
                          camera.judge = [](const auto&) { return CameraProblem::wrong_serial; };
                      }};
    CHECK(source.end().problem == CameraProblem::wrong_serial);
    server.join();
    CHECK(heard.empty());
}

TEST_CASE("rtsps source: a second 401 is a wrong code, and the detail does not hold it") {
    TlsServer server{printers_identity(), [&](TlsPeer& peer) {
                         Camera camera{peer};
                         camera.options();
                         for (int i = 0; i < 2; ++i) {
                             camera.hear();
                             camera.answer("401 Unauthorized", challenge);
                         }
                         CHECK(camera.hear().empty());
                     }};
    OpenSource source{open_rtsps, server.port()};
    const auto end = source.end();
    CHECK(end.problem == CameraProblem::bad_access_code);
    CHECK(end.detail == "DESCRIBE was answered with 401");
    CHECK(source.opened.values().empty());
    server.join();
}

TEST_CASE("rtsps source: what stands in the way has its own problem") {
    const auto problem_after = [](const std::function<void(TlsPeer&)>& script) {
        TlsServer server{printers_identity(), script};
        OpenSource source{open_rtsps, server.port()};
        return source.end().problem;
    };
    CHECK(problem_after([](TlsPeer& peer) { peer.cut(); }) == CameraProblem::closed_by_printer);
    CHECK(problem_after([](TlsPeer& peer) { peer.write_plain("HTTP/1.1 400\r\n\r\n"); }) ==
          CameraProblem::no_tls);
    CHECK(problem_after([](TlsPeer& peer) {
              Camera camera{peer};
              camera.hear();
          }) == CameraProblem::closed_by_printer);
    CHECK(problem_after([](TlsPeer& peer) {
              Camera camera{peer};
              camera.options();
              camera.hear();
              camera.answer("404 Stream Not Found");
          }) == CameraProblem::unsupported);
    CHECK(problem_after([](TlsPeer& peer) {
              Camera camera{peer};
              camera.options();
              camera.hear();
              camera.answer("200 OK", {}, "v=0\r\nm=audio 0 RTP/AVP 0\r\n");
          }) == CameraProblem::unsupported);
    CHECK(problem_after([](TlsPeer& peer) {
              peer.shake_hands();
              peer.write("220 hello\r\n");
              peer.read_to_end();
          }) == CameraProblem::wrong_data);
}

TEST_CASE("rtsps source: a stream that is cut ended by the printer; whole pictures before it are brought") {
    TlsServer server{printers_identity(), [&](TlsPeer& peer) {
                         Camera camera{peer};
                         camera.to_play();
                         camera.answer("200 OK");
                         Pictures picture;
                         const std::string cut = picture({units::idr(), units::p()});
                         peer.write(cut.substr(0, cut.size() - 1));
                     }};
    OpenSource source{open_rtsps, server.port()};
    CHECK(source.end().problem == CameraProblem::closed_by_printer);
    CHECK(source.packets.values().size() == 1);
}

TEST_CASE("rtsps source: pictures that come before PLAY is answered open it") {
    TlsServer server{printers_identity(), [&](TlsPeer& peer) {
                         Camera camera{peer};
                         camera.to_play();
                         Pictures picture;
                         peer.write(picture(units::idr()));
                         peer.read_to_end();
                     }};
    OpenSource source{open_rtsps, server.port()};
    source.receive(1);
    CHECK(source.opened.values().size() == 1);
    source.destroy();
    server.join();
    CHECK(source.ended.values().empty());
}

TEST_CASE("rtsps source: packets that never came are told") {
    TlsServer server{printers_identity(), [&](TlsPeer& peer) {
                         Camera camera{peer};
                         camera.to_play();
                         camera.answer("200 OK");
                         Pictures picture;
                         std::string bytes = picture(units::idr());
                         picture.next.sequence += 3;
                         for (int i = 0; i < 20; ++i)
                             bytes += picture(units::p());
                         peer.write(bytes);
                         peer.read_to_end();
                     }};
    OpenSource source{open_rtsps, server.port()};
    source.receive(21);
    CHECK(source.lost.values() == std::vector<std::uint64_t>{3});
}

TEST_CASE("rtsps source: pictures of one read have arrived one after the other") {
    Arrivals<int> ready;
    TlsServer server{printers_identity(), [&](TlsPeer& peer) {
                         Camera camera{peer};
                         camera.to_play();
                         camera.answer("200 OK");
                         ready.wait_for(1);
                         Pictures picture;
                         peer.write(picture({units::idr(), units::p(), units::p()}));
                         peer.read_to_end();
                     }};
    OpenSource source{open_rtsps, server.port()};
    REQUIRE(source.opened.wait_for(1));
    const TimePoint before = source.clock.now();
    source.clock.advance(60ms);
    ready.put(1);
    const auto packets = source.receive(3);
    CHECK(packets[0].arrived == before + 20ms);
    CHECK(packets[1].arrived == before + 40ms);
    CHECK(packets[2].arrived == before + 60ms);
}

TEST_CASE("rtsps source: relaxed, every picture comes all the same") {
    TlsServer server{printers_identity(), [&](TlsPeer& peer) {
                         Camera camera{peer};
                         camera.to_play();
                         camera.answer("200 OK");
                         Pictures picture;
                         for (int i = 0; i < 200; ++i)
                             peer.write(picture(units::idr(2000)));
                         peer.read_to_end();
                     }};
    OpenSource source{open_rtsps, server.port()};
    source.set_prompt(false);
    for (const Packet& packet : source.receive(200)) {
        CHECK((text_of(packet.bytes) == units::annex_b({units::idr(2000)})));
    }
    source.stop();
    CHECK(source.end().problem == CameraProblem::none);
}

TEST_CASE("rtsps source: it may be stopped or destroyed inside any call") {
    for (const bool destroyed : {false, true}) {
        Arrivals<int> ready;
        TlsServer server{printers_identity(), [&](TlsPeer& peer) {
                             Camera camera{peer};
                             camera.to_play();
                             ready.wait_for(1);
                             Pictures picture;
                             peer.write(picture({units::idr(), units::p(), units::p()}));
                             peer.read_to_end();
                         }};
        OpenSource source{open_rtsps, server.port()};
        source.now([&] { source.on_packet = [&](auto& open) { destroyed ? open.reset() : open->stop(); }; });
        ready.put(1);
        REQUIRE(source.packets.wait_for(1));
        if (!destroyed) CHECK(source.end().problem == CameraProblem::none);
        server.join();
        CHECK(source.packets.values().size() == 1);
        if (destroyed) CHECK(source.ended.values().empty());
    }
}
