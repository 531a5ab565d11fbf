#pragma once

#include <cstdint>
#include <filesystem>
#include <string>

#include "base/result.hpp"

namespace farmwall::platform {

// The few things the C++ library does not offer. platform_posix.cpp and platform_windows.cpp
// implement them; nothing else in the program may assume an operating system.

// Absolute path of the running program; empty when the system does not tell.
[[nodiscard]] std::filesystem::path executable_path();

// What this process has used since its start, and holds now. Any thread; a system call.
struct ProcessUsage {
    double cpu_seconds = 0;  // user and system, all threads
    std::uint64_t resident_bytes = 0;
    std::uint32_t threads = 0;  // 0: not known
};
[[nodiscard]] ProcessUsage process_usage();

// CPU time that the calling thread has used, in seconds; 0 when the system does not tell. A system
// call. Windows counts in steps of about 15 ms.
[[nodiscard]] double thread_cpu_seconds();

// Gives memory that was freed back to the system, which the C library otherwise keeps for later. Some ms;
// any thread.
void give_back_memory();

// Shown by debuggers and top; cut to what the system allows (15 bytes on Linux).
void name_this_thread(const std::string& name);

// True when accounts other than the owner's can read the file. False where that is unknown.
[[nodiscard]] bool readable_by_others(const std::filesystem::path& file);

// Replaces `file` by `content`: written beside it, flushed to the disk, then renamed, and the
// folder flushed. After a power cut there is the old content or the new one. `owner_only`
// creates it unreadable for other accounts. Blocks on the disk.
[[nodiscard]] Status replace_file(const std::filesystem::path& file, const std::string& content,
                                  bool owner_only);

// Gives a file that was written and closed its final name in the same folder: its content is flushed to
// the disk first and the folder afterwards, so that after a power cut the name means all of it or nothing.
// A file of that name is replaced. Blocks on the disk.
[[nodiscard]] Status move_flushed(const std::filesystem::path& from, const std::filesystem::path& to);

// The number of this process, for client ids and temporary names.
[[nodiscard]] std::uint32_t process_number();

}  // namespace farmwall::platform
