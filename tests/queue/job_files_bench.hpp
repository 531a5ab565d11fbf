#pragma once

#include <condition_variable>
#include <mutex>
#include <utility>
#include <vector>

#include "jobs.hpp"
#include "temporary_folder.hpp"

namespace farmwall::testing {

// A folder of jobs, and what its thread told.
class JobFilesBench {
    TemporaryFolder home_;  // before the paths that begin with it

public:
    std::filesystem::path folder = home_.path() / "jobs";
    std::filesystem::path files = folder / "files";
    std::filesystem::path tmp = folder / "tmp";
    std::filesystem::path queue = folder / "queue.json";
    std::filesystem::path good = folder / "queue.json.good";
    void live_in(const std::filesystem::path& home) {
        folder = home / "jobs";
        files = folder / "files";
        tmp = folder / "tmp";
        queue = folder / "queue.json";
        good = folder / "queue.json.good";
    }
    // What the inspection says of every file.
    Result<SlicedFile> inspection = sliced_file("S");
    Duration retry = 1h;

    [[nodiscard]] std::unique_ptr<queue::JobFiles> open() {
        return std::make_unique<queue::JobFiles>(
            folder, [this](const std::filesystem::path&, std::string_view) { return inspection; },
            slicer_codec(),
            [this](const queue::FilesEvent& event) {
                {
                    std::lock_guard lock{mutex_};
                    events_.push_back(event);
                }
                came_.notify_all();
            },
            retry);
    }
    [[nodiscard]] std::unique_ptr<queue::JobFiles> open_and_load() {
        auto opened = open();
        loaded = opened->load();
        return opened;
    }
    queue::JobFiles::LoadedQueue loaded;

    // The next event; fails when none comes.
    queue::FilesEvent next() {
        std::unique_lock lock{mutex_};
        REQUIRE(came_.wait_for(lock, 20s, [this] { return read_ < events_.size(); }));
        return events_[read_++];
    }
    [[nodiscard]] std::filesystem::path outside(const std::string& name,
                                                std::string_view content = "G28\n") const {
        const auto file = home_.path() / name;
        write_file(file, content);
        return file;
    }
    // What lies in the folder beside what keeps others out.
    [[nodiscard]] std::vector<std::string> names() const {
        auto all = names_in(folder);
        std::erase_if(all, [](const std::string& name) { return name.starts_with("queue.json-lock"); });
        return all;
    }
    [[nodiscard]] const std::filesystem::path& home() const { return home_.path(); }

    void save(queue::JobFiles& store, std::uint64_t revision, queue::QueueContent content) {
        store.save(revision, std::make_shared<const queue::QueueContent>(std::move(content)));
    }
    // Saved, and so said.
    void save_now(queue::JobFiles& store, std::uint64_t revision, queue::QueueContent content) {
        save(store, revision, std::move(content));
        const auto event = next();
        REQUIRE(event.kind == queue::FilesEvent::Kind::saved);
        REQUIRE(event.revision == revision);
    }

private:
    std::mutex mutex_;
    std::condition_variable came_;
    std::vector<queue::FilesEvent> events_;
    std::size_t read_ = 0;
};

}  // namespace farmwall::testing
