#pragma once

#include <cstdint>
#include <functional>
#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "base/clock.hpp"
#include "base/ids.hpp"
#include "base/synchronized.hpp"
#include "model/printer_model.hpp"
#include "net/udp_listener.hpp"

namespace farmwall::net {
class IoThread;
}

namespace farmwall::link {

// A printer as it announces itself (protocol 2.1). Unauthenticated: good for pre-filling a form and
// for a hint where to look, never for trust. All texts are valid UTF-8 without control characters.
struct Discovered {
    Serial serial;             // letters and digits
    std::string address;       // dotted IPv4
    bool from_itself = false;  // the datagram came from that address
    std::string model_code;
    std::optional<PrinterModel> model;
    std::string name;
    std::string firmware;
    std::string connection;  // "lan" (LAN Only) or "cloud"
    TimePoint last_seen{};
    friend bool operator==(const Discovered&, const Discovered&) = default;
};

// One NOTIFY datagram; nothing for anything else, also when cut or without a usable serial and
// address. `sender` is the address it came from. Pure.
[[nodiscard]] std::optional<Discovered> parse_notify(std::string_view datagram, std::string_view sender,
                                                     TimePoint now);

// The printers heard lately, the newest announcement of each; at most 256, for half an hour.
class DiscoveryTable {
public:
    // False when the table is full of others.
    bool note(const Discovered& found);
    // By serial.
    [[nodiscard]] std::vector<Discovered> seen(TimePoint now) const;

private:
    std::map<Serial, Discovered> found_;
};

// Listens for announcements. Made and destroyed on the network thread.
class Discovery {
public:
    // `on_found` runs on the network thread for each announcement. A port that cannot be opened is
    // logged; what other ports bring still counts.
    Discovery(net::IoThread& io, const Clock& clock, const std::vector<std::uint16_t>& ports,
              std::function<void(const Discovered&)> on_found);

    // Any thread.
    [[nodiscard]] std::vector<Discovered> seen() const;
    // The ports that are open.
    [[nodiscard]] std::vector<std::uint16_t> ports() const;

private:
    void received(const net::Datagram& datagram);

    const Clock& clock_;
    std::function<void(const Discovered&)> on_found_;
    Synchronized<DiscoveryTable> table_;
    std::vector<net::UdpListener> listeners_;
};

}  // namespace farmwall::link
