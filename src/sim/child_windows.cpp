#define WIN32_LEAN_AND_MEAN
#define NOMINMAX
#include <windows.h>

#include <algorithm>
#include <array>
#include <utility>

#include "base/platform.hpp"
#include "sim/child.hpp"

namespace farmwall::sim {

namespace fs = std::filesystem;

namespace {

// Closing the last handle of the job ends what runs in it, also when we are killed.
HANDLE job_of_this_process() {
    static const HANDLE job = [] {
        HANDLE made = ::CreateJobObjectW(nullptr, nullptr);
        JOBOBJECT_EXTENDED_LIMIT_INFORMATION limits{};
        limits.BasicLimitInformation.LimitFlags = JOB_OBJECT_LIMIT_KILL_ON_JOB_CLOSE;
        ::SetInformationJobObject(made, JobObjectExtendedLimitInformation, &limits, sizeof(limits));
        return made;
    }();
    return job;
}

}  // namespace

struct Child::Inside {
    HANDLE process = nullptr;
};

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
    std::wstring line = L"\"" + program.wstring() + L"\"";
    for (const auto& argument : arguments)
        line += L" \"" + fs::u8path(argument).wstring() + L"\"";
    SECURITY_ATTRIBUTES inherited{sizeof(SECURITY_ATTRIBUTES), nullptr, TRUE};
    HANDLE log = ::CreateFileW(log_file.c_str(), FILE_APPEND_DATA, FILE_SHARE_READ, &inherited, OPEN_ALWAYS,
                               FILE_ATTRIBUTE_NORMAL, nullptr);
    STARTUPINFOW startup{};
    startup.cb = sizeof(startup);
    startup.dwFlags = STARTF_USESTDHANDLES;
    startup.hStdOutput = log;
    startup.hStdError = log;
    PROCESS_INFORMATION made{};
    const BOOL started =
        ::CreateProcessW(nullptr, line.data(), nullptr, nullptr, TRUE, CREATE_NO_WINDOW | CREATE_SUSPENDED,
                         nullptr, nullptr, &startup, &made);
    if (log != INVALID_HANDLE_VALUE) ::CloseHandle(log);
    if (!started) return Error{ErrorKind::io, "A program could not be started", program.string()};
    ::AssignProcessToJobObject(job_of_this_process(), made.hProcess);
    ::ResumeThread(made.hThread);
    ::CloseHandle(made.hThread);
    return Child{std::make_unique<Inside>(Inside{made.hProcess})};
}

bool Child::running() {
    return inside_ && inside_->process != nullptr &&
           ::WaitForSingleObject(inside_->process, 0) == WAIT_TIMEOUT;
}

void Child::end() {
    if (!inside_ || inside_->process == nullptr) return;
    ::TerminateProcess(inside_->process, 0);
    ::WaitForSingleObject(inside_->process, 1000);
    ::CloseHandle(std::exchange(inside_->process, nullptr));
}

fs::path find_mosquitto() {
    std::array<wchar_t, 1024> found{};
    const DWORD length = ::SearchPathW(nullptr, L"mosquitto.exe", nullptr, static_cast<DWORD>(found.size()),
                                       found.data(), nullptr);
    if (length > 0 && length < found.size()) return fs::path{found.data()};
    const fs::path usual = "C:/Program Files/mosquitto/mosquitto.exe";
    return fs::exists(usual) ? usual : fs::path{};
}

bool running_as_root() { return false; }

Result<fs::path> make_private_folder() {
    std::error_code failed;
    const fs::path folder =
        fs::temp_directory_path(failed) / ("farmwall-sim-" + std::to_string(platform::process_number()));
    if (failed || !fs::create_directory(folder, failed))
        return Error{ErrorKind::io, "A temporary folder could not be made", folder.string()};
    return folder;
}

void raise_open_file_limit() {}

bool standard_input_at_end() {
    const HANDLE input = ::GetStdHandle(STD_INPUT_HANDLE);
    DWORD waiting = 0;
    if (!::PeekNamedPipe(input, nullptr, 0, nullptr, &waiting, nullptr))
        return ::GetLastError() == ERROR_BROKEN_PIPE;
    std::array<char, 4096> unwanted{};
    while (waiting > 0) {
        DWORD count = 0;
        const DWORD wanted = std::min(waiting, static_cast<DWORD>(unwanted.size()));
        if (!::ReadFile(input, unwanted.data(), wanted, &count, nullptr) || count == 0) return true;
        waiting -= count;
    }
    return false;
}

}  // namespace farmwall::sim
