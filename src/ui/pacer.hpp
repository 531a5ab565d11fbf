#pragma once

#include "base/clock.hpp"

namespace farmwall::ui {

// Decides when the next frame may be drawn. A value; the render loop asks it.
class Pacer {
public:
    explicit Pacer(bool software_gl) : software_gl_{software_gl} {}

    // A person did something. ImGui needs a few frames to answer it.
    void input(TimePoint now);
    // A frame was run, whether or not it drew anything.
    void ran(TimePoint now);

    // Frames are owed to input, although no data changed.
    [[nodiscard]] bool owes_frames() const { return owed_ > 0; }
    // Not before this: 30 a second, 15 where the CPU draws; 60 (30) within a second after input.
    [[nodiscard]] TimePoint earliest(TimePoint now) const;

private:
    bool software_gl_;
    int owed_ = 0;
    TimePoint last_input_{};
    TimePoint last_frame_{};
};

}  // namespace farmwall::ui
