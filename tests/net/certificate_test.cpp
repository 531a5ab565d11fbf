#include "net/certificate.hpp"

#include <doctest/doctest.h>
#include <openssl/ssl.h>

#include <boost/asio/io_context.hpp>
#include <boost/asio/ip/tcp.hpp>
#include <boost/asio/ssl/context.hpp>
#include <boost/asio/ssl/stream.hpp>
#include <boost/asio/write.hpp>
#include <optional>
#include <thread>

#include "net/io_thread.hpp"
#include "test_certificate.hpp"
#include "waiting.hpp"

using namespace farmwall;
using namespace farmwall::net;
using namespace std::chrono_literals;
namespace asio = boost::asio;
using tcp = asio::ip::tcp;

namespace {

enum class Manner { tls, plain_text, silent };

// Serves one client on loopback, in its own thread.
class Server {
public:
    Server(Manner manner, const KeyAndCertificate& identity, int tls_version = 0)
        : acceptor_{io_, tcp::endpoint{asio::ip::make_address("127.0.0.1"), 0}}, socket_{io_} {
        tls_.use_certificate_chain(asio::buffer(identity.certificate_pem));
        tls_.use_private_key(asio::buffer(identity.key_pem), asio::ssl::context::pem);
        if (tls_version != 0) {
            SSL_CTX_set_min_proto_version(tls_.native_handle(), tls_version);
            SSL_CTX_set_max_proto_version(tls_.native_handle(), tls_version);
        }
        // Asked when the greeting arrives: before the client can know the certificate.
        SSL_CTX_set_tlsext_servername_callback(tls_.native_handle(), &Server::note_name);
        SSL_CTX_set_tlsext_servername_arg(tls_.native_handle(), this);
        acceptor_.async_accept(socket_, [this, manner](const boost::system::error_code& error) {
            if (!error) serve(manner);
        });
        thread_ = std::jthread{[this] { io_.run(); }};
    }
    ~Server() {
        io_.stop();
        thread_.join();
    }
    [[nodiscard]] std::uint16_t port() const { return acceptor_.local_endpoint().port(); }
    [[nodiscard]] std::string asked_name() {
        io_.stop();
        if (thread_.joinable()) thread_.join();
        thread_ = std::jthread{[] {}};
        return asked_name_;
    }

private:
    static int note_name(SSL* ssl, int*, void* self) {
        const char* name = SSL_get_servername(ssl, TLSEXT_NAMETYPE_host_name);
        static_cast<Server*>(self)->asked_name_ = name != nullptr ? name : "";
        return SSL_TLSEXT_ERR_OK;
    }

    void serve(Manner manner) {
        switch (manner) {
            case Manner::silent:
                break;
            case Manner::plain_text:
                asio::write(socket_, asio::buffer(std::string{"220 hello, no TLS here\r\n"}));
                socket_.close();
                break;
            case Manner::tls:
                stream_.emplace(std::move(socket_), tls_);
                stream_->async_handshake(asio::ssl::stream_base::server, [](const auto&) {});
                break;
        }
    }

    asio::io_context io_;
    tcp::acceptor acceptor_;
    tcp::socket socket_;
    asio::ssl::context tls_{asio::ssl::context::tls_server};
    std::optional<asio::ssl::stream<tcp::socket>> stream_;
    std::string asked_name_;
    std::jthread thread_;
};

FetchOutcome fetch(FetchRequest request) {
    Arrivals<FetchOutcome> outcomes;
    CertificateFetch handle;
    IoThread io{"net-test"};
    request.address = request.address.empty() ? "127.0.0.1" : request.address;
    request.server_name = "01P00A000000001";
    io.post([&] {
        handle = fetch_certificate(io, request, [&](FetchOutcome o) { outcomes.put(std::move(o)); });
    });
    REQUIRE(outcomes.wait_for(1));
    Arrivals<int> released;
    io.post([&] {
        handle = {};
        released.put(1);
    });
    REQUIRE(released.wait_for(1));
    return outcomes.values().front();
}

FetchFailure failure(const FetchOutcome& outcome) {
    const auto* error = std::get_if<FetchError>(&outcome);
    REQUIRE(error != nullptr);
    CHECK_FALSE(error->detail.empty());
    return error->failure;
}

std::uint16_t closed_port() {
    asio::io_context io;
    tcp::acceptor acceptor{io, tcp::endpoint{asio::ip::make_address("127.0.0.1"), 0}};
    return acceptor.local_endpoint().port();
}

}  // namespace

TEST_CASE("certificate: a fetch brings what the server shows, and says the serial as server name") {
    const auto identity = make_certificate("01P00A000000001");
    for (const int version : {0, TLS1_2_VERSION, TLS1_3_VERSION}) {
        Server server{Manner::tls, identity, version};
        FetchRequest request;
        request.port = server.port();
        const auto outcome = fetch(request);
        const auto* certificate = std::get_if<Certificate>(&outcome);
        REQUIRE(certificate != nullptr);
        CHECK(certificate->common_name == "01P00A000000001");
        CHECK(certificate->sha256.size() == 64);
        CHECK(certificate->pem == identity.certificate_pem);
        CHECK(*certificate == parse_certificate(identity.certificate_pem).value());
        CHECK(server.asked_name() == "01P00A000000001");
    }
}

TEST_CASE("certificate: a leaf of an unknown authority is fetched like any other") {
    Server server{Manner::tls, make_leaf_of_a_ca("22E00A000000002")};
    FetchRequest request;
    request.port = server.port();
    const auto outcome = fetch(request);
    REQUIRE(std::holds_alternative<Certificate>(outcome));
    CHECK(std::get_if<Certificate>(&outcome)->common_name == "22E00A000000002");
}

TEST_CASE("certificate: refused, unreachable, no TLS and silence are told apart") {
    const auto identity = make_certificate("x");
    FetchRequest request;
    SUBCASE("nobody listens") {
        request.port = closed_port();
        CHECK(failure(fetch(request)) == FetchFailure::refused);
    }
    SUBCASE("not an address") {
        request.address = "printer.local";
        CHECK(failure(fetch(request)) == FetchFailure::unreachable);
    }
    SUBCASE("plain text") {
        Server server{Manner::plain_text, identity};
        request.port = server.port();
        CHECK(failure(fetch(request)) == FetchFailure::no_tls);
    }
    SUBCASE("accepted, then silence") {
        Server server{Manner::silent, identity};
        request.port = server.port();
        request.handshake_timeout = 20ms;
        CHECK(failure(fetch(request)) == FetchFailure::no_tls);
    }
    SUBCASE("the greeting vanishes") {
        // A listener whose queue is full lets further ones wait.
        asio::io_context io;
        tcp::acceptor acceptor{io};
        acceptor.open(tcp::v4());
        acceptor.bind({asio::ip::make_address("127.0.0.1"), 0});
        acceptor.listen(0);
        std::vector<tcp::socket> fillers;
        for (int i = 0; i < 3; ++i) {
            fillers.emplace_back(io, tcp::v4());
            // Begins to connect at once; nobody waits for the end.
            fillers.back().async_connect(acceptor.local_endpoint(), [](const auto&) {});
        }
        request.port = acceptor.local_endpoint().port();
        request.connect_timeout = 50ms;
        CHECK(failure(fetch(request)) == FetchFailure::timeout);
    }
}

TEST_CASE("certificate: a fetch whose handle is gone says nothing") {
    Server server{Manner::silent, make_certificate("x")};
    Arrivals<int> said;
    Arrivals<int> over;
    IoThread io{"net-test"};
    io.post([&] {
        FetchRequest request;
        request.address = "127.0.0.1";
        request.port = server.port();
        request.connect_timeout = 1ms;
        request.handshake_timeout = 1ms;
        {
            const auto gone = fetch_certificate(io, request, [&](const FetchOutcome&) { said.put(1); });
        }
        auto timer = std::make_shared<Timer>();
        *timer = io.after(20ms, [&, timer] { over.put(1); });
    });
    REQUIRE(over.wait_for(1));
    CHECK(said.values().empty());
}

TEST_CASE("certificate: text that is no certificate is refused, cut at any length") {
    const std::string pem = make_certificate("01P00A000000001").certificate_pem;
    CHECK_FALSE(parse_certificate("").ok());
    CHECK_FALSE(parse_certificate("-----BEGIN CERTIFICATE-----\n!!!\n").ok());
    for (std::size_t length = 0; length + 2 < pem.size(); ++length) {
        CHECK_FALSE(parse_certificate(std::string_view{pem}.substr(0, length)).ok());
    }
    CHECK(parse_certificate(pem).ok());
}

TEST_CASE("certificate: the pin of a public key is that of the key, whatever certificate it is in") {
    const Certificate first = parse_certificate(make_certificate("01P00A000000001").certificate_pem).value();
    const Certificate second = parse_certificate(make_certificate("01P00A000000001").certificate_pem).value();
    const auto pin = public_key_pin(first);
    REQUIRE(pin.ok());
    CHECK(pin.value().starts_with("sha256//"));
    CHECK(pin.value().size() == 8 + 44);  // 32 bytes in base64
    CHECK(pin.value().ends_with("="));
    CHECK(public_key_pin(first).value() == pin.value());
    CHECK(public_key_pin(second).value() != pin.value());
    CHECK_FALSE(public_key_pin(Certificate{}).ok());
    CHECK_FALSE(public_key_pin(Certificate{"nonsense", first.sha256, first.common_name}).ok());
}

TEST_CASE("certificate: the pin of a known key is the one that OpenSSL's tools compute") {
    // openssl x509 -pubkey -noout | openssl pkey -pubin -outform der | openssl dgst -sha256 -binary | base64
    const std::string pem = R"(-----BEGIN CERTIFICATE-----
MIIBbjCCAROgAwIBAgIUL+V97ME6absyqgM5EVbaTx2/IJcwCgYIKoZIzj0EAwIw
DDEKMAgGA1UEAwwBWDAeFw0yNjExMjQxNjE5MjNaFw0zNjExMjExNjE5MjNaMAwx
CjAIBgNVBAMMAVgwWTATBgcqhkjOPQIBBggqhkjOPQMBBwNCAAQN2Duf/q30vf8K
7kiNDci8hQiT5AyaCFRv3g3FmIOEGSyOwBIfNrImsrY3yDxkM/FfdmoezSiaWr/I
V9EgD+0go1MwUTAdBgNVHQ4EFgQUycj/Bgk5ncERj+qbotm7V9GYlPMwHwYDVR0j
BBgwFoAUycj/Bgk5ncERj+qbotm7V9GYlPMwDwYDVR0TAQH/BAUwAwEB/zAKBggq
hkjOPQQDAgNJADBGAiEAwvkLXS1NE5x0KyTyhob9fQsH8lo2DcicB1n2XhmitMUC
IQCKKR3CiWU1DjPoiVYl9AR5h/x75B6eMMDVjktaQidpqw==
-----END CERTIFICATE-----
)";
    CHECK(public_key_pin(parse_certificate(pem).value()).value() ==
          "sha256//pO+yrmbBy9KQ95QkQIM2vRrTLojmR+VdhRsJmnWjzc4=");
}
