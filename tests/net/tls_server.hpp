#pragma once

#include <openssl/ssl.h>

#include <boost/asio/io_context.hpp>
#include <boost/asio/ip/tcp.hpp>
#include <boost/asio/ssl/context.hpp>
#include <boost/asio/ssl/stream.hpp>
#include <boost/asio/write.hpp>
#include <chrono>
#include <functional>
#include <optional>
#include <string>
#include <thread>
#include <utility>
#include <vector>

#include "net/test_certificate.hpp"

// One client of a server that follows a script, on the server's own thread. Nothing waits longer than
// ten seconds.
class TlsPeer {
public:
    using Tcp = boost::asio::ip::tcp;

    TlsPeer(boost::asio::io_context& io, Tcp::socket socket, boost::asio::ssl::context& tls)
        : io_{io}, stream_{std::move(socket), tls} {}

    // Before the handshake: this version alone.
    void require_version(int version) {
        SSL_set_min_proto_version(stream_.native_handle(), version);
        SSL_set_max_proto_version(stream_.native_handle(), version);
    }
    bool shake_hands() {
        return !run([&](auto done) {
            stream_.async_handshake(boost::asio::ssl::stream_base::server,
                                    [done](const auto& e) { done(e, 0); });
        });
    }
    // All of it, in one TLS record where it is short enough.
    bool write(const std::string& bytes) {
        return !run([&](auto done) { boost::asio::async_write(stream_, boost::asio::buffer(bytes), done); });
    }
    // As it is, without TLS.
    bool write_plain(const std::string& bytes) {
        return !run([&](auto done) {
            boost::asio::async_write(stream_.next_layer(), boost::asio::buffer(bytes), done);
        });
    }
    // What came up to and with `end`; empty: it did not come.
    std::string read_until(const std::string& end) {
        std::size_t at = 0;
        while ((at = rest_.find(end)) == std::string::npos) {
            if (!more()) return {};
        }
        return take(at + end.size());
    }
    std::string read_exactly(std::size_t size) {
        while (rest_.size() < size) {
            if (!more()) return {};
        }
        return take(size);
    }
    // Everything up to the other side's goodbye or end.
    std::string read_to_end() {
        while (more()) {
        }
        return take(rest_.size());
    }
    // True: the other side said a TLS goodbye before it closed. After read_to_end().
    [[nodiscard]] bool was_told_goodbye() const { return ended_ == boost::asio::error::eof; }
    void say_goodbye() {
        run([&](auto done) { stream_.async_shutdown([done](const auto& e) { done(e, 0); }); });
    }
    void cut() {
        boost::system::error_code ignored;
        stream_.next_layer().close(ignored);
    }
    // The other side is told that the connection is gone, and what was under way is dropped.
    void reset() {
        boost::system::error_code ignored;
        stream_.next_layer().set_option(boost::asio::socket_base::linger{true, 0}, ignored);
        cut();
    }

private:
    template <class Start>
    boost::system::error_code run(Start start) {
        boost::system::error_code result = boost::asio::error::timed_out;
        start([&](const boost::system::error_code& error, std::size_t size) {
            result = error;
            moved_ = size;
        });
        io_.restart();
        io_.run_for(std::chrono::seconds{10});
        if (!io_.stopped()) {  // the handler must not run after this
            cut();
            io_.restart();
            io_.run();
            return boost::asio::error::timed_out;
        }
        return result;
    }
    bool more() {
        std::string piece(16384, '\0');
        const auto error = run([&](auto done) { stream_.async_read_some(boost::asio::buffer(piece), done); });
        if (error) {
            ended_ = error;
            return false;
        }
        rest_.append(piece, 0, moved_);
        return true;
    }
    std::string take(std::size_t size) {
        std::string taken = rest_.substr(0, size);
        rest_.erase(0, size);
        return taken;
    }

    boost::asio::io_context& io_;
    boost::asio::ssl::stream<Tcp::socket> stream_;
    std::string rest_;
    std::size_t moved_ = 0;
    boost::system::error_code ended_;
};

// Serves one client after the other on loopback, one for each script, in a thread of its own.
class TlsServer {
public:
    using Tcp = boost::asio::ip::tcp;
    using Script = std::function<void(TlsPeer&)>;

    TlsServer(const KeyAndCertificate& identity, std::vector<Script> scripts)
        : acceptor_{io_, Tcp::endpoint{boost::asio::ip::make_address("127.0.0.1"), 0}} {
        tls_.use_certificate_chain(boost::asio::buffer(identity.certificate_pem));
        tls_.use_private_key(boost::asio::buffer(identity.key_pem), boost::asio::ssl::context::pem);
        port_ = acceptor_.local_endpoint().port();
        SSL_CTX_set_tlsext_servername_callback(tls_.native_handle(), &TlsServer::note_name);
        SSL_CTX_set_tlsext_servername_arg(tls_.native_handle(), this);
        thread_ = std::jthread{[this, scripts = std::move(scripts)] {
            for (const Script& script : scripts)
                serve(script);
        }};
    }
    TlsServer(const KeyAndCertificate& identity, Script script)
        : TlsServer{identity, std::vector<Script>{std::move(script)}} {}

    [[nodiscard]] std::uint16_t port() const { return port_; }
    // Waits for the last script to end.
    void join() {
        if (thread_.joinable()) thread_.join();
    }
    // After join(): of the last client.
    [[nodiscard]] const std::string& asked_name() const { return asked_name_; }
    [[nodiscard]] const std::string& version() const { return version_; }

private:
    static int note_name(SSL* ssl, int*, void* self) {
        const char* name = SSL_get_servername(ssl, TLSEXT_NAMETYPE_host_name);
        static_cast<TlsServer*>(self)->asked_name_ = name != nullptr ? name : "";
        static_cast<TlsServer*>(self)->version_ = SSL_get_version(ssl);
        return SSL_TLSEXT_ERR_OK;
    }
    void serve(const Script& script) {
        Tcp::socket socket{io_};
        boost::system::error_code failed = boost::asio::error::timed_out;
        acceptor_.async_accept(socket, [&](const boost::system::error_code& error) { failed = error; });
        io_.restart();
        io_.run_for(std::chrono::seconds{10});
        if (failed) {
            acceptor_.cancel(failed);
            io_.restart();
            io_.run();
            return;
        }
        TlsPeer peer{io_, std::move(socket), tls_};
        script(peer);
    }

    boost::asio::io_context io_;
    Tcp::acceptor acceptor_;
    boost::asio::ssl::context tls_{boost::asio::ssl::context::tls_server};
    std::uint16_t port_ = 0;
    std::string asked_name_;
    std::string version_;
    std::jthread thread_;
};
