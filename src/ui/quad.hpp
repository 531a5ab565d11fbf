#pragma once

#include <vector>

#include "camera/frame.hpp"
#include "ui/color.hpp"
#include "ui/geometry.hpp"

namespace farmwall::ui {

// Darkness over a picture, so that words on it can be read: from `top` at the upper edge to none, and
// from none to `bottom` below. Costs nothing more than the picture itself.
struct Scrim {
    Color color = {};
    float top = 0;             // share at the picture's upper edge
    float top_end = 0;         // pixels of the screen: none from here on
    float bottom = 0;          // share from `bottom_full` down
    float bottom_from = 1e9F;  // pixels of the screen: none down to here
    float bottom_full = 1e9F;

    [[nodiscard]] float at(float y, float upper_edge) const;
};

// In the order in which they are drawn, all below everything that ImGui draws.
enum class Layer {
    ground,   // plain colours
    picture,  // of cameras
    strip,    // plain colours, over pictures where they meet
    corners,  // what lies outside the box's rounded corners
};

// A rectangle without transparency: a plain colour, or a camera's picture. ImGui would blend it, at several
// times the cost without a GPU.
struct Quad {
    Layer layer = Layer::ground;
    Rect box = {};   // pixels of the screen
    Rect clip = {};  // nothing is drawn outside
    Color color = {};
    float radius = 0;                     // of corners
    camera::SharedFrame frame = nullptr;  // of a picture, never null there
    Rect part = {0, 0, 1, 1};             // of the frame
    bool doubtful = false;                // hatched, and a picture grey as well: not what is so now
    Scrim scrim = {};
};
using Quads = std::vector<Quad>;

struct PlacedPicture {
    Rect box;
    Rect part;  // of the picture, 0-1
};
// Where a picture of this size is drawn so that it fills the area: at most a fifth of it is cut off,
// evenly at both ends; one of another shape stands in the middle, whole.
[[nodiscard]] PlacedPicture place_picture(const Rect& area, int width, int height);

// What both rectangles cover; of no size when they do not meet.
[[nodiscard]] Rect common_part(const Rect& a, const Rect& b);

}  // namespace farmwall::ui
