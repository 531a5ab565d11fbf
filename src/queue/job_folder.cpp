#include "queue/job_folder.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <cerrno>
#include <exception>
#include <fstream>
#include <system_error>
#include <utility>
#include <vector>

#include "base/file.hpp"
#include "base/platform.hpp"

namespace farmwall::queue {
namespace {

namespace fs = std::filesystem;

constexpr std::uint64_t spare_bytes = std::uint64_t{16} << 20U;  // for the queue and the history
constexpr std::size_t piece_bytes = std::size_t{64} << 10U;

std::string size_text(std::uint64_t bytes) {
    constexpr double kb = 1e3;
    constexpr double mb = 1e6;
    constexpr double gb = 1e9;
    const auto value = static_cast<double>(bytes);
    if (value < mb) return fmt::format("{:.1f} kB", value / kb);
    if (value < gb) return fmt::format("{:.1f} MB", value / mb);
    return fmt::format("{:.1f} GB", value / gb);
}

// Of a call of the C++ library that says only that it failed; `number` is errno after it.
std::string words_of(int number) {
    return number == 0 ? "the system does not say why" : std::generic_category().message(number);
}

Error io(std::string what) { return {ErrorKind::io, std::move(what)}; }

std::uint64_t free_bytes(const fs::path& folder) {
    std::error_code unknown;
    const fs::space_info space = fs::space(folder, unknown);
    return unknown ? UINT64_MAX : space.available;
}

Status enough_space(const fs::path& folder, std::uint64_t bytes) {
    const std::uint64_t free = free_bytes(folder);
    if (free >= spare_bytes && free - spare_bytes >= bytes) return Done{};
    return io(
        fmt::format("There is not enough space on this machine for the file: it has {}, and {} are free, "
                    "of which {} are kept",
                    size_text(bytes), size_text(free), size_text(spare_bytes)));
}

Error copy_failed(const fs::path& folder, int number) {
    if (number == ENOSPC || free_bytes(folder) < piece_bytes)
        return io("The file cannot be stored: the disk of this machine is full");
    return io(fmt::format("The file cannot be stored in the jobs folder ({})", words_of(number)));
}

void remove_quietly(const fs::path& file) {
    std::error_code ignored;
    fs::remove(file, ignored);
}

// Removes its file unless it is kept.
class Leftover {
public:
    explicit Leftover(fs::path file) : file_{std::move(file)} {}
    ~Leftover() {
        if (!file_.empty()) remove_quietly(file_);
    }
    Leftover(const Leftover&) = delete;
    Leftover& operator=(const Leftover&) = delete;
    void keep() { file_.clear(); }

private:
    fs::path file_;
};

bool is_there(const fs::path& file) {
    std::error_code unknown;
    return fs::exists(fs::symlink_status(file, unknown));
}

}  // namespace

JobFolder::JobFolder(fs::path folder, JobFiles::Inspect inspect, SlicedCodec codec)
    : inspect_{std::move(inspect)}, codec_{std::move(codec)} {
    std::error_code unknown;
    folder_ = fs::absolute(folder, unknown).lexically_normal();
    if (unknown) folder_ = std::move(folder);
    files_ = folder_ / "files";
    tmp_ = folder_ / "tmp";
    queue_ = folder_ / "queue.json";
    good_ = folder_ / "queue.json.good";
}

Result<JobFolder::Taken> JobFolder::take(const fs::path& source, const std::string& file_name,
                                         const JobId& first_id, const std::function<void()>& between) {
    if (obstacle_) return *obstacle_;
    const fs::path part = tmp_ / fmt::format("taken-{}.part", ++parts_);
    Leftover part_goes{part};
    const bool is_ours = is_in_tmp(source);
    Leftover source_goes{is_ours ? source : fs::path{}};
    const JobFileKind kind = job_file_kind(file_name);
    if (kind == JobFileKind::unknown) {
        return Error{
            ErrorKind::bad_input,
            "This kind of file is not accepted; accepted are .gcode.3mf, .gcode, .3mf, .stl and .obj"};
    }
    if (auto fetched = fetch(source, part, between); !fetched) return fetched.error();
    Taken taken;
    if (kind != JobFileKind::model) {
        auto sliced = inspect(part, file_name);
        if (!sliced) return sliced.error();
        taken.sliced = std::move(sliced).value();
    }
    auto path = name_finally(part, file_name, first_id);
    if (!path) return path.error();
    part_goes.keep();
    taken.path = path.value().string();
    return taken;
}

bool JobFolder::is_in_tmp(const fs::path& source) const {
    std::error_code unknown;
    if (!fs::is_regular_file(fs::symlink_status(source, unknown))) return false;
    return fs::equivalent(fs::absolute(source, unknown).parent_path(), tmp_, unknown);
}

// The content of `source` as `part`.
Status JobFolder::fetch(const fs::path& source, const fs::path& part,
                        const std::function<void()>& between) const {
    std::error_code problem;
    const auto status = fs::status(source, problem);
    if (!fs::exists(status)) return Error{ErrorKind::not_found, "The file is not there any more"};
    if (!fs::is_regular_file(status))
        return Error{ErrorKind::bad_input, "This is a folder or device, not a file"};
    const std::uint64_t bytes = fs::file_size(source, problem);
    if (problem) return io(fmt::format("The file cannot be read ({})", problem.message()));
    if (bytes == 0) return Error{ErrorKind::bad_input, "The file is empty"};
    if (is_in_tmp(source)) {
        fs::rename(source, part, problem);
        if (problem)
            return io(fmt::format("The file cannot be stored in the jobs folder ({})", problem.message()));
        return Done{};
    }
    if (auto enough = enough_space(tmp_, bytes); !enough) return enough;
    return copy(source, part, between);
}

Status JobFolder::copy(const fs::path& source, const fs::path& part,
                       const std::function<void()>& between) const {
    errno = 0;
    std::ifstream in{source, std::ios::binary};
    if (!in) return io(fmt::format("The file cannot be read ({})", words_of(errno)));
    errno = 0;
    std::ofstream out{part, std::ios::binary | std::ios::trunc};
    if (!out) return copy_failed(tmp_, errno);
    std::error_code unknown;
    const std::uint64_t expected = fs::file_size(source, unknown);
    std::uint64_t copied = 0;
    std::vector<char> piece(piece_bytes);
    while (in) {
        in.read(piece.data(), static_cast<std::streamsize>(piece.size()));
        if (in.gcount() == 0) break;
        errno = 0;
        if (!out.write(piece.data(), in.gcount())) return copy_failed(tmp_, errno);
        copied += static_cast<std::uint64_t>(in.gcount());
        between();
    }
    if (in.bad()) return io("The file cannot be read to its end");
    errno = 0;
    out.close();
    if (!out) return copy_failed(tmp_, errno);
    if (copied == expected) return Done{};
    return Error{ErrorKind::bad_input, "The file changed while it was copied; add it again when it is whole"};
}

Result<std::shared_ptr<const SlicedFile>> JobFolder::inspect(const fs::path& part,
                                                             const std::string& file_name) const {
    try {
        auto sliced = inspect_(part, file_name);
        if (sliced) return std::make_shared<const SlicedFile>(std::move(sliced).value());
        const bool can_be_sliced = job_file_kind(file_name) == JobFileKind::project;
        if (sliced.error().kind == ErrorKind::unsupported && can_be_sliced)
            return std::shared_ptr<const SlicedFile>{};
        return Error{sliced.error().kind, sliced.error().what};
    } catch (const std::exception& failure) {
        return Error{ErrorKind::bad_input, fmt::format("The file cannot be inspected ({})", failure.what())};
    }
}

Result<fs::path> JobFolder::name_finally(const fs::path& part, const std::string& file_name,
                                         const JobId& first_id) const {
    const std::string name = safe_file_name(file_name);
    const std::string id = safe_file_name(first_id.value);
    fs::path to = files_ / fmt::format("{}__{}", id, name);
    for (int number = 2; is_there(to); ++number)
        to = files_ / fmt::format("{}-{}__{}", id, number, name);
    if (auto moved = platform::move_flushed(part, to); !moved) {
        remove_quietly(to);
        return io("The file cannot be stored in the jobs folder: " + moved.error().what);
    }
    return to;
}

Status JobFolder::remove(const std::string& path) {
    if (obstacle_) return *obstacle_;
    const fs::path file{path};
    const bool climbs =
        std::any_of(file.begin(), file.end(), [](const fs::path& name) { return name == ".."; });
    std::error_code problem;
    const bool inside = !climbs && file.is_absolute() &&
                        fs::equivalent(file.parent_path(), files_, problem) &&
                        fs::is_directory(fs::symlink_status(files_, problem));
    const auto status = fs::symlink_status(file, problem);
    if (inside && !fs::exists(status)) return Done{};
    if (!inside || !fs::is_regular_file(status))
        return Error{ErrorKind::refused, "Only files in the jobs folder are removed", path};
    fs::remove(file, problem);
    if (problem)
        return Error{ErrorKind::io, fmt::format("The file cannot be removed ({})", problem.message()), path};
    return Done{};
}

}  // namespace farmwall::queue
