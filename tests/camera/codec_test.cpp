#include <doctest/doctest.h>

#include <cstdint>
#include <random>
#include <vector>

#include "camera/h264_decoder.hpp"
#include "camera/jpeg_codec.hpp"
#include "camera/picture_memory.hpp"
#include "camera/picture_planes.hpp"
#include "clips.hpp"

using namespace farmwall;
using namespace farmwall::camera;

namespace {

SharedBytes cut(const Packet& packet, std::size_t length) {
    const auto view = packet.bytes->view();
    return std::make_shared<const Bytes>(
        std::vector<std::uint8_t>(view.begin(), view.begin() + static_cast<std::ptrdiff_t>(length)));
}

SharedBytes damaged(const SharedBytes& bytes, std::mt19937& random) {
    std::vector<std::uint8_t> copy{bytes->view().begin(), bytes->view().end()};
    for (unsigned i = 0; i <= random() % 4; ++i)
        copy[random() % copy.size()] = static_cast<std::uint8_t>(random());
    return std::make_shared<const Bytes>(std::move(copy));
}

// Small, so that every length can be tried.
clips::Plan small_plan() {
    clips::Plan plan;
    plan.width = 128;
    plan.height = 96;
    plan.pictures = 4;
    plan.quality = 35;
    return plan;
}

}  // namespace

TEST_CASE("JPEG: cut off at any length it is an error and no crash") {
    JpegCodec codec{PictureMemory{}};
    for (const auto sampling : {clips::Sampling::s420, clips::Sampling::s422, clips::Sampling::grey}) {
        const auto packet = clips::jpeg(64, 48, sampling, 3, clips::counter(64, 48));
        const std::size_t whole = packet.bytes->size();
        for (std::size_t length = 0; length < whole; ++length) {
            const auto bytes = cut(packet, length);
            const auto picture = codec.decode(bytes->view(), 16, 12);
            // Without its end mark alone it is complete.
            if (length + 2 < whole) CHECK_FALSE(picture.ok());
        }
        const auto all = codec.decode(packet.bytes->view(), 16, 12);
        CHECK_MESSAGE(all.ok(), all.error().text());
    }
}

TEST_CASE("JPEG: random damage is an error or a picture of the size that was said, never a crash") {
    JpegCodec codec{PictureMemory{}};
    std::mt19937 random{7};
    const auto packet = clips::jpeg(160, 96, clips::Sampling::s420, 3, clips::counter(160, 96));
    for (int i = 0; i < 1500; ++i) {
        const auto bytes = damaged(packet.bytes, random);
        const auto picture = codec.decode(bytes->view(), 40, 24);
        if (picture.ok()) CHECK(picture.value().width > 0);
    }
}

TEST_CASE("JPEG: a picture whose header promises too much is refused before any memory is taken") {
    auto packet = clips::jpeg(64, 48, clips::Sampling::s420, 0, clips::counter(64, 48));
    std::vector<std::uint8_t> bytes{packet.bytes->view().begin(), packet.bytes->view().end()};
    for (std::size_t i = 0; i + 9 < bytes.size(); ++i) {
        if (bytes[i] != 0xFF || bytes[i + 1] != 0xC0) continue;
        bytes[i + 5] = bytes[i + 7] = 0xFF;  // 65 000 x 65 000
        bytes[i + 6] = bytes[i + 8] = 0x00;
        break;
    }
    PictureMemory memory;
    JpegCodec codec{memory};
    CHECK_FALSE(codec.size(bytes).ok());
    CHECK_FALSE(codec.decode(bytes, 64, 48).ok());
    CHECK(memory.totals().used_bytes + memory.totals().idle_bytes == 0);
}

TEST_CASE("JPEG: scaled while decoding to the smallest that fills the box") {
    JpegCodec codec{PictureMemory{}};
    const auto packet = clips::jpeg(1280, 720, clips::Sampling::s420, 9, clips::counter(1280, 720));
    for (const auto& [box, width] : {std::pair{0, 1280},
                                     {1280, 1280},
                                     {641, 640},
                                     {650, 1280},
                                     {320, 320},
                                     {200, 320},
                                     {160, 160},
                                     {1, 160}}) {
        const auto picture = codec.decode(packet.bytes->view(), box, (box * 9 + 8) / 16);
        REQUIRE(picture.ok());
        CHECK(picture.value().width == width);
        CHECK(picture.value().height == width * 9 / 16);
        CHECK(picture.value().source_width == 1280);
    }
}

TEST_CASE("H.264: key and following pictures cut off at any length do no harm, and the decoder goes on") {
    if (!clips::can_encode()) return;
    auto decoder = std::move(H264Decoder::open(PictureMemory{})).value();
    const auto clip = clips::h264(small_plan(), clips::counter(128, 96));
    std::vector<Picture> pictures;
    for (const std::size_t which : {std::size_t{0}, std::size_t{1}}) {
        for (std::size_t length = 0; length < clip[which].bytes->size(); ++length) {
            pictures.clear();
            if (which == 1) REQUIRE(decoder->decode(clip[0], true, pictures).ok());
            Packet packet = clip[which];
            packet.bytes = cut(clip[which], length);
            static_cast<void>(decoder->decode(packet, true, pictures));
            static_cast<void>(decoder->decode_alone(packet));
        }
    }
    pictures.clear();
    CHECK(decoder->decode(clip[0], true, pictures).ok());
    CHECK(pictures.size() == 1);
}

TEST_CASE("H.264: random damage of pictures and parameter sets does no harm, and the decoder goes on") {
    if (!clips::can_encode()) return;
    auto decoder = std::move(H264Decoder::open(PictureMemory{})).value();
    const auto clip = clips::h264(small_plan(), clips::counter(128, 96));
    std::mt19937 random{11};
    std::vector<Picture> pictures;
    for (int i = 0; i < 1000; ++i) {
        for (const Packet& one : clip) {
            pictures.clear();
            Packet packet = one;
            if (random() % 2 == 0) packet.bytes = damaged(packet.bytes, random);
            if (random() % 4 == 0) packet.parameters = damaged(packet.parameters, random);
            static_cast<void>(decoder->decode(packet, random() % 2 == 0, pictures));
            if (one.key) static_cast<void>(decoder->decode_alone(packet));
        }
    }
    CHECK(decoder->decode_alone(clip[0]).ok());
}

TEST_CASE("H.264: a picture outlives its decoder, and its memory goes back") {
    if (!clips::can_encode()) return;
    PictureMemory memory;
    std::vector<Picture> pictures;
    {
        auto decoder = std::move(H264Decoder::open(memory)).value();
        for (const Packet& packet : clips::h264(small_plan(), clips::counter(128, 96)))
            CHECK(decoder->decode(packet, true, pictures).ok());
    }
    CHECK(pictures.size() == 4);
    CHECK(memory.totals().used_bytes > 0);
    CHECK(pictures[3].planes[0].data[100 * 96 / 2] < 256);
    pictures.clear();
    CHECK(memory.totals().used_bytes == 0);
}

TEST_CASE("memory: a block is used again, and what waits is bounded and can be given back") {
    PictureMemory memory{100'000};
    const std::uint8_t* first = memory.take(50'000).get();
    CHECK(memory.take(50'000).get() == first);
    CHECK(reinterpret_cast<std::uintptr_t>(first) % PictureMemory::alignment == 0);
    {
        std::vector<std::shared_ptr<std::uint8_t>> held;
        for (int i = 0; i < 10; ++i)
            held.push_back(memory.take(40'000));
        CHECK(memory.totals().used_bytes >= 400'000);
    }
    CHECK(memory.totals().used_bytes == 0);
    CHECK(memory.totals().idle_bytes <= 100'000);
    memory.trim();
    CHECK(memory.totals().idle_bytes == 0);
    std::shared_ptr<std::uint8_t> survivor;
    {
        PictureMemory gone;
        survivor = gone.take(10);
    }
    survivor.get()[9] = 1;
}

TEST_CASE("memory: what a picture needs is there, whatever its sides") {
    PictureMemory memory;
    for (const int width : {1, 2, 15, 16, 17, 641}) {
        for (const int height : {1, 2, 9, 361}) {
            Picture picture;
            picture.width = width;
            picture.height = height;
            OpenPlanes planes = make_i420(width, height, memory);
            for (std::size_t i = 0; i < 3; ++i) {
                const int rows = i == 0 ? height : chroma_side(height);
                const int row_width = i == 0 ? width : chroma_side(width);
                for (int y = 0; y < rows; ++y)
                    std::fill_n(planes.data[i] + y * planes.stride[i], row_width,
                                static_cast<std::uint8_t>(100 + i));
            }
            close_planes(std::move(planes), picture);
            for (const int divisor : {1, 2, 4}) {
                const Picture small = shrink(picture, divisor, memory);
                CHECK(small.planes[0].data[0] == 100);
                CHECK(small.planes[1].data[0] == 101);
                CHECK(small.planes[2].data[(chroma_side(small.height) - 1) * small.planes[2].stride] == 102);
                std::vector<std::uint8_t> rgba(static_cast<std::size_t>(small.width * small.height * 4));
                write_rgba(small, rgba.data(), small.width * 4);
                CHECK(rgba.back() == 255);
            }
        }
    }
}
