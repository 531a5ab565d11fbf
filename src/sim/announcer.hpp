#pragma once

#include <memory>
#include <string>

#include "sim/machine/farm_plan.hpp"

namespace boost::asio {
class io_context;
}

namespace farmwall::sim {

// The NOTIFY datagram a printer sends of itself (protocol 2.1), with CRLF line ends.
[[nodiscard]] std::string announcement_of(const PlannedPrinter& printer, const MachineState& state);

// Sends announcements to a port of this machine. Thread of the io_context.
class Announcer {
public:
    Announcer(boost::asio::io_context& io, int port);
    ~Announcer();
    void send(const std::string& datagram);

private:
    struct Inside;
    std::unique_ptr<Inside> inside_;
};

}  // namespace farmwall::sim
