// One rectangle without transparency: a plain colour or a camera's picture.
layout(location = 0) in vec2 place;  // pixels, origin top left
layout(location = 1) in vec2 part;   // of the picture, 0-1, origin top left
layout(location = 2) in float shade; // share of the tint, 0-1
uniform vec2 screen;                 // size in pixels
out vec2 at;
out float tinted;

void main() {
    at = part;
    tinted = shade;
    gl_Position = vec4(place.x * 2.0 / screen.x - 1.0, 1.0 - place.y * 2.0 / screen.y, 0.0, 1.0);
}
