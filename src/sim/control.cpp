#include "sim/control.hpp"

#include <boost/asio/buffer.hpp>
#include <boost/asio/io_context.hpp>
#include <boost/asio/ip/tcp.hpp>
#include <boost/asio/read_until.hpp>
#include <boost/asio/write.hpp>

namespace farmwall::sim {

namespace asio = boost::asio;
using asio::ip::tcp;
using boost::system::error_code;

namespace {

constexpr std::size_t line_limit_bytes = std::size_t{64} * 1024;

class Client : public std::enable_shared_from_this<Client> {
public:
    Client(tcp::socket socket, std::shared_ptr<ControlServer::Answer> answer)
        : socket_{std::move(socket)}, answer_{std::move(answer)} {}

    void read() {
        asio::async_read_until(socket_, asio::dynamic_buffer(input_, line_limit_bytes), '\n',
                               [self = shared_from_this()](error_code failed, std::size_t count) {
                                   if (!failed) self->reply(count);
                               });
    }

private:
    void reply(std::size_t count) {
        output_ = (*answer_)(std::string_view{input_}.substr(0, count - 1)) + "\n";
        input_.erase(0, count);
        asio::async_write(socket_, asio::buffer(output_),
                          [self = shared_from_this()](error_code failed, std::size_t) {
                              if (!failed) self->read();
                          });
    }

    tcp::socket socket_;
    std::shared_ptr<ControlServer::Answer> answer_;
    std::string input_;
    std::string output_;
};

}  // namespace

struct ControlServer::Inside : std::enable_shared_from_this<ControlServer::Inside> {
    Inside(asio::io_context& io, Answer wanted)
        : answer{std::make_shared<Answer>(std::move(wanted))},
          acceptor{io, tcp::endpoint{asio::ip::address_v4::loopback(), 0}} {}

    void accept() {
        acceptor.async_accept([self = shared_from_this()](error_code failed, tcp::socket socket) {
            if (failed == asio::error::operation_aborted) return;
            if (!failed) std::make_shared<Client>(std::move(socket), self->answer)->read();
            self->accept();
        });
    }

    std::shared_ptr<Answer> answer;
    tcp::acceptor acceptor;
};

ControlServer::ControlServer(asio::io_context& io, Answer answer)
    : inside_{std::make_shared<Inside>(io, std::move(answer))} {
    inside_->accept();
}

ControlServer::~ControlServer() {
    error_code ignored;
    inside_->acceptor.close(ignored);
}

int ControlServer::port() const { return inside_->acceptor.local_endpoint().port(); }

}  // namespace farmwall::sim
