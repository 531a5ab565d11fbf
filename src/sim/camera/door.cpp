#include "sim/camera/door.hpp"

#include <boost/asio/buffer.hpp>
#include <boost/asio/io_context.hpp>
#include <boost/asio/ip/tcp.hpp>
#include <boost/asio/write.hpp>

namespace farmwall::sim {

namespace asio = boost::asio;
using asio::ip::tcp;
using boost::system::error_code;

struct Door::Inside : std::enable_shared_from_this<Door::Inside> {
    Inside(asio::io_context& io, std::string said)
        : text{std::move(said)}, acceptor{io, tcp::endpoint{asio::ip::address_v4::loopback(), 0}} {}

    void accept() {
        acceptor.async_accept([self = shared_from_this()](error_code failed, tcp::socket socket) {
            if (failed == asio::error::operation_aborted) return;
            if (!failed && !self->text.empty()) {
                auto client = std::make_shared<tcp::socket>(std::move(socket));
                asio::async_write(*client, asio::buffer(self->text),
                                  [self, client](error_code, std::size_t) {});
            }
            self->accept();
        });
    }

    const std::string text;
    tcp::acceptor acceptor;
};

Door::Door(asio::io_context& io, std::string text) : inside_{std::make_shared<Inside>(io, std::move(text))} {
    inside_->accept();
}

Door::~Door() {
    error_code ignored;
    inside_->acceptor.close(ignored);
}

int Door::port() const { return inside_->acceptor.local_endpoint().port(); }

}  // namespace farmwall::sim
