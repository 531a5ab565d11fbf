#include "ui/picture_view.hpp"

#include <chrono>

#include "ui/text_format.hpp"

namespace farmwall::ui {
namespace {

using namespace std::chrono_literals;

// Key frames come every few seconds at most, the JPEG cameras' pictures every few seconds as well.
constexpr Duration longest_live = 10s;
constexpr Duration longest_slow = 30s;

// Until when the newest picture of a camera that is well may pass for what is so now.
std::optional<TimePoint> believed_until(const CameraState& camera, std::optional<TimePoint> newest) {
    if (!newest || !shows_now(camera.truth)) return std::nullopt;
    return *newest + (camera.truth == CameraTruth::live ? longest_live : longest_slow);
}

// What the age of the view counts from; nothing: no age is told.
std::optional<TimePoint> counted_from(const CameraState& camera, std::optional<TimePoint> newest,
                                      TimePoint now) {
    switch (camera.truth) {
        case CameraTruth::off:
            return std::nullopt;
        case CameraTruth::connecting:
        case CameraTruth::stale:
        case CameraTruth::no_signal:
            return newest ? newest : camera.last_picture;
        case CameraTruth::frozen:
            return camera.last_picture ? camera.last_picture : camera.since;
        case CameraTruth::dark:
            return camera.since;
        case CameraTruth::live:
        case CameraTruth::slow: {
            const auto until = believed_until(camera, newest);
            if (until && now >= *until) return newest;
            return std::nullopt;
        }
    }
    return std::nullopt;
}

}  // namespace

PictureView picture_view(const CameraState& camera, std::optional<TimePoint> newest, TimePoint now) {
    PictureView view;
    const auto from = counted_from(camera, newest, now);
    const bool left_over = shows_now(camera.truth) && from.has_value();
    view.truth = left_over ? CameraTruth::stale : camera.truth;
    view.shown = newest.has_value() && camera.truth != CameraTruth::off;
    view.doubtful = view.shown && !shows_now(view.truth);
    view.mark = word(view.truth);
    if (from) view.mark += " " + picture_age_text(now - *from);
    if (!shows_now(view.truth)) view.reason = sentence(camera.problem);
    return view;
}

std::optional<TimePoint> next_change(const CameraState& camera, std::optional<TimePoint> newest,
                                     TimePoint now) {
    if (const auto from = counted_from(camera, newest, now)) return now + picture_age_lasts(now - *from);
    if (const auto until = believed_until(camera, newest); until && *until > now) return until;
    return std::nullopt;
}

}  // namespace farmwall::ui
