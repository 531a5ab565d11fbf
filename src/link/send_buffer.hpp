#pragma once

#include <cstdint>

namespace farmwall::link {

// Bounds what the system keeps unsent of a socket, so that "sent" is not far from "arrived" on a slow
// connection. What the system does not grant is left as it is.
void limit_send_buffer(std::uintptr_t socket, int bytes);

}  // namespace farmwall::link
