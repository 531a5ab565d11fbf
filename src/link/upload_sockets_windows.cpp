#include <winsock2.h>

#include "link/upload_sockets.hpp"

namespace farmwall::link {

void limit_send_buffer(std::uintptr_t socket, int bytes) {
    static_cast<void>(setsockopt(static_cast<SOCKET>(socket), SOL_SOCKET, SO_SNDBUF,
                                 reinterpret_cast<const char*>(&bytes), sizeof bytes));
}

void end_conversation(std::uintptr_t socket) {
    static_cast<void>(shutdown(static_cast<SOCKET>(socket), SD_BOTH));
}

}  // namespace farmwall::link
