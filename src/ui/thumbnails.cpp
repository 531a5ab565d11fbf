#include "ui/thumbnails.hpp"

#include <png.h>

#include <algorithm>
#include <utility>
#include <vector>

namespace farmwall::ui {
namespace {

constexpr unsigned most_side = 1024;

std::string key_of(const Job& job, int plate) {
    const std::string& file = job.sliced->sha256.empty() ? job.id.value : job.sliced->sha256;
    return "thumbnail:" + file + "/" + std::to_string(plate);
}

}  // namespace

camera::SharedFrame decode_thumbnail(const std::string& png, const std::string& key, Color ground) {
    png_image image{};
    image.version = PNG_IMAGE_VERSION;
    if (png_image_begin_read_from_memory(&image, png.data(), png.size()) == 0) return nullptr;
    const bool fits =
        image.width >= 1 && image.height >= 1 && image.width <= most_side && image.height <= most_side;
    if (!fits) {
        png_image_free(&image);
        return nullptr;
    }
    image.format = PNG_FORMAT_RGBA;
    auto pixels = std::make_shared<std::vector<png_byte>>(PNG_IMAGE_SIZE(image));
    if (png_image_finish_read(&image, nullptr, pixels->data(), 0, nullptr) == 0) return nullptr;
    const png_byte under[3] = {ground.r, ground.g, ground.b};
    for (std::size_t i = 0; i + 3 < pixels->size(); i += 4) {
        const unsigned alpha = (*pixels)[i + 3];
        for (std::size_t c = 0; c < 3; ++c)
            (*pixels)[i + c] =
                static_cast<png_byte>(((*pixels)[i + c] * alpha + under[c] * (255 - alpha)) / 255);
        (*pixels)[i + 3] = 255;
    }
    camera::Frame frame;
    frame.serial = Serial{key};
    frame.number = 1;
    frame.width = frame.source_width = static_cast<int>(image.width);
    frame.height = frame.source_height = static_cast<int>(image.height);
    frame.layout = camera::PixelLayout::rgba;
    frame.planes[0] = {pixels->data(), frame.width * 4};
    frame.keeper = std::move(pixels);
    return std::make_shared<const camera::Frame>(std::move(frame));
}

void Thumbnails::begin_frame() {
    ++frame_number_;
    decoded_ = pending_ = false;
}

camera::SharedFrame Thumbnails::get(const Job& job, int plate, Color ground) {
    if (job.sliced == nullptr) return nullptr;
    const SlicedPlate* const sliced = find_plate(*job.sliced, plate);
    if (sliced == nullptr || sliced->thumbnail_png == nullptr) return nullptr;
    const std::string key = key_of(job, plate);
    const auto found = kept_.find(key);
    if (found != kept_.end()) {
        found->second.used = frame_number_;
        return found->second.frame;
    }
    if (decoded_) {
        pending_ = true;
        return nullptr;
    }
    decoded_ = true;
    if (kept_.size() >= most_kept) make_room();
    Kept& made = kept_[key];
    made = {sliced->thumbnail_png, decode_thumbnail(*sliced->thumbnail_png, key, ground), frame_number_};
    return made.frame;
}

void Thumbnails::make_room() {
    const auto oldest = std::min_element(kept_.begin(), kept_.end(), [](const auto& a, const auto& b) {
        return a.second.used < b.second.used;
    });
    kept_.erase(oldest);
}

}  // namespace farmwall::ui
