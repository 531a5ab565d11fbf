#pragma once

#include <cstdint>
#include <functional>
#include <memory>
#include <string>

#include "base/result.hpp"

namespace boost::asio {
class io_context;
}

namespace farmwall::sim {

struct Connections {
    std::uint64_t now = 0;
    std::uint64_t ever = 0;
    std::uint64_t max = 0;  // most at the same time, a quarter of a second after one began
};

// What happens to two connections at the same time.
enum class SecondClient {
    served,   // both live
    starves,  // the second one gets nothing, for ever
    steals,   // the first one gets nothing from then on
};

// A printer's network door: passes bytes between its address and a server behind it, and is where
// the network faults happen. Runs on the thread of the io_context.
class Proxy {
public:
    Proxy(boost::asio::io_context& io, std::function<void()> on_open);
    ~Proxy();
    Proxy(Proxy&&) noexcept;

    // Accepts at address:port from now on, no longer elsewhere. Errors: unavailable.
    [[nodiscard]] Status listen(const std::string& address, int port);
    void stop_listening();  // connects are refused
    void drop_sessions();
    // Where new sessions go; those that go elsewhere are dropped.
    void route_to(int port);
    // Holds bytes in both directions without closing anything; what is held goes on afterwards.
    void set_silent(bool silent);
    // For connections from now on.
    void set_second_client(SecondClient behaviour);
    [[nodiscard]] Connections connections() const;

private:
    struct Inside;
    std::shared_ptr<Inside> inside_;
};

}  // namespace farmwall::sim
