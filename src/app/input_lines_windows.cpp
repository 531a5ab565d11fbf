#include <windows.h>

#include <array>

#include "app/input_lines.hpp"

namespace farmwall::app {

bool InputLines::read_some(int limit_ms) {
    const HANDLE input = GetStdHandle(STD_INPUT_HANDLE);
    DWORD there = 0;
    if (PeekNamedPipe(input, nullptr, 0, nullptr, &there, nullptr) == 0) {
        // No pipe but a console or a file: those can be waited for.
        if (GetLastError() == ERROR_BROKEN_PIPE) return false;
        if (WaitForSingleObject(input, static_cast<DWORD>(limit_ms)) != WAIT_OBJECT_0) return true;
    } else if (there == 0) {
        Sleep(static_cast<DWORD>(limit_ms));
        return true;
    }
    std::array<char, 4096> bytes{};
    DWORD size = 0;
    if (ReadFile(input, bytes.data(), static_cast<DWORD>(bytes.size()), &size, nullptr) == 0 || size == 0)
        return false;
    waiting_.append(bytes.data(), size);
    return true;
}

}  // namespace farmwall::app
