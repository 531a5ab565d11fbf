#pragma once

#include <chrono>
#include <cstdint>
#include <filesystem>
#include <functional>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include "base/clock.hpp"
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

    // What cannot be saved is tried again every `retry`.
    JobFiles(std::filesystem::path folder, Inspect inspect, SlicedCodec codec, OnEvent on_event,
             Duration retry = std::chrono::seconds{10});
    // What waits is done first.
    ~JobFiles();
    JobFiles(const JobFiles&) = delete;
    JobFiles& operator=(const JobFiles&) = delete;

    struct LoadedQueue {
        QueueContent content;
        std::string problem;  // the file was set aside, or the copy before was taken: one sentence
        // False: another program has the folder, or it cannot be written; nothing is taken, saved or removed.
        bool writable = true;
    };
    // Reads the queue before anything else is asked for; blocks. A file of the system replaced loads as it
    // is. What cannot be understood is set aside as "queue.json.damaged-<UTC time>" and reported, never
    // overwritten. After the copy before was taken, no job of it starts and no plate is clear until a person
    // says so: the newest state is not known.
    [[nodiscard]] LoadedQueue load();

    // Nothing below waits; what becomes of it comes back as FilesEvents. Before load() all is refused.

    // Copies `source`, or moves it when it lies in jobs/tmp (and then removes it on failure, too).
    void take(std::uint64_t ticket, const std::filesystem::path& source, const std::string& file_name,
              const JobId& first_id);
    // A newer revision that waits replaces an older one.
    void save(std::uint64_t revision, std::shared_ptr<const QueueContent> content);
    // A file in jobs/files; anything else is left alone.
    void remove(const std::string& path);

private:
    struct Impl;
    std::unique_ptr<Impl> impl_;
};

// What a file may be called on our disk and on a printer's card (protocol 9.5): A-Z a-z 0-9 . _ -, at most 80
// characters, the ending kept; never empty, never beginning with a dot.
[[nodiscard]] std::string safe_file_name(std::string_view file_name);

// queue.json as text: an object with "jobs" (the keys of http-api.md and ours) and "plates". Times are kept
// in whole milliseconds.
[[nodiscard]] std::string queue_to_json(const QueueContent& content, const SlicedCodec& codec);

struct QueueReading {
    QueueContent content;
    std::vector<std::string> problems;  // what was not understood, a sentence each
};
// The same, and what the system replaced wrote: a list of jobs, an object of them by id, or one with "jobs".
// Unknown keys are left out. A job that is not understood whole is held and says why, one that the
// replaced system was working on is held as well; one without id or file, or with the id of another, is
// left out. Errors: bad_input: nothing of it was understood.
[[nodiscard]] Result<QueueReading> read_queue(std::string_view text, const SlicedCodec& codec);
// The content of that, without what was wrong with it.
[[nodiscard]] Result<QueueContent> queue_from_json(std::string_view text, const SlicedCodec& codec);

}  // namespace farmwall::queue
