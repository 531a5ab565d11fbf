#include <sys/socket.h>

#include "link/send_buffer.hpp"

namespace farmwall::link {

void limit_send_buffer(std::uintptr_t socket, int bytes) {
    static_cast<void>(setsockopt(static_cast<int>(socket), SOL_SOCKET, SO_SNDBUF, &bytes, sizeof bytes));
}

}  // namespace farmwall::link
