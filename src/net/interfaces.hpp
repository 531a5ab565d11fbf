#pragma once

#include <string>
#include <vector>

namespace farmwall::net {

// The dotted IPv4 addresses of this machine's interfaces that are up, loopback included. A system
// call; empty when the system does not tell.
[[nodiscard]] std::vector<std::string> ipv4_addresses();

}  // namespace farmwall::net
