#include "sim/camera/jpeg_server.hpp"

#include <algorithm>
#include <array>
#include <boost/asio/buffer.hpp>
#include <boost/asio/io_context.hpp>
#include <boost/asio/ip/tcp.hpp>
#include <boost/asio/read.hpp>
#include <boost/asio/ssl/context.hpp>
#include <boost/asio/ssl/stream.hpp>
#include <boost/asio/steady_timer.hpp>
#include <boost/asio/write.hpp>
#include <chrono>
#include <set>

#include "sim/machine/jpeg_wire.hpp"

namespace farmwall::sim {

namespace asio = boost::asio;
namespace ssl = asio::ssl;
using asio::ip::tcp;
using boost::system::error_code;

namespace {

constexpr auto login_limit = std::chrono::seconds{10};

std::shared_ptr<ssl::context> context_with(const TlsIdentity& identity) {
    auto context = std::make_shared<ssl::context>(ssl::context::tlsv12_server);
    context->use_certificate_chain(asio::buffer(identity.certificate_pem));
    context->use_private_key(asio::buffer(identity.key_pem), ssl::context::pem);
    return context;
}

class Client;

// What clients need of their server.
struct Owner {
    std::set<std::shared_ptr<Client>> watchers;
    Secret access_code;
    std::function<void(bool)> on_watched;
};

class Client : public std::enable_shared_from_this<Client> {
public:
    Client(tcp::socket socket, std::shared_ptr<ssl::context> context, std::shared_ptr<Owner> owner)
        : context_{std::move(context)},
          stream_{std::move(socket), *context_},
          limit_{stream_.get_executor(), login_limit},
          owner_{std::move(owner)} {}

    void start() {
        limit_.async_wait([self = shared_from_this()](error_code stopped) {
            if (!stopped) self->close();
        });
        stream_.async_handshake(ssl::stream_base::server, [self = shared_from_this()](error_code failed) {
            if (failed) return self->close();
            self->read_login();
        });
    }

    void offer(const Shot& picture) {
        next_ = picture;
        if (!current_.bytes) write_next();
    }

    void close() {
        error_code ignored;
        stream_.next_layer().close(ignored);
        limit_.cancel();
        if (owner_->watchers.erase(shared_from_this()) > 0 && owner_->watchers.empty())
            owner_->on_watched(false);
    }

private:
    void read_login() {
        asio::async_read(stream_, asio::buffer(login_),
                         [self = shared_from_this()](error_code failed, std::size_t) {
                             const std::span<const std::uint8_t, jpeg_login_bytes> login{self->login_};
                             if (failed || !is_jpeg_login(login, self->owner_->access_code))
                                 return self->close();
                             self->limit_.cancel();
                             self->owner_->watchers.insert(self);
                             if (self->owner_->watchers.size() == 1) self->owner_->on_watched(true);
                             self->read_on();
                         });
    }

    // Nothing more is expected; reading tells when the client has gone.
    void read_on() {
        stream_.async_read_some(asio::buffer(login_),
                                [self = shared_from_this()](error_code failed, std::size_t) {
                                    if (failed) return self->close();
                                    self->read_on();
                                });
    }

    void write_next() {
        current_ = std::exchange(next_, Shot{});
        if (!current_.bytes) return;
        header_ = jpeg_header(static_cast<std::uint32_t>(current_.bytes->size()));
        asio::async_write(stream_, asio::buffer(header_),
                          [self = shared_from_this()](error_code failed, std::size_t) {
                              if (failed) return self->close();
                              self->write_piece(0);
                          });
    }

    void write_piece(std::size_t at) {
        const std::size_t count = std::min(jpeg_record_bytes, current_.bytes->size() - at);
        if (count == 0) return write_next();
        asio::async_write(stream_, asio::buffer(current_.bytes->data() + at, count),
                          [self = shared_from_this(), at, count](error_code failed, std::size_t) {
                              if (failed) return self->close();
                              self->write_piece(at + count);
                          });
    }

    std::shared_ptr<ssl::context> context_;
    ssl::stream<tcp::socket> stream_;
    asio::steady_timer limit_;
    std::shared_ptr<Owner> owner_;
    std::array<std::uint8_t, jpeg_login_bytes> login_{};
    std::array<std::uint8_t, jpeg_header_bytes> header_{};
    Shot current_;  // being written
    Shot next_;     // the newest one after it
};

}  // namespace

struct JpegServer::Inside : std::enable_shared_from_this<JpegServer::Inside> {
    Inside(asio::io_context& io, Setup setup)
        : context{context_with(setup.identity)},
          acceptor{io, tcp::endpoint{asio::ip::address_v4::loopback(), 0}} {
        owner->access_code = std::move(setup.access_code);
        owner->on_watched = std::move(setup.on_watched);
    }

    void accept() {
        acceptor.async_accept([self = shared_from_this()](error_code failed, tcp::socket socket) {
            if (failed == asio::error::operation_aborted) return;
            if (!failed) {
                error_code ignored;
                socket.set_option(tcp::no_delay{true}, ignored);
                std::make_shared<Client>(std::move(socket), self->context, self->owner)->start();
            }
            self->accept();
        });
    }

    std::shared_ptr<ssl::context> context;
    std::shared_ptr<Owner> owner = std::make_shared<Owner>();
    tcp::acceptor acceptor;
};

JpegServer::JpegServer(asio::io_context& io, Setup setup)
    : inside_{std::make_shared<Inside>(io, std::move(setup))} {
    inside_->accept();
}

JpegServer::~JpegServer() {
    inside_->owner->on_watched = [](bool) {};
    error_code ignored;
    inside_->acceptor.close(ignored);
    const auto watchers = inside_->owner->watchers;
    for (const auto& watcher : watchers)
        watcher->close();
}

int JpegServer::port() const { return inside_->acceptor.local_endpoint().port(); }

void JpegServer::offer(const Shot& picture) {
    const auto watchers = inside_->owner->watchers;
    for (const auto& watcher : watchers)
        watcher->offer(picture);
}

void JpegServer::set_identity(const TlsIdentity& identity) { inside_->context = context_with(identity); }

void JpegServer::set_access_code(const Secret& code) { inside_->owner->access_code = code; }

}  // namespace farmwall::sim
