#include "net/udp_listener.hpp"

#include <array>
#include <boost/asio/ip/multicast.hpp>
#include <boost/asio/ip/udp.hpp>

#include "net/interfaces.hpp"
#include "net/io_thread.hpp"

namespace farmwall::net {

namespace asio = boost::asio;
using udp = asio::ip::udp;

class UdpListener::Impl : public std::enable_shared_from_this<Impl> {
public:
    Impl(asio::io_context& io, std::function<void(const Datagram&)> on_datagram)
        : socket_{io}, on_datagram_{std::move(on_datagram)} {}

    Status open(const UdpOptions& options) {
        boost::system::error_code error;
        const auto address = asio::ip::make_address_v4(options.address, error);
        if (!error) socket_.open(udp::v4(), error);
        if (!error) socket_.set_option(udp::socket::reuse_address{true}, error);
#ifdef SO_REUSEPORT
        using ReusePort = asio::detail::socket_option::boolean<SOL_SOCKET, SO_REUSEPORT>;
        if (!error) socket_.set_option(ReusePort{true}, error);
#endif
        if (!error) socket_.bind(udp::endpoint{address, options.port}, error);
        if (error) {
            return Error{ErrorKind::io, "the UDP port cannot be opened (" + error.message() + ")",
                         options.address + ":" + std::to_string(options.port)};
        }
        if (!options.multicast_group.empty()) join(options.multicast_group);
        receive();
        return Done{};
    }

    void close() {
        on_datagram_ = nullptr;
        boost::system::error_code ignored;
        socket_.close(ignored);
    }

    [[nodiscard]] std::uint16_t port() const {
        boost::system::error_code error;
        return socket_.local_endpoint(error).port();
    }

private:
    void join(const std::string& group_text) {
        boost::system::error_code error;
        const auto group = asio::ip::make_address_v4(group_text, error);
        if (error) return;
        for (const std::string& own : ipv4_addresses()) {
            const auto interface_address = asio::ip::make_address_v4(own, error);
            if (error) continue;
            boost::system::error_code ignored;  // no multicast there
            socket_.set_option(asio::ip::multicast::join_group{group, interface_address}, ignored);
        }
    }

    void receive() {
        socket_.async_receive_from(
            asio::buffer(buffer_), sender_,
            [self = shared_from_this()](const boost::system::error_code& error, std::size_t length) {
                self->received(error, length);
            });
    }

    void received(const boost::system::error_code& error, std::size_t length) {
        // Only these two leave the socket usable; anything else would come again at once, for ever.
        const bool passing = error == asio::error::message_size || error == asio::error::connection_refused;
        if (!on_datagram_ || (error && !passing)) return;
        if (!error) {
            const std::string sender = sender_.address().to_string();
            const auto on_datagram = on_datagram_;  // it may close this listener
            on_datagram({std::string_view{buffer_.data(), length}, sender, sender_.port()});
        }
        if (on_datagram_ && socket_.is_open()) receive();
    }

    udp::socket socket_;
    udp::endpoint sender_;
    std::array<char, 2048> buffer_{};
    std::function<void(const Datagram&)> on_datagram_;  // null: closed
};

Result<UdpListener> UdpListener::open(IoThread& io, const UdpOptions& options,
                                      std::function<void(const Datagram&)> on_datagram) {
    auto impl = std::make_shared<Impl>(io.context(), std::move(on_datagram));
    const Status opened = impl->open(options);
    if (!opened.ok()) return opened.error();
    return UdpListener{std::move(impl)};
}

UdpListener::UdpListener(std::shared_ptr<Impl> impl) : impl_{std::move(impl)} {}
UdpListener::~UdpListener() {
    if (impl_) impl_->close();
}
UdpListener::UdpListener(UdpListener&&) noexcept = default;
UdpListener& UdpListener::operator=(UdpListener&& other) noexcept {
    if (this != &other) {
        if (impl_) impl_->close();
        impl_ = std::move(other.impl_);
    }
    return *this;
}

std::uint16_t UdpListener::port() const { return impl_->port(); }

}  // namespace farmwall::net
