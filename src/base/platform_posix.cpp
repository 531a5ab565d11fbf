#include <fcntl.h>
#include <pthread.h>
#include <sys/resource.h>
#include <sys/stat.h>
#include <unistd.h>
#ifdef __GLIBC__
#include <malloc.h>
#endif

#include <cerrno>
#include <cstring>
#include <ctime>
#include <fstream>
#include <sstream>

#include "base/platform.hpp"

namespace farmwall::platform {
namespace {

class Descriptor {
public:
    explicit Descriptor(int number) : number_{number} {}
    ~Descriptor() {
        if (number_ >= 0) ::close(number_);
    }
    Descriptor(const Descriptor&) = delete;
    Descriptor& operator=(const Descriptor&) = delete;
    [[nodiscard]] int get() const { return number_; }
    [[nodiscard]] bool valid() const { return number_ >= 0; }

private:
    int number_;
};

Error io_error(const char* what, const std::filesystem::path& file) {
    return {ErrorKind::io, std::string{what} + " (" + std::strerror(errno) + ")", file.string()};
}

bool write_all(int descriptor, const std::string& content) {
    std::size_t written = 0;
    while (written < content.size()) {
        const ssize_t count = ::write(descriptor, content.data() + written, content.size() - written);
        if (count < 0 && errno == EINTR) continue;
        if (count <= 0) return false;
        written += static_cast<std::size_t>(count);
    }
    return true;
}

Status flush_folder_of(const std::filesystem::path& file) {
    const std::filesystem::path folder = file.has_parent_path() ? file.parent_path() : ".";
    const Descriptor in{::open(folder.c_str(), O_RDONLY | O_DIRECTORY | O_CLOEXEC)};
    if (!in.valid() || ::fsync(in.get()) != 0)
        return io_error("The folder cannot be flushed to the disk", folder);
    return Done{};
}

double seconds(const timeval& time) {
    return static_cast<double>(time.tv_sec) + static_cast<double>(time.tv_usec) / 1e6;
}

}  // namespace

std::filesystem::path executable_path() {
    std::error_code problem;
    auto path = std::filesystem::read_symlink("/proc/self/exe", problem);
    return problem ? std::filesystem::path{} : path;
}

ProcessUsage process_usage() {
    ProcessUsage usage;
    rusage used{};
    if (::getrusage(RUSAGE_SELF, &used) == 0)
        usage.cpu_seconds = seconds(used.ru_utime) + seconds(used.ru_stime);
    // statm: pages of the whole address space, then those resident.
    std::ifstream statm{"/proc/self/statm"};
    std::uint64_t all_pages = 0;
    std::uint64_t resident_pages = 0;
    if (statm >> all_pages >> resident_pages) {
        usage.resident_bytes = resident_pages * static_cast<std::uint64_t>(::sysconf(_SC_PAGESIZE));
    }
    std::ifstream status{"/proc/self/status"};
    for (std::string line; std::getline(status, line);) {
        if (line.rfind("Threads:", 0) == 0) {
            std::istringstream{line.substr(8)} >> usage.threads;
            break;
        }
    }
    return usage;
}

double thread_cpu_seconds() {
    timespec used{};
    if (::clock_gettime(CLOCK_THREAD_CPUTIME_ID, &used) != 0) return 0;
    return static_cast<double>(used.tv_sec) + static_cast<double>(used.tv_nsec) / 1e9;
}

void give_back_memory() {
#ifdef __GLIBC__
    ::malloc_trim(0);
#endif
}

void name_this_thread(const std::string& name) {
#ifdef __linux__
    ::pthread_setname_np(::pthread_self(), name.substr(0, 15).c_str());
#else
    (void)name;
#endif
}

bool readable_by_others(const std::filesystem::path& file) {
    struct stat info {};
    return ::stat(file.c_str(), &info) == 0 && (info.st_mode & (S_IRGRP | S_IROTH)) != 0;
}

Status replace_file(const std::filesystem::path& file, const std::string& content, bool owner_only) {
    const std::filesystem::path beside = file.string() + ".new-" + std::to_string(process_number());
    const mode_t mode = owner_only ? 0600 : 0644;
    {
        const Descriptor out{::open(beside.c_str(), O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, mode)};
        if (!out.valid()) return io_error("The file cannot be written", beside);
        if (!write_all(out.get(), content) || ::fsync(out.get()) != 0) {
            Error error = io_error("The file cannot be written", beside);
            ::unlink(beside.c_str());
            return error;
        }
    }
    if (::rename(beside.c_str(), file.c_str()) != 0) {
        Error error = io_error("The file cannot be replaced", file);
        ::unlink(beside.c_str());
        return error;
    }
    return flush_folder_of(file);
}

Status move_flushed(const std::filesystem::path& from, const std::filesystem::path& to) {
    {
        const Descriptor written{::open(from.c_str(), O_RDONLY | O_CLOEXEC)};
        if (!written.valid() || ::fsync(written.get()) != 0)
            return io_error("The file cannot be flushed to the disk", from);
    }
    if (::rename(from.c_str(), to.c_str()) != 0) return io_error("The file cannot be renamed", to);
    return flush_folder_of(to);
}

std::uint32_t process_number() { return static_cast<std::uint32_t>(::getpid()); }

}  // namespace farmwall::platform
