#include <algorithm>
#include <map>
#include <string>
#include <system_error>
#include <tuple>

#include "camera/black_box.hpp"
#include "camera/clip_names.hpp"

namespace farmwall::camera {
namespace {

namespace fs = std::filesystem;

// The files of one clip: video and JSON, or what is left of them.
struct StoredClip {
    fs::path folder;
    std::string stem;
    std::vector<fs::path> files;
    std::uint64_t bytes = 0;

    // The name begins with the time; of two with the same, "-2" came after the one without, "-10" after "-9".
    [[nodiscard]] auto order() const {
        return std::tuple{stem.substr(0, file_time({}).size()), stem.size(), stem, folder};
    }
};

// Calls `use(printer folder's entry)` for each regular file one folder below. A folder that cannot be read,
// or a file that vanishes meanwhile, is left out.
template <class Use>
void each_file(const fs::path& folder, const Use& use) {
    std::error_code problem;
    for (fs::directory_iterator printers{folder, problem}, end; !problem && printers != end;
         printers.increment(problem)) {
        std::error_code inside;
        if (!printers->is_directory(inside)) continue;
        for (fs::directory_iterator files{printers->path(), inside}; !inside && files != end;
             files.increment(inside)) {
            std::error_code vanished;
            if (files->symlink_status(vanished).type() == fs::file_type::regular) use(*files);
        }
    }
}

std::vector<StoredClip> stored(const fs::path& folder) {
    std::map<std::pair<fs::path, std::string>, StoredClip> found;
    each_file(folder, [&](const fs::directory_entry& file) {
        const std::string name = file.path().filename().string();
        const std::string stem{clip_stem(name)};
        std::error_code vanished;
        const std::uintmax_t size = file.file_size(vanished);
        if (stem.empty() || vanished) return;
        StoredClip& clip = found[{file.path().parent_path(), stem}];
        clip.folder = file.path().parent_path();
        clip.stem = stem;
        clip.files.push_back(file.path());
        clip.bytes += size;
    });
    std::vector<StoredClip> clips;
    clips.reserve(found.size());
    for (auto& [key, clip] : found)
        clips.push_back(std::move(clip));
    std::ranges::sort(clips, {}, &StoredClip::order);
    return clips;
}

// The bytes that are gone then.
std::uint64_t remove(const StoredClip& clip) {
    std::uint64_t left = 0;
    for (const fs::path& file : clip.files) {
        std::error_code problem;
        fs::remove(file, problem);
        if (!problem) continue;
        std::error_code vanished;
        const std::uintmax_t size = fs::file_size(file, vanished);
        if (!vanished) left += size;
    }
    return clip.bytes - std::min(left, clip.bytes);
}

}  // namespace

std::uint64_t keep_newest(const fs::path& folder, std::uint64_t most_bytes, const fs::path& also) {
    const std::vector<StoredClip> clips = stored(folder);
    std::uint64_t total = 0;
    for (const StoredClip& clip : clips)
        total += clip.bytes;
    for (const StoredClip& clip : clips) {
        if (total <= most_bytes || &clip == &clips.back()) break;
        if (std::ranges::find(clip.files, also) == clip.files.end()) total -= remove(clip);
    }
    return total;
}

void remove_leftovers(const fs::path& folder) {
    std::vector<fs::path> leftovers;
    each_file(folder, [&](const fs::directory_entry& file) {
        if (is_unfinished(file.path().filename().string())) leftovers.push_back(file.path());
    });
    for (const fs::path& file : leftovers) {
        std::error_code ignored;  // it is tried again at the next start
        fs::remove(file, ignored);
    }
}

}  // namespace farmwall::camera
