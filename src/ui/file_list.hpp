#pragma once

#include <condition_variable>
#include <cstdint>
#include <filesystem>
#include <mutex>
#include <optional>
#include <string>
#include <thread>
#include <vector>

#include "model/sliced_file.hpp"

namespace farmwall::ui {

// UTF-8, whatever the system calls its files in.
[[nodiscard]] std::string utf8_of(const std::filesystem::path& path);
[[nodiscard]] std::filesystem::path path_of(const std::string& utf8);

struct FileEntry {
    std::string name;  // UTF-8
    bool folder = false;
    std::uint64_t bytes = 0;
    JobFileKind kind = JobFileKind::unknown;  // of a file
    friend bool operator==(const FileEntry&, const FileEntry&) = default;
};
struct FileListing {
    std::filesystem::path folder;
    std::vector<FileEntry> entries;  // folders first, by name; at most most_entries
    std::string error;               // one sentence; empty: it could be read
    bool cut = false;                // there are more
    static constexpr std::size_t most_entries = 2000;
};
// Folders and the files that the queue accepts; hidden ones are left out. Blocks on the disk.
[[nodiscard]] FileListing list_folder(const std::filesystem::path& folder, const std::stop_token& stop = {});

// Reads folders on a thread of its own, the newest wish first. Its calls never wait for the disk, but for its
// end.
class FileList {
public:
    FileList();
    ~FileList();
    FileList(const FileList&) = delete;
    FileList& operator=(const FileList&) = delete;

    void open(std::filesystem::path folder);
    [[nodiscard]] bool loading() const;
    // The listing that was read since the last call; nothing: none.
    [[nodiscard]] std::optional<FileListing> take();

private:
    void work(const std::stop_token& stop);

    mutable std::mutex mutex_;
    std::condition_variable_any wished_changed_;
    std::optional<std::filesystem::path> wished_;
    std::optional<FileListing> read_;
    bool busy_ = false;
    std::jthread worker_;
};

}  // namespace farmwall::ui
