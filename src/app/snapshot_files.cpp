#include "app/snapshot_files.hpp"

#include <chrono>
#include <fstream>
#include <thread>
#include <utility>

#include "base/bounded_queue.hpp"
#include "base/log.hpp"
#include "base/platform.hpp"

namespace farmwall::app {
namespace {

namespace fs = std::filesystem;
using namespace std::chrono_literals;

constexpr auto interval = 1s;
constexpr std::size_t most_waiting = 512;

struct Taken {
    std::size_t camera = 0;
    camera::Snapshot picture;
};
using Pictures = BoundedQueue<Taken>;

// Written beside it and renamed, so that a reader never sees half a picture. Not flushed to the disk: the
// next one comes in a second.
Status write(const fs::path& file, const camera::Bytes& jpeg) {
    const fs::path part = file.string() + ".part";
    {
        std::ofstream out{part, std::ios::binary | std::ios::trunc};
        out.write(reinterpret_cast<const char*>(jpeg.data()), static_cast<std::streamsize>(jpeg.size()));
        if (!out) return Error{ErrorKind::io, "The picture cannot be written", file.string()};
    }
    std::error_code problem;
    fs::rename(part, file, problem);
    if (problem) return Error{ErrorKind::io, "The picture cannot be written", file.string()};
    return Done{};
}

}  // namespace

struct SnapshotFiles::Impl {
    fs::path folder;
    std::vector<PrinterId> ids;
    camera::CameraManager& cameras;
    // Also held by the requests that are under way when the thread ends.
    std::shared_ptr<Pictures> pictures = std::make_shared<Pictures>(most_waiting);
    std::vector<TimePoint> written = {};
    bool complained = false;
    std::jthread thread = {};

    void run(const std::stop_token& stop) {
        platform::name_this_thread("snapshots");
        written.resize(ids.size());
        auto next = std::chrono::steady_clock::now();
        while (!stop.stop_requested()) {
            const auto now = std::chrono::steady_clock::now();
            if (now >= next) {
                ask();
                next = now + interval;
            }
            const auto left = std::chrono::duration_cast<std::chrono::milliseconds>(next - now);
            for (const Taken& taken : pictures->take_all(stop, std::max(left, 1ms)))
                keep(taken);
        }
    }

    void ask() {
        for (std::size_t i = 0; i < ids.size(); ++i) {
            cameras.snapshot(i, 0, [queue = pictures, i](Result<camera::Snapshot> picture) {
                // A full queue: the disk is slow, and a newer picture comes in a second.
                if (picture.ok()) static_cast<void>(queue->try_push({i, std::move(picture).value()}));
            });
        }
    }

    void keep(const Taken& taken) {
        if (taken.picture.arrived <= written[taken.camera]) return;
        const Status done = write(folder / (ids[taken.camera].value + ".jpg"), *taken.picture.jpeg);
        if (done.ok()) {
            written[taken.camera] = taken.picture.arrived;
        } else if (!std::exchange(complained, true)) {
            log::warning("snapshots", done.error().text());
        }
    }
};

SnapshotFiles::SnapshotFiles(std::unique_ptr<Impl> impl) : impl_{std::move(impl)} {}

SnapshotFiles::~SnapshotFiles() {
    impl_->thread.request_stop();
    if (impl_->thread.joinable()) impl_->thread.join();
    impl_->pictures->close();
}

Result<std::unique_ptr<SnapshotFiles>> SnapshotFiles::start(fs::path folder, std::vector<PrinterId> ids,
                                                            camera::CameraManager& cameras) {
    std::error_code problem;
    fs::create_directories(folder, problem);
    if (problem) {
        return Error{ErrorKind::io, "The folder for the pictures cannot be made (" + problem.message() + ")",
                     folder.string()};
    }
    auto impl = std::unique_ptr<Impl>{new Impl{std::move(folder), std::move(ids), cameras}};
    auto files = std::unique_ptr<SnapshotFiles>{new SnapshotFiles{std::move(impl)}};
    Impl& state = *files->impl_;
    state.thread = std::jthread{[&state](const std::stop_token& stop) { state.run(stop); }};
    return files;
}

Result<std::unique_ptr<SnapshotFiles>> keep_snapshots(const Options& options, const config::Config& config,
                                                      camera::CameraManager& cameras) {
    if (!options.snapshots) return std::unique_ptr<SnapshotFiles>{};
    std::vector<PrinterId> ids;
    for (const config::Printer& printer : config.printers)
        ids.push_back(printer.id);
    return SnapshotFiles::start(*options.snapshots, std::move(ids), cameras);
}

}  // namespace farmwall::app
