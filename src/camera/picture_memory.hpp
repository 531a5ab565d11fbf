#pragma once

#include <cstddef>
#include <cstdint>
#include <memory>

namespace farmwall::camera {

// Memory for pictures, used again and again so that what the program holds stays flat for weeks: a
// block that is given back waits for the next picture of about its size. Any thread; blocks may outlive
// the object.
class PictureMemory {
public:
    static constexpr std::size_t alignment = 64;  // of each block, in bytes

    // At most `most_idle_bytes` wait unused; beyond that those unused longest go back to the system.
    explicit PictureMemory(std::size_t most_idle_bytes = std::size_t{12} << 20);

    // At least `bytes` long, not cleared. Throws std::bad_alloc.
    [[nodiscard]] std::shared_ptr<std::uint8_t> take(std::size_t bytes);
    // Gives what waits back to the system.
    void trim();

    struct Totals {
        std::size_t idle_bytes = 0;
        std::size_t used_bytes = 0;
    };
    [[nodiscard]] Totals totals() const;

private:
    struct Shared;
    std::shared_ptr<Shared> shared_;
};

}  // namespace farmwall::camera
