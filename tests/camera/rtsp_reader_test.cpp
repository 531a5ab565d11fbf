#include "camera/rtsp_reader.hpp"

#include <doctest/doctest.h>

#include <algorithm>
#include <random>

using namespace farmwall::camera;

namespace {

struct Read : RtspReader::Sink {
    std::vector<RtspMessage> messages;
    std::vector<std::pair<int, std::string>> frames;
    std::string order;  // 'm' and 'f'
    bool right = true;

    void rtsp_message(const RtspMessage& message) override {
        messages.push_back(message);
        order += 'm';
    }
    void rtsp_frame(std::uint8_t channel, std::string_view payload) override {
        frames.emplace_back(channel, payload);
        order += 'f';
    }
    bool operator==(const Read& other) const {
        return messages == other.messages && frames == other.frames && order == other.order &&
               right == other.right;
    }
};

template <class Next>
Read read_in_pieces(std::string_view bytes, Next next) {
    RtspReader reader;
    Read read;
    while (!bytes.empty()) {
        const std::size_t size = std::min<std::size_t>(next(), bytes.size());
        read.right = reader.read(bytes.substr(0, size), read);
        bytes.remove_prefix(size);
    }
    return read;
}
Read read(std::string_view bytes) {
    return read_in_pieces(bytes, [] { return std::string::npos; });
}

std::string frame(int channel, const std::string& payload) {
    std::string made{'$', static_cast<char>(channel)};
    made += static_cast<char>(payload.size() / 256);
    made += static_cast<char>(payload.size() % 256);
    return made + payload;
}

const std::string answer = "RTSP/1.0 200 OK\r\nCSeq: 2\r\nContent-Length: 5\r\n\r\nv=0\r\n";

}  // namespace

TEST_CASE("rtsp reader: an answer has its status, its headers in any case and its body") {
    const Read got = read(
        "RTSP/1.0 401 Unauthorized\r\ncseq:  7 \r\nWWW-Authenticate: Basic realm=\"x\"\r\n"
        "www-authenticate: Digest nonce=\"y\"\r\nContent-Length: 3\r\n\r\nabc");
    REQUIRE(got.messages.size() == 1);
    const RtspMessage& message = got.messages[0];
    CHECK(message.status == 401);
    CHECK(message.header("CSeq") == "7");
    CHECK(message.header("WWW-Authenticate") == "Basic realm=\"x\"");
    CHECK(message.headers.size() == 4);
    CHECK(message.header("Session").empty());
    CHECK(message.body == "abc");
}

TEST_CASE("rtsp reader: requests of the server, bare line feeds, lines that go on, empty lines between") {
    const Read got =
        read("\r\n\r\nOPTIONS rtsp://x/y z RTSP/1.0\nCSeq: 1\nLong: one\n  two\n\t three\n\n\r\n" + answer);
    REQUIRE(got.messages.size() == 2);
    CHECK(got.messages[0].status == 0);
    CHECK(got.messages[0].method == "OPTIONS");
    CHECK(got.messages[0].header("long") == "one two three");
    CHECK(got.messages[1].body == "v=0\r\n");
}

TEST_CASE("rtsp reader: frames come with their channel, between messages and in any number") {
    const Read got = read(frame(0, "one") + answer + frame(1, "") + frame(255, std::string(65535, 'x')));
    CHECK(got.order == "fmff");
    CHECK(got.frames[0] == std::pair{0, std::string{"one"}});
    CHECK(got.frames[1] == std::pair{1, std::string{}});
    CHECK((got.frames[2] == std::pair{255, std::string(65535, 'x')}));
}

TEST_CASE("rtsp reader: how the stream is cut into pieces makes no difference") {
    const std::string good = frame(0, "one\r\n\r\n") + answer + frame(1, "") + "\r\n" +
                             frame(2, std::string(300, '$')) + "SET_PARAMETER x RTSP/1.0\r\n\r\n" + answer +
                             frame(0, "$$$");
    std::mt19937 random{1};
    for (const std::string& stream : {good, good + "garbage", good + "RTSP/1.0 xyz\r\n\r\n" + good}) {
        const Read whole = read(stream);
        CHECK(whole.order.substr(0, 7) == "fmffmmf");
        CHECK((read_in_pieces(stream, [] { return 1UL; }) == whole));
        for (int i = 0; i < 300; ++i) {
            CHECK((read_in_pieces(stream, [&] { return 1 + random() % 60; }) == whole));
        }
    }
}

TEST_CASE("rtsp reader: a stream cut at any length gives what is complete, and nothing wrong") {
    const std::string stream = answer + frame(0, "payload") + answer;
    for (std::size_t length = 0; length < stream.size(); ++length) {
        const Read got = read(stream.substr(0, length));
        CHECK(got.right);
        CHECK(got.messages.size() == (length >= answer.size() ? 1 : 0));
        CHECK(got.frames.size() == (length >= answer.size() + 11 ? 1 : 0));
    }
}

TEST_CASE("rtsp reader: garbage is an error, and after it nothing is believed") {
    for (const std::string& garbage :
         {std::string{"220 hello\r\n"}, std::string{"\x16\x03\x01"}, std::string{"rtsp/1.0 200 OK\r\n\r\n"},
          std::string{"HTTP/1.1 200 OK\r\n\r\n"}, std::string{"RTSP/1.0\r\n\r\n"},
          std::string{"RTSP/1.0 2000 OK\r\n\r\n"}, std::string{"RTSP/1.0 OK\r\n\r\n"},
          std::string{"RTSP/1.0 200 O\0K", 16}, std::string{"RTSP/2.0 200 OK\r\n\r\n"},
          std::string{"OPTIONS RTSP/1.0\r\n\r\n"}}) {
        CAPTURE(garbage);
        RtspReader reader;
        Read got;
        CHECK_FALSE(reader.read(garbage, got));
        CHECK_FALSE(reader.read(answer, got));
        CHECK(got.messages.empty());
    }
}

TEST_CASE("rtsp reader: a head is bounded by 16 KiB and a body by 64 KiB") {
    const auto with_head = [](std::size_t size) {
        const std::string begin = "RTSP/1.0 200 OK\r\nX: ";
        return begin + std::string(size - begin.size() - 4, 'x') + "\r\n\r\n";
    };
    CHECK(read(with_head(16 * 1024)).messages.size() == 1);
    CHECK_FALSE(read(with_head(16 * 1024 + 1)).right);
    CHECK_FALSE(read_in_pieces(with_head(20 * 1024), [] { return 100UL; }).right);
    CHECK_FALSE(read(std::string(17 * 1024, 'X')).right);
    const auto with_body = [](const std::string& size) {
        return read("RTSP/1.0 200 OK\r\nContent-Length: " + size + "\r\n\r\n");
    };
    CHECK(with_body("65536").right);
    for (const char* wrong : {"65537", "-1", "x", "99999999999999999999"})
        CHECK_FALSE(with_body(wrong).right);
}
