#include "sim/announcer.hpp"

#include <fmt/format.h>

#include <boost/asio/buffer.hpp>
#include <boost/asio/io_context.hpp>
#include <boost/asio/ip/udp.hpp>

namespace farmwall::sim {

using boost::asio::ip::udp;

std::string announcement_of(const PlannedPrinter& printer, const MachineState& state) {
    const auto& spec = spec_of(printer.model);
    return fmt::format(
        "NOTIFY * HTTP/1.1\r\nHost: 239.255.255.250:1990\r\nServer: UPnP/1.0\r\nLocation: {}\r\n"
        "NT: urn:bambulab-com:device:3dprinter:1\r\nNTS: ssdp:alive\r\nUSN: {}\r\nCache-Control: "
        "max-age=1800\r\n"
        "DevModel.bambu.com: {}\r\nDevName.bambu.com: {}\r\nDevSignal.bambu.com: {}\r\nDevConnect.bambu.com: "
        "lan\r\n"
        "DevBind.bambu.com: free\r\nDevseclink.bambu.com: secure\r\nDevInf.bambu.com: wlan0\r\n"
        "DevVersion.bambu.com: {}\r\nDevCap.bambu.com: 1\r\n\r\n",
        state.address, printer.serial, spec.code, printer.name, state.wifi_dbm, spec.firmware);
}

struct Announcer::Inside {
    Inside(boost::asio::io_context& io, int port)
        : socket{io, udp::v4()},
          to{boost::asio::ip::address_v4::loopback(), static_cast<std::uint16_t>(port)} {
        socket.non_blocking(true);
    }
    udp::socket socket;
    udp::endpoint to;
};

Announcer::Announcer(boost::asio::io_context& io, int port) : inside_{std::make_unique<Inside>(io, port)} {}
Announcer::~Announcer() = default;

void Announcer::send(const std::string& datagram) {
    boost::system::error_code ignored;  // nobody listens, or the queue is full: the next one comes in 5 s
    inside_->socket.send_to(boost::asio::buffer(datagram), inside_->to, 0, ignored);
}

}  // namespace farmwall::sim
