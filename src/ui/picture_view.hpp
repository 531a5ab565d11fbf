#pragma once

#include <optional>
#include <string>

#include "base/clock.hpp"
#include "model/camera_state.hpp"

namespace farmwall::ui {

// What is said of a camera's picture, as it is drawn.
struct PictureView {
    CameraTruth truth = CameraTruth::off;
    bool shown = false;     // there is a picture, and it may be drawn
    bool doubtful = false;  // it is not what is so now: grey and hatched, with its age
    std::string mark;       // "LIVE", "SLOW", "STALE 12 s", "NO SIGNAL 3 min"
    std::string reason;     // one sentence: what is wrong and what to do; empty while pictures come
    friend bool operator==(const PictureView&, const PictureView&) = default;
};

// `newest` is when the picture that would be drawn arrived; nothing: there is none. A picture that is
// older than its camera's truth allows is not called live: it may be left over from when nobody looked.
[[nodiscard]] PictureView picture_view(const CameraState& camera, std::optional<TimePoint> newest,
                                       TimePoint now);
// When the view changes next although neither camera nor picture does; nothing: never.
[[nodiscard]] std::optional<TimePoint> next_change(const CameraState& camera, std::optional<TimePoint> newest,
                                                   TimePoint now);

}  // namespace farmwall::ui
