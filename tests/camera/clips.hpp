#pragma once

#include <cstdint>
#include <functional>
#include <string>
#include <vector>

#include "camera/frame.hpp"
#include "camera/packet.hpp"

// Streams and pictures made for a test, and what is read from decoded ones.
namespace clips {

struct Rgb {
    int red = 0;
    int green = 0;
    int blue = 0;
};
// The colour of the pixel (x, y) of picture `number`.
using Painter = std::function<Rgb(int x, int y, int number)>;

struct Plan {
    int width = 640;
    int height = 360;
    int pictures = 30;
    int gop = 10;
    bool bt709 = false;  // else BT.601
    bool full_range = false;
    bool say_colors = true;  // in the stream
    std::string preset = "ultrafast";
    int quality = 20;  // x264's crf
    int slices = 1;    // a picture
    farmwall::TimePoint start{std::chrono::hours{1}};
    farmwall::Duration period = std::chrono::milliseconds{33};
};

// False where this libavcodec cannot encode H.264; such tests say so and end.
bool can_encode();
std::vector<farmwall::camera::Packet> h264(const Plan& plan, const Painter& paint);

enum class Sampling { s444, s422, s420, grey, s440, s411 };
farmwall::camera::Packet jpeg(int width, int height, Sampling sampling, int number, const Painter& paint,
                              farmwall::TimePoint arrived = farmwall::TimePoint{std::chrono::hours{1}});

// Grey, with the picture's number as 16 black and white fields in its upper quarter.
Painter counter(int width, int height);
int read_counter(const farmwall::camera::Frame& frame);

// Red, green and blue from left to right.
Rgb card(int x, int width);
// The middle of the third from the left, 0 to 2, back in RGB.
Rgb read_card(const farmwall::camera::Frame& frame, int third);
bool alike(const Rgb& a, const Rgb& b, int tolerance);
// Width and height of a JPEG.
std::pair<int, int> jpeg_size(const farmwall::camera::Bytes& bytes);

}  // namespace clips
