#pragma once

#include <functional>
#include <memory>
#include <string>
#include <string_view>

namespace boost::asio {
class io_context;
}

namespace farmwall::sim {

// The control connection: TCP on 127.0.0.1, one JSON object a line in, one a line out, in order; any
// number of clients. README.md beside this file describes the objects. Thread of the io_context.
class ControlServer {
public:
    using Answer = std::function<std::string(std::string_view line)>;

    // Listens on a free port; throws std::system_error when there is none.
    ControlServer(boost::asio::io_context& io, Answer answer);
    ~ControlServer();
    [[nodiscard]] int port() const;

private:
    struct Inside;
    std::shared_ptr<Inside> inside_;
};

}  // namespace farmwall::sim
