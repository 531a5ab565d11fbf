#pragma once

#include <functional>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "ui/screens.hpp"

namespace farmwall::ui {

// A button of a row of them.
struct Key {
    std::string id;
    std::string label;
    std::string_view icon = {};
    std::string why = {};  // it is disabled; empty: it is not
    bool primary = false;
    bool danger = false;
    bool chosen = false;
    Duration hold{};           // 0: a press is enough
    std::string subject = {};  // of a hold: what it is for
};

// Draws from top to bottom in a box of any height, or only measures it.
class Pen {
public:
    static constexpr float between = 8;  // lines and buttons, pixels at 96 dpi

    Pen(const Frame& frame, const Rect& box, bool draw) : frame_{&frame}, box_{box}, y_{box.y}, draw_{draw} {}

    void heading(std::string_view text);
    void caption(std::string_view text);
    void say(std::string_view text, Color color, int most_lines = 3);
    // Side by side, as many as fit; below them why some are disabled. The index of the pressed one.
    std::optional<std::size_t> keys(const std::vector<Key>& list, float least_width = 116);
    // As many boxes as there are things, side by side as far as they fit; `visit` gets each, also while it is
    // only measured.
    void boxes(std::size_t count, float least_width,
               const std::function<void(std::size_t index, const Rect& box)>& visit);
    // − value +; by how much it is changed, 0 or ±1.
    int stepper(const std::string& id, std::string_view label, std::string_view value, bool less, bool more);
    // Words that a person types; true when they changed.
    bool field(const std::string& id, std::string& text, std::string_view hint);
    Rect room(float height);
    void gap(float height) { y_ += px(height); }

    [[nodiscard]] float px(float size) const { return frame_->widgets.px(size); }
    [[nodiscard]] float height() const;
    [[nodiscard]] float y() const { return y_; }
    [[nodiscard]] bool draws() const { return draw_; }
    [[nodiscard]] const Frame& frame() const { return *frame_; }
    [[nodiscard]] Canvas canvas() const { return frame_->widgets.canvas(); }

private:
    bool key_at(const Rect& box, const Key& key);
    void say_why(const std::vector<Key>& list);

    const Frame* frame_;
    Rect box_;
    float y_;
    bool draw_;
};

// Sends the intent; where it was not taken, `note` says so.
bool send(const Frame& frame, Intent intent, std::string& note, std::string_view done = {});

// An opaque card below everything that ImGui draws, so that pictures can lie on it; the box for its content.
Rect ground_card(const Frame& frame, const Rect& box, std::string_view title = {});
// A square of the filament's colour, with a line around it.
void draw_swatch(const Canvas& canvas, const Rect& box, std::string_view hex);
// The pass, warn and refuse of a check: a tick, a triangle, a cross.
void draw_verdict(const Canvas& canvas, Verdict verdict, Vec2 center, float radius);
// A child window that scrolls; `fill` returns where its content ends.
void scrolled(const Frame& frame, const char* id, const Rect& box,
              const std::function<float(Vec2 top)>& fill);

}  // namespace farmwall::ui
