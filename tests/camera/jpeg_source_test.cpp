#include <doctest/doctest.h>

#include "jpeg_stream.hpp"
#include "open_source.hpp"

using namespace farmwall;
using namespace farmwall::camera;
using namespace std::chrono_literals;

namespace {

const std::string& login() {
    static const std::string made = [] {
        std::string bytes{"\x40\0\0\0\0\x30\0\0\0\0\0\0\0\0\0\0", 16};
        bytes += "bblp" + std::string(28, '\0');
        bytes += "12345678" + std::string(24, '\0');
        return bytes;
    }();
    return made;
}

}  // namespace

TEST_CASE("jpeg source: logs in with 80 bytes and brings each picture as it was sent") {
    std::string heard;
    TlsServer server{printers_identity(), [&](TlsPeer& peer) {
                         peer.shake_hands();
                         heard = peer.read_exactly(80);
                         // Two pictures in one record, the second cut in its middle.
                         const std::string both = framed(some_jpeg(6000)) + framed(some_jpeg(5000, 'k'));
                         peer.write(both.substr(0, 9000));
                         peer.write(both.substr(9000));
                         peer.read_to_end();
                     }};
    OpenSource source{open_jpeg, server.port()};
    const auto packets = source.receive(2);
    CHECK(source.opened.values().size() == 1);
    CHECK((text_of(packets[0].bytes) == some_jpeg(6000)));
    CHECK((text_of(packets[1].bytes) == some_jpeg(5000, 'k')));
    for (const Packet& packet : packets) {
        CHECK(packet.codec == Codec::jpeg);
        CHECK(packet.key);
        CHECK(packet.parameters == nullptr);
        CHECK(packet.arrived == source.clock.now());
    }
    source.stop();
    CHECK(source.end().problem == CameraProblem::none);
    CHECK(source.end().detail.empty());
    server.join();
    CHECK((heard == login()));
    CHECK(server.asked_name() == "01P00A000000001");
}

TEST_CASE("jpeg source: the login goes only to a certificate that was judged") {
    std::string heard = "?";
    TlsServer server{printers_identity(), [&](TlsPeer& peer) {
                         peer.shake_hands();
                         heard = peer.read_to_end();
                     }};
    OpenSource source{open_jpeg, server.port(), [](PrinterCamera& camera) {
                          camera.judge = [](const auto&) { return CameraProblem::certificate_changed; };
                      }};
    CHECK(source.end().problem == CameraProblem::certificate_changed);
    CHECK(source.opened.values().empty());
    server.join();
    CHECK(heard.empty());
}

TEST_CASE("jpeg source: closed after the login without a byte means a wrong code") {
    for (const bool by_reset : {false, true}) {
        TlsServer server{printers_identity(), [&](TlsPeer& peer) {
                             peer.shake_hands();
                             peer.read_exactly(80);
                             by_reset ? peer.reset() : peer.cut();
                         }};
        OpenSource source{open_jpeg, server.port()};
        CHECK(source.end().problem == CameraProblem::bad_access_code);
    }
}

TEST_CASE("jpeg source: closed long after the login without a byte is not about the code") {
    Arrivals<int> later;
    TlsServer server{printers_identity(), [&](TlsPeer& peer) {
                         peer.shake_hands();
                         peer.read_exactly(80);
                         later.wait_for(1);
                     }};
    OpenSource source{open_jpeg, server.port()};
    REQUIRE(source.opened.wait_for(1));
    source.clock.advance(5s);
    later.put(1);
    CHECK(source.end().problem == CameraProblem::closed_by_printer);
}

TEST_CASE("jpeg source: cut in the middle of a picture, the part is not shown") {
    TlsServer server{printers_identity(), [&](TlsPeer& peer) {
                         peer.shake_hands();
                         peer.read_exactly(80);
                         peer.write(framed(some_jpeg(3000)) + framed(some_jpeg(3000)).substr(0, 2000));
                     }};
    OpenSource source{open_jpeg, server.port()};
    CHECK(source.end().problem == CameraProblem::closed_by_printer);
    CHECK(source.packets.values().size() == 1);
    CHECK(source.alive.values().size() == 1);
}

TEST_CASE("jpeg source: what is no picture ends it at once") {
    TlsServer server{printers_identity(), [&](TlsPeer& peer) {
                         peer.shake_hands();
                         peer.read_exactly(80);
                         std::string record{"\x08\0\0\0\x3f\x01\x03\0", 8};
                         record.resize(24, '\0');
                         peer.write(record);
                         peer.read_to_end();
                     }};
    OpenSource source{open_jpeg, server.port()};
    const auto end = source.end();
    CHECK(end.problem == CameraProblem::wrong_data);
    CHECK(end.detail == "what came is not the header of a picture");
    server.join();
}

TEST_CASE("jpeg source: a port that closes, refuses or speaks no TLS says so") {
    SUBCASE("closes at once") {
        TlsServer server{printers_identity(), [](TlsPeer& peer) { peer.cut(); }};
        OpenSource source{open_jpeg, server.port()};
        CHECK(source.end().problem == CameraProblem::closed_by_printer);
    }
    SUBCASE("no TLS") {
        TlsServer server{printers_identity(), [](TlsPeer& peer) { peer.write_plain("220 hello\r\n"); }};
        OpenSource source{open_jpeg, server.port()};
        CHECK(source.end().problem == CameraProblem::no_tls);
    }
    SUBCASE("nobody listens") {
        std::uint16_t port = 0;
        {
            boost::asio::io_context io;
            port = TlsServer::Tcp::acceptor{io, {boost::asio::ip::make_address("127.0.0.1"), 0}}
                       .local_endpoint()
                       .port();
        }
        OpenSource source{open_jpeg, port};
        CHECK(source.end().problem == CameraProblem::refused_connection);
    }
}

TEST_CASE("jpeg source: it may be stopped or destroyed while it brings a picture") {
    for (const bool destroyed : {false, true}) {
        Arrivals<int> ready;
        TlsServer server{printers_identity(), [&](TlsPeer& peer) {
                             peer.shake_hands();
                             ready.wait_for(1);
                             for (int i = 0; i < 3; ++i)
                                 peer.write(framed(some_jpeg(3000)));
                             peer.read_to_end();
                         }};
        OpenSource source{open_jpeg, server.port()};
        source.now([&] { source.on_packet = [&](auto& open) { destroyed ? open.reset() : open->stop(); }; });
        ready.put(1);
        REQUIRE(source.packets.wait_for(1));
        if (!destroyed) CHECK(source.end().problem == CameraProblem::none);
        server.join();
        CHECK(source.packets.values().size() == 1);
        if (destroyed) CHECK(source.ended.values().empty());
    }
}
