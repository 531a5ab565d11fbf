#pragma once

#include <array>
#include <cstdint>
#include <map>

#include "base/clock.hpp"
#include "camera/frame.hpp"

namespace farmwall::ui {

// The newest picture of each camera on the GPU, by serial: three planes or one. Made, used and destroyed
// on the render thread while its GL context is current.
class PictureTextures {
public:
    PictureTextures() = default;
    ~PictureTextures();
    PictureTextures(const PictureTextures&) = delete;
    PictureTextures& operator=(const PictureTextures&) = delete;

    // GL names, the first alone for RGBA; zeros where there is nothing to show.
    using Names = std::array<unsigned, 3>;

    // The textures of the frame's camera, holding this frame: uploaded unless they hold it already. Of a
    // frame that cannot be right (no pixels, too big for the driver) nothing is shown.
    [[nodiscard]] Names take(const camera::Frame& frame, TimePoint now);
    // Frees the textures that nobody took for a while.
    void free_unused(TimePoint now);

    [[nodiscard]] std::size_t cameras() const { return held_.size(); }
    [[nodiscard]] std::uint64_t uploads() const { return uploads_; }

private:
    struct Held {
        Names names{};
        std::array<int, 3> width{};
        std::array<int, 3> height{};
        camera::PixelLayout layout = camera::PixelLayout::i420;
        std::uint64_t number = 0;
        TimePoint arrived{};
        bool filled = false;
        TimePoint used{};
    };
    static void free(Held& held);
    void fill(Held& held, const camera::Frame& frame);
    static void fill_plane(Held& held, std::size_t index, const camera::Frame& frame);

    std::map<Serial, Held> held_;
    std::uint64_t uploads_ = 0;
};

}  // namespace farmwall::ui
