#pragma once

#include <filesystem>
#include <optional>
#include <string>
#include <vector>

#include "base/clock.hpp"
#include "camera/packet.hpp"

// Pictures that tell which one they are, and a reader that knows nothing of how clips are written.
namespace farmwall::testing {

// The luma (limited range) of picture `number`: it grows by two a picture.
inline int luma_of(int number) { return 30 + 2 * number; }

struct Film {
    int pictures = 60;
    int group = 10;  // from key frame to key frame
    int width = 64;
    int height = 48;
    bool parameters_in_band = false;  // besides beside the stream
    Duration period = std::chrono::milliseconds{100};
};
// H.264 by libx264: as a camera would send it from `begin` on.
[[nodiscard]] std::vector<camera::Packet> h264_film(const Film& film, TimePoint begin);
// The same as JPEG pictures.
[[nodiscard]] std::vector<camera::Packet> jpeg_film(const Film& film, TimePoint begin);

struct ReadPicture {
    double seconds = 0;
    bool key = false;
    double mean_luma = 0;  // 0-255, in the range of the stream
    int width = 0;
    int height = 0;
};
struct ReadClip {
    std::string format;
    std::string codec;
    int width = 0;
    int height = 0;
    std::size_t packets = 0;
    std::vector<ReadPicture> pictures;
};
// Opens and decodes the whole file with libavformat; nothing when that fails anywhere.
[[nodiscard]] std::optional<ReadClip> read_clip(const std::filesystem::path& file);

}  // namespace farmwall::testing
