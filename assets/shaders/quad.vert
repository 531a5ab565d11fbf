// A camera's picture without transparency, or the outside of a rounded corner.
layout(location = 0) in vec2 place;   // pixels, origin top left
layout(location = 1) in vec2 part;    // of the picture, 0-1, origin top left; CORNER: pixels from the arc's centre
layout(location = 2) in float shade;  // share of the tint, 0-1; CORNER: the arc's radius in pixels
layout(location = 3) in vec4 paint;   // the tint, or the plain colour
uniform vec2 screen;                 // size in pixels
out vec2 at;
out float tinted;
flat out vec3 tint;

void main() {
    at = part;
    tinted = shade;
    tint = paint.rgb;
    gl_Position = vec4(place.x * 2.0 / screen.x - 1.0, 1.0 - place.y * 2.0 / screen.y, 0.0, 1.0);
}
