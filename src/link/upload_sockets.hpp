#pragma once

#include <cstdint>

// What a socket is told beside the library that owns it. What the system does not grant is left as it is.
namespace farmwall::link {

// Bounds what the system keeps unsent, so that "sent" is not far from "arrived" on a slow connection.
void limit_send_buffer(std::uintptr_t socket, int bytes);

// Nothing is sent or received any more: whoever waits for the other side finds that it is gone.
void end_conversation(std::uintptr_t socket);

}  // namespace farmwall::link
