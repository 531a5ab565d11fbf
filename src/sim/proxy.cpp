#include "sim/proxy.hpp"

#include <algorithm>
#include <array>
#include <boost/asio/buffer.hpp>
#include <boost/asio/io_context.hpp>
#include <boost/asio/ip/tcp.hpp>
#include <boost/asio/steady_timer.hpp>
#include <boost/asio/write.hpp>
#include <chrono>
#include <optional>
#include <set>

namespace farmwall::sim {

namespace asio = boost::asio;
using asio::ip::tcp;
using boost::system::error_code;

namespace {

class Session;

// What sessions need of their proxy.
struct Owner {
    std::set<std::shared_ptr<Session>> sessions;
    bool silent = false;
};

class Session : public std::enable_shared_from_this<Session> {
public:
    Session(tcp::socket client, int port, std::shared_ptr<Owner> owner)
        : client_{std::move(client)},
          server_{client_.get_executor()},
          port_{port},
          owner_{std::move(owner)} {}

    void start() {
        if (starved_ || owner_->silent) return;  // accepted, and then nothing
        started_ = true;
        server_.async_connect({asio::ip::address_v4::loopback(), static_cast<std::uint16_t>(port_)},
                              [self = shared_from_this()](error_code failed) {
                                  if (self->starved_) return;
                                  if (failed) return self->close();
                                  error_code ignored;
                                  self->client_.set_option(tcp::no_delay{true}, ignored);
                                  self->server_.set_option(tcp::no_delay{true}, ignored);
                                  self->read(self->up_);
                                  self->read(self->down_);
                              });
    }

    void go_on() {
        if (starved_) return;
        if (!started_) return start();
        for (Direction* direction : {&up_, &down_})
            if (direction->held > 0) write(*direction, std::exchange(direction->held, 0));
    }

    // The client's side stays open, and nothing comes or goes any more.
    void starve() {
        starved_ = true;
        error_code ignored;
        server_.close(ignored);
        client_.cancel(ignored);
        read_away();
    }

    void close() {
        error_code ignored;
        client_.close(ignored);
        server_.close(ignored);
        owner_->sessions.erase(shared_from_this());
    }

private:
    struct Direction {
        tcp::socket* from;
        tcp::socket* to;
        std::array<char, 16384> bytes{};
        std::size_t held = 0;
    };

    void read(Direction& direction) {
        direction.from->async_read_some(
            asio::buffer(direction.bytes),
            [self = shared_from_this(), &direction](error_code failed, std::size_t count) {
                if (self->starved_) return;
                if (failed) return self->close();
                if (self->owner_->silent) {
                    direction.held = count;
                } else {
                    self->write(direction, count);
                }
            });
    }

    void write(Direction& direction, std::size_t count) {
        asio::async_write(*direction.to, asio::buffer(direction.bytes, count),
                          [self = shared_from_this(), &direction](error_code failed, std::size_t) {
                              if (self->starved_) return;
                              if (failed) return self->close();
                              self->read(direction);
                          });
    }

    // Tells when a starved client has gone.
    void read_away() {
        client_.async_read_some(asio::buffer(thrown_away_),
                                [self = shared_from_this()](error_code failed, std::size_t) {
                                    if (failed) return self->close();
                                    self->read_away();
                                });
    }

    tcp::socket client_;
    tcp::socket server_;
    int port_;
    std::shared_ptr<Owner> owner_;
    bool started_ = false;
    bool starved_ = false;
    Direction up_{&client_, &server_};
    Direction down_{&server_, &client_};
    std::array<char, 1024> thrown_away_{};
};

}  // namespace

struct Proxy::Inside : std::enable_shared_from_this<Proxy::Inside> {
    Inside(asio::io_context& loop, std::function<void()> opened) : io{loop}, on_open{std::move(opened)} {}

    asio::io_context& io;
    std::function<void()> on_open;
    std::optional<tcp::acceptor> acceptor;
    std::uint64_t generation = 0;  // of the acceptor; an old one's last call is ignored
    std::shared_ptr<Owner> owner = std::make_shared<Owner>();
    int port = 0;
    SecondClient behaviour = SecondClient::served;
    std::uint64_t ever = 0;
    std::uint64_t max = 0;

    void accept() {
        acceptor->async_accept(
            [self = shared_from_this(), mine = generation](error_code failed, tcp::socket client) {
                if (mine != self->generation || failed == asio::error::operation_aborted) return;
                if (!failed) self->open(std::move(client));
                self->accept();
            });
    }

    void open(tcp::socket client) {
        auto session = std::make_shared<Session>(std::move(client), port, owner);
        const bool second = !owner->sessions.empty();
        if (second && behaviour == SecondClient::steals)
            for (const auto& earlier : owner->sessions)
                earlier->starve();
        if (second && behaviour == SecondClient::starves) session->starve();
        owner->sessions.insert(session);
        ++ever;
        count_later();
        on_open();
        session->start();
    }

    // The end of one connection and the begin of the next may be seen in the wrong order: what
    // counts is what stands a moment later.
    void count_later() {
        auto timer = std::make_shared<asio::steady_timer>(io, std::chrono::milliseconds{250});
        timer->async_wait([self = shared_from_this(), timer](error_code) {
            self->max = std::max<std::uint64_t>(self->max, self->owner->sessions.size());
        });
    }

    void drop() {
        const auto sessions = owner->sessions;
        for (const auto& session : sessions)
            session->close();
    }
};

Proxy::Proxy(asio::io_context& io, std::function<void()> on_open)
    : inside_{std::make_shared<Inside>(io, std::move(on_open))} {}
Proxy::Proxy(Proxy&&) noexcept = default;

Proxy::~Proxy() {
    if (!inside_) return;
    stop_listening();
    drop_sessions();
}

Status Proxy::listen(const std::string& address, int port) {
    stop_listening();
    error_code failed;
    const auto at = asio::ip::make_address_v4(address, failed);
    tcp::acceptor acceptor{inside_->io};
    if (!failed) acceptor.open(tcp::v4(), failed);
    if (!failed) acceptor.set_option(tcp::acceptor::reuse_address{true}, failed);
    if (!failed) acceptor.bind({at, static_cast<std::uint16_t>(port)}, failed);
    if (!failed) acceptor.listen(asio::socket_base::max_listen_connections, failed);
    if (failed)
        return Error{ErrorKind::unavailable, "The virtual printer cannot listen there, " + failed.message(),
                     address + ":" + std::to_string(port)};
    inside_->acceptor.emplace(std::move(acceptor));
    inside_->accept();
    return Done{};
}

void Proxy::stop_listening() {
    ++inside_->generation;
    inside_->acceptor.reset();
}

void Proxy::drop_sessions() { inside_->drop(); }

void Proxy::route_to(int port) {
    if (inside_->port == port) return;
    inside_->port = port;
    inside_->drop();
}

void Proxy::set_silent(bool silent) {
    if (inside_->owner->silent == silent) return;
    inside_->owner->silent = silent;
    if (silent) return;
    const auto sessions = inside_->owner->sessions;
    for (const auto& session : sessions)
        session->go_on();
}

void Proxy::set_second_client(SecondClient behaviour) { inside_->behaviour = behaviour; }

Connections Proxy::connections() const {
    return Connections{inside_->owner->sessions.size(), inside_->ever, inside_->max};
}

}  // namespace farmwall::sim
