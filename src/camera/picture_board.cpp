#include "camera/picture_board.hpp"

#include <algorithm>
#include <utility>

namespace farmwall::camera {

std::string_view word(DecodeLevel level) {
    switch (level) {
        case DecodeLevel::discard:
            return "read only";
        case DecodeLevel::keys:
            return "key frames";
        case DecodeLevel::no_deblock:
            return "all, not deblocked";
        case DecodeLevel::full:
            return "all";
    }
    return "";
}

PictureBoard::PictureBoard(std::vector<Serial> serials) : serials_{std::move(serials)} {
    for (std::size_t i = 0; i < serials_.size(); ++i)
        slots_.push_back(std::make_unique<FrameSlot>());
    shared_.with([&](Shared& shared) { shared.stats.resize(serials_.size()); });
}

void PictureBoard::wish(const std::string& viewer, std::vector<PictureWish> wishes) {
    wishes.resize(wishes.empty() ? 0 : serials_.size());
    const bool changed = shared_.with([&](Shared& shared) {
        const auto known = shared.wishes.find(viewer);
        if (wishes.empty()) {
            if (known == shared.wishes.end()) return false;
            shared.wishes.erase(known);
            return true;
        }
        if (known != shared.wishes.end() && known->second == wishes) return false;
        shared.wishes[viewer] = std::move(wishes);
        return true;
    });
    if (changed && on_wish_) on_wish_();
}

std::vector<PictureWish> PictureBoard::wishes() const {
    std::vector<PictureWish> together(serials_.size());
    shared_.with([&](const Shared& shared) {
        for (const auto& [viewer, wishes] : shared.wishes) {
            for (std::size_t i = 0; i < wishes.size() && i < together.size(); ++i) {
                together[i].width = std::max(together[i].width, wishes[i].width);
                together[i].height = std::max(together[i].height, wishes[i].height);
                together[i].focused |= wishes[i].focused;
                together[i].attention |= wishes[i].attention;
            }
        }
    });
    return together;
}

void PictureBoard::set_layout(PixelLayout layout) {
    const bool changed =
        shared_.with([&](Shared& shared) { return std::exchange(shared.layout, layout) != layout; });
    if (changed && on_wish_) on_wish_();
}

PixelLayout PictureBoard::layout() const {
    return shared_.with([](const Shared& shared) { return shared.layout; });
}

CameraStats PictureBoard::stats(std::size_t camera) const {
    return shared_.with([&](const Shared& shared) { return shared.stats[camera]; });
}

void PictureBoard::set_stats(std::size_t camera, CameraStats stats) {
    shared_.with([&](Shared& shared) { std::swap(shared.stats[camera], stats); });
}

DecoderStats PictureBoard::decoder_stats() const {
    return shared_.with([](const Shared& shared) { return shared.decoder; });
}

void PictureBoard::set_decoder_stats(DecoderStats stats) {
    shared_.with([&](Shared& shared) { std::swap(shared.decoder, stats); });
}

bool PictureBoard::put(std::size_t camera, SharedFrame frame) {
    if (!frame || frame->serial != serials_[camera]) return false;
    slots_[camera]->put(std::move(frame));
    if (on_frame_) on_frame_(camera);
    return true;
}

void PictureBoard::clear(std::size_t camera) {
    slots_[camera]->put(nullptr);
    if (on_frame_) on_frame_(camera);
}

}  // namespace farmwall::camera
