#include <poll.h>
#include <unistd.h>

#include <array>

#include "app/input_lines.hpp"

namespace farmwall::app {

bool InputLines::read_some(int limit_ms) {
    pollfd input{STDIN_FILENO, POLLIN, 0};
    if (poll(&input, 1, limit_ms) <= 0) return true;
    std::array<char, 4096> bytes{};
    const auto size = read(STDIN_FILENO, bytes.data(), bytes.size());
    if (size <= 0) return false;
    waiting_.append(bytes.data(), static_cast<std::size_t>(size));
    return true;
}

}  // namespace farmwall::app
