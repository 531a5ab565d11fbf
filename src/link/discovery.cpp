#include "link/discovery.hpp"

#include "base/log.hpp"
#include "base/text.hpp"
#include "net/io_thread.hpp"
#include "net/pin_store.hpp"

namespace farmwall::link {
namespace {

constexpr std::size_t max_datagram_bytes = 2048;
constexpr std::size_t max_lines = 64;
constexpr std::size_t max_text_bytes = 128;
constexpr std::size_t max_printers = 256;
constexpr auto lifetime = std::chrono::seconds{1800};  // max-age of every announcement seen
constexpr std::string_view device_type = "urn:bambulab-com:device:3dprinter";

// What the headers said, before it is judged.
struct Headers {
    std::string_view type;
    std::string_view serial;
    std::string_view location;
    std::string_view model;
    std::string_view name;
    std::string_view version;
    std::string_view connection;
};

// Cuts the first line off `rest`; false at the end. A line without its end is not taken: it may
// have been cut.
bool next_line(std::string_view& rest, std::string_view& line) {
    const auto end = rest.find('\n');
    if (end == std::string_view::npos) return false;
    line = trim(rest.substr(0, end));
    rest.remove_prefix(end + 1);
    return true;
}

void take_header(Headers& headers, std::string_view line) {
    const auto colon = line.find(':');
    if (colon == std::string_view::npos) return;
    const std::string_view key = trim(line.substr(0, colon));
    const std::string_view value = trim(line.substr(colon + 1));
    const auto is = [&](std::string_view wanted) { return iequals(key, wanted); };
    if (is("NT")) headers.type = value;
    if (is("USN")) headers.serial = value;
    if (is("Location")) headers.location = value;
    if (is("DevModel.bambu.com")) headers.model = value;
    if (is("DevName.bambu.com")) headers.name = value;
    if (is("DevVersion.bambu.com")) headers.version = value;
    if (is("DevConnect.bambu.com")) headers.connection = value;
}

// "192.168.1.7", or "http://192.168.1.7:80/".
std::string_view address_in(std::string_view location) {
    const auto scheme = location.find("://");
    if (scheme != std::string_view::npos) location.remove_prefix(scheme + 3);
    return location.substr(0, location.find_first_of(":/"));
}

std::string for_people(std::string_view text) { return printable(text.substr(0, max_text_bytes)); }

// Nobody can be reached there: any, broadcast, multicast.
bool is_host(std::string_view address) {
    if (!is_ipv4(address)) return false;
    const auto first = parse_int(address.substr(0, address.find('.')));
    return first && *first > 0 && *first < 224;
}

}  // namespace

std::optional<Discovered> parse_notify(std::string_view datagram, std::string_view sender, TimePoint now) {
    std::string_view rest = datagram.substr(0, max_datagram_bytes);
    std::string_view line;
    if (!next_line(rest, line) || !iequals(line.substr(0, 9), "NOTIFY * ")) return std::nullopt;
    Headers headers;
    for (std::size_t count = 0; count < max_lines && next_line(rest, line) && !line.empty(); ++count) {
        take_header(headers, line);
    }
    if (!iequals(headers.type.substr(0, device_type.size()), device_type)) return std::nullopt;
    if (iequals(headers.serial.substr(0, 5), "uuid:")) headers.serial.remove_prefix(5);

    Discovered found;
    found.serial = Serial{std::string{headers.serial}};
    if (!net::PinStore::usable(found.serial)) return std::nullopt;
    const std::string_view said = address_in(headers.location);
    const std::string_view address = is_host(said) ? said : sender;
    if (!is_host(address)) return std::nullopt;
    found.address = std::string{address};
    found.from_itself = address == sender;
    found.model_code = for_people(headers.model);
    found.model = model_from_code(headers.model);
    found.name = for_people(headers.name);
    found.firmware = for_people(headers.version);
    found.connection = for_people(headers.connection);
    found.last_seen = now;
    return found;
}

bool DiscoveryTable::note(const Discovered& found) {
    const auto known = found_.find(found.serial);
    if (known != found_.end()) {
        known->second = found;
        return true;
    }
    std::erase_if(found_,
                  [&](const auto& entry) { return found.last_seen - entry.second.last_seen > lifetime; });
    if (found_.size() >= max_printers) return false;
    found_.emplace(found.serial, found);
    return true;
}

std::vector<Discovered> DiscoveryTable::seen(TimePoint now) const {
    std::vector<Discovered> out;
    for (const auto& [serial, found] : found_) {
        if (now - found.last_seen <= lifetime) out.push_back(found);
    }
    return out;
}

Discovery::Discovery(net::IoThread& io, const Clock& clock, const std::vector<std::uint16_t>& ports,
                     std::function<void(const Discovered&)> on_found)
    : clock_{clock}, on_found_{std::move(on_found)} {
    for (const std::uint16_t port : ports) {
        net::UdpOptions options;
        options.port = port;
        options.multicast_group = "239.255.255.250";
        auto opened = net::UdpListener::open(io, options, [this](const net::Datagram& d) { received(d); });
        if (opened.ok()) {
            listeners_.push_back(std::move(opened).value());
        } else {
            log::warning("discovery", opened.error().text());
        }
    }
}

void Discovery::received(const net::Datagram& datagram) {
    const auto found = parse_notify(datagram.bytes, datagram.sender, clock_.now());
    if (!found) return;
    const bool noted = table_.with([&](DiscoveryTable& table) { return table.note(*found); });
    if (noted && on_found_) on_found_(*found);
}

std::vector<Discovered> Discovery::seen() const {
    const TimePoint now = clock_.now();
    return table_.with([&](const DiscoveryTable& table) { return table.seen(now); });
}

std::vector<std::uint16_t> Discovery::ports() const {
    std::vector<std::uint16_t> open;
    for (const auto& listener : listeners_)
        open.push_back(listener.port());
    return open;
}

}  // namespace farmwall::link
