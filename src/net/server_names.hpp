#pragma once

#include <string>

namespace farmwall::net {

// From now on a TLS client of this process that would name `address` (dotted IPv4) in its greeting names
// `name` instead; an empty name takes that back. For libraries that take the server name from the
// address and offer no other way; a printer wants its serial there (protocol 3.2). What has been said
// last for an address counts. Any thread.
void send_server_name(const std::string& address, const std::string& name);

}  // namespace farmwall::net
