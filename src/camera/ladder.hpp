#pragma once

#include <functional>
#include <optional>

#include "base/clock.hpp"
#include "model/camera_state.hpp"

namespace farmwall::camera {

// The waits between attempts at one camera: 1, 2, 5, 15, 60 s, each with jitter of up to a quarter less
// (never more), and back to the first after a minute of pictures. A refused login or certificate waits
// the longest step at once. Pure; one thread.
class Ladder {
public:
    // `random` gives numbers in [0, 1).
    explicit Ladder(std::function<double()> random);

    // An attempt ended like this: how long to wait for the next.
    [[nodiscard]] Duration next(CameraProblem problem, TimePoint now);
    // Pictures come, since this moment; call once a connection.
    void pictures_began(TimePoint now);
    // What to tell people: after five refusals of the port in a row `refused_often`, else `problem`.
    [[nodiscard]] CameraProblem told(CameraProblem problem) const;
    // Somebody wants it now, or what was wrong is mended: start anew.
    void reset();

private:
    std::function<double()> random_;
    unsigned step_ = 0;
    unsigned refusals_ = 0;
    std::optional<TimePoint> pictures_since_;
};

}  // namespace farmwall::camera
