#include <algorithm>
#include <cstdint>
#include <cstdio>
#include <cstring>
#include <functional>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include "base/clock.hpp"
#include "base/platform.hpp"
#include "base/text.hpp"
#include "camera/camera_decoder.hpp"
#include "camera/libav.hpp"
#include "camera/picture_board.hpp"
#include "clips.hpp"

extern "C" {
#include <libavcodec/avcodec.h>
}

// What decoding costs beside a loop of bare libavcodec on the same clip, interleaved A B B A:
//   bench-decode [--pairs 20] [--case NAME]
// One line a case: "NAME ratio median q1 q3".

namespace {

using namespace farmwall;
using namespace farmwall::camera;

std::uint32_t mixed(std::uint32_t value) {
    value = (value ^ (value >> 15)) * 2246822519U;
    value = (value ^ (value >> 13)) * 3266489917U;
    return value ^ (value >> 16);
}

// A chamber: a wall of soft texture that stands still, a head that moves before it, noise of a sensor.
clips::Rgb chamber(int x, int y, int number) {
    const int head = 300 + number * 11 % 1200;
    const bool in_head = x > head && x < head + 240 && y > 260 && y < 560;
    const auto grain = [](int column, int row) {
        return static_cast<int>(mixed(static_cast<std::uint32_t>(column * 7919 + row * 104729)) & 15U);
    };
    const int wall = 50 + grain(x / 12, y / 12) + grain(x / 3, y / 3) / 4 + (x + y) / 40;
    const auto seed = static_cast<std::uint32_t>((number * 1080 + y / 2) * 1920 + x / 2);
    const int noise = static_cast<int>(mixed(seed) & 15U);
    const int level = (in_head ? 160 + grain(x - head, y / 8) : wall) + noise;
    return {level + 6, level, level - 6};
}

// Bare libavcodec: one thread, every picture, nothing else.
class Bare {
public:
    Bare() : packet_{make_av_packet()}, frame_{make_av_frame()} {
        const AVCodec* kind = avcodec_find_decoder(AV_CODEC_ID_H264);
        codec_.reset(avcodec_alloc_context3(kind));
        codec_->thread_count = 1;
        codec_->flags |= AV_CODEC_FLAG_LOW_DELAY;
        if (avcodec_open2(codec_.get(), kind, nullptr) < 0) std::abort();
    }
    std::size_t run(const std::vector<Packet>& clip) {
        std::size_t count = 0;
        for (const Packet& one : clip) {
            std::vector<std::uint8_t> bytes;
            if (one.key) bytes.assign(one.parameters->view().begin(), one.parameters->view().end());
            bytes.insert(bytes.end(), one.bytes->view().begin(), one.bytes->view().end());
            av_new_packet(packet_.get(), static_cast<int>(bytes.size()));
            std::memcpy(packet_->data, bytes.data(), bytes.size());
            avcodec_send_packet(codec_.get(), packet_.get());
            av_packet_unref(packet_.get());
            while (avcodec_receive_frame(codec_.get(), frame_.get()) == 0)
                ++count;
        }
        return count;
    }

private:
    AvCodec codec_;
    AvPacket packet_;
    AvFrame frame_;
};

class Ours {
public:
    explicit Ours(DecodeOrder order) : order_{order} {}
    std::size_t run(const std::vector<Packet>& clip) {
        std::size_t count = 0;
        for (const Packet& one : clip) {
            if (order_.pacing.level == DecodeLevel::keys && !one.key && one.codec == Codec::h264) continue;
            made_.clear();
            decoder_.decode(one, order_, tools_, TimePoint{}, made_);
            for (CameraDecoder::Made& made : made_) {
                if (made.frame && board_.put(0, std::move(made.frame))) ++count;
            }
        }
        return count;
    }

private:
    DecodeOrder order_;
    PictureMemory memory_;
    PictureBoard board_{{Serial{"BENCH"}}};
    HardwareChoice hardware_{HardwareDecoding::off, memory_, std::nullopt};
    DecoderTools tools_{memory_};
    CameraDecoder decoder_{Serial{"BENCH"}, hardware_};
    std::vector<CameraDecoder::Made> made_;
};

double cpu_of(const std::function<std::size_t()>& work, std::size_t expected) {
    const double start = platform::thread_cpu_seconds();
    if (work() != expected) std::fprintf(stderr, "pictures are missing\n");
    return platform::thread_cpu_seconds() - start;
}

void compare(const char* name, int pairs, const std::vector<Packet>& clip, const DecodeOrder& order,
             std::size_t expected) {
    Bare bare;
    Ours ours{order};
    const auto a = [&] { return cpu_of([&] { return ours.run(clip); }, expected); };
    const auto b = [&] { return cpu_of([&] { return bare.run(clip); }, clip.size()); };
    a();
    b();
    std::vector<double> ratios;
    double sum_a = 0;
    double sum_b = 0;
    for (int i = 0; i < pairs; ++i) {
        const double first_a = a();
        const double first_b = b();
        const double second_b = b();
        const double second_a = a();
        ratios.push_back((first_a + second_a) / (first_b + second_b));
        sum_a += first_a + second_a;
        sum_b += first_b + second_b;
    }
    std::sort(ratios.begin(), ratios.end());
    const auto at = [&](double share) {
        return ratios[static_cast<std::size_t>(share * static_cast<double>(ratios.size() - 1))];
    };
    const double shown = 2000.0 / pairs;
    std::printf("%-22s ratio %.3f q1 %.3f q3 %.3f   ours %.2f ms a picture, bare %.2f\n", name, at(0.5),
                at(0.25), at(0.75), sum_a * shown / 4 / static_cast<double>(expected),
                sum_b * shown / 4 / static_cast<double>(clip.size()));
    std::fflush(stdout);
}

}  // namespace

int main(int count, char** words) {
    int pairs = 20;
    std::string only;
    for (int i = 1; i + 1 < count; i += 2) {
        if (std::string_view{words[i]} == "--pairs")
            pairs = static_cast<int>(parse_int(words[i + 1]).value_or(20));
        if (std::string_view{words[i]} == "--case") only = words[i + 1];
    }
    clips::Plan plan;
    plan.width = 1920;
    plan.height = 1080;
    plan.pictures = 30;
    plan.gop = 30;
    plan.bt709 = true;
    plan.preset = "veryfast";
    plan.quality = 27;
    const auto clip = clips::h264(plan, chamber);
    std::size_t bytes = 0;
    for (const Packet& packet : clip)
        bytes += packet.bytes->size();
    std::printf("clip: %zu pictures, key %zu KB, %.2f Mbit/s, machine %.0f pictures/s\n", clip.size(),
                clip[0].bytes->size() / 1000,
                static_cast<double>(bytes) * 8 / 1e6 * 30 / static_cast<double>(clip.size()),
                DecodePool::measure_machine());
    struct Case {
        const char* name;
        DecodeLevel level;
        int box;
        PixelLayout layout;
    };
    for (const auto& [name, level, box, layout] :
         {Case{"full_i420", DecodeLevel::full, 0, PixelLayout::i420},
          Case{"full_half_i420", DecodeLevel::full, 960, PixelLayout::i420},
          Case{"full_half_rgba", DecodeLevel::full, 960, PixelLayout::rgba},
          Case{"full_quarter_rgba", DecodeLevel::full, 480, PixelLayout::rgba},
          Case{"full_rgba", DecodeLevel::full, 0, PixelLayout::rgba},
          Case{"no_deblock_quarter", DecodeLevel::no_deblock, 480, PixelLayout::i420},
          Case{"keys_quarter_i420", DecodeLevel::keys, 480, PixelLayout::i420},
          Case{"keys_quarter_rgba", DecodeLevel::keys, 480, PixelLayout::rgba}}) {
        if (!only.empty() && only != name) continue;
        const std::size_t expected = level == DecodeLevel::keys ? 1 : clip.size();
        compare(name, pairs, clip, {{level, {}}, box, box * 9 / 16, layout}, expected);
    }
    return 0;
}
