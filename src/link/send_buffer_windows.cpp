#include <winsock2.h>

#include "link/send_buffer.hpp"

namespace farmwall::link {

void limit_send_buffer(std::uintptr_t socket, int bytes) {
    static_cast<void>(setsockopt(static_cast<SOCKET>(socket), SOL_SOCKET, SO_SNDBUF,
                                 reinterpret_cast<const char*>(&bytes), sizeof bytes));
}

}  // namespace farmwall::link
