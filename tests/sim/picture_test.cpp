#include <doctest/doctest.h>
#include <turbojpeg.h>

extern "C" {
#include <libavcodec/avcodec.h>
}

#include <cstdlib>
#include <memory>

#include "bench.hpp"
#include "sim/picture/h264_encoder.hpp"
#include "sim/picture/jpeg_encoder.hpp"
#include "sim/picture/painter.hpp"
#include "sim/picture/strip.hpp"

using namespace sim_test;

namespace {

constexpr Size usual{1280, 720};

// One byte a pixel.
struct Luma {
    Size size;
    std::vector<std::uint8_t> bytes;
    [[nodiscard]] std::optional<StripData> strip() const {
        return read_strip(bytes.data(), size.width, size.height, size.width);
    }
    [[nodiscard]] double mean() const {
        double sum = 0;
        for (const std::uint8_t byte : bytes)
            sum += byte;
        return sum / static_cast<double>(bytes.size());
    }
    // Each pixel the mean of four by four.
    [[nodiscard]] Luma quarter() const {
        Luma small{{size.width / 4, size.height / 4}, {}};
        for (int y = 0; y < small.size.height; ++y)
            for (int x = 0; x < small.size.width; ++x) {
                int sum = 0;
                for (int i = 0; i < 16; ++i)
                    sum += bytes[static_cast<std::size_t>((4 * y + i / 4) * size.width + 4 * x + i % 4)];
                small.bytes.push_back(static_cast<std::uint8_t>(sum / 16));
            }
        return small;
    }
};

Luma luma_of(const Canvas& canvas) {
    Luma luma{canvas.size(), {}};
    for (int y = 0; y < luma.size.height; ++y)
        for (int x = 0; x < luma.size.width; ++x) {
            const std::uint32_t p = canvas.row(y)[x];
            luma.bytes.push_back(static_cast<std::uint8_t>(
                ((p >> 16 & 255) * 218 + (p >> 8 & 255) * 732 + (p & 255) * 74) / 1024));
        }
    return luma;
}

Luma decoded_jpeg(const std::vector<std::uint8_t>& bytes) {
    Luma luma;
    void* handle = tjInitDecompress();
    int subsampling = 0;
    int space = 0;
    const auto size = static_cast<unsigned long>(bytes.size());  // NOLINT(google-runtime-int): the library's
    REQUIRE(tjDecompressHeader3(handle, bytes.data(), size, &luma.size.width, &luma.size.height, &subsampling,
                                &space) == 0);
    luma.bytes.resize(static_cast<std::size_t>(luma.size.width) * static_cast<std::size_t>(luma.size.height));
    CHECK(tjDecompress2(handle, bytes.data(), size, luma.bytes.data(), luma.size.width, 0, luma.size.height,
                        TJPF_GRAY, 0) == 0);
    tjDestroy(handle);
    return luma;
}

class VideoDecoder {
public:
    VideoDecoder() {
        const AVCodec* codec = avcodec_find_decoder(AV_CODEC_ID_H264);
        REQUIRE(codec != nullptr);
        context_ = avcodec_alloc_context3(codec);
        context_->thread_count = 1;
        context_->flags |= AV_CODEC_FLAG_LOW_DELAY;
        REQUIRE(avcodec_open2(context_, codec, nullptr) == 0);
    }
    ~VideoDecoder() {
        av_frame_free(&frame_);
        av_packet_free(&packet_);
        avcodec_free_context(&context_);
    }
    VideoDecoder(const VideoDecoder&) = delete;
    VideoDecoder& operator=(const VideoDecoder&) = delete;

    Luma decode(std::vector<std::uint8_t> bytes) {
        const auto size = static_cast<int>(bytes.size());
        bytes.resize(bytes.size() + AV_INPUT_BUFFER_PADDING_SIZE);
        packet_->data = bytes.data();
        packet_->size = size;
        REQUIRE(avcodec_send_packet(context_, packet_) == 0);
        REQUIRE(avcodec_receive_frame(context_, frame_) == 0);
        Luma luma{{frame_->width, frame_->height}, {}};
        for (int y = 0; y < frame_->height; ++y) {
            const std::uint8_t* row = frame_->data[0] + static_cast<std::ptrdiff_t>(y) * frame_->linesize[0];
            luma.bytes.insert(luma.bytes.end(), row, row + frame_->width);
        }
        return luma;
    }

private:
    AVCodecContext* context_ = nullptr;
    AVPacket* packet_ = av_packet_alloc();
    AVFrame* frame_ = av_frame_alloc();
};

Scene printing(double share, Model model = Model::x1c) {
    Bench bench{model};
    bench.machine().start_printing_at(static_cast<int>(share * 100));
    Scene scene = scene_of(bench.machine(), "X1C 01", 5);
    scene.light = true;
    scene.filaments = {{0.05F, 0.9F, 0.1F}};
    return scene;
}

// Of the colour that printing() prints with, which nothing else has.
int object_pixels(const Canvas& canvas) {
    int count = 0;
    for (int y = 0; y < canvas.size().height; ++y)
        for (int x = 0; x < canvas.size().width; ++x) {
            const std::uint32_t p = canvas.row(y)[x];
            const auto red = static_cast<int>(p >> 16 & 255);
            const auto green = static_cast<int>(p >> 8 & 255);
            const auto blue = static_cast<int>(p & 255);
            if (green > 40 && green > 3 * red && green > 3 * blue) ++count;
        }
    return count;
}

Luma picture(const Scene& scene, std::uint32_t frame = 7) {
    Painter painter{usual, {}};
    (void)painter.paint(scene, frame, 1.5, "2030-01-02 03:04:05");
    return luma_of(painter.canvas());
}

}  // namespace

TEST_CASE("strip: sync, printer, frame and CRC stand where the layout says") {
    CHECK(crc8(std::array<std::uint8_t, 9>{'1', '2', '3', '4', '5', '6', '7', '8', '9'}) == 0xF4);
    const auto blocks = strip_of({0x1234, 0xABCDEF});
    std::uint64_t all = 0;
    for (const bool white : blocks)
        all = all << 1 | (white ? 1U : 0U);
    CHECK((all >> 56) == 0b10110010);
    CHECK((all >> 40 & 0xFFFF) == 0x1234);
    CHECK((all >> 16 & 0xFFFFFF) == 0xABCDEF);
    CHECK((all >> 8 & 0xFF) == crc8(std::array<std::uint8_t, 5>{0x12, 0x34, 0xAB, 0xCD, 0xEF}));
    CHECK((all & 0xFF) == 0b01001101);
    CHECK(read_strip(blocks) == StripData{0x1234, 0xABCDEF});
}

TEST_CASE("strip: one wrong block is noticed") {
    const auto good = strip_of({3, 77});
    for (std::size_t i = 0; i < good.size(); ++i) {
        auto wrong = good;
        wrong[i] = !wrong[i];
        CHECK_FALSE(read_strip(wrong));
    }
}

TEST_CASE("picture: the strip reads in every state, at full size and at a quarter of it") {
    std::vector<Scene> scenes{printing(0.4), printing(0.99), printing(0.4, Model::a1),
                              printing(0.1, Model::h2d)};
    for (const Model model : {Model::x1c, Model::a1_mini}) {
        Bench bench{model};
        scenes.push_back(scene_of(bench.machine(), "idle", 65535));
        bench.machine().start_printing_at(50);
        bench.machine().pause(16);
        scenes.push_back(scene_of(bench.machine(), "paused", 0));
        bench.machine().stop(false);
        scenes.push_back(scene_of(bench.machine(), "stopped", 1));
        bench.machine().start_printing_at(99);
        bench.machine().finish();
        scenes.push_back(scene_of(bench.machine(), "finished", 2));
    }
    for (const bool light : {true, false})
        for (Scene scene : scenes) {
            scene.light = light;
            CAPTURE(scene.name);
            const Luma luma = picture(scene, 0x123456);
            const StripData expected{scene.number, 0x123456};
            CHECK(luma.strip() == expected);
            CHECK(luma.quarter().strip() == expected);
        }
}

TEST_CASE("picture: the strip survives both compressions, and a quarter of the size after them") {
    const Scene scene = printing(0.6);
    Painter still{usual, {strip_black_luma * 0x010101U, strip_white_luma * 0x010101U}};
    (void)still.paint(scene, 4711, 2, "");
    const auto bytes = to_jpeg(still.canvas(), 82);
    REQUIRE(bytes.size() > 4);
    CHECK(bytes[0] == 0xFF);
    CHECK(bytes[1] == 0xD8);
    CHECK(bytes[bytes.size() - 2] == 0xFF);
    CHECK(bytes.back() == 0xD9);
    const Luma jpeg = decoded_jpeg(bytes);
    CHECK(jpeg.strip() == StripData{5, 4711});
    CHECK(jpeg.quarter().strip() == StripData{5, 4711});
    CHECK(std::abs(jpeg.bytes[(720 - 20) * 1280 + 10] - strip_white_luma) <= 4);
    CHECK(std::abs(jpeg.bytes[(720 - 20) * 1280 + 30] - strip_black_luma) <= 4);

    auto encoder = H264Encoder::open(usual, 10);
    REQUIRE(encoder.ok());
    VideoDecoder decoder;
    Painter moving{usual, {}};
    for (std::uint32_t frame = 1; frame <= 12; ++frame) {
        Scene grown = scene;
        grown.height += 0.01F * static_cast<float>(frame);
        const Areas& changed = moving.paint(grown, frame, 0.1 * frame, "");
        const Luma video = decoder.decode(encoder.value().encode(moving.canvas(), changed, frame == 1));
        CHECK(video.strip() == StripData{5, frame});
        CHECK(video.quarter().strip() == StripData{5, frame});
        CHECK(std::abs(video.bytes[(720 - 20) * 1280 + 10] - strip_white_luma) <= 4);
        CHECK(std::abs(video.bytes[(720 - 20) * 1280 + 30] - strip_black_luma) <= 4);
    }
}

TEST_CASE("picture: the object grows with the print, whatever its shape") {
    for (const Model model : {Model::x1c, Model::a1})
        for (std::uint64_t shape = 0; shape < 8; ++shape) {
            CAPTURE(shape);
            int before = -1;
            for (const double share : {0.0, 0.1, 0.35, 0.6, 0.85}) {
                Scene scene = printing(share, model);
                scene.shape = shape;
                Painter painter{{640, 360}, {}};
                (void)painter.paint(scene, 1, 1, "");
                const int pixels = object_pixels(painter.canvas());
                CHECK(pixels > before);
                before = pixels;
            }
        }
}

TEST_CASE("picture: without light it is dim, a dark camera sees next to nothing, its strip included") {
    for (const Model model : {Model::x1c, Model::a1}) {
        Scene scene = printing(0.5, model);
        const double bright = picture(scene).mean();
        scene.light = false;
        const double dim = picture(scene).mean();
        scene.dark = true;
        const Luma dark = picture(scene);
        CHECK(bright > 1.3 * dim);
        CHECK(dim > 18);
        CHECK(dark.mean() < 6);
        CHECK_FALSE(dark.strip());
    }
}

TEST_CASE("picture: what changed between two pictures lies inside the areas it names") {
    for (const Model model : {Model::x1c, Model::a1}) {
        Painter painter{{640, 360}, {}};
        Scene scene = printing(0.3, model);
        (void)painter.paint(scene, 1, 0, "12:00:00");
        for (std::uint32_t frame = 2; frame < 14; ++frame) {
            const Canvas before = painter.canvas();
            if (frame % 3 == 0) scene.height += 0.03F;
            scene.dark = frame == 7;
            scene.light = frame < 10;
            scene.working = frame < 12;
            const Areas changed = painter.paint(scene, frame, 0.2 * frame, "12:00:01");
            int missed = 0;
            for (int y = 0; y < 360; ++y)
                for (int x = 0; x < 640; ++x) {
                    if (before.row(y)[x] == painter.canvas().row(y)[x]) continue;
                    bool named = false;
                    for (const Rect& area : changed)
                        named = named || (x >= area.x && y >= area.y && x < area.x + area.width &&
                                          y < area.y + area.height);
                    if (!named) ++missed;
                }
            CAPTURE(frame);
            CHECK(missed == 0);
        }
    }
}

TEST_CASE("picture: a picture drawn from the one before is the one drawn afresh") {
    for (const Model model : {Model::p1s, Model::a1_mini}) {
        Painter painter{{640, 360}, {}};
        Scene scene = printing(0.2, model);
        for (std::uint32_t frame = 1; frame < 9; ++frame) {
            scene.height += 0.05F;
            scene.light = frame != 4;
            scene.dark = frame == 6;
            (void)painter.paint(scene, frame, 0.3 * frame, "x");
        }
        Painter fresh{{640, 360}, {}};
        (void)fresh.paint(scene, 8, 0.3 * 8, "x");
        bool same = true;
        for (int y = 0; y < 360; ++y)
            for (int x = 0; x < 640; ++x)
                same = same && painter.canvas().row(y)[x] == fresh.canvas().row(y)[x];
        CHECK(same);
    }
}

TEST_CASE("scene: an idle printer's plate is empty, a stopped print stays on it") {
    Bench bench{Model::p1s};
    CHECK_FALSE(scene_of(bench.machine(), "a", 0).has_object);
    bench.machine().start_printing_at(40);
    const Scene running = scene_of(bench.machine(), "a", 0);
    CHECK(running.has_object);
    CHECK(running.working);
    CHECK(running.height == doctest::Approx(0.4));
    bench.machine().stop(false);
    const Scene stopped = scene_of(bench.machine(), "a", 0);
    CHECK(stopped.has_object);
    CHECK_FALSE(stopped.working);
    bench.machine().start_printing_at(99);
    bench.machine().finish();
    CHECK(scene_of(bench.machine(), "a", 0).height == 1);
}
