#pragma once

#include <cstdint>
#include <map>
#include <memory>
#include <string>

#include "camera/frame.hpp"
#include "model/job.hpp"
#include "ui/color.hpp"

namespace farmwall::ui {

// The picture of a PNG on a plain ground, as a camera's picture; null where it is none, or bigger than
// 1024 × 1024. `key` names its texture.
[[nodiscard]] camera::SharedFrame decode_thumbnail(const std::string& png, const std::string& key,
                                                   Color ground);

// Decoded thumbnails by file and plate; at most one is decoded a frame, and a bounded number is kept. Render
// thread.
class Thumbnails {
public:
    static constexpr std::size_t most_kept = 256;

    // Before the first get() of a frame.
    void begin_frame();
    // Null: the plate has none, it cannot be read, or its turn comes in a later frame.
    [[nodiscard]] camera::SharedFrame get(const Job& job, int plate, Color ground);
    // Some get() of this frame has to wait for a later one.
    [[nodiscard]] bool pending() const { return pending_; }
    [[nodiscard]] std::size_t kept() const { return kept_.size(); }

private:
    struct Kept {
        std::shared_ptr<const std::string> png;
        camera::SharedFrame frame;
        std::uint64_t used = 0;
    };
    void make_room();

    std::map<std::string, Kept> kept_;
    std::uint64_t frame_number_ = 0;
    bool decoded_ = false;
    bool pending_ = false;
};

}  // namespace farmwall::ui
