#include "net/udp_listener.hpp"

#include <doctest/doctest.h>

#include <boost/asio/io_context.hpp>
#include <boost/asio/ip/udp.hpp>
#include <optional>

#include "net/interfaces.hpp"
#include "net/io_thread.hpp"
#include "waiting.hpp"

using namespace farmwall;
using namespace farmwall::net;
namespace asio = boost::asio;
using udp = asio::ip::udp;

namespace {

void send(std::uint16_t port, const std::string& text) {
    asio::io_context io;
    udp::socket socket{io, udp::v4()};
    socket.send_to(asio::buffer(text), udp::endpoint{asio::ip::make_address("127.0.0.1"), port});
}

// Opened and closed on the network thread, as the class demands.
class Open {
public:
    explicit Open(const UdpOptions& options) {
        Arrivals<int> ready;
        io_.post([&] {
            auto opened = UdpListener::open(io_, options, [this](const Datagram& datagram) {
                received.put(std::string{datagram.bytes} + " from " + std::string{datagram.sender});
            });
            if (opened.ok()) listener_.emplace(std::move(opened).value());
            if (!opened.ok()) error = opened.error();
            ready.put(1);
        });
        REQUIRE(ready.wait_for(1));
    }
    ~Open() {
        Arrivals<int> closed;
        io_.post([&] {
            listener_.reset();
            closed.put(1);
        });
        closed.wait_for(1);
    }
    [[nodiscard]] std::uint16_t port() const { return listener_ ? listener_->port() : std::uint16_t{0}; }

    Arrivals<std::string> received;
    std::optional<Error> error;

private:
    IoThread io_{"net-test"};
    std::optional<UdpListener> listener_;
};

UdpOptions on_loopback() {
    UdpOptions options;
    options.address = "127.0.0.1";
    return options;
}

}  // namespace

TEST_CASE("udp listener: datagrams come with their sender, also empty and cut ones") {
    Open open{on_loopback()};
    REQUIRE(open.port() != 0);
    send(open.port(), "one");
    send(open.port(), "");
    send(open.port(), std::string(5000, 'x'));
    REQUIRE(open.received.wait_for(3));
    const auto values = open.received.values();
    CHECK(values[0] == "one from 127.0.0.1");
    CHECK(values[1] == " from 127.0.0.1");
    CHECK(values[2].size() == 2048 + std::string{" from 127.0.0.1"}.size());
}

TEST_CASE("udp listener: a port that another program holds shareably can be opened too") {
    Open first{on_loopback()};
    UdpOptions same = on_loopback();
    same.port = first.port();
    same.multicast_group = "239.255.255.250";
    const Open second{same};
    CHECK_FALSE(second.error);
    CHECK(second.port() == first.port());
}

TEST_CASE("udp listener: an address that is not ours is an error that names it") {
    UdpOptions options;
    options.address = "192.0.2.77";
    options.port = 2021;
    const Open open{options};
    REQUIRE(open.error);
    CHECK(open.error->kind == ErrorKind::io);
    CHECK(open.error->subject == "192.0.2.77:2021");
}

TEST_CASE("interfaces: loopback is among this machine's addresses") {
    const auto addresses = ipv4_addresses();
    CHECK(std::find(addresses.begin(), addresses.end(), "127.0.0.1") != addresses.end());
}
