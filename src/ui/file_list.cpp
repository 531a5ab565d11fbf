#include "ui/file_list.hpp"

#include <algorithm>
#include <utility>

#include "base/platform.hpp"
#include "base/text.hpp"

namespace farmwall::ui {

namespace fs = std::filesystem;

std::string utf8_of(const fs::path& path) {
    const auto text = path.u8string();
    return valid_utf8({reinterpret_cast<const char*>(text.data()), text.size()});  // NOLINT: char8_t to char
}

fs::path path_of(const std::string& utf8) { return fs::path{std::u8string{utf8.begin(), utf8.end()}}; }

namespace {

std::optional<FileEntry> entry_of(const fs::directory_entry& found) {
    FileEntry entry;
    entry.name = utf8_of(found.path().filename());
    if (entry.name.empty() || entry.name.front() == '.') return std::nullopt;
    std::error_code ignored;
    entry.folder = found.is_directory(ignored);
    if (entry.folder) return entry;
    entry.kind = job_file_kind(entry.name);
    if (entry.kind == JobFileKind::unknown || !found.is_regular_file(ignored)) return std::nullopt;
    const auto bytes = found.file_size(ignored);
    entry.bytes = ignored ? 0 : bytes;
    return entry;
}

std::string reason_of(const std::error_code& error) {
    if (error == std::errc::permission_denied) return "This folder may not be read by this account.";
    if (error == std::errc::no_such_file_or_directory) return "There is no such folder any more.";
    if (error == std::errc::not_a_directory) return "This is not a folder.";
    return "This folder could not be read: " + error.message() + ".";
}

}  // namespace

FileListing list_folder(const fs::path& folder, const std::stop_token& stop) {
    FileListing listing;
    listing.folder = folder;
    std::error_code error;
    fs::directory_iterator at{folder, error};
    while (!error && at != fs::directory_iterator{} && !stop.stop_requested()) {
        if (auto entry = entry_of(*at)) listing.entries.push_back(std::move(*entry));
        if (listing.entries.size() > FileListing::most_entries) {
            listing.entries.pop_back();
            listing.cut = true;
            break;
        }
        at.increment(error);
    }
    if (error) listing.error = reason_of(error);
    std::sort(listing.entries.begin(), listing.entries.end(), [](const FileEntry& a, const FileEntry& b) {
        if (a.folder != b.folder) return a.folder;
        const std::string left = to_lower(a.name);
        const std::string right = to_lower(b.name);
        return left != right ? left < right : a.name < b.name;
    });
    return listing;
}

FileList::FileList() : worker_{[this](const std::stop_token& stop) { work(stop); }} {}
FileList::~FileList() = default;

void FileList::open(fs::path folder) {
    {
        const std::lock_guard lock{mutex_};
        wished_ = std::move(folder);
        read_.reset();
    }
    wished_changed_.notify_all();
}

bool FileList::loading() const {
    const std::lock_guard lock{mutex_};
    return busy_ || wished_.has_value() || read_.has_value();
}

std::optional<FileListing> FileList::take() {
    const std::lock_guard lock{mutex_};
    return std::exchange(read_, std::nullopt);
}

void FileList::work(const std::stop_token& stop) {
    platform::name_this_thread("file-list");
    while (!stop.stop_requested()) {
        fs::path folder;
        {
            std::unique_lock lock{mutex_};
            wished_changed_.wait(lock, stop, [&] { return wished_.has_value(); });
            if (stop.stop_requested()) return;
            folder = std::move(*std::exchange(wished_, std::nullopt));
            busy_ = true;
        }
        FileListing listing = list_folder(folder, stop);
        const std::lock_guard lock{mutex_};
        busy_ = false;
        if (!wished_) read_ = std::move(listing);
    }
}

}  // namespace farmwall::ui
