#pragma once

#include <filesystem>
#include <memory>
#include <vector>

#include "app/options.hpp"
#include "base/ids.hpp"
#include "base/result.hpp"
#include "camera/camera_manager.hpp"
#include "config/config.hpp"

namespace farmwall::app {

// Keeps the newest picture of every camera as a file, FOLDER/<printer id>.jpg, for scripts that want
// pictures: looks once a second, writes what is newer, and replaces each file as a whole. Own thread.
class SnapshotFiles {
public:
    // Makes the folder. `cameras` outlives it. Errors: io.
    [[nodiscard]] static Result<std::unique_ptr<SnapshotFiles>> start(std::filesystem::path folder,
                                                                      std::vector<PrinterId> ids,
                                                                      camera::CameraManager& cameras);
    ~SnapshotFiles();
    SnapshotFiles(const SnapshotFiles&) = delete;
    SnapshotFiles& operator=(const SnapshotFiles&) = delete;

private:
    struct Impl;
    explicit SnapshotFiles(std::unique_ptr<Impl> impl);
    std::unique_ptr<Impl> impl_;
};

// As the command line asks for it: null when it does not. Errors as start().
[[nodiscard]] Result<std::unique_ptr<SnapshotFiles>> keep_snapshots(const Options& options,
                                                                    const config::Config& config,
                                                                    camera::CameraManager& cameras);

}  // namespace farmwall::app
