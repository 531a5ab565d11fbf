#include "ui/pacer.hpp"

namespace farmwall::ui {
namespace {

using namespace std::chrono_literals;

// One to see the input, one to act on it, one to show what came of it.
constexpr int frames_after_input = 3;
constexpr Duration attention = 1s;

constexpr Duration a_frame(int per_second) { return Duration{1s} / per_second; }

}  // namespace

void Pacer::input(TimePoint now) {
    last_input_ = now;
    owed_ = frames_after_input;
}

void Pacer::ran(TimePoint now) {
    last_frame_ = now;
    if (owed_ > 0) --owed_;
}

TimePoint Pacer::earliest(TimePoint now) const {
    const bool watched = now - last_input_ < attention;
    const int per_second = watched ? (software_gl_ ? 30 : 60) : (software_gl_ ? 15 : 30);
    return last_frame_ + a_frame(per_second);
}

}  // namespace farmwall::ui
