#pragma once

#include <atomic>
#include <filesystem>
#include <memory>

#include "config/config.hpp"
#include "dispatch/dispatcher.hpp"
#include "fleet/fleet_store.hpp"
#include "link/uploads.hpp"
#include "net/pin_store.hpp"
#include "queue/job_files.hpp"

namespace farmwall::app {

// Those that do the queue's work, wired to the dispatcher: files, uploads. Make it before the dispatcher,
// destroy it after.
class JobQueue {
public:
    // Reads the queue: blocks. Null, with a line in the log: another program has the folder, or it cannot be
    // written.
    [[nodiscard]] static std::unique_ptr<JobQueue> open(const config::Config& config,
                                                        const std::filesystem::path& root, FleetStore& store);
    ~JobQueue();
    JobQueue(const JobQueue&) = delete;
    JobQueue& operator=(const JobQueue&) = delete;

    // Once; what was loaded goes into it.
    [[nodiscard]] dispatch::QueueSetup setup(dispatch::PrintStarts& starts);
    // From now on events go there. Until then there are none.
    void tell(dispatch::Dispatcher& dispatcher);
    // After the dispatcher: uploads are canceled, what was to be written is written. Within 2 s.
    void stop();

private:
    // What the files do, as the dispatcher asks for it.
    class Files final : public dispatch::QueueFiles {
    public:
        Files(const std::filesystem::path& folder, queue::JobFiles::OnEvent on_event);
        [[nodiscard]] queue::JobFiles::LoadedQueue load() { return files_->load(); }
        void take(std::uint64_t ticket, const std::filesystem::path& source, const std::string& file_name,
                  const JobId& first_id) override {
            files_->take(ticket, source, file_name, first_id);
        }
        void save(std::uint64_t revision, std::shared_ptr<const queue::QueueContent> content) override {
            files_->save(revision, std::move(content));
        }
        void remove(const std::string& path) override { files_->remove(path); }
        // Waits for what is to be done.
        void close() { files_.reset(); }

    private:
        std::unique_ptr<queue::JobFiles> files_;
    };

    JobQueue(const config::Config& config, const std::filesystem::path& root, FleetStore& store);

    dispatch::SchedulerSettings settings_;
    queue::JobFiles::LoadedQueue loaded_;
    std::atomic<dispatch::Dispatcher*> dispatcher_ = nullptr;
    net::PinStore pins_;
    Files files_;
    link::FtpsUploads uploads_;
};

}  // namespace farmwall::app
