#pragma once

#include <cstdint>
#include <functional>
#include <memory>
#include <string>
#include <string_view>

#include "base/result.hpp"

namespace farmwall::net {

class IoThread;

// One datagram; the views end with the call.
struct Datagram {
    std::string_view bytes;   // cut at 2048
    std::string_view sender;  // dotted IPv4
    std::uint16_t sender_port = 0;
};

struct UdpOptions {
    std::string address = "0.0.0.0";
    std::uint16_t port = 0;       // 0: any free one
    std::string multicast_group;  // joined on every interface; empty: none
};

// Receives datagrams on a port that other programs may hold as well, until it is destroyed. An
// interface that refuses the multicast group is passed over: broadcasts still arrive.
class UdpListener {
public:
    // `on_datagram` runs on the network thread. Open and destroy on the network thread.
    // Errors: io (the port is held exclusively, no such address).
    [[nodiscard]] static Result<UdpListener> open(IoThread& io, const UdpOptions& options,
                                                  std::function<void(const Datagram&)> on_datagram);
    ~UdpListener();
    UdpListener(UdpListener&&) noexcept;
    UdpListener& operator=(UdpListener&&) noexcept;

    [[nodiscard]] std::uint16_t port() const;

private:
    class Impl;
    explicit UdpListener(std::shared_ptr<Impl> impl);
    std::shared_ptr<Impl> impl_;
};

}  // namespace farmwall::net
