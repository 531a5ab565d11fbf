#pragma once

#include <filesystem>
#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "base/clock.hpp"
#include "base/result.hpp"
#include "queue/job_files.hpp"
#include "queue/program_lock.hpp"

namespace farmwall::queue {

// The folder of the jobs on the disk, without a thread of its own: one thread at a time. Everything blocks.
class JobFolder {
public:
    JobFolder(std::filesystem::path folder, JobFiles::Inspect inspect, SlicedCodec codec);

    // `now` names what is set aside.
    [[nodiscard]] JobFiles::LoadedQueue load(WallTime now);

    struct Taken {
        std::string path;
        std::shared_ptr<const SlicedFile> sliced;
    };
    // `between` is called every 64 KiB of a copy.
    [[nodiscard]] Result<Taken> take(const std::filesystem::path& source, const std::string& file_name,
                                     const JobId& first_id, const std::function<void()>& between);
    [[nodiscard]] Status save(const QueueContent& content);
    // Errors: refused: it is no file in jobs/files; io.
    [[nodiscard]] Status remove(const std::string& path);

private:
    struct Stored {
        enum class State { absent, damaged, partly, whole };
        State state = State::absent;
        QueueReading reading;
        std::string problem;  // of `damaged` and `partly`, and where it is now
    };
    [[nodiscard]] Status prepare();
    void sweep() const;
    using SetAside = std::function<Status()>;
    // Sets aside what it does not understand.
    [[nodiscard]] Stored read(const std::filesystem::path& file, WallTime now);
    [[nodiscard]] QueueContent read_newest(WallTime now, std::vector<std::string>& problems);
    [[nodiscard]] Status copy(const std::filesystem::path& source, const std::filesystem::path& part,
                              const std::function<void()>& between) const;
    [[nodiscard]] Status fetch(const std::filesystem::path& source, const std::filesystem::path& part,
                               const std::function<void()>& between) const;
    [[nodiscard]] Result<std::shared_ptr<const SlicedFile>> inspect(const std::filesystem::path& part,
                                                                    const std::string& file_name) const;
    [[nodiscard]] Result<std::filesystem::path> name_finally(const std::filesystem::path& part,
                                                             const std::string& file_name,
                                                             const JobId& first_id) const;
    [[nodiscard]] bool is_in_tmp(const std::filesystem::path& source) const;
    void keep_copy_before() const;

    std::filesystem::path folder_, files_, tmp_, queue_, good_;
    JobFiles::Inspect inspect_;
    SlicedCodec codec_;
    ProgramLock lock_;
    bool locked_ = false;
    std::optional<Error> obstacle_ = Error{ErrorKind::unavailable, "The job queue was not read yet"};
    std::vector<SetAside> owed_;  // what could not be set aside yet, before which nothing is saved
    bool queue_is_good_ = false;  // what lies there is whole: worth to be kept before it is replaced
    std::uint64_t parts_ = 0;     // counted for their names
};

}  // namespace farmwall::queue
