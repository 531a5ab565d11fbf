#pragma once

#include <filesystem>
#include <random>
#include <string>

// An empty folder that goes with its object.
class TemporaryFolder {
public:
    TemporaryFolder() {
        std::random_device chance;
        path_ = std::filesystem::temp_directory_path() /
                ("farmwall-test-" + std::to_string(chance()) + "-" + std::to_string(chance()));
        std::filesystem::create_directories(path_);
    }
    ~TemporaryFolder() {
        std::error_code ignored;
        std::filesystem::remove_all(path_, ignored);
    }
    TemporaryFolder(const TemporaryFolder&) = delete;
    TemporaryFolder& operator=(const TemporaryFolder&) = delete;

    [[nodiscard]] const std::filesystem::path& path() const { return path_; }

private:
    std::filesystem::path path_;
};
