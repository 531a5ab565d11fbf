#pragma once

#include <string>

#include "base/clock.hpp"
#include "ui/widgets.hpp"

namespace farmwall::ui {

// What a hand does that takes longer than a press: to hold, and to drag. One at a time, as there is one
// pointer; a finger is one too. Lives between frames.
class Gestures {
public:
    // Around the drawing of a frame: a gesture whose widget was not drawn is over and did nothing.
    void begin_frame();
    void end_frame();
    // The same at once.
    void drop();
    // Something fills or moves: frames are to be drawn.
    [[nodiscard]] bool active() const { return !id_.empty(); }

    struct Hold {
        Duration needed{};
        // What it is held for; another text than at the begin, and the hand must come down again.
        std::string subject;
        TimePoint now{};
    };
    // A button that does its work only when held so long, once; its ring fills meanwhile. Letting go, sliding
    // off and being disabled end it. True in the frame in which it is done.
    bool hold(const Widgets& widgets, const std::string& id, const Rect& box, Widgets::ButtonLook look,
              const Hold& wanted);

    struct Slider {
        int most = 100;
        int least_above_zero = 0;  // between it and 0 is nothing
        int step = 1;
        int shown = 0;     // unless it is dragged
        int reported = 0;  // marked
        Color color;
        bool enabled = true;
    };
    struct Slid {
        int value = 0;  // to be shown
        bool dragged = false;
        bool released = false;  // in this frame, at `value`
    };
    // What is reported meanwhile does not move it. A press without a movement changes nothing.
    Slid slide(const Widgets& widgets, const std::string& id, const Rect& box, const Slider& slider);

private:
    [[nodiscard]] bool mine(const std::string& id) const { return id_ == id; }
    void begin(const std::string& id);

    std::string id_;  // of the widget in hand; empty: none
    bool drawn_ = false;
    std::string subject_;
    Duration held_{};
    TimePoint last_{};
    bool spent_ = false;  // nothing more before the hand lets go
    int value_ = 0;
    float from_x_ = 0;
    bool moved_ = false;
};

// What a slider takes for `share` of its way, 0-1.
[[nodiscard]] int slider_value(const Gestures::Slider& slider, float share);

}  // namespace farmwall::ui
