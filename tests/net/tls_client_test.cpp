#include "net/tls_client.hpp"

#include <doctest/doctest.h>

#include <optional>
#include <utility>

#include "net/io_thread.hpp"
#include "tls_server.hpp"
#include "waiting.hpp"

using namespace farmwall;
using namespace farmwall::net;
using namespace std::chrono_literals;

namespace {

const KeyAndCertificate& identity() {
    static const KeyAndCertificate made = make_certificate("01P00A000000001");
    return made;
}

struct Ended {
    TlsEnd why;
    std::string detail;
};

// A client and what it heard. Its calls are made on the network thread, as the class demands.
class Client : TlsClient::Listener {
public:
    explicit Client(std::uint16_t port, std::function<void(TlsRequest&)> adjust = {}) {
        TlsRequest request;
        request.address = "127.0.0.1";
        request.port = port;
        request.server_name = "01P00A000000001";
        request.accept = [this](const Certificate& certificate) {
            shown.put(certificate.common_name);
            return true;
        };
        if (adjust) adjust(request);
        now([&] { client_.emplace(io_, request, static_cast<TlsClient::Listener&>(*this)); });
    }
    ~Client() override { destroy(); }
    Client(const Client&) = delete;
    Client& operator=(const Client&) = delete;

    // Runs it on the network thread and waits for its end.
    void now(const std::function<void()>& work) {
        Arrivals<int> over;
        io_.post([&] {
            work();
            over.put(1);
        });
        REQUIRE(over.wait_for(1));
    }
    void send(const std::string& bytes) {
        now([&] { client_->send(bytes); });
    }
    void close(std::chrono::milliseconds limit) {
        now([&] { client_->close(limit); });
    }
    void gather(std::chrono::milliseconds wait) {
        now([&] { client_->gather(wait); });
    }
    void destroy() {
        now([&] { client_.reset(); });
    }
    // On the network thread already.
    void close_here(std::chrono::milliseconds limit) { client_->close(limit); }
    void destroy_here() { client_.reset(); }
    Ended end() {
        REQUIRE(ended.wait_for(1));
        return ended.values().front();
    }
    // Waits until so much came in all.
    std::string receive(std::size_t size) {
        REQUIRE(enough_.wait_for(1, 0ms) == false);
        now([&] { wanted_ = size, tell(); });
        REQUIRE(enough_.wait_for(1));
        std::string copy;
        now([&] { copy = received_; });
        return copy;
    }
    std::string received() {
        std::string copy;
        now([&] { copy = received_; });
        return copy;
    }

    Arrivals<std::string> shown;
    Arrivals<int> opened;
    Arrivals<Ended> ended;
    std::function<void()> on_received;

private:
    void tls_opened() override { opened.put(1); }
    void tls_received(std::string_view bytes) override {
        received_ += bytes;
        tell();
        if (on_received) on_received();
    }
    void tls_closed(TlsEnd why, const std::string& detail) override { ended.put({why, detail}); }
    void tell() {
        if (received_.size() >= wanted_) enough_.put(1);
    }

    IoThread io_{"net-test"};
    std::optional<TlsClient> client_;
    std::string received_;
    std::size_t wanted_ = std::string::npos;
    Arrivals<int> enough_;
};

std::uint16_t closed_port() {
    boost::asio::io_context io;
    TlsServer::Tcp::acceptor acceptor{io, {boost::asio::ip::make_address("127.0.0.1"), 0}};
    return acceptor.local_endpoint().port();
}

std::string pattern(std::size_t size) {
    std::string made(size, '\0');
    for (std::size_t i = 0; i < size; ++i)
        made[i] = static_cast<char>(i * 31 + i / 251);
    return made;
}

}  // namespace

TEST_CASE("tls client: certificate, greeting and bytes in both directions, by TLS 1.2 alone") {
    std::string heard;
    TlsServer server{identity(), [&](TlsPeer& peer) {
                         CHECK(peer.shake_hands());
                         heard = peer.read_until("\n");
                         peer.write("hello\n");
                         peer.read_to_end();
                     }};
    Client client{server.port()};
    REQUIRE(client.opened.wait_for(1));
    CHECK(client.shown.values() == std::vector<std::string>{"01P00A000000001"});
    client.send("good day\n");
    CHECK(client.receive(6) == "hello\n");
    client.close(5s);
    CHECK(client.end().why == TlsEnd::asked);
    server.join();
    CHECK(heard == "good day\n");
    CHECK(server.asked_name() == "01P00A000000001");
    CHECK(server.version() == "TLSv1.2");
}

TEST_CASE("tls client: a certificate that is not accepted ends it before a byte is sent") {
    std::string heard = "?";
    TlsServer server{identity(), [&](TlsPeer& peer) {
                         peer.shake_hands();
                         heard = peer.read_to_end();
                     }};
    Client client{server.port(),
                  [](TlsRequest& request) { request.accept = [](const Certificate&) { return false; }; }};
    client.send("secret");
    CHECK(client.end().why == TlsEnd::certificate);
    CHECK(client.opened.values().empty());
    server.join();
    CHECK(heard.empty());
}

TEST_CASE("tls client: what is sent before the connection is open goes out afterwards, in order") {
    std::string heard;
    TlsServer server{identity(), [&](TlsPeer& peer) {
                         CHECK(peer.shake_hands());
                         heard = peer.read_until("three");
                     }};
    Client client{server.port()};
    client.send("one ");
    client.send("two ");
    REQUIRE(client.opened.wait_for(1));
    client.send("three");
    server.join();
    CHECK(heard == "one two three");
}

TEST_CASE("tls client: megabytes arrive whole, at once or gathered, whatever the records") {
    const std::string sent = pattern(3'000'000);
    for (const auto wait : {0ms, 5ms}) {
        for (const std::size_t piece : {100'000UL, 4096UL, 1400UL}) {
            TlsServer server{identity(), [&](TlsPeer& peer) {
                                 CHECK(peer.shake_hands());
                                 for (std::size_t at = 0; at < sent.size(); at += piece) {
                                     CHECK(peer.write(sent.substr(at, piece)));
                                 }
                                 peer.read_to_end();
                             }};
            Client client{server.port()};
            client.gather(wait);
            CHECK((client.receive(sent.size()) == sent));
            client.close(5s);
            CHECK(client.end().why == TlsEnd::asked);
        }
    }
}

TEST_CASE("tls client: gathering can begin and end while bytes flow, also after a pause") {
    TlsServer server{identity(), [&](TlsPeer& peer) {
                         CHECK(peer.shake_hands());
                         while (!peer.read_until("?").empty())
                             peer.write("!");
                     }};
    Client client{server.port()};
    std::size_t answers = 0;
    Arrivals<int> answered;
    client.now([&] { client.on_received = [&] { answered.put(1); }; });
    for (const auto wait : {0ms, 3ms, 0ms, 3ms, 3ms, 0ms}) {
        client.gather(wait);
        for (int i = 0; i < 3; ++i) {
            client.send("?");
            REQUIRE(answered.wait_for(++answers));
        }
    }
    CHECK(client.received() == std::string(answers, '!'));
    client.destroy();
}

TEST_CASE("tls client: ends before the connection is open are told apart") {
    SUBCASE("nobody listens") {
        Client client{closed_port()};
        CHECK(client.end().why == TlsEnd::refused);
    }
    SUBCASE("not an address") {
        Client client{1, [](TlsRequest& request) { request.address = "printer.local"; }};
        CHECK(client.end().why == TlsEnd::unreachable);
    }
    SUBCASE("plain text") {
        TlsServer server{identity(), [](TlsPeer& peer) {
                             peer.write_plain("220 hello, no TLS here\r\n");
                             peer.cut();
                         }};
        Client client{server.port()};
        const Ended end = client.end();
        CHECK(end.why == TlsEnd::no_tls);
        CHECK_FALSE(end.detail.empty());
    }
    SUBCASE("closed without a byte") {
        TlsServer server{identity(), [](TlsPeer& peer) { peer.cut(); }};
        Client client{server.port()};
        CHECK(client.end().why == TlsEnd::by_peer);
    }
    SUBCASE("silence") {
        Arrivals<int> over;
        TlsServer server{identity(), [&](TlsPeer&) { over.wait_for(1); }};
        Client client{server.port(), [](TlsRequest& request) { request.handshake_timeout = 20ms; }};
        CHECK(client.end().why == TlsEnd::no_tls);
        over.put(1);
    }
    SUBCASE("the server speaks TLS 1.3 only") {
        TlsServer server{identity(), [](TlsPeer& peer) {
                             peer.require_version(TLS1_3_VERSION);
                             CHECK_FALSE(peer.shake_hands());
                         }};
        Client client{server.port()};
        CHECK(client.end().why == TlsEnd::no_tls);
    }
}

TEST_CASE("tls client: the other side's goodbye, end and reset are the other side's") {
    for (const int manner : {0, 1, 2}) {
        TlsServer server{identity(), [&](TlsPeer& peer) {
                             CHECK(peer.shake_hands());
                             peer.write("last words");
                             peer.read_until("go");
                             if (manner == 0) peer.say_goodbye();
                             if (manner == 1) peer.cut();
                             if (manner == 2) peer.reset();
                         }};
        Client client{server.port()};
        CHECK(client.receive(10) == "last words");
        client.send("go");
        CHECK(client.end().why == TlsEnd::by_peer);
    }
}

TEST_CASE("tls client: bytes that are no TLS records break it") {
    TlsServer server{identity(), [&](TlsPeer& peer) {
                         CHECK(peer.shake_hands());
                         peer.write_plain("and now for something different");
                         peer.read_to_end();
                     }};
    Client client{server.port()};
    CHECK(client.end().why == TlsEnd::broken);
}

TEST_CASE("tls client: closing sends what waits and a goodbye, although the other side keeps sending") {
    std::string heard;
    bool told = false;
    TlsServer server{identity(), [&](TlsPeer& peer) {
                         CHECK(peer.shake_hands());
                         for (int i = 0; i < 50; ++i)
                             peer.write(std::string(4000, 'x'));
                         heard = peer.read_to_end();
                         told = peer.was_told_goodbye();
                     }};
    Client client{server.port()};
    REQUIRE(client.opened.wait_for(1));
    client.send("TEARDOWN");
    client.close(5s);
    CHECK(client.end().why == TlsEnd::asked);
    server.join();
    CHECK(heard == "TEARDOWN");
    CHECK(told);
}

TEST_CASE("tls client: a goodbye that nobody answers lasts no longer than its limit") {
    Arrivals<int> over;
    TlsServer server{identity(), [&](TlsPeer& peer) {
                         peer.shake_hands();
                         over.wait_for(1);
                     }};
    Client client{server.port()};
    REQUIRE(client.opened.wait_for(1));
    client.close(20ms);
    client.close(20ms);
    client.send("too late");
    CHECK(client.end().why == TlsEnd::asked);
    CHECK(client.ended.values().size() == 1);
    over.put(1);
}

TEST_CASE("tls client: closing before the connection is open ends it, never inside the call") {
    Arrivals<int> over;
    TlsServer server{identity(), [&](TlsPeer&) { over.wait_for(1); }};
    Client client{server.port()};
    client.now([&] {
        client.close_here(300ms);
        CHECK(client.ended.values().empty());
    });
    CHECK(client.end().why == TlsEnd::asked);
    over.put(1);
}

TEST_CASE("tls client: more than 64 KiB that the other side does not take break it") {
    Arrivals<int> over;
    TlsServer server{identity(), [&](TlsPeer& peer) {
                         peer.shake_hands();
                         over.wait_for(1);
                     }};
    Client client{server.port()};
    REQUIRE(client.opened.wait_for(1));
    // The system takes some megabytes before it says no.
    for (int i = 0; i < 2000 && client.ended.values().empty(); ++i)
        client.send(std::string(16'000, 'x'));
    CHECK(client.end().why == TlsEnd::broken);
    over.put(1);
}

TEST_CASE("tls client: a client that is destroyed calls nobody any more, also inside a call") {
    TlsServer server{identity(), [&](TlsPeer& peer) {
                         CHECK(peer.shake_hands());
                         peer.write("bytes");
                         CHECK(peer.read_to_end().empty());
                     }};
    Client client{server.port()};
    Arrivals<int> destroyed;
    client.now([&] {
        client.on_received = [&] {
            client.destroy_here();
            destroyed.put(1);
        };
    });
    REQUIRE(destroyed.wait_for(1));
    server.join();
    CHECK(client.ended.values().empty());
}
