#include "sim/ftps/disk_store.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <chrono>
#include <ctime>

namespace farmwall::sim {

namespace fs = std::filesystem;

namespace {

constexpr std::uint64_t usual_capacity_bytes = std::uint64_t{1024} * 1024 * 1024;
constexpr std::size_t longest_name = 255;
constexpr std::size_t longest_path = 1024;

bool name_allowed(std::string_view name) {
    if (name.size() > longest_name || name.ends_with('.') || name.ends_with(' ')) return false;
    return std::none_of(name.begin(), name.end(), [](char c) {
        const auto byte = static_cast<unsigned char>(c);
        return byte < 0x20 || byte == 0x7F ||
               std::string_view{"<>:\"\\|?*"}.find(c) != std::string_view::npos;
    });
}

std::uint64_t size_of(const fs::directory_entry& entry) {
    std::error_code failed;
    const auto size = entry.file_size(failed);
    return failed ? 0 : size;
}

// "Oct 21 12:34", UTC; files of a running farm are always young.
std::string date_of(const fs::directory_entry& entry) {
    constexpr std::array<std::string_view, 12> months = {"Jan", "Feb", "Mar", "Apr", "May", "Jun",
                                                         "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"};
    std::error_code failed;
    const auto changed = entry.last_write_time(failed);
    const auto age = failed ? fs::file_time_type::duration{} : fs::file_time_type::clock::now() - changed;
    const auto then =
        std::chrono::time_point_cast<std::chrono::seconds>(std::chrono::system_clock::now() - age);
    const auto day = std::chrono::floor<std::chrono::days>(then);
    const std::chrono::year_month_day date{day};
    const std::chrono::hh_mm_ss time{then - day};
    return fmt::format("{} {:2} {:02}:{:02}", months[static_cast<unsigned>(date.month()) - 1],
                       static_cast<unsigned>(date.day()), time.hours().count(), time.minutes().count());
}

template <class Visit>
void for_each_file(const fs::path& folder, Visit visit) {
    std::error_code failed;
    for (auto it = fs::recursive_directory_iterator{folder, failed}; !failed && it != fs::end(it);
         it.increment(failed))
        if (std::error_code ignored; it->is_regular_file(ignored)) visit(*it);
}

}  // namespace

std::optional<std::string> path_from(std::string_view current, std::string_view name) {
    if (name.size() > longest_path) return std::nullopt;
    std::vector<std::string_view> parts;
    const auto walk = [&](std::string_view path) {
        for (std::size_t begin = 0; begin < path.size();) {
            const auto end = std::min(path.find('/', begin), path.size());
            const auto part = path.substr(begin, end - begin);
            begin = end + 1;
            if (part.empty() || part == ".") continue;
            if (part == "..") {
                if (parts.empty()) return false;
                parts.pop_back();
            } else if (name_allowed(part)) {
                parts.push_back(part);
            } else {
                return false;
            }
        }
        return true;
    };
    if (!name.starts_with('/') && !walk(current)) return std::nullopt;
    if (!walk(name)) return std::nullopt;
    std::string path;
    for (const auto part : parts)
        path.append("/").append(part);
    return path.empty() ? "/" : path;
}

Status DiskStore::open(const fs::path& folder) {
    std::error_code failed;
    for (const std::string_view name : {"cache", "timelapse", "logger"})
        fs::create_directories(folder / name, failed);
    if (failed)
        return Error{ErrorKind::io, "The storage of a virtual printer cannot be made, " + failed.message(),
                     folder.string()};
    folder_ = folder;
    unlimit();
    return Done{};
}

fs::path DiskStore::place_of(const std::string& path) const {
    return folder_ / fs::path{path_from("/", path).value_or("/")}.relative_path();
}

std::optional<fs::path> DiskStore::find(const std::string& name) const {
    if (!path_from("/", name)) return std::nullopt;
    auto place = place_of(name);
    std::error_code failed;
    if (!fs::is_regular_file(fs::symlink_status(place, failed))) return std::nullopt;
    return place;
}

bool DiskStore::is_folder(const std::string& path) const {
    std::error_code failed;
    return path_from("/", path) && fs::is_directory(fs::symlink_status(place_of(path), failed));
}

bool DiskStore::remove(const std::string& path) {
    const auto place = find(path);
    std::error_code failed;
    return place && fs::remove(*place, failed) && !failed;
}

bool DiskStore::rename(const std::string& path, const std::string& target) {
    const auto place = find(path);
    std::error_code failed;
    if (place) fs::rename(*place, place_of(target), failed);
    return place && !failed;
}

std::uint64_t DiskStore::used_bytes() const {
    std::uint64_t bytes = 0;
    for_each_file(folder_, [&](const fs::directory_entry& entry) { bytes += size_of(entry); });
    return bytes;
}

std::uint64_t DiskStore::free_bytes() const {
    const auto used = used_bytes();
    return used >= capacity_bytes_ ? 0 : capacity_bytes_ - used;
}

void DiskStore::limit_free(std::uint64_t bytes) { capacity_bytes_ = used_bytes() + bytes; }
void DiskStore::unlimit() { capacity_bytes_ = usual_capacity_bytes; }

std::vector<Storage::File> DiskStore::files() const {
    std::vector<File> list;
    for_each_file(folder_, [&](const fs::directory_entry& entry) {
        list.push_back({entry.path().lexically_relative(folder_).generic_string(), size_of(entry)});
    });
    std::sort(list.begin(), list.end(), [](const File& a, const File& b) { return a.name < b.name; });
    return list;
}

std::string DiskStore::listing(const std::string& path, bool names_only) const {
    std::error_code failed;
    std::vector<fs::directory_entry> entries;
    for (auto it = fs::directory_iterator{place_of(path), failed}; !failed && it != fs::end(it);
         it.increment(failed))
        entries.push_back(*it);
    std::sort(entries.begin(), entries.end());
    std::string text;
    for (const auto& entry : entries) {
        const std::string name = entry.path().filename().string();
        if (names_only) {
            text += name + "\r\n";
            continue;
        }
        std::error_code ignored;
        const bool folder = entry.is_directory(ignored);
        text += fmt::format("{} 0        0        {:8} {} {}\r\n", folder ? "drwxr-xr-x 2" : "-rwxr-xr-x 1",
                            folder ? 4096 : size_of(entry), date_of(entry), name);
    }
    return text;
}

}  // namespace farmwall::sim
