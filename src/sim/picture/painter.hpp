#pragma once

#include <memory>
#include <string>
#include <vector>

#include "sim/picture/canvas.hpp"
#include "sim/picture/scene.hpp"

namespace farmwall::sim {

using Areas = std::vector<Rect>;  // may overlap

// Draws the pictures of one camera, each from the one before: what does not move is kept. One thread.
class Painter {
public:
    struct Levels {  // of the strip; as red, green and blue alike
        std::uint32_t black = 0x000000;
        std::uint32_t white = 0xFFFFFF;
    };

    Painter(Size size, Levels levels);
    ~Painter();
    Painter(Painter&&) noexcept;

    // `seconds` moves what moves; `clock` is the text of the wall clock. Returns what differs from the
    // picture before; valid until the next one.
    const Areas& paint(const Scene& scene, std::uint32_t frame, double seconds, const std::string& clock);
    [[nodiscard]] const Canvas& canvas() const;

private:
    struct Inside;
    std::unique_ptr<Inside> inside_;
};

}  // namespace farmwall::sim
