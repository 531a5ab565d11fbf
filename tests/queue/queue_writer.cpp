// Saves numbered revisions of a queue in FOLDER, beginning after the one that is there. Prints the revision
// that it found, then each one that is on the disk: what is printed has to be there at the next start,
// however the program ends.
//
//     queue-writer FOLDER

#include <fmt/format.h>

#include <atomic>
#include <cstdint>
#include <cstdio>
#include <filesystem>
#include <memory>
#include <utility>

#include "base/text.hpp"
#include "queue/job_files.hpp"

using namespace farmwall;

namespace {

// Every part of it says which revision it is.
std::shared_ptr<const queue::QueueContent> numbered(std::uint64_t revision) {
    queue::QueueContent content;
    for (std::uint64_t index = 0; index < 20; ++index) {
        Job job;
        job.id = JobId{fmt::format("{:06}{:06}", revision, index)};
        job.file_name = "bracket.gcode.3mf";
        job.file_path = "/farm/jobs/files/bracket.gcode.3mf";
        job.attempts = static_cast<int>(revision);
        content.jobs.push_back(std::move(job));
    }
    content.desks.emplace_back(PrinterId{"p1"}, PrinterDesk{});
    content.desks[0].second.free_bytes = revision;
    return std::make_shared<const queue::QueueContent>(std::move(content));
}

void say(std::uint64_t revision) {
    fmt::print("{}\n", revision);
    std::fflush(stdout);
}

}  // namespace

int main(int count, char** arguments) {
    if (count != 2) {
        fmt::print(stderr, "queue-writer FOLDER\n");
        return 2;
    }
    const std::filesystem::path folder = arguments[1];
    std::atomic<std::uint64_t> saved = 0;
    queue::JobFiles files{
        folder,
        [](const std::filesystem::path&, std::string_view) -> Result<SlicedFile> { return SlicedFile{}; },
        {},
        [&](const queue::FilesEvent& event) {
            if (event.kind == queue::FilesEvent::Kind::not_saved) fmt::print(stderr, "{}\n", event.text);
            if (event.kind != queue::FilesEvent::Kind::saved) return;
            say(event.revision);
            saved = event.revision;
            saved.notify_one();
        }};
    const auto loaded = files.load();
    if (!loaded.problem.empty()) {
        fmt::print(stderr, "{}\n", loaded.problem);
        return 1;
    }
    std::uint64_t revision = 0;
    if (!loaded.content.desks.empty()) revision = loaded.content.desks[0].second.free_bytes.value_or(0);
    if (revision > 0 && loaded.content != *numbered(revision)) {
        fmt::print(stderr, "The queue is not revision {}.\n", revision);
        return 1;
    }
    say(revision);
    // Files come and go in between, as they do at work; at most three revisions wait.
    for (saved = revision;;) {
        ++revision;
        files.save(revision, numbered(revision));
        if (revision % 8 == 0)
            files.take(revision, folder / ".." / "source.gcode", "source.gcode",
                       JobId{fmt::format("{}", revision)});
        if (revision % 8 == 4)
            files.remove((folder / "files" / fmt::format("{}__source.gcode", revision - 4)).string());
        for (std::uint64_t done = saved; done + 3 < revision; done = saved)
            saved.wait(done);
    }
}
