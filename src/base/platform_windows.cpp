#define WIN32_LEAN_AND_MEAN
#define NOMINMAX
#include <windows.h>
// After windows.h, which declares the types it uses.
#include <psapi.h>

#include "base/platform.hpp"

namespace farmwall::platform {
namespace {

double seconds(const FILETIME& time) {
    const auto ticks = (static_cast<std::uint64_t>(time.dwHighDateTime) << 32) | time.dwLowDateTime;
    return static_cast<double>(ticks) / 1e7;  // 100 ns units
}

Error io_error(const char* what, const std::filesystem::path& file) {
    return {ErrorKind::io, std::string{what} + " (error " + std::to_string(::GetLastError()) + ")",
            file.string()};
}

class Handle {
public:
    explicit Handle(HANDLE handle) : handle_{handle} {}
    ~Handle() {
        if (valid()) ::CloseHandle(handle_);
    }
    Handle(const Handle&) = delete;
    Handle& operator=(const Handle&) = delete;
    [[nodiscard]] HANDLE get() const { return handle_; }
    [[nodiscard]] bool valid() const { return handle_ != INVALID_HANDLE_VALUE && handle_ != nullptr; }

private:
    HANDLE handle_;
};

}  // namespace

std::filesystem::path executable_path() {
    std::wstring buffer(32768, L'\0');
    const DWORD length = ::GetModuleFileNameW(nullptr, buffer.data(), static_cast<DWORD>(buffer.size()));
    buffer.resize(length);
    return std::filesystem::path{buffer};
}

ProcessUsage process_usage() {
    ProcessUsage usage;
    FILETIME created{};
    FILETIME ended{};
    FILETIME kernel{};
    FILETIME user{};
    if (::GetProcessTimes(::GetCurrentProcess(), &created, &ended, &kernel, &user)) {
        usage.cpu_seconds = seconds(kernel) + seconds(user);
    }
    PROCESS_MEMORY_COUNTERS memory{};
    if (::GetProcessMemoryInfo(::GetCurrentProcess(), &memory, sizeof memory)) {
        usage.resident_bytes = memory.WorkingSetSize;
    }
    return usage;
}

double thread_cpu_seconds() {
    FILETIME created{};
    FILETIME ended{};
    FILETIME kernel{};
    FILETIME user{};
    if (!::GetThreadTimes(::GetCurrentThread(), &created, &ended, &kernel, &user)) return 0;
    return seconds(kernel) + seconds(user);
}

void give_back_memory() { ::HeapCompact(::GetProcessHeap(), 0); }

void name_this_thread(const std::string& name) {
    ::SetThreadDescription(::GetCurrentThread(), std::wstring{name.begin(), name.end()}.c_str());
}

// Files of a user's profile are private by default there.
bool readable_by_others(const std::filesystem::path&) { return false; }

Status replace_file(const std::filesystem::path& file, const std::string& content, bool) {
    const std::filesystem::path beside = file.string() + ".new-" + std::to_string(process_number());
    {
        const Handle out{::CreateFileW(beside.c_str(), GENERIC_WRITE, 0, nullptr, CREATE_ALWAYS,
                                       FILE_ATTRIBUTE_NORMAL, nullptr)};
        if (!out.valid()) return io_error("The file cannot be written", beside);
        DWORD written = 0;
        if (!::WriteFile(out.get(), content.data(), static_cast<DWORD>(content.size()), &written, nullptr) ||
            written != content.size() || !::FlushFileBuffers(out.get())) {
            return io_error("The file cannot be written", beside);
        }
    }
    if (!::MoveFileExW(beside.c_str(), file.c_str(), MOVEFILE_REPLACE_EXISTING | MOVEFILE_WRITE_THROUGH)) {
        return io_error("The file cannot be replaced", file);
    }
    return Done{};
}

Status move_flushed(const std::filesystem::path& from, const std::filesystem::path& to) {
    {
        const Handle written{::CreateFileW(from.c_str(), GENERIC_WRITE, 0, nullptr, OPEN_EXISTING,
                                           FILE_ATTRIBUTE_NORMAL, nullptr)};
        if (!written.valid() || !::FlushFileBuffers(written.get()))
            return io_error("The file cannot be flushed to the disk", from);
    }
    if (!::MoveFileExW(from.c_str(), to.c_str(), MOVEFILE_REPLACE_EXISTING | MOVEFILE_WRITE_THROUGH))
        return io_error("The file cannot be renamed", to);
    return Done{};
}

std::uint32_t process_number() { return ::GetCurrentProcessId(); }

}  // namespace farmwall::platform
