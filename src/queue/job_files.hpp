#pragma once

#include <filesystem>
#include <functional>
#include <memory>
#include <string>
#include <string_view>

#include "base/result.hpp"
#include "queue/queue_content.hpp"

namespace farmwall::queue {

// How an inspection is written into queue.json, so that a file is inspected once; JSON.
struct SlicedCodec {
    std::function<std::string(const SlicedFile&)> write;
    std::function<Result<SlicedFile>(std::string_view)> read;
};

// The users' files and queue.json, in `folder` (<root>/jobs): files/<id>__<safe name>, queue.json,
// queue.json.good (the copy before), tmp/. One thread of its own does what touches the disk.
class JobFiles {
public:
    // Inspects a file; on our thread.
    using Inspect =
        std::function<Result<SlicedFile>(const std::filesystem::path& file, std::string_view file_name)>;
    using OnEvent = std::function<void(const FilesEvent&)>;  // on our thread; may not wait

    JobFiles(std::filesystem::path folder, Inspect inspect, SlicedCodec codec, OnEvent on_event);
    // What waits is done first.
    ~JobFiles();
    JobFiles(const JobFiles&) = delete;
    JobFiles& operator=(const JobFiles&) = delete;

    struct LoadedQueue {
        QueueContent content;
        std::string problem;  // the file was set aside, or the copy before was taken: one sentence
    };
    // Reads the queue before anything else is asked for; blocks. A file of the system replaced loads as it
    // is. One that cannot be read is moved aside and reported, never overwritten.
    [[nodiscard]] LoadedQueue load();

    void take(std::uint64_t ticket, const std::filesystem::path& source, const std::string& file_name,
              const JobId& first_id);
    void save(std::uint64_t revision, std::shared_ptr<const QueueContent> content);
    void remove(const std::string& path);

private:
    struct Impl;
    std::unique_ptr<Impl> impl_;
};

// What a file may be called on our disk and on a printer's card (protocol 9.5): A-Z a-z 0-9 . _ -, at most 80
// characters, the ending kept; never empty, never beginning with a dot.
[[nodiscard]] std::string safe_file_name(std::string_view file_name);

// queue.json as text: an object with "jobs" (the keys of http-api.md and ours) and "plates".
[[nodiscard]] std::string queue_to_json(const QueueContent& content, const SlicedCodec& codec);
// The same, and what the system replaced wrote: a list of jobs, an object of them by id, or one with "jobs".
// An unknown key is kept out, an unknown status holds the job. Errors: bad_input.
[[nodiscard]] Result<QueueContent> queue_from_json(std::string_view text, const SlicedCodec& codec);

}  // namespace farmwall::queue
