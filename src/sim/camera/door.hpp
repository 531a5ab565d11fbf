#pragma once

#include <memory>
#include <string>

namespace boost::asio {
class io_context;
}

namespace farmwall::sim {

// A port of 127.0.0.1 that says a text and closes; without a text it only closes. Thread of the
// io_context.
class Door {
public:
    // Throws std::system_error when there is no free port.
    Door(boost::asio::io_context& io, std::string text);
    ~Door();
    Door(const Door&) = delete;
    Door& operator=(const Door&) = delete;
    [[nodiscard]] int port() const;

private:
    struct Inside;
    std::shared_ptr<Inside> inside_;
};

}  // namespace farmwall::sim
