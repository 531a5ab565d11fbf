#pragma once

#include <filesystem>
#include <memory>
#include <optional>

#include "base/result.hpp"

namespace farmwall::app {

// farmwall-sim as a child process in a folder of its own under the system's temporary folder.
// The destructor ends it (up to 3 s) and removes the folder.
class VirtualFarm {
public:
    // Waits until every virtual printer can be reached, at most a minute. `executable` is this
    // program: farmwall-sim stands beside it. Errors say what is missing.
    [[nodiscard]] static Result<std::unique_ptr<VirtualFarm>> start(
        const std::filesystem::path& executable, int count,
        const std::optional<std::filesystem::path>& scenario);
    ~VirtualFarm();
    VirtualFarm(const VirtualFarm&) = delete;
    VirtualFarm& operator=(const VirtualFarm&) = delete;

    // Everything of the demo is written below this folder.
    [[nodiscard]] const std::filesystem::path& root() const;
    [[nodiscard]] std::filesystem::path config() const;

private:
    struct Impl;
    explicit VirtualFarm(std::unique_ptr<Impl> impl);
    std::unique_ptr<Impl> impl_;
};

}  // namespace farmwall::app
