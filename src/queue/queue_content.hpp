#pragma once

#include <cstdint>
#include <memory>
#include <string>
#include <utility>
#include <vector>

#include "model/job.hpp"

namespace farmwall::queue {

// What queue.json holds.
struct QueueContent {
    std::vector<Job> jobs;  // in the order of the queue: by hand, else as added
    // By printer id; of printers that are not configured any more as well.
    std::vector<std::pair<PrinterId, PrinterDesk>> desks;
    friend bool operator==(const QueueContent&, const QueueContent&) = default;
};

// What became of what JobFiles was asked to do.
struct FilesEvent {
    enum class Kind {
        taken,      // a file was copied in, inspected and has its final name: `path`, `sliced`
        not_taken,  // it was not, `text` says why; nothing of it is left
        saved,      // queue.json of `revision` or a newer one is on the disk, flushed
        not_saved,  // the disk refused it, `text` says why; the one before is still there
    };
    Kind kind = Kind::taken;
    std::uint64_t ticket = 0;    // of take()
    std::uint64_t revision = 0;  // of save()
    std::string path;
    std::shared_ptr<const SlicedFile> sliced;  // null of a file that must be sliced first
    std::string text;
};

}  // namespace farmwall::queue
