#include <boost/asio/io_context.hpp>
#include <boost/asio/ip/host_name.hpp>
#include <boost/asio/ip/tcp.hpp>

#include "net/interfaces.hpp"

namespace farmwall::net {

std::vector<std::string> ipv4_addresses() {
    namespace asio = boost::asio;
    // There the resolver answers the machine's own name with the address of every interface.
    asio::io_context context;
    boost::system::error_code error;
    const auto own_name = asio::ip::host_name(error);
    if (error) return {};
    std::vector<std::string> found;
    asio::ip::tcp::resolver resolver{context};
    for (const auto& entry : resolver.resolve(asio::ip::tcp::v4(), own_name, "", error)) {
        found.push_back(entry.endpoint().address().to_string());
    }
    return found;
}

}  // namespace farmwall::net
