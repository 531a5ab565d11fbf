#pragma once

#include <algorithm>
#include <array>
#include <cmath>
#include <cstdint>
#include <fstream>
#include <iterator>
#include <memory>
#include <string>
#include <vector>

#include "camera/picture_board.hpp"
#include "fake_farm.hpp"
#include "ui/color.hpp"
#include "ui/gl_quads.hpp"

// Pictures of invented cameras, every one the same each time.
namespace farmwall::test {

using Pixels = std::vector<std::uint8_t>;  // RGBA, rows from the top

inline camera::SharedFrame rgba_frame(const Serial& serial, int width, int height, Pixels pixels,
                                      TimePoint arrived, std::uint64_t number = 1) {
    auto kept = std::make_shared<const Pixels>(std::move(pixels));
    camera::Frame frame;
    frame.serial = serial;
    frame.number = number;
    frame.arrived = arrived;
    frame.width = frame.source_width = width;
    frame.height = frame.source_height = height;
    frame.layout = camera::PixelLayout::rgba;
    frame.planes[0] = {kept->data(), width * 4};
    frame.keeper = kept;
    return std::make_shared<const camera::Frame>(std::move(frame));
}

// The same as three planes: BT.601 over the full range, as JPEG has it, or BT.709 limited.
inline camera::SharedFrame i420_frame(const camera::Frame& rgba, bool full_range) {
    const double kr = full_range ? 0.299 : 0.2126;
    const double kb = full_range ? 0.114 : 0.0722;
    const double luma_span = full_range ? 255 : 219;
    const double chroma_span = full_range ? 255 : 224;
    const double black = full_range ? 0 : 16;
    const int half_width = (rgba.width + 1) / 2;
    const int half_height = (rgba.height + 1) / 2;
    const auto luma_size = static_cast<std::size_t>(rgba.width) * static_cast<std::size_t>(rgba.height);
    const auto chroma_size = static_cast<std::size_t>(half_width) * static_cast<std::size_t>(half_height);
    auto kept = std::make_shared<Pixels>(luma_size + 2 * chroma_size);
    const auto byte = [](double value) {
        return static_cast<std::uint8_t>(std::clamp(std::lround(value), 0L, 255L));
    };
    for (int y = 0; y < rgba.height; ++y) {
        for (int x = 0; x < rgba.width; ++x) {
            const std::uint8_t* p = rgba.planes[0].data + y * rgba.planes[0].stride + x * 4;
            const double r = p[0] / 255.0;
            const double g = p[1] / 255.0;
            const double b = p[2] / 255.0;
            const double luma = kr * r + (1 - kr - kb) * g + kb * b;
            (*kept)[static_cast<std::size_t>(y) * static_cast<std::size_t>(rgba.width) +
                    static_cast<std::size_t>(x)] = byte(black + luma * luma_span);
            const auto at = static_cast<std::size_t>(y / 2) * static_cast<std::size_t>(half_width) +
                            static_cast<std::size_t>(x / 2);
            (*kept)[luma_size + at] = byte(128 + (b - luma) / (2 * (1 - kb)) * chroma_span);
            (*kept)[luma_size + chroma_size + at] = byte(128 + (r - luma) / (2 * (1 - kr)) * chroma_span);
        }
    }
    camera::Frame frame = rgba;
    frame.layout = camera::PixelLayout::i420;
    frame.full_range = full_range;
    frame.source_height = full_range ? 720 : 1080;
    frame.planes = {camera::Plane{kept->data(), rgba.width},
                    camera::Plane{kept->data() + luma_size, half_width},
                    camera::Plane{kept->data() + luma_size + chroma_size, half_width}};
    frame.keeper = kept;
    return std::make_shared<const camera::Frame>(std::move(frame));
}

inline camera::SharedFrame solid_frame(const Serial& serial, ui::Color color, TimePoint arrived,
                                       std::uint64_t number = 1, int width = 320, int height = 180) {
    Pixels pixels;
    for (int i = 0; i < width * height; ++i)
        pixels.insert(pixels.end(), {color.r, color.g, color.b, 255});
    return rgba_frame(serial, width, height, std::move(pixels), arrived, number);
}

// A lit chamber with a plate, a gantry with its head and something printed; differs by `seed`.
inline camera::SharedFrame chamber_frame(const Serial& serial, unsigned seed, TimePoint arrived,
                                         int width = 640, int height = 360, std::uint64_t number = 1) {
    static constexpr std::array<ui::Color, 6> plastics{ui::Color{222, 222, 216, 255}, {206, 62, 48, 255},
                                                       {52, 104, 206, 255},           {60, 160, 92, 255},
                                                       {236, 186, 66, 255},           {38, 38, 42, 255}};
    const ui::Color plastic = plastics[seed % plastics.size()];
    const float head = 0.3F + 0.4F * static_cast<float>(seed * 37 % 100) / 100;
    const float rise = 0.10F + 0.24F * static_cast<float>(seed * 53 % 100) / 100;
    const float light = seed % 5 == 3 ? 0.55F : 1.0F;
    Pixels pixels(static_cast<std::size_t>(width) * static_cast<std::size_t>(height) * 4, 255);
    std::uint32_t noise = seed * 2654435761U + 1;
    for (int row = 0; row < height; ++row) {
        for (int column = 0; column < width; ++column) {
            const float x = static_cast<float>(column) / static_cast<float>(width);
            const float y = static_cast<float>(row) / static_cast<float>(height);
            const float glow = std::max(0.0F, 1 - std::hypot((x - 0.5F) * 1.1F, y - 0.05F) * 1.15F);
            ui::Color color{static_cast<std::uint8_t>(46 + 150 * glow),
                            static_cast<std::uint8_t>(47 + 146 * glow),
                            static_cast<std::uint8_t>(50 + 136 * glow), 255};
            const float plate_half = 0.26F + (y - 0.62F) * 0.62F;
            if (y > 0.62F && y < 0.94F && std::abs(x - 0.5F) < plate_half) {
                const bool grid = std::fmod((x - 0.5F) / plate_half * 6 + 12, 1.0F) < 0.06F ||
                                  std::fmod((y - 0.62F) * 22, 1.0F) < 0.08F;
                color = grid ? ui::Color{112, 104, 84, 255} : ui::Color{88, 80, 62, 255};
            }
            const float middle = 0.78F - rise;
            if (y > middle && y < 0.79F && std::abs(x - 0.5F) < 0.12F + 0.02F * std::sin(y * 90)) {
                color = ui::mix(plastic, {0, 0, 0, 255}, 0.35F * std::abs(x - 0.46F) / 0.12F);
            }
            if (std::abs(y - middle + 0.115F) < 0.018F) color = {150, 152, 156, 255};
            if (std::abs(x - head) < 0.055F && y > middle - 0.20F && y < middle - 0.02F)
                color = {32, 33, 36, 255};
            if (std::abs(x - head) < 0.02F && y > middle - 0.02F && y < middle) color = {190, 160, 90, 255};
            noise = noise * 1664525U + 1013904223U;
            const float grain = (static_cast<float>(noise >> 24) - 128) / 128 * 5;
            const auto put = [&](std::size_t channel, std::uint8_t value) {
                const float lit = std::clamp(static_cast<float>(value) * light + grain, 0.0F, 255.0F);
                pixels[(static_cast<std::size_t>(row) * static_cast<std::size_t>(width) +
                        static_cast<std::size_t>(column)) *
                           4 +
                       channel] = static_cast<std::uint8_t>(lit);
            };
            put(0, color.r);
            put(1, color.g);
            put(2, color.b);
        }
    }
    return rgba_frame(serial, width, height, std::move(pixels), arrived, number);
}

inline std::vector<Serial> serials_of(const FleetState& fleet) {
    std::vector<Serial> serials;
    for (const auto& printer : fleet.printers)
        serials.push_back(printer->serial);
    return serials;
}

inline CameraState camera_state(CameraTruth truth, CameraProblem problem = CameraProblem::none) {
    CameraState camera;
    camera.truth = truth;
    camera.problem = problem;
    camera.since = farm_now - std::chrono::seconds{40};
    return camera;
}

// The fleet with a camera a printer: by far most are well, and each truth is there among the first 17.
inline FleetSnapshot with_cameras(const FleetSnapshot& fleet) {
    auto next = std::make_shared<FleetState>(*fleet);
    for (std::size_t i = 0; i < fleet->printers.size(); ++i) {
        CameraState camera = camera_state(i % 2 == 0 ? CameraTruth::live : CameraTruth::slow);
        switch (i % 17) {
            case 3:
                camera = camera_state(CameraTruth::stale, CameraProblem::stalled);
                camera.last_picture = farm_now - std::chrono::seconds{12};
                break;
            case 5:
                camera = camera_state(CameraTruth::off, CameraProblem::liveview_off);
                break;
            case 6:
                camera = camera_state(CameraTruth::no_signal, CameraProblem::unreachable);
                camera.last_picture = farm_now - std::chrono::minutes{7};
                break;
            case 8:
                camera = camera_state(CameraTruth::frozen);
                break;
            case 10:
                camera = camera_state(CameraTruth::dark);
                break;
            case 14:
                camera = camera_state(CameraTruth::no_signal, CameraProblem::certificate_changed);
                break;
            case 15:
                camera = camera_state(CameraTruth::connecting);
                break;
            default:
                break;
        }
        next->cameras.push_back(std::make_shared<const CameraState>(std::move(camera)));
    }
    return next;
}

// A picture for every camera that has one to show, in the given layout.
inline void fill_board(camera::PictureBoard& board, const FleetState& fleet, camera::PixelLayout layout) {
    for (std::size_t i = 0; i < board.size(); ++i) {
        const CameraState& camera = camera_of(fleet, i);
        const bool never = camera.truth == CameraTruth::off || camera.truth == CameraTruth::connecting ||
                           camera.problem == CameraProblem::certificate_changed;
        if (never) continue;
        const TimePoint arrived = camera.last_picture.value_or(farm_now - std::chrono::milliseconds{300});
        auto frame = chamber_frame(board.serial(i), static_cast<unsigned>(i), arrived);
        if (layout == camera::PixelLayout::i420) frame = i420_frame(*frame, i % 2 == 1);
        board.put(i, std::move(frame));
        camera::CameraStats stats;
        stats.kind = i % 2 == 0 ? "RTSPS" : "JPEG";
        stats.decoder = i % 2 == 0 ? "software" : "turbo";
        stats.level = i % 3 == 0 ? camera::DecodeLevel::full : camera::DecodeLevel::keys;
        stats.source_width = i % 2 == 0 ? 1920 : 1280;
        stats.source_height = i % 2 == 0 ? 1080 : 720;
        stats.packets_per_second = i % 2 == 0 ? 30 : 0.8;
        stats.decoded_per_second = i % 3 == 0 ? 29.8 : 1;
        stats.decode_ms = 2.6;
        stats.connects = 1 + i % 3;
        stats.ring_bytes = 22'000'000;
        stats.late = i % 7 == 4 ? 12 : 0;
        board.set_stats(i, stats);
    }
    camera::DecoderStats decoder;
    decoder.decoder = "software (no VAAPI device)";
    decoder.machine_speed = 205;
    decoder.budget_cores = 1;
    decoder.load_cores = 0.31;
    decoder.clips = 3;
    decoder.clip_bytes = 41'000'000;
    board.set_decoder_stats(decoder);
}

// The shaders as the program has them.
inline ui::QuadShaders shaders_from_assets() {
    const auto read = [](const std::string& name) {
        for (const char* folder : {"../assets/", "../../assets/", "assets/"}) {
            std::ifstream file{folder + name};
            if (file) return std::string{std::istreambuf_iterator<char>{file}, {}};
        }
        return std::string{};
    };
    return {read("shaders/quad.vert"), read("shaders/quad.frag")};
}

}  // namespace farmwall::test
