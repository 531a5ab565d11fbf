#pragma once

#include <openssl/ssl.h>

#include <boost/asio/io_context.hpp>
#include <boost/asio/ip/tcp.hpp>
#include <boost/asio/ssl/context.hpp>
#include <boost/asio/ssl/stream.hpp>
#include <list>
#include <string>
#include <thread>

#include "test_certificate.hpp"
#include "waiting.hpp"

// Shakes hands with every client on loopback and notes the server name that each asked for.
class GreetingServer {
public:
    explicit GreetingServer(const KeyAndCertificate& identity)
        : acceptor_{io_, {boost::asio::ip::make_address("127.0.0.1"), 0}} {
        tls_.use_certificate_chain(boost::asio::buffer(identity.certificate_pem));
        tls_.use_private_key(boost::asio::buffer(identity.key_pem), boost::asio::ssl::context::pem);
        SSL_CTX_set_tlsext_servername_callback(tls_.native_handle(), &GreetingServer::note);
        SSL_CTX_set_tlsext_servername_arg(tls_.native_handle(), this);
        accept();
        thread_ = std::jthread{[this] { io_.run(); }};
    }
    ~GreetingServer() {
        io_.stop();
        thread_.join();
    }
    GreetingServer(const GreetingServer&) = delete;
    GreetingServer& operator=(const GreetingServer&) = delete;

    [[nodiscard]] std::uint16_t port() const { return acceptor_.local_endpoint().port(); }
    Arrivals<std::string> names;  // "" for a greeting without one

private:
    using Stream = boost::asio::ssl::stream<boost::asio::ip::tcp::socket>;

    static int note(SSL* ssl, int*, void* self) {
        const char* name = SSL_get_servername(ssl, TLSEXT_NAMETYPE_host_name);
        static_cast<GreetingServer*>(self)->names.put(name != nullptr ? name : "");
        return SSL_TLSEXT_ERR_OK;
    }
    void accept() {
        acceptor_.async_accept(
            [this](const boost::system::error_code& error, boost::asio::ip::tcp::socket socket) {
                if (error) return;
                streams_.emplace_back(std::move(socket), tls_);
                streams_.back().async_handshake(boost::asio::ssl::stream_base::server, [](const auto&) {});
                accept();
            });
    }

    boost::asio::io_context io_;
    boost::asio::ssl::context tls_{boost::asio::ssl::context::tls_server};
    boost::asio::ip::tcp::acceptor acceptor_;
    std::list<Stream> streams_;
    std::jthread thread_;
};
