#pragma once

#include <cstdint>
#include <filesystem>
#include <optional>
#include <string>
#include <vector>

namespace farmwall::sim {

// The memory card of one printer as the machine needs it. One thread.
class Storage {
public:
    struct File {
        std::string name;  // below the root, without a leading slash
        std::uint64_t bytes = 0;
    };

    Storage() = default;
    virtual ~Storage() = default;
    Storage(const Storage&) = delete;
    Storage& operator=(const Storage&) = delete;

    // Where a file lies for this process; nothing when there is none of this name. Takes any text.
    [[nodiscard]] virtual std::optional<std::filesystem::path> find(const std::string& name) const = 0;
    [[nodiscard]] virtual std::uint64_t free_bytes() const = 0;
    // All files, in the order of their names.
    [[nodiscard]] virtual std::vector<File> files() const = 0;
};

}  // namespace farmwall::sim
