#include <fcntl.h>
#include <poll.h>
#include <sys/prctl.h>
#include <sys/resource.h>
#include <sys/wait.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <cerrno>
#include <csignal>
#include <cstdlib>
#include <cstring>
#include <string_view>
#include <utility>

#include "sim/child.hpp"

namespace farmwall::sim {

namespace fs = std::filesystem;

struct Child::Inside {
    pid_t pid = -1;

    // True when it has ended; collects its status once.
    bool collect() {
        if (pid < 0) return true;
        if (::waitpid(pid, nullptr, WNOHANG) != pid) return false;
        pid = -1;
        return true;
    }
};

namespace {

// Runs in the new process: only calls that are safe after fork in a program with threads.
[[noreturn]] void become(const char* program, char* const* arguments, int log, int nothing, pid_t parent) {
    ::prctl(PR_SET_PDEATHSIG, SIGKILL);
    if (::getppid() != parent) ::_exit(127);  // the parent ended before the line above
    ::setpgid(0, 0);                          // Ctrl-C in the terminal is for the parent
    ::dup2(nothing, STDIN_FILENO);
    ::dup2(log, STDOUT_FILENO);
    ::dup2(log, STDERR_FILENO);
    ::close_range(3, ~0U, 0);
    ::execv(program, arguments);
    ::_exit(127);
}

}  // namespace

Child::Child(std::unique_ptr<Inside> inside) : inside_{std::move(inside)} {}
Child::Child(Child&&) noexcept = default;

Child& Child::operator=(Child&& other) noexcept {
    if (this != &other) {
        end();
        inside_ = std::move(other.inside_);
    }
    return *this;
}

Child::~Child() { end(); }

Result<Child> Child::start(const fs::path& program, const std::vector<std::string>& arguments,
                           const fs::path& log_file) {
    std::vector<std::string> texts{program.string()};
    texts.insert(texts.end(), arguments.begin(), arguments.end());
    std::vector<char*> pointers;
    pointers.reserve(texts.size() + 1);
    for (auto& text : texts)
        pointers.push_back(text.data());
    pointers.push_back(nullptr);
    const int log = ::open(log_file.c_str(), O_WRONLY | O_CREAT | O_APPEND | O_CLOEXEC, 0600);
    const int nothing = ::open("/dev/null", O_RDONLY | O_CLOEXEC);
    const pid_t parent = ::getpid();
    const pid_t pid = log < 0 || nothing < 0 ? -1 : ::fork();
    if (pid == 0) become(texts.front().c_str(), pointers.data(), log, nothing, parent);
    const int why = errno;
    if (log >= 0) ::close(log);
    if (nothing >= 0) ::close(nothing);
    if (pid < 0)
        return Error{ErrorKind::io, "A program could not be started, " + std::string{std::strerror(why)},
                     program.string()};
    return Child{std::make_unique<Inside>(Inside{pid})};
}

bool Child::running() { return inside_ && !inside_->collect(); }

void Child::end() {
    if (!running()) return;
    ::kill(inside_->pid, SIGKILL);
    ::waitpid(inside_->pid, nullptr, 0);
    inside_->pid = -1;
}

fs::path find_mosquitto() {
    const char* path = std::getenv("PATH");
    std::string folders =
        (path == nullptr ? std::string{} : std::string{path}) + ":/usr/sbin:/usr/local/sbin";
    std::size_t begin = 0;
    while (begin < folders.size()) {
        const std::size_t end = std::min(folders.find(':', begin), folders.size());
        if (end > begin) {
            fs::path candidate = fs::path{folders.substr(begin, end - begin)} / "mosquitto";
            if (::access(candidate.c_str(), X_OK) == 0 && fs::is_regular_file(candidate)) return candidate;
        }
        begin = end + 1;
    }
    return {};
}

bool running_as_root() { return ::geteuid() == 0; }

Result<fs::path> make_private_folder() {
    std::error_code failed;
    std::string name = (fs::temp_directory_path(failed) / "farmwall-sim-XXXXXX").string();
    if (failed || ::mkdtemp(name.data()) == nullptr)
        return Error{ErrorKind::io, "A temporary folder could not be made", name};
    return fs::path{name};
}

void raise_open_file_limit() {
    rlimit limit{};
    if (::getrlimit(RLIMIT_NOFILE, &limit) != 0) return;
    limit.rlim_cur = limit.rlim_max;
    ::setrlimit(RLIMIT_NOFILE, &limit);
}

bool standard_input_at_end() {
    pollfd input{STDIN_FILENO, POLLIN, 0};
    if (::poll(&input, 1, 0) <= 0) return false;
    std::array<char, 4096> unwanted{};
    const auto count = ::read(STDIN_FILENO, unwanted.data(), unwanted.size());
    return count == 0 || (count < 0 && errno != EINTR && errno != EAGAIN);
}

}  // namespace farmwall::sim
