#pragma once

#include <filesystem>
#include <memory>
#include <string>
#include <vector>

#include "base/result.hpp"

namespace farmwall::sim {

// What the virtual farm needs of the operating system. child_posix.cpp and child_windows.cpp
// implement it.

// A program of ours that must not outlive us, not even when we are killed.
class Child {
public:
    // Its output goes to `log_file`. Errors: io. Call from the thread that lives as long as the
    // program: on Linux the child ends with that thread.
    [[nodiscard]] static Result<Child> start(const std::filesystem::path& program,
                                             const std::vector<std::string>& arguments,
                                             const std::filesystem::path& log_file);
    Child(Child&&) noexcept;
    Child& operator=(Child&&) noexcept;
    ~Child();  // ends it

    [[nodiscard]] bool running();
    // At once and without asking: for programs that keep nothing.
    void end();

private:
    struct Inside;
    explicit Child(std::unique_ptr<Inside> inside);
    std::unique_ptr<Inside> inside_;
};

// The mosquitto broker, from PATH or /usr/sbin; empty when it is not installed.
[[nodiscard]] std::filesystem::path find_mosquitto();
[[nodiscard]] bool running_as_root();
// A new folder only we can read, below the system's temporary folder. Errors: io.
[[nodiscard]] Result<std::filesystem::path> make_private_folder();
// Every printer costs a few descriptors; takes as many as the system lets us have.
void raise_open_file_limit();
// True once whoever holds the other end of our standard input has closed it. Never waits; what is
// written there is thrown away.
[[nodiscard]] bool standard_input_at_end();

}  // namespace farmwall::sim
