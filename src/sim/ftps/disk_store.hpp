#pragma once

#include <cstdint>
#include <filesystem>
#include <string>

#include "base/result.hpp"
#include "sim/machine/storage.hpp"

namespace farmwall::sim {

// A printer's memory card as a folder of this machine. Paths are those of FtpSession: they begin with
// a slash and hold no "..". One thread.
class DiskStore : public Storage {
public:
    // Errors: io (the folder cannot be made).
    [[nodiscard]] Status open(const std::filesystem::path& folder);

    [[nodiscard]] std::optional<std::filesystem::path> find(const std::string& name) const override;
    [[nodiscard]] std::uint64_t free_bytes() const override;
    [[nodiscard]] std::vector<File> files() const override;

    // For any path find() takes, whether something is there or not.
    [[nodiscard]] std::filesystem::path place_of(const std::string& path) const;
    [[nodiscard]] bool is_folder(const std::string& path) const;
    // False when there is no such file.
    bool remove(const std::string& path);
    // Replaces a file of the new name. False when there is no such file.
    bool rename(const std::string& path, const std::string& target);
    // As `ls -l` prints a folder (protocol 9.3), or only the names; lines end with CR LF.
    [[nodiscard]] std::string listing(const std::string& path, bool names_only) const;
    // From now on so many bytes fit in addition to what is there.
    void limit_free(std::uint64_t bytes);
    void unlimit();

private:
    [[nodiscard]] std::uint64_t used_bytes() const;

    std::filesystem::path folder_;
    std::uint64_t capacity_bytes_ = 0;
};

// The path of `name` as seen from the folder `current`, with a leading slash and without "." and "..";
// nothing where a name is not allowed on such a card (protocol 9.5) or leads above the root.
[[nodiscard]] std::optional<std::string> path_from(std::string_view current, std::string_view name);

}  // namespace farmwall::sim
