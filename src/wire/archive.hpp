#pragma once

#include <cstddef>
#include <cstdint>
#include <filesystem>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include "base/result.hpp"
#include "wire/json_reader.hpp"

namespace farmwall::wire {

// What an archive from outside may be at most (protocol 11.1 "Defend").
struct ArchiveLimits {
    std::size_t members = 10'000;
    std::uint64_t unpacked_bytes = std::uint64_t{4} << 30U;  // of all members together
    // How many times its packed size a member may unpack to. G-code and XML stay below 40.
    std::uint64_t ratio = 200;
    std::uint64_t ratio_free_bytes = std::uint64_t{1} << 20U;  // smaller members may have any ratio
};

// A ZIP archive that is read, never unpacked to disk: members are named, not files. Opening checks all of
// them, so that a member of an open archive has a relative, unique name and a plausible size. One thread at a
// time; reads block on the disk.
class Archive {
public:
    struct Member {
        std::string name;  // as it stands there; case counts
        std::uint64_t bytes = 0;
        std::uint64_t packed_bytes = 0;
        std::uint64_t index = 0;
    };

    // Errors: not_found and io of the file, bad_input: not a ZIP archive, cut off, or against a limit.
    [[nodiscard]] static Result<Archive> open(const std::filesystem::path& file,
                                              const ArchiveLimits& limits = {});
    // The bytes must outlive the archive.
    [[nodiscard]] static Result<Archive> open_bytes(std::string_view bytes, const ArchiveLimits& limits = {});

    ~Archive();
    Archive(Archive&&) noexcept;
    Archive& operator=(Archive&&) noexcept;

    // In the order of the archive; the name of a folder ends in '/'.
    [[nodiscard]] const std::vector<Member>& members() const { return members_; }
    // Null: there is none of this name.
    [[nodiscard]] const Member* find(std::string_view name) const;

    // The whole member. Errors (bad_input): longer than the limit, or damaged.
    [[nodiscard]] Result<std::string> read(const Member& member, std::size_t limit_bytes) const;
    // The member in pieces of at most 64 KiB, checked against its size and checksum; only when the result
    // is good were the pieces the member.
    [[nodiscard]] Status stream(const Member& member, FunctionRef<void(std::string_view)> take) const;

private:
    struct Handle;
    Archive();
    [[nodiscard]] static Result<Archive> checked(std::unique_ptr<Handle> handle, std::uint64_t file_bytes,
                                                 const ArchiveLimits& limits);
    [[nodiscard]] Status list(std::uint64_t file_bytes, const ArchiveLimits& limits);

    std::unique_ptr<Handle> handle_;
    std::vector<Member> members_;
    std::vector<std::size_t> by_name_;  // places in members_, by name
};

}  // namespace farmwall::wire
