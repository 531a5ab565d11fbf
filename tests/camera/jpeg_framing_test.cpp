#include "camera/jpeg_framing.hpp"

#include <doctest/doctest.h>

#include <random>

#include "jpeg_stream.hpp"

using namespace farmwall::camera;

namespace {

struct Read {
    std::vector<std::string> pictures;
    std::optional<JpegFraming::Wrong> wrong;
    friend bool operator==(const Read&, const Read&) = default;
};

// In pieces of the sizes that `next` gives.
template <class Next>
Read read_in_pieces(std::string_view bytes, Next next) {
    JpegFraming framing;
    std::vector<SharedBytes> pictures;
    while (!bytes.empty()) {
        const std::size_t size = std::min<std::size_t>(next(), bytes.size());
        const bool right = framing.read(bytes.substr(0, size), pictures);
        CHECK(right == !framing.wrong());
        bytes.remove_prefix(size);
    }
    Read read;
    for (const auto& picture : pictures) {
        read.pictures.emplace_back(reinterpret_cast<const char*>(picture->data()), picture->size());
        for (std::size_t i = 0; i < Bytes::padding; ++i)
            CHECK(picture->data()[picture->size() + i] == 0);
    }
    read.wrong = framing.wrong();
    return read;
}
Read read(std::string_view bytes) {
    return read_in_pieces(bytes, [] { return std::string::npos; });
}

}  // namespace

TEST_CASE("jpeg framing: pictures come out as they were sent, byte for byte") {
    const Read got = read(framed(some_jpeg(70'000)) + framed(some_jpeg(6)) + framed(some_jpeg(900, 'k')));
    CHECK_FALSE(got.wrong);
    CHECK((got.pictures == std::vector{some_jpeg(70'000), some_jpeg(6), some_jpeg(900, 'k')}));
}

TEST_CASE("jpeg framing: how the stream is cut into pieces makes no difference") {
    const std::string good = framed(some_jpeg(100)) + framed(some_jpeg(7)) + framed(some_jpeg(300, 'k'));
    std::mt19937 random{1};
    for (const std::string& stream : {good, good + jpeg_header(0), good + jpeg_header(50) + "no picture"}) {
        const Read whole = read(stream);
        CHECK((read_in_pieces(stream, [] { return 1UL; }) == whole));
        for (int i = 0; i < 300; ++i) {
            CHECK((read_in_pieces(stream, [&] { return 1 + random() % 90; }) == whole));
        }
    }
}

TEST_CASE("jpeg framing: a stream cut at any length gives the whole pictures before, and nothing wrong") {
    const std::string first = framed(some_jpeg(50));
    const std::string stream = first + framed(some_jpeg(20));
    for (std::size_t length = 0; length < stream.size(); ++length) {
        const Read got = read(stream.substr(0, length));
        CHECK_FALSE(got.wrong);
        CHECK(got.pictures.size() == (length >= first.size() ? 1 : 0));
    }
}

TEST_CASE("jpeg framing: a picture of no length or more than 10 MB is refused") {
    CHECK(read(jpeg_header(0)).wrong == JpegFraming::Wrong::length);
    CHECK(read(jpeg_header(10'000'001)).wrong == JpegFraming::Wrong::length);
    CHECK(read(jpeg_header(0xFFFFFFFF)).wrong == JpegFraming::Wrong::length);
    CHECK_FALSE(read(jpeg_header(10'000'000)).wrong);
}

TEST_CASE("jpeg framing: data that does not begin FF D8 is refused with its first wrong byte") {
    CHECK(read(jpeg_header(100) + "\xFE").wrong == JpegFraming::Wrong::data);
    CHECK(read(jpeg_header(100) + "\xFF\xD9").wrong == JpegFraming::Wrong::data);
    CHECK(read(jpeg_header(1) + "\xFF").wrong == JpegFraming::Wrong::data);
    CHECK_FALSE(read(jpeg_header(100) + "\xFF\xD8").wrong);
}

TEST_CASE("jpeg framing: the answer of a P2S to the login is no header of a picture") {
    const std::string record{"\x08\x00\x00\x00\x3f\x01\x03\x00\x00\x00\x00\x00\x00\x00\x00\x00", 16};
    CHECK(read(record).wrong == JpegFraming::Wrong::header);
}

TEST_CASE("jpeg framing: track and flags may be small numbers of any kind") {
    CHECK(read(jpeg_header(6, 1, 0) + some_jpeg(6)).pictures.size() == 1);
    CHECK(read(jpeg_header(6, 0, 0x10000)).wrong == JpegFraming::Wrong::header);
    CHECK(read(jpeg_header(6, 0, 1, 0x10000)).wrong == JpegFraming::Wrong::header);
}

TEST_CASE("jpeg framing: after something wrong nothing is believed any more") {
    JpegFraming framing;
    std::vector<SharedBytes> pictures;
    CHECK_FALSE(framing.read(jpeg_header(0), pictures));
    CHECK_FALSE(framing.read(framed(some_jpeg(50)), pictures));
    CHECK_FALSE(framing.read("", pictures));
    CHECK(pictures.empty());
}
