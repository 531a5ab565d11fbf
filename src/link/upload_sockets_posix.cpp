#include <sys/socket.h>

#include "link/upload_sockets.hpp"

namespace farmwall::link {

void limit_send_buffer(std::uintptr_t socket, int bytes) {
    static_cast<void>(setsockopt(static_cast<int>(socket), SOL_SOCKET, SO_SNDBUF, &bytes, sizeof bytes));
}

void end_conversation(std::uintptr_t socket) {
    static_cast<void>(shutdown(static_cast<int>(socket), SHUT_RDWR));
}

}  // namespace farmwall::link
